/** The Internet checksum (RFC 1071), its pseudo-headers and its incremental update (RFC 1624). */
import { type Ip, isIpv4 } from './ip.ts';

/** Adds `bytes[start, end)` as big-endian 16-bit words to a running sum; an odd tail is padded. */
export function sumWords(bytes: Uint8Array, start: number, end: number, sum = 0): number {
  let index = start;
  for (; index + 1 < end; index += 2) sum += (bytes[index]! << 8) | bytes[index + 1]!;
  if (index < end) sum += bytes[index]! << 8;
  return sum;
}

/** Folds a running sum to 16 bits and complements it. */
export function foldChecksum(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

export function checksum(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return foldChecksum(sumWords(bytes, start, end));
}

/** Words of an address added up. */
function sumIp(address: Ip): number {
  if (isIpv4(address)) return (address >>> 16) + (address & 0xffff);
  const [a, b, c, d] = address;
  const high = (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16);
  return high + (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff);
}

/**
 * The sum of a pseudo-header, to start the sum over the segment with
 * (RFC 9293 section 3.1 for IPv4, RFC 8200 section 8.1 for IPv6).
 * `length` is the segment's, header included, in bytes.
 */
export function pseudoHeaderSum(
  source: Ip,
  destination: Ip,
  protocol: number,
  length: number,
): number {
  return sumIp(source) + sumIp(destination) + protocol + (length >>> 16) + (length & 0xffff);
}

/**
 * The checksum after one 16-bit word under it changed (RFC 1624 equation 3). It stays as it is,
 * whichever of its two zeros it may be, when the word does.
 */
export function adjustChecksum(checksum: number, oldWord: number, newWord: number): number {
  if (oldWord === newWord) return checksum;
  return foldChecksum((~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff));
}

/** The checksum after an address under it changed; both addresses are of one family. */
export function adjustChecksumIp(checksum: number, oldIp: Ip, newIp: Ip): number {
  const limbs = isIpv4(oldIp) ? 1 : 4;
  // The complement of a sum of 2 * limbs words: each word's complement is 0xffff minus the word.
  const complement = 2 * limbs * 0xffff - sumIp(oldIp);
  return foldChecksum((~checksum & 0xffff) + complement + sumIp(newIp));
}

/**
 * As `adjustChecksum`, for UDP (RFC 768): zero means that the sender computed none and stays
 * zero; a sum that comes out as zero is sent as 0xffff.
 */
export function adjustUdpChecksum(checksum: number, oldWord: number, newWord: number): number {
  return checksum === 0 ? 0 : adjustChecksum(checksum, oldWord, newWord) || 0xffff;
}

/** As `adjustChecksumIp`, for UDP (RFC 768). */
export function adjustUdpChecksumIp(checksum: number, oldIp: Ip, newIp: Ip): number {
  return checksum === 0 ? 0 : adjustChecksumIp(checksum, oldIp, newIp) || 0xffff;
}
