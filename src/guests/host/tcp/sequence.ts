/** Sequence numbers: unsigned 32-bit, compared modulo 2^32 (RFC 9293 section 3.4). */

export function seqAdd(sequence: number, offset: number): number {
  return (sequence + offset) >>> 0;
}

/** The signed distance from `from` to `to`. */
export function seqDistance(from: number, to: number): number {
  return (to - from) | 0;
}

export function seqBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

export function seqAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

export function seqMax(a: number, b: number): number {
  return seqAfter(a, b) ? a : b;
}
