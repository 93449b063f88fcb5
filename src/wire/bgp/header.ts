/**
 * The header of every BGP-4 message (RFC 4271 section 4.1).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |               Marker: 16 bytes of ones                        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |          Length               |      Type     |  body …
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import { EMPTY, fits, read16, write16 } from '../bytes.ts';
import { BGP_ERROR, Fault, HEADER_ERROR } from './fault.ts';

const field = { marker: 0, length: 16, type: 18, body: 19 } as const;

export const BGP_HEADER_LENGTH = field.body;
/** The longest message, header included (RFC 4271 section 4.1). */
export const BGP_MESSAGE_MAX = 4096;

export const BGP_TYPE = {
  open: 1,
  update: 2,
  notification: 3,
  keepalive: 4,
  routeRefresh: 5,
} as const;

/** Least and greatest length of each type of message. */
const LENGTHS: Readonly<Record<number, readonly [min: number, max: number]>> = {
  [BGP_TYPE.open]: [29, BGP_MESSAGE_MAX],
  [BGP_TYPE.update]: [23, BGP_MESSAGE_MAX],
  [BGP_TYPE.notification]: [21, BGP_MESSAGE_MAX],
  [BGP_TYPE.keepalive]: [19, 19],
  // RFC 2918: longer ones carry filters (RFC 5291), which nobody here offers.
  [BGP_TYPE.routeRefresh]: [23, 23],
};

/** A whole message: header and body. */
export class BgpView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /**
   * Points the view at a message and sets `end` to the message's own; false, and unchanged, when
   * it is truncated or its length cannot be. What else is wrong `headerFault` tells.
   */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, BGP_HEADER_LENGTH)) return false;
    const length = read16(bytes, offset + field.length);
    if (length < BGP_HEADER_LENGTH || length > end - offset) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = offset + length;
    return true;
  }

  get length(): number {
    return this.end - this.offset;
  }
  get type(): number {
    return this.bytes[this.offset + field.type]!;
  }
  get bodyOffset(): number {
    return this.offset + field.body;
  }
}

/**
 * What RFC 4271 section 6.1 has against the header at `offset`, of which all 19 bytes must be
 * there; the rest of the message need not be.
 */
export function headerFault(bytes: Uint8Array, offset: number): Fault | undefined {
  for (let at = offset; at < offset + field.length; at++) {
    if (bytes[at] !== 0xff) {
      return new Fault(BGP_ERROR.header, HEADER_ERROR.connectionNotSynchronized);
    }
  }
  const length = read16(bytes, offset + field.length);
  const type = bytes[offset + field.type]!;
  // An unknown type is told apart from a bad length, so its length counts only as a message's.
  const [min, max] = LENGTHS[type] ?? [BGP_HEADER_LENGTH, BGP_MESSAGE_MAX];
  if (length < min || length > max) {
    const at = offset + field.length;
    return new Fault(BGP_ERROR.header, HEADER_ERROR.badMessageLength, bytes.slice(at, at + 2));
  }
  if (LENGTHS[type] === undefined) {
    return new Fault(BGP_ERROR.header, HEADER_ERROR.badMessageType, Uint8Array.of(type));
  }
  return undefined;
}

/** The length that the header at `offset` tells, in bytes. */
export function messageLength(bytes: Uint8Array, offset: number): number {
  return read16(bytes, offset + field.length);
}

/** A message of this length with its header, the body zero; `length` in bytes, header included. */
export function beginMessage(type: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.fill(0xff, field.marker, field.length);
  write16(bytes, field.length, length);
  bytes[field.type] = type;
  return bytes;
}
