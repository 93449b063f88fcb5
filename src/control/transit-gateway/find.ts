/** The parts of transit gateways that a command may be about: there, the caller's, and ready. */
import { awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  carriesPackets,
  isOnGateway,
  type TransitGatewayAttachment,
} from '../../model/transit-gateway/attachment.ts';
import { traitsOf } from '../../model/transit-gateway/attachment-traits.ts';
import type { TransitGatewayRouteTable } from '../../model/transit-gateway/route-table.ts';
import {
  incorrectState,
  type TransitGateway,
} from '../../model/transit-gateway/transit-gateway.ts';
import { find, type Scope } from '../scope.ts';

/**
 * A gateway to which something new may be made (C-002). One that is deleted is only shown.
 * @throws AwsError InvalidTransitGatewayID.NotFound, IncorrectState
 */
export function checkAvailable(gateway: TransitGateway): TransitGateway {
  if (gateway.state === 'deleted') throw notFound('transit-gateway', gateway.id);
  if (gateway.state !== 'available') throw incorrectState(gateway.id);
  return gateway;
}

/**
 * The caller's own gateway, available.
 * @throws AwsError InvalidTransitGatewayID.Malformed, InvalidTransitGatewayID.NotFound,
 *   IncorrectState
 */
export function availableGateway(reader: ModelReader, scope: Scope, id: string): TransitGateway {
  return checkAvailable(find(reader, scope, 'transit-gateway', id));
}

/**
 * C-016, whichever comes first.
 * @throws AwsError IncorrectState
 */
export function checkUnencrypted(reader: ModelReader, id: string, what: string): void {
  if (reader.get('transit-gateway', id)?.options.encryptionSupport !== true) return;
  throw awsError('IncorrectState', `${id} has encryption support, which ${what} do not have.`);
}

/**
 * A table of a gateway that the caller owns, available (C-110).
 * @throws AwsError InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound (C-059),
 *   IncorrectState
 */
export function availableTable(
  reader: ModelReader,
  scope: Scope,
  id: string,
): TransitGatewayRouteTable {
  const table = find(reader, scope, 'transit-gateway-route-table', id);
  if (table.state === 'deleted') throw notFound('transit-gateway-route-table', id);
  if (table.state !== 'available') throw incorrectState(id);
  return table;
}

/**
 * An attachment of a gateway. C-060: one of another gateway is as good as none.
 * @throws AwsError InvalidTransitGatewayAttachmentID.Malformed,
 *   InvalidTransitGatewayAttachmentID.NotFound
 */
export function attachmentOf(
  reader: ModelReader,
  transitGatewayId: string,
  id: string,
): TransitGatewayAttachment {
  checkIdShape('transit-gateway-attachment', id);
  const attachment = reader.get('transit-gateway-attachment', id);
  if (attachment === undefined || !isOnGateway(attachment, transitGatewayId)) {
    throw notFound('transit-gateway-attachment', id);
  }
  return attachment;
}

/**
 * An attachment of a gateway that something may be made of: a route, an association.
 * @throws AwsError those of `attachmentOf`, IncorrectState
 */
export function readyAttachmentOf(
  reader: ModelReader,
  transitGatewayId: string,
  id: string,
): TransitGatewayAttachment {
  const attachment = attachmentOf(reader, transitGatewayId, id);
  if (!carriesPackets(attachment)) throw incorrectState(id);
  return attachment;
}

/**
 * An attachment of a gateway that routes may be made to.
 * @throws AwsError those of `readyAttachmentOf`, UnsupportedOperation (C-072)
 */
export function routableAttachmentOf(
  reader: ModelReader,
  transitGatewayId: string,
  id: string,
): TransitGatewayAttachment {
  const attachment = readyAttachmentOf(reader, transitGatewayId, id);
  if (traitsOf(attachment).takesStaticRoutes) return attachment;
  const kind = `a ${attachment.resourceType} attachment`;
  const message = `${id} is ${kind}, which static routes cannot lead to.`;
  throw awsError('UnsupportedOperation', message);
}
