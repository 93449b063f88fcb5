/**
 * VPN connections: two tunnels between a customer gateway and a virtual private gateway, a transit
 * gateway or nothing yet (H2, H3).
 */
import { addressAt, type Cidr, type Cidr4, type Cidr6, formatCidr } from '../../net/cidr.ts';
import { type Family, formatIp, type Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { type AwsError, awsError } from '../error.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { isEstablished } from './bgp-session.ts';
import type { TunnelOptions } from './tunnel-options.ts';

/** H-007: `modifying` is what clients see and AWS's list of states leaves out. */
export type VpnConnectionState = 'pending' | 'available' | 'modifying' | 'deleting' | 'deleted';
export type VpnConnectionEvent = 'provision' | 'modify' | 'delete' | 'finish';

/** H-009: what a call answers that needs an available connection. */
export function invalidVpnConnectionState(id: string): AwsError {
  const message = `The vpnConnection '${id}' is not in a valid state for the operation.`;
  return awsError('InvalidVpnConnection.InvalidState', message);
}

export const vpnConnectionMachine: StateMachine<VpnConnectionState, VpnConnectionEvent> = {
  states: ['pending', 'available', 'modifying', 'deleting', 'deleted'],
  transitions: {
    pending: { provision: 'available' },
    available: { modify: 'modifying', delete: 'deleting' },
    modifying: { provision: 'available' },
    deleting: { finish: 'deleted' },
    deleted: {},
  },
  illegal: (_from, _event, subject) => invalidVpnConnectionState(subject),
};

/**
 * What is known of a tunnel's state. Whoever stands behind the customer gateway reports it; of its
 * BGP session, `bgp-session` tells.
 */
export interface TunnelStatus {
  /** IKE has succeeded and phase 2 is up: packets may pass. */
  readonly ipsec: boolean;
  /** Milliseconds since the epoch. */
  readonly lastChange: number;
}

export interface VpnTunnel {
  /** AWS's end, by which calls name the tunnel: of the family of the outer packets. */
  readonly outsideAddress: Ip;
  /** H-012: a /30, AWS's end at its first host address and the customer's at its second. */
  readonly insideCidr: Cidr4;
  /** H-013: a /126 laid out the same way, where the inner packets are IPv6. */
  readonly insideIpv6Cidr?: Cidr6;
  /** Absent where certificates authenticate. */
  readonly preSharedKey?: string;
  /** AWS's certificate, where the customer gateway has one, too. */
  readonly certificateArn?: string;
  /** What was chosen; `effectiveOptions` says what holds. */
  readonly options: Partial<TunnelOptions>;
  /** H-034 */
  readonly lifecycleControl: boolean;
  /** Milliseconds since the epoch; absent: never. */
  readonly lastMaintenance?: number;
  readonly status: TunnelStatus;
}

/** Where AWS's end of a connection is. Absent: nowhere yet (H-006). */
export interface VpnConnectionGateway {
  readonly kind: 'vpn-gateway' | 'transit-gateway';
  readonly id: string;
}

export interface VpnConnection extends Owned {
  readonly state: VpnConnectionState;
  readonly customerGatewayId: string;
  /** Of a transit gateway, `vpnAttachment` finds the attachment. */
  readonly gateway?: VpnConnectionGateway;
  /** H-009: chosen once; no BGP is spoken then. */
  readonly staticRoutesOnly: boolean;
  /** H-021: chosen once. */
  readonly enableAcceleration: boolean;
  /** H-010, C-102: of the packets inside the tunnels; chosen once. */
  readonly insideFamily: Family;
  /** Of the addresses outside; chosen once. */
  readonly outsideFamily: Family;
  /** H-014: the customer's side and AWS's side of the traffic selectors, of the inner family. */
  readonly localCidr: Cidr;
  readonly remoteCidr: Cidr;
  /** H-022 */
  readonly tunnelBandwidth: 'standard' | 'large';
  /** H-015: where the keys are kept in place of showing them. */
  readonly preSharedKeyArn?: string;
  /** H-008: always two. */
  readonly tunnels: readonly [VpnTunnel, VpnTunnel];
}

/** Whether anything is behind the connection, if perhaps on its way out. */
export function isLiveConnection({ state }: Pick<VpnConnection, 'state'>): boolean {
  return state !== 'deleted';
}

/** H-031, H-033: a modification interrupts the tunnels it is about by their own status. */
export function carriesTunnels({ state }: Pick<VpnConnection, 'state'>): boolean {
  return state === 'available' || state === 'modifying';
}

/** The key of a tunnel among all links, and that of its BGP session. */
export function tunnelLinkId(vpnConnectionId: string, outsideAddress: Ip): string {
  return `${vpnConnectionId}|${formatIp(outsideAddress)}`;
}

/** Whether packets may pass: IPsec is up. */
export function isTunnelOpen(connection: VpnConnection, { status }: VpnTunnel): boolean {
  return carriesTunnels(connection) && status.ipsec;
}

/** H-024: a static tunnel is up with IPsec, a BGP tunnel with its session. */
export function isTunnelUp(
  reader: ModelReader,
  connection: VpnConnection,
  tunnel: VpnTunnel,
): boolean {
  if (!isTunnelOpen(connection, tunnel)) return false;
  if (connection.staticRoutesOnly) return true;
  return isEstablished(reader, tunnelLinkId(connection.id, tunnel.outsideAddress));
}

/** H-024, H-025 */
export function tunnelMessage(
  reader: ModelReader,
  connection: VpnConnection,
  tunnel: VpnTunnel,
): string {
  const isUp = isTunnelUp(reader, connection, tunnel);
  if (isUp && !connection.staticRoutesOnly) {
    return `${acceptedRoutes(reader, connection, tunnel)} BGP ROUTES`;
  }
  return tunnel.status.ipsec ? 'IPSEC IS UP' : 'IPSEC IS DOWN';
}

/** H-026: also those of a static tunnel that is down. */
export function acceptedRoutes(
  reader: ModelReader,
  { id, staticRoutesOnly }: VpnConnection,
  { outsideAddress }: VpnTunnel,
): number {
  if (staticRoutesOnly) return reader.count('vpn-connection-route', 'connection', id);
  return reader.get('bgp-session', tunnelLinkId(id, outsideAddress))?.acceptedRoutes ?? 0;
}

/** H-026: of IPsec or BGP; milliseconds since the epoch. */
export function lastTunnelChange(
  reader: ModelReader,
  { id }: VpnConnection,
  { outsideAddress, status }: VpnTunnel,
): number {
  const session = reader.get('bgp-session', tunnelLinkId(id, outsideAddress));
  return Math.max(status.lastChange, session?.lastChange ?? 0);
}

/** The two ends of a tunnel's inside block: H-012, H-013. */
export function insideAddresses<T extends Ipv4 | Ipv6>(
  block: Cidr<T>,
): { readonly aws: T; readonly customer: T } {
  return { aws: addressAt(block, 1), customer: addressAt(block, 2) };
}

export type VpnConnectionRouteState = 'pending' | 'available' | 'deleting';

/** A deleted route is no record any more. */
export const vpnConnectionRouteMachine: StateMachine<
  VpnConnectionRouteState,
  'provision' | 'delete'
> = {
  states: ['pending', 'available', 'deleting'],
  transitions: {
    pending: { provision: 'available', delete: 'deleting' },
    available: { delete: 'deleting' },
    deleting: {},
  },
  illegal: (_from, _event, subject) => noVpnConnectionRoute(subject),
};

export function noVpnConnectionRoute(id: string): AwsError {
  const [vpnConnectionId, destination] = id.split('|');
  const message = `no route with destination-cidr-block ${destination} in ${vpnConnectionId}`;
  return awsError('InvalidRoute.NotFound', message);
}

/** A static route of a connection to a virtual private gateway: offered while `available`. */
export interface VpnConnectionRoute {
  /** `CONNECTION|DESTINATION` */
  readonly id: string;
  readonly vpnConnectionId: string;
  readonly destination: Cidr4;
  readonly state: VpnConnectionRouteState;
}

export function vpnConnectionRouteId(vpnConnectionId: string, destination: Cidr4): string {
  return `${vpnConnectionId}|${formatCidr(destination)}`;
}

/** The connections that end at a gateway and are not deleted. */
export function connectionsOf(reader: ModelReader, gatewayId: string): readonly VpnConnection[] {
  return reader.by('vpn-connection', 'gateway', gatewayId).filter(isLiveConnection);
}
