/** Virtual private gateways: between a VPC and VPN connections or Direct Connect (H6). */
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { type Cidr, containsIp, formatCidr } from '../../../src/net/cidr.ts';
import type { Ip } from '../../../src/net/ip.ts';
import { drop, fitInto, type Outcome, type Packet, type Step } from '../packet.ts';
import { edgeTableOf, routeIn } from '../route-table.ts';
import { blocksOf, interfaceWith, isIn, type World } from '../world.ts';
import { crossToCustomer } from './customer-link.ts';
import { isAssociatedWith } from './direct-connect.ts';
import { allLinks, isStatic, isUp, type Link } from './link.ts';
import { alike, always, bestOf, learnedBy, type Path } from './path.ts';

/** For whom: its VPC, or what links reach `through` it, of which a DX gateway is no part (H-051). */
export type Scope = 'vpc' | 'through';

/** H-066: of what is not propagated. */
const MTU = 1500;

/** The VPC that the gateway is attached to. */
export function servedVpc({ model }: World, gatewayId: string): Vpc | undefined {
  const { attachment } = model.get('vpn-gateway', gatewayId) ?? {};
  return attachment?.state === 'attached' ? model.get('vpc', attachment.vpcId) : undefined;
}

/** Out of the VPC: what is its own. */
export function leaveByVirtualGateway(
  world: World,
  gatewayId: string,
  vpcId: string,
  packet: Packet,
  isPropagated: boolean,
): Outcome | Step {
  const vpc = world.model.get('vpc', vpcId)!;
  if (packet.cameByTransit || !isIn(blocksOf(vpc), packet.source)) {
    return drop('VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS', gatewayId);
  }
  const fitted = isPropagated ? packet : fitInto(packet, MTU, gatewayId);
  if ('disposition' in fitted) return fitted;
  const outside = { ...fitted, sender: undefined, leftSubnet: undefined, cameByTransit: undefined };
  return routeAtGateway(world, gatewayId, 'vpc', outside);
}

/** H-047, H-048, H-051: the longest prefix that it knows, of equal ones the VPC's own. */
export function routeAtGateway(
  world: World,
  gatewayId: string,
  scope: Scope | 'vpc only',
  packet: Packet,
): Outcome | Step {
  const { destination } = packet;
  const vpc = servedVpc(world, gatewayId);
  const own = (vpc ? blocksOf(vpc) : []).filter((block) => containsIp(block, destination));
  const inside = Math.max(-1, ...own.map(({ length }) => length));
  const known = scope === 'vpc only' ? [] : knownPrefixes(world, gatewayId, scope, destination);
  const longest = known.toSorted((a, b) => b.length - a.length)[0];
  if (scope !== 'vpc only' && longest !== undefined && longest.length > inside) {
    const mixed = isMixed(world, linksAt(world, gatewayId, scope), longest);
    const fitted = mixed ? fitInto(packet, MTU, gatewayId) : packet;
    if ('disposition' in fitted) return fitted;
    return crossToCustomer(world, linkOf(world, gatewayId, scope, longest), fitted);
  }
  if (vpc === undefined || inside < 0) return drop('NO_POSSIBLE_DESTINATION', gatewayId);
  return enterVpc(world, gatewayId, vpc.id, packet);
}

/** H-066: where the ways to a prefix carry packets of different size, nobody's is jumbo. */
function isMixed(world: World, links: readonly Link[], prefix: Cidr): boolean {
  const direct = pathsTo(world, links, 'virtual interface', prefix);
  const sizes = new Set(
    direct.map(({ link }) => link.kind === 'virtual interface' && link.virtualInterface.mtu),
  );
  const isVpn =
    pathsTo(world, links, 'tunnel', prefix).length > 0 ||
    links.some((link) => holds(staticPrefixes(world, link), prefix));
  return sizes.size > 1 || (sizes.size === 1 && isVpn);
}

/** To an interface alone, by the gateway's own table where it has one. */
function enterVpc(world: World, gatewayId: string, vpcId: string, arrived: Packet): Outcome | Step {
  const packet = { ...arrived, sender: undefined, leftSubnet: undefined, cameByTransit: undefined };
  if (interfaceWith(world, vpcId, packet.destination) === undefined) {
    return drop('VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', gatewayId);
  }
  const edge = edgeTableOf(world, gatewayId);
  if (edge === undefined) return { next: 'find in vpc', vpcId, packet };
  const { target, verdict } = routeIn(world, edge, vpcId, packet.destination);
  if (verdict !== undefined) return verdict;
  if (target.kind !== 'network-interface') return { next: 'find in vpc', vpcId, packet };
  const eni = world.model.get('network-interface', target.id)!;
  return { next: 'arrive at interface', eni, packet };
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
function linkOf(world: World, gatewayId: string, scope: Scope, prefix: Cidr): Link {
  const links = linksAt(world, gatewayId, scope);
  const direct = shared(world, gatewayId, pathsTo(world, links, 'virtual interface', prefix));
  if (direct.length > 0) return world.choose([...new Set(direct.map(({ link }) => link))]);
  const what = `${gatewayId}|${formatCidr(prefix)}`;
  const made = links.filter((link) => holds(staticPrefixes(world, link), prefix));
  if (made.length > 0) return always(world, what, made);
  return always(world, what, bestOf(pathsTo(world, links, 'tunnel', prefix), 'neighbour')).link;
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
  const best = bestOf(pathsTo(world, links, 'tunnel', prefix), 'neighbour');
  if (best.length === 0) return undefined;
  return always(world, `${gatewayId}|${formatCidr(prefix)}`, best);
}

function shared(world: World, gatewayId: string, paths: readonly Path[]): Path[] {
  const [first] = paths;
  if (first === undefined) return [];
  const what = `${gatewayId}|direct|${formatCidr(first.destination)}`;
  return alike(world, what, bestOf(paths, 'neighbour'));
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
