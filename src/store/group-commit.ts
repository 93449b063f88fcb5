/**
 * Group commit: what is committed while a write is under way waits and becomes the next write, so
 * that any number of commits share one fsync. Knows nothing of what it writes to.
 */
import type { Row } from './row.ts';
import { StoreError } from './store.ts';

/** Characters of JSON that may wait for the disk; one commit alone may be larger. */
export const WAITING_CHARACTERS_MAX = 256 * 1024 * 1024;

/**
 * Turns of the event loop that a write waits for callers, as many as the last one had. They call
 * again as soon as they are answered: without the wait the first of them would get a write, and a
 * sync, of its own each time.
 */
const GATHERING_TURNS = 100;

/** Writes rows atomically; resolves when they are on disk. */
export type WriteRows = (rows: readonly Row[]) => Promise<void>;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: StoreError) => void;
}

export class GroupCommit {
  readonly #write: WriteRows;
  readonly #waitingCharactersMax: number;
  #rows: Row[] = [];
  #waiters: Waiter[] = [];
  #characters = 0;
  /** How many the last write answered. */
  #callers = 0;
  #running = false;
  #failure: StoreError | undefined;

  constructor(write: WriteRows, waitingCharactersMax: number = WAITING_CHARACTERS_MAX) {
    this.#write = write;
    this.#waitingCharactersMax = waitingCharactersMax;
  }

  /** Resolves when the rows, and all committed before them, are on disk. */
  commit(rows: readonly Row[]): Promise<void> {
    const size = charactersOf(rows);
    if (this.#waiters.length > 0 && this.#characters + size > this.#waitingCharactersMax) {
      this.fail(new StoreError('Overloaded', 'the disk does not keep up with what is committed'));
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#characters += size;
    for (const row of rows) this.#rows.push(row);
    const done = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    if (!this.#running) void this.#run();
    return done;
  }

  /** Refuses everything from now on, what is waiting included; the first failure stays. */
  fail(error: StoreError): void {
    this.#failure ??= error;
    for (const waiter of this.#take().waiters) waiter.reject(this.#failure);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiters.length > 0) {
      await this.#gather();
      const { rows, waiters } = this.#take();
      this.#callers = waiters.length;
      try {
        await this.#write(rows);
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        const failure = error as StoreError;
        for (const waiter of waiters) waiter.reject(failure);
        this.fail(failure);
      }
    }
    this.#running = false;
  }

  async #gather(): Promise<void> {
    for (let turn = 0; turn < GATHERING_TURNS; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#waiters.length >= this.#callers) return;
    }
  }

  #take(): { rows: readonly Row[]; waiters: readonly Waiter[] } {
    const taken = { rows: this.#rows, waiters: this.#waiters };
    this.#rows = [];
    this.#waiters = [];
    this.#characters = 0;
    return taken;
  }
}

function charactersOf(rows: readonly Row[]): number {
  return rows.reduce(
    (sum, [kind, id, json]) => sum + kind.length + id.length + (json?.length ?? 0),
    0,
  );
}
