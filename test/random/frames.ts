/** Random frames between what is in a cloud: of flows that open, go on, end, or never began. */
import type { Endpoint } from '../../src/fabric/endpoint.ts';
import { Frame } from '../../src/fabric/frame.ts';
import { isEcho, Packet } from '../../src/fabric/packet.ts';
import { echoFrame, ROUTER, rawFrame, tcpFrame, udpFrame } from '../../src/fabric/test-frames.ts';
import { type NetworkInterface, prefixesOf } from '../../src/model/vpc/network-interface.ts';
import { addressAt } from '../../src/net/cidr.ts';
import { type Ip, isIpv4, parseIp } from '../../src/net/ip.ts';
import type { Mac } from '../../src/net/mac.ts';
import { PROTOCOL } from '../../src/net/protocol.ts';
import type { Random } from '../../src/net/random.ts';
import { any, type Builder } from './builder.ts';
import { PORTS } from './traffic.ts';

/** One direction of a flow: its frames differ in size, age and flags. */
export interface Talk {
  readonly from: Endpoint;
  readonly source: Ip;
  readonly destination: Ip;
  /** The next hop on the link. */
  readonly to: Mac;
  readonly protocol: number;
  /** Of an echo, both are its identifier. */
  readonly sourcePort: number;
  readonly port: number;
  /** Whether it is the answering side. */
  readonly answers: boolean;
}

const OUTSIDE = ['198.51.100.7', '8.8.8.8', '2001:db8:1::9'].map((text) => parseIp(text)!);
/** The same hosts by NAT64, and one that is private. */
const EMBEDDED = ['198.51.100.7', '8.8.8.8', '10.0.0.6'].map(
  (text) => parseIp(`64:ff9b::${text}`)!,
);
const GRE = 47;
const PROTOCOLS = [PROTOCOL.tcp, PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.udp, PROTOCOL.icmp, GRE];
const FLAGS = { opens: [2, 2, 16, 16, 16, 16, 16, 16, 17, 4], answers: [18, 16, 16, 16, 16, 17] };

/** From an interface or the Internet to another; undefined where there is no way to name it. */
export function randomTalk(builder: Builder): Talk | undefined {
  const { random } = builder;
  const from = any(builder, 'network-interface');
  const to = any(builder, 'network-interface');
  if (from === undefined || to === undefined) return undefined;
  if (random.chance(0.12)) return fromOutside(random, to);
  const addresses = addressesOf(from);
  if (addresses.length === 0) return undefined;
  const source = random.pick(addresses);
  const targets = random.chance(0.2)
    ? random.pick([OUTSIDE, [random.pick(EMBEDDED)]])
    : addressesOf(to);
  const fitting = targets.filter((address) => isIpv4(address) === isIpv4(source));
  const destination = fitting.length === 0 ? undefined : random.pick(fitting);
  if (destination === undefined) return undefined;
  const near = from.subnetId === to.subnetId && random.chance(0.9);
  const ends = { source, destination, to: near ? to.mac : ROUTER };
  return { from: { kind: 'interface', id: from.id }, ...ends, ...randomPorts(random) };
}

function fromOutside(random: Random, to: NetworkInterface): Talk | undefined {
  const publicAddresses = to.addresses.map(({ publicAddress }) => publicAddress);
  const destination = [...publicAddresses, ...to.ipv6Addresses].find((one) => one !== undefined);
  if (destination === undefined) return undefined;
  const source = OUTSIDE.find((address) => isIpv4(address) === isIpv4(destination))!;
  const from: Endpoint = { kind: 'internet', address: source };
  return { from, source, destination, to: ROUTER, ...randomPorts(random) };
}

function addressesOf(record: NetworkInterface): Ip[] {
  const own = [...record.addresses.map(({ address }) => address), ...record.ipv6Addresses];
  // Of each delegated block one.
  return [...own, ...prefixesOf(record).map((block) => addressAt(block, 7))];
}

function randomPorts(random: Random): Pick<Talk, 'protocol' | 'sourcePort' | 'port' | 'answers'> {
  const sourcePort = 50_000 + random.below(3);
  return { protocol: random.pick(PROTOCOLS), sourcePort, port: random.pick(PORTS), answers: false };
}

/** One frame of it. */
export function frameOf(talk: Talk, random: Random): Uint8Array {
  const { source, destination, to, protocol, sourcePort, port, answers } = talk;
  const payload = new Uint8Array(random.pick([0, 0, 0, 1, 700, 1480, 8900]));
  const ttl = random.pick([64, 64, 64, 64, 64, 64, 2, 1]);
  const header = { dontFragment: random.chance(0.5), moreFragments: random.chance(0.03) };
  const envelope = { source, destination, to, ttl, header };
  switch (protocol) {
    case PROTOCOL.tcp: {
      const flags = random.pick(answers ? FLAGS.answers : FLAGS.opens);
      return tcpFrame({ ...envelope, sourcePort, port, flags }, payload);
    }
    case PROTOCOL.udp:
      return udpFrame({ ...envelope, sourcePort, port }, payload);
    case PROTOCOL.icmp: {
      const reply = answers !== random.chance(0.1);
      return echoFrame({ ...envelope, identifier: sourcePort, reply }, payload);
    }
    default:
      return rawFrame(envelope, protocol, payload);
  }
}

/** The other direction of the flow of a frame that has arrived, as its receiver sees it. */
export function answerTo(at: Endpoint, bytes: Uint8Array): Talk | undefined {
  const frame = new Frame();
  const packet = new Packet();
  if (frame.read(bytes.slice(), packet) !== 'ip' || frame.laterFragment) return undefined;
  const { protocol, source, destination, sourcePort: port, destinationPort: sourcePort } = packet;
  const answered =
    protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp || protocol === GRE || isEcho(packet);
  if (!answered) return undefined;
  return {
    from: at,
    source: destination,
    destination: source,
    to: at.kind === 'interface' ? frame.ethernet.source : ROUTER,
    protocol: isEcho(packet) ? PROTOCOL.icmp : protocol,
    sourcePort,
    port,
    answers: true,
  };
}
