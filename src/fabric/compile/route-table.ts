/** Route tables: one station each, shared by its subnets; a route is one entry of its tries. */

import { routeState } from '../../model/vpc/route-state.ts';
import type { Route } from '../../model/vpc/route-table.ts';
import { formatCidr, isCidr4, parseCidr } from '../../net/cidr.ts';
import { deleteCidr, PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import { Station } from '../station.ts';
import { type Action, ANY, blockTerm, type Rule, type Table } from '../table.ts';
import type { Network } from './state.ts';

const NO_ROUTE: Rule = { match: ANY, actions: [{ do: 'drop', reason: 'NO_ROUTE_TO_DESTINATION' }] };
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
  station.table = withTries(PrefixTrie.empty(), PrefixTrie.empty());
  network.routeTables.set(id, station);
}

/** Sets or removes one entry: a copy of one path through the trie, whatever the table's size. */
export function compileRoute(network: Network, routeTableId: string, route: Route): void {
  const station = network.routeTables.get(routeTableId);
  if (station === undefined) return;
  const current = network.model.get('route', route.id);
  const { ipv4, ipv6 } = station.table.index as Tries;
  const { destination } = route;
  const change = (trie: PrefixTrie<Rule>) =>
    current === undefined
      ? deleteCidr(trie, destination)
      : setCidr(trie, destination, routeRule(network, current));
  station.table = isCidr4(destination)
    ? withTries(change(ipv4), ipv6)
    : withTries(ipv4, change(ipv6));
}

function withTries(ipv4: PrefixTrie<Rule>, ipv6: PrefixTrie<Rule>): Table {
  return {
    rules: RESERVED,
    index: { by: 'destination-prefix', ipv4, ipv6 },
    otherwise: NO_ROUTE,
  };
}

function routeRule(network: Network, route: Route): Rule {
  const state = routeState(network.model, route);
  const { destination, target, origin } = route;
  return {
    match: ANY,
    actions: state === 'active' ? leadTo(network, route) : [BLACKHOLE],
    cites: {
      [isCidr4(destination) ? 'destinationCidrBlock' : 'destinationIpv6CidrBlock']:
        formatCidr(destination),
      target: target.kind === 'local' ? 'local' : target.id,
      state,
      origin,
    },
  };
}

/** One case a kind of target: where further kinds of connectivity are joined to route tables. */
function leadTo(network: Network, { target, routeTableId }: Route): readonly Action[] {
  const vpcId = network.model.get('route-table', routeTableId)!.vpcId;
  switch (target.kind) {
    case 'local':
      return go(network.vpcs.get(vpcId)?.router);
    case 'internet-gateway':
      return go(network.gateways.get(target.id)?.out);
    case 'network-interface': {
      const node = network.interfaces.get(target.id);
      const subnet = node && network.subnets.get(node.subnetId);
      if (subnet === undefined) return [BLACKHOLE];
      return [
        { do: 'set-next-hop', to: node },
        { do: 'go', to: subnet.arrive },
      ];
    }
    case 'vpc-peering-connection': {
      const peering = network.peerings.get(target.id);
      const fromRequester =
        network.model.get('vpc-peering-connection', target.id)?.requester.vpcId === vpcId;
      return go(fromRequester ? peering?.toAccepter : peering?.toRequester);
    }
  }
}

function go(station: Station | undefined): readonly Action[] {
  return station === undefined ? [BLACKHOLE] : [{ do: 'go', to: station }];
}
