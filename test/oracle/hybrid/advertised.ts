/** What AWS tells a device by BGP (C-103, C-106, C-136, H-049, H-050, H-069). */
import { type Cidr, containsIp, formatCidr } from '../../../src/net/cidr.ts';
import type { Ip } from '../../../src/net/ip.ts';
import type { AsPath } from '../../../src/wire/bgp/as-path.ts';
import { attachmentOfLink, isUpAttachment, rulingWays, tableOf } from '../transit-route.ts';
import { blocksOf, type World } from '../world.ts';
import { allowedBy, carryingAssociations, servedVpc } from './attached.ts';
import { knownPrefixes, learnedAtGateway } from './known.ts';
import { type Link, ofFamily, type Session } from './link.ts';

/** One prefix, as the device hears of it. */
export interface Advertised {
  readonly destination: Cidr;
  readonly link: Link;
  readonly asPath: AsPath;
  readonly med: number;
  readonly internal: boolean;
  /** The system that it comes from. */
  readonly speaker: number;
}

interface Announced {
  readonly destination: Cidr;
  readonly asPath?: AsPath;
  readonly med?: number;
}

/** Of what is told on a session, that which holds for an address. */
export function advertisedOn(world: World, session: Session, address: Ip): Advertised[] {
  const { link, awsAsn, site, families } = session;
  const internal = awsAsn === site.asn;
  return announced(world, session, address)
    .filter(({ destination }) => ofFamily(families, destination))
    .map(({ destination, asPath = [], med = 0 }) => ({
      ...{ destination, link, med, internal, speaker: awsAsn },
      asPath: internal ? asPath : [{ kind: 'sequence', asns: [awsAsn] }, ...asPath],
    }));
}

function announced(world: World, { link, first }: Session, address: Ip): Announced[] {
  switch (link.kind) {
    case 'tunnel': {
      const { gateway } = link.connection;
      if (gateway?.kind === 'vpn-gateway') {
        // H-049: so that one tunnel is preferred.
        return ofVirtualGateway(world, gateway.id, link, address, first ? 100 : 200);
      }
      return ofTable(world, link, address);
    }
    case 'connect peer':
      return ofTable(world, link, address);
    case 'virtual interface': {
      const { gateway } = link.virtualInterface;
      if (gateway?.kind === 'vpn-gateway')
        return ofVirtualGateway(world, gateway.id, link, address);
      return carryingAssociations(world, gateway?.id)
        .flatMap((association) => allowedBy(world, association))
        .filter((destination) => containsIp(destination, address))
        .map((destination) => ({ destination }));
    }
  }
}

/** C-103, C-136: what the associated table holds, but what leads back, and black holes. */
function ofTable(world: World, link: Link, address: Ip): Announced[] {
  const attachment = attachmentOfLink(world, link);
  const tableId = attachment && tableOf(world, attachment.transitGatewayId, attachment);
  if (tableId === undefined) return [];
  return rulingWays(world, tableId, address).flatMap(([first, ...more]) => {
    const ways = [first!, ...more].filter(({ attachmentId }) => {
      const to = world.model.get('transit-gateway-attachment', attachmentId ?? '');
      return to !== undefined && to.id !== attachment!.id && isUpAttachment(to);
    });
    const [way] = ways;
    if (way === undefined) return [];
    const { destination, path } = way;
    // H-049: one MED on all of its links.
    return [{ destination, med: 100, ...(path && { asPath: path.asPath }) }];
  });
}

/** H-049 to H-051: the VPC's blocks, and what others have told, but not the device itself. */
function ofVirtualGateway(
  world: World,
  gatewayId: string,
  link: Link,
  address: Ip,
  med?: number,
): Announced[] {
  const vpc = servedVpc(world, gatewayId);
  const own = (vpc ? blocksOf(vpc) : []).filter((block) => containsIp(block, address));
  const learned = knownPrefixes(world, gatewayId, 'through', address).flatMap((destination) => {
    const path = learnedAtGateway(world, gatewayId, 'through', destination);
    if (path === undefined || path.link.resource === link.resource) return [];
    if (own.some((block) => formatCidr(block) === formatCidr(destination))) return [];
    return [{ destination, asPath: path.asPath }];
  });
  return [...own.map((destination): Announced => ({ destination })), ...learned].map((one) =>
    med === undefined ? one : { ...one, med },
  );
}
