/**
 * Policy tables of transit gateways, as far as they go without Cloud WAN: made, associated with
 * peerings, and empty (C-127).
 */
import { awsError } from '../../model/error.ts';
import { notFound } from '../../model/id.ts';
import { TRANSIT_GATEWAY_VISIBLE_MILLIS } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { transition } from '../../model/state-machine.ts';
import {
  type TransitGatewayPolicyTable,
  type TransitGatewayPolicyTableAssociation,
  transitGatewayPolicyTableAssociationId,
  transitGatewayPolicyTableMachine,
} from '../../model/transit-gateway/policy-table.ts';
import { transitGatewayAssociationMachine } from '../../model/transit-gateway/route-table.ts';
import { incorrectState } from '../../model/transit-gateway/transit-gateway.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkUnassociated } from './association.ts';
import { attachmentOf, availableGateway, readyAttachmentOf } from './find.ts';

const TABLE = 'transit-gateway-policy-table';
const ASSOCIATION = 'transit-gateway-policy-table-association';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 10, delete: 10, associate: 20, disassociate: 20 } as const;

/**
 * @throws AwsError InvalidTransitGatewayID.Malformed, InvalidTransitGatewayID.NotFound,
 *   IncorrectState
 */
export function createPolicyTable(
  tx: Transaction,
  scope: Scope,
  transitGatewayId: string,
  tags: Tags,
): TransitGatewayPolicyTable {
  const { account, region } = availableGateway(tx, scope, transitGatewayId);
  const id = tx.newId(TABLE);
  putTags(tx, scope, TABLE, id, tags);
  tx.settle('transit-gateway-policy-table.provision', id, USUAL_SECONDS.create);
  const creationTime = tx.now;
  return tx.put(TABLE, { id, account, region, transitGatewayId, state: 'pending', creationTime });
}

/** @throws AwsError InvalidTransitGatewayPolicyTableId.*, IncorrectState */
export function deletePolicyTable(
  tx: Transaction,
  scope: Scope,
  id: string,
): TransitGatewayPolicyTable {
  const table = find(tx, scope, TABLE, id);
  const [association] = tx.by(ASSOCIATION, 'table', id);
  if (association !== undefined) {
    const message = `${id} has an association with ${association.attachmentId}.`;
    throw awsError('IncorrectState', message);
  }
  const state = transition(transitGatewayPolicyTableMachine, table.state, 'delete', id);
  tx.settle('transit-gateway-policy-table.finish', id, USUAL_SECONDS.delete);
  return tx.update(TABLE, table, { state });
}

/** @throws AwsError InvalidTransitGatewayPolicyTableId.*, IncorrectState */
function availablePolicyTable(
  reader: ModelReader,
  scope: Scope,
  id: string,
): TransitGatewayPolicyTable {
  const table = find(reader, scope, TABLE, id);
  if (table.state === 'deleted') throw notFound(TABLE, id);
  if (table.state !== 'available') throw incorrectState(id);
  return table;
}

export interface PolicyJoint {
  readonly policyTableId: string;
  readonly attachmentId: string;
}

/**
 * @throws AwsError the Malformed and NotFound errors of tables and attachments, IncorrectState,
 *   UnsupportedOperation for what is no peering, Resource.AlreadyAssociated
 */
export function associatePolicyTable(
  tx: Transaction,
  scope: Scope,
  { policyTableId, attachmentId }: PolicyJoint,
): TransitGatewayPolicyTableAssociation {
  const { transitGatewayId } = availablePolicyTable(tx, scope, policyTableId);
  const attachment = readyAttachmentOf(tx, transitGatewayId, attachmentId);
  if (attachment.resourceType !== 'peering') {
    const message = `${attachmentId} is no peering attachment: it has no policy table.`;
    throw awsError('UnsupportedOperation', message);
  }
  checkUnassociated(tx, transitGatewayId, attachmentId);
  const id = transitGatewayPolicyTableAssociationId(transitGatewayId, attachmentId);
  tx.settle('transit-gateway-policy-table-association.provision', id, USUAL_SECONDS.associate);
  const place = { transitGatewayId, policyTableId, attachmentId };
  return tx.put(ASSOCIATION, { id, ...place, state: 'associating' });
}

/**
 * @throws AwsError the Malformed and NotFound errors of tables and attachments,
 *   InvalidParameterValue, IncorrectState
 */
export function disassociatePolicyTable(
  tx: Transaction,
  scope: Scope,
  { policyTableId, attachmentId }: PolicyJoint,
): TransitGatewayPolicyTableAssociation {
  const { transitGatewayId } = availablePolicyTable(tx, scope, policyTableId);
  attachmentOf(tx, transitGatewayId, attachmentId);
  const id = transitGatewayPolicyTableAssociationId(transitGatewayId, attachmentId);
  const association = tx.get(ASSOCIATION, id);
  if (association?.policyTableId !== policyTableId) {
    const message = `Transit Gateway Attachment ${attachmentId} is not associated to`;
    throw awsError('InvalidParameterValue', `${message} ${policyTableId}.`);
  }
  const event = 'disassociate';
  const state = transition(
    transitGatewayAssociationMachine,
    association.state,
    event,
    attachmentId,
  );
  tx.unschedule(id);
  tx.settle('transit-gateway-policy-table-association.finish', id, USUAL_SECONDS.disassociate);
  return tx.update(ASSOCIATION, association, { state });
}

/** Nothing is left of the attachment. */
export function removePolicyAssociations(tx: Transaction, attachmentId: string): void {
  for (const { id } of tx.by(ASSOCIATION, 'attachment', attachmentId)) {
    tx.unschedule(id);
    tx.delete(ASSOCIATION, id);
  }
}

/** The gateway is gone, and its tables with it. */
export function removePolicyTables(tx: Transaction, transitGatewayId: string): void {
  for (const { id } of tx.by(TABLE, 'gateway', transitGatewayId)) removePolicyTable(tx, id);
}

function removePolicyTable(tx: Transaction, id: string): void {
  tx.unschedule(id);
  dropTags(tx, id);
  tx.delete(TABLE, id);
}

export const policyTableEvents: Record<string, TimedEvent> = {
  'transit-gateway-policy-table.provision': (tx, id) => {
    const table = tx.get(TABLE, id);
    if (table?.state !== 'pending') return;
    const state = transition(transitGatewayPolicyTableMachine, table.state, 'provision', id);
    tx.update(TABLE, table, { state });
  },
  'transit-gateway-policy-table.finish': (tx, id) => {
    const table = tx.get(TABLE, id);
    if (table?.state !== 'deleting') return;
    const state = transition(transitGatewayPolicyTableMachine, table.state, 'finish', id);
    tx.update(TABLE, table, { state });
    const forgotten = tx.now + TRANSIT_GATEWAY_VISIBLE_MILLIS;
    tx.schedule('transit-gateway-policy-table.forget', id, forgotten);
  },
  'transit-gateway-policy-table.forget': removePolicyTable,
  'transit-gateway-policy-table-association.provision': (tx, id) => {
    const association = tx.get(ASSOCIATION, id);
    if (association?.state !== 'associating') return;
    const { state: from, attachmentId } = association;
    const state = transition(transitGatewayAssociationMachine, from, 'provision', attachmentId);
    tx.update(ASSOCIATION, association, { state });
  },
  'transit-gateway-policy-table-association.finish': (tx, id) => {
    if (tx.get(ASSOCIATION, id)?.state === 'disassociating') tx.delete(ASSOCIATION, id);
  },
};
