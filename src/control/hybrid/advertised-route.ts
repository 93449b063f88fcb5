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
import { type ShownRoute, ShownRoutes } from '../transit-gateway/shown-route.ts';

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

/** What AWS tells at one moment, over many links: what they share is looked up once. */
export class Advertisements {
  readonly #reader: ModelReader;
  readonly #tables = new Map<string, TableRoutes>();

  constructor(reader: ModelReader) {
    this.#reader = reader;
  }

  /** Everything that is told over a link. */
  all(link: Link): readonly AdvertisedRoute[] {
    const attachment = attachmentOf(this.#reader, link);
    if (attachment !== undefined) return this.#tableOf(attachment)?.all(attachment.id) ?? [];
    return gatewayRoutes(this.#reader, link);
  }

  /**
   * What is told of some prefixes of a transit gateway's table, undefined where nothing is.
   * Undefined as a whole: all has to be looked at.
   */
  some(link: Link, prefixes: readonly Cidr[]): readonly AdvertisedChange[] | undefined {
    const attachment = attachmentOf(this.#reader, link);
    const table = attachment && this.#tableOf(attachment);
    if (attachment === undefined || table === undefined || table.isCut) return undefined;
    return prefixes.map((prefix) => ({ prefix, route: table.to(attachment.id, prefix) }));
  }

  #tableOf(attachment: TransitGatewayAttachment): TableRoutes | undefined {
    const id = associatedTable(this.#reader, attachment.transitGatewayId, attachment);
    if (id === undefined) return undefined;
    const known = this.#tables.get(id) ?? new TableRoutes(this.#reader, id);
    this.#tables.set(id, known);
    return known;
  }
}

/** A prefix that is told otherwise now, or no more. */
export interface AdvertisedChange {
  readonly prefix: Cidr;
  readonly route: AdvertisedRoute | undefined;
}

/** Of a transit gateway's link. */
function attachmentOf(reader: ModelReader, link: Link): TransitGatewayAttachment | undefined {
  switch (link.kind) {
    case 'vpn-tunnel':
      return vpnAttachment(reader, link.connection.id);
    case 'connect-peer':
      return reader.get('transit-gateway-attachment', link.peer.attachmentId);
    case 'virtual-interface':
      return undefined;
  }
}

/** Of a link of a virtual private or Direct Connect gateway. */
function gatewayRoutes(reader: ModelReader, link: Link): readonly AdvertisedRoute[] {
  switch (link.kind) {
    case 'vpn-tunnel': {
      const { gateway } = link.connection;
      if (gateway?.kind !== 'vpn-gateway') return [];
      const [first] = tunnelLinks(link.connection);
      return vpnGatewayAdvertisements(reader, gateway.id, link, first!.id === link.id ? 100 : 200);
    }
    case 'virtual-interface': {
      const { gateway } = link.virtualInterface;
      if (gateway === undefined) return [];
      return gateway.kind === 'vpn-gateway'
        ? vpnGatewayAdvertisements(reader, gateway.id, link)
        : directConnectAdvertisements(reader, gateway.id);
    }
    case 'connect-peer':
      return [];
  }
}

/** H-049: a transit gateway says one MED on all of its links. */
const TRANSIT_GATEWAY_MED = 100;

/**
 * C-103, C-136: the routes of a table, told to the attachments that are associated with it: but not
 * those that lead back to the attachment; of black holes nobody is told.
 */
class TableRoutes {
  readonly #reader: ModelReader;
  readonly #shown: ShownRoutes;
  readonly #size: number;
  #all: readonly ShownRoute[] | undefined;

  constructor(reader: ModelReader, tableId: string) {
    const { transitGatewayId = '' } = reader.get('transit-gateway-route-table', tableId) ?? {};
    this.#reader = reader;
    this.#shown = new ShownRoutes(reader, tableId);
    this.#size =
      reader.count('transit-gateway-route', 'table', tableId) +
      reader.count('transit-gateway-learned-route', 'gateway', transitGatewayId);
  }

  /** Whether there may be more than are told: which those are depends on all. */
  get isCut(): boolean {
    return this.#size > BGP_PREFIXES.transitGatewayOut;
  }

  all(attachmentId: string): readonly AdvertisedRoute[] {
    this.#all ??= this.#shown.all(() => true);
    const routes = this.#all.flatMap((route) => this.#told(attachmentId, route) ?? []);
    return first(routes, BGP_PREFIXES.transitGatewayOut);
  }

  to(attachmentId: string, prefix: Cidr): AdvertisedRoute | undefined {
    const route = this.#shown.to(prefix);
    return route && this.#told(attachmentId, route);
  }

  #told(own: string, route: ShownRoute): AdvertisedRoute | undefined {
    const { destination: prefix, attachmentIds, type, prefixListId } = route;
    const others = attachmentIds.filter((id) => id !== own);
    const isActive = others.some(
      (attachmentId) => transitGatewayRouteState(this.#reader, { attachmentId }) === 'active',
    );
    if (!isActive) return undefined;
    const isLearned = type === 'propagated' && prefixListId === undefined;
    const attributes = isLearned ? learnedAttributes(this.#reader, prefix, others[0]!) : OWN;
    return { prefix, attributes: withMed(attributes, TRANSIT_GATEWAY_MED) };
  }
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

/** By MED: what is told of equal attributes are equal objects, so that it is written once. */
const TOLD = new Map<number | undefined, WeakMap<PathAttributes, PathAttributes>>();

/** As another peer is told of it: what one peer's MED said is for AWS alone. */
function withMed(attributes: PathAttributes, med: number | undefined): PathAttributes {
  const known = TOLD.get(med) ?? new WeakMap<PathAttributes, PathAttributes>();
  TOLD.set(med, known);
  const told = known.get(attributes);
  if (told !== undefined) return told;
  const { med: _, localPreference: __, ...rest } = attributes;
  const made = med === undefined ? rest : { ...rest, med };
  known.set(attributes, made);
  return made;
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
