/** The cloud's clock: real time plus what `clock advance` has added. */
/** The setting that keeps the offset, in milliseconds. */
export const CLOCK_OFFSET = 'clock-offset';

export class Clock {
  readonly #realNow: () => number;
  #offset = 0;

  /** @param realNow milliseconds since the epoch */
  constructor(realNow: () => number) {
    this.#realNow = realNow;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#realNow() + this.#offset;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Only ever forward. */
  setOffset(millis: number): void {
    this.#offset = Math.max(this.#offset, millis);
  }
}
