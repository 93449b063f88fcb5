/** Random frames between what is in a cloud: of flows that open, go on, end, or never began. */
import type { Endpoint } from '../../src/fabric/endpoint.ts';
import {
  echoFrame,
  type Envelope,
  rawFrame,
  ROUTER,
  tcpFrame,
  udpFrame,
} from '../../src/fabric/test-frames.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Ip, isIpv4, parseIp } from '../../src/net/ip.ts';
import { PROTOCOL } from '../../src/net/protocol.ts';
import type { Random } from '../../src/net/random.ts';
import { EthernetView } from '../../src/wire/ethernet.ts';
import { IcmpView } from '../../src/wire/icmp.ts';
import { Ipv4View } from '../../src/wire/ipv4.ts';
import { Ipv6View } from '../../src/wire/ipv6.ts';
import { TcpView } from '../../src/wire/tcp.ts';
import { any, type Builder } from './builder.ts';
import { PORTS } from './traffic.ts';

export interface SentFrame {
  readonly from: Endpoint;
  readonly bytes: Uint8Array;
}

const OUTSIDE = ['198.51.100.7', '8.8.8.8', '2001:db8:1::9'].map((text) => parseIp(text)!);
const SYN = 2;
const ACK = 16;
const FLAGS = [SYN, SYN, ACK, ACK, ACK, ACK, SYN | ACK, 17, 4];

/** A frame from an interface or the Internet to another; undefined in an empty cloud. */
export function randomFlow(builder: Builder): SentFrame | undefined {
  const { random } = builder;
  const from = any(builder, 'network-interface');
  const to = any(builder, 'network-interface');
  if (from === undefined || to === undefined) return undefined;
  if (random.chance(0.12)) return fromOutside(random, to);
  const source = random.pick(addresses(from));
  const targets = random.chance(0.1) ? OUTSIDE : addresses(to);
  const destination = targets.find((address) => isIpv4(address) === isIpv4(source));
  if (source === undefined || destination === undefined) return undefined;
  const near = from.subnetId === to.subnetId && random.chance(0.9);
  const envelope = { source, destination, from: from.mac, to: near ? to.mac : ROUTER };
  return { from: { kind: 'interface', id: from.id }, bytes: message(random, envelope) };
}

function fromOutside(random: Random, to: NetworkInterface): SentFrame | undefined {
  const publicAddresses = to.addresses.map(({ publicAddress }) => publicAddress);
  const destination = [...publicAddresses, ...to.ipv6Addresses].find((one) => one !== undefined);
  if (destination === undefined) return undefined;
  const source = OUTSIDE.find((address) => isIpv4(address) === isIpv4(destination))!;
  const bytes = message(random, { source, destination });
  return { from: { kind: 'internet', address: source }, bytes };
}

function addresses(record: NetworkInterface): Ip[] {
  return [...record.addresses.map(({ address }) => address), ...record.ipv6Addresses];
}

function message(random: Random, ends: Envelope): Uint8Array {
  const payload = new Uint8Array(random.pick([0, 0, 0, 1, 700, 1480, 8900]));
  const ttl = random.pick([64, 64, 64, 64, 3, 2, 1]);
  const envelope = { ...ends, ttl, header: { dontFragment: random.chance(0.5) } };
  const ports = { sourcePort: 40_000 + random.below(3), port: random.pick(PORTS) };
  switch (random.below(8)) {
    case 0:
    case 1:
      return udpFrame({ ...envelope, ...ports }, payload);
    case 2:
      return echoFrame({ ...envelope, identifier: random.below(3) }, payload);
    case 3:
      return rawFrame(envelope, 47, payload);
    default:
      return tcpFrame({ ...envelope, ...ports, flags: random.pick(FLAGS) }, payload);
  }
}

/** The frame that answers a TCP segment or an echo request which has arrived. */
export function answerTo({ from, bytes }: SentFrame, random: Random): SentFrame | undefined {
  const ethernet = new EthernetView();
  if (!ethernet.wrap(bytes)) return undefined;
  const header = headerOf(bytes, ethernet.payloadOffset);
  if (header === undefined) return undefined;
  const { source, destination, protocol, offset, end } = header;
  const ends = { source: destination, destination: source, to: ethernet.source };
  const tcp = new TcpView();
  if (protocol === PROTOCOL.tcp && tcp.wrap(bytes, offset, end)) {
    const { sourcePort: port, destinationPort: sourcePort } = tcp;
    const flags = random.pick([SYN | ACK, ACK, ACK, 17]);
    return { from, bytes: tcpFrame({ ...ends, sourcePort, port, flags }) };
  }
  const icmp = new IcmpView();
  if (protocol === PROTOCOL.icmp && icmp.wrap(bytes, offset, end) && icmp.type === 8) {
    const { identifier } = icmp;
    return { from, bytes: echoFrame({ ...ends, identifier, reply: true }) };
  }
  return undefined;
}

function headerOf(bytes: Uint8Array, at: number) {
  const ipv4 = new Ipv4View();
  if (ipv4.wrap(bytes, at)) {
    const { source, destination, protocol, payloadOffset: offset, end, isFragment } = ipv4;
    return isFragment ? undefined : { source, destination, protocol, offset, end };
  }
  const ipv6 = new Ipv6View();
  if (!ipv6.wrap(bytes, at)) return undefined;
  const { source, destination, nextHeader: protocol, payloadOffset: offset, end } = ipv6;
  return { source, destination, protocol, offset, end };
}
