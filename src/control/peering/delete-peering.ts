/** The end of a peering connection. */
import { awsError } from '../../model/error.ts';
import type { PeeringConnection } from '../../model/peering/peering-connection.ts';
import type { Scope } from '../scope.ts';
import { dropTags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { findPeering } from './find-peering.ts';
import { movePeering } from './move-peering.ts';

/** AWS's usual time until a deleted connection is gone, in seconds. */
const DELETION_SECONDS = 3;

/**
 * Either owner ends an active connection, the requester alone a pending one (B-016). Traffic stops
 * at once; routes to it stay and are blackholes (B-045).
 * @throws AwsError the errors of findPeering, OperationNotPermitted, InvalidStateTransition
 */
export function deletePeering(tx: Transaction, scope: Scope, id: string): PeeringConnection {
  const connection = findPeering(tx, scope, id, tx.now);
  const { requester, status } = connection;
  if (status === 'pending-acceptance' && requester.account !== scope.account) {
    const message = `User ${scope.account} cannot delete peering ${id}: reject it instead.`;
    throw awsError('OperationNotPermitted', message);
  }
  return endPeering(tx, connection, scope.account);
}

/** Deletes a connection in the name of an account. */
export function endPeering(
  tx: Transaction,
  connection: PeeringConnection,
  deletedBy: string,
): PeeringConnection {
  const deleting = movePeering(tx, connection, 'delete', { deletedBy });
  tx.settle('peering.finish', connection.id, DELETION_SECONDS);
  return deleting;
}

export const deletionEvents: Record<string, TimedEvent> = {
  'peering.finish': (tx, id) => {
    const connection = tx.get('vpc-peering-connection', id);
    if (connection?.status === 'deleting') movePeering(tx, connection, 'finish');
  },
  /** The last side's window has ended (B-014): nothing is left but routes, which are blackholes. */
  'peering.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete('vpc-peering-connection', id);
  },
};
