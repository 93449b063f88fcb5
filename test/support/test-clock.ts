/** Real time of a test's own: it stands still until the test lets some pass. */

interface TestTimer {
  readonly at: number;
  readonly callback: () => void;
}

/** More timers than any test has: something arms itself again and again. */
const TIMERS_MAX = 100_000;

export class TestClock {
  /** Milliseconds since the test began. */
  now = 0;
  readonly #timers = new Set<TestTimer>();

  readonly setTimer = (millis: number, callback: () => void): (() => void) => {
    const timer = { at: this.now + millis, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Everything that becomes due happens in order, each at its own time. */
  pass(millis: number): void {
    const end = this.now + millis;
    for (let count = 0; ; count++) {
      if (count > TIMERS_MAX) throw new Error(`timers do not end within ${millis} ms`);
      const next = this.#next();
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.now = next.at;
      next.callback();
    }
    this.now = end;
  }

  #next(): TestTimer | undefined {
    let first: TestTimer | undefined;
    for (const timer of this.#timers) if (!first || timer.at < first.at) first = timer;
    return first;
  }
}
