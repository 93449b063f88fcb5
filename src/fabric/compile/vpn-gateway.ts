/**
 * Virtual private gateways: between a VPC and the links of VPN connections and Direct Connect. One
 * table routes whatever comes (H-048): to the VPC, or by the link that the model has chosen.
 */
import { findLink } from '../../model/hybrid/link.ts';
import { attachedVpc, servesVpc } from '../../model/hybrid/vpn-gateway.ts';
import { type VpnGatewayRoute, vpnGatewayRoutes } from '../../model/hybrid/vpn-gateway-route.ts';
import { activeCidrs } from '../../model/vpc/vpc.ts';
import { type Cidr, formatCidr, isCidr4 } from '../../net/cidr.ts';
import { hashText } from '../../net/hash.ts';
import { PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import type { Candidate } from '../choice.ts';
import type { Station } from '../station.ts';
import { type Action, ANY, type Rule, type Table } from '../table.ts';
import { dropAll, linkNode, vpnGatewayNode } from './hybrid-nodes.ts';
import { FORGET } from './internet-gateway.ts';
import type { Network, VpcNode } from './state.ts';

/** H-047, H-051: a route of the VPC's alone opens no path. */
const UNKNOWN = dropAll('NO_POSSIBLE_DESTINATION');
const FOREIGN = dropAll('VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS');
const NO_INTERFACE = dropAll('VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS');

export function compileVpnGateway(network: Network, id: string): void {
  if (network.model.get('vpn-gateway', id) === undefined) {
    network.vpnGateways.delete(id);
    return;
  }
  const { out, routes, into } = vpnGatewayNode(network, id);
  const vpc = servedVpc(network, id);
  routes.table = routesOf(network, id, vpc, into);
  const own = vpc && ({ source: { kind: 'blocks', set: vpc.blocks } } as const);
  // nothing passes a VPC from elsewhere. What leaves forgets whose it is.
  const leave: Action[] = [...FORGET, { do: 'go', to: routes }];
  out.table = { rules: own ? [{ match: own, actions: leave }] : [], otherwise: FOREIGN };
  into.table = { rules: vpc ? [toInterfaces(vpc)] : [], otherwise: NO_INTERFACE };
}

/** Through the gateway's own table, or at once to the router. */
function toInterfaces({ addresses }: VpcNode): Rule {
  return {
    match: { destination: { kind: 'addresses', set: addresses } },
    actions: [{ do: 'next' }],
  };
}

function servedVpc({ model, vpcs }: Network, id: string): VpcNode | undefined {
  const gateway = model.get('vpn-gateway', id)!;
  const vpcId = attachedVpc(gateway) ?? '';
  return servesVpc(gateway, vpcId) ? vpcs.get(vpcId) : undefined;
}

function routesOf(network: Network, id: string, vpc: VpcNode | undefined, into: Station): Table {
  let ipv4 = PrefixTrie.empty<Rule>();
  let ipv6 = PrefixTrie.empty<Rule>();
  const set = (block: Cidr, rule: Rule) => {
    if (isCidr4(block)) ipv4 = setCidr(ipv4, block, rule);
    else ipv6 = setCidr(ipv6, block, rule);
  };
  for (const route of vpnGatewayRoutes(network.model, id))
    set(route.destination, byLink(network, route));
  const record = vpc && network.model.get('vpc', vpc.id);
  for (const block of record ? activeCidrs(record) : []) {
    const cites = { destinationCidrBlock: formatCidr(block), target: record!.id };
    set(block, { match: ANY, actions: [{ do: 'go', to: into }], cites });
  }
  return { rules: [], index: { by: 'destination-prefix', ipv4, ipv6 }, otherwise: UNKNOWN };
}

/** CloudHub, too: from one link to another (H-050). */
function byLink(network: Network, { destination, linkIds, source }: VpnGatewayRoute): Rule {
  const among = linkIds.map((linkId): Candidate => {
    const link = findLink(network.model, linkId)!;
    return { key: hashText(linkId), to: linkNode(network, link).out };
  });
  const [first, other] = among;
  const onwards: Action = other ? { do: 'choose', among } : { do: 'go', to: first!.to };
  const cites = { destinationCidrBlock: formatCidr(destination), source };
  return { match: ANY, actions: [onwards], cites };
}
