/** Which table routes what comes in by an attachment (C-051, C-056). */
import { awsError } from '../../model/error.ts';
import { transition } from '../../model/state-machine.ts';
import type { TransitGatewayAttachment } from '../../model/transit-gateway/attachment.ts';
import { transitGatewayPolicyTableAssociationId } from '../../model/transit-gateway/policy-table.ts';
import {
  type TransitGatewayAssociation,
  transitGatewayAssociationId,
  transitGatewayAssociationMachine,
} from '../../model/transit-gateway/route-table.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { attachmentOf, availableTable, readyAttachmentOf } from './find.ts';

const KIND = 'transit-gateway-route-table-association';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { associate: 20, disassociate: 20 } as const;

/** A table and what may be joined to it. */
export interface Joint {
  readonly routeTableId: string;
  readonly attachmentId: string;
}

/**
 * @throws AwsError the Malformed and NotFound errors of tables and attachments, IncorrectState,
 *   Resource.AlreadyAssociated (C-051)
 */
export function associateTransitGatewayRouteTable(
  tx: Transaction,
  scope: Scope,
  { routeTableId, attachmentId }: Joint,
): TransitGatewayAssociation {
  const table = availableTable(tx, scope, routeTableId);
  const { transitGatewayId } = table;
  const attachment = readyAttachmentOf(tx, transitGatewayId, attachmentId);
  checkUnassociated(tx, transitGatewayId, attachmentId);
  const association = putAssociation(tx, transitGatewayId, routeTableId, attachment);
  tx.settle('transit-gateway-association.provision', association.id, USUAL_SECONDS.associate);
  return association;
}

/** @throws AwsError Resource.AlreadyAssociated with a table of either kind */
export function checkUnassociated(
  tx: Transaction,
  transitGatewayId: string,
  attachmentId: string,
): void {
  const policyId = transitGatewayPolicyTableAssociationId(transitGatewayId, attachmentId);
  const isOfPolicy = tx.get('transit-gateway-policy-table-association', policyId) !== undefined;
  const id = transitGatewayAssociationId(transitGatewayId, attachmentId);
  if (!isOfPolicy && tx.get(KIND, id) === undefined) return;
  const table = isOfPolicy ? 'policy table' : 'route table';
  const message = `Transit Gateway Attachment ${attachmentId} is already associated to a ${table}.`;
  throw awsError('Resource.AlreadyAssociated', message);
}

/** Writes an association, `associating`; whoever calls sees to it that it is provisioned. */
export function putAssociation(
  tx: Transaction,
  transitGatewayId: string,
  routeTableId: string,
  { id: attachmentId }: TransitGatewayAttachment,
): TransitGatewayAssociation {
  const id = transitGatewayAssociationId(transitGatewayId, attachmentId);
  const place = { transitGatewayId, routeTableId, attachmentId };
  return tx.put(KIND, { id, ...place, state: 'associating' });
}

/**
 * @throws AwsError the Malformed and NotFound errors of tables and attachments,
 *   InvalidParameterValue (C-057), IncorrectState
 */
export function disassociateTransitGatewayRouteTable(
  tx: Transaction,
  scope: Scope,
  { routeTableId, attachmentId }: Joint,
): TransitGatewayAssociation {
  const { transitGatewayId } = availableTable(tx, scope, routeTableId);
  attachmentOf(tx, transitGatewayId, attachmentId);
  const association = tx.get(KIND, transitGatewayAssociationId(transitGatewayId, attachmentId));
  if (association?.routeTableId !== routeTableId) {
    const message = `Transit Gateway Attachment ${attachmentId} is not associated to`;
    throw awsError('InvalidParameterValue', `${message} ${routeTableId}.`);
  }
  const disassociating = moveAssociation(tx, association, 'disassociate');
  tx.settle('transit-gateway-association.finish', association.id, USUAL_SECONDS.disassociate);
  return disassociating;
}

/** What was asked for with the attachment is there as soon as the attachment is. */
export function provisionAssociations(tx: Transaction, attachmentId: string): void {
  for (const association of tx.by(KIND, 'attachment', attachmentId)) {
    if (association.state === 'associating') moveAssociation(tx, association, 'provision');
  }
}

/** The attachment is on its way out: nothing that comes in by it is routed any more. */
export function endAssociations(tx: Transaction, attachmentId: string): void {
  for (const association of tx.by(KIND, 'attachment', attachmentId)) {
    if (association.state === 'associated') moveAssociation(tx, association, 'disassociate');
    else tx.unschedule(association.id);
  }
}

/** Nothing is left of the attachment. */
export function removeAssociations(tx: Transaction, attachmentId: string): void {
  for (const { id } of tx.by(KIND, 'attachment', attachmentId)) {
    tx.unschedule(id);
    tx.delete(KIND, id);
  }
}

/** The only writer of an association's state. */
function moveAssociation(
  tx: Transaction,
  association: TransitGatewayAssociation,
  event: 'provision' | 'disassociate',
): TransitGatewayAssociation {
  const { attachmentId, state } = association;
  tx.unschedule(association.id);
  return tx.update(KIND, association, {
    state: transition(transitGatewayAssociationMachine, state, event, attachmentId),
  });
}

export const associationEvents: Record<string, TimedEvent> = {
  'transit-gateway-association.provision': (tx, id) => {
    const association = tx.get(KIND, id);
    if (association?.state === 'associating') moveAssociation(tx, association, 'provision');
  },
  'transit-gateway-association.finish': (tx, id) => {
    if (tx.get(KIND, id)?.state === 'disassociating') tx.delete(KIND, id);
  },
};
