/**
 * Reachability information: prefixes one after the other (RFC 4271 section 4.3, RFC 4760
 * section 5).
 *
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 *     | Length in bits|  as many bytes of the prefix as the length needs
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 */
import { type Cidr, type Cidr4, type Cidr6, cidr } from '../../net/cidr.ts';
import { type Family, isIpv4 } from '../../net/ip.ts';
import { ipv4 } from '../../net/ipv4.ts';
import { ipv6 } from '../../net/ipv6.ts';

/** Up to four bytes of a prefix as the limb they begin; bytes from `stop` on count as zero. */
function readLimb(bytes: Uint8Array, at: number, stop: number): number {
  let limb = 0;
  for (let index = 0; index < 4; index++) {
    limb = (limb << 8) | (at + index < stop ? bytes[at + index]! : 0);
  }
  return limb;
}

/**
 * All prefixes of `[offset, end)`; undefined when a length is beyond the family's or a prefix
 * beyond the end. Bits behind the length mean nothing and are cleared (H-105).
 */
export function readPrefixes(
  bytes: Uint8Array,
  offset: number,
  end: number,
  family: Family,
): Cidr[] | undefined {
  const width = family === 4 ? 32 : 128;
  const prefixes: Cidr[] = [];
  for (let at = offset; at < end; ) {
    const length = bytes[at]!;
    const start = at + 1;
    at = start + ((length + 7) >>> 3);
    if (length > width || at > end) return undefined;
    prefixes.push(
      family === 4 ? readPrefix4(bytes, start, at, length) : readPrefix6(bytes, start, at, length),
    );
  }
  return prefixes;
}

function readPrefix4(bytes: Uint8Array, start: number, stop: number, length: number): Cidr4 {
  return cidr(ipv4(readLimb(bytes, start, stop)), length);
}

function readPrefix6(bytes: Uint8Array, start: number, stop: number, length: number): Cidr6 {
  const limb = (index: number) => readLimb(bytes, start + index * 4, stop);
  return cidr(ipv6(limb(0), limb(1), limb(2), limb(3)), length);
}

/** Bytes of one prefix. */
export function prefixLength({ length }: Cidr): number {
  return 1 + ((length + 7) >>> 3);
}

/** Bytes of all of them. */
export function prefixesLength(prefixes: readonly Cidr[]): number {
  let sum = 0;
  for (const prefix of prefixes) sum += prefixLength(prefix);
  return sum;
}

/** Writes the prefixes one after the other; returns the offset behind the last. */
export function writePrefixes(
  prefixes: readonly Cidr[],
  bytes: Uint8Array,
  offset: number,
): number {
  let at = offset;
  for (const { address, length } of prefixes) {
    bytes[at] = length;
    const count = (length + 7) >>> 3;
    for (let index = 0; index < count; index++) {
      const limb = isIpv4(address) ? address : address[index >> 2]!;
      bytes[at + 1 + index] = limb >>> (24 - (index & 3) * 8);
    }
    at += 1 + count;
  }
  return at;
}
