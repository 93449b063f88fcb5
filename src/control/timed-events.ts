/** What timers do: one row an event, named RESOURCE.EVENT. */
import { peeringEvents } from './peering/peering.ts';
import type { Transaction } from './transaction.ts';
import { vpcEvents } from './vpc/vpc.ts';

/** Runs in a transaction of its own. The target may be gone by then: that is no error. */
export type TimedEvent = (tx: Transaction, target: string) => void;

export const TIMED_EVENTS: Readonly<Record<string, TimedEvent>> = {
  ...vpcEvents,
  ...peeringEvents,
};
