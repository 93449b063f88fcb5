import type { Transaction } from './transaction.ts';

/** Runs in a transaction of its own. The target may be gone by then: that is no error. */
export type TimedEvent = (tx: Transaction, target: string) => void;
