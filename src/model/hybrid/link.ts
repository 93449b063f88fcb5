/**
 * Links: what a packet crosses between AWS and a customer's device. A VPN tunnel, a virtual
 * interface of Direct Connect, a Connect peer's GRE tunnel.
 */
import { isLiveInterface, type VirtualInterface } from '../direct-connect/virtual-interface.ts';
import type { ModelReader } from '../model.ts';
import type { TransitGatewayAttachment } from '../transit-gateway/attachment.ts';
import { type ConnectPeer, isLivePeer } from '../transit-gateway/connect-peer.ts';
import { isEstablished } from './bgp-session.ts';
import type { Site, SiteUplink } from './site.ts';
import {
  connectionsOf,
  isLiveConnection,
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

/** The record that a link is of: its id is `vpn-…|OUTSIDE-ADDRESS`, `dxvif-…` or a peer's. */
export function linkRecord(id: string) {
  if (id.startsWith('vpn-')) return ['vpn-connection', id.slice(0, id.indexOf('|'))] as const;
  if (id.startsWith('dxvif-')) return ['direct-connect-virtual-interface', id] as const;
  return ['transit-gateway-connect-peer', id] as const;
}

export function findLink(reader: ModelReader, id: string): Link | undefined {
  const [kind, owner] = linkRecord(id);
  switch (kind) {
    case 'vpn-connection': {
      const connection = reader.get(kind, owner);
      return connection && tunnelLinks(connection).find((link) => link.id === id);
    }
    case 'direct-connect-virtual-interface': {
      const virtualInterface = reader.get(kind, owner);
      return virtualInterface && virtualInterfaceLink(virtualInterface);
    }
    case 'transit-gateway-connect-peer': {
      const peer = reader.get(kind, owner);
      return peer && { kind: 'connect-peer', id, peer };
    }
  }
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
function carriesVirtualInterface({ state }: VirtualInterface): boolean {
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

/** Whether nothing will bring it back: its record is described for a while, and no more. */
export function hasEnded(link: Link): boolean {
  switch (link.kind) {
    case 'vpn-tunnel':
      return !isLiveConnection(link.connection);
    case 'virtual-interface':
      return !isLiveInterface(link.virtualInterface);
    case 'connect-peer':
      return !isLivePeer(link.peer);
  }
}

/** A site's links that have not ended. */
export function linksOfSite(
  reader: ModelReader,
  { uplink }: Pick<Site, 'uplink'>,
): readonly Link[] {
  return linksBehind(reader, uplink).filter((link) => !hasEnded(link));
}

function linksBehind(reader: ModelReader, { id, kind }: SiteUplink): readonly Link[] {
  if (kind !== 'customer-gateway') {
    const link = findLink(reader, id);
    return link === undefined ? [] : [link];
  }
  return reader.by('vpn-connection', 'customerGateway', id).flatMap(tunnelLinks);
}
