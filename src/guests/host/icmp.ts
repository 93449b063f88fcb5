/** ICMP and ICMPv6 as one: echo, and errors with what they quote. */
import { type Ip, isIpv4 } from '../../net/ip.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import {
  emitIcmp,
  ICMP_TYPE,
  ICMP_UNREACHABLE,
  type Icmp,
  icmpLength,
  parseIcmp,
} from '../../wire/icmp.ts';
import {
  emitIcmpv6,
  ICMPV6_TYPE,
  ICMPV6_UNREACHABLE,
  type Icmpv6,
  icmpv6Length,
  parseIcmpv6,
} from '../../wire/icmpv6.ts';
import { Ipv4View } from '../../wire/ipv4.ts';
import { Ipv6View } from '../../wire/ipv6.ts';
import { Ipv6UpperLayer } from '../../wire/ipv6-extension.ts';
import type { IcmpError } from './errors.ts';
import { HOST_LIMITS } from './limits.ts';
import type { ArrivedPacket, IpPacket, IpService } from './packet.ts';

/** TTL of what answers. */
export const DEFAULT_TTL = 64;

/** The packet that an error is about, as far as it is quoted. */
export interface Quoted {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: number;
  /** The first octets of its transport header; at least eight. */
  readonly head: Uint8Array;
}

export interface Echo {
  readonly kind: 'echoRequest' | 'echoReply';
  readonly identifier: number;
  readonly sequenceNumber: number;
  readonly payload: Uint8Array;
}

export type IcmpMessage =
  | Echo
  | { readonly kind: 'error'; readonly error: IcmpError; readonly quoted: Quoted }
  /** Good, and of no interest. */
  | { readonly kind: 'other' };

/** Undefined where it is malformed or its checksum is wrong. */
export function parseIcmpMessage(packet: IpPacket): IcmpMessage | undefined {
  const { payload, source } = packet;
  const message: Icmp | Icmpv6 | undefined = isIpv4(source)
    ? parseIcmp(payload)
    : parseIcmpv6(payload, 0, payload.length, packet);
  if (message === undefined || !('payload' in message)) return message && { kind: 'other' };
  switch (message.kind) {
    case 'echoRequest':
    case 'echoReply':
      return message;
    case 'other':
      return { kind: 'other' };
    default:
      return readError(message, source);
  }
}

type ErrorMessage = Extract<
  Icmp | Icmpv6,
  { kind: 'destinationUnreachable' | 'timeExceeded' | 'packetTooBig' }
>;

function readError(message: ErrorMessage, from: Ip): IcmpMessage | undefined {
  const quoted = isIpv4(from) ? quoted4(message.payload) : quoted6(message.payload);
  if (quoted === undefined) return undefined;
  const code = 'code' in message ? message.code : 0;
  const mtu = 'mtu' in message ? { mtu: message.mtu } : {};
  const tooBig = message.kind === 'packetTooBig' || isTooBig4(message, from);
  const type = typeOf(message, from);
  const error: IcmpError = { kind: 'icmp', type, code, from, ...(tooBig ? mtu : {}) };
  return { kind: 'error', error, quoted };
}

function isTooBig4(message: ErrorMessage, from: Ip): boolean {
  return (
    isIpv4(from) &&
    message.kind === 'destinationUnreachable' &&
    message.code === ICMP_UNREACHABLE.fragmentationNeeded
  );
}

function typeOf(message: ErrorMessage, from: Ip): number {
  if (message.kind === 'packetTooBig') return ICMPV6_TYPE.packetTooBig;
  return (isIpv4(from) ? ICMP_TYPE : ICMPV6_TYPE)[message.kind];
}

function quoted4(bytes: Uint8Array): Quoted | undefined {
  const view = new Ipv4View();
  if (!view.wrapQuoted(bytes, 0, bytes.length) || view.fragmentOffset > 0) return undefined;
  const head = bytes.subarray(view.payloadOffset, view.end);
  const { source, destination, protocol } = view;
  return head.length < 8 ? undefined : { source, destination, protocol, head };
}

function quoted6(bytes: Uint8Array): Quoted | undefined {
  const view = new Ipv6View();
  const upper = new Ipv6UpperLayer();
  if (!view.wrapQuoted(bytes, 0, bytes.length) || !upper.walk(view)) return undefined;
  if (upper.fragmentOffset > 0) return undefined;
  const head = bytes.subarray(upper.offset, upper.end);
  const { source, destination } = view;
  return head.length < 8 ? undefined : { source, destination, protocol: upper.protocol, head };
}

interface EchoPacket {
  readonly source: Ip;
  readonly destination: Ip;
  readonly echo: Echo;
  readonly ttl: number;
}

/** The IP packet of an echo request or reply. */
export function echoPacket({ source, destination, echo, ttl }: EchoPacket): IpPacket {
  if (isIpv4(source)) {
    const payload = new Uint8Array(icmpLength(echo));
    emitIcmp(echo, payload);
    return { source, destination, protocol: PROTOCOL.icmp, ttl, payload };
  }
  const payload = new Uint8Array(icmpv6Length(echo));
  emitIcmpv6(echo, payload, 0, { source, destination });
  return { source, destination, protocol: PROTOCOL.icmpv6, ttl, payload };
}

/** Says that a packet's port is closed (RFC 1122 section 3.2.2.1, RFC 4443 section 3.1). */
export function sendPortUnreachable(ip: IpService, packet: ArrivedPacket): void {
  if (packet.isGroup) return;
  const { source: destination, destination: source, whole } = packet;
  const kind = 'destinationUnreachable';
  let payload: Uint8Array;
  if (isIpv4(source)) {
    const quote = whole.subarray(0, HOST_LIMITS.quote4);
    const message = { kind, code: ICMP_UNREACHABLE.port, mtu: 0, payload: quote } as const;
    payload = new Uint8Array(icmpLength(message));
    emitIcmp(message, payload);
  } else {
    const quote = whole.subarray(0, HOST_LIMITS.quote6);
    const message = { kind, code: ICMPV6_UNREACHABLE.port, payload: quote } as const;
    payload = new Uint8Array(icmpv6Length(message));
    emitIcmpv6(message, payload, 0, { source, destination });
  }
  const protocol = isIpv4(source) ? PROTOCOL.icmp : PROTOCOL.icmpv6;
  ip.send({ source, destination, protocol, ttl: DEFAULT_TTL, payload, dontFragment: false });
}

/** Whether an error's packet is an echo request; then its identifier and sequence number. */
export function quotedEcho(quoted: Quoted): { identifier: number; sequence: number } | undefined {
  const { protocol, head } = quoted;
  const request = protocol === PROTOCOL.icmp ? ICMP_TYPE.echoRequest : ICMPV6_TYPE.echoRequest;
  if (protocol !== PROTOCOL.icmp && protocol !== PROTOCOL.icmpv6) return undefined;
  if (head[0] !== request) return undefined;
  return { identifier: (head[4]! << 8) | head[5]!, sequence: (head[6]! << 8) | head[7]! };
}
