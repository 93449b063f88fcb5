/**
 * Where AWS is free to choose, every choice is right: a question has as many answers as there are
 * ways to choose. They are tried one after the other, the least different from the first soonest.
 */
export type Choose = <T>(candidates: readonly T[]) => T;

/** A flow that runs in circles chooses anew each time: not all of those ways matter. */
const TRIALS_MAX = 256;

/** Each outcome that `trial` may have. */
export function* everyOutcome<T>(trial: (choose: Choose) => T): Generator<T> {
  /** What to choose at first; from then on the first candidate. */
  const plans: (readonly number[])[] = [[]];
  for (let count = 0; count < TRIALS_MAX; count++) {
    const plan = plans.shift();
    if (plan === undefined) return;
    const taken: number[] = [];
    yield trial((candidates) => {
      const place = taken.length;
      const index = plan[place] ?? 0;
      if (place >= plan.length) {
        for (let other = 1; other < candidates.length; other++) plans.push([...taken, other]);
      }
      taken.push(index);
      return candidates[index]!;
    });
  }
}
