/**
 * Internet Protocol version 4 (RFC 791, RFC 2474 and RFC 3168 for the second byte).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |Version|  IHL  |   DSCP    |ECN|         Total Length          |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |        Identification         |0|D|M|    Fragment Offset      |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     | Time to Live  |   Protocol    |        Header Checksum        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                        Source Address                         |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                      Destination Address                      |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                    Options                    |    Padding    |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { adjustChecksum, adjustChecksumIp, checksum } from '../net/checksum.ts';
import { formatIpv4, type Ipv4 } from '../net/ipv4.ts';
import { EMPTY, fits, read16, readIpv4, write16, write32 } from './bytes.ts';

const field = {
  versionAndHeaderLength: 0,
  differentiatedServices: 1,
  totalLength: 2,
  identification: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  headerChecksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const;

const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET = 0x1fff;

/** Bytes of a header without options. */
export const IPV4_HEADER_LENGTH = field.options;
const OPTIONS_LENGTH_MAX = 40;

export class Ipv4View {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /**
   * Points the view at a packet and sets `end` to the packet's own (an Ethernet frame may be
   * padded); false, and unchanged, when it is malformed or truncated.
   */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, IPV4_HEADER_LENGTH)) return false;
    const available = end - offset;
    if (read16(bytes, offset + field.totalLength) > available) return false;
    return this.wrapQuoted(bytes, offset, end);
  }

  /** As `wrap`, for a packet that an ICMP error quotes: its payload may be cut short. */
  wrapQuoted(bytes: Uint8Array, offset: number, end: number): boolean {
    if (!fits(bytes, offset, end, IPV4_HEADER_LENGTH)) return false;
    const first = bytes[offset]!;
    const headerLength = (first & 15) * 4;
    const totalLength = read16(bytes, offset + field.totalLength);
    if (first >>> 4 !== 4 || headerLength < IPV4_HEADER_LENGTH) return false;
    if (headerLength > totalLength || headerLength > end - offset) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = Math.min(end, offset + totalLength);
    return true;
  }

  /** Bytes of the header, options included. */
  get headerLength(): number {
    return (this.bytes[this.offset]! & 15) * 4;
  }
  get dscp(): number {
    return this.bytes[this.offset + field.differentiatedServices]! >>> 2;
  }
  get ecn(): number {
    return this.bytes[this.offset + field.differentiatedServices]! & 3;
  }
  get totalLength(): number {
    return read16(this.bytes, this.offset + field.totalLength);
  }
  set totalLength(value: number) {
    write16(this.bytes, this.offset + field.totalLength, value);
  }
  get identification(): number {
    return read16(this.bytes, this.offset + field.identification);
  }
  set identification(value: number) {
    write16(this.bytes, this.offset + field.identification, value);
  }
  get dontFragment(): boolean {
    return (this.#fragment & DONT_FRAGMENT) !== 0;
  }
  set dontFragment(value: boolean) {
    this.#fragment = value ? this.#fragment | DONT_FRAGMENT : this.#fragment & ~DONT_FRAGMENT;
  }
  get moreFragments(): boolean {
    return (this.#fragment & MORE_FRAGMENTS) !== 0;
  }
  set moreFragments(value: boolean) {
    this.#fragment = value ? this.#fragment | MORE_FRAGMENTS : this.#fragment & ~MORE_FRAGMENTS;
  }
  /** In bytes, a multiple of eight. */
  get fragmentOffset(): number {
    return (this.#fragment & FRAGMENT_OFFSET) * 8;
  }
  set fragmentOffset(value: number) {
    this.#fragment = (this.#fragment & ~FRAGMENT_OFFSET) | ((value >>> 3) & FRAGMENT_OFFSET);
  }
  /** Whether this is a part of a packet, the first one included. */
  get isFragment(): boolean {
    return (this.#fragment & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) !== 0;
  }
  get ttl(): number {
    return this.bytes[this.offset + field.ttl]!;
  }
  set ttl(value: number) {
    this.bytes[this.offset + field.ttl] = value;
  }
  get protocol(): number {
    return this.bytes[this.offset + field.protocol]!;
  }
  set protocol(value: number) {
    this.bytes[this.offset + field.protocol] = value;
  }
  get headerChecksum(): number {
    return read16(this.bytes, this.offset + field.headerChecksum);
  }
  set headerChecksum(value: number) {
    write16(this.bytes, this.offset + field.headerChecksum, value);
  }
  get source(): Ipv4 {
    return readIpv4(this.bytes, this.offset + field.source);
  }
  set source(address: Ipv4) {
    write32(this.bytes, this.offset + field.source, address);
  }
  get destination(): Ipv4 {
    return readIpv4(this.bytes, this.offset + field.destination);
  }
  set destination(address: Ipv4) {
    write32(this.bytes, this.offset + field.destination, address);
  }
  get payloadOffset(): number {
    return this.offset + this.headerLength;
  }

  /** Sets the source and adjusts the header checksum (RFC 1624). */
  replaceSource(address: Ipv4): void {
    this.headerChecksum = adjustChecksumIp(this.headerChecksum, this.source, address);
    this.source = address;
  }

  /** Sets the destination and adjusts the header checksum (RFC 1624). */
  replaceDestination(address: Ipv4): void {
    this.headerChecksum = adjustChecksumIp(this.headerChecksum, this.destination, address);
    this.destination = address;
  }

  /** Takes one hop off and adjusts the header checksum (RFC 1624); the TTL is at least one. */
  decrementTtl(): void {
    const at = this.offset + field.ttl;
    const before = read16(this.bytes, at);
    assert(before >= 0x100, 'the TTL is spent');
    this.headerChecksum = adjustChecksum(this.headerChecksum, before, before - 0x100);
    this.ttl -= 1;
  }

  fillChecksum(): void {
    this.headerChecksum = 0;
    this.headerChecksum = checksum(this.bytes, this.offset, this.payloadOffset);
  }

  checksumValid(): boolean {
    return checksum(this.bytes, this.offset, this.payloadOffset) === 0;
  }

  get #fragment(): number {
    return read16(this.bytes, this.offset + field.fragment);
  }
  set #fragment(value: number) {
    write16(this.bytes, this.offset + field.fragment, value);
  }
}

export interface Ipv4Header {
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly protocol: number;
  readonly ttl: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes, a multiple of eight. */
  readonly fragmentOffset: number;
  readonly dscp: number;
  readonly ecn: number;
  /** As on the wire: a multiple of four bytes, at most 40. */
  readonly options: Uint8Array;
  /** Bytes after the header. */
  readonly payloadLength: number;
}

type Required4 = 'source' | 'destination' | 'protocol' | 'payloadLength';

/** A header with the usual values where none is given: TTL 64, don't fragment, no options. */
export function ipv4Header(
  header: Pick<Ipv4Header, Required4> & Partial<Omit<Ipv4Header, Required4>>,
): Ipv4Header {
  return {
    ttl: 64,
    identification: 0,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    dscp: 0,
    ecn: 0,
    options: EMPTY,
    ...header,
  };
}

/** The payload begins at `offset + ipv4HeaderLength(header)`; `verify` false skips the checksum. */
export function parseIpv4Header(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  verify = true,
): Ipv4Header | undefined {
  const view = new Ipv4View();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (verify && !view.checksumValid()) return undefined;
  return {
    source: view.source,
    destination: view.destination,
    protocol: view.protocol,
    ttl: view.ttl,
    identification: view.identification,
    dontFragment: view.dontFragment,
    moreFragments: view.moreFragments,
    fragmentOffset: view.fragmentOffset,
    dscp: view.dscp,
    ecn: view.ecn,
    options: bytes.subarray(offset + field.options, view.payloadOffset),
    payloadLength: view.end - view.payloadOffset,
  };
}

/** Bytes that `emitIpv4Header` writes: the header's, options included. */
export function ipv4HeaderLength(header: Ipv4Header): number {
  return IPV4_HEADER_LENGTH + header.options.length;
}

/** Writes the header with its checksum; the payload is the caller's to write behind it. */
export function emitIpv4Header(header: Ipv4Header, bytes: Uint8Array, offset = 0): void {
  const { options } = header;
  const length = ipv4HeaderLength(header);
  assert(options.length % 4 === 0 && options.length <= OPTIONS_LENGTH_MAX, 'bad IPv4 options');
  assert(length + header.payloadLength <= 0xffff, 'IPv4 packet too long');
  assert(bytes.length - offset >= length, 'no room for an IPv4 header');
  bytes[offset] = 0x40 | (length / 4);
  bytes[offset + field.differentiatedServices] = (header.dscp << 2) | (header.ecn & 3);
  write16(bytes, offset + field.totalLength, length + header.payloadLength);
  write16(bytes, offset + field.identification, header.identification);
  const flags =
    (header.dontFragment ? DONT_FRAGMENT : 0) | (header.moreFragments ? MORE_FRAGMENTS : 0);
  write16(
    bytes,
    offset + field.fragment,
    flags | ((header.fragmentOffset >>> 3) & FRAGMENT_OFFSET),
  );
  bytes[offset + field.ttl] = header.ttl;
  bytes[offset + field.protocol] = header.protocol;
  write16(bytes, offset + field.headerChecksum, 0);
  write32(bytes, offset + field.source, header.source);
  write32(bytes, offset + field.destination, header.destination);
  bytes.set(options, offset + field.options);
  write16(bytes, offset + field.headerChecksum, checksum(bytes, offset, offset + length));
}

export function formatIpv4Header(header: Ipv4Header): string {
  const { fragmentOffset, moreFragments } = header;
  const fragment =
    fragmentOffset > 0 || moreFragments
      ? `, frag ${fragmentOffset}${moreFragments ? '+' : ''} id ${header.identification}`
      : '';
  const addresses = `${formatIpv4(header.source)} > ${formatIpv4(header.destination)}`;
  return `IP ${addresses}: proto ${header.protocol}, ttl ${header.ttl}${fragment}, length ${
    ipv4HeaderLength(header) + header.payloadLength
  }`;
}
