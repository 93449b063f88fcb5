/** Where a VPN connection ends: at a gateway of either kind, or nowhere yet (H-006). */
import { type AwsError, awsError } from '../../model/error.ts';
import type { CustomerGateway } from '../../model/hybrid/customer-gateway.ts';
import {
  connectionsOf,
  type VpnConnection,
  type VpnConnectionGateway,
} from '../../model/hybrid/vpn-connection.ts';
import type { ModelReader } from '../../model/model.ts';
import { type VpnAttachment, vpnAttachment } from '../../model/transit-gateway/attachment.ts';
import { ipEquals } from '../../net/ip.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { beginProvisioning, endAttachment } from '../transit-gateway/attachment-life.ts';
import { availableGateway } from '../transit-gateway/find.ts';
import { checkGatewayRoom } from '../transit-gateway/vpc-attachment.ts';
import { availableVpnGateway } from './find.ts';

export interface GatewayRequest {
  readonly vpnGatewayId?: string;
  readonly transitGatewayId?: string;
}

/**
 * The gateway that a request names, or undefined.
 * @throws AwsError InvalidParameterValue for both at once (H-006), InvalidVpnGatewayID.*,
 *   InvalidVpnGatewayState, InvalidTransitGatewayID.* also for one of another account (C-100),
 *   IncorrectState
 */
export function requestedGateway(
  tx: Transaction,
  scope: Scope,
  { vpnGatewayId, transitGatewayId }: GatewayRequest,
): VpnConnectionGateway | undefined {
  if (vpnGatewayId !== undefined && transitGatewayId !== undefined) {
    const message = 'A VPN connection ends at a VpnGatewayId or a TransitGatewayId, not at both.';
    throw awsError('InvalidParameterValue', message);
  }
  if (vpnGatewayId !== undefined) {
    return { kind: 'vpn-gateway', id: availableVpnGateway(tx, scope, vpnGatewayId).id };
  }
  if (transitGatewayId === undefined) return undefined;
  return { kind: 'transit-gateway', id: availableGateway(tx, scope, transitGatewayId).id };
}

/** What of a connection its gateway and its customer's must fit. */
export type Fitting = Pick<
  VpnConnection,
  | 'gateway'
  | 'staticRoutesOnly'
  | 'enableAcceleration'
  | 'insideFamily'
  | 'outsideFamily'
  | 'tunnelBandwidth'
> & { readonly id?: string };

/**
 * @throws AwsError InvalidParameterValue for what the gateways cannot do together (H-010, H-021,
 *   H-022, H-040), InvalidCustomerGateway.DuplicateIpAddress (H-005), VpnConnectionLimitExceeded
 *   (H-022)
 */
export function checkFitting(
  tx: Transaction,
  connection: Fitting,
  customerGateway: CustomerGateway,
): void {
  checkOuterFamily(connection, customerGateway);
  const { gateway } = connection;
  if (gateway?.kind === 'vpn-gateway') checkAbilities(connection, gateway.id);
  else if (gateway === undefined && connection.enableAcceleration)
    throw needsTransit('Acceleration');
  if (gateway !== undefined) checkAsn(tx, connection, gateway, customerGateway);
  if (gateway?.kind !== 'vpn-gateway') return;
  const others = connectionsOf(tx, gateway.id).filter(({ id }) => id !== connection.id);
  if (others.some((other) => reachesSame(tx, other, customerGateway))) {
    const message = `A VPN connection of ${gateway.id} leads to this customer gateway already.`;
    throw awsError('InvalidCustomerGateway.DuplicateIpAddress', message);
  }
  if (others.length >= tx.quota('vpnConnectionsPerVpnGateway')) {
    const message = `The maximum number of VPN connections of ${gateway.id} has been reached.`;
    throw awsError('VpnConnectionLimitExceeded', message);
  }
}

/** H-010 */
function checkOuterFamily({ outsideFamily }: Fitting, { id, ipAddress }: CustomerGateway): void {
  const family = ipAddress === undefined || typeof ipAddress === 'number' ? 4 : 6;
  if (family === outsideFamily) return;
  const message = `OutsideIpAddressType and the address of ${id} are of different families.`;
  throw awsError('InvalidParameterValue', message);
}

/** H-010, H-021, H-022, C-102: what a virtual private gateway does not do. */
function checkAbilities(connection: Fitting, id: string): void {
  const { insideFamily, outsideFamily, enableAcceleration, tunnelBandwidth } = connection;
  if (insideFamily === 6) throw needsTransit('TunnelInsideIpVersion ipv6', id);
  if (outsideFamily === 6) throw needsTransit('OutsideIpAddressType Ipv6', id);
  if (enableAcceleration) throw needsTransit('Acceleration', id);
  if (tunnelBandwidth === 'large') throw needsTransit('TunnelBandwidth large', id);
}

function needsTransit(what: string, id?: string): AwsError {
  const at = id === undefined ? '' : `, not a virtual private gateway such as ${id}`;
  return awsError('InvalidParameterValue', `${what} needs a transit gateway${at}.`);
}

/** H-040: BGP over VPN is between two systems. */
function checkAsn(
  reader: ModelReader,
  { staticRoutesOnly }: Fitting,
  gateway: VpnConnectionGateway,
  { bgpAsn, id }: CustomerGateway,
): void {
  if (staticRoutesOnly || amazonSideAsn(reader, gateway) !== bgpAsn) return;
  const message = `The customer gateway ${id} and ${gateway.id} have one ASN, ${bgpAsn}.`;
  throw awsError('InvalidParameterValue', message);
}

/** The number of the autonomous system at AWS's end, while that is there. */
export function amazonSideAsn(
  reader: ModelReader,
  gateway: VpnConnectionGateway,
): number | undefined {
  return gateway.kind === 'vpn-gateway'
    ? reader.get('vpn-gateway', gateway.id)?.amazonSideAsn
    : reader.get('transit-gateway', gateway.id)?.options.amazonSideAsn;
}

function reachesSame(
  reader: ModelReader,
  { customerGatewayId }: VpnConnection,
  { id, ipAddress }: CustomerGateway,
): boolean {
  if (customerGatewayId === id) return true;
  const other = reader.get('customer-gateway', customerGatewayId)?.ipAddress;
  return other !== undefined && ipAddress !== undefined && ipEquals(other, ipAddress);
}

/**
 * Joins a connection to the transit gateway that it ends at, with the gateway's default tables
 * (C-055). A static connection propagates nothing (C-061, C-062).
 * @throws AwsError TransitGatewayAttachmentLimitExceeded
 */
export function joinTransitGateway(tx: Transaction, connection: VpnConnection): void {
  const { id: vpnConnectionId, account, region, gateway } = connection;
  if (gateway?.kind !== 'transit-gateway') return;
  checkGatewayRoom(tx, gateway);
  const attachment: VpnAttachment = {
    id: tx.newId('transit-gateway-attachment'),
    account,
    region,
    resourceType: 'vpn',
    state: 'pending',
    transitGatewayId: gateway.id,
    transitGatewayOwnerId: account,
    creationTime: tx.now,
    vpnConnectionId,
  };
  tx.put('transit-gateway-attachment', attachment);
  beginProvisioning(tx, attachment);
}

/** Ends the connection's attachment to a transit gateway, if it has one. */
export function leaveTransitGateway(tx: Transaction, { id }: Pick<VpnConnection, 'id'>): void {
  const attachment = vpnAttachment(tx, id);
  if (attachment !== undefined && attachment.state !== 'deleting') {
    endAttachment(tx, attachment, 'delete');
  }
}
