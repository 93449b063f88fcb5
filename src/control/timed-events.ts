/** What timers do: one row an event, named RESOURCE.EVENT. */
import { peeringEvents } from './peering/peering.ts';
import type { Transaction } from './transaction.ts';
import { instanceEvents } from './vpc/instance-state.ts';
import { attachmentEvents } from './vpc/interface-attachment.ts';
import { networkInterfaceEvents } from './vpc/network-interface.ts';
import { subnetEvents } from './vpc/subnet.ts';
import { subnetCidrEvents } from './vpc/subnet-cidr.ts';
import { vpcEvents } from './vpc/vpc.ts';
import { vpcCidrEvents } from './vpc/vpc-cidr.ts';

/** Runs in a transaction of its own. The target may be gone by then: that is no error. */
export type TimedEvent = (tx: Transaction, target: string) => void;

export const TIMED_EVENTS: Readonly<Record<string, TimedEvent>> = {
  ...vpcEvents,
  ...vpcCidrEvents,
  ...subnetEvents,
  ...subnetCidrEvents,
  ...peeringEvents,
  ...networkInterfaceEvents,
  ...attachmentEvents,
  ...instanceEvents,
};
