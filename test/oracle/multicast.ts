/** Transit gateway multicast: what becomes of one packet to a group, and of each copy (C-114 …). */
import type { ModelReader } from '../../src/model/model.ts';
import type { VpcAttachment } from '../../src/model/transit-gateway/attachment.ts';
import type { MulticastDomain } from '../../src/model/transit-gateway/multicast-domain.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Ip, ipEquals } from '../../src/net/ip.ts';
import { message, segment } from './exchange.ts';
import { isListening, mtuOf, type OracleObserved, observedAt } from './host.ts';
import { judgeByAcl } from './network-acl.ts';
import { messageBytes, type OracleTrace } from './oracle.ts';
import {
  type Drop,
  drop,
  type Ends,
  type Flow,
  fitInto,
  ICMP,
  ICMPV6,
  type Packet,
  packetFamily,
  TCP,
  UDP,
} from './packet.ts';
import { endsOf, type OracleQuestion } from './question.ts';
import { judgeByGroups } from './security-group.ts';
import { vpcOn } from './transit-gateway.ts';
import { isWorking, newWorld, owns, subnetOf, type World } from './world.ts';

const MTU = 8500; // C-129

export interface OracleCopy extends OracleTrace {
  readonly networkInterface: string;
  readonly instance?: string;
}

export interface GroupAnswer {
  readonly reachable: boolean;
  readonly receivers: readonly string[];
  readonly forward: OracleTrace & { readonly outcomes: readonly OracleCopy[] };
  readonly observed: OracleObserved | null;
}

export function askGroup(model: ModelReader, question: OracleQuestion): GroupAnswer {
  const world = newWorld(model, ([only]) => only!);
  const ends = endsOf(world, question) as Ends;
  const { id } = ends.from as Extract<Ends['from'], { kind: 'interface' }>;
  const sender = model.get('network-interface', id)!;
  const packet = packetOf(ends, question);
  const sent = sendToGroup(world, sender, packet);
  if ('disposition' in sent) return unheard(traceOf(sent), []);
  const copies = sent.members.map((eni) => ({ eni, fate: arrive(world, eni, sent.packet) }));
  const outcomes = copies.map(({ eni: { id, attachment }, fate }) => ({
    networkInterface: id,
    ...(attachment ? { instance: attachment.instanceId } : {}),
    ...traceOf(fate),
  }));
  const arrived = copies.filter(({ fate }) => fate === undefined).map(({ eni }) => eni);
  const [first] = arrived;
  if (first === undefined) return unheard(traceOf(copies[0]!.fate), outcomes);
  const { instance: _, ...observed } = observedAt(world, {
    disposition: 'delivered',
    place: { kind: 'interface', id: first.id },
    packet,
  });
  const heard = arrived.filter((eni) => takes(world, eni, packet));
  const receivers = [...new Set(heard.map(({ attachment }) => attachment!.instanceId))].sort();
  const forward = { disposition: 'delivered', outcomes } as const;
  return { reachable: receivers.length > 0, receivers, forward, observed };
}

/** Only UDP is taken by many; and by nobody from its own address (RFC 1122 section 3.2.1.3). */
function takes(world: World, eni: NetworkInterface, { protocol, source, port }: Packet): boolean {
  return protocol === UDP && !owns(eni, source) && isListening(world, eni, UDP, port);
}

function unheard(trace: OracleTrace, outcomes: readonly OracleCopy[]): GroupAnswer {
  return { reachable: false, receivers: [], forward: { ...trace, outcomes }, observed: null };
}

function traceOf(dropped: Drop | undefined): OracleTrace {
  if (dropped === undefined) return { disposition: 'delivered' };
  const { reason, at } = dropped;
  return { disposition: 'dropped', reason, at };
}

function packetOf({ from, source, destination }: Ends, question: OracleQuestion): Packet {
  const { protocol = 'icmp', port = 443, sourcePort, size = 0 } = question;
  const { dontFragment = false, ttl = 64 } = question;
  const payload = messageBytes(question) + size;
  const ip: Flow = { source, destination, protocol: TCP, sourcePort, port };
  if (protocol === 'tcp') return { ...segment(ip, 0, ttl), opens: true };
  const echo = packetFamily(ip) === 4 ? ICMP : ICMPV6;
  const flow =
    protocol === 'udp' ? { ...ip, protocol: UDP } : { ...ip, protocol: echo, port: sourcePort };
  return message(flow, from, 'request', { payload, dontFragment, ttl });
}

interface Sent {
  readonly packet: Packet;
  /** Who gets a copy, by id. */
  readonly members: readonly NetworkInterface[];
}

/** C-134: out by the sender's groups and its subnet's ACL; no route table is asked. */
function sendToGroup(world: World, sender: NetworkInterface, sent: Packet): Drop | Sent {
  if (!isWorking(world, sender)) return drop('BAD_STATE', sender.id);
  const packet = fitInto(sent, mtuOf({ kind: 'interface', id: sender.id }), sender.id);
  if ('disposition' in packet) return packet;
  const refused = judgeByGroups(world, sender, true, packet);
  if (refused) return refused;
  const place = placeOf(world, sender);
  // elsewhere nothing carries groups.
  if (place === undefined) return drop('MULTICAST_NOT_SUPPORTED', sender.subnetId);
  const denied = judgeByAcl(world, subnetOf(world, sender), true, packet);
  if (denied) return denied;
  return enterDomain(world, place, sender, packet);
}

function enterDomain(
  world: World,
  { domain, attachment }: DomainPlace,
  sender: NetworkInterface,
  packet: Packet,
): Drop | Sent {
  if (!carriesFamily(attachment, packet)) return noIpv6(attachment);
  if (packet.inPieces) return drop('MULTICAST_FRAGMENTS_NOT_SUPPORTED', domain.id); // C-122
  const group = packet.destination;
  // C-118
  if (domain.options.staticSourcesSupport && !isInGroup(world, domain, group, sender, 'source')) {
    return drop('MULTICAST_SOURCE_NOT_REGISTERED', domain.id);
  }
  const fitted = fitInto(packet, MTU, domain.id);
  if ('disposition' in fitted) return fitted;
  if (packet.ttl <= 1) return drop('TTL_EXPIRED', domain.id);
  // C-121, C-134: whoever is in the group, wherever in the domain, but for the sender.
  const members = [...world.model.all('network-interface')].filter(
    (eni) =>
      eni.id !== sender.id &&
      isInGroup(world, domain, group, eni, 'member') &&
      placeOf(world, eni)?.domain.id === domain.id,
  );
  if (members.length === 0) return drop('MULTICAST_NO_MEMBERS', domain.id);
  // What would have to be cut cannot pass (C-122).
  if (fitted.inPieces) return drop('MTU_EXCEEDED', domain.id);
  return { packet, members: members.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** C-134, C-123: in by the subnet's ACL and the member's groups, which know no sender's groups. */
function arrive(world: World, eni: NetworkInterface, sent: Packet): Drop | undefined {
  const { attachment } = placeOf(world, eni)!;
  if (!carriesFamily(attachment, sent)) return noIpv6(attachment);
  const packet: Packet = { ...sent, sender: undefined, cameByTransit: true };
  return (
    judgeByAcl(world, subnetOf(world, eni), false, packet) ??
    judgeByGroups(world, eni, false, packet) ??
    (isWorking(world, eni) ? undefined : drop('BAD_STATE', eni.id))
  );
}

function carriesFamily({ options }: VpcAttachment, packet: Packet): boolean {
  return options.ipv6Support || packetFamily(packet) === 4; // C-023
}

function noIpv6({ id }: VpcAttachment): Drop {
  return drop('TGW_ATTACH_IPV6_NOT_SUPPORTED', id);
}

interface DomainPlace {
  readonly domain: MulticastDomain;
  readonly attachment: VpcAttachment;
}

/** C-116, C-117: the domain of an interface's subnet, and how its VPC is joined to the gateway. */
export function placeOf(
  world: World,
  { subnetId, vpcId }: Pick<NetworkInterface, 'subnetId' | 'vpcId'>,
): DomainPlace | undefined {
  for (const one of world.model.all('transit-gateway-multicast-domain-association')) {
    if (one.subnetId !== subnetId || one.state !== 'associated') continue;
    const domain = world.model.get('transit-gateway-multicast-domain', one.domainId);
    const attachment = domain && vpcOn(world, domain.transitGatewayId, vpcId);
    if (domain?.state === 'available' && attachment) return { domain, attachment };
  }
  return undefined;
}

function isInGroup(
  { model }: World,
  domain: MulticastDomain,
  group: Ip,
  eni: NetworkInterface,
  role: 'member' | 'source',
): boolean {
  for (const one of model.all('transit-gateway-multicast-group-entry')) {
    const isHere = one.domainId === domain.id && one.networkInterfaceId === eni.id;
    if (isHere && one.role === role && ipEquals(one.group, group)) return true;
  }
  return false;
}
