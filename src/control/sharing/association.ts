/** How principals and resources come to a share, and how they leave it. */
import type { Kind } from '../../model/schema.ts';
import {
  type AssociationType,
  associationId,
  isCurrent,
  type ResourceShare,
  type ResourceShareAssociation,
} from '../../model/sharing/resource-share.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { invite, withdrawInvitation } from './invitation.ts';
import { forgetAssociation, moveAssociation } from './move-association.ts';

/** AWS's usual time for an association to come or go, in seconds. */
const SETTLE_SECONDS = 5;

export interface Entity {
  readonly type: AssociationType;
  /** An account, or the ARN of a resource. */
  readonly entity: string;
  readonly resource?: { readonly kind: Kind; readonly id: string };
}

/**
 * Joins an entity to a share; one that is there stays as it is. A principal is invited.
 * @throws AwsError InvalidStateTransitionException while it is leaving
 */
export function associate(
  tx: Transaction,
  share: ResourceShare,
  entity: Entity,
): ResourceShareAssociation {
  const begun = begin(tx, share, entity);
  if (begun === undefined) return tx.get('resource-share-association', idOf(share, entity))!;
  if (entity.type === 'PRINCIPAL') invite(tx, begun);
  else tx.settle('resource-share-association.settle', begun.id, SETTLE_SECONDS);
  return begun;
}

/** The association at its beginning; undefined where there is one already. */
function begin(
  tx: Transaction,
  share: ResourceShare,
  entity: Entity,
): ResourceShareAssociation | undefined {
  const id = idOf(share, entity);
  const earlier = tx.get('resource-share-association', id);
  if (earlier !== undefined) {
    return isCurrent(earlier) ? undefined : moveAssociation(tx, earlier, 'begin');
  }
  const { account, region } = share;
  return tx.put('resource-share-association', {
    id,
    account,
    region,
    shareId: share.id,
    ...entity,
    status: 'ASSOCIATING',
    creationTime: tx.now,
    lastUpdatedTime: tx.now,
  });
}

function idOf(share: ResourceShare, { type, entity }: Entity): string {
  return associationId(share.id, type, entity);
}

/** Takes an entity out of its share. @throws AwsError InvalidStateTransitionException */
export function disassociate(
  tx: Transaction,
  association: ResourceShareAssociation,
): ResourceShareAssociation {
  if (association.type === 'PRINCIPAL') withdrawInvitation(tx, association);
  const left = moveAssociation(tx, association, 'disassociate');
  if (left.status === 'DISASSOCIATING') {
    tx.settle('resource-share-association.settle', left.id, SETTLE_SECONDS);
  }
  return left;
}

/** Takes a resource that ceases to exist out of every share. */
export function disassociateResource(tx: Transaction, resourceId: string): void {
  for (const association of [...tx.by('resource-share-association', 'resource', resourceId)]) {
    moveAssociation(tx, association, 'vanish');
  }
}

export const associationEvents: Readonly<Record<string, TimedEvent>> = {
  'resource-share-association.settle': (tx, id) => {
    const association = tx.get('resource-share-association', id);
    if (association?.status === 'DISASSOCIATING') moveAssociation(tx, association, 'finish');
    // A principal's waits for an answer.
    if (association?.status !== 'ASSOCIATING' || association.type === 'PRINCIPAL') return;
    moveAssociation(tx, association, 'associate');
  },
  'resource-share-association.forget': (tx, id) => {
    const association = tx.get('resource-share-association', id);
    if (association?.status === 'DISASSOCIATED') forgetAssociation(tx, association);
  },
};
