/** Connect attachments: what appliances behind another attachment join a gateway by (C-089). */
import { awsError } from '../../model/error.ts';
import {
  type ConnectAttachment,
  carriesPackets,
  type TransitGatewayAttachment,
} from '../../model/transit-gateway/attachment.ts';
import { traitsOf } from '../../model/transit-gateway/attachment-traits.ts';
import { incorrectState } from '../../model/transit-gateway/transit-gateway.ts';
import type { Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { beginProvisioning, endAttachment } from './attachment-life.ts';
import { availableGateway, checkUnencrypted } from './find.ts';
import { findConnectAttachment, findManagedAttachment } from './visible-attachment.ts';
import { checkGatewayRoom } from './vpc-attachment.ts';

const KIND = 'transit-gateway-attachment';

export interface CreateConnectAttachment {
  readonly transportAttachmentId: string;
  readonly tags: Tags;
}

/**
 * An attachment in state `pending`, of the gateway's owner, who alone may make one (C-110).
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, InvalidParameterValue for a transport that
 *   carries no GRE, IncorrectState also of the gateway (C-002, C-016),
 *   TransitGatewayAttachmentLimitExceeded (C-014)
 */
export function createConnectAttachment(
  tx: Transaction,
  scope: Scope,
  { transportAttachmentId, tags }: CreateConnectAttachment,
): ConnectAttachment {
  const transport = findManagedAttachment(tx, scope, transportAttachmentId);
  checkTransport(transport);
  const gateway = availableGateway(tx, scope, transport.transitGatewayId);
  checkUnencrypted(tx, gateway.id, 'Connect attachments');
  checkGatewayRoom(tx, gateway);
  const attachment: ConnectAttachment = {
    id: tx.newId(KIND),
    account: gateway.account,
    region: gateway.region,
    resourceType: 'connect',
    state: 'pending',
    transitGatewayId: gateway.id,
    transitGatewayOwnerId: gateway.account,
    creationTime: tx.now,
    transportAttachmentId,
  };
  tx.put(KIND, attachment);
  putTags(tx, scope, KIND, attachment.id, tags);
  return beginProvisioning(tx, attachment);
}

/** C-089 */
function checkTransport(transport: TransitGatewayAttachment): void {
  const { id } = transport;
  if (!traitsOf(transport).carriesConnect) {
    const message = `${id} is not an attachment of a VPC or a Direct Connect gateway.`;
    throw awsError('InvalidParameterValue', message);
  }
  if (!carriesPackets(transport)) throw incorrectState(id);
}

/**
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, IncorrectState, also while it has peers
 */
export function deleteConnectAttachment(
  tx: Transaction,
  scope: Scope,
  id: string,
): ConnectAttachment {
  return endAttachment(tx, findConnectAttachment(tx, scope, id), 'delete');
}
