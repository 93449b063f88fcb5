/** A gateway's own route table: it steers what has just entered and been translated. */
import { attachedVpc } from '../../model/hybrid/vpn-gateway.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import type { Route } from '../../model/vpc/route-table.ts';
import { isCidr4 } from '../../net/cidr.ts';
import { PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import type { Station } from '../station.ts';
import type { Action, Rule } from '../table.ts';
import { NO_ROUTE, routeRule } from './route-table.ts';
import type { Network } from './state.ts';

/** */
const NO_PUBLIC_ADDRESS: Action = { do: 'drop', reason: 'INGRESS_RTB_NO_PUBLIC_IP' };

/** Puts a gateway's table behind it, or the VPC's router. Few routes may stand there. */
export function compileEdgeTable(network: Network, gatewayId: string): void {
  const node = edgeOf(network, gatewayId);
  if (node === undefined) return;
  const association = network.model.first('route-table-association', 'gateway', gatewayId);
  if (association === undefined) {
    node.into.next = network.vpcs.get(node.vpcId ?? '')?.router;
    return;
  }
  const { routeTableId } = association;
  let ipv4 = PrefixTrie.empty<Rule>();
  let ipv6 = PrefixTrie.empty<Rule>();
  for (const route of network.model.by('route', 'table', routeTableId)) {
    const rule = node.isPublic ? edgeRule(network, route) : routeRule(network, route);
    if (isCidr4(route.destination)) ipv4 = setCidr(ipv4, route.destination, rule);
    else ipv6 = setCidr(ipv6, route.destination, rule);
  }
  node.edge.resource = routeTableId;
  node.edge.table = {
    rules: [],
    index: { by: 'destination-prefix', ipv4, ipv6 },
    otherwise: NO_ROUTE,
  };
  node.into.next = node.edge;
}

/** What stands in front of a VPC. */
interface Edge {
  readonly into: Station;
  readonly edge: Station;
  readonly vpcId: string | undefined;
  /** A-051 holds there. */
  readonly isPublic: boolean;
}

function edgeOf(network: Network, gatewayId: string): Edge | undefined {
  const gateway = network.gateways.get(gatewayId);
  if (gateway !== undefined) return { ...gateway, isPublic: true };
  const record = network.model.get('vpn-gateway', gatewayId);
  const node = network.vpnGateways.get(gatewayId);
  return record && node && { ...node, vpcId: attachedVpc(record), isPublic: false };
}

function edgeRule(network: Network, route: Route): Rule {
  const rule = routeRule(network, route);
  const { target, destination } = route;
  const eni =
    target.kind === 'network-interface'
      ? network.model.get('network-interface', target.id)
      : undefined;
  const isRefused = rule.cites?.state === 'active' && eni && !isPublic(eni, isCidr4(destination));
  return isRefused ? { ...rule, actions: [NO_PUBLIC_ADDRESS] } : rule;
}

function isPublic({ addresses, ipv6Addresses }: NetworkInterface, isIpv4: boolean): boolean {
  if (!isIpv4) return ipv6Addresses.length > 0;
  return addresses.some(({ publicAddress }) => publicAddress !== undefined);
}
