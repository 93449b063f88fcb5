/** The Internet checksum (RFC 1071). */

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
