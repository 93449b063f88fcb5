/**
 * Where AWS is free to choose, every choice is right: a question has as many answers as there are
 * ways to choose. They are tried one after the other.
 */
export type Choose = <T>(candidates: readonly T[]) => T;

/** Choices of one trial, of which each may go through all its candidates. */
const TRIALS_MAX = 64;

/** Each outcome that `trial` may have, the first one first. */
export function* everyOutcome<T>(trial: (choose: Choose) => T): Generator<T> {
  let plan: number[] = [];
  for (let count = 0; count < TRIALS_MAX; count++) {
    const taken: number[] = [];
    const left: number[] = [];
    yield trial((candidates) => {
      const index = plan[taken.length] ?? 0;
      taken.push(index);
      left.push(candidates.length - 1 - index);
      return candidates[index]!;
    });
    const last = left.findLastIndex((more) => more > 0);
    if (last === -1) return;
    plan = [...taken.slice(0, last), taken[last]! + 1];
  }
}
