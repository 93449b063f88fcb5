/**
 * The stations of hybrid networks: made when something first leads to them, so that links, sites
 * and gateways can be compiled in any order.
 */
import { findLink, type Link } from '../../model/hybrid/link.ts';
import { hashText } from '../../net/hash.ts';
import type { Candidate } from '../choice.ts';
import type { Reason } from '../reason.ts';
import { type Direction, type HopKind, type Role, Station } from '../station.ts';
import { type Action, ANY, type Citation, type Rule } from '../table.ts';
import { edgeStation } from './edge-station.ts';
import type {
  DirectConnectGatewayNode,
  LinkNode,
  Network,
  SiteNode,
  TransitLinksNode,
  VpnGatewayNode,
} from './state.ts';

export function dropAll(reason: Reason, cites?: Citation): Rule {
  return { match: ANY, actions: [{ do: 'drop', reason }], ...(cites && { cites }) };
}

/** By one of the links that share a prefix's packets. */
export function byLinks(
  network: Network,
  linkIds: readonly string[],
  way: 'out' | 'into',
  cites: Citation,
): Rule {
  const among = linkIds.flatMap((id): Candidate[] => {
    const link = findLink(network.model, id);
    return link === undefined ? [] : [{ key: hashText(id), to: linkNode(network, link)[way] }];
  });
  const [first, other] = among;
  if (first === undefined) return dropAll('BAD_STATE_VPN', cites);
  const onwards: Action = other ? { do: 'choose', among } : { do: 'go', to: first.to };
  return { match: ANY, actions: [onwards], cites };
}

/** The stations of a link, made at first use. */
export function linkNode(network: Network, link: Link): LinkNode {
  const known = network.links.get(link.id);
  if (known !== undefined) return known;
  const resource = link.kind === 'vpn-tunnel' ? link.connection.id : link.id;
  const make = (direction: Direction, silent = false) =>
    new Station({
      role: 'customer-link',
      resource,
      binding: link.id,
      kind: HOP_KINDS[link.kind],
      direction,
      silent,
    });
  // What an appliance wraps is a hop where the gateway takes it out.
  const into = make('ingress', link.kind === 'connect-peer');
  const node: LinkNode = { out: make('egress'), into, end: make('ingress') };
  breakLink(node);
  network.links.set(link.id, node);
  return node;
}

const HOP_KINDS: Readonly<Record<Link['kind'], HopKind>> = {
  'vpn-tunnel': 'vpn-connection',
  'virtual-interface': 'virtual-interface',
  'connect-peer': 'transit-gateway-connect-peer',
};

/** What still leads to it drops. */
export function breakLink({ out, into, end }: LinkNode): void {
  out.table = into.table = end.table = { rules: [], otherwise: dropAll('BAD_STATE_VPN') };
}

/** The stations of a site, made at first use. */
export function siteNode(network: Network, resource: string): SiteNode {
  const known = network.sites.get(resource);
  if (known !== undefined) return known;
  const make = (direction: Direction, silent: boolean) =>
    new Station({ role: 'site', resource, kind: 'site', direction, silent });
  const node: SiteNode = {
    send: make('egress', true),
    outwards: make('egress', false),
    arrive: make('ingress', true),
    inwards: make('ingress', false),
  };
  network.sites.set(resource, node);
  return node;
}

/** The stations of a gateway, made at first use. */
export function vpnGatewayNode(network: Network, resource: string): VpnGatewayNode {
  const known = network.vpnGateways.get(resource);
  if (known !== undefined) return known;
  const make = (direction: Direction, silent: boolean) =>
    new Station({
      role: 'virtual-private-gateway',
      resource,
      kind: 'vpn-gateway',
      direction,
      silent,
    });
  const node: VpnGatewayNode = {
    out: make('egress', true),
    outJumbo: make('egress', true),
    routes: make('egress', false),
    through: make('ingress', false),
    fromDirectConnect: make('ingress', false),
    into: make('ingress', true),
    edge: edgeStation(),
  };
  network.vpnGateways.set(resource, node);
  return node;
}

/** The stations of a gateway, made at first use. */
export function directConnectGatewayNode(
  network: Network,
  resource: string,
): DirectConnectGatewayNode {
  const known = network.directConnectGateways.get(resource);
  if (known !== undefined) return known;
  const role = 'direct-connect-gateway';
  const into = new Station({ role, resource, kind: role, direction: 'ingress' });
  const node: DirectConnectGatewayNode = { exits: new Map(), into };
  network.directConnectGateways.set(resource, node);
  return node;
}

/** The stations of an attachment, made at first use. */
export function transitLinksNode(network: Network, resource: string): TransitLinksNode {
  const known = network.transitLinks.get(resource);
  if (known !== undefined) return known;
  const make = (direction: Direction) => transitLinkStation(resource, direction);
  const down = make('egress');
  down.table = { rules: [], otherwise: dropAll('TGW_BAD_STATE_VPN') };
  const entry = make('ingress');
  const node: TransitLinksNode = { entry, exits: new Map(), down };
  network.transitLinks.set(resource, node);
  return node;
}

export function transitLinkStation(resource: string, direction: Direction): Station {
  const role: Role = 'transit-gateway-link';
  return new Station({ role, resource, kind: 'transit-gateway-attachment', direction });
}
