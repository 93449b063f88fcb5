/**
 * Route tables of transit gateways: one station each. Of several routes to one destination the
 * model says which holds; a reference to a prefix list is one rule over the list's shared set.
 */
import {
  attachedResource,
  type TransitGatewayAttachment,
} from '../../model/transit-gateway/attachment.ts';
import {
  preferredRoute,
  staticRouteId,
  type TransitGatewayPrefixListReference,
  type TransitGatewayRoute,
  transitGatewayRouteState,
} from '../../model/transit-gateway/route.ts';
import { type Cidr, formatCidr, isCidr4 } from '../../net/cidr.ts';
import { deleteCidr, PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import { Station } from '../station.ts';
import { type Action, ANY, type Citation, type Rule, type Table } from '../table.ts';
import { prefixSet } from './prefix-list.ts';
import type { Network } from './state.ts';

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
  const key = staticRouteId(tableId, destination);
  const route = preferredRoute(network.model.by('transit-gateway-route', 'destination', key));
  if (route === undefined) return undefined;
  const { type } = route;
  return {
    ...leadTo(network, route, { destinationCidrBlock: formatCidr(destination), type }),
    ...(type === 'propagated' && { propagated: true }),
  };
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
}

function leadTo(network: Network, routing: Routing, cites: Citation): Rule {
  const { transitGatewayId, attachmentId = '' } = routing;
  const attachment = network.model.get('transit-gateway-attachment', attachmentId);
  const state = transitGatewayRouteState(network.model, routing);
  const to = attachment && exitOf(network, attachment, transitGatewayId);
  const zones = attachment && zonesOf(network, attachment);
  return {
    match: ANY,
    actions: state === 'active' && to ? [{ do: 'go', to }] : [BLACKHOLE],
    ...(zones && { zones }),
    cites: { ...cites, state, ...(attachment && citeAttachment(attachment, transitGatewayId)) },
  };
}

/** Where a packet leaves a gateway by an attachment. */
function exitOf(
  { transitVpcs, transitPeerings }: Network,
  attachment: TransitGatewayAttachment,
  fromGatewayId: string,
): Station | undefined {
  const { id, resourceType } = attachment;
  switch (resourceType) {
    case 'vpc':
      return transitVpcs.get(id)?.exit;
    case 'peering': {
      const peering = transitPeerings.get(id);
      const fromRequester = attachment.transitGatewayId === fromGatewayId;
      return fromRequester ? peering?.toAccepter : peering?.toRequester;
    }
    case 'vpn':
    case 'connect':
    case 'direct-connect-gateway':
      return tunnelsDown(id);
  }
}

/** No tunnel carries packets yet: those of every VPN are down. */
function tunnelsDown(resource: string): Station {
  const role = 'transit-gateway-attachment';
  const station = new Station({ role, resource, kind: role, direction: 'egress' });
  const actions: Action[] = [{ do: 'drop', reason: 'TGW_BAD_STATE_VPN' }];
  station.table = { rules: [], otherwise: { match: ANY, actions } };
  return station;
}

function zonesOf({ vpcs }: Network, attachment: TransitGatewayAttachment) {
  return attachment.resourceType === 'vpc' ? vpcs.get(attachment.vpcId)?.zones : undefined;
}

function citeAttachment(attachment: TransitGatewayAttachment, gatewayId: string): Citation {
  const { id, resourceType } = attachment;
  const resourceId = attachedResource(attachment, gatewayId).id;
  return { transitGatewayAttachmentId: id, resourceType, resourceId };
}
