/**
 * AS_PATH and AS4_PATH: the autonomous systems a route has passed (RFC 4271 section 4.3 and 5.1.2,
 * RFC 6793).
 *
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 *     | Segment type  |     Count     |  Count numbers of two or four bytes
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 */
import assert from 'node:assert/strict';
import { read16, read32, write16, write32 } from '../bytes.ts';

/** Stands for a number that does not fit two bytes (RFC 6793). */
export const AS_TRANS = 23456;
export const ASN16_MAX = 0xffff;

const SEGMENT = { set: 1, sequence: 2, confederationSequence: 3, confederationSet: 4 } as const;
const HEADER = 2;
/** Numbers of one segment: the count is one byte. */
const SEGMENT_ASNS_MAX = 255;

/** Bytes of a number: two, or four where both sides have said that they can (RFC 6793). */
export type AsnWidth = 2 | 4;

export interface AsSegment {
  readonly kind: 'sequence' | 'set';
  /** One to 255 numbers. */
  readonly asns: readonly number[];
}

/** The nearest system first. */
export type AsPath = readonly AsSegment[];

export const EMPTY_AS_PATH: AsPath = [];

/**
 * Undefined when a segment is of another kind, empty, or overruns the rest (RFC 7606 section 7.2),
 * or an AS is 0 (RFC 7607). Segments of a confederation are refused: nobody here is in one
 * (RFC 5065 section 5.3); in AS4_PATH they are left out (RFC 6793 section 6).
 */
export function readAsPath(
  bytes: Uint8Array,
  offset: number,
  end: number,
  width: AsnWidth,
  confederation: 'refused' | 'left out' = 'refused',
): AsPath | undefined {
  const path: AsSegment[] = [];
  for (let at = offset; at < end; ) {
    const kind = bytes[at]!;
    const count = bytes[at + 1]!;
    const start = at + HEADER;
    if (start > end || count === 0 || start + count * width > end) return undefined;
    at = start + count * width;
    const outside = kind === SEGMENT.set || kind === SEGMENT.sequence;
    const inside = kind === SEGMENT.confederationSequence || kind === SEGMENT.confederationSet;
    if (!outside && !(inside && confederation === 'left out')) return undefined;
    const asns = readAsns(bytes, start, count, width);
    if (asns.includes(0)) return undefined;
    if (outside) path.push({ kind: kind === SEGMENT.set ? 'set' : 'sequence', asns });
  }
  return path;
}

function readAsns(bytes: Uint8Array, start: number, count: number, width: AsnWidth): number[] {
  const asns: number[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * width;
    asns.push(width === 2 ? read16(bytes, at) : read32(bytes, at));
  }
  return asns;
}

/** Bytes of the attribute's value. */
export function asPathBytes(path: AsPath, width: AsnWidth): number {
  return path.reduce((sum, { asns }) => sum + HEADER + asns.length * width, 0);
}

/** Numbers that do not fit two bytes are written as AS_TRANS. */
export function writeAsPath(
  path: AsPath,
  bytes: Uint8Array,
  offset: number,
  width: AsnWidth,
): void {
  let at = offset;
  for (const { kind, asns } of path) {
    assert(asns.length > 0 && asns.length <= SEGMENT_ASNS_MAX, 'an AS path segment of 1 to 255');
    bytes[at] = SEGMENT[kind];
    bytes[at + 1] = asns.length;
    at += HEADER;
    for (const asn of asns) {
      if (width === 4) write32(bytes, at, asn);
      else write16(bytes, at, asn > ASN16_MAX ? AS_TRANS : asn);
      at += width;
    }
  }
}

/** Systems passed, as routes are compared: a set counts one (RFC 4271 section 9.1.2.2 a). */
export function asPathLength(path: AsPath): number {
  return path.reduce((sum, { kind, asns }) => sum + (kind === 'set' ? 1 : asns.length), 0);
}

export function pathHolds(path: AsPath, asn: number): boolean {
  return path.some(({ asns }) => asns.includes(asn));
}

/** The system that the route was received from; undefined for an empty path or a set in front. */
export function neighborAs(path: AsPath): number | undefined {
  const first = path[0];
  return first?.kind === 'sequence' ? first.asns[0] : undefined;
}

/** The path with `asn` put in front `times` times (RFC 4271 section 5.1.2). */
export function prependAs(path: AsPath, asn: number, times = 1): AsPath {
  if (times <= 0) return path;
  const [first, ...rest] = path;
  const room = first?.kind === 'sequence' ? SEGMENT_ASNS_MAX - first.asns.length : 0;
  if (first === undefined || room === 0) {
    const count = Math.min(times, SEGMENT_ASNS_MAX);
    const segment: AsSegment = { kind: 'sequence', asns: new Array<number>(count).fill(asn) };
    return prependAs([segment, ...path], asn, times - count);
  }
  const count = Math.min(times, room);
  const asns = [...new Array<number>(count).fill(asn), ...first.asns];
  return prependAs([{ kind: 'sequence', asns }, ...rest], asn, times - count);
}

/** Whether some number needs four bytes. */
export function needsFourBytes(path: AsPath): boolean {
  return path.some(({ asns }) => asns.some((asn) => asn > ASN16_MAX));
}

/**
 * The path that the two attributes tell together (RFC 6793 section 4.2.3): those systems in front
 * that the older speakers added, then AS4_PATH. A longer AS4_PATH is not believed.
 */
export function mergeAs4Path(path: AsPath, as4Path: AsPath): AsPath {
  let surplus = asPathLength(path) - asPathLength(as4Path);
  if (surplus < 0) return path;
  const front: AsSegment[] = [];
  for (const segment of path) {
    if (surplus === 0) break;
    const { kind, asns } = segment;
    const taken = kind === 'set' ? segment : { kind, asns: asns.slice(0, surplus) };
    front.push(taken);
    surplus -= kind === 'set' ? 1 : taken.asns.length;
  }
  return joined(front, as4Path);
}

/** One path of two, sequences that meet made one where it fits. */
function joined(front: AsPath, back: AsPath): AsPath {
  const last = front.at(-1);
  const first = back[0];
  if (last?.kind !== 'sequence' || first?.kind !== 'sequence') return [...front, ...back];
  if (last.asns.length + first.asns.length > SEGMENT_ASNS_MAX) return [...front, ...back];
  const middle: AsSegment = { kind: 'sequence', asns: [...last.asns, ...first.asns] };
  return [...front.slice(0, -1), middle, ...back.slice(1)];
}

export function asPathEquals(a: AsPath, b: AsPath): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every(({ kind, asns }, index) => {
      const other = b[index]!;
      return (
        kind === other.kind &&
        asns.length === other.asns.length &&
        asns.every((asn, at) => asn === other.asns[at])
      );
    })
  );
}

/** `64512 65010 {1,2}`, as routers show it. */
export function formatAsPath(path: AsPath): string {
  return path
    .map(({ kind, asns }) => (kind === 'set' ? `{${asns.join(',')}}` : asns.join(' ')))
    .join(' ');
}
