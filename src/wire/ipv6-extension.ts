/**
 * IPv6 extension headers and the way past them (RFC 8200 section 4).
 *
 *      Fragment header (44)
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                         Identification                        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *      Other headers: Next Header, length in units of eight bytes without the first, contents
 */
import assert from 'node:assert/strict';
import { EMPTY, fits, read16, read32, write16, write32 } from './bytes.ts';
import type { Ipv6View } from './ipv6.ts';

const field = { nextHeader: 0, length: 1, fragment: 2, identification: 4, payload: 8 } as const;

const MORE_FRAGMENTS = 1;
const FRAGMENT_OFFSET = 0xfff8;

/** Next-header values of extension headers (IANA, "IPv6 Extension Header Types"). */
export const IPV6_EXTENSION = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  noNextHeader: 59,
  destinationOptions: 60,
  mobility: 135,
} as const;

export const IPV6_FRAGMENT_HEADER_LENGTH = field.payload;

/** Extension headers that a walk passes; a packet with more is refused. */
export const EXTENSION_HEADERS_MAX = 8;

/**
 * Bytes of the extension header `nextHeader` at `at`: 0 for an upper layer (ESP, which nobody
 * reads past, counts as one), -1 when it is truncated.
 */
function extensionLength(nextHeader: number, bytes: Uint8Array, at: number, end: number): number {
  switch (nextHeader) {
    case IPV6_EXTENSION.hopByHop:
    case IPV6_EXTENSION.routing:
    case IPV6_EXTENSION.fragment:
    case IPV6_EXTENSION.authentication:
    case IPV6_EXTENSION.destinationOptions:
    case IPV6_EXTENSION.mobility:
      break;
    default:
      return 0;
  }
  if (end - at < 8) return -1;
  const units = bytes[at + field.length]!;
  let length = (units + 1) * 8;
  if (nextHeader === IPV6_EXTENSION.fragment) length = field.payload;
  // RFC 4302 section 2.2: in units of four bytes, without the first two.
  if (nextHeader === IPV6_EXTENSION.authentication) length = (units + 2) * 4;
  return length > end - at ? -1 : length;
}

/**
 * Where the upper layer of an IPv6 packet begins, and the fields of its fragment header. Of a
 * fragment other than the first, `offset` is where its piece of the payload begins: there is no
 * transport header to read.
 */
export class Ipv6UpperLayer {
  protocol: number = IPV6_EXTENSION.noNextHeader;
  offset = 0;
  end = 0;
  /** Where the fragment header stands; -1 without one. */
  fragmentHeaderOffset = -1;
  /** In bytes, a multiple of eight. */
  fragmentOffset = 0;
  moreFragments = false;
  identification = 0;

  /** Walks past the extension headers; false when one is truncated or there are too many. */
  walk(packet: Ipv6View): boolean {
    const { bytes, end } = packet;
    let protocol = packet.nextHeader;
    let at = packet.payloadOffset;
    this.#clear();
    for (let count = 0; count <= EXTENSION_HEADERS_MAX; count++) {
      // What follows in a later fragment is a piece of something, not a header.
      const length = this.fragmentOffset > 0 ? 0 : extensionLength(protocol, bytes, at, end);
      if (length < 0) return false;
      if (length === 0) {
        this.protocol = protocol;
        this.offset = at;
        this.end = end;
        return true;
      }
      if (protocol === IPV6_EXTENSION.fragment) this.#readFragment(bytes, at);
      protocol = bytes[at + field.nextHeader]!;
      at += length;
    }
    return false;
  }

  get isFragment(): boolean {
    return this.moreFragments || this.fragmentOffset > 0;
  }

  #clear(): void {
    this.fragmentHeaderOffset = -1;
    this.fragmentOffset = 0;
    this.moreFragments = false;
    this.identification = 0;
  }

  #readFragment(bytes: Uint8Array, at: number): void {
    const word = read16(bytes, at + field.fragment);
    this.fragmentHeaderOffset = at;
    this.fragmentOffset = word & FRAGMENT_OFFSET;
    this.moreFragments = (word & MORE_FRAGMENTS) !== 0;
    this.identification = read32(bytes, at + field.identification);
  }
}

export class Ipv6FragmentView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a fragment header; false, and unchanged, when it is truncated. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, IPV6_FRAGMENT_HEADER_LENGTH)) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    return true;
  }

  get nextHeader(): number {
    return this.bytes[this.offset + field.nextHeader]!;
  }
  set nextHeader(value: number) {
    this.bytes[this.offset + field.nextHeader] = value;
  }
  /** In bytes, a multiple of eight. */
  get fragmentOffset(): number {
    return read16(this.bytes, this.offset + field.fragment) & FRAGMENT_OFFSET;
  }
  get moreFragments(): boolean {
    return (read16(this.bytes, this.offset + field.fragment) & MORE_FRAGMENTS) !== 0;
  }
  get identification(): number {
    return read32(this.bytes, this.offset + field.identification);
  }
  set identification(value: number) {
    write32(this.bytes, this.offset + field.identification, value);
  }
  get payloadOffset(): number {
    return this.offset + field.payload;
  }
}

/** A fragment header. */
export interface Ipv6Fragment {
  readonly nextHeader: number;
  /** In bytes, a multiple of eight. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
}

export function parseIpv6Fragment(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
): Ipv6Fragment | undefined {
  const view = new Ipv6FragmentView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  const { nextHeader, fragmentOffset, moreFragments, identification } = view;
  return { nextHeader, fragmentOffset, moreFragments, identification };
}

/** Bytes that `emitIpv6Fragment` writes. */
export function ipv6FragmentLength(_fragment: Ipv6Fragment): number {
  return IPV6_FRAGMENT_HEADER_LENGTH;
}

export function emitIpv6Fragment(fragment: Ipv6Fragment, bytes: Uint8Array, offset = 0): void {
  assert(bytes.length - offset >= IPV6_FRAGMENT_HEADER_LENGTH, 'no room for a fragment header');
  const more = fragment.moreFragments ? MORE_FRAGMENTS : 0;
  bytes[offset + field.nextHeader] = fragment.nextHeader;
  bytes[offset + field.length] = 0;
  write16(bytes, offset + field.fragment, (fragment.fragmentOffset & FRAGMENT_OFFSET) | more);
  write32(bytes, offset + field.identification, fragment.identification);
}

export function formatIpv6Fragment(fragment: Ipv6Fragment): string {
  const id = fragment.identification.toString(16).padStart(8, '0');
  return `frag (0x${id}:${fragment.fragmentOffset}${fragment.moreFragments ? '+' : ''})`;
}
