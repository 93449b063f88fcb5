/** Routes to prefix lists: one for each entry that the list has by then (C-074, C-075). */
import { awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import { transition } from '../../model/state-machine.ts';
import {
  type TransitGatewayPrefixListReference,
  transitGatewayPrefixListReferenceId,
  transitGatewayPrefixListReferenceMachine,
} from '../../model/transit-gateway/route.ts';
import { prefixListWeight } from '../../model/vpc/prefix-list.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkReferable, findPrefixList } from '../vpc/prefix-list.ts';
import { availableTable, routableAttachmentOf } from './find.ts';
import { checkRouteRoom } from './route-quota.ts';

const KIND = 'transit-gateway-prefix-list-reference';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 10, modify: 10, delete: 10 } as const;

export interface PrefixListReferenceRequest {
  readonly routeTableId: string;
  readonly prefixListId: string;
  /** Absent: a blackhole. */
  readonly attachmentId?: string;
}

/**
 * @throws AwsError the Malformed and NotFound errors of tables, lists and attachments,
 *   IncorrectState, UnsupportedOperation (C-072), InvalidParameterValue for a list that the table
 *   refers to already, RouteLimitExceeded (C-015)
 */
export function createPrefixListReference(
  tx: Transaction,
  scope: Scope,
  { routeTableId, prefixListId, attachmentId }: PrefixListReferenceRequest,
): TransitGatewayPrefixListReference {
  const { transitGatewayId } = availableTable(tx, scope, routeTableId);
  checkReferable(tx, scope, prefixListId);
  if (attachmentId !== undefined) routableAttachmentOf(tx, transitGatewayId, attachmentId);
  const id = transitGatewayPrefixListReferenceId(routeTableId, prefixListId);
  if (tx.get(KIND, id) !== undefined) {
    const message = `The prefix list ${prefixListId} is already referenced by ${routeTableId}.`;
    throw awsError('InvalidParameterValue', message);
  }
  checkRouteRoom(tx, transitGatewayId, prefixListWeight(tx, prefixListId));
  const list = findPrefixList(tx, scope, prefixListId);
  tx.settle('transit-gateway-prefix-list-reference.provision', id, USUAL_SECONDS.create);
  return tx.put(KIND, {
    id,
    transitGatewayId,
    routeTableId,
    prefixListId,
    prefixListOwnerId: 'account' in list ? list.account : 'AWS',
    state: 'pending',
    ...(attachmentId !== undefined && { attachmentId }),
  });
}

/**
 * Leads all its routes elsewhere.
 * @throws AwsError as `createPrefixListReference`; InvalidPrefixListID.NotFound where the table
 *   does not refer to the list
 */
export function modifyPrefixListReference(
  tx: Transaction,
  scope: Scope,
  request: PrefixListReferenceRequest,
): TransitGatewayPrefixListReference {
  const { attachmentId: _, ...reference } = referenceOf(tx, scope, request);
  const { attachmentId } = request;
  const { id, transitGatewayId } = reference;
  if (attachmentId !== undefined) routableAttachmentOf(tx, transitGatewayId, attachmentId);
  const state = move(reference, 'modify');
  tx.settle('transit-gateway-prefix-list-reference.provision', id, USUAL_SECONDS.modify);
  return tx.put(KIND, {
    ...reference,
    state,
    ...(attachmentId !== undefined && { attachmentId }),
  });
}

/**
 * @throws AwsError InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound,
 *   InvalidPrefixListId.Malformed, InvalidPrefixListID.NotFound, IncorrectState
 */
export function deletePrefixListReference(
  tx: Transaction,
  scope: Scope,
  request: Omit<PrefixListReferenceRequest, 'attachmentId'>,
): TransitGatewayPrefixListReference {
  const reference = referenceOf(tx, scope, request);
  const state = move(reference, 'delete');
  tx.settle('transit-gateway-prefix-list-reference.finish', reference.id, USUAL_SECONDS.delete);
  return tx.update(KIND, reference, { state });
}

/** A list may be shared no longer: the reference is all that counts. */
function referenceOf(
  reader: ModelReader,
  scope: Scope,
  { routeTableId, prefixListId }: Omit<PrefixListReferenceRequest, 'attachmentId'>,
): TransitGatewayPrefixListReference {
  availableTable(reader, scope, routeTableId);
  checkIdShape('prefix-list', prefixListId);
  const id = transitGatewayPrefixListReferenceId(routeTableId, prefixListId);
  const reference = reader.get(KIND, id);
  if (reference === undefined) throw notFound('prefix-list', prefixListId);
  return reference;
}

function move(
  { state, prefixListId }: Pick<TransitGatewayPrefixListReference, 'state' | 'prefixListId'>,
  event: 'provision' | 'modify' | 'delete',
) {
  return transition(transitGatewayPrefixListReferenceMachine, state, event, prefixListId);
}

export const prefixListReferenceEvents: Record<string, TimedEvent> = {
  'transit-gateway-prefix-list-reference.provision': (tx, id) => {
    const reference = tx.get(KIND, id);
    if (reference?.state !== 'pending' && reference?.state !== 'modifying') return;
    tx.update(KIND, reference, { state: move(reference, 'provision') });
  },
  'transit-gateway-prefix-list-reference.finish': (tx, id) => {
    if (tx.get(KIND, id)?.state === 'deleting') tx.delete(KIND, id);
  },
};
