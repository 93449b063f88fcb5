/** A segment as the state machine sees it: no addresses, no ports, no checksum. */

import { EMPTY } from '../../../wire/bytes.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';

export const { fin: FIN, syn: SYN, rst: RST, psh: PSH, ack: ACK } = TCP_FLAG;

export interface Segment {
  readonly sequence: number;
  /** Meaningful with the ACK bit only. */
  readonly acknowledgment: number;
  readonly flags: number;
  readonly window: number;
  readonly payload: Uint8Array;
  /** The MSS option, on SYN segments. */
  readonly maxSegmentSize?: number;
}

export const NO_PAYLOAD = EMPTY;

/** SEG.LEN: octets of sequence space, SYN and FIN included. */
export function segmentLength(segment: Segment): number {
  const { flags, payload } = segment;
  return payload.length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
}

/**
 * The reset that answers a segment for which there is no connection (RFC 9293 section 3.10.7.1);
 * undefined for a reset, which is never answered.
 */
export function resetFor(segment: Segment): Segment | undefined {
  if (segment.flags & RST) return undefined;
  if (segment.flags & ACK) {
    return {
      sequence: segment.acknowledgment,
      acknowledgment: 0,
      flags: RST,
      window: 0,
      payload: NO_PAYLOAD,
    };
  }
  return {
    sequence: 0,
    acknowledgment: (segment.sequence + segmentLength(segment)) >>> 0,
    flags: RST | ACK,
    window: 0,
    payload: NO_PAYLOAD,
  };
}
