/** Attaching VPCs to transit gateways (C2). */
import { type AwsError, awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  type AttachmentSubnet,
  hasEnded,
  type VpcAttachment,
  type VpcAttachmentOptions,
  vpcAttachment,
} from '../../model/transit-gateway/attachment.ts';
import type { TransitGateway } from '../../model/transit-gateway/transit-gateway.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import { find, type Scope } from '../scope.ts';
import { findVisible } from '../sharing/find-visible.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { beginProvisioning } from './attachment-life.ts';
import { checkAvailable } from './find.ts';

export interface CreateVpcAttachment {
  readonly transitGatewayId: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly options: VpcAttachmentOptions;
  readonly tags: Tags;
}

/**
 * @throws AwsError InvalidTransitGatewayID.Malformed, InvalidTransitGatewayID.NotFound, and those
 *   of `attachVpc`
 */
export function createVpcAttachment(
  tx: Transaction,
  scope: Scope,
  request: CreateVpcAttachment,
): VpcAttachment {
  // C-110: whoever it is shared with may attach to it.
  const gateway = findVisible(tx, scope, 'transit-gateway', request.transitGatewayId);
  return attachVpc(tx, scope, gateway, request);
}

/**
 * An attachment in state `pending`, or `pendingAcceptance` where the gateway's owner is another
 * account and does not accept by itself (C-025, C-026).
 * @throws AwsError IncorrectState (C-002), InvalidVpcID.*, DuplicateTransitGatewayAttachment
 *   (C-019), InvalidSubnetID.*, DuplicateSubnetsInSameZone (C-017), InvalidParameterValue (C-021),
 *   TransitGatewayAttachmentLimitExceeded (C-014), NetworkInterfaceLimitExceeded
 */
export function attachVpc(
  tx: Transaction,
  scope: Scope,
  gateway: TransitGateway,
  { vpcId, subnetIds, options, tags }: Omit<CreateVpcAttachment, 'transitGatewayId'>,
): VpcAttachment {
  checkAvailable(gateway);
  const vpc = find(tx, scope, 'vpc', vpcId); // C-113
  if (vpcAttachment(tx, gateway.id, vpcId) !== undefined) {
    const message = `${gateway.id} has non-deleted Transit Gateway Attachments with same VPC ID.`;
    throw awsError('DuplicateTransitGatewayAttachment', message);
  }
  const subnets = attachmentSubnets(tx, vpc, subnetIds);
  checkZones(subnets);
  checkQuotas(tx, gateway, vpc);
  const { account, region } = scope;
  const isAccepted = gateway.account === account || gateway.options.autoAcceptSharedAttachments;
  const attachment = tx.put('transit-gateway-attachment', {
    id: tx.newId('transit-gateway-attachment'),
    account,
    region,
    resourceType: 'vpc',
    state: isAccepted ? 'pending' : 'pendingAcceptance',
    transitGatewayId: gateway.id,
    transitGatewayOwnerId: gateway.account,
    creationTime: tx.now,
    vpcId,
    subnets,
    options,
  }) as VpcAttachment;
  putTags(tx, scope, 'transit-gateway-attachment', attachment.id, tags);
  return isAccepted ? beginProvisioning(tx, attachment) : attachment;
}

/** @throws AwsError InvalidSubnetID.Malformed, InvalidSubnetID.NotFound, InvalidParameterValue */
export function attachmentSubnets(
  reader: ModelReader,
  { id: vpcId }: Pick<Vpc, 'id'>,
  subnetIds: readonly string[],
): AttachmentSubnet[] {
  return subnetIds.map((subnetId) => {
    checkIdShape('subnet', subnetId);
    const subnet = reader.get('subnet', subnetId);
    if (subnet?.vpcId !== vpcId) throw notFound('subnet', subnetId); // C-018
    if (subnet.cidr === undefined) throw noIpv4(subnetId);
    return { subnetId, zoneId: subnet.zoneId };
  });
}

/** C-021 */
function noIpv4(subnetId: string): AwsError {
  const message = `The subnet '${subnetId}' has no IPv4 CIDR block and cannot be attached.`;
  return awsError('InvalidParameterValue', message);
}

/** C-017 */
export function checkZones(subnets: readonly AttachmentSubnet[]): void {
  const zones = new Set(subnets.map(({ zoneId }) => zoneId));
  if (zones.size === subnets.length) return;
  throw awsError('DuplicateSubnetsInSameZone', 'Duplicate Subnets for same AZ');
}

/** C-014 */
function checkQuotas(tx: Transaction, gateway: TransitGateway, vpc: Vpc): void {
  const perVpc = tx.quota('transitGatewaysPerVpc');
  const live = tx.by('transit-gateway-attachment', 'vpc', vpc.id).filter((one) => !hasEnded(one));
  if (live.length >= perVpc) throw limitExceeded(`The VPC '${vpc.id}'`, perVpc);
  checkGatewayRoom(tx, gateway);
}

/** @throws AwsError TransitGatewayAttachmentLimitExceeded (C-014) */
export function checkGatewayRoom(tx: Transaction, { id }: Pick<TransitGateway, 'id'>): void {
  const perGateway = tx.quota('attachmentsPerTransitGateway');
  const live = tx.by('transit-gateway-attachment', 'gateway', id).filter((one) => !hasEnded(one));
  if (live.length >= perGateway) throw limitExceeded(id, perGateway);
}

function limitExceeded(subject: string, most: number): AwsError {
  const message = `${subject} has ${most} transit gateway attachments, the maximum.`;
  return awsError('TransitGatewayAttachmentLimitExceeded', message);
}
