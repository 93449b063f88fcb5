/** What the oracle looks at: the model's records, found by looking at each of them in turn. */
import type { ModelReader } from '../../src/model/model.ts';
import type { NatGateway } from '../../src/model/vpc/nat-gateway.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Subnet } from '../../src/model/vpc/subnet.ts';
import type { Vpc } from '../../src/model/vpc/vpc.ts';
import { type Cidr, containsIp } from '../../src/net/cidr.ts';
import { type Family, type Ip, ipEquals, isIpv4 } from '../../src/net/ip.ts';
import type { Ipv4 } from '../../src/net/ipv4.ts';
import type { Choose } from './choice.ts';
import type { Flow } from './packet.ts';

/** A flow that a group gate let pass: its replies pass the other way. */
export interface Session {
  readonly interfaceId: string;
  readonly egress: boolean;
  readonly flow: Flow;
}

/** What a masquerading instance's interface or a NAT gateway did to a flow. */
export interface Translation {
  readonly by: string;
  readonly inside: Flow;
  readonly outside: Flow;
}

/** The records, and what one exchange leaves in the network while it goes on. */
export interface World {
  readonly model: ModelReader;
  readonly sessions: Session[];
  readonly translations: Translation[];
  /** What went out by egress-only gateways. */
  readonly outbound: { readonly gatewayId: string; readonly flow: Flow }[];
  /** The zones that appliance mode keeps flows in. */
  readonly pins: Pin[];
  readonly choose: Choose;
  /** Which candidate was chosen where a choice stays. */
  readonly kept: Map<string, number>;
}

export interface Pin {
  readonly attachmentId: string;
  readonly flow: Flow;
  readonly zoneId: string;
}

export function newWorld(model: ModelReader, choose: Choose): World {
  return { model, sessions: [], translations: [], outbound: [], pins: [], choose, kept: new Map() };
}

export function subnetOf({ model }: World, eni: NetworkInterface): Subnet {
  return model.get('subnet', eni.subnetId)!;
}

/** Its addresses, and all of the blocks delegated to it. */
export function owns(eni: NetworkInterface, address: Ip): boolean {
  if (isIn([...eni.ipv4Prefixes, ...eni.ipv6Prefixes], address)) return true;
  return isIpv4(address)
    ? eni.addresses.some((own) => own.address === address)
    : eni.ipv6Addresses.some((own) => ipEquals(own, address));
}

/** The address an interface is called by in a family. */
export function firstAddress(
  { addresses, ipv6Addresses }: NetworkInterface,
  family: Family,
): Ip | undefined {
  return family === 6 ? ipv6Addresses[0] : addresses.find(({ primary }) => primary)?.address;
}

/** The interface of a VPC that has a private address, or an IPv6 address. */
export function interfaceWith(
  { model }: World,
  vpcId: string,
  address: Ip,
): NetworkInterface | undefined {
  for (const eni of model.all('network-interface')) {
    if (eni.vpcId === vpcId && owns(eni, address)) return eni;
  }
  return undefined;
}

/** The interface that a public IPv4 address is mapped to, and the private address behind it. */
export function publicOwner(
  { model }: World,
  address: Ip,
): { readonly eni: NetworkInterface; readonly address: Ipv4 } | undefined {
  for (const eni of model.all('network-interface')) {
    const mapped = eni.addresses.find(({ publicAddress }) => publicAddress === address);
    if (mapped !== undefined) return { eni, address: mapped.address };
  }
  return undefined;
}

/** Whether somebody has the public address allocated. */
export function isKept({ model }: World, address: Ip): boolean {
  for (const { publicIp } of model.all('elastic-ip')) if (publicIp === address) return true;
  return false;
}

/** A-010, B-060: the blocks associated now. */
export function blocksOf(vpc: Vpc): Cidr[] {
  return [...vpc.cidrs, ...vpc.ipv6Cidrs]
    .filter(({ state }) => state === 'associated')
    .map(({ cidr }) => cidr);
}

export function subnetBlocks({ cidr, ipv6Cidrs }: Subnet): Cidr[] {
  const ipv6 = ipv6Cidrs.filter(({ state }) => state === 'associated');
  return [...(cidr === undefined ? [] : [cidr]), ...ipv6.map((one) => one.cidr)];
}

export function isIn(blocks: readonly Cidr[], address: Ip): boolean {
  return blocks.some((block) => containsIp(block, address));
}

/** FC-01: packets come and go while the interface is attached to a running instance. */
export function isWorking({ model }: World, { attachment }: NetworkInterface): boolean {
  if (attachment?.status !== 'attached') return false;
  return model.get('instance', attachment.instanceId)?.state === 'running';
}

/** The NAT gateway that an interface belongs to. */
export function natGatewayAt({ model }: World, { id }: NetworkInterface): NatGateway | undefined {
  for (const gateway of model.all('natgateway')) {
    if (gateway.networkInterfaceId === id) return gateway;
  }
  return undefined;
}

/** The egress-only gateway of a VPC (A-092: at most one). */
export function egressOnlyOf({ model }: World, vpcId: string): string | undefined {
  for (const gateway of model.all('egress-only-internet-gateway')) {
    if (gateway.vpcId === vpcId) return gateway.id;
  }
  return undefined;
}

/** The gateway attached to a VPC (A-092: at most one). */
export function gatewayOf({ model }: World, vpcId: string): string | undefined {
  for (const { id, attachment } of model.all('internet-gateway')) {
    if (attachment?.vpcId === vpcId && attachment.state === 'available') return id;
  }
  return undefined;
}

/** The blocks a prefix list holds now. */
export function entriesOf(model: ModelReader, prefixListId: string): Cidr[] {
  const list = model.get('prefix-list', prefixListId);
  for (const one of model.all('prefix-list-version')) {
    if (one.prefixListId === prefixListId && one.version === list?.version) {
      return one.entries.map(({ cidr }) => cidr);
    }
  }
  return [];
}

/** A tag of the instance behind an interface, as its owner set it. */
export function instanceTag(
  { model }: World,
  { attachment }: NetworkInterface,
  key: string,
): string | undefined {
  const instance = attachment && model.get('instance', attachment.instanceId);
  if (instance === undefined) return undefined;
  for (const set of model.all('tag-set')) {
    const own = set.account === instance.account && set.region === instance.region;
    if (own && set.resourceId === instance.id) return set.tags[key];
  }
  return undefined;
}
