/** Who sees a peering connection that has ended, and for how long (B-010 to B-014). */
import { PEERING_WINDOW } from '../limits.ts';
import { isTerminal } from '../state-machine.ts';
import { type PeeringConnection, type SideName, sideOf } from './peering-connection.ts';
import { peeringMachine } from './peering-states.ts';

const { short: SHORT, long: LONG } = PEERING_WINDOW;

/** How long a side still sees a connection once its status is terminal, in milliseconds. */
export function visibleMillis(connection: PeeringConnection, side: SideName): number {
  const { requester, accepter, status, deletedBy } = connection;
  const sameAccount = requester.account === accepter.account;
  switch (status) {
    case 'failed': // B-010
      return side === 'requester' ? SHORT : 0;
    case 'expired': // B-011
      return LONG;
    case 'rejected': // B-012
      return side === 'requester' && !sameAccount ? LONG : SHORT;
    case 'deleted': // B-013
      return connection[side].account === deletedBy || sameAccount ? SHORT : LONG;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** Whether a side may see it at a time (ms); a request not yet delivered is its maker's alone. */
export function isVisibleTo(connection: PeeringConnection, side: SideName, now: number): boolean {
  if (connection.status === 'initiating-request') return side === 'requester';
  if (connection.endedAt === undefined) return true;
  return now < connection.endedAt + visibleMillis(connection, side);
}

/** The connection as an account in a Region may see it at a time (ms), or not. */
export function isVisibleIn(
  connection: PeeringConnection,
  scope: { readonly account: string; readonly region: string },
  now: number,
): boolean {
  const side = sideOf(connection, scope);
  return side !== undefined && isVisibleTo(connection, side, now);
}

/** When the last side loses sight of an ended connection (ms); undefined while it lives. */
export function forgottenAt(connection: PeeringConnection): number | undefined {
  if (!isTerminal(peeringMachine, connection.status)) return undefined;
  const longest = Math.max(
    visibleMillis(connection, 'requester'),
    visibleMillis(connection, 'accepter'),
  );
  return (connection.endedAt ?? 0) + longest;
}
