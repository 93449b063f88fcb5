/** Segments out: what the block's state allows to be sent now (RFC 9293 sections 3.8 and 3.10). */
import { TCP_LIMITS } from '../limits.ts';
import { ACK, FIN, NO_PAYLOAD, PSH, RST, SYN } from './segment.ts';
import { seqAdd, seqAfter, seqBefore, seqDistance, seqMax } from './sequence.ts';
import { become, fail, finAcknowledged, type Tcb } from './tcb.ts';

/**
 * The window to offer. It opens in steps of a full segment or half the buffer
 * (RFC 9293 section 3.8.6.2.2, silly window avoidance) and never shrinks.
 */
function offerWindow(tcb: Tcb): number {
  const edge = seqAdd(tcb.rcvNxt, tcb.receiveBuffer.space);
  const step = Math.min(tcb.options.offeredSegmentSize, tcb.receiveBuffer.limit >> 1);
  if (seqDistance(tcb.rcvEdge, edge) >= step) tcb.rcvEdge = edge;
  return Math.max(0, seqDistance(tcb.rcvNxt, tcb.rcvEdge));
}

/** Whether a reader that caught up makes the window worth announcing. */
export function windowUpdateDue(tcb: Tcb): boolean {
  const before = tcb.rcvEdge;
  offerWindow(tcb);
  return seqAfter(tcb.rcvEdge, before);
}

function emit(tcb: Tcb, sequence: number, flags: number, payload: Uint8Array): void {
  tcb.outbox.push({
    sequence,
    acknowledgment: flags & ACK ? tcb.rcvNxt : 0,
    flags,
    window: offerWindow(tcb),
    payload,
    ...(flags & SYN ? { maxSegmentSize: tcb.options.offeredSegmentSize } : {}),
  });
  if (flags & ACK) tcb.ackNow = false;
}

function emitSyn(tcb: Tcb): void {
  if (tcb.state === 'SYN-SENT') {
    tcb.outbox.push({
      sequence: tcb.iss,
      acknowledgment: 0,
      flags: SYN,
      window: Math.min(65_535, tcb.receiveBuffer.limit),
      payload: NO_PAYLOAD,
      maxSegmentSize: tcb.options.offeredSegmentSize,
    });
  } else {
    emit(tcb, tcb.iss, SYN | ACK, NO_PAYLOAD);
  }
}

/** A reset that a synchronized peer accepts. */
export function emitReset(tcb: Tcb): void {
  emit(tcb, tcb.sndNxt, RST | ACK, NO_PAYLOAD);
}

/** Octets that one segment may carry now. */
function segmentLimit({ segmentSize, matchesPeer, longestReceived }: Tcb): number {
  return matchesPeer ? Math.min(segmentSize, longestReceived) : segmentSize;
}

/** Octets sent that can still be lost. */
function inFlight(tcb: Tcb): number {
  return seqDistance(tcb.sndUna, tcb.sndMax);
}

/** Marks `[sequence, end)` as sent; times it if it is new (RFC 6298, Karn's algorithm). */
function markSent(tcb: Tcb, sequence: number, end: number, now: number): void {
  const isNew = !seqBefore(sequence, tcb.sndMax);
  if (isNew && tcb.rttEnd === undefined) {
    tcb.rttEnd = end;
    tcb.rttStartedAt = now;
  } else if (!isNew) {
    tcb.rttEnd = undefined;
  }
  tcb.sndNxt = seqMax(tcb.sndNxt, end);
  tcb.sndMax = seqMax(tcb.sndMax, end);
}

/** Sends data and FIN from `sequence`, at most `size` octets; returns the sequence after it. */
function emitData(tcb: Tcb, sequence: number, size: number, now: number): void {
  const offset = seqDistance(tcb.sndUna, sequence);
  const payload = tcb.sendBuffer.peek(offset, size);
  const last = offset + payload.length === tcb.sendBuffer.length;
  const fin = last && tcb.finQueued && !finAcknowledged(tcb);
  const end = seqAdd(sequence, payload.length + (fin ? 1 : 0));
  if (fin && tcb.finSequence === undefined) {
    tcb.finSequence = seqAdd(sequence, payload.length);
    become(tcb, tcb.state === 'CLOSE-WAIT' ? 'LAST-ACK' : 'FIN-WAIT-1');
  }
  const push = last && payload.length > 0 ? PSH : 0;
  emit(tcb, sequence, ACK | push | (fin ? FIN : 0), payload);
  markSent(tcb, sequence, end, now);
}

function sendNew(tcb: Tcb, now: number): void {
  for (;;) {
    const sent = seqDistance(tcb.sndUna, tcb.sndNxt);
    const waiting = tcb.sendBuffer.length - sent;
    const finWaits = tcb.finQueued && !finAcknowledged(tcb);
    // Below zero: the FIN is out as well.
    if (waiting < 0 || (waiting === 0 && !finWaits)) return;
    const window = Math.max(0, tcb.sndWnd - sent);
    const limit = segmentLimit(tcb);
    const size = Math.min(limit, waiting, window);
    // A bare FIN does not wait for a window: a peer that reads nothing must still learn of it.
    if (size === 0 && waiting > 0) return;
    const silly = size < waiting && size < limit && size < tcb.maxSndWnd >> 1;
    if (silly && sent > 0) return;
    emitData(tcb, tcb.sndNxt, size, now);
  }
}

/** Sends the first unacknowledged segment again, or one octet into a closed window. */
export function retransmit(tcb: Tcb, now: number): void {
  tcb.rttEnd = undefined;
  if (tcb.state === 'SYN-SENT' || tcb.state === 'SYN-RECEIVED') {
    emitSyn(tcb);
    return;
  }
  // RFC 9293 section 3.8.6.1: a probe carries at least one octet.
  emitData(tcb, tcb.sndUna, Math.min(segmentLimit(tcb), Math.max(1, tcb.sndWnd)), now);
}

/** Sends everything from the first unacknowledged octet on again. */
export function rewind(tcb: Tcb): void {
  tcb.sndNxt = tcb.sndUna;
  tcb.rttEnd = undefined;
}

function armTimer(tcb: Tcb, now: number): void {
  // Nothing in flight but something waiting: the window is closed, and the timer probes it.
  const needed = inFlight(tcb) > 0 || tcb.sendBuffer.length > 0;
  if (!needed) tcb.retransmitAt = undefined;
  else tcb.retransmitAt ??= now + currentRto(tcb);
}

/** RFC 6298 (5.5): doubled for every attempt. */
export function currentRto(tcb: Tcb): number {
  return Math.min(TCP_LIMITS.maxRtoMs, tcb.rto * 2 ** tcb.backoff);
}

/** Puts into the outbox whatever the state, the window and the buffers allow. */
export function output(tcb: Tcb, now: number): void {
  switch (tcb.state) {
    case 'CLOSED':
    case 'LISTEN':
      return;
    case 'SYN-SENT':
    case 'SYN-RECEIVED':
      if (tcb.sndNxt === tcb.iss) {
        emitSyn(tcb);
        markSent(tcb, tcb.iss, seqAdd(tcb.iss, 1), now);
      }
      break;
    default:
      sendNew(tcb, now);
  }
  if (tcb.ackNow && tcb.state !== 'SYN-SENT') emit(tcb, tcb.sndNxt, ACK, NO_PAYLOAD);
  if (tcb.state !== 'TIME-WAIT') armTimer(tcb, now);
}

/** Time has come: retransmission (RFC 6298 section 5), TIME-WAIT, or giving up. */
export function timersExpire(tcb: Tcb, now: number): void {
  if (tcb.deadlineAt !== undefined && tcb.deadlineAt <= now) {
    if (tcb.state === 'TIME-WAIT') become(tcb, 'CLOSED');
    else fail(tcb, 'timeout');
    return;
  }
  if (tcb.retransmitAt === undefined || tcb.retransmitAt > now) return;
  const opening = tcb.state === 'SYN-SENT' || tcb.state === 'SYN-RECEIVED';
  const limit = opening ? TCP_LIMITS.synRetransmits : TCP_LIMITS.retransmits;
  if (tcb.attempts >= limit) {
    fail(tcb, 'timeout');
    return;
  }
  tcb.attempts++;
  tcb.backoff++;
  tcb.duplicateAcks = 0;
  if (inFlight(tcb) > 0) tcb.recover = tcb.sndMax;
  retransmit(tcb, now);
  tcb.retransmitAt = now + currentRto(tcb);
}

/** When `timersExpire` has something to do next. */
export function nextDeadline(tcb: Tcb): number | undefined {
  const { retransmitAt, deadlineAt } = tcb;
  if (retransmitAt === undefined || deadlineAt === undefined) return retransmitAt ?? deadlineAt;
  return Math.min(retransmitAt, deadlineAt);
}
