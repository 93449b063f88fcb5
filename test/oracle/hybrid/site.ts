/** On-premises networks: hosts behind a router that knows its links to AWS (contract). */
import type { Site } from '../../../src/model/hybrid/site.ts';
import { type Cidr, containsIp, formatCidr } from '../../../src/net/cidr.ts';
import { type Ip, ipEquals } from '../../../src/net/ip.ts';
import type { AsPath } from '../../../src/wire/bgp/as-path.ts';
import { type Drop, drop, type Outcome, type Packet, type Step } from '../packet.ts';
import { blocksOf, type World } from '../world.ts';
import { advertisedOn } from './advertised.ts';
import { servedVpc } from './attached.ts';
import {
  endsOfLink,
  isHeld,
  isOpen,
  isStatic,
  type Link,
  linksOfSite,
  sessionsOn,
} from './link.ts';
import { always, hops, least } from './path.ts';

/** What a host of the site sends, or its router itself. */
export function leaveSite(world: World, site: Site, packet: Packet): Outcome | Step {
  return throughRouter(world, site, packet, packet.source);
}

/** What comes to the site by a link: nothing of what AWS knew about it comes with it. */
export function arriveAtSite(world: World, site: Site, arrived: Packet): Outcome | Step {
  const packet: Packet = {
    ...arrived,
    sender: undefined,
    leftSubnet: undefined,
    cameByTransit: undefined,
  };
  return throughRouter(world, site, packet, packet.destination);
}

/** The router counts the time to live down, of what is not its own (H-079). */
function throughRouter(world: World, site: Site, packet: Packet, end: Ip): Outcome | Step {
  const links = linksOfSite(world, site);
  const own = links.flatMap((link) => endsOfLink(link).customer);
  if (isAmong(own, end)) return route(world, site, links, own, packet);
  if (packet.ttl <= 1) return drop('TTL_EXPIRED', site.id);
  return route(world, site, links, own, { ...packet, ttl: packet.ttl - 1 });
}

function isAmong(addresses: readonly Ip[], address: Ip): boolean {
  return addresses.some((one) => ipEquals(one, address));
}

function route(
  world: World,
  site: Site,
  links: readonly Link[],
  own: readonly Ip[],
  packet: Packet,
): Outcome | Step {
  const { destination } = packet;
  const far = links.find((link) => isAmong(endsOfLink(link).aws, destination));
  if (far !== undefined) return { next: 'cross to aws', link: far, packet };
  if (isAmong([...site.hosts, ...own], destination)) {
    return { disposition: 'delivered', place: { kind: 'site', name: site.id }, packet };
  }
  const here = site.prefixes.filter((block) => containsIp(block, destination));
  const inside = Math.max(-1, ...here.map(({ length }) => length));
  const link = linkTowards(world, site, links, destination, inside);
  if (link !== undefined) return { next: 'cross to aws', link, packet };
  return nowhere(site, inside);
}

function nowhere({ id }: Site, inside: number): Drop {
  return drop(inside < 0 ? 'NO_ROUTE_TO_DESTINATION' : 'NO_POSSIBLE_DESTINATION', id);
}

/** By the longest prefix that is longer than the site's own. */
function linkTowards(
  world: World,
  site: Site,
  links: readonly Link[],
  destination: Ip,
  inside: number,
): Link | undefined {
  const known = [
    ...toldTo(world, site, links, destination),
    ...setByOperator(world, site, links, destination),
  ].filter(({ block }) => block.length > inside);
  const longest = Math.max(...known.map(({ block }) => block.length));
  const [way] = known.filter(({ block }) => block.length === longest);
  return way?.link();
}

interface Way {
  readonly block: Cidr;
  /** By which of its links. */
  readonly link: () => Link;
}

/** What AWS has told by BGP: first of the ways to one prefix. */
function toldTo(world: World, site: Site, links: readonly Link[], destination: Ip): Way[] {
  const told = links
    .flatMap((link) => sessionsOn(world, link))
    .flatMap((session) => advertisedOn(world, session, destination))
    // RFC 4271 section 9.1.2: a path that it is part of already leads in a circle.
    .filter(({ asPath }) => !asPath.some(({ asns }) => asns.includes(site.asn)));
  return [...new Set(told.map(({ destination: block }) => formatCidr(block)))].map((prefix) => {
    const paths = told.filter(({ destination: block }) => formatCidr(block) === prefix);
    return {
      block: paths[0]!.destination,
      link: () => {
        // Whom the router takes of those that are equally good, nobody says; it shares among the
        // links of one path.
        const best = bestAtSite(paths);
        const { asPath } = always(world, `${site.id}|${prefix}`, best);
        return world.choose([
          ...new Set(best.filter((path) => isSame(path.asPath, asPath)).map(({ link }) => link)),
        ]);
      },
    };
  });
}

function isSame(a: AsPath, b: AsPath): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

type Told = ReturnType<typeof advertisedOn>[number];

/** H-109: the shortest AS path, of one neighbour the lowest MED, eBGP before iBGP. */
function bestAtSite(paths: readonly Told[]): Told[] {
  const shortest = least(paths, ({ asPath }) => hops(asPath));
  const liked = shortest.filter(
    (path) => !shortest.some((other) => other.speaker === path.speaker && other.med < path.med),
  );
  return least(liked, ({ internal }) => (internal ? 1 : 0));
}

/** Of a static connection: to the gateway's VPC, or all that the selectors let through. */
function setByOperator(world: World, site: Site, links: readonly Link[], destination: Ip): Way[] {
  const ways: { readonly block: Cidr; readonly link: Link }[] = [];
  for (const link of links) {
    if (!isStatic(link) || !isOpen(link) || !isHeld(world, link)) continue;
    const { gateway, remoteCidr } = link.connection;
    const vpc = gateway?.kind === 'vpn-gateway' ? servedVpc(world, gateway.id) : undefined;
    const blocks = gateway?.kind === 'transit-gateway' ? [remoteCidr] : vpc ? blocksOf(vpc) : [];
    for (const block of blocks) {
      if (containsIp(block, destination)) ways.push({ block, link });
    }
  }
  return ways.map(({ block }) => {
    const prefix = formatCidr(block);
    const same = ways.filter((way) => formatCidr(way.block) === prefix);
    return { block, link: () => always(world, `${site.id}|static|${prefix}`, same).link };
  });
}
