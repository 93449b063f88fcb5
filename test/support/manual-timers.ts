/** Time that stands still until a test moves it on. */

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

export class ManualTimers {
  readonly #timers = new Set<Timer>();
  #millis = 0;

  readonly micros = (): number => this.#millis * 1000;

  readonly setTimer = (millis: number, callback: () => void): (() => void) => {
    const timer = { due: this.#millis + millis, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Lets happen what is due by then, each at its own time. */
  advance(seconds: number): void {
    const end = this.#millis + seconds * 1000;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#millis = Math.max(this.#millis, next.due);
      next.callback();
    }
    this.#millis = end;
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.due <= end);
    return due.toSorted((a, b) => a.due - b.due)[0];
  }
}
