/** The only writer of a peering connection's status. */
import type { PeeringConnection } from '../../model/peering/peering-connection.ts';
import { type PeeringEvent, peeringMachine } from '../../model/peering/peering-states.ts';
import { forgottenAt } from '../../model/peering/peering-visibility.ts';
import { isTerminal, transition } from '../../model/state-machine.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Moves a connection on. Whatever was due for its old status no longer is; an ended connection is
 * forgotten once no side sees it any more (B-014).
 * @throws AwsError InvalidStateTransition
 */
export function movePeering(
  tx: Transaction,
  connection: PeeringConnection,
  event: PeeringEvent,
  members: Partial<PeeringConnection> = {},
): PeeringConnection {
  const { id, expirationTime, ...rest } = connection;
  const status = transition(peeringMachine, connection.status, event, id);
  const ended = isTerminal(peeringMachine, status);
  const moved = tx.put('vpc-peering-connection', {
    ...rest,
    // B-007: what was accepted no longer expires.
    ...(expirationTime === undefined || event === 'accept' ? {} : { expirationTime }),
    ...(ended ? { endedAt: tx.now } : {}),
    ...members,
    id,
    status,
  });
  tx.unschedule(id);
  const forgotten = forgottenAt(moved);
  if (forgotten !== undefined) tx.schedule('peering.forget', id, forgotten);
  return moved;
}
