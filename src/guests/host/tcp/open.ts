/** The user's calls (RFC 9293 section 3.10.1 to 3.10.5) on a block. `output` follows each. */
import { TCP_LIMITS } from '../limits.ts';
import { emitReset, rewind } from './output.ts';
import { seqAfter, seqBefore } from './sequence.ts';
import { UNSYNCHRONIZED } from './state.ts';
import { become, type Tcb } from './tcb.ts';

export function openActive(tcb: Tcb): void {
  become(tcb, 'SYN-SENT');
}

export function openPassive(tcb: Tcb): void {
  tcb.passive = true;
  become(tcb, 'LISTEN');
}

/** SEND: queues as much as fits and returns how many octets that was; 0 once closed. */
export function queueSend(tcb: Tcb, bytes: Uint8Array): number {
  const closed = tcb.finQueued || tcb.state === 'CLOSED' || tcb.state === 'TIME-WAIT';
  return closed ? 0 : tcb.sendBuffer.push(bytes);
}

/**
 * CLOSE: a FIN follows what is queued. What the peer still sends is received. In SYN-SENT, where
 * RFC 9293 would drop what is queued, it waits for the handshake: `abort` is there for the other.
 */
export function close(tcb: Tcb): void {
  if (tcb.state === 'LISTEN') become(tcb, 'CLOSED');
  else if (tcb.state !== 'CLOSED') tcb.finQueued = true;
}

/** ABORT: forgets everything; the peer gets a reset where it knows of the connection. */
export function abort(tcb: Tcb): void {
  const known = tcb.state === 'SYN-RECEIVED' || !UNSYNCHRONIZED.has(tcb.state);
  if (known && tcb.state !== 'TIME-WAIT') emitReset(tcb);
  become(tcb, 'CLOSED');
}

/**
 * A router said that segments are too long (RFC 1191, RFC 8201): shorter ones from now on, and
 * what is out is sent again at once. `sequence` is of the segment that did not fit; one that is
 * not in flight proves nothing and is ignored (RFC 5927 section 7).
 */
export function shrinkSegments(tcb: Tcb, size: number, sequence: number): void {
  if (seqBefore(sequence, tcb.sndUna) || !seqBefore(sequence, tcb.sndMax)) return;
  const smaller = Math.max(TCP_LIMITS.minSegmentSize, size);
  if (smaller >= tcb.segmentSize) return;
  tcb.segmentSize = smaller;
  if (!UNSYNCHRONIZED.has(tcb.state) && seqAfter(tcb.sndMax, tcb.sndUna)) rewind(tcb);
}
