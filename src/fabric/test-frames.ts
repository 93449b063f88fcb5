/** Frames and packets that the tests of this folder send. */
import { type Ip, isIpv4 } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { type Mac, mac } from '../net/mac.ts';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { EMPTY } from '../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, emitEthernet } from '../wire/ethernet.ts';
import { emitIcmp, type Icmp, IcmpView, icmpLength } from '../wire/icmp.ts';
import { emitIcmpv6, type Icmpv6, Icmpv6View, icmpv6Length } from '../wire/icmpv6.ts';
import {
  emitIpv4Header,
  type Ipv4Header,
  Ipv4View,
  ipv4Header,
  ipv4HeaderLength,
} from '../wire/ipv4.ts';
import { emitIpv6Header, IPV6_HEADER_LENGTH, Ipv6View, ipv6Header } from '../wire/ipv6.ts';
import { Ipv6UpperLayer } from '../wire/ipv6-extension.ts';
import { emitTcp, TcpView, tcpLength } from '../wire/tcp.ts';
import { emitUdp, UdpView, udpLength } from '../wire/udp.ts';
import { ICMP_ECHO_REPLY, ICMP_ECHO_REQUEST, Packet } from './packet.ts';
import { ip } from './test-values.ts';

export const SENDER_MAC = mac(0x02_00_00_00_0a_01);
export const ROUTER = mac(0x02_00_00_00_00_01);

/** What a sender's link and IP layer add to a message. */
export interface Envelope {
  readonly source: Ip | string;
  readonly destination: Ip | string;
  readonly to?: Mac;
  readonly from?: Mac;
  readonly ttl?: number;
  /** IPv4 only. */
  readonly header?: Partial<Omit<Ipv4Header, 'payloadLength' | 'source' | 'destination'>>;
}

export interface Ports {
  readonly sourcePort?: number;
  readonly port?: number;
}

function address(value: Ip | string): Ip {
  return typeof value === 'string' ? ip(value) : value;
}

/** A frame around `length` bytes that `emit` writes at an offset. */
function wrap(
  envelope: Envelope,
  protocol: number,
  length: number,
  emit: (bytes: Uint8Array, offset: number, pseudo: { source: Ip; destination: Ip }) => void,
): Uint8Array {
  const source = address(envelope.source);
  const destination = address(envelope.destination);
  const { to = ROUTER, from = SENDER_MAC, ttl = 64 } = envelope;
  const four = isIpv4(source);
  const header4 = ipv4Header({
    source: source as Ipv4,
    destination: destination as Ipv4,
    protocol,
    payloadLength: length,
    ttl,
    ...envelope.header,
  });
  const headerLength = four ? ipv4HeaderLength(header4) : IPV6_HEADER_LENGTH;
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + headerLength + length);
  const etherType = four ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6;
  emitEthernet({ destination: to, source: from, etherType }, bytes);
  if (four) emitIpv4Header(header4, bytes, ETHERNET_HEADER_LENGTH);
  else {
    const ends = { source: source as Ipv6, destination: destination as Ipv6 };
    const header6 = { ...ends, nextHeader: protocol, payloadLength: length, hopLimit: ttl };
    emitIpv6Header(ipv6Header(header6), bytes, ETHERNET_HEADER_LENGTH);
  }
  emit(bytes, ETHERNET_HEADER_LENGTH + headerLength, { source, destination });
  return bytes;
}

export function udpFrame(envelope: Envelope & Ports, payload: Uint8Array = EMPTY): Uint8Array {
  const { sourcePort = 40000, port = 53 } = envelope;
  const udp = { sourcePort, destinationPort: port, payload };
  return wrap(envelope, PROTOCOL.udp, udpLength(udp), (bytes, offset, pseudo) =>
    emitUdp(udp, bytes, offset, pseudo as never),
  );
}

export function tcpFrame(
  envelope: Envelope & Ports & { readonly flags?: number },
  payload: Uint8Array = EMPTY,
): Uint8Array {
  const { sourcePort = 40000, port = 443, flags = 2 } = envelope;
  const tcp = {
    sourcePort,
    destinationPort: port,
    sequenceNumber: 1,
    acknowledgmentNumber: 0,
    flags,
    window: 65535,
    options: {},
    payload,
  };
  return wrap(envelope, PROTOCOL.tcp, tcpLength(tcp), (bytes, offset, pseudo) =>
    emitTcp(tcp, bytes, offset, pseudo as never),
  );
}

/** An ICMP or ICMPv6 echo, by the addresses' family. */
export function echoFrame(
  envelope: Envelope & { readonly identifier?: number; readonly reply?: boolean },
  payload: Uint8Array = EMPTY,
): Uint8Array {
  const { identifier = 7, reply = false } = envelope;
  const kind = reply ? 'echoReply' : 'echoRequest';
  return messageFrame(envelope, { kind, identifier, sequenceNumber: 1, payload });
}

/** A message that is one of ICMP and of ICMPv6 alike. */
export function messageFrame(envelope: Envelope, message: Icmp & Icmpv6): Uint8Array {
  return isIpv4(address(envelope.source))
    ? wrap(envelope, PROTOCOL.icmp, icmpLength(message), (bytes, offset) =>
        emitIcmp(message, bytes, offset),
      )
    : icmpv6Frame(envelope, message);
}

export function icmpv6Frame(envelope: Envelope, message: Icmpv6): Uint8Array {
  return wrap(envelope, PROTOCOL.icmpv6, icmpv6Length(message), (bytes, offset, pseudo) =>
    emitIcmpv6(message, bytes, offset, pseudo as never),
  );
}

/** Any other protocol's packet. */
export function rawFrame(envelope: Envelope, protocol: number, payload: Uint8Array): Uint8Array {
  return wrap(envelope, protocol, payload.length, (bytes, offset) => bytes.set(payload, offset));
}

/** Whether every checksum of an IP frame holds. A fragment's transport is not looked at. */
export function checksumsValid(frame: Uint8Array): boolean {
  const ipv4 = new Ipv4View();
  if (ipv4.wrap(frame, ETHERNET_HEADER_LENGTH)) {
    if (!ipv4.checksumValid()) return false;
    if (ipv4.isFragment) return true;
    return transportValid(frame, ipv4.protocol, ipv4.payloadOffset, ipv4);
  }
  const ipv6 = new Ipv6View();
  const upper = new Ipv6UpperLayer();
  if (!ipv6.wrap(frame, ETHERNET_HEADER_LENGTH) || !upper.walk(ipv6)) return false;
  if (upper.isFragment) return true;
  return transportValid(frame, upper.protocol, upper.offset, ipv6);
}

function transportValid(
  frame: Uint8Array,
  protocol: number,
  offset: number,
  header: Ipv4View | Ipv6View,
): boolean {
  const { end } = header;
  switch (protocol) {
    case PROTOCOL.tcp: {
      const view = new TcpView();
      return view.wrap(frame, offset, end) && view.checksumValid(header);
    }
    case PROTOCOL.udp: {
      const view = new UdpView();
      return view.wrap(frame, offset, end) && view.checksumValid(header);
    }
    case PROTOCOL.icmp: {
      const view = new IcmpView();
      return view.wrap(frame, offset, end) && view.checksumValid();
    }
    case PROTOCOL.icmpv6: {
      const view = new Icmpv6View();
      return view.wrap(frame, offset, end) && view.checksumValid(header as Ipv6View);
    }
    default:
      return true;
  }
}

export interface PacketOptions {
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | number;
  readonly sourcePort?: number;
  readonly port?: number;
  readonly flags?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
  readonly reply?: boolean;
  readonly ttl?: number;
  readonly length?: number;
  readonly dontFragment?: boolean;
}

/** A packet as the tables see it; for icmp an echo with `sourcePort` as its identifier. */
export function packet(source: string, destination: string, options: PacketOptions = {}): Packet {
  const { protocol = 'tcp', sourcePort = 40000, port = 443 } = options;
  const made = new Packet();
  made.family = isIpv4(ip(source)) ? 4 : 6;
  made.source = ip(source);
  made.destination = ip(destination);
  made.protocol = numberOf(protocol, made.family);
  if (protocol === 'tcp' || protocol === 'udp') {
    made.sourcePort = sourcePort;
    made.destinationPort = port;
  }
  made.tcpFlags = options.flags ?? 0;
  if (protocol === 'icmp') {
    const type = (options.reply ? ICMP_ECHO_REPLY : ICMP_ECHO_REQUEST)[made.family];
    made.icmpType = options.icmp?.type ?? type;
    made.icmpCode = options.icmp?.code ?? 0;
    if (options.icmp === undefined) made.sourcePort = made.destinationPort = sourcePort;
  }
  made.ttl = options.ttl ?? 64;
  made.length = options.length ?? 100;
  made.dontFragment = options.dontFragment ?? false;
  return made;
}

function numberOf(protocol: PacketOptions['protocol'], family: 4 | 6): number {
  if (typeof protocol === 'number') return protocol;
  if (protocol === 'icmp') return family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  return protocol === 'udp' ? PROTOCOL.udp : PROTOCOL.tcp;
}

/** The packet that answers: ends and ports exchanged. */
export function replyTo(request: Packet): Packet {
  const reply = new Packet();
  Object.assign(reply, {
    family: request.family,
    protocol: request.protocol,
    sourcePort: request.destinationPort,
    destinationPort: request.sourcePort,
    length: request.length,
    dontFragment: request.dontFragment,
  });
  reply.source = request.destination;
  reply.destination = request.source;
  if (request.icmpType === ICMP_ECHO_REQUEST[request.family]) {
    reply.icmpType = ICMP_ECHO_REPLY[request.family];
  }
  return reply;
}
