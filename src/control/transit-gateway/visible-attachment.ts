/** The attachments that an account sees: those of its gateways, and of what it attached itself. */
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  type ConnectAttachment,
  concerns,
  type PeeringAttachment,
  type TransitGatewayAttachment,
  type VpcAttachment,
} from '../../model/transit-gateway/attachment.ts';
import { owned, owns, type Scope } from '../scope.ts';

/** Every attachment the caller sees, in order of creation. */
export function visibleAttachments(
  reader: ModelReader,
  scope: Scope,
): readonly TransitGatewayAttachment[] {
  return owned(reader, scope, 'transit-gateway-attachment').filter((one) => isSeen(scope, one));
}

/**
 * An attachment the caller sees, of whatever kind.
 * @throws AwsError InvalidTransitGatewayAttachmentID.Malformed,
 *   InvalidTransitGatewayAttachmentID.NotFound (C-030)
 */
export function findAttachment(
  reader: ModelReader,
  scope: Scope,
  id: string,
): TransitGatewayAttachment {
  checkIdShape('transit-gateway-attachment', id);
  const attachment = reader.get('transit-gateway-attachment', id);
  if (attachment === undefined || !isSeen(scope, attachment)) {
    throw notFound('transit-gateway-attachment', id);
  }
  return attachment;
}

/** An accepter sees a peering request once it is delivered (C-082). */
function isSeen(scope: Scope, attachment: TransitGatewayAttachment): boolean {
  const { region, transitGatewayOwnerId } = attachment;
  if (owns(scope, attachment) || owns(scope, { account: transitGatewayOwnerId, region })) {
    return true;
  }
  if (attachment.resourceType !== 'peering' || !owns(scope, attachment.accepter)) return false;
  return concerns(attachment, attachment.accepter.transitGatewayId);
}

/**
 * An attachment of a gateway that the caller owns (C-110).
 * @throws AwsError as `findAttachment`
 */
export function findManagedAttachment(
  reader: ModelReader,
  scope: Scope,
  id: string,
): TransitGatewayAttachment {
  const attachment = findAttachment(reader, scope, id);
  const { region, transitGatewayOwnerId: account } = attachment;
  const isOwn = owns(scope, { account, region });
  if (isOwn || (attachment.resourceType === 'peering' && owns(scope, attachment.accepter))) {
    return attachment;
  }
  throw notFound('transit-gateway-attachment', id);
}

export function visibleVpcAttachments(reader: ModelReader, scope: Scope): VpcAttachment[] {
  return visibleAttachments(reader, scope).filter((one) => one.resourceType === 'vpc');
}

/** @throws AwsError as `findAttachment`, also for an attachment of another kind */
export function findVpcAttachment(reader: ModelReader, scope: Scope, id: string): VpcAttachment {
  const attachment = findAttachment(reader, scope, id);
  if (attachment.resourceType !== 'vpc') throw notFound('transit-gateway-attachment', id);
  return attachment;
}

export function visiblePeeringAttachments(reader: ModelReader, scope: Scope): PeeringAttachment[] {
  return visibleAttachments(reader, scope).filter((one) => one.resourceType === 'peering');
}

/** @throws AwsError as `findAttachment`, also for an attachment of another kind */
export function findPeeringAttachment(
  reader: ModelReader,
  scope: Scope,
  id: string,
): PeeringAttachment {
  const attachment = findAttachment(reader, scope, id);
  if (attachment.resourceType !== 'peering') throw notFound('transit-gateway-attachment', id);
  return attachment;
}

export function visibleConnectAttachments(reader: ModelReader, scope: Scope): ConnectAttachment[] {
  return visibleAttachments(reader, scope).filter((one) => one.resourceType === 'connect');
}

/** @throws AwsError as `findAttachment`, also for an attachment of another kind */
export function findConnectAttachment(
  reader: ModelReader,
  scope: Scope,
  id: string,
): ConnectAttachment {
  const attachment = findAttachment(reader, scope, id);
  if (attachment.resourceType !== 'connect') throw notFound('transit-gateway-attachment', id);
  return attachment;
}
