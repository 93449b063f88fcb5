/** The routes of a table as they hold: of all to one destination the preferred one (C-064). */
import type { ModelReader } from '../../model/model.ts';
import {
  type CandidateRoute,
  candidateRoutes,
  isInForce,
  preferredRoutes,
  routeType,
  staticRouteId,
  type TransitGatewayPrefixListReference,
  takes,
} from '../../model/transit-gateway/route.ts';
import { prefixListContent } from '../../model/vpc/prefix-list.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import { isIpv4 } from '../../net/ip.ts';
import type { Ipv6 } from '../../net/ipv6.ts';

/** A route that holds: made, propagated, or an entry of a prefix list. */
export interface ShownRoute {
  /** `ROUTE-TABLE|DESTINATION`: only one holds. */
  readonly id: string;
  readonly transitGatewayId: string;
  readonly destination: Cidr;
  /** C-074: an entry of a list is shown as propagated. */
  readonly type: 'static' | 'propagated';
  /** Empty: a blackhole. Several share its packets. */
  readonly attachmentIds: readonly string[];
  readonly prefixListId?: string;
}

export class ShownRoutes {
  readonly #reader: ModelReader;
  readonly #table: { readonly routeTableId: string; readonly transitGatewayId: string };
  /** The entries of lists that the table refers to, by destination. */
  readonly #entries: ReadonlyMap<string, ShownRoute>;

  constructor(reader: ModelReader, routeTableId: string) {
    this.#reader = reader;
    const { transitGatewayId = '' } = reader.get('transit-gateway-route-table', routeTableId) ?? {};
    this.#table = { routeTableId, transitGatewayId };
    this.#entries = listRoutes(reader, routeTableId);
  }

  /** The route to exactly this destination. */
  to(destination: Cidr): ShownRoute | undefined {
    const best = this.#shown(candidateRoutes(this.#reader, { ...this.#table, destination }));
    const id = staticRouteId(this.#table.routeTableId, destination);
    const entry = best?.type === 'static' ? undefined : this.#entries.get(id);
    return entry ?? best;
  }

  /** Every route whose destination passes, without an order that means anything. */
  all(passes: (destination: Cidr) => boolean): ShownRoute[] {
    const candidates = new Map<string | number, CandidateRoute[]>();
    for (const route of this.#candidates()) {
      if (!passes(route.destination)) continue;
      const key = blockKey(route.destination);
      const rivals = candidates.get(key);
      if (rivals === undefined) candidates.set(key, [route]);
      else rivals.push(route);
    }
    const found = new Map<string | number, ShownRoute>();
    for (const [key, routes] of candidates) {
      const route = this.#shown(routes);
      if (route !== undefined) found.set(key, route);
    }
    for (const entry of this.#entries.values()) {
      if (!passes(entry.destination)) continue;
      const key = blockKey(entry.destination);
      if (found.get(key)?.type !== 'static') found.set(key, entry);
    }
    return [...found.values()];
  }

  /** The table's own routes, and what is propagated to it. */
  *#candidates(): Generator<CandidateRoute> {
    const { routeTableId, transitGatewayId } = this.#table;
    yield* this.#reader.by('transit-gateway-route', 'table', routeTableId);
    const taken = new Map<string, boolean>();
    for (const route of this.#reader.by(
      'transit-gateway-learned-route',
      'gateway',
      transitGatewayId,
    )) {
      const { attachmentId } = route;
      if (!taken.has(attachmentId)) {
        taken.set(attachmentId, takes(this.#reader, routeTableId, attachmentId));
      }
      if (taken.get(attachmentId)) yield route;
    }
  }

  #shown(routes: readonly CandidateRoute[]): ShownRoute | undefined {
    const best = preferredRoutes(this.#reader, routes);
    const [first] = best;
    if (first === undefined) return undefined;
    const { transitGatewayId, destination } = first;
    const attachmentIds = best.flatMap(({ attachmentId }) => attachmentId ?? []);
    const id = staticRouteId(this.#table.routeTableId, destination);
    return { id, transitGatewayId, destination, type: routeType(first), attachmentIds };
  }
}

/** Formatting ten thousand blocks would take longer than all the rest. */
function blockKey({ address, length }: Cidr): string | number {
  if (isIpv4(address)) return address * 64 + length;
  const [a, b, c, d] = address as Ipv6;
  return `${a},${b},${c},${d}/${length}`;
}

/** Of lists with one entry in common, that of the lowest id holds, as in VPCs. */
function listRoutes(reader: ModelReader, routeTableId: string): Map<string, ShownRoute> {
  const routes = new Map<string, ShownRoute>();
  const references = reader
    .by('transit-gateway-prefix-list-reference', 'table', routeTableId)
    .filter(isInForce)
    .sort((a, b) => (a.prefixListId < b.prefixListId ? -1 : 1));
  for (const reference of references) {
    for (const { cidr } of prefixListContent(reader, reference.prefixListId)?.entries ?? []) {
      const id = `${routeTableId}|${formatCidr(cidr)}`;
      if (!routes.has(id)) routes.set(id, entryRoute(id, reference, cidr));
    }
  }
  return routes;
}

function entryRoute(
  id: string,
  { transitGatewayId, prefixListId, attachmentId }: TransitGatewayPrefixListReference,
  destination: Cidr,
): ShownRoute {
  const attachmentIds = attachmentId === undefined ? [] : [attachmentId];
  return { id, transitGatewayId, destination, type: 'propagated', prefixListId, attachmentIds };
}
