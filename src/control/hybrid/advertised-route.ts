/** What AWS tells on a BGP session (C-103, C-106, C-136, H-049, H-050). */
import { allowedBlocks } from '../../model/direct-connect/allowed-prefix.ts';
import { carriesAssociation } from '../../model/direct-connect/gateway-association.ts';
import { type Link, tunnelLinks } from '../../model/hybrid/link.ts';
import { servesVpc } from '../../model/hybrid/vpn-gateway.ts';
import { vpnGatewayRoutes } from '../../model/hybrid/vpn-gateway-route.ts';
import { BGP_PREFIXES } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  type TransitGatewayAttachment,
  vpnAttachment,
} from '../../model/transit-gateway/attachment.ts';
import {
  learnedTransitRouteId,
  transitGatewayRouteState,
} from '../../model/transit-gateway/route.ts';
import { associatedTable } from '../../model/transit-gateway/route-table.ts';
import { activeCidrs } from '../../model/vpc/vpc.ts';
import { type Cidr, compareCidr } from '../../net/cidr.ts';
import { EMPTY_AS_PATH } from '../../wire/bgp/as-path.ts';
import { ORIGIN, type PathAttributes } from '../../wire/bgp/path-attributes.ts';
import { ShownRoutes } from '../transit-gateway/shown-route.ts';

export interface AdvertisedRoute {
  readonly prefix: Cidr;
  /** Before AWS's own number is put in front. */
  readonly attributes: PathAttributes;
}

/** What feeds a link's advertisements: a transit gateway's table, or another gateway. */
export function advertisementSource(reader: ModelReader, link: Link): string | undefined {
  switch (link.kind) {
    case 'vpn-tunnel': {
      const { gateway, id } = link.connection;
      if (gateway?.kind === 'vpn-gateway') return gateway.id;
      return tableOf(reader, vpnAttachment(reader, id));
    }
    case 'connect-peer':
      return tableOf(reader, reader.get('transit-gateway-attachment', link.peer.attachmentId));
    case 'virtual-interface':
      return link.virtualInterface.gateway?.id;
  }
}

function tableOf(
  reader: ModelReader,
  attachment: TransitGatewayAttachment | undefined,
): string | undefined {
  return attachment && associatedTable(reader, attachment.transitGatewayId, attachment);
}

export function advertisedRoutes(reader: ModelReader, link: Link): readonly AdvertisedRoute[] {
  switch (link.kind) {
    case 'vpn-tunnel': {
      const { gateway, id } = link.connection;
      if (gateway?.kind !== 'vpn-gateway') {
        return tableRoutes(reader, vpnAttachment(reader, id));
      }
      const [first] = tunnelLinks(link.connection);
      return vpnGatewayAdvertisements(reader, gateway.id, link, first!.id === link.id ? 100 : 200);
    }
    case 'connect-peer': {
      const attachment = reader.get('transit-gateway-attachment', link.peer.attachmentId);
      return tableRoutes(reader, attachment);
    }
    case 'virtual-interface': {
      const { gateway } = link.virtualInterface;
      if (gateway === undefined) return [];
      return gateway.kind === 'vpn-gateway'
        ? vpnGatewayAdvertisements(reader, gateway.id, link)
        : directConnectAdvertisements(reader, gateway.id);
    }
  }
}

/** H-049: a transit gateway says one MED on all of its links. */
const TRANSIT_GATEWAY_MED = 100;

/**
 * C-103, C-136: the routes of the table that the attachment is associated with, but those that lead
 * back to it; of black holes nobody is told.
 */
function tableRoutes(
  reader: ModelReader,
  attachment: TransitGatewayAttachment | undefined,
): readonly AdvertisedRoute[] {
  const tableId = tableOf(reader, attachment);
  if (attachment === undefined || tableId === undefined) return [];
  const routes: AdvertisedRoute[] = [];
  for (const shown of new ShownRoutes(reader, tableId).all(() => true)) {
    const { destination, attachmentIds, type, prefixListId } = shown;
    const others = attachmentIds.filter((id) => id !== attachment.id);
    const isActive = others.some(
      (attachmentId) => transitGatewayRouteState(reader, { attachmentId }) === 'active',
    );
    if (!isActive) continue;
    const isLearned = type === 'propagated' && prefixListId === undefined;
    const attributes = isLearned ? learnedAttributes(reader, destination, others[0]!) : OWN;
    routes.push({ prefix: destination, attributes: withMed(attributes, TRANSIT_GATEWAY_MED) });
  }
  return first(routes, BGP_PREFIXES.transitGatewayOut);
}

/** Of a route that was learned, as it was learned. */
function learnedAttributes(
  reader: ModelReader,
  destination: Cidr,
  attachmentId: string,
): PathAttributes {
  const id = learnedTransitRouteId(attachmentId, destination);
  return reader.get('transit-gateway-learned-route', id)?.path.attributes ?? OWN;
}

const OWN: PathAttributes = { origin: ORIGIN.igp, asPath: EMPTY_AS_PATH };

/** As another peer is told of it: what one peer's MED said is for AWS alone. */
function withMed(attributes: PathAttributes, med: number | undefined): PathAttributes {
  const { med: _, localPreference: __, ...rest } = attributes;
  return med === undefined ? rest : { ...rest, med };
}

/** H-049, H-050, H-051: not what comes by a Direct Connect gateway. */
function vpnGatewayAdvertisements(
  reader: ModelReader,
  vpnGatewayId: string,
  link: Link,
  med?: number,
): readonly AdvertisedRoute[] {
  const gateway = reader.get('vpn-gateway', vpnGatewayId);
  const vpc = gateway?.attachment && reader.get('vpc', gateway.attachment.vpcId);
  const serves = gateway !== undefined && vpc !== undefined && servesVpc(gateway, vpc.id);
  const own = (serves ? activeCidrs(vpc) : []).map((prefix) => ({ prefix, attributes: OWN }));
  const learned = vpnGatewayRoutes(reader, vpnGatewayId, 'through').flatMap((route) =>
    route.learned === undefined || connectionOf(route.learned.linkId) === connectionOf(link.id)
      ? []
      : [{ prefix: route.destination, attributes: route.learned.path.attributes }],
  );
  return first(
    [...own, ...learned].map(({ prefix, attributes }) => {
      return { prefix, attributes: withMed(attributes, med) };
    }),
    BGP_PREFIXES.vpnGatewayOut,
  );
}

/** Both tunnels of a connection lead to one device: what it said it is not told. */
function connectionOf(linkId: string): string {
  return linkId.split('|')[0]!;
}

/** C-106, H-069 */
function directConnectAdvertisements(
  reader: ModelReader,
  directConnectGatewayId: string,
): readonly AdvertisedRoute[] {
  return reader
    .by('direct-connect-gateway-association', 'directConnectGateway', directConnectGatewayId)
    .filter(carriesAssociation)
    .flatMap((association) => allowedBlocks(reader, association))
    .map((prefix) => ({ prefix, attributes: OWN }));
}

function first(routes: readonly AdvertisedRoute[], most: number): readonly AdvertisedRoute[] {
  if (routes.length <= most) return routes;
  return routes.toSorted((a, b) => compareCidr(a.prefix, b.prefix)).slice(0, most);
}
