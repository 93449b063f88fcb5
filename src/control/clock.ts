/** The cloud's clock: real time plus what `clock advance` has added. */
import { awsError } from '../model/error.ts';

/**
 * What the clock may read at most, in milliseconds since the epoch: the year 9000. What lies ahead
 * of it, such as the end of a request, still has a year of four digits, as ISO 8601 writes it.
 */
export const CLOCK_MAX = Date.UTC(9000, 0, 1);

/** Refuses to let the clock read `millis`, when that is too late. @throws AwsError */
export function checkTime(millis: number): void {
  if (millis <= CLOCK_MAX) return;
  const latest = new Date(CLOCK_MAX).toISOString();
  throw awsError('InvalidParameterValue', `The clock goes no further than ${latest}.`);
}

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
