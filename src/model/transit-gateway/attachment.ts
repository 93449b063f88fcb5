/** What is attached to a transit gateway: one kind of record, one shape a kind of resource. */
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { invalidState } from './transit-gateway.ts';

export type TransitGatewayAttachmentState =
  | 'initiatingRequest'
  | 'pendingAcceptance'
  | 'pending'
  | 'available'
  | 'modifying'
  | 'rollingBack'
  | 'failing'
  | 'failed'
  | 'rejecting'
  | 'rejected'
  | 'deleting'
  | 'deleted';

export type TransitGatewayAttachmentEvent =
  | 'deliver'
  | 'accept'
  | 'reject'
  | 'provision'
  | 'modify'
  | 'rollBack'
  | 'fail'
  | 'delete'
  | 'finish';

/** C-025 to C-028, C-082, C-084: one life for every kind; each begins where its request does. */
export const attachmentMachine: StateMachine<
  TransitGatewayAttachmentState,
  TransitGatewayAttachmentEvent
> = {
  states: [
    'initiatingRequest',
    'pendingAcceptance',
    'pending',
    'available',
    'modifying',
    'rollingBack',
    'failing',
    'failed',
    'rejecting',
    'rejected',
    'deleting',
    'deleted',
  ],
  transitions: {
    initiatingRequest: { deliver: 'pendingAcceptance', fail: 'failing' },
    pendingAcceptance: { accept: 'pending', reject: 'rejecting', delete: 'deleting' },
    pending: { provision: 'available', fail: 'failing' },
    available: { modify: 'modifying', delete: 'deleting' },
    modifying: { provision: 'available', rollBack: 'rollingBack' },
    rollingBack: { provision: 'available' },
    failing: { finish: 'failed' },
    failed: {},
    rejecting: { finish: 'rejected' },
    rejected: {},
    deleting: { finish: 'deleted' },
    deleted: {},
  },
  illegal: invalidState,
};

/** One gateway's side of an attachment. */
export interface TransitGatewaySide extends Pick<Owned, 'account' | 'region'> {
  readonly transitGatewayId: string;
}

interface AttachmentBase extends Owned {
  readonly state: TransitGatewayAttachmentState;
  /** The gateway it was asked for; `account` and `region` are those of the resource's owner. */
  readonly transitGatewayId: string;
  readonly transitGatewayOwnerId: string;
  /** Milliseconds since the epoch, both. */
  readonly creationTime: number;
  /** When it was deleted, rejected or failed: visible for a while longer (C-028). */
  readonly endedAt?: number;
}

/** C-020: one subnet of a zone, and the gateway's interface in it. */
export interface AttachmentSubnet {
  readonly subnetId: string;
  readonly zoneId: string;
  /** Absent while nothing has been made there: before acceptance, after the end. */
  readonly networkInterfaceId?: string;
}

/** C-022 */
export interface VpcAttachmentOptions {
  readonly dnsSupport: boolean;
  readonly securityGroupReferencingSupport: boolean;
  readonly ipv6Support: boolean;
  readonly applianceModeSupport: boolean;
}

export const DEFAULT_VPC_ATTACHMENT_OPTIONS: VpcAttachmentOptions = {
  dnsSupport: true,
  securityGroupReferencingSupport: true,
  ipv6Support: false,
  applianceModeSupport: false,
};

export interface VpcAttachment extends AttachmentBase {
  readonly resourceType: 'vpc';
  readonly vpcId: string;
  readonly subnets: readonly AttachmentSubnet[];
  readonly options: VpcAttachmentOptions;
}

/** C-082: `transitGatewayId` is the requester's; one id on both sides (C-138). */
export interface PeeringAttachment extends AttachmentBase {
  readonly resourceType: 'peering';
  readonly accepter: TransitGatewaySide;
  readonly dynamicRouting: boolean;
}

/**
 * C-100: of the gateway's owner. Made with its connection or when that is moved to the gateway,
 * deleted with it or when it is moved away.
 */
export interface VpnAttachment extends AttachmentBase {
  readonly resourceType: 'vpn';
  readonly vpnConnectionId: string;
}

/** C-089: rides on a VPC's attachment or a Direct Connect gateway's. */
export interface ConnectAttachment extends AttachmentBase {
  readonly resourceType: 'connect';
  readonly transportAttachmentId: string;
}

/** Made and ended with the association of the Direct Connect gateway (C-104). */
export interface DirectConnectGatewayAttachment extends AttachmentBase {
  readonly resourceType: 'direct-connect-gateway';
  readonly directConnectGatewayId: string;
}

export type TransitGatewayAttachment =
  | VpcAttachment
  | PeeringAttachment
  | VpnAttachment
  | ConnectAttachment
  | DirectConnectGatewayAttachment;

/** The gateways an attachment belongs to: one, or both sides of a peering. */
export function sidesOf(attachment: TransitGatewayAttachment): readonly TransitGatewaySide[] {
  const { transitGatewayId, transitGatewayOwnerId: account, region } = attachment;
  const own: TransitGatewaySide = { transitGatewayId, account, region };
  return attachment.resourceType === 'peering' ? [own, attachment.accepter] : [own];
}

/** The side of an attachment that a gateway is, or undefined. */
export function isOnGateway(
  attachment: TransitGatewayAttachment,
  transitGatewayId: string,
): boolean {
  return sidesOf(attachment).some((side) => side.transitGatewayId === transitGatewayId);
}

/** The resource as AWS's answers name it, seen from one of its gateways. */
export function attachedResource(
  attachment: TransitGatewayAttachment,
  transitGatewayId: string,
): { readonly id: string; readonly ownerId: string } {
  const { account: ownerId } = attachment;
  switch (attachment.resourceType) {
    case 'vpc':
      return { id: attachment.vpcId, ownerId };
    case 'vpn':
      return { id: attachment.vpnConnectionId, ownerId };
    case 'connect': // The API names the attachment that carries it.
      return { id: attachment.transportAttachmentId, ownerId };
    case 'direct-connect-gateway':
      return { id: attachment.directConnectGatewayId, ownerId };
    case 'peering': {
      const sides = sidesOf(attachment);
      const other = sides.find((side) => side.transitGatewayId !== transitGatewayId) ?? sides[0]!;
      return { id: other.transitGatewayId, ownerId: other.account };
    }
  }
}

/** Whether packets pass: a modification interrupts nothing. */
export function carriesPackets({ state }: Pick<TransitGatewayAttachment, 'state'>): boolean {
  return state === 'available' || state === 'modifying' || state === 'rollingBack';
}

const ENDED: readonly TransitGatewayAttachmentState[] = ['failed', 'rejected', 'deleted'];

/** Whether it is over, if still shown (C-028). */
export function hasEnded({ state }: Pick<TransitGatewayAttachment, 'state'>): boolean {
  return ENDED.includes(state);
}

const UNDELIVERED: readonly TransitGatewayAttachmentState[] = [
  'initiatingRequest',
  'failing',
  'failed',
];

/**
 * Whether a peering request has reached the gateway that it names. Until then that may not even be
 * the gateway which the requester takes it for (C-082).
 */
export function isDelivered({ state }: Pick<PeeringAttachment, 'state'>): boolean {
  return !UNDELIVERED.includes(state);
}

/** Whether a gateway has to do with an attachment: an accepter has once it is asked. */
export function concerns(attachment: TransitGatewayAttachment, transitGatewayId: string): boolean {
  if (attachment.transitGatewayId === transitGatewayId) return true;
  if (attachment.resourceType !== 'peering' || !isDelivered(attachment)) return false;
  return attachment.accepter.transitGatewayId === transitGatewayId;
}

/** The attachment of a VPC to a gateway that has not ended: at most one (C-019). */
export function vpcAttachment(
  reader: ModelReader,
  transitGatewayId: string,
  vpcId: string,
): VpcAttachment | undefined {
  return reader
    .by('transit-gateway-attachment', 'vpc', vpcId)
    .find(
      (one): one is VpcAttachment =>
        one.resourceType === 'vpc' && one.transitGatewayId === transitGatewayId && !hasEnded(one),
    );
}

/** The attachment of a VPN connection to its transit gateway that has not ended. */
export function vpnAttachment(
  reader: ModelReader,
  vpnConnectionId: string,
): VpnAttachment | undefined {
  return reader
    .by('transit-gateway-attachment', 'vpn', vpnConnectionId)
    .find((one): one is VpnAttachment => one.resourceType === 'vpn' && !hasEnded(one));
}
