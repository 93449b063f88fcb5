/** Route tables of transit gateways: which way holds for an address, and by which link it goes. */
import type { TransitGatewayAttachment } from '../../src/model/transit-gateway/attachment.ts';
import { type Cidr, containsIp, formatCidr } from '../../src/net/cidr.ts';
import type { Ip } from '../../src/net/ip.ts';
import { isUp as isLinkUp, type Link, linksBehind } from './hybrid/link.ts';
import { alike, always, bestOf, learnedBy, type Path } from './hybrid/path.ts';
import { entriesOf, type World } from './world.ts';

/** What carries packets: a modification interrupts nothing. */
export function isUpAttachment({ state }: TransitGatewayAttachment): boolean {
  return state === 'available' || state === 'modifying' || state === 'rollingBack';
}

/** The attachment that a link is behind. */
export function attachmentOfLink(
  { model }: Pick<World, 'model'>,
  link: Link,
): TransitGatewayAttachment | undefined {
  if (link.kind === 'connect peer') {
    return model.get('transit-gateway-attachment', link.peer.attachmentId);
  }
  if (link.kind === 'virtual interface') return undefined;
  for (const one of model.all('transit-gateway-attachment')) {
    if (one.resourceType !== 'vpn' || one.vpnConnectionId !== link.connection.id) continue;
    if (one.state !== 'deleted') return one;
  }
  return undefined;
}

/** By the link that has been told of, or by one that is up (C-101). */
export function linkOf(world: World, to: TransitGatewayAttachment, route: Way): Link | undefined {
  if (route.link) return route.link();
  const links = linksBehind(world, to).filter((link) => isLinkUp(world, link));
  if (links.length === 0) return undefined;
  const isShared = to.resourceType !== 'vpn' || (sharesVpn(world, to) && !isStaticVpn(world, to));
  return isShared ? world.choose(links) : always(world, to.id, links);
}

/** C-101 */
function sharesVpn({ model }: World, { transitGatewayId }: TransitGatewayAttachment): boolean {
  return model.get('transit-gateway', transitGatewayId)!.options.vpnEcmpSupport;
}

function isStaticVpn({ model }: World, to: TransitGatewayAttachment): boolean {
  if (to.resourceType !== 'vpn') return false;
  return model.get('vpn-connection', to.vpnConnectionId)!.staticRoutesOnly;
}

export function tableOf(
  { model }: World,
  gatewayId: string,
  { id }: TransitGatewayAttachment,
): string | undefined {
  for (const one of model.all('transit-gateway-route-table-association')) {
    if (one.transitGatewayId !== gatewayId || one.attachmentId !== id) continue;
    if (one.state === 'associated') return one.routeTableId;
  }
  return undefined;
}

export interface Way {
  readonly destination: Cidr;
  readonly attachmentId?: string;
  /** C-064: of one destination the lowest holds; then the first by name. */
  readonly rank: number;
  readonly name: string;
  /** Of what was learned. */
  readonly path?: Path;
  readonly link?: () => Link;
}

/** C-063 */
export function routeIn(world: World, tableId: string, destination: Ip): Way | undefined {
  const [longest] = rulingWays(world, tableId, destination).toSorted(
    ([a], [b]) => b!.destination.length - a!.destination.length,
  );
  return longest?.[0];
}

/** Of each destination that an address is in, the ways that hold: several share what they get. */
export function rulingWays(world: World, tableId: string, address: Ip): Way[][] {
  const byBlock = new Map<string, Way[]>();
  for (const way of waysOf(world, tableId)) {
    if (!containsIp(way.destination, address)) continue;
    const block = formatCidr(way.destination);
    byBlock.set(block, [...(byBlock.get(block) ?? []), way]);
  }
  return [...byBlock].map(([block, ways]) => {
    const rank = Math.min(...ways.map((way) => way.rank));
    const equal = ways.filter((way) => way.rank === rank);
    const learned = equal.flatMap((way) => (way.path ? [{ way, ...way.path }] : []));
    if (learned.length === 0) return equal.sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 1);
    return bestWays(world, `${tableId}|${block}`, learned);
  });
}

/** C-065; C-096, C-101, C-109: those of one AS path share, of VPNs only where they may. */
function bestWays(world: World, what: string, ways: readonly (Path & Behind)[]): Way[] {
  const attachmentOf = ({ way: { attachmentId = '' } }: Behind) =>
    world.model.get('transit-gateway-attachment', attachmentId)!;
  const { transitGatewayId } = attachmentOf(ways[0]!);
  const region = world.model.get('transit-gateway', transitGatewayId)?.region;
  const best = alike(world, what, bestOf(ways, 'all', region));
  const attachment = attachmentOf(best[0]!);
  if (attachment.resourceType === 'vpn' && !sharesVpn(world, attachment)) {
    const { way, link } = always(world, `${what}|link`, best);
    return [{ ...way, link: () => link }];
  }
  return best.map(({ way }) => ({ ...way, link: () => world.choose(best).link }));
}

interface Behind {
  readonly way: Way;
}

/** C-064, C-061: of attachments, by what they are of. */
const RANKS = { vpc: 2, 'direct-connect-gateway': 3, connect: 4, vpn: 6 } as const;

function waysOf(world: World, tableId: string): Way[] {
  const { model } = world;
  const ways: Way[] = [];
  for (const route of model.all('transit-gateway-route')) {
    if (route.routeTableId !== tableId) continue;
    if (route.type === 'static') ways.push({ ...plainRoute(route), rank: 0, name: '' });
    else if (route.resourceType === 'vpc' && !route.suppressed) {
      ways.push({ ...plainRoute(route), rank: RANKS.vpc, name: route.attachmentId });
    }
  }
  for (const reference of model.all('transit-gateway-prefix-list-reference')) {
    const { routeTableId, prefixListId, attachmentId, state } = reference;
    if (routeTableId !== tableId || (state !== 'available' && state !== 'modifying')) continue;
    for (const destination of entriesOf(model, prefixListId)) {
      const to = attachmentId === undefined ? {} : { attachmentId };
      ways.push({ destination, ...to, rank: 1, name: prefixListId });
    }
  }
  return [...ways, ...learnedWays(world, tableId)];
}

function plainRoute({ destination, attachmentId }: Pick<Way, 'destination' | 'attachmentId'>) {
  return { destination, ...(attachmentId !== undefined && { attachmentId }) };
}

/** C-061: what attachments that propagate to the table have learned. */
function learnedWays(world: World, tableId: string): Way[] {
  const { model } = world;
  const ways: Way[] = [];
  for (const one of model.all('transit-gateway-route-table-propagation')) {
    if (one.routeTableId !== tableId || one.state !== 'enabled') continue;
    const attachment = model.get('transit-gateway-attachment', one.attachmentId);
    if (attachment === undefined || !isUpAttachment(attachment)) continue;
    const { resourceType, id } = attachment;
    if (resourceType === 'vpc' || resourceType === 'peering') continue;
    for (const path of linksBehind(world, attachment).flatMap((link) => learnedBy(world, link))) {
      const { destination } = path;
      ways.push({ destination, attachmentId: id, rank: RANKS[resourceType], name: id, path });
    }
  }
  return ways;
}
