/** How Terraform's provider waits after a call: it reads until a state is as it wants it. */
import type { TestCloud } from './test-cloud.ts';

/** What a read answers for what is not there, or shown as `deleted` where that means the same. */
export const GONE = 'gone';

export type Read = () => Promise<string | undefined>;

/** Between two reads, milliseconds of the cloud's clock. */
const POLL_MILLIS = 10;
const POLLS_MAX = 100;

/**
 * Reads until the state is the wanted one.
 * @returns each state on the way and that one; a waiter names those that may come before, so they
 *   are worth comparing
 */
export async function statesUntil(cloud: TestCloud, wanted: string, read: Read): Promise<string[]> {
  const seen: string[] = [];
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const state = (await read()) ?? GONE;
    if (seen.at(-1) !== state) seen.push(state);
    if (state === wanted) return seen;
    await cloud.advance(POLL_MILLIS);
  }
  throw new Error(`not '${wanted}' after ${POLLS_MAX} reads, but ${seen.join(', ')}`);
}

/** A read of something that is gone when AWS says so by this code, or shows it as `deleted`. */
export function goneBy(code: string, read: Read): Read {
  return async () => {
    try {
      const state = await read();
      return state === 'deleted' ? GONE : state;
    } catch (error) {
      if ((error as Error).name === code) return GONE;
      throw error;
    }
  };
}
