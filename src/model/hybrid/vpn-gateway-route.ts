/** What a virtual private gateway reaches beside its VPC, and by which link (A-029, H-048). */
import { type Cidr, compareCidr, formatCidr } from '../../net/cidr.ts';
import { carriesAssociation } from '../direct-connect/gateway-association.ts';
import type { ModelReader } from '../model.ts';
import { bestPaths, bySteadiness, sharers } from './best-path.ts';
import { seenFrom } from './community-preference.ts';
import type { LearnedRoute } from './learned-route.ts';
import {
  isLinkOpen,
  isLinkUp,
  type Link,
  type TunnelLink,
  tunnelLinksOf,
  virtualInterfaceLinks,
} from './link.ts';
import { lastTunnelChange } from './vpn-connection.ts';

/** Of one prefix: where its packets go. */
export interface VpnGatewayRoute {
  readonly destination: Cidr;
  /** One of a VPN (H-048), those that share the packets of Direct Connect. */
  readonly linkIds: readonly string[];
  readonly source: 'direct-connect' | 'static' | 'bgp';
  /** Of what was learned: the best of its routes. */
  readonly learned?: LearnedRoute;
  /** H-066: several ways to the prefix that carry packets of different size carry none larger. */
  readonly isMixed: boolean;
}

/**
 * Every prefix once, in order: all that the VPC reaches, or what links reach `through` the gateway
 * (CloudHub, H-050), of which a Direct Connect gateway is no part (H-051).
 */
export function vpnGatewayRoutes(
  reader: ModelReader,
  vpnGatewayId: string,
  scope: 'vpc' | 'through' = 'vpc',
): readonly VpnGatewayRoute[] {
  const region = reader.get('vpn-gateway', vpnGatewayId)?.region;
  const routes = new Map<string, VpnGatewayRoute>();
  const tunnels = tunnelLinksOf(reader, vpnGatewayId);
  const interfaces = [
    ...virtualInterfaceLinks(reader, vpnGatewayId),
    ...(scope === 'vpc' ? directConnectLinks(reader, vpnGatewayId) : []),
  ];
  // what comes later goes before what is there.
  for (const route of learnedRoutes(reader, region, tunnels, 'bgp')) put(routes, route);
  for (const route of staticRoutes(reader, tunnels)) put(routes, route);
  for (const route of learnedRoutes(reader, region, interfaces, 'direct-connect')) {
    const isBesideVpn = routes.has(formatCidr(route.destination));
    put(routes, isBesideVpn ? { ...route, isMixed: true } : route);
  }
  return [...routes.values()].sort((a, b) => compareCidr(a.destination, b.destination));
}

function put(routes: Map<string, VpnGatewayRoute>, route: VpnGatewayRoute): void {
  routes.set(formatCidr(route.destination), route);
}

/** Virtual interfaces of Direct Connect gateways that the gateway is joined to. */
function directConnectLinks(reader: ModelReader, vpnGatewayId: string): readonly Link[] {
  return reader
    .by('direct-connect-gateway-association', 'gateway', vpnGatewayId)
    .filter(carriesAssociation)
    .flatMap(({ directConnectGatewayId }) => virtualInterfaceLinks(reader, directConnectGatewayId));
}

function* learnedRoutes(
  reader: ModelReader,
  region: string | undefined,
  links: readonly Link[],
  source: 'direct-connect' | 'bgp',
): Generator<VpnGatewayRoute> {
  const byPrefix = new Map<string, LearnedRoute[]>();
  for (const link of links.filter(isLinkOpen)) {
    for (const route of reader.by('learned-route', 'link', link.id)) {
      const key = formatCidr(route.destination);
      byPrefix.set(key, [...(byPrefix.get(key) ?? []), seenFrom(reader, region, route)]);
    }
  }
  for (const routes of byPrefix.values()) {
    const best = sharers(bySteadiness(reader, bestPaths(routes, 'neighbor')));
    const [learned] = best;
    const sharing = source === 'bgp' ? [learned!] : best;
    const linkIds = [...new Set(sharing.map(({ linkId }) => linkId))].sort();
    const isMixed = new Set(routes.map(({ linkId }) => mtuOf(reader, linkId))).size > 1;
    yield { destination: learned!.destination, linkIds, source, learned: learned!, isMixed };
  }
}

/** Of virtual interfaces: tunnels are alike. */
function mtuOf(reader: ModelReader, linkId: string): number | undefined {
  return reader.get('direct-connect-virtual-interface', linkId)?.mtu;
}

/** H-048: a static connection sends by one of its tunnels: the one that is up the longest. */
function* staticRoutes(
  reader: ModelReader,
  tunnels: readonly TunnelLink[],
): Generator<VpnGatewayRoute> {
  const seen = new Set<string>();
  const since = ({ connection, tunnel }: TunnelLink) =>
    lastTunnelChange(reader, connection, tunnel);
  const up = tunnels.filter((link) => link.connection.staticRoutesOnly && isLinkUp(reader, link));
  for (const { id, connection } of up.toSorted((a, b) => since(a) - since(b))) {
    for (const { destination, state } of reader.by(
      'vpn-connection-route',
      'connection',
      connection.id,
    )) {
      const key = formatCidr(destination);
      if (state !== 'available' || seen.has(key)) continue;
      seen.add(key);
      yield { destination, linkIds: [id], source: 'static', isMixed: false };
    }
  }
}
