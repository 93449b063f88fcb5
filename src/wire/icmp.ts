/**
 * Internet Control Message Protocol (RFC 792; RFC 1191 for the next hop's MTU).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |     Type      |     Code      |           Checksum            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  echo: Identifier             |        Sequence Number        |
 *     |  unreachable: unused          |         Next-Hop MTU          |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  echo: data;  errors: the packet that caused it, cut short    |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { checksum } from '../net/checksum.ts';
import { EMPTY, fits, read16, read32, write16, write32 } from './bytes.ts';

const field = {
  type: 0,
  code: 1,
  checksum: 2,
  identifier: 4,
  sequenceNumber: 6,
  nextHopMtu: 6,
  payload: 8,
} as const;

export const ICMP_HEADER_LENGTH = field.payload;

/** Types that openvpc reads and writes. */
export const ICMP_TYPE = {
  echoReply: 0,
  destinationUnreachable: 3,
  echoRequest: 8,
  timeExceeded: 11,
} as const;

/** Codes of destination unreachable (RFC 792, RFC 1812 section 5.2.7.1). */
export const ICMP_UNREACHABLE = {
  network: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragmentationNeeded: 4,
  administrativelyProhibited: 13,
} as const;

export class IcmpView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a message; false, and unchanged, when it is truncated. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, ICMP_HEADER_LENGTH)) return false;
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
  /** Of "fragmentation needed". */
  get nextHopMtu(): number {
    return read16(this.bytes, this.offset + field.nextHopMtu);
  }
  set nextHopMtu(value: number) {
    write16(this.bytes, this.offset + field.nextHopMtu, value);
  }
  /** Of an error: where the quoted packet begins. */
  get payloadOffset(): number {
    return this.offset + field.payload;
  }

  get isEcho(): boolean {
    return this.type === ICMP_TYPE.echoRequest || this.type === ICMP_TYPE.echoReply;
  }

  /** Whether it quotes the packet that caused it (RFC 1122 section 3.2.2). */
  get isError(): boolean {
    const { type } = this;
    return (type >= 3 && type <= 5) || type === ICMP_TYPE.timeExceeded || type === 12;
  }

  fillChecksum(): void {
    this.checksum = 0;
    this.checksum = checksum(this.bytes, this.offset, this.end);
  }

  checksumValid(): boolean {
    return checksum(this.bytes, this.offset, this.end) === 0;
  }
}

/** `payload` of an error is the packet that caused it, cut short. */
export type Icmp =
  | {
      readonly kind: 'echoRequest' | 'echoReply';
      readonly identifier: number;
      readonly sequenceNumber: number;
      readonly payload: Uint8Array;
    }
  | {
      readonly kind: 'destinationUnreachable';
      readonly code: number;
      /** The next hop's MTU in bytes; zero unless fragmentation is needed. */
      readonly mtu: number;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'timeExceeded'; readonly code: number; readonly payload: Uint8Array }
  | {
      /** A type of none of the other kinds, or an echo whose code is not zero. */
      readonly kind: 'other';
      readonly type: number;
      readonly code: number;
      /** The header's second word. */
      readonly rest: number;
      readonly payload: Uint8Array;
    };

/** `verify` false skips the checksum; the payload is not copied. */
export function parseIcmp(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  verify = true,
): Icmp | undefined {
  const view = new IcmpView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (verify && !view.checksumValid()) return undefined;
  const { type, code } = view;
  const payload = bytes.subarray(view.payloadOffset, end);
  if (view.isEcho && code === 0) {
    const kind = type === ICMP_TYPE.echoRequest ? 'echoRequest' : 'echoReply';
    return { kind, identifier: view.identifier, sequenceNumber: view.sequenceNumber, payload };
  }
  if (type === ICMP_TYPE.destinationUnreachable) {
    const mtu = code === ICMP_UNREACHABLE.fragmentationNeeded ? view.nextHopMtu : 0;
    return { kind: 'destinationUnreachable', code, mtu, payload };
  }
  if (type === ICMP_TYPE.timeExceeded) return { kind: 'timeExceeded', code, payload };
  return { kind: 'other', type, code, rest: read32(bytes, offset + field.identifier), payload };
}

/** Bytes that `emitIcmp` writes, payload included. */
export function icmpLength(icmp: Icmp): number {
  return ICMP_HEADER_LENGTH + icmp.payload.length;
}

export function emitIcmp(icmp: Icmp, bytes: Uint8Array, offset = 0): void {
  const length = icmpLength(icmp);
  assert(bytes.length - offset >= length, 'no room for an ICMP message');
  const view = new IcmpView();
  view.wrap(bytes, offset, offset + length);
  view.type = icmp.kind === 'other' ? icmp.type : ICMP_TYPE[icmp.kind];
  view.code = 'code' in icmp ? icmp.code : 0;
  write32(bytes, offset + field.identifier, secondWord(icmp));
  bytes.set(icmp.payload, offset + field.payload);
  view.fillChecksum();
}

function secondWord(icmp: Icmp): number {
  switch (icmp.kind) {
    case 'echoRequest':
    case 'echoReply':
      return (icmp.identifier << 16) | (icmp.sequenceNumber & 0xffff);
    case 'destinationUnreachable':
      return icmp.code === ICMP_UNREACHABLE.fragmentationNeeded ? icmp.mtu & 0xffff : 0;
    case 'timeExceeded':
      return 0;
    case 'other':
      return icmp.rest;
  }
}

const UNREACHABLE_NAMES: Readonly<Record<number, string>> = {
  [ICMP_UNREACHABLE.network]: 'net',
  [ICMP_UNREACHABLE.host]: 'host',
  [ICMP_UNREACHABLE.protocol]: 'protocol',
  [ICMP_UNREACHABLE.port]: 'port',
};

export function formatIcmp(icmp: Icmp): string {
  return `ICMP ${formatKind(icmp)}, length ${icmpLength(icmp)}`;
}

function formatKind(icmp: Icmp): string {
  switch (icmp.kind) {
    case 'echoRequest':
      return `echo request, id ${icmp.identifier}, seq ${icmp.sequenceNumber}`;
    case 'echoReply':
      return `echo reply, id ${icmp.identifier}, seq ${icmp.sequenceNumber}`;
    case 'destinationUnreachable':
      if (icmp.code === ICMP_UNREACHABLE.fragmentationNeeded) {
        return `unreachable - need to frag (mtu ${icmp.mtu})`;
      }
      return `${UNREACHABLE_NAMES[icmp.code] ?? `code ${icmp.code}`} unreachable`;
    case 'timeExceeded':
      return icmp.code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded';
    case 'other':
      return `type ${icmp.type} code ${icmp.code}`;
  }
}
