/**
 * One path attribute as it stands in an UPDATE (RFC 4271 section 4.3).
 *
 *      0                   1
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 *     |O|T|P|E|       |     Type      | Length: 1 byte, 2 with E; value …
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 */
import { EMPTY, fits, read16, write16 } from '../bytes.ts';

const field = { flags: 0, type: 1, length: 2 } as const;

export const ATTRIBUTE = {
  origin: 1,
  asPath: 2,
  nextHop: 3,
  med: 4,
  localPreference: 5,
  atomicAggregate: 6,
  aggregator: 7,
  /** RFC 1997 */
  communities: 8,
  /** RFC 4760 */
  mpReach: 14,
  mpUnreach: 15,
  /** RFC 6793 */
  as4Path: 17,
  as4Aggregator: 18,
} as const;

export const ATTRIBUTE_FLAG = {
  optional: 0x80,
  transitive: 0x40,
  partial: 0x20,
  extendedLength: 0x10,
} as const;

const SHORT_HEADER = 3;
const LONG_HEADER = 4;
const SHORT_LENGTH_MAX = 0xff;

export class AttributeView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  /** The attribute's own end. */
  end = 0;

  /** Points the view at an attribute; false, and unchanged, when it runs over `end`. */
  wrap(bytes: Uint8Array, offset: number, end: number): boolean {
    if (!fits(bytes, offset, end, SHORT_HEADER)) return false;
    const extended = (bytes[offset + field.flags]! & ATTRIBUTE_FLAG.extendedLength) !== 0;
    if (extended && end - offset < LONG_HEADER) return false;
    const at = offset + field.length;
    const start = offset + (extended ? LONG_HEADER : SHORT_HEADER);
    const stop = start + (extended ? read16(bytes, at) : bytes[at]!);
    if (stop > end) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = stop;
    return true;
  }

  get flags(): number {
    return this.bytes[this.offset + field.flags]!;
  }
  get type(): number {
    return this.bytes[this.offset + field.type]!;
  }
  get valueOffset(): number {
    const extended = (this.flags & ATTRIBUTE_FLAG.extendedLength) !== 0;
    return this.offset + (extended ? LONG_HEADER : SHORT_HEADER);
  }
  /** Of the value, in bytes. */
  get length(): number {
    return this.end - this.valueOffset;
  }
}

/** Bytes of an attribute whose value has this length. */
export function attributeLength(length: number): number {
  return length + (length > SHORT_LENGTH_MAX ? LONG_HEADER : SHORT_HEADER);
}

/** Writes all but the value, with the shorter form of the length; returns the value's offset. */
export function beginAttribute(
  bytes: Uint8Array,
  offset: number,
  flags: number,
  type: number,
  length: number,
): number {
  const extended = length > SHORT_LENGTH_MAX;
  bytes[offset + field.flags] = extended ? flags | ATTRIBUTE_FLAG.extendedLength : flags;
  bytes[offset + field.type] = type;
  const at = offset + field.length;
  if (extended) write16(bytes, at, length);
  else bytes[at] = length;
  return offset + (extended ? LONG_HEADER : SHORT_HEADER);
}
