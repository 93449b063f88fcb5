/**
 * Internet Protocol version 6 (RFC 8200).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |Version| Traffic Class |              Flow Label               |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |        Payload Length         |  Next Header  |   Hop Limit   |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                                                               |
 *     +                    Source Address (4 words)                   +
 *     |                                                               |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                                                               |
 *     +                 Destination Address (4 words)                 +
 *     |                                                               |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { formatIpv6, type Ipv6 } from '../net/ipv6.ts';
import { EMPTY, fits, read16, read32, readIpv6, write16, write32, writeIpv6 } from './bytes.ts';

const field = {
  versionAndClass: 0,
  payloadLength: 4,
  nextHeader: 6,
  hopLimit: 7,
  source: 8,
  destination: 24,
  payload: 40,
} as const;

export const IPV6_HEADER_LENGTH = field.payload;

export class Ipv6View {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /**
   * Points the view at a packet and sets `end` to the packet's own (an Ethernet frame may be
   * padded); false, and unchanged, when it is malformed or truncated. Jumbograms (RFC 2675)
   * have a payload length of zero and so end with the header.
   */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, IPV6_HEADER_LENGTH)) return false;
    const available = end - offset - IPV6_HEADER_LENGTH;
    if (read16(bytes, offset + field.payloadLength) > available) return false;
    return this.wrapQuoted(bytes, offset, end);
  }

  /** As `wrap`, for a packet that an ICMPv6 error quotes: its payload may be cut short. */
  wrapQuoted(bytes: Uint8Array, offset: number, end: number): boolean {
    if (!fits(bytes, offset, end, IPV6_HEADER_LENGTH)) return false;
    if (bytes[offset]! >>> 4 !== 6) return false;
    const length = IPV6_HEADER_LENGTH + read16(bytes, offset + field.payloadLength);
    this.bytes = bytes;
    this.offset = offset;
    this.end = Math.min(end, offset + length);
    return true;
  }

  get trafficClass(): number {
    return (read16(this.bytes, this.offset) >>> 4) & 0xff;
  }
  get flowLabel(): number {
    return read32(this.bytes, this.offset) & 0xfffff;
  }
  get payloadLength(): number {
    return read16(this.bytes, this.offset + field.payloadLength);
  }
  set payloadLength(value: number) {
    write16(this.bytes, this.offset + field.payloadLength, value);
  }
  /** The protocol of what follows the fixed header: an extension header, maybe. */
  get nextHeader(): number {
    return this.bytes[this.offset + field.nextHeader]!;
  }
  set nextHeader(value: number) {
    this.bytes[this.offset + field.nextHeader] = value;
  }
  get hopLimit(): number {
    return this.bytes[this.offset + field.hopLimit]!;
  }
  set hopLimit(value: number) {
    this.bytes[this.offset + field.hopLimit] = value;
  }
  get source(): Ipv6 {
    return readIpv6(this.bytes, this.offset + field.source);
  }
  set source(address: Ipv6) {
    writeIpv6(this.bytes, this.offset + field.source, address);
  }
  get destination(): Ipv6 {
    return readIpv6(this.bytes, this.offset + field.destination);
  }
  set destination(address: Ipv6) {
    writeIpv6(this.bytes, this.offset + field.destination, address);
  }
  get payloadOffset(): number {
    return this.offset + field.payload;
  }

  /** Limb 0..3 of the source, for look-ups that allocate nothing. */
  sourceLimb(index: number): number {
    return read32(this.bytes, this.offset + field.source + 4 * index);
  }

  /** Limb 0..3 of the destination, for look-ups that allocate nothing. */
  destinationLimb(index: number): number {
    return read32(this.bytes, this.offset + field.destination + 4 * index);
  }

  /** Takes one hop off; the hop limit is at least one. */
  decrementHopLimit(): void {
    assert(this.hopLimit > 0, 'the hop limit is spent');
    this.hopLimit -= 1;
  }
}

export interface Ipv6Header {
  readonly source: Ipv6;
  readonly destination: Ipv6;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly trafficClass: number;
  readonly flowLabel: number;
  /** Bytes after the fixed header, extension headers included. */
  readonly payloadLength: number;
}

type Required6 = 'source' | 'destination' | 'nextHeader' | 'payloadLength';

/** A header with the usual values where none is given: hop limit 64, class and label zero. */
export function ipv6Header(
  header: Pick<Ipv6Header, Required6> & Partial<Omit<Ipv6Header, Required6>>,
): Ipv6Header {
  return { hopLimit: 64, trafficClass: 0, flowLabel: 0, ...header };
}

/** The payload begins at `offset + IPV6_HEADER_LENGTH`. */
export function parseIpv6Header(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
): Ipv6Header | undefined {
  const view = new Ipv6View();
  if (!view.wrap(bytes, offset, end)) return undefined;
  return {
    source: view.source,
    destination: view.destination,
    nextHeader: view.nextHeader,
    hopLimit: view.hopLimit,
    trafficClass: view.trafficClass,
    flowLabel: view.flowLabel,
    payloadLength: view.payloadLength,
  };
}

/** Bytes that `emitIpv6Header` writes: the fixed header's. */
export function ipv6HeaderLength(_header: Ipv6Header): number {
  return IPV6_HEADER_LENGTH;
}

/** Writes the fixed header; the payload is the caller's to write behind it. */
export function emitIpv6Header(header: Ipv6Header, bytes: Uint8Array, offset = 0): void {
  assert(header.payloadLength <= 0xffff, 'IPv6 packet too long');
  assert(bytes.length - offset >= IPV6_HEADER_LENGTH, 'no room for an IPv6 header');
  const classAndLabel = ((header.trafficClass & 0xff) << 20) | (header.flowLabel & 0xfffff);
  write32(bytes, offset + field.versionAndClass, 0x6000_0000 | classAndLabel);
  write16(bytes, offset + field.payloadLength, header.payloadLength);
  bytes[offset + field.nextHeader] = header.nextHeader;
  bytes[offset + field.hopLimit] = header.hopLimit;
  writeIpv6(bytes, offset + field.source, header.source);
  writeIpv6(bytes, offset + field.destination, header.destination);
}

export function formatIpv6Header(header: Ipv6Header): string {
  const addresses = `${formatIpv6(header.source)} > ${formatIpv6(header.destination)}`;
  return `IP6 ${addresses}: next-header ${header.nextHeader}, hlim ${header.hopLimit}, length ${
    IPV6_HEADER_LENGTH + header.payloadLength
  }`;
}
