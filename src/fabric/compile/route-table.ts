/**
 * Route tables: one station each, shared by its subnets. A route is one entry of its tries; a route
 * to a prefix list is one rule over the set that all tables share, which is consulted beside them.
 */
import { vpcAttachment } from '../../model/transit-gateway/attachment.ts';
import { preferredRoute } from '../../model/vpc/preferred-route.ts';
import { routeState, type TargetedRoute } from '../../model/vpc/route-state.ts';
import { isPropagated, type PrefixListRoute, type Route } from '../../model/vpc/route-table.ts';
import { formatCidr, isCidr4, parseCidr } from '../../net/cidr.ts';
import { deleteCidr, PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import { Station } from '../station.ts';
import { type Action, ANY, blockTerm, type Rule, type Table } from '../table.ts';
import { vpnGatewayNode } from './hybrid-nodes.ts';
import { prefixSet } from './prefix-list.ts';
import type { Network } from './state.ts';
import { subnetOf } from './subnet.ts';

export const NO_ROUTE: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'NO_ROUTE_TO_DESTINATION' }],
};
const BLACKHOLE: Action = { do: 'drop', reason: 'BAD_STATE_ROUTE' };
/** no route forwards to these, however large. */
const RESERVED: readonly Rule[] = ['169.254.168.0/22', 'fd00:ec2::/32'].map((text) => ({
  match: { destination: blockTerm(parseCidr(text)!) },
  actions: NO_ROUTE.actions,
}));

type Tries = Extract<NonNullable<Table['index']>, { by: 'destination-prefix' }>;

export function compileRouteTable(network: Network, id: string): void {
  const record = network.model.get('route-table', id);
  if (record === undefined) {
    network.routeTables.delete(id);
    return;
  }
  if (network.routeTables.has(id)) return;
  const station = new Station({
    role: 'route-table',
    resource: id,
    kind: 'route-table',
    direction: 'egress',
  });
  station.table = withIndex({
    by: 'destination-prefix',
    ipv4: PrefixTrie.empty(),
    ipv6: PrefixTrie.empty(),
  });
  network.routeTables.set(id, station);
}

/**
 * Sets or removes the entry of one destination, as the model says which of its routes holds: a copy
 * of one path through the trie, whatever the table's size.
 */
export function compileRoute(
  network: Network,
  { routeTableId, destination }: Pick<Route, 'routeTableId' | 'destination'>,
): void {
  const station = network.routeTables.get(routeTableId);
  if (station === undefined) return;
  const current = preferredRoute(network.model, { routeTableId, destination });
  const index = station.table.index as Tries;
  const change = (trie: PrefixTrie<Rule>) =>
    current === undefined
      ? deleteCidr(trie, destination)
      : setCidr(trie, destination, routeRule(network, current));
  station.table = withIndex(
    isCidr4(destination)
      ? { ...index, ipv4: change(index.ipv4) }
      : { ...index, ipv6: change(index.ipv6) },
  );
}

/** Makes a table's rules over prefix lists again: of each list one, whatever it holds. */
export function compilePrefixListRoutes(network: Network, routeTableId: string): void {
  const station = network.routeTables.get(routeTableId);
  if (station === undefined) return;
  const { sets: _, ...index } = station.table.index as Tries;
  const sets = prefixListRoutes(network, routeTableId).map((route) => ({
    set: prefixSet(network, route.prefixListId),
    rule: prefixListRule(network, route),
  }));
  station.table = withIndex(sets.length === 0 ? index : { ...index, sets });
}

/** In an order that does not change: of equal entries the first list's wins. */
export function prefixListRoutes({ model }: Network, routeTableId: string): PrefixListRoute[] {
  const routes = [...model.by('prefix-list-route', 'table', routeTableId)];
  return routes.sort((a, b) => (a.prefixListId < b.prefixListId ? -1 : 1));
}

function withIndex(index: Tries): Table {
  return { rules: RESERVED, index, otherwise: NO_ROUTE };
}

function prefixListRule(network: Network, route: PrefixListRoute): Rule {
  const state = routeState(network.model, route);
  return {
    match: ANY,
    actions: state === 'active' ? leadTo(network, route) : [BLACKHOLE],
    ...towards(network, route),
    cites: {
      destinationPrefixListId: route.prefixListId,
      target: route.target.id,
      state,
      origin: 'CreateRoute',
    },
  };
}

export function routeRule(network: Network, route: Route): Rule {
  const state = routeState(network.model, route);
  const { destination, target, origin } = route;
  return {
    match: ANY,
    actions: state === 'active' ? leadTo(network, route, origin) : [BLACKHOLE],
    ...towards(network, route),
    ...(isPropagated(route) && { propagated: true }),
    cites: {
      [isCidr4(destination) ? 'destinationCidrBlock' : 'destinationIpv6CidrBlock']:
        formatCidr(destination),
      target: target.kind === 'local' ? 'local' : target.id,
      state,
      origin,
    },
  };
}

/** The subnet whose border a packet by this route does not cross. */
function towards(network: Network, { target }: TargetedRoute): Pick<Rule, 'towards'> {
  const subnetId = subnetOf(network, target);
  const link = subnetId === undefined ? undefined : network.subnets.get(subnetId)?.link;
  return link === undefined ? {} : { towards: link.id };
}

/** One case a kind of target: where further kinds of connectivity are joined to route tables. */
function leadTo(
  network: Network,
  { target, routeTableId }: TargetedRoute,
  origin?: Route['origin'],
): readonly Action[] {
  const vpcId = network.model.get('route-table', routeTableId)!.vpcId;
  switch (target.kind) {
    case 'local':
      return go(network.vpcs.get(vpcId)?.router);
    case 'internet-gateway':
      return go(network.gateways.get(target.id)?.out);
    case 'vpn-gateway': {
      const { out, outJumbo } = vpnGatewayNode(network, target.id);
      return go(origin === 'EnableVgwRoutePropagation' ? outJumbo : out);
    }
    case 'network-interface':
      return toInterface(network, target.id);
    case 'egress-only-internet-gateway':
      return go(network.egressOnlyGateways.get(target.id)?.out);
    case 'nat-gateway':
      return toInterface(network, network.model.get('natgateway', target.id)?.networkInterfaceId);
    case 'vpc-peering-connection': {
      const peering = network.peerings.get(target.id);
      const fromRequester =
        network.model.get('vpc-peering-connection', target.id)?.requester.vpcId === vpcId;
      return go(fromRequester ? peering?.toAccepter : peering?.toRequester);
    }
    case 'transit-gateway': {
      const attachment = vpcAttachment(network.model, target.id, vpcId);
      return go(attachment && network.transitVpcs.get(attachment.id)?.gate);
    }
  }
}

/** Onto the link of the interface, through its subnet's ACL. */
function toInterface(network: Network, id = ''): readonly Action[] {
  const node = network.interfaces.get(id);
  const subnet = node && network.subnets.get(node.subnetId);
  if (subnet === undefined) return [BLACKHOLE];
  return [
    { do: 'set-next-hop', to: node },
    { do: 'go', to: subnet.arrive },
  ];
}

function go(station: Station | undefined): readonly Action[] {
  return station === undefined ? [BLACKHOLE] : [{ do: 'go', to: station }];
}
