/** Where random questions from inside lead. */
import { type NetworkInterface, prefixesOf } from '../../src/model/vpc/network-interface.ts';
import {
  addressAt,
  type Cidr,
  cidrFamily,
  cidrSize,
  containsIp,
  lastAddress,
} from '../../src/net/cidr.ts';
import { addToIp, type Family, formatIp, type Ip } from '../../src/net/ip.ts';
import type { Random } from '../../src/net/random.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { any, type Builder, tableOf } from './builder.ts';
import { hasFamily, isIn, isOpen } from './interface-state.ts';
import { randomName } from './name-question.ts';
import { publicAddress } from './public-address.ts';
import { siteFor } from './site-question.ts';

export type Destination = Pick<QuestionInput, 'to' | 'family'>;

type Choice = (builder: Builder, asker: NetworkInterface, family: Family) => Destination;

/** Each with how often it is chosen. */
const CHOICES: readonly (readonly [weight: number, choose: Choice])[] = [
  [50, toNear],
  [22, toNeighbor],
  [15, overMiddle],
  [2, toAnybody],
  [10, toOutside],
  [6, toPublic],
  [6, throughNat64],
  [3, toNobody],
  [4, toResolver],
  [2, toMany],
  [2, toFar],
  [5, toName],
  [14, toSite],
];
const TOTAL = CHOICES.reduce((sum, [weight]) => sum + weight, 0);

/** Somewhere of the family, for somebody who has an address in it. */
export function destinationFor(
  builder: Builder,
  asker: NetworkInterface,
  family: Family,
): Destination {
  let ticket = builder.random.below(TOTAL);
  for (const [weight, choose] of CHOICES) {
    ticket -= weight;
    if (ticket < 0) return choose(builder, asker, family);
  }
  throw new Error('no choice');
}

function toNear(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  return toInterface(builder, nearOf(builder, asker, family), family);
}

/** On premises. */
function toSite(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  return siteFor(builder, asker, family) ?? toNear(builder, asker, family);
}

/** On the same link. */
function toNeighbor(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  const { id, subnetId } = asker;
  const isNeighbor = (eni: NetworkInterface) =>
    eni.subnetId === subnetId && eni.id !== id && hasFamily(eni, family);
  const neighbor = any(builder, 'network-interface', isNeighbor);
  return neighbor ? toInterface(builder, neighbor, family) : toNear(builder, asker, family);
}

function toAnybody(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  const target = any(builder, 'network-interface', (eni) => hasFamily(eni, family)) ?? asker;
  return toInterface(builder, target, family);
}

function toInterface({ random }: Builder, target: NetworkInterface, family: Family): Destination {
  const { id, attachment, ipv6Addresses, addresses } = target;
  if (random.chance(0.4)) {
    const to = attachment?.deviceIndex === 0 && random.chance(0.5) ? attachment.instanceId : id;
    return family === 6 ? { to, family } : { to };
  }
  const inside = prefixesOf(target)
    .filter((block) => cidrFamily(block) === family)
    .map((block) => addressAt(block, random.below(16)));
  const own: readonly Ip[] = family === 6 ? ipv6Addresses : addresses.map(({ address }) => address);
  return { to: formatIp(random.pick([...own, ...inside])) };
}

/** Somebody of the same VPC or of one it is peered with. */
function nearOf(builder: Builder, asker: NetworkInterface, family: Family): NetworkInterface {
  const { cloud, random } = builder;
  const { id, vpcId, groupIds } = asker;
  const named = namedPeer(builder, groupIds);
  if (named !== undefined && hasFamily(named, family) && random.chance(0.7)) return named;
  const naming = random.chance(0.4) ? namingPeer(builder, groupIds) : undefined;
  if (naming !== undefined && hasFamily(naming, family)) return naming;
  const vpcs = new Set([vpcId]);
  if (random.chance(0.6)) {
    for (const { requester, accepter, status } of cloud.model.by(
      'vpc-peering-connection',
      'vpc',
      vpcId,
    )) {
      if (status !== 'active' && random.chance(0.8)) continue;
      vpcs.add(requester.vpcId).add(accepter.vpcId);
    }
    if (vpcs.size === 1 || random.chance(0.4)) {
      for (const other of sharedGatewayVpcs(builder, vpcId)) vpcs.add(other);
    }
    if (vpcs.size > 1) vpcs.delete(vpcId);
  }
  // Nobody answers at a gateway.
  const anyType = random.chance(0.15);
  const isNear = (eni: NetworkInterface) =>
    vpcs.has(eni.vpcId) &&
    eni.id !== id &&
    hasFamily(eni, family) &&
    (anyType || !['nat_gateway', 'transit_gateway'].includes(eni.interfaceType));
  const near =
    (random.chance(0.7)
      ? any(builder, 'network-interface', (eni) => isNear(eni) && isOpen(builder, eni))
      : undefined) ?? any(builder, 'network-interface', isNear);
  return near ?? any(builder, 'network-interface', (eni) => hasFamily(eni, family)) ?? asker;
}

/** Somebody of another VPC whose rules name one of these groups, live or stale. */
function namingPeer(builder: Builder, groupIds: readonly string[]): NetworkInterface | undefined {
  const { model } = builder.cloud;
  const rule = any(
    builder,
    'security-group-rule',
    ({ groupId, peer, egress }) =>
      !egress &&
      peer.kind === 'group' &&
      groupIds.includes(peer.groupId) &&
      peer.vpcId !== model.get('security-group', groupId)?.vpcId,
  );
  if (rule === undefined) return undefined;
  return any(builder, 'network-interface', (eni) => eni.groupIds.includes(rule.groupId));
}

/** The VPCs on the transit gateways that a VPC is on. */
function sharedGatewayVpcs({ cloud: { model } }: Builder, vpcId: string): string[] {
  return model
    .by('transit-gateway-attachment', 'vpc', vpcId)
    .flatMap(({ transitGatewayId }) =>
      model.by('transit-gateway-attachment', 'gateway', transitGatewayId),
    )
    .flatMap((other) => (other.resourceType === 'vpc' ? [other.vpcId] : []));
}

/** A member of a group of another VPC that one of these groups names, live or stale. */
function namedPeer(builder: Builder, groupIds: readonly string[]): NetworkInterface | undefined {
  const { model } = builder.cloud;
  const rule = any(
    builder,
    'security-group-rule',
    ({ groupId, peer }) =>
      groupIds.includes(groupId) &&
      peer.kind === 'group' &&
      peer.vpcId !== model.get('security-group', groupId)?.vpcId,
  );
  const { peer } = rule ?? {};
  if (peer?.kind !== 'group') return undefined;
  return any(builder, 'network-interface', (eni) => eni.groupIds.includes(peer.groupId));
}

/** Somewhere that the asker's routes lead to over an interface or a NAT gateway, if they do. */
function overMiddle(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  const route = any(
    builder,
    'route',
    ({ routeTableId, target, destination }) =>
      routeTableId === tableOf(builder, asker) &&
      (target.kind === 'network-interface' || target.kind === 'nat-gateway') &&
      cidrFamily(destination) === family,
  );
  if (route === undefined) return toNear(builder, asker, family);
  const { destination } = route;
  // Half of the time one that only knows senders by their groups.
  const bySender = builder.random.chance(0.5);
  const isTarget = (eni: NetworkInterface) =>
    eni.id !== asker.id && hasFamily(eni, family) && isIn(eni, destination);
  const inside =
    (bySender
      ? any(builder, 'network-interface', (eni) => isTarget(eni) && knowsGroups(builder, eni))
      : undefined) ?? any(builder, 'network-interface', isTarget);
  if (inside !== undefined && destination.length > 0) return toInterface(builder, inside, family);
  if (family === 6 && containsIp(destination, NAT64)) return throughNat64(builder, asker, family);
  return { to: formatIp(addToIp(destination.address, 0x0808_0808)) };
}

/** Whether the interface's rules let nobody in by address. */
function knowsGroups({ cloud }: Builder, { groupIds }: NetworkInterface): boolean {
  return groupIds.every((id) =>
    cloud.model
      .by('security-group-rule', 'group', id)
      .every(({ egress, peer }) => egress || peer.kind === 'group'),
  );
}

function toOutside({ random }: Builder, _asker: NetworkInterface, family: Family): Destination {
  return { to: formatIp(addressOutside(random, family)) };
}

function addressOutside(random: Random, family: Family): Ip {
  if (family === 6) return addToIp([0x2a000000, 1, 0, 1] as never, random.below(99));
  return addToIp((random.chance(0.5) ? 0x08080800 : 0xc6336400) as never, 1 + random.below(9));
}

function toPublic(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  const { random } = builder;
  if (family === 4) return { to: publicAddress(builder) };
  const far = any(builder, 'vpc', ({ ipv6Cidrs }) => ipv6Cidrs.length > 0);
  if (far === undefined) return toNear(builder, asker, family);
  const { ipv6Addresses: [own] = [] } =
    any(builder, 'network-interface', ({ vpcId }) => vpcId === far.id) ?? {};
  const nobody = addToIp(far.ipv6Cidrs[0]!.cidr.address, 77);
  return { to: formatIp(own === undefined || random.chance(0.1) ? nobody : own) };
}

const NAT64 = [0x0064_ff9b, 0, 0, 0] as never as Ip;

/** an IPv4 destination as IPv6 names it. */
function throughNat64(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  const { random } = builder;
  if (family === 4) return toNear(builder, asker, family);
  const near = any(
    builder,
    'network-interface',
    (eni) => eni.vpcId === asker.vpcId && hasFamily(eni, 4),
  );
  const to = random.pick([
    formatIp(addressOutside(random, 4)),
    publicAddress(builder),
    formatIp(near?.addresses[0]?.address ?? addressOutside(random, 4)),
    random.pick(FAR4),
  ]);
  return { to: `64:ff9b::${to}` };
}

/** An address that nobody has, in this VPC or another one. */
function toNobody(builder: Builder, { vpcId }: NetworkInterface, family: Family): Destination {
  const { random, cloud } = builder;
  const vpc = random.chance(0.6) ? cloud.model.get('vpc', vpcId)! : any(builder, 'vpc')!;
  const subnet = any(builder, 'subnet', (one) => one.vpcId === vpc.id);
  const blocks = [...vpc.cidrs, ...vpc.ipv6Cidrs, ...(subnet?.ipv6Cidrs ?? [])]
    .map(({ cidr }): Cidr => cidr)
    .concat(subnet?.cidr ?? [])
    .filter((block) => cidrFamily(block) === family);
  const chosen = random.pick(blocks);
  if (chosen === undefined) return toFar(builder, undefined, family);
  const span = Math.min(cidrSize(chosen) - 2, 60_000);
  return { to: formatIp(addToIp(chosen.address, 20 + random.below(span - 20))) };
}

function toResolver(builder: Builder, { vpcId }: NetworkInterface, family: Family): Destination {
  const { random, cloud } = builder;
  if (family === 6) return { to: 'fd00:ec2::253' };
  const vpc = random.chance(0.85) ? cloud.model.get('vpc', vpcId)! : any(builder, 'vpc')!;
  const plusTwo = formatIp(addToIp(vpc.cidrs[0]!.cidr.address, 2));
  return { to: random.pick([plusTwo, plusTwo, '169.254.169.253']) };
}

function toMany(builder: Builder, { subnetId }: NetworkInterface, family: Family): Destination {
  const { random, cloud } = builder;
  if (family === 6) return { to: 'ff02::1' };
  const { cidr } = cloud.model.get('subnet', subnetId)!;
  const broadcast = cidr ? formatIp(lastAddress(cidr)) : '255.255.255.255';
  return { to: random.pick(['224.0.0.251', '239.1.2.3', '224.0.0.1', broadcast, broadcast]) };
}

/** Private, shared and reserved: what no gateway carries. */
const FAR4 = [
  ...['10.200.0.9', '172.31.9.9', '192.168.77.7', '100.127.0.9', '240.0.0.9', '169.254.9.9'],
  '169.254.169.9',
];
const FAR6 = ['fd12::9', 'fd00:ec2::7'];

function toFar({ random }: Builder, _asker: unknown, family: Family): Destination {
  return { to: random.pick(family === 6 ? FAR6 : FAR4) };
}

/** What it means is asked for in the asker's family; with NAT64, hosts of the other one too. */
function toName(builder: Builder, asker: NetworkInterface, family: Family): Destination {
  const { random } = builder;
  const { id, vpcId } = asker;
  const wanted = random.chance(0.5) ? 4 : family;
  const isNeighbor = (eni: NetworkInterface) =>
    eni.vpcId === vpcId && eni.id !== id && hasFamily(eni, wanted) && isOpen(builder, eni);
  const target =
    (random.chance(0.6) ? any(builder, 'network-interface', isNeighbor) : undefined) ??
    nearOf(builder, asker, wanted);
  const to = randomName(builder, target, family);
  return family === 6 ? { to, family } : { to };
}
