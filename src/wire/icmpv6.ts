/**
 * ICMPv6 (RFC 4443) and the messages of neighbor discovery (RFC 4861).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |     Type      |     Code      |           Checksum            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  echo: Identifier             |        Sequence Number        |
 *     |  packet too big: MTU                                          |
 *     |R|S|O  neighbor advertisement: Reserved                        |
 *     | Cur Hop Limit |M|O  Reserved  |  router adv.: Router Lifetime |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  echo: data;  errors: the packet that caused it, cut short    |
 *     |  neighbor messages: Target Address (4 words), options         |
 *     |  router adv.: Reachable Time, Retrans Timer, options          |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * The receiver of a neighbor discovery message also checks that its hop limit is 255
 * (RFC 4861 section 7.1): that is the IP header's, not seen here.
 */
import assert from 'node:assert/strict';
import { foldChecksum, pseudoHeaderSum, sumWords } from '../net/checksum.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { PROTOCOL } from '../net/protocol.ts';
import {
  EMPTY,
  fits,
  type PseudoHeader,
  read16,
  read32,
  readIpv6,
  write16,
  write32,
} from './bytes.ts';
import { emitNdp, formatNdp, NDP_TYPE, type Ndp, ndpKind, ndpLength, parseNdp } from './ndp.ts';

const field = {
  type: 0,
  code: 1,
  checksum: 2,
  identifier: 4,
  mtu: 4,
  sequenceNumber: 6,
  payload: 8,
  target: 8,
} as const;

const TARGET_END = field.target + 16;

export const ICMPV6_HEADER_LENGTH = field.payload;

/** Types that openvpc reads and writes. */
export const ICMPV6_TYPE = {
  destinationUnreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  echoRequest: 128,
  echoReply: 129,
  ...NDP_TYPE,
} as const;

/** Codes of destination unreachable (RFC 4443 section 3.1). */
export const ICMPV6_UNREACHABLE = {
  noRoute: 0,
  administrativelyProhibited: 1,
  address: 3,
  port: 4,
} as const;

export class Icmpv6View {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a message; false, and unchanged, when it is truncated. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, ICMPV6_HEADER_LENGTH)) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    return true;
  }

  get type(): number {
    return this.bytes[this.offset + field.type]!;
  }
  set type(value: number) {
    this.bytes[this.offset + field.type] = value;
  }
  get code(): number {
    return this.bytes[this.offset + field.code]!;
  }
  set code(value: number) {
    this.bytes[this.offset + field.code] = value;
  }
  get checksum(): number {
    return read16(this.bytes, this.offset + field.checksum);
  }
  set checksum(value: number) {
    write16(this.bytes, this.offset + field.checksum, value);
  }
  /** Of an echo. */
  get identifier(): number {
    return read16(this.bytes, this.offset + field.identifier);
  }
  set identifier(value: number) {
    write16(this.bytes, this.offset + field.identifier, value);
  }
  /** Of an echo. */
  get sequenceNumber(): number {
    return read16(this.bytes, this.offset + field.sequenceNumber);
  }
  set sequenceNumber(value: number) {
    write16(this.bytes, this.offset + field.sequenceNumber, value);
  }
  /** Of "packet too big", in bytes. */
  get mtu(): number {
    return read32(this.bytes, this.offset + field.mtu);
  }
  set mtu(value: number) {
    write32(this.bytes, this.offset + field.mtu, value);
  }
  /** Of a neighbor message; undefined when the message is too short for one. */
  get target(): Ipv6 | undefined {
    if (this.end - this.offset < TARGET_END) return undefined;
    return readIpv6(this.bytes, this.offset + field.target);
  }
  /** Of an error: where the quoted packet begins. */
  get payloadOffset(): number {
    return this.offset + field.payload;
  }

  get isEcho(): boolean {
    return this.type === ICMPV6_TYPE.echoRequest || this.type === ICMPV6_TYPE.echoReply;
  }

  /** Whether it quotes the packet that caused it (RFC 4443 section 2.1). */
  get isError(): boolean {
    return this.type < 128;
  }

  fillChecksum(pseudo: PseudoHeader): void {
    this.checksum = 0;
    this.checksum = this.#sum(pseudo);
  }

  checksumValid(pseudo: PseudoHeader): boolean {
    return this.#sum(pseudo) === 0;
  }

  #sum({ source, destination }: PseudoHeader): number {
    const { bytes, offset, end } = this;
    const start = pseudoHeaderSum(source, destination, PROTOCOL.icmpv6, end - offset);
    return foldChecksum(sumWords(bytes, offset, end, start));
  }
}

/** `payload` of an error is the packet that caused it, cut short. */
export type Icmpv6 =
  | {
      readonly kind: 'echoRequest' | 'echoReply';
      readonly identifier: number;
      readonly sequenceNumber: number;
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'destinationUnreachable' | 'timeExceeded';
      readonly code: number;
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'packetTooBig';
      /** In bytes. */
      readonly mtu: number;
      readonly payload: Uint8Array;
    }
  | Ndp
  | {
      /** A type of none of the other kinds, or an echo whose code is not zero. */
      readonly kind: 'other';
      readonly type: number;
      readonly code: number;
      /** The header's second word. */
      readonly rest: number;
      readonly payload: Uint8Array;
    };

/** Verifies the checksum unless `pseudo` is left out; the payload is not copied. */
export function parseIcmpv6(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  pseudo?: PseudoHeader,
): Icmpv6 | undefined {
  const view = new Icmpv6View();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (pseudo !== undefined && !view.checksumValid(pseudo)) return undefined;
  const ndp = ndpKind(view.type);
  return ndp === undefined ? readMessage(view) : parseNdp(ndp, bytes, offset, end);
}

function readMessage(view: Icmpv6View): Icmpv6 {
  const { type, code, mtu: rest } = view;
  const payload = view.bytes.subarray(view.payloadOffset, view.end);
  if (view.isEcho && code === 0) {
    const kind = type === ICMPV6_TYPE.echoRequest ? 'echoRequest' : 'echoReply';
    return { kind, identifier: view.identifier, sequenceNumber: view.sequenceNumber, payload };
  }
  switch (type) {
    case ICMPV6_TYPE.destinationUnreachable:
      return { kind: 'destinationUnreachable', code, payload };
    case ICMPV6_TYPE.packetTooBig:
      // RFC 4443 section 3.2: the receiver ignores the code.
      return { kind: 'packetTooBig', mtu: rest, payload };
    case ICMPV6_TYPE.timeExceeded:
      return { kind: 'timeExceeded', code, payload };
    default:
      return { kind: 'other', type, code, rest, payload };
  }
}

function isNdp(message: Icmpv6): message is Ndp {
  return !('payload' in message);
}

/** Bytes that `emitIcmpv6` writes, payload or options included. */
export function icmpv6Length(message: Icmpv6): number {
  if (isNdp(message)) return ndpLength(message);
  return ICMPV6_HEADER_LENGTH + message.payload.length;
}

export function emitIcmpv6(
  message: Icmpv6,
  bytes: Uint8Array,
  offset: number,
  pseudo: PseudoHeader,
): void {
  const length = icmpv6Length(message);
  assert(bytes.length - offset >= length, 'no room for an ICMPv6 message');
  const view = new Icmpv6View();
  view.wrap(bytes, offset, offset + length);
  view.type = message.kind === 'other' ? message.type : ICMPV6_TYPE[message.kind];
  view.code = 'code' in message ? message.code : 0;
  if (isNdp(message)) {
    emitNdp(message, bytes, offset);
  } else {
    write32(bytes, offset + field.identifier, secondWord(message));
    bytes.set(message.payload, offset + field.payload);
  }
  view.fillChecksum(pseudo);
}

function secondWord(message: Exclude<Icmpv6, Ndp>): number {
  switch (message.kind) {
    case 'echoRequest':
    case 'echoReply':
      return (message.identifier << 16) | (message.sequenceNumber & 0xffff);
    case 'packetTooBig':
      return message.mtu;
    case 'destinationUnreachable':
    case 'timeExceeded':
      return 0;
    case 'other':
      return message.rest;
  }
}

const UNREACHABLE_NAMES: Readonly<Record<number, string>> = {
  [ICMPV6_UNREACHABLE.noRoute]: 'unreachable route',
  [ICMPV6_UNREACHABLE.administrativelyProhibited]: 'unreachable prohibited',
  [ICMPV6_UNREACHABLE.address]: 'unreachable address',
  [ICMPV6_UNREACHABLE.port]: 'unreachable port',
};

export function formatIcmpv6(message: Icmpv6): string {
  const text = isNdp(message) ? formatNdp(message) : formatKind(message);
  return `ICMP6, ${text}, length ${icmpv6Length(message)}`;
}

function formatKind(message: Exclude<Icmpv6, Ndp>): string {
  switch (message.kind) {
    case 'echoRequest':
      return `echo request, id ${message.identifier}, seq ${message.sequenceNumber}`;
    case 'echoReply':
      return `echo reply, id ${message.identifier}, seq ${message.sequenceNumber}`;
    case 'destinationUnreachable':
      return `destination ${UNREACHABLE_NAMES[message.code] ?? `unreachable code ${message.code}`}`;
    case 'packetTooBig':
      return `packet too big, mtu ${message.mtu}`;
    case 'timeExceeded':
      return message.code === 0 ? 'time exceeded in-transit' : 'time exceeded (reassembly)';
    case 'other':
      return `type ${message.type} code ${message.code}`;
  }
}
