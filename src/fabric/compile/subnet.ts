/** A subnet's link, its border with the ACLs, and its binding to a route table. */
import type { RouteTarget } from '../../model/vpc/route-table.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { addressAt, type Cidr, hostCidr, lastAddress, parseCidr } from '../../net/cidr.ts';
import { AddressMap } from '../address-map.ts';
import { type Direction, type HopKind, type Role, Station } from '../station.ts';
import { type AddressTerm, ANY, BlockSet, blockTerm, type Rule, type Table } from '../table.ts';
import { zoneNumber } from '../zone.ts';
import { DENY_ALL } from './network-acl.ts';
import { familyPair, type Network, type SubnetNode } from './state.ts';

const ROUTER_OFFSET = 1;
/** What is addressed to many hosts of many subnets. */
export const GROUPS = ['224.0.0.0/4', 'ff00::/8'].map((text) => blockTerm(parseCidr(text)!));
/** */
const toMany = (destination: AddressTerm): Rule => ({
  match: { destination },
  actions: [{ do: 'drop', reason: 'MULTICAST_NOT_SUPPORTED' }],
});
const NO_MULTICAST = GROUPS.map(toMany);
const NO_BROADCAST = toMany(blockTerm(parseCidr('255.255.255.255/32')!));
/** a frame to another interface's MAC is switched. */
const SWITCHED: Rule = { match: { toRouter: false }, actions: [{ do: 'go-next-hop' }] };

export function compileSubnet(network: Network, id: string): void {
  const subnet = network.model.get('subnet', id);
  const known = network.subnets.get(id);
  if (subnet === undefined) {
    if (known) announceZone(network, known, []);
    network.subnets.delete(id);
    return;
  }
  const node = known ?? newSubnetNode(subnet);
  network.subnets.set(id, node);
  const blocks = subnetBlocks(subnet);
  node.blocks.replace(blocks);
  announceZone(network, node, blocks);
  // In place: the interfaces' rules refer to it.
  Object.assign(node.errors, familyPair(blocks.map((block) => addressAt(block, ROUTER_OFFSET))));
  bindAcl(network, id, node.aclOut, 'egress');
  bindAcl(network, id, node.aclIn, 'ingress');
  const routes = network.routeTables.get(routeTableOf(network, subnet));
  node.aclOut.next = routes;
  node.border.table = borderTable(node, routes);
}

/** Tells the VPC in which zone these blocks are. */
function announceZone({ vpcs }: Network, node: SubnetNode, blocks: readonly Cidr[]): void {
  const zones = vpcs.get(node.vpcId)?.zones;
  for (const block of node.zoned) zones?.delete(block);
  for (const block of blocks) zones?.set(block, node.zone);
  node.zoned = blocks;
}

export function subnetBlocks(subnet: Subnet): Cidr[] {
  const ipv6 = subnet.ipv6Cidrs.filter(({ state }) => state === 'associated');
  return [...(subnet.cidr ? [subnet.cidr] : []), ...ipv6.map((association) => association.cidr)];
}

/** its own table, or the VPC's main one. */
export function routeTableOf({ model }: Network, { id, vpcId }: Subnet): string {
  const association =
    model.first('route-table-association', 'subnet', id) ??
    model.first('route-table-association', 'main', vpcId);
  return association?.routeTableId ?? '';
}

/** Gives a gate the table of the ACL that the subnet is associated with. */
export function bindAcl(
  { model, acls }: Network,
  subnetId: string,
  gate: Station,
  direction: Direction,
): void {
  const association = model.first('network-acl-association', 'subnet', subnetId);
  gate.table = acls.get(association?.networkAclId ?? '')?.[direction] ?? DENY_ALL;
  if (association !== undefined) gate.resource = association.networkAclId;
}

/**
 * Where frames go on the link. What is addressed to a group leaves by `multicast`, if the subnet is
 * in a transit gateway's domain.
 */
export function linkTable(
  { cidr }: Pick<Subnet, 'cidr'>,
  { border }: Pick<SubnetNode, 'border'>,
  multicast?: Station,
): Table {
  // the last address is the subnet's broadcast; its block never changes.
  const broadcast = cidr ? [toMany(blockTerm(hostCidr(lastAddress(cidr))))] : [];
  const toGroups = multicast
    ? GROUPS.map((destination): Rule => {
        return { match: { destination }, actions: [{ do: 'go', to: multicast }] };
      })
    : NO_MULTICAST;
  return {
    rules: [...toGroups, NO_BROADCAST, ...broadcast, SWITCHED],
    otherwise: { match: ANY, actions: [{ do: 'go', to: border }] },
  };
}

/**
 * Where a packet for the router goes: past the ACL, unless it stays in the subnet, because its
 * destination is there or its route leads to an interface there. Which route that is, the
 * route table says.
 */
function borderTable(node: SubnetNode, routes: Station | undefined): Table {
  if (routes === undefined)
    return { rules: [], otherwise: { match: ANY, actions: [{ do: 'next' }] } };
  return {
    rules: [
      {
        match: { destination: { kind: 'blocks', set: node.blocks } },
        actions: [{ do: 'go', to: routes }],
      },
    ],
    otherwise: { match: ANY, actions: [{ do: 'leave-subnet', routes }] },
  };
}

/** The subnet of the interface that a route leads to. */
export function subnetOf({ model }: Network, target: RouteTarget): string | undefined {
  if (target.kind === 'network-interface') {
    return model.get('network-interface', target.id)?.subnetId;
  }
  if (target.kind !== 'nat-gateway') return undefined;
  const id = model.get('natgateway', target.id)?.networkInterfaceId;
  return id === undefined ? undefined : model.get('network-interface', id)?.subnetId;
}

function newSubnetNode(subnet: Subnet): SubnetNode {
  const { id, vpcId, zoneId } = subnet;
  const make = (role: Role, kind: HopKind, direction: Direction, silent: boolean) =>
    new Station({ role, resource: id, kind, direction, silent });
  const node: SubnetNode = {
    id,
    vpcId,
    zone: zoneNumber(zoneId),
    link: make('link', 'subnet', 'egress', true),
    border: make('link', 'subnet', 'egress', true),
    aclOut: make('acl-gate', 'network-acl', 'egress', false),
    arrive: make('link', 'subnet', 'ingress', true),
    aclIn: make('acl-gate', 'network-acl', 'ingress', false),
    blocks: new BlockSet(),
    zoned: [],
    hosts: new AddressMap(),
    errors: familyPair([]),
  };
  node.border.next = node.aclOut;
  node.link.table = linkTable(subnet, node);
  node.arrive.table = {
    rules: [{ match: { subnet: node.link.id }, actions: [{ do: 'go-next-hop' }] }],
    otherwise: { match: ANY, actions: [{ do: 'go', to: node.aclIn }] },
  };
  return node;
}
