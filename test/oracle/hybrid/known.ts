/** What prefixes a virtual private gateway knows, and by which link each goes (A-029, H-048). */
import { type Cidr, containsIp, formatCidr } from '../../../src/net/cidr.ts';
import type { Ip } from '../../../src/net/ip.ts';
import type { World } from '../world.ts';
import { isAssociatedWith } from './attached.ts';
import { allLinks, isStatic, isUp, type Link } from './link.ts';
import { alike, always, bestOf, learnedBy, type Path } from './path.ts';

/** For its VPC, or for what links reach `through` it, of which a DX gateway is no part (H-051). */
export type Scope = 'vpc' | 'through';

/** H-066: where the ways to a prefix carry packets of different size, nobody's is jumbo. */
export function isMixed(world: World, gatewayId: string, scope: Scope, prefix: Cidr): boolean {
  const links = linksAt(world, gatewayId, scope);
  const direct = pathsTo(world, links, 'virtual interface', prefix);
  const sizes = new Set(
    direct.map(({ link }) => link.kind === 'virtual interface' && link.virtualInterface.mtu),
  );
  const isVpn =
    pathsTo(world, links, 'tunnel', prefix).length > 0 ||
    links.some((link) => holds(staticPrefixes(world, link), prefix));
  return sizes.size > 1 || (sizes.size === 1 && isVpn);
}

/** The prefixes that hold for an address. */
export function knownPrefixes(world: World, gatewayId: string, scope: Scope, address: Ip): Cidr[] {
  const links = linksAt(world, gatewayId, scope);
  const prefixes = [
    ...links.flatMap((link) => learnedBy(world, link).map(({ destination }) => destination)),
    ...links.flatMap((link) => staticPrefixes(world, link)),
  ];
  const matching = prefixes.filter((block) => containsIp(block, address));
  return [...new Map(matching.map((block) => [formatCidr(block), block])).values()];
}

function linksAt(world: World, gatewayId: string, scope: Scope): Link[] {
  return allLinks(world).filter((link) => {
    if (link.kind === 'tunnel') return link.connection.gateway?.id === gatewayId;
    if (link.kind !== 'virtual interface') return false;
    const { gateway } = link.virtualInterface;
    if (gateway?.kind === 'vpn-gateway') return gateway.id === gatewayId;
    return scope === 'vpc' && isAssociatedWith(world, gateway?.id, gatewayId);
  });
}

function staticPrefixes(world: World, link: Link): Cidr[] {
  if (!isStatic(link) || !isUp(world, link)) return [];
  return [...world.model.all('vpn-connection-route')].flatMap((route) =>
    route.vpnConnectionId === link.connection.id && route.state === 'available'
      ? [route.destination]
      : [],
  );
}

/** Direct Connect, then static routes, then BGP; by one tunnel, whichever (H-048). */
export function linkOf(world: World, gatewayId: string, scope: Scope, prefix: Cidr): Link {
  const links = linksAt(world, gatewayId, scope);
  const direct = shared(world, gatewayId, pathsTo(world, links, 'virtual interface', prefix));
  if (direct.length > 0) return world.choose([...new Set(direct.map(({ link }) => link))]);
  const what = `${gatewayId}|${formatCidr(prefix)}`;
  const made = links.filter((link) => holds(staticPrefixes(world, link), prefix));
  if (made.length > 0) return always(world, what, made);
  return always(
    world,
    what,
    bestOf(pathsTo(world, links, 'tunnel', prefix), 'neighbour', undefined),
  ).link;
}

/** What the gateway has learned of a prefix and tells others (H-050): not what is static. */
export function learnedAtGateway(
  world: World,
  gatewayId: string,
  scope: Scope,
  prefix: Cidr,
): Path | undefined {
  const links = linksAt(world, gatewayId, scope);
  const [direct] = shared(world, gatewayId, pathsTo(world, links, 'virtual interface', prefix));
  if (direct !== undefined) return direct;
  if (links.some((link) => holds(staticPrefixes(world, link), prefix))) return undefined;
  const best = bestOf(pathsTo(world, links, 'tunnel', prefix), 'neighbour', undefined);
  if (best.length === 0) return undefined;
  return always(world, `${gatewayId}|${formatCidr(prefix)}`, best);
}

function shared(world: World, gatewayId: string, paths: readonly Path[]): Path[] {
  const [first] = paths;
  if (first === undefined) return [];
  const what = `${gatewayId}|direct|${formatCidr(first.destination)}`;
  return alike(world, what, bestOf(paths, 'neighbour', regionOf(world, gatewayId)));
}

function regionOf({ model }: World, gatewayId: string): string | undefined {
  return model.get('vpn-gateway', gatewayId)?.region;
}

function pathsTo(world: World, links: readonly Link[], kind: Link['kind'], prefix: Cidr): Path[] {
  return links
    .filter((link) => link.kind === kind)
    .flatMap((link) => learnedBy(world, link))
    .filter(({ destination }) => formatCidr(destination) === formatCidr(prefix));
}

function holds(blocks: readonly Cidr[], prefix: Cidr): boolean {
  return blocks.some((block) => formatCidr(block) === formatCidr(prefix));
}
