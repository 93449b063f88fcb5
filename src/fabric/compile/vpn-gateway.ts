/**
 * Virtual private gateways: between a VPC and the links of VPN connections and Direct Connect. One
 * table routes whatever comes (H-048): to the VPC, or by the link that the model has chosen.
 */
import { attachedVpc, servesVpc } from '../../model/hybrid/vpn-gateway.ts';
import { type VpnGatewayRoute, vpnGatewayRoutes } from '../../model/hybrid/vpn-gateway-route.ts';
import { MTU } from '../../model/limits.ts';
import { activeCidrs } from '../../model/vpc/vpc.ts';
import { formatCidr } from '../../net/cidr.ts';
import type { Station } from '../station.ts';
import { type Action, ANY, type Rule, type Table } from '../table.ts';
import { byLinks, dropAll, vpnGatewayNode } from './hybrid-nodes.ts';
import { FORGET } from './internet-gateway.ts';
import { PrefixRules } from './prefix-rules.ts';
import type { Network, VpcNode } from './state.ts';

/** H-066 */
const NO_JUMBO: Action = { do: 'check-size', mtu: MTU.vpnGateway };
/** H-047, H-051: a route of the VPC's alone opens no path. */
const UNKNOWN = dropAll('NO_POSSIBLE_DESTINATION');
const FOREIGN = dropAll('VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS');
/** nor with a source that the VPC has as well. */
const FROM_TRANSIT_GATEWAY: Rule = { ...FOREIGN, match: { entry: 'transit-gateway' } };
const NO_INTERFACE = dropAll('VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS');

export function compileVpnGateway(network: Network, id: string): void {
  if (network.model.get('vpn-gateway', id) === undefined) {
    network.vpnGateways.delete(id);
    return;
  }
  const node = vpnGatewayNode(network, id);
  const { out, outJumbo, routes, through, fromDirectConnect, into } = node;
  const vpc = servedVpc(network, id);
  routes.table = tableOf(network, vpnGatewayRoutes(network.model, id), vpc, into);
  through.table = tableOf(network, vpnGatewayRoutes(network.model, id, 'through'), vpc, into);
  fromDirectConnect.table = tableOf(network, [], vpc, into); // H-074
  const own = vpc && ({ source: { kind: 'blocks', set: vpc.blocks } } as const);
  // nothing passes a VPC from elsewhere. What leaves forgets whose it is.
  const leave: Action[] = [...FORGET, { do: 'go', to: routes }];
  const from = (actions: readonly Action[]): Table => {
    const rules = own ? [FROM_TRANSIT_GATEWAY, { match: own, actions }] : [];
    return { rules, otherwise: FOREIGN };
  };
  out.table = from([NO_JUMBO, ...leave]);
  outJumbo.table = from(leave);
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

function tableOf(
  network: Network,
  routes: readonly VpnGatewayRoute[],
  vpc: VpcNode | undefined,
  into: Station,
): Table {
  const rules = new PrefixRules();
  for (const { destination, linkIds, source, isMixed } of routes) {
    const cites = { destinationCidrBlock: formatCidr(destination), source };
    const rule = byLinks(network, linkIds, 'out', cites);
    rules.set(destination, isMixed ? { ...rule, actions: [NO_JUMBO, ...rule.actions] } : rule);
  }
  const record = vpc && network.model.get('vpc', vpc.id);
  for (const block of record ? activeCidrs(record) : []) {
    const cites = { destinationCidrBlock: formatCidr(block), target: record!.id };
    rules.set(block, { match: ANY, actions: [{ do: 'go', to: into }], cites });
  }
  return rules.table(UNKNOWN);
}
