/** Random questions about a random cloud. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Cidr, cidrFamily, cidrSize, containsIp, lastAddress } from '../../src/net/cidr.ts';
import { addToIp, formatIp, type Ip } from '../../src/net/ip.ts';
import type { Random } from '../../src/net/random.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { all, any, type Builder } from './builder.ts';
import { PORTS } from './traffic.ts';

type Draft = Pick<QuestionInput, 'from' | 'to' | 'family'>;

export function randomQuestion(builder: Builder): QuestionInput {
  const { random } = builder;
  const draft = randomEnds(builder);
  const family = draft.to.includes(':') || draft.family === 6 ? 6 : 4;
  const protocol = random.pick(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'icmp'] as const);
  return {
    ...draft,
    ...(protocol === 'icmp' && random.chance(0.5) ? {} : { protocol }),
    ...(protocol === 'icmp' || random.chance(0.2) ? {} : { port: random.pick(PORTS) }),
    ...(random.chance(0.5) ? {} : { sourcePort: randomSourcePort(random) }),
    ...(random.chance(0.75) ? {} : { size: randomSize(random, protocol, family) }),
    ...(random.chance(0.8) ? {} : { dontFragment: random.chance(0.8) }),
    ...(random.chance(0.94) ? {} : { ttl: 1 + random.below(4) }),
  };
}

function randomSourcePort(random: Random): number {
  const first = random.pick([1024, 32768, 49152, 57000, 61001]);
  return first + random.below(4000);
}

/** Messages whose packets are about as large as some path carries. */
function randomSize(random: Random, protocol: string, family: 4 | 6): number {
  if (random.chance(0.2)) return random.pick([1, 100, 20_000, 60_000]);
  const headers = (family === 4 ? 20 : 40) + (protocol === 'tcp' ? 20 : 8);
  const packet = random.pick([1500, 8500, 9001]) + random.pick([-1, 0, 1, 40]);
  return packet - headers - 'openvpc?'.length;
}

function randomEnds(builder: Builder): Draft {
  const { random } = builder;
  if (random.chance(0.09)) return fromOutside(builder);
  const stopped = random.chance(0.02);
  const asker =
    (random.chance(0.5)
      ? any(builder, 'network-interface', (eni) => isOpen(builder, eni))
      : undefined) ??
    any(builder, 'network-interface', (eni) => isRunning(builder, eni) !== stopped);
  if (asker === undefined) return fromOutside(builder);
  const { attachment } = asker;
  const from =
    attachment?.deviceIndex === 0 && random.chance(0.5) ? attachment.instanceId : asker.id;
  return { from, ...destinationFor(builder, asker) };
}

function isRunning({ cloud }: Builder, { attachment }: NetworkInterface): boolean {
  if (attachment?.status !== 'attached') return false;
  return cloud.model.get('instance', attachment.instanceId)?.state === 'running';
}

function destinationFor(builder: Builder, asker: NetworkInterface): Omit<Draft, 'from'> {
  const { random } = builder;
  const ipv6 = asker.ipv6Addresses.length > 0;
  const ticket = random.below(100);
  if (ticket < 54) return toInterface(builder, nearOf(builder, asker), ipv6);
  if (ticket < 64) return overForwarder(builder, asker, ipv6);
  if (ticket < 67) return toInterface(builder, any(builder, 'network-interface')!, ipv6);
  if (ticket < 80) return { to: formatIp(addressOutside(random, ipv6)) };
  if (ticket < 86) return toPublicAddress(builder, ipv6);
  if (ticket < 90) return { to: unassigned(builder, asker, ipv6) };
  if (ticket < 94) return { to: resolverOf(builder, asker, ipv6) };
  if (ticket < 95)
    return { to: random.pick(ipv6 ? ['ff02::1', '224.0.0.1'] : ['224.0.0.251', '239.1.2.3']) };
  if (ticket < 96) return { to: broadcastOf(builder, asker) };
  if (ticket < 97) return { to: 'nobody.example' };
  return { to: random.pick(ipv6 ? FAR6 : FAR4) };
}

/** Somewhere that the asker's routes lead to over an interface, if they do. */
function overForwarder(
  builder: Builder,
  asker: NetworkInterface,
  ipv6: boolean,
): Omit<Draft, 'from'> {
  const { cloud } = builder;
  const { model } = cloud;
  const { subnetId, vpcId } = asker;
  const association =
    model.first('route-table-association', 'subnet', subnetId) ??
    model.first('route-table-association', 'main', vpcId)!;
  const route = any(
    builder,
    'route',
    ({ routeTableId, target, destination }) =>
      routeTableId === association.routeTableId &&
      target.kind === 'network-interface' &&
      (ipv6 || cidrFamily(destination) === 4),
  );
  if (route === undefined) return toInterface(builder, nearOf(builder, asker), ipv6);
  const { destination } = route;
  // Half of the time one that only knows senders by their groups.
  const bySender = builder.random.chance(0.5);
  const isTarget = (eni: NetworkInterface) =>
    eni.id !== asker.id && eni.vpcId === vpcId && isIn(eni, destination);
  const inside =
    (bySender
      ? any(builder, 'network-interface', (eni) => isTarget(eni) && knowsGroups(builder, eni))
      : undefined) ?? any(builder, 'network-interface', isTarget);
  if (inside !== undefined && destination.length > 0) return toInterface(builder, inside, ipv6);
  return { to: formatIp(addToIp(destination.address, 0x0808)) };
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

/** Whether it is running and lets everybody in. */
function isOpen(builder: Builder, eni: NetworkInterface): boolean {
  const { model } = builder.cloud;
  const open = eni.groupIds.some((id) => model.get('security-group', id)?.groupName === 'open');
  return open && isRunning(builder, eni);
}

/** Whether the interface's rules let nobody in by address. */
function knowsGroups({ cloud }: Builder, { groupIds }: NetworkInterface): boolean {
  return groupIds.every((id) =>
    cloud.model
      .by('security-group-rule', 'group', id)
      .every(({ egress, peer }) => egress || peer.kind === 'group'),
  );
}

function isIn({ addresses, ipv6Addresses }: NetworkInterface, block: Cidr): boolean {
  const own = [...addresses.map(({ address }) => address), ...ipv6Addresses];
  return own.some((address) => containsIp(block, address));
}

/** Private, shared and reserved: what no gateway carries. */
const FAR4 = [
  '10.200.0.9',
  '172.31.9.9',
  '192.168.77.7',
  '100.127.0.9',
  '240.0.0.9',
  '169.254.9.9',
  '169.254.169.9',
];
const FAR6 = ['fd12::9', 'fd00:ec2::7', ...FAR4];

/** Somebody of the same VPC or of one it is peered with. */
function nearOf(builder: Builder, { id, vpcId, groupIds }: NetworkInterface): NetworkInterface {
  const { cloud, random } = builder;
  const named = namedPeer(builder, groupIds);
  if (named !== undefined && random.chance(0.7)) return named;
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
    if (vpcs.size > 1) vpcs.delete(vpcId);
  }
  const isNear = (eni: NetworkInterface) => vpcs.has(eni.vpcId) && eni.id !== id;
  const near =
    (random.chance(0.6)
      ? any(builder, 'network-interface', (eni) => isNear(eni) && isOpen(builder, eni))
      : undefined) ?? any(builder, 'network-interface', isNear);
  return near ?? any(builder, 'network-interface', (eni) => eni.id !== id)!;
}

function toInterface(
  { random }: Builder,
  target: NetworkInterface,
  ipv6: boolean,
): Omit<Draft, 'from'> {
  const { id, attachment, ipv6Addresses, addresses } = target;
  const family = ipv6 && ipv6Addresses.length > 0 && random.chance(0.3) ? 6 : 4;
  if (random.chance(0.4)) {
    const to = attachment?.deviceIndex === 0 && random.chance(0.5) ? attachment.instanceId : id;
    return family === 6 ? { to, family } : { to };
  }
  const own: readonly Ip[] = family === 6 ? ipv6Addresses : addresses.map(({ address }) => address);
  return { to: formatIp(random.pick(own)) };
}

function addressOutside(random: Random, ipv6: boolean): Ip {
  if (ipv6 && random.chance(0.3)) return addToIp([0x2a000000, 1, 0, 1] as never, random.below(99));
  return addToIp((random.chance(0.5) ? 0x08080800 : 0xc6336400) as never, 1 + random.below(9));
}

function toPublicAddress(builder: Builder, ipv6: boolean): Omit<Draft, 'from'> {
  const { random } = builder;
  const far = any(builder, 'vpc', ({ ipv6Cidrs }) => ipv6Cidrs.length > 0);
  if (ipv6 && far && random.chance(0.3)) {
    const { ipv6Addresses: [own] = [] } =
      any(builder, 'network-interface', ({ vpcId }) => vpcId === far.id) ?? {};
    return { to: formatIp(own ?? addToIp(far.ipv6Cidrs[0]!.cidr.address, 77)) };
  }
  const mapped = all(builder, 'network-interface')
    .flatMap(({ addresses }) => addresses)
    .flatMap(({ publicAddress }) => publicAddress ?? []);
  return { to: mapped.length === 0 ? '8.8.8.8' : formatIp(random.pick(mapped)) };
}

/** An address that nobody has, in this VPC or another one. */
function unassigned(builder: Builder, { vpcId }: NetworkInterface, ipv6: boolean): string {
  const { random, cloud } = builder;
  const vpc = random.chance(0.6) ? cloud.model.get('vpc', vpcId)! : any(builder, 'vpc')!;
  const subnet = any(builder, 'subnet', (one) => one.vpcId === vpc.id);
  const blocks = [...vpc.cidrs, ...(ipv6 ? vpc.ipv6Cidrs : [])].map(({ cidr }) => cidr);
  const { cidr } = subnet ?? {};
  const chosen = cidr && random.chance(0.5) ? cidr : random.pick(blocks);
  const span = Math.min(cidrSize(chosen) - 2, 60_000);
  return formatIp(addToIp(chosen.address, 20 + random.below(span - 20)));
}

function resolverOf(builder: Builder, { vpcId }: NetworkInterface, ipv6: boolean): string {
  const { random, cloud } = builder;
  const own = cloud.model.get('vpc', vpcId)!;
  const vpc = random.chance(0.85) ? own : any(builder, 'vpc')!;
  const plusTwo = formatIp(addToIp(vpc.cidrs[0]!.cidr.address, 2));
  return random.pick([plusTwo, plusTwo, '169.254.169.253', ipv6 ? 'fd00:ec2::253' : plusTwo]);
}

function broadcastOf({ cloud }: Builder, { subnetId }: NetworkInterface): string {
  const { cidr } = cloud.model.get('subnet', subnetId)!;
  return cidr ? formatIp(lastAddress(cidr)) : '255.255.255.255';
}

function fromOutside(builder: Builder): Draft {
  const { random } = builder;
  const from = random.pick([
    'internet',
    'internet',
    'internet:8.8.4.4',
    'internet:10.0.0.9',
    'internet:100.64.0.9',
  ]);
  const target = any(builder, 'network-interface')!;
  if (random.chance(0.5)) {
    const [own] = target.ipv6Addresses;
    if (from === 'internet' && own && random.chance(0.4)) return { from, to: target.id, family: 6 };
    return { from, to: target.id };
  }
  if (from === 'internet' && random.chance(0.4)) {
    const vpc = any(builder, 'vpc', ({ ipv6Cidrs }) => ipv6Cidrs.length > 0);
    if (vpc) {
      const nobody = addToIp(vpc.ipv6Cidrs[0]!.cidr.address, 5 + random.below(1000));
      return { from, to: formatIp(nobody) };
    }
  }
  const { to } = toPublicAddress(builder, false);
  return { from, to: random.chance(0.1) ? '10.1.0.4' : to };
}
