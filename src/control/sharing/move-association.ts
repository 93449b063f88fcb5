import { ENDED_SHARING_MILLIS } from '../../model/limits.ts';
import type { ResourceShareAssociation } from '../../model/sharing/resource-share.ts';
import { type AssociationEvent, associationMachine } from '../../model/sharing/sharing-states.ts';
import { transition } from '../../model/state-machine.ts';
import type { Transaction } from '../transaction.ts';

/**
 * The only way an association's status changes. `why` is told beside the new one.
 * @throws AwsError InvalidStateTransitionException
 */
export function moveAssociation(
  tx: Transaction,
  association: ResourceShareAssociation,
  event: AssociationEvent,
  why?: string,
): ResourceShareAssociation {
  const { id, entity, statusMessage: _, ...rest } = association;
  const status = transition(associationMachine, association.status, event, entity);
  tx.unschedule(id);
  if (status === 'DISASSOCIATED') {
    tx.schedule('resource-share-association.forget', id, tx.now + ENDED_SHARING_MILLIS);
  }
  const said = why === undefined ? {} : { statusMessage: why };
  const moved = { ...rest, id, entity, status, lastUpdatedTime: tx.now, ...said };
  return tx.put('resource-share-association', moved);
}

export function forgetAssociation(tx: Transaction, { id }: ResourceShareAssociation): void {
  tx.unschedule(id);
  tx.delete('resource-share-association', id);
}
