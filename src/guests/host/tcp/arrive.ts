/** SEGMENT ARRIVES (RFC 9293 section 3.10.7): one function per group of states, one per check. */
import { TCP_LIMITS } from '../limits.ts';
import { acknowledge, takeWindow } from './acknowledge.ts';
import { ACK, FIN, RST, resetFor, type Segment, SYN, segmentLength } from './segment.ts';
import { seqAdd, seqAfter, seqBefore, seqDistance } from './sequence.ts';
import type { TcpState } from './state.ts';
import { become, fail, startTimeWait, type Tcb } from './tcb.ts';

type Arrives = (tcb: Tcb, segment: Segment, now: number) => void;

/** Takes one segment. The caller then delivers the events and calls `output`. */
export function segmentArrives(tcb: Tcb, segment: Segment, now: number): void {
  ARRIVES[tcb.state](tcb, segment, now);
}

const ARRIVES: Readonly<Record<TcpState, Arrives>> = {
  CLOSED: () => {},
  LISTEN: arrivesInListen,
  'SYN-SENT': arrivesInSynSent,
  'SYN-RECEIVED': arrivesLater,
  ESTABLISHED: arrivesLater,
  'FIN-WAIT-1': arrivesLater,
  'FIN-WAIT-2': arrivesLater,
  'CLOSE-WAIT': arrivesLater,
  CLOSING: arrivesLater,
  'LAST-ACK': arrivesLater,
  'TIME-WAIT': arrivesLater,
};

function refuse(tcb: Tcb, segment: Segment): void {
  const reset = resetFor(segment);
  if (reset !== undefined) tcb.outbox.push(reset);
}

/** Takes the peer's SYN: its sequence number and its MSS. */
function takeSyn(tcb: Tcb, segment: Segment): void {
  tcb.irs = segment.sequence;
  tcb.rcvNxt = seqAdd(segment.sequence, 1);
  tcb.rcvEdge = seqAdd(tcb.rcvNxt, Math.min(65_535, tcb.receiveBuffer.limit));
  const offered = segment.maxSegmentSize ?? tcb.options.defaultSegmentSize;
  const size = Math.min(offered, tcb.options.pathSegmentSize);
  tcb.segmentSize = Math.max(TCP_LIMITS.minSegmentSize, size);
}

/** Section 3.10.7.2. */
function arrivesInListen(tcb: Tcb, segment: Segment): void {
  if (segment.flags & RST) return;
  if (segment.flags & ACK) {
    refuse(tcb, segment);
    return;
  }
  if (!(segment.flags & SYN)) return;
  takeSyn(tcb, segment);
  become(tcb, 'SYN-RECEIVED');
}

/** Section 3.10.7.3. */
function arrivesInSynSent(tcb: Tcb, segment: Segment, now: number): void {
  const hasAck = (segment.flags & ACK) !== 0;
  const { acknowledgment } = segment;
  const good = seqAfter(acknowledgment, tcb.iss) && !seqAfter(acknowledgment, tcb.sndMax);
  if (hasAck && !good) {
    refuse(tcb, segment);
    return;
  }
  if (segment.flags & RST) {
    if (hasAck) fail(tcb, 'reset');
    return;
  }
  if (!(segment.flags & SYN)) return;
  takeSyn(tcb, segment);
  if (!hasAck) {
    // Simultaneous open: our SYN goes out again, with the acknowledgment.
    tcb.sndNxt = tcb.iss;
    become(tcb, 'SYN-RECEIVED');
    return;
  }
  establish(tcb, segment, now);
  tcb.ackNow = true;
  const text = inWindow(tcb, { ...segment, sequence: tcb.rcvNxt });
  receive(tcb, text.sequence, text.payload, text.fin, now);
}

function establish(tcb: Tcb, segment: Segment, now: number): void {
  become(tcb, 'ESTABLISHED');
  tcb.events.push('established');
  takeWindow(tcb, segment);
  acknowledge(tcb, segment, now);
}

/** Section 3.10.7.4: SYN-RECEIVED and everything after it. */
function arrivesLater(tcb: Tcb, segment: Segment, now: number): void {
  const arrived = tcb.state === 'SYN-RECEIVED' ? withoutRepeatedSyn(tcb, segment) : segment;
  if (arrived === undefined || !checkSequence(tcb, arrived, now)) return;
  if (arrived.flags & RST) {
    checkReset(tcb, arrived, now);
    return;
  }
  if (arrived.flags & SYN) {
    checkSyn(tcb, now);
    return;
  }
  if (!(arrived.flags & ACK) || !checkAck(tcb, arrived, now)) return;
  const text = inWindow(tcb, arrived);
  receive(tcb, text.sequence, text.payload, text.fin, now);
}

/**
 * In SYN-RECEIVED the peer's SYN may come again. Alone, it asks for our SYN,ACK once more;
 * with an acknowledgment it completes a simultaneous open (figure 8).
 */
function withoutRepeatedSyn(tcb: Tcb, segment: Segment): Segment | undefined {
  const repeated = segment.flags & SYN && !(segment.flags & RST) && segment.sequence === tcb.irs;
  if (!repeated) return segment;
  if (segment.flags & ACK) {
    return { ...segment, sequence: seqAdd(segment.sequence, 1), flags: segment.flags & ~SYN };
  }
  tcb.sndNxt = tcb.iss;
  return undefined;
}

/** First check: at least part of the segment lies in the window, or it is acknowledged away. */
function checkSequence(tcb: Tcb, segment: Segment, now: number): boolean {
  const length = segmentLength(segment);
  const window = Math.max(0, seqDistance(tcb.rcvNxt, tcb.rcvEdge));
  const first = seqDistance(tcb.rcvNxt, segment.sequence);
  const last = first + Math.max(0, length - 1);
  // With a closed window its first octet still passes: for its ACK, and for a bare FIN.
  const within = (offset: number) => offset >= 0 && offset < Math.max(1, window);
  if (within(first) || (length > 0 && within(last))) return true;
  if (length > 1 && first < 0 && last >= window) return true;
  if (segment.flags & RST) return false;
  if (tcb.state === 'TIME-WAIT' && segment.flags & FIN) startTimeWait(tcb, now);
  const carries = segment.payload.length > 0 || (segment.flags & FIN) !== 0;
  if (carries) tcb.ackNow = true;
  else challenge(tcb, now);
  return false;
}

/** An acknowledgment that says where we stand, a bounded number of times (RFC 5961 section 7). */
function challenge(tcb: Tcb, now: number): void {
  if (now - tcb.challengesSince >= TCP_LIMITS.challengeWindowMs) {
    tcb.challengesSince = now;
    tcb.challenges = 0;
  }
  if (tcb.challenges++ < TCP_LIMITS.challengeAcks) tcb.ackNow = true;
}

/** Second check (RFC 5961 section 3.2): only the exact sequence number resets. */
function checkReset(tcb: Tcb, segment: Segment, now: number): void {
  if (segment.sequence !== tcb.rcvNxt) {
    challenge(tcb, now);
    return;
  }
  const done = ['CLOSING', 'LAST-ACK', 'TIME-WAIT'].includes(tcb.state);
  if (!done) {
    fail(tcb, 'reset');
    return;
  }
  if (tcb.state !== 'TIME-WAIT') tcb.events.push('closed');
  become(tcb, 'CLOSED');
}

/** Fourth check (RFC 5961 section 4.2): a SYN never ends a synchronized connection. */
function checkSyn(tcb: Tcb, now: number): void {
  if (tcb.state === 'SYN-RECEIVED' && tcb.passive) fail(tcb, 'reset');
  else challenge(tcb, now);
}

/** Fifth check; false where the segment must not be read any further. */
function checkAck(tcb: Tcb, segment: Segment, now: number): boolean {
  const { acknowledgment } = segment;
  if (tcb.state === 'SYN-RECEIVED') {
    if (!seqAfter(acknowledgment, tcb.iss) || seqAfter(acknowledgment, tcb.sndMax)) {
      refuse(tcb, segment);
      return false;
    }
    establish(tcb, segment, now);
    return true;
  }
  // RFC 5961 section 5.2: neither from the future nor older than a window.
  const oldest = seqAdd(tcb.sndUna, -tcb.maxSndWnd);
  if (seqAfter(acknowledgment, tcb.sndMax) || seqBefore(acknowledgment, oldest)) {
    challenge(tcb, now);
    return false;
  }
  acknowledge(tcb, segment, now);
  return tcb.state !== 'CLOSED';
}

/** The part of a segment that lies in the window. */
function inWindow(tcb: Tcb, segment: Segment) {
  const skip = Math.max(0, seqDistance(segment.sequence, tcb.rcvNxt));
  const sequence = seqAdd(segment.sequence, skip);
  const room = Math.max(0, seqDistance(sequence, tcb.rcvEdge));
  const rest = segment.payload.subarray(skip);
  const payload = rest.length > room ? rest.subarray(0, room) : rest;
  const fin = (segment.flags & FIN) !== 0 && payload.length === rest.length;
  if (payload.length < rest.length) tcb.ackNow = true;
  return { sequence, payload, fin };
}

/** Seventh and eighth step: text in order, text behind a gap, FIN. */
function receive(tcb: Tcb, sequence: number, text: Uint8Array, fin: boolean, now: number): void {
  if (text.length === 0 && !fin) return;
  tcb.ackNow = true;
  tcb.longestReceived = Math.max(tcb.longestReceived, text.length);
  if (tcb.state === 'FIN-WAIT-2') tcb.deadlineAt = now + TCP_LIMITS.finWait2Ms;
  if (tcb.finReceived) return;
  if (sequence !== tcb.rcvNxt) {
    tcb.outOfOrder.insert(sequence, text, fin);
    return;
  }
  accept(tcb, text);
  for (;;) {
    const next = tcb.outOfOrder.take(tcb.rcvNxt);
    if (next === undefined) break;
    accept(tcb, next);
  }
  const finSequence = seqAdd(sequence, text.length);
  if ((fin && finSequence === tcb.rcvNxt) || tcb.outOfOrder.finAt(tcb.rcvNxt)) takeFin(tcb, now);
}

function accept(tcb: Tcb, text: Uint8Array): void {
  tcb.rcvNxt = seqAdd(tcb.rcvNxt, tcb.receiveBuffer.push(text));
}

const AFTER_FIN: Readonly<Partial<Record<TcpState, TcpState>>> = {
  ESTABLISHED: 'CLOSE-WAIT',
  'FIN-WAIT-1': 'CLOSING',
  'FIN-WAIT-2': 'TIME-WAIT',
};

function takeFin(tcb: Tcb, now: number): void {
  tcb.rcvNxt = seqAdd(tcb.rcvNxt, 1);
  // It takes no room in the buffer.
  tcb.rcvEdge = seqAdd(tcb.rcvEdge, 1);
  tcb.finReceived = true;
  tcb.events.push('end');
  const next = AFTER_FIN[tcb.state];
  if (next === undefined) return;
  become(tcb, next);
  if (next !== 'TIME-WAIT') return;
  tcb.events.push('closed');
  startTimeWait(tcb, now);
}
