/** What the rest of control needs of Direct Connect. */
import type { TimedEvent } from '../timed-event.ts';
import { associationEvents } from './association-life.ts';
import { connectionEvents } from './connection-life.ts';
import { failoverTestEvents } from './failover-test.ts';
import { gatewayEvents } from './gateway.ts';
import { interfaceEvents } from './interface-life.ts';
import { proposalEvents } from './proposal.ts';

/** What happens to Direct Connect by itself. */
export const directConnectEvents: Record<string, TimedEvent> = {
  ...connectionEvents,
  ...interfaceEvents,
  ...gatewayEvents,
  ...associationEvents,
  ...proposalEvents,
  ...failoverTestEvents,
};
