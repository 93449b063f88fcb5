/** Which tables an attachment fills with its routes (C-054, C-056). */
import { awsError } from '../../model/error.ts';
import { transition } from '../../model/state-machine.ts';
import type { TransitGatewayAttachment } from '../../model/transit-gateway/attachment.ts';
import { traitsOf } from '../../model/transit-gateway/attachment-traits.ts';
import {
  type TransitGatewayPropagation,
  transitGatewayPropagationId,
  transitGatewayPropagationMachine,
} from '../../model/transit-gateway/route-table.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import type { Joint } from './association.ts';
import { attachmentOf, availableTable, readyAttachmentOf } from './find.ts';
import { propagate } from './propagate.ts';

const KIND = 'transit-gateway-route-table-propagation';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { enable: 5, disable: 5 } as const;

/**
 * @throws AwsError the Malformed and NotFound errors of tables and attachments, IncorrectState,
 *   UnsupportedOperation for an attachment that has nothing to propagate (C-061, C-086),
 *   TransitGatewayRouteTablePropagation.Duplicate (C-054)
 */
export function enablePropagation(
  tx: Transaction,
  scope: Scope,
  { routeTableId, attachmentId }: Joint,
): TransitGatewayPropagation {
  const { transitGatewayId } = availableTable(tx, scope, routeTableId);
  const attachment = readyAttachmentOf(tx, transitGatewayId, attachmentId);
  if (!traitsOf(attachment).propagates) {
    const kind = `a ${attachment.resourceType} attachment`;
    const message = `${attachmentId} is ${kind}, which does not propagate routes.`;
    throw awsError('UnsupportedOperation', message);
  }
  if (tx.get(KIND, transitGatewayPropagationId(routeTableId, attachmentId)) !== undefined) {
    const what = `Propagation ${attachmentId} already exists`;
    const message = `${what} in Transit Gateway Route Table ${routeTableId}.`;
    throw awsError('TransitGatewayRouteTablePropagation.Duplicate', message);
  }
  const propagation = putPropagation(tx, transitGatewayId, routeTableId, attachment);
  tx.settle('transit-gateway-propagation.provision', propagation.id, USUAL_SECONDS.enable);
  return propagation;
}

/** Writes a propagation, `enabling`; whoever calls sees to it that it is provisioned. */
export function putPropagation(
  tx: Transaction,
  transitGatewayId: string,
  routeTableId: string,
  { id: attachmentId }: TransitGatewayAttachment,
): TransitGatewayPropagation {
  const id = transitGatewayPropagationId(routeTableId, attachmentId);
  const place = { transitGatewayId, routeTableId, attachmentId };
  return tx.put(KIND, { id, ...place, state: 'enabling' });
}

/**
 * @throws AwsError the Malformed and NotFound errors of tables and attachments,
 *   InvalidParameterValue (C-057), IncorrectState
 */
export function disablePropagation(
  tx: Transaction,
  scope: Scope,
  { routeTableId, attachmentId }: Joint,
): TransitGatewayPropagation {
  const { transitGatewayId } = availableTable(tx, scope, routeTableId);
  attachmentOf(tx, transitGatewayId, attachmentId);
  const propagation = tx.get(KIND, transitGatewayPropagationId(routeTableId, attachmentId));
  if (propagation === undefined) {
    const message = `Transit Gateway Attachment ${attachmentId} does not propagate to`;
    throw awsError('InvalidParameterValue', `${message} ${routeTableId}.`);
  }
  const disabling = movePropagation(tx, propagation, 'disable');
  tx.settle('transit-gateway-propagation.finish', propagation.id, USUAL_SECONDS.disable);
  return disabling;
}

/** What was asked for with the attachment is there as soon as the attachment is. */
export function provisionPropagations(tx: Transaction, attachmentId: string): void {
  for (const propagation of tx.by(KIND, 'attachment', attachmentId)) {
    if (propagation.state === 'enabling') movePropagation(tx, propagation, 'provision');
  }
}

/** The attachment is on its way out: its routes are withdrawn. */
export function endPropagations(tx: Transaction, attachmentId: string): void {
  for (const propagation of tx.by(KIND, 'attachment', attachmentId)) {
    if (propagation.state === 'enabled') movePropagation(tx, propagation, 'disable');
    else tx.unschedule(propagation.id);
  }
}

/** C-043: nothing is left of the attachment. */
export function removePropagations(tx: Transaction, attachmentId: string): void {
  for (const { id } of tx.by(KIND, 'attachment', attachmentId)) {
    tx.unschedule(id);
    tx.delete(KIND, id);
  }
}

/** The only writer of a propagation's state; the routes follow at once. */
function movePropagation(
  tx: Transaction,
  propagation: TransitGatewayPropagation,
  event: 'provision' | 'disable',
): TransitGatewayPropagation {
  const { id, attachmentId } = propagation;
  const state = transition(
    transitGatewayPropagationMachine,
    propagation.state,
    event,
    attachmentId,
  );
  tx.unschedule(id);
  const moved = tx.update(KIND, propagation, { state });
  const attachment = tx.get('transit-gateway-attachment', attachmentId);
  if (attachment !== undefined) propagate(tx, attachment);
  return moved;
}

export const propagationEvents: Record<string, TimedEvent> = {
  'transit-gateway-propagation.provision': (tx, id) => {
    const propagation = tx.get(KIND, id);
    if (propagation?.state === 'enabling') movePropagation(tx, propagation, 'provision');
  },
  'transit-gateway-propagation.finish': (tx, id) => {
    if (tx.get(KIND, id)?.state === 'disabling') tx.delete(KIND, id);
  },
};
