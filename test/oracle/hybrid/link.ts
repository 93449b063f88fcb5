/** What joins AWS to a customer's device: VPN tunnels, virtual interfaces, Connect peers. */
import type { VirtualInterface } from '../../../src/model/direct-connect/virtual-interface.ts';
import type { Site } from '../../../src/model/hybrid/site.ts';
import type { VpnConnection, VpnTunnel } from '../../../src/model/hybrid/vpn-connection.ts';
import type { TransitGatewayAttachment } from '../../../src/model/transit-gateway/attachment.ts';
import type { ConnectPeer } from '../../../src/model/transit-gateway/connect-peer.ts';
import type { Cidr } from '../../../src/net/cidr.ts';
import { addToIp, type Family, familyOf, formatIp, type Ip } from '../../../src/net/ip.ts';
import type { World } from '../world.ts';

interface LinkBase {
  /** As a site's `links` name it. */
  readonly id: string;
  /** Where its drops are. */
  readonly resource: string;
}

export interface Tunnel extends LinkBase {
  readonly kind: 'tunnel';
  readonly connection: VpnConnection;
  readonly tunnel: VpnTunnel;
}

export interface Circuit extends LinkBase {
  readonly kind: 'virtual interface';
  readonly virtualInterface: VirtualInterface;
}

export interface ConnectLink extends LinkBase {
  readonly kind: 'connect peer';
  readonly peer: ConnectPeer;
}

export type Link = Tunnel | Circuit | ConnectLink;

type Known = Pick<World, 'model'>;

/** All that have not ended. */
export function allLinks({ model }: Known): Link[] {
  const links: Link[] = [];
  for (const connection of model.all('vpn-connection')) {
    const { id: resource, state } = connection;
    if (state === 'deleted') continue;
    for (const tunnel of connection.tunnels) {
      const id = `${resource}|${formatIp(tunnel.outsideAddress)}`;
      links.push({ kind: 'tunnel', id, resource, connection, tunnel });
    }
  }
  for (const virtualInterface of model.all('direct-connect-virtual-interface')) {
    const { id, state } = virtualInterface;
    if (state === 'deleted' || state === 'rejected') continue;
    links.push({ kind: 'virtual interface', id, resource: id, virtualInterface });
  }
  for (const peer of model.all('transit-gateway-connect-peer')) {
    if (peer.state === 'deleted') continue;
    links.push({ kind: 'connect peer', id: peer.id, resource: peer.id, peer });
  }
  return links;
}

/** The site at a link's other end. */
export function siteBehind({ model }: Known, link: Link): Site | undefined {
  const uplink = link.kind === 'tunnel' ? link.connection.customerGatewayId : link.id;
  for (const site of model.all('site')) if (site.uplink.id === uplink) return site;
  return undefined;
}

export function linksOfSite(world: Known, { uplink }: Site): Link[] {
  return allLinks(world).filter((link) =>
    link.kind === 'tunnel'
      ? link.connection.customerGatewayId === uplink.id
      : link.id === uplink.id,
  );
}

/** The links behind an attachment of a transit gateway. */
export function linksBehind(world: Known, attachment: TransitGatewayAttachment): Link[] {
  return allLinks(world).filter((link) => isBehind(link, attachment));
}

function isBehind(link: Link, attachment: TransitGatewayAttachment): boolean {
  switch (attachment.resourceType) {
    case 'vpc':
    case 'peering':
      return false;
    case 'vpn':
      return link.kind === 'tunnel' && link.connection.id === attachment.vpnConnectionId;
    case 'connect':
      return link.kind === 'connect peer' && link.peer.attachmentId === attachment.id;
    case 'direct-connect-gateway':
      return (
        link.kind === 'virtual interface' &&
        link.virtualInterface.gateway?.id === attachment.directConnectGatewayId
      );
  }
}

/** Whether packets may pass at all: of a tunnel, IPsec is up (H-024). */
export function isOpen(link: Link): boolean {
  switch (link.kind) {
    case 'tunnel': {
      const { state } = link.connection;
      return (state === 'available' || state === 'modifying') && link.tunnel.status.ipsec;
    }
    case 'virtual interface':
      return ['available', 'testing'].includes(link.virtualInterface.state);
    case 'connect peer':
      return link.peer.state === 'available';
  }
}

/** Whether the device at the other end is there, and holds the link up. */
export function isHeld(world: Known, link: Link): boolean {
  const site = siteBehind(world, link);
  return site !== undefined && (site.links[link.id] ?? 'up') === 'up';
}

export function isStatic(link: Link): link is Tunnel {
  return link.kind === 'tunnel' && link.connection.staticRoutesOnly;
}

/** A BGP session that is Established. */
export interface Session {
  readonly id: string;
  readonly link: Link;
  readonly awsAsn: number;
  readonly site: Site;
  readonly families: readonly Family[];
  /** Which of a connection's tunnels (H-049). */
  readonly first: boolean;
}

/**
 * H-024: the device speaks on every link that it holds up, and is the system that AWS expects. Of a
 * Connect peer it depends on what has passed its transport lately, which is history: told.
 */
export function sessionsOn(world: Known, link: Link): Session[] {
  const site = siteBehind(world, link);
  const awsAsn = asnOfAws(world, link);
  if (site === undefined || awsAsn === undefined || !isOpen(link) || !isHeld(world, link))
    return [];
  const common = { id: link.id, link, awsAsn, site, first: true };
  switch (link.kind) {
    case 'tunnel': {
      const { connection, tunnel } = link;
      const device = world.model.get('customer-gateway', connection.customerGatewayId);
      if (connection.staticRoutesOnly || device?.bgpAsn !== site.asn) return [];
      const first = connection.tunnels[0] === tunnel;
      return [{ ...common, families: [connection.insideFamily], first }];
    }
    case 'virtual interface': {
      const held = heldDown(world, link.id);
      return link.virtualInterface.bgpPeers
        .filter(({ id, state, asn }) => {
          return state === 'available' && asn === site.asn && !held.includes(id);
        })
        .map(({ id, family }) => ({ ...common, id, families: [family] }));
    }
    case 'connect peer': {
      return [...world.model.all('bgp-session')]
        .filter(({ linkId, established }) => linkId === link.id && established)
        .map(({ id }) => ({ ...common, id, families: [4, 6] }));
    }
  }
}

/** H-067: the peers whose sessions a failover test holds down. */
function heldDown({ model }: Known, id: string): readonly string[] {
  for (const test of model.all('direct-connect-failover-test')) {
    if (test.virtualInterfaceId === id && test.status === 'in_progress') return test.bgpPeerIds;
  }
  return [];
}

/** Whether AWS sends by it. */
export function isUp(world: Known, link: Link): boolean {
  return isStatic(link) ? isOpen(link) : sessionsOn(world, link).length > 0;
}

function asnOfAws({ model }: Known, link: Link): number | undefined {
  switch (link.kind) {
    case 'tunnel': {
      const { gateway } = link.connection;
      if (gateway?.kind === 'vpn-gateway')
        return model.get('vpn-gateway', gateway.id)?.amazonSideAsn;
      return model.get('transit-gateway', gateway?.id ?? '')?.options.amazonSideAsn;
    }
    case 'virtual interface':
      return link.virtualInterface.gateway && link.virtualInterface.amazonSideAsn;
    case 'connect peer':
      return model.get('transit-gateway', link.peer.transitGatewayId)?.options.amazonSideAsn;
  }
}

/** The addresses inside a link: H-012, H-013, H-062, H-085. */
export function endsOfLink(link: Link): { readonly aws: Ip[]; readonly customer: Ip[] } {
  const at = (blocks: readonly (Cidr | undefined)[], ...offsets: number[]) =>
    blocks.flatMap((block) =>
      block ? offsets.map((offset) => addToIp(block.address, offset)) : [],
    );
  switch (link.kind) {
    case 'tunnel': {
      const blocks = [link.tunnel.insideCidr, link.tunnel.insideIpv6Cidr];
      return { aws: at(blocks, 1), customer: at(blocks, 2) };
    }
    case 'connect peer': {
      const blocks = [link.peer.insideCidr, link.peer.insideIpv6Cidr];
      return { aws: at(blocks, 2, 3), customer: at(blocks, 1) };
    }
    case 'virtual interface': {
      const peers = link.virtualInterface.bgpPeers.filter(({ state }) => state === 'available');
      return {
        aws: peers.map(({ amazonAddress }) => amazonAddress.address),
        customer: peers.map(({ customerAddress }) => customerAddress.address),
      };
    }
  }
}

export function ofFamily(families: readonly Family[], { address }: Cidr): boolean {
  return families.includes(familyOf(address));
}
