/** Real time of a lab, which passes when it is told to: BGP runs on it, the cloud's clock does not. */

/** Longer than BGP holds a silent session (H-078), and long enough to begin anew after that. */
const SETTLED_MILLIS = 120_000;

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

export class SimulatedTime {
  #millis = 0;
  readonly #waiting = new Set<Waiting>();

  readonly micros = (): number => this.#millis * 1000;

  readonly setTimer = (millis: number, callback: () => void): (() => void) => {
    const waiting = { at: this.#millis + millis, callback };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  };

  /** Lets every session end that will, and come up that can. */
  settle(): void {
    this.pass(SETTLED_MILLIS);
  }

  pass(millis: number): void {
    const end = this.#millis + millis;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#waiting.delete(next);
      this.#millis = Math.max(this.#millis, next.at);
      next.callback();
    }
    this.#millis = end;
  }

  #next(end: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const one of this.#waiting) {
      if (one.at <= end && (first === undefined || one.at < first.at)) first = one;
    }
    return first;
  }
}
