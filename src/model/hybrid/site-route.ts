/** Where a site's router sends what is not its own. */
import type { Cidr } from '../../net/cidr.ts';
import { containsIp, formatCidr } from '../../net/cidr.ts';
import { type Ip, ipEquals } from '../../net/ip.ts';
import type { ModelReader } from '../model.ts';
import { activeCidrs } from '../vpc/vpc.ts';
import { isLinkOpen, type Link, linksOfSite, type TunnelLink } from './link.ts';
import { linkAddresses } from './link-address.ts';
import { type Site, stateOfLink } from './site.ts';
import { lastTunnelChange } from './vpn-connection.ts';
import { servesVpc } from './vpn-gateway.ts';

/** A prefix that the router has learned by BGP. It goes with the sessions. */
export interface SiteRoute {
  /** `SITE|PREFIX` */
  readonly id: string;
  readonly siteId: string;
  readonly destination: Cidr;
  /** The links that share its packets, at least one. */
  readonly linkIds: readonly string[];
  /** As `show ip bgp` writes it: numbers with spaces between. */
  readonly asPath: string;
  readonly med?: number;
}

export function siteRouteId(siteId: string, destination: Cidr): string {
  return `${siteId}|${formatCidr(destination)}`;
}

/** Whether the site's device holds a link up. */
export function holdsUp(site: Site, linkId: string): boolean {
  return stateOfLink(site, linkId) === 'up';
}

/** Where a prefix is reached from a site, by whatever means the router knows it. */
export type KnownRoute = Pick<SiteRoute, 'destination' | 'linkIds'> &
  Partial<Pick<SiteRoute, 'asPath' | 'med'>>;

/** What is learned, and the routes that the operator of a static connection's device has set. */
export function siteRoutes(reader: ModelReader, site: Site): readonly KnownRoute[] {
  const known = new Map<string, KnownRoute>();
  for (const route of staticRoutes(reader, site)) known.set(formatCidr(route.destination), route);
  for (const route of reader.by('site-route', 'site', site.id)) {
    known.set(formatCidr(route.destination), route);
  }
  return [...known.values()];
}

/**
 * Whether an address lies at the site and is nobody's that is played here: the longest of its own
 * prefixes and of its routes decides, its own where they are equal.
 */
export function isBehindSite(reader: ModelReader, site: Site, address: Ip): boolean {
  const ends = linksOfSite(reader, site)
    .flatMap(linkAddresses)
    .flatMap(({ aws, customer }) => [aws, customer]);
  if ([...site.hosts, ...ends].some((one) => ipEquals(one, address))) return false;
  const longest = (blocks: readonly Cidr[]) =>
    Math.max(-1, ...blocks.filter((one) => containsIp(one, address)).map(({ length }) => length));
  const own = longest(site.prefixes);
  if (own < 0) return false;
  return own >= longest(siteRoutes(reader, site).map(({ destination }) => destination));
}

/** To the VPC of a virtual private gateway, to all that a transit gateway's connection carries. */
function staticRoutes(reader: ModelReader, site: Site): readonly KnownRoute[] {
  const since = ({ connection, tunnel }: TunnelLink) =>
    lastTunnelChange(reader, connection, tunnel);
  const routes = new Map<string, KnownRoute>();
  const links = linksOfSite(reader, site)
    .filter((link) => isStatic(link) && isLinkOpen(link) && holdsUp(site, link.id))
    .toSorted((a, b) => since(a as TunnelLink) - since(b as TunnelLink)) as TunnelLink[];
  for (const { id, connection } of links) {
    for (const destination of reached(reader, connection)) {
      const key = formatCidr(destination);
      if (!routes.has(key)) routes.set(key, { destination, linkIds: [id] });
    }
  }
  return [...routes.values()];
}

function isStatic(link: Link): link is TunnelLink {
  return link.kind === 'vpn-tunnel' && link.connection.staticRoutesOnly;
}

function reached(
  reader: ModelReader,
  { gateway, remoteCidr }: TunnelLink['connection'],
): readonly Cidr[] {
  if (gateway?.kind !== 'vpn-gateway') return gateway === undefined ? [] : [remoteCidr];
  const record = reader.get('vpn-gateway', gateway.id);
  const vpc = record?.attachment && reader.get('vpc', record.attachment.vpcId);
  if (record === undefined || vpc === undefined || !servesVpc(record, vpc.id)) return [];
  return activeCidrs(vpc);
}
