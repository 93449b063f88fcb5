/** An interface: its check of sources and destinations, its gates, and the guest behind it. */
import { MTU } from '../../model/limits.ts';
import { tagSetId } from '../../model/resource.ts';
import { type NetworkInterface, prefixesOf } from '../../model/vpc/network-interface.ts';
import type { Ip } from '../../net/ip.ts';
import { AddressMap } from '../address-map.ts';
import { IDLE_SECONDS } from '../limits.ts';
import type { InterfaceNode } from '../node.ts';
import { newScope } from '../session.ts';
import { type Direction, type HopKind, type Role, Station } from '../station.ts';
import { type Action, ANY, type Rule } from '../table.ts';
import { applianceRules } from './connect-peer.ts';
import { guestTable } from './guest.ts';
import { compileNatGateway, natGatewayOf, newNatNode } from './nat-gateway.ts';
import { bindGates, releaseGates } from './security-group.ts';
import type { Network, SubnetNode, VpcNode } from './state.ts';
import { GROUPS } from './subnet.ts';
import { compileTransitInterface, newTransitNode, transitVpcOf } from './transit-gateway-vpc.ts';

/**
 * In three passes, because interfaces name each other: all leave their sets before any enters one
 * (an address moves between two at once), and all exist before any forwards to another.
 */
export function compileInterfaces(network: Network, ids: Iterable<string>): void {
  const records: NetworkInterface[] = [];
  for (const id of ids) {
    const known = network.interfaces.get(id);
    if (known) unbind(network, known);
    const record = network.model.get('network-interface', id);
    if (record === undefined || !hasPlace(network, record)) network.interfaces.delete(id);
    else {
      records.push(record);
      const kept = known !== undefined && compiledService(known) === serviceOf(network, id);
      if (!kept) network.interfaces.set(id, nodeFor(network, record));
    }
  }
  for (const record of records) bindTo(network, record);
  for (const record of records) compileStations(network, record);
}

/** What stands behind an interface: a service of AWS's, or (undefined) an instance, if anything. */
function serviceOf(network: Network, interfaceId: string): Role | undefined {
  if (natGatewayOf(network, interfaceId)) return 'nat-gateway';
  return transitVpcOf(network, interfaceId) ? 'transit-gateway-attachment' : undefined;
}

/** The same of a compiled one: a service has no groups and no guest. */
function compiledService({ groupsIn: { role } }: InterfaceNode): Role | undefined {
  return role === 'group-gate' ? undefined : role;
}

function nodeFor(network: Network, record: NetworkInterface): InterfaceNode {
  const natGateway = natGatewayOf(network, record.id);
  if (natGateway) return newNatNode(record, natGateway);
  const attachment = transitVpcOf(network, record.id);
  return attachment ? newTransitNode(record, attachment) : newNode(record);
}

function hasPlace({ subnets, vpcs }: Network, { subnetId, vpcId }: NetworkInterface): boolean {
  return subnets.has(subnetId) && vpcs.has(vpcId);
}

/** Whether packets pass: attached to a running instance. */
export function isWorking(network: Network, { attachment }: NetworkInterface): boolean {
  if (attachment === undefined || attachment.status !== 'attached') return false;
  return network.model.get('instance', attachment.instanceId)?.state === 'running';
}

function bindTo(network: Network, record: NetworkInterface): void {
  const node = network.interfaces.get(record.id)!;
  const subnet = network.subnets.get(record.subnetId)!;
  const vpc = network.vpcs.get(record.vpcId)!;
  node.subnetId = record.subnetId;
  node.vpcId = record.vpcId;
  node.instanceId = record.attachment?.instanceId;
  node.addresses = [...record.addresses.map(({ address }) => address), ...record.ipv6Addresses];
  node.prefixes = prefixesOf(record);
  node.groupIds = record.groupIds;
  const { tcpEstablishedTimeout, udpTimeout, udpStreamTimeout } = record.connectionTracking;
  node.scope.tcpEstablished = tcpEstablishedTimeout ?? IDLE_SECONDS.tcpEstablished;
  node.scope.udp = udpTimeout ?? IDLE_SECONDS.udp;
  node.scope.udpStream = udpStreamTimeout ?? IDLE_SECONDS.udpStream;
  const arrive: Rule = {
    match: ANY,
    actions: [
      { do: 'set-next-hop', to: node },
      { do: 'go', to: subnet.arrive },
    ],
  };
  const direct: Rule = { match: ANY, actions: [{ do: 'go', to: node.into }] };
  for (const address of node.addresses) {
    node.own.set(address, node);
    subnet.hosts.set(address, node);
    vpc.addresses.set(address, arrive);
    vpc.direct.set(address, direct);
    for (const group of record.groupIds) network.group(group).members.set(address, node);
  }
  for (const block of node.prefixes) {
    node.own.setBlock(block, node);
    subnet.hosts.setBlock(block, node);
    vpc.addresses.setBlock(block, arrive);
    vpc.direct.setBlock(block, direct);
    for (const group of record.groupIds) network.group(group).members.setBlock(block, node);
  }
  if (compiledService(node) === undefined) bindGates(network, node, record.groupIds);
}

/** Takes the interface out of every set it is in. */
function unbind(network: Network, node: InterfaceNode): void {
  const vpc = network.vpcs.get(node.vpcId);
  for (const address of node.addresses) {
    node.own.delete(address);
    network.subnets.get(node.subnetId)?.hosts.deleteIf(address, node);
    vpc?.addresses.delete(address);
    vpc?.direct.delete(address);
    for (const group of node.groupIds) network.groups.get(group)?.members.deleteIf(address, node);
  }
  for (const block of node.prefixes) {
    node.own.deleteBlock(block);
    network.subnets.get(node.subnetId)?.hosts.deleteBlock(block, node);
    vpc?.addresses.deleteBlock(block);
    vpc?.direct.deleteBlock(block);
    for (const group of node.groupIds) network.groups.get(group)?.members.deleteBlock(block, node);
  }
  if (compiledService(node) === undefined) releaseGates(network, node, node.groupIds);
}

function compileStations(network: Network, record: NetworkInterface): void {
  const node = network.interfaces.get(record.id)!;
  const subnet = network.subnets.get(record.subnetId)!;
  const vpc = network.vpcs.get(record.vpcId)!;
  const natGateway = natGatewayOf(network, record.id);
  if (natGateway !== undefined) {
    compileNatGateway(node, natGateway, subnet, vpc);
    return;
  }
  const attachment = transitVpcOf(network, record.id);
  if (attachment !== undefined) {
    compileTransitInterface(network, node, attachment, subnet);
    return;
  }
  const working = isWorking(network, record);
  const own = { kind: 'addresses', set: node.own } as const;
  node.groupsOut.next = subnet.link;
  node.out.table = {
    rules: working ? sendingRules(node, record, subnet, vpc) : [],
    otherwise: working ? REFUSE : BROKEN,
  };
  const toGuest: Action = { do: 'go', to: node.guest };
  node.into.table = {
    rules: working ? [{ match: { destination: own }, actions: [toGuest] }, ...TO_GROUPS] : [],
    otherwise: working ? (record.sourceDestCheck ? REFUSE : all([toGuest])) : BROKEN,
  };
  node.send.table = {
    rules: [],
    otherwise: {
      match: ANY,
      actions: [
        { do: 'resolve-link', hosts: subnet.hosts },
        { do: 'go', to: node.out },
      ],
    },
  };
  const tags = instanceTags(network, record);
  const { rules, otherwise } = guestTable(network, node, record, tags);
  node.guest.table = { rules: [...applianceRules(network, record), ...rules], otherwise };
}

const all = (actions: readonly Action[]): Rule => ({ match: ANY, actions });
const REFUSE = all([{ do: 'drop', reason: 'ENI_SOURCE_DEST_CHECK_RESTRICTION' }]);
const BROKEN = all([{ do: 'drop', reason: 'BAD_STATE' }]);
/** What a multicast domain has sent here is for the guest, and goes no further. */
const TO_GROUPS = GROUPS.map((destination): Rule => {
  return { match: { destination }, actions: [{ do: 'deliver' }] };
});

/** A-087; ACLs and groups do not stand between a guest and the resolver. */
function sendingRules(
  node: InterfaceNode,
  { sourceDestCheck }: NetworkInterface,
  subnet: SubnetNode,
  vpc: VpcNode,
): Rule[] {
  const source = { kind: 'addresses', set: node.own } as const;
  const resolver = { kind: 'addresses', set: vpc.resolverAddresses } as const;
  const context: Action[] = [
    { do: 'check-size', mtu: MTU.vpc },
    { do: 'set-subnet', to: subnet.link.id, zone: subnet.zone },
    { do: 'set-errors', to: vpc.router, from: subnet.errors },
  ];
  // What it sends from its own address is its own, however it came to it.
  const known: Action[] = [
    { do: 'set-identity', to: node },
    { do: 'set-entry', entry: undefined },
  ];
  const unknown: Action[] = [
    { do: 'set-identity', to: undefined },
    { do: 'set-forwarder', to: node },
  ];
  const rules: Rule[] = [
    {
      match: { source, destination: resolver },
      actions: [...known, ...context, { do: 'go', to: vpc.resolver }],
    },
    { match: { source }, actions: [...known, ...context, { do: 'next' }] },
  ];
  if (!sourceDestCheck)
    rules.push({ match: ANY, actions: [...unknown, ...context, { do: 'next' }] });
  return rules;
}

/** The tags of the instance behind an interface, as its owner set them. */
export function instanceTags(
  network: Network,
  { account, region, attachment }: NetworkInterface,
): Readonly<Record<string, string>> {
  if (attachment === undefined) return {};
  return network.model.get('tag-set', tagSetId(account, region, attachment.instanceId))?.tags ?? {};
}

function newNode({ id, mac }: NetworkInterface): InterfaceNode {
  const scope = newScope();
  const make = (role: Role, kind: HopKind, direction: Direction, silent: boolean) =>
    new Station({ role, resource: id, kind, direction, silent });
  const gate = (direction: Direction) =>
    new Station({ role: 'group-gate', resource: id, kind: 'security-group', direction, scope });
  const node: InterfaceNode = {
    id,
    scope,
    mac,
    subnetId: '',
    vpcId: '',
    instanceId: undefined,
    addresses: [] as readonly Ip[],
    prefixes: [],
    groupIds: [],
    own: new AddressMap(),
    send: make('guest', 'network-interface', 'egress', true),
    out: make('interface', 'network-interface', 'egress', false),
    groupsOut: gate('egress'),
    groupsIn: gate('ingress'),
    into: make('interface', 'network-interface', 'ingress', false),
    guest: make('guest', 'network-interface', 'ingress', true),
  };
  node.out.next = node.groupsOut;
  node.groupsIn.next = node.into;
  return node;
}
