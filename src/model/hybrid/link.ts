/**
 * Links: what a packet crosses between AWS and a customer's device. A VPN tunnel, a virtual
 * interface of Direct Connect, a Connect peer's GRE tunnel.
 */
import type { VirtualInterface } from '../direct-connect/virtual-interface.ts';
import type { ModelReader } from '../model.ts';
import type { TransitGatewayAttachment } from '../transit-gateway/attachment.ts';
import type { ConnectPeer } from '../transit-gateway/connect-peer.ts';
import { isEstablished } from './bgp-session.ts';
import type { Site } from './site.ts';
import {
  connectionsOf,
  isTunnelOpen,
  isTunnelUp,
  lastTunnelChange,
  tunnelLinkId,
  type VpnConnection,
  type VpnTunnel,
} from './vpn-connection.ts';

export interface TunnelLink {
  readonly kind: 'vpn-tunnel';
  readonly id: string;
  readonly connection: VpnConnection;
  readonly tunnel: VpnTunnel;
}

export interface VirtualInterfaceLink {
  readonly kind: 'virtual-interface';
  readonly id: string;
  readonly virtualInterface: VirtualInterface;
}

export interface ConnectPeerLink {
  readonly kind: 'connect-peer';
  readonly id: string;
  readonly peer: ConnectPeer;
}

export type Link = TunnelLink | VirtualInterfaceLink | ConnectPeerLink;

/** A link by its id: `vpn-…|OUTSIDE-ADDRESS`, `dxvif-…` or `tgw-connect-peer-…`. */
export function findLink(reader: ModelReader, id: string): Link | undefined {
  if (id.startsWith('vpn-')) {
    const connection = reader.get('vpn-connection', id.slice(0, id.indexOf('|')));
    return connection && tunnelLinks(connection).find((link) => link.id === id);
  }
  if (id.startsWith('dxvif-')) {
    const virtualInterface = reader.get('direct-connect-virtual-interface', id);
    return virtualInterface && virtualInterfaceLink(virtualInterface);
  }
  const peer = reader.get('transit-gateway-connect-peer', id);
  return peer && { kind: 'connect-peer', id, peer };
}

export function tunnelLinks(connection: VpnConnection): readonly TunnelLink[] {
  return connection.tunnels.map((tunnel) => ({
    kind: 'vpn-tunnel',
    id: tunnelLinkId(connection.id, tunnel.outsideAddress),
    connection,
    tunnel,
  }));
}

/** The links behind an attachment of a transit gateway, in order of their making. */
export function linksOfAttachment(
  reader: ModelReader,
  attachment: TransitGatewayAttachment,
): readonly Link[] {
  switch (attachment.resourceType) {
    case 'vpc':
    case 'peering':
      return [];
    case 'vpn': {
      const connection = reader.get('vpn-connection', attachment.vpnConnectionId);
      return connection === undefined ? [] : tunnelLinks(connection);
    }
    case 'connect':
      return reader
        .by('transit-gateway-connect-peer', 'attachment', attachment.id)
        .map((peer) => ({ kind: 'connect-peer', id: peer.id, peer }));
    case 'direct-connect-gateway':
      return virtualInterfaceLinks(reader, attachment.directConnectGatewayId);
  }
}

/**
 * Those by which a static route of a transit gateway to the attachment sends: all that are up, of
 * a VPN without ECMP the one that is up the longest (C-101).
 */
export function usableLinks(
  reader: ModelReader,
  attachment: TransitGatewayAttachment,
): readonly string[] {
  const up = linksOfAttachment(reader, attachment).filter((link) => isLinkUp(reader, link));
  if (attachment.resourceType !== 'vpn' || up.length < 2) return up.map(({ id }) => id);
  const { staticRoutesOnly } = reader.get('vpn-connection', attachment.vpnConnectionId)!;
  const gateway = reader.get('transit-gateway', attachment.transitGatewayId);
  if (!staticRoutesOnly && gateway?.options.vpnEcmpSupport) return up.map(({ id }) => id);
  const since = (link: Link) =>
    link.kind === 'vpn-tunnel' ? lastTunnelChange(reader, link.connection, link.tunnel) : 0;
  return [up.toSorted((a, b) => since(a) - since(b))[0]!.id];
}

/** The virtual interfaces on a gateway. */
export function virtualInterfaceLinks(
  reader: ModelReader,
  gatewayId: string,
): readonly VirtualInterfaceLink[] {
  return reader
    .by('direct-connect-virtual-interface', 'gateway', gatewayId)
    .map(virtualInterfaceLink);
}

export function virtualInterfaceLink(virtualInterface: VirtualInterface): VirtualInterfaceLink {
  return { kind: 'virtual-interface', id: virtualInterface.id, virtualInterface };
}

/** The VPN tunnels that end at a gateway. */
export function tunnelLinksOf(reader: ModelReader, gatewayId: string): readonly TunnelLink[] {
  return connectionsOf(reader, gatewayId).flatMap(tunnelLinks);
}

/** Whether a packet may cross, whatever is known of what lies behind. */
export function isLinkOpen(link: Link): boolean {
  switch (link.kind) {
    case 'vpn-tunnel':
      return isTunnelOpen(link.connection, link.tunnel);
    case 'virtual-interface':
      return carriesVirtualInterface(link.virtualInterface);
    case 'connect-peer':
      return link.peer.state === 'available';
  }
}

/** Whether AWS sends packets by it: a static tunnel's IPsec is up, elsewhere a BGP session. */
export function isLinkUp(reader: ModelReader, link: Link): boolean {
  if (link.kind === 'vpn-tunnel') return isTunnelUp(reader, link.connection, link.tunnel);
  return isLinkOpen(link) && sessionIdsOf(reader, link).some((id) => isEstablished(reader, id));
}

function sessionIdsOf(reader: ModelReader, { id }: Link): readonly string[] {
  return reader.by('bgp-session', 'link', id).map((session) => session.id);
}

/** While it is being tested its sessions are held down (H-067), which is another matter. */
export function carriesVirtualInterface({ state }: VirtualInterface): boolean {
  return state === 'available' || state === 'testing';
}

/** What a site stands behind, as a link's own side names it. */
function uplinkOf(link: Link): string {
  return link.kind === 'vpn-tunnel' ? link.connection.customerGatewayId : link.id;
}

/** The site at the other end. */
export function siteOfLink(reader: ModelReader, link: Link): Site | undefined {
  return reader.first('site', 'uplink', uplinkOf(link));
}

/** A site's links that have not ended. */
export function linksOfSite(reader: ModelReader, { uplink: { id, kind } }: Site): readonly Link[] {
  if (kind !== 'customer-gateway') {
    const link = findLink(reader, id);
    return link === undefined ? [] : [link];
  }
  return reader
    .by('vpn-connection', 'customerGateway', id)
    .filter(({ state }) => state !== 'deleted')
    .flatMap(tunnelLinks);
}
