/**
 * Route tables of transit gateways: one station each. Of several routes to one destination the
 * model says which holds; a reference to a prefix list is one rule over the list's shared set.
 */
import { usableLinks } from '../../model/hybrid/link.ts';
import {
  attachedResource,
  type TransitGatewayAttachment,
} from '../../model/transit-gateway/attachment.ts';
import {
  type LearnedTransitGatewayRoute,
  preferredRoutes,
  staticRouteId,
  type TransitGatewayPrefixListReference,
  type TransitGatewayRoute,
  transitGatewayRouteState,
} from '../../model/transit-gateway/route.ts';
import { type Cidr, formatCidr, isCidr4 } from '../../net/cidr.ts';
import { deleteCidr, PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import type { LearnedRoutes } from '../learned-routes.ts';
import { Station } from '../station.ts';
import { type Action, ANY, type Citation, type Rule, type Table } from '../table.ts';
import { prefixSet } from './prefix-list.ts';
import type { Network } from './state.ts';
import { linkExits } from './transit-gateway-links.ts';

const NO_ROUTE: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT' }],
};
const BLACKHOLE: Action = { do: 'drop', reason: 'TGW_RTB_BAD_STATE_ROUTE' };

type Tries = Extract<NonNullable<Table['index']>, { by: 'destination-prefix' }>;

export function compileTransitTable(network: Network, id: string): void {
  if (network.model.get('transit-gateway-route-table', id) === undefined) {
    network.transitTables.delete(id);
    return;
  }
  if (network.transitTables.has(id)) return;
  const role = 'transit-gateway-route-table';
  const station = new Station({ role, resource: id, kind: role, direction: 'egress' });
  const empty = { ipv4: PrefixTrie.empty<Rule>(), ipv6: PrefixTrie.empty<Rule>() };
  station.table = withIndex({ by: 'destination-prefix', ...empty });
  network.transitTables.set(id, station);
}

/** One destination of a table: a copy of one path through the trie, whatever the table's size. */
export function compileTransitRoute(
  network: Network,
  { routeTableId, destination }: Pick<TransitGatewayRoute, 'routeTableId' | 'destination'>,
): void {
  const station = network.transitTables.get(routeTableId);
  if (station === undefined) return;
  const index = station.table.index as Tries;
  const rule = ruleFor(network, routeTableId, destination);
  const change = (trie: PrefixTrie<Rule>) =>
    rule === undefined ? deleteCidr(trie, destination) : setCidr(trie, destination, rule);
  station.table = withIndex(
    isCidr4(destination)
      ? { ...index, ipv4: change(index.ipv4) }
      : { ...index, ipv6: change(index.ipv6) },
  );
}

function ruleFor(network: Network, tableId: string, destination: Cidr): Rule | undefined {
  const { model } = network;
  const key = staticRouteId(tableId, destination);
  const own = model.by('transit-gateway-route', 'destination', key);
  const [route] = preferredRoutes(model, own) as readonly TransitGatewayRoute[];
  if (route === undefined) return undefined;
  const { type } = route;
  return {
    ...leadTo(network, route, { destinationCidrBlock: formatCidr(destination), type }),
    ...(type === 'propagated' && { propagated: true }),
  };
}

/** Of a prefix that was learned: all that share its packets. Undefined: it is known no more. */
export function learnedRule(
  network: Network,
  routes: readonly LearnedTransitGatewayRoute[],
): Rule | undefined {
  const [route, other] = routes;
  if (route === undefined) return undefined;
  const destinationCidrBlock = formatCidr(route.destination);
  const cites = { destinationCidrBlock, type: 'propagated' };
  return other ? share(network, routes, cites) : leadTo(network, route, cites);
}

/** C-096, C-101, C-109: by the links of several attachments. */
function share(
  network: Network,
  routes: readonly LearnedTransitGatewayRoute[],
  cites: Citation,
): Rule {
  const among = routes.flatMap(({ attachmentId, linkIds }) => {
    const attachment = network.model.get('transit-gateway-attachment', attachmentId);
    return attachment === undefined ? [] : linkExits(network, attachment, linkIds);
  });
  const transitGatewayAttachmentIds = routes.map(({ attachmentId }) => attachmentId);
  return {
    match: ANY,
    actions: [{ do: 'choose', among }],
    cites: { ...cites, state: 'active', transitGatewayAttachmentIds },
  };
}

/** What the attachments that propagate to a table have learned stands beside its own routes. */
export function referToLearned(station: Station, learned: LearnedRoutes | undefined): void {
  const { learned: _, ...index } = station.table.index as Tries;
  station.table = withIndex(learned === undefined ? index : { ...index, learned });
}

/** Makes a table's rules over prefix lists again, in an order that does not change. */
export function compileTransitReferences(network: Network, tableId: string): void {
  const station = network.transitTables.get(tableId);
  if (station === undefined) return;
  const { sets: _, ...index } = station.table.index as Tries;
  const references = [
    ...network.model.by('transit-gateway-prefix-list-reference', 'table', tableId),
  ].sort((a, b) => (a.prefixListId < b.prefixListId ? -1 : 1));
  const sets = references.filter(isInForce).map((reference) => ({
    set: prefixSet(network, reference.prefixListId),
    rule: leadTo(network, reference, { destinationPrefixListId: reference.prefixListId }),
  }));
  station.table = withIndex(sets.length === 0 ? index : { ...index, sets });
}

function isInForce({ state }: TransitGatewayPrefixListReference): boolean {
  return state === 'available' || state === 'modifying';
}

function withIndex(index: Tries): Table {
  return { rules: [], index, otherwise: NO_ROUTE };
}

interface Routing {
  readonly transitGatewayId: string;
  readonly attachmentId?: string;
  /** Of what was learned: the links that it was learned by. */
  readonly linkIds?: readonly string[];
}

function leadTo(network: Network, routing: Routing, cites: Citation): Rule {
  const { transitGatewayId, attachmentId = '' } = routing;
  const attachment = network.model.get('transit-gateway-attachment', attachmentId);
  const state = transitGatewayRouteState(network.model, routing);
  const onwards = attachment && exitOf(network, attachment, routing);
  const zones = attachment && zonesOf(network, attachment);
  return {
    match: ANY,
    actions: [state === 'active' && onwards ? onwards : BLACKHOLE],
    ...(zones && { zones }),
    cites: { ...cites, state, ...(attachment && citeAttachment(attachment, transitGatewayId)) },
  };
}

/** Where a packet leaves a gateway by an attachment. */
function exitOf(
  network: Network,
  attachment: TransitGatewayAttachment,
  { transitGatewayId: fromGatewayId, linkIds }: Routing,
): Action | undefined {
  const { id, resourceType } = attachment;
  switch (resourceType) {
    case 'vpc':
      return go(network.transitVpcs.get(id)?.exit);
    case 'peering': {
      const peering = network.transitPeerings.get(id);
      const fromRequester = attachment.transitGatewayId === fromGatewayId;
      return go(fromRequester ? peering?.toAccepter : peering?.toRequester);
    }
    case 'vpn':
    case 'connect':
    case 'direct-connect-gateway': {
      const links = linkIds ?? usableLinks(network.model, attachment);
      const among = linkExits(network, attachment, links);
      return among.length === 1 ? go(among[0]!.to) : { do: 'choose', among };
    }
  }
}

function go(to: Station | undefined): Action | undefined {
  return to && { do: 'go', to };
}

function zonesOf({ vpcs }: Network, attachment: TransitGatewayAttachment) {
  return attachment.resourceType === 'vpc' ? vpcs.get(attachment.vpcId)?.zones : undefined;
}

function citeAttachment(attachment: TransitGatewayAttachment, gatewayId: string): Citation {
  const { id, resourceType } = attachment;
  const resourceId = attachedResource(attachment, gatewayId).id;
  return { transitGatewayAttachmentId: id, resourceType, resourceId };
}
