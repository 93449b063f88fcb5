/** Internet gateways: 1:1 translation both ways, and the Internet between them. */
import { MTU } from '../../model/limits.ts';
import type { InternetGateway } from '../../model/vpc/internet-gateway.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import { type Cidr, hostCidr, isCidr4, parseCidr } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { deleteCidr, setCidr } from '../../net/prefix-trie.ts';
import { AddressMap } from '../address-map.ts';
import { NO_SUBNET } from '../packet.ts';
import type { Reason } from '../reason.ts';
import { type Direction, Station } from '../station.ts';
import { type Action, ANY, blockTerm, type Rule } from '../table.ts';
import { NO_ZONE } from '../zone.ts';
import { edgeStation } from './edge-station.ts';
import type { GatewayNode, Network } from './state.ts';

const RFC1918 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const RFC6598 = ['100.64.0.0/10'];
/** Nothing on the Internet has these: this host, loopback, link-local, groups, class E, ULA. */
const NOT_GLOBAL = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

const CHECK_SIZE: Action = { do: 'check-size', mtu: MTU.internet };
/** By the gateway's route table, else to the VPC's router. */
const ONWARDS: Action = { do: 'next' };
/** Past the gateway nobody knows the sender's groups, nor the subnet it left. */
export const FORGET: readonly Action[] = [
  { do: 'set-identity', to: undefined },
  { do: 'set-subnet', to: NO_SUBNET, zone: NO_ZONE },
  { do: 'set-entry', entry: undefined },
];

function refuse(on: 'source' | 'destination', blocks: readonly string[], reason: Reason): Rule[] {
  return blocks.map((text) => ({
    match: { [on]: blockTerm(parseCidr(text)!) },
    actions: [{ do: 'drop', reason }],
  }));
}

export const OUTWARDS = [
  ...refuse('destination', RFC1918, 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'),
  ...refuse('destination', RFC6598, 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS'),
  ...refuse('destination', NOT_GLOBAL, 'NO_POSSIBLE_DESTINATION'),
];
const INWARDS = [
  ...refuse('source', RFC1918, 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'),
  ...refuse('source', RFC6598, 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'),
];
const NO_PUBLIC: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS' }],
};
const NO_PRIVATE: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS' }],
};
const UNROUTED: Rule = {
  match: ANY,
  actions: [{ do: 'drop', reason: 'NO_POSSIBLE_DESTINATION' }],
};

export function compileInternet({ internet }: Network): void {
  internet.station.table = {
    rules: [
      ...refuse('destination', [...RFC1918, ...RFC6598, ...NOT_GLOBAL], 'NO_POSSIBLE_DESTINATION'),
    ],
    index: { by: 'destination-prefix', ipv4: internet.ipv4, ipv6: internet.ipv6 },
    otherwise: { match: ANY, actions: [{ do: 'deliver' }] },
  };
}

/** Takes gateways from the VPCs they leave, then joins them to those they are attached to. */
export function compileInternetGateways(network: Network, ids: Iterable<string>): void {
  const attachments = [...ids].map((id) => {
    const vpcId = attachedVpc(network.model.get('internet-gateway', id));
    return { id, vpcId, known: network.gateways.get(id) };
  });
  for (const { id, vpcId, known } of attachments) {
    if (known === undefined || known.vpcId === vpcId) continue;
    detach(network, id, known);
  }
  for (const { id, vpcId, known } of attachments) {
    if (vpcId !== undefined && known?.vpcId !== vpcId) attach(network, id, vpcId);
  }
}

function attach(network: Network, id: string, vpcId: string): void {
  const node = newGatewayNode(id, vpcId);
  network.gateways.set(id, node);
  for (const record of network.model.by('network-interface', 'vpc', vpcId)) {
    mapInterface(network, node, record);
  }
  announceBlocks(network, vpcId);
}

/** Announces a VPC's IPv6 blocks: by its gateways, or as leading nowhere. */
export function announceBlocks(network: Network, vpcId: string, gone: readonly Cidr[] = []): void {
  for (const block of gone) announce(network, block, undefined);
  const vpc = network.model.get('vpc', vpcId);
  for (const { cidr, state } of vpc?.ipv6Cidrs ?? []) {
    announce(network, cidr, state === 'associated' ? inwards6(network, vpcId) : undefined);
  }
}

/** Interfaces before and after a change; an address may go from one to another. */
export function compilePublicAddresses(
  network: Network,
  before: readonly NetworkInterface[],
  after: readonly NetworkInterface[],
): void {
  for (const record of before) unmapInterface(network, gatewayOf(network, record.vpcId), record);
  for (const record of after) mapInterface(network, gatewayOf(network, record.vpcId), record);
}

function attachedVpc(record: InternetGateway | undefined): string | undefined {
  const { attachment } = record ?? {};
  return attachment?.state === 'available' ? attachment.vpcId : undefined;
}

/** The VPC's gateway, once it is compiled. */
export function gatewayOf(network: Network, vpcId: string): GatewayNode | undefined {
  const record = network.model.first('internet-gateway', 'vpc', vpcId);
  return record && network.gateways.get(record.id);
}

function inwards(gateway: GatewayNode | undefined): Rule {
  return gateway ? { match: ANY, actions: [{ do: 'go', to: gateway.into }] } : UNROUTED;
}

/** The egress-only gateway knows its replies; the rest it leaves to the other. */
function inwards6(network: Network, vpcId: string): Rule {
  const record = network.model.first('egress-only-internet-gateway', 'vpc', vpcId);
  const egressOnly = record && network.egressOnlyGateways.get(record.id);
  if (egressOnly === undefined) return inwards(gatewayOf(network, vpcId));
  return { match: ANY, actions: [{ do: 'go', to: egressOnly.entry }] };
}

function mapInterface(
  network: Network,
  gateway: GatewayNode | undefined,
  record: NetworkInterface,
): void {
  for (const { address, publicAddress } of record.addresses) {
    if (publicAddress === undefined) continue;
    announce(network, hostCidr(publicAddress), inwards(gateway));
    gateway?.sources.set(address, outRule(network, publicAddress));
    gateway?.destinations.set(publicAddress, {
      match: ANY,
      actions: [CHECK_SIZE, { do: 'rewrite-destination', to: address }, ONWARDS],
    });
  }
  for (const address of record.ipv6Addresses) {
    gateway?.sources.set(address, outRule(network));
    gateway?.destinations.set(address, { match: ANY, actions: [CHECK_SIZE, ONWARDS] });
  }
  for (const block of record.ipv6Prefixes) {
    gateway?.sources.setBlock(block, outRule(network));
    gateway?.destinations.setBlock(block, { match: ANY, actions: [CHECK_SIZE, ONWARDS] });
  }
}

function unmapInterface(
  network: Network,
  gateway: GatewayNode | undefined,
  { addresses, ipv6Addresses, ipv6Prefixes }: NetworkInterface,
): void {
  for (const { address, publicAddress } of addresses) {
    if (publicAddress === undefined) continue;
    announceUnmapped(network, publicAddress);
    gateway?.sources.delete(address);
    gateway?.destinations.delete(publicAddress);
  }
  for (const address of ipv6Addresses) {
    gateway?.sources.delete(address);
    gateway?.destinations.delete(address);
  }
  for (const block of ipv6Prefixes) {
    gateway?.sources.deleteBlock(block);
    gateway?.destinations.deleteBlock(block);
  }
}

/** An address that no interface has leads nowhere while somebody keeps it, else outside. */
export function announceUnmapped(network: Network, publicIp: Ipv4): void {
  const key = String(publicIp);
  if (network.model.count('network-interface', 'publicAddress', key) > 0) return;
  const kept = network.model.count('elastic-ip', 'publicIp', key) > 0;
  announce(network, hostCidr(publicIp), kept ? UNROUTED : undefined);
}

/** Outwards: the public address for the private one; IPv6 as it is. */
function outRule({ internet }: Network, publicAddress?: Ip): Rule {
  const translate: Action[] =
    publicAddress === undefined ? [] : [{ do: 'rewrite-source', to: publicAddress }];
  return {
    match: ANY,
    actions: [CHECK_SIZE, ...translate, ...FORGET, { do: 'go', to: internet.station }],
  };
}

function announce(network: Network, block: Cidr, rule: Rule | undefined): void {
  const { internet } = network;
  const trie = isCidr4(block) ? internet.ipv4 : internet.ipv6;
  const next = rule === undefined ? deleteCidr(trie, block) : setCidr(trie, block, rule);
  if (isCidr4(block)) internet.ipv4 = next;
  else internet.ipv6 = next;
  compileInternet(network);
}

function detach(network: Network, id: string, { vpcId }: GatewayNode): void {
  network.gateways.delete(id);
  for (const { addresses } of network.model.by('network-interface', 'vpc', vpcId)) {
    for (const { publicAddress } of addresses) {
      if (publicAddress !== undefined) announce(network, hostCidr(publicAddress), UNROUTED);
    }
  }
  announceBlocks(network, vpcId);
}

function newGatewayNode(resource: string, vpcId: string): GatewayNode {
  const make = (direction: Direction) =>
    new Station({ role: 'internet-gateway', resource, kind: 'internet-gateway', direction });
  const out = make('egress');
  const into = make('ingress');
  const sources = new AddressMap<Rule>();
  const destinations = new AddressMap<Rule>();
  out.table = { rules: OUTWARDS, index: { by: 'source', map: sources }, otherwise: NO_PUBLIC };
  into.table = {
    rules: INWARDS,
    index: { by: 'destination', map: destinations },
    otherwise: NO_PRIVATE,
  };
  return { out, into, sources, destinations, edge: edgeStation(), vpcId };
}
