/** Joining two transit gateways (C5). */
import { awsError } from '../../model/error.ts';
import { checkIdShape } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  concerns,
  hasEnded,
  isDelivered,
  isOnGateway,
  type PeeringAttachment,
  sidesOf,
  type TransitGatewaySide,
} from '../../model/transit-gateway/attachment.ts';
import { owns, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { beginProvisioning, endAttachment, moveAttachment } from './attachment-life.ts';
import { availableGateway, checkUnencrypted } from './find.ts';
import { findPeeringAttachment } from './visible-attachment.ts';

export interface CreatePeeringAttachment {
  readonly transitGatewayId: string;
  /** Whose gateway that is said to be: where it is not, the request fails later. */
  readonly peer: TransitGatewaySide;
  readonly dynamicRouting: boolean;
  readonly tags: Tags;
}

/** AWS's usual time until a request is delivered, in seconds. */
const DELIVERY_SECONDS = 5;

/**
 * A request in `initiatingRequest`, which then becomes `pendingAcceptance` or fails (C-082).
 * @throws AwsError InvalidTransitGatewayID.*, IncorrectState, InvalidParameterValue for a gateway
 *   with itself, DuplicateTransitGatewayAttachment (C-085), TransitGatewayAttachmentLimitExceeded
 *   (C-014)
 */
export function createPeeringAttachment(
  tx: Transaction,
  scope: Scope,
  { transitGatewayId, peer, dynamicRouting, tags }: CreatePeeringAttachment,
): PeeringAttachment {
  checkIdShape('transit-gateway', peer.transitGatewayId);
  const gateway = availableGateway(tx, scope, transitGatewayId);
  if (peer.transitGatewayId === transitGatewayId) {
    throw awsError('InvalidParameterValue', `${transitGatewayId} cannot be peered with itself.`);
  }
  const live = livePeerings(tx, transitGatewayId);
  if (live.some((one) => isOnGateway(one, peer.transitGatewayId))) {
    const what = 'has non-deleted Transit Gateway Attachments with same peer transit gateway ID';
    throw awsError('DuplicateTransitGatewayAttachment', `${transitGatewayId} ${what}.`);
  }
  checkUnencrypted(tx, transitGatewayId, 'peerings');
  checkQuotas(tx, transitGatewayId, live);
  const attachment: PeeringAttachment = {
    id: tx.newId('transit-gateway-attachment'),
    account: gateway.account,
    region: gateway.region,
    resourceType: 'peering',
    state: 'initiatingRequest',
    transitGatewayId,
    transitGatewayOwnerId: gateway.account,
    creationTime: tx.now,
    accepter: peer,
    dynamicRouting,
  };
  tx.put('transit-gateway-attachment', attachment);
  putTags(tx, scope, 'transit-gateway-attachment', attachment.id, tags);
  tx.settle('transit-gateway-peering.deliver', attachment.id, DELIVERY_SECONDS);
  return attachment;
}

function livePeerings(reader: ModelReader, transitGatewayId: string): PeeringAttachment[] {
  return reader
    .by('transit-gateway-attachment', 'gateway', transitGatewayId)
    .filter((one) => one.resourceType === 'peering')
    .filter((one) => !hasEnded(one) && concerns(one, transitGatewayId));
}

/** C-014 */
function checkQuotas(
  tx: Transaction,
  transitGatewayId: string,
  live: readonly PeeringAttachment[],
): void {
  const full = fullQuota(tx, live);
  if (full === undefined) return;
  const message = `${transitGatewayId} has ${full}, the maximum.`;
  throw awsError('TransitGatewayAttachmentLimitExceeded', message);
}

/** Which quota a gateway's peerings fill, so that another has no room. */
function fullQuota(tx: Transaction, live: readonly PeeringAttachment[]): string | undefined {
  const most = tx.quota('peeringsPerTransitGateway');
  if (live.length >= most) return `${most} peering attachments`;
  const waiting = live.filter(
    ({ state }) => state === 'initiatingRequest' || state === 'pendingAcceptance',
  );
  const mostPending = tx.quota('pendingPeeringsPerTransitGateway');
  return waiting.length < mostPending ? undefined : `${mostPending} pending peering attachments`;
}

/**
 * By the accepter alone, in its Region, even inside one account (C-082).
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, InvalidParameterValue by the requester
 *   (C-083), IncorrectState
 */
export function acceptPeeringAttachment(
  tx: Transaction,
  scope: Scope,
  id: string,
): PeeringAttachment {
  const attachment = answerable(tx, scope, id, 'accept');
  for (const side of sidesOf(attachment)) {
    checkUnencrypted(tx, side.transitGatewayId, 'peerings');
  }
  return beginProvisioning(tx, moveAttachment(tx, attachment, 'accept'));
}

/** @throws AwsError as `acceptPeeringAttachment` */
export function rejectPeeringAttachment(
  tx: Transaction,
  scope: Scope,
  id: string,
): PeeringAttachment {
  return endAttachment(tx, answerable(tx, scope, id, 'reject'), 'reject');
}

function answerable(
  tx: Transaction,
  scope: Scope,
  id: string,
  answer: 'accept' | 'reject',
): PeeringAttachment {
  const attachment = findPeeringAttachment(tx, scope, id);
  if (owns(scope, attachment.accepter)) return attachment;
  const message = `Cannot ${answer} ${id} as the source of the peering request.`;
  throw awsError('InvalidParameterValue', message);
}

/**
 * Either owner may (C-084).
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, IncorrectState
 */
export function deletePeeringAttachment(
  tx: Transaction,
  scope: Scope,
  id: string,
): PeeringAttachment {
  return endAttachment(tx, findPeeringAttachment(tx, scope, id), 'delete');
}

/**
 * Whether the gateway asked for is there, whose it is said to be, not peered already, and has room:
 * requests of others do not use up what its owner may ask for (C-014).
 */
function canBeDelivered(tx: Transaction, attachment: PeeringAttachment): boolean {
  const { accepter, transitGatewayId } = attachment;
  const gateway = tx.get('transit-gateway', accepter.transitGatewayId);
  if (gateway === undefined || !owns(accepter, gateway)) return false;
  if (gateway.state !== 'available' && gateway.state !== 'modifying') return false;
  if (gateway.options.encryptionSupport) return false; // C-016
  const others = livePeerings(tx, gateway.id).filter(isDelivered);
  if (fullQuota(tx, others) !== undefined) return false;
  return !others.some((one) => isOnGateway(one, transitGatewayId));
}

export const peeringAttachmentEvents: Record<string, TimedEvent> = {
  'transit-gateway-peering.deliver': (tx, id) => {
    const attachment = tx.get('transit-gateway-attachment', id);
    if (attachment?.resourceType !== 'peering') return;
    if (attachment.state !== 'initiatingRequest') return;
    if (canBeDelivered(tx, attachment)) moveAttachment(tx, attachment, 'deliver');
    else endAttachment(tx, attachment, 'fail');
  },
};
