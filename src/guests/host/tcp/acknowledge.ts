/** What an acceptable acknowledgment does (RFC 9293 section 3.10.7.4, fifth check). */
import { TCP_LIMITS } from '../limits.ts';
import { retransmit, rewind } from './output.ts';
import { type Segment, segmentLength } from './segment.ts';
import { seqAfter, seqBefore, seqDistance, seqMax } from './sequence.ts';
import { become, finAcknowledged, startTimeWait, type Tcb } from './tcb.ts';

/** Takes the acknowledgment and the window of a segment that passed the checks before. */
export function acknowledge(tcb: Tcb, segment: Segment, now: number): void {
  const isNew = seqAfter(segment.acknowledgment, tcb.sndUna);
  const windowBefore = tcb.sndWnd;
  updateWindow(tcb, segment);
  if (isNew) {
    advance(tcb, segment.acknowledgment, now);
    closeSteps(tcb, now);
  } else if (windowBefore === 0 || tcb.sndWnd === 0) {
    // A probe was answered: the peer lives, however long it keeps its window closed.
    tcb.attempts = 0;
    if (tcb.sndWnd > 0) rewind(tcb);
    if (tcb.sndWnd > 0) tcb.backoff = 0;
  } else if (isDuplicate(tcb, segment, windowBefore)) {
    countDuplicate(tcb, now);
  }
}

/** SND.WND follows the newest segment, not the last one to arrive. */
function updateWindow(tcb: Tcb, segment: Segment): void {
  const { sequence, acknowledgment } = segment;
  if (seqBefore(acknowledgment, tcb.sndUna)) return;
  const newer =
    seqBefore(tcb.sndWl1, sequence) ||
    (tcb.sndWl1 === sequence && !seqBefore(acknowledgment, tcb.sndWl2));
  if (newer) takeWindow(tcb, segment);
}

/** Takes the window of a segment as it is; on SYN segments there is no older one. */
export function takeWindow(tcb: Tcb, segment: Segment): void {
  tcb.sndWnd = segment.window;
  tcb.maxSndWnd = Math.max(tcb.maxSndWnd, segment.window);
  tcb.sndWl1 = segment.sequence;
  tcb.sndWl2 = segment.acknowledgment;
}

function advance(tcb: Tcb, acknowledgment: number, now: number): void {
  const count = seqDistance(tcb.sndUna, acknowledgment);
  const wasSyn = tcb.sndUna === tcb.iss && !tcb.synAcknowledged;
  const octets = Math.min(count - (wasSyn ? 1 : 0), tcb.sendBuffer.length);
  tcb.synAcknowledged = true;
  tcb.sendBuffer.drop(octets);
  tcb.sndUna = acknowledgment;
  tcb.sndNxt = seqMax(tcb.sndNxt, acknowledgment);
  tcb.duplicateAcks = 0;
  tcb.attempts = 0;
  tcb.backoff = 0;
  if (octets > 0) tcb.events.push('acknowledged');
  if (tcb.rttEnd !== undefined && !seqBefore(acknowledgment, tcb.rttEnd)) measure(tcb, now);
  // RFC 6298 (5.2), (5.3): `output` starts the timer anew if anything is still out.
  tcb.retransmitAt = undefined;
  recoverFurther(tcb, now);
}

/** RFC 6298 section 2. */
function measure(tcb: Tcb, now: number): void {
  const rtt = Math.max(0, now - tcb.rttStartedAt);
  tcb.rttEnd = undefined;
  if (tcb.srtt === undefined) {
    tcb.srtt = rtt;
    tcb.rttvar = rtt / 2;
  } else {
    tcb.rttvar = 0.75 * tcb.rttvar + 0.25 * Math.abs(tcb.srtt - rtt);
    tcb.srtt = 0.875 * tcb.srtt + 0.125 * rtt;
  }
  const rto = tcb.srtt + Math.max(TCP_LIMITS.clockGranularityMs, 4 * tcb.rttvar);
  tcb.rto = Math.min(TCP_LIMITS.maxRtoMs, Math.max(TCP_LIMITS.minRtoMs, rto));
}

/** A partial acknowledgment during recovery names the next hole (RFC 6582 section 3.2). */
function recoverFurther(tcb: Tcb, now: number): void {
  if (tcb.recover === undefined) return;
  if (seqBefore(tcb.sndUna, tcb.recover)) retransmit(tcb, now);
  else tcb.recover = undefined;
}

/** RFC 5681 section 2's definition. */
function isDuplicate(tcb: Tcb, segment: Segment, windowBefore: number): boolean {
  return (
    segment.acknowledgment === tcb.sndUna &&
    segmentLength(segment) === 0 &&
    segment.window === windowBefore &&
    seqAfter(tcb.sndMax, tcb.sndUna)
  );
}

function countDuplicate(tcb: Tcb, now: number): void {
  tcb.duplicateAcks++;
  if (tcb.duplicateAcks !== TCP_LIMITS.duplicateAcks || tcb.recover !== undefined) return;
  tcb.recover = tcb.sndMax;
  retransmit(tcb, now);
}

/** What the acknowledgment of our FIN means in each state. */
function closeSteps(tcb: Tcb, now: number): void {
  if (!finAcknowledged(tcb)) return;
  if (tcb.state === 'FIN-WAIT-1') {
    become(tcb, 'FIN-WAIT-2');
    tcb.deadlineAt = now + TCP_LIMITS.finWait2Ms;
  } else if (tcb.state === 'CLOSING') {
    become(tcb, 'TIME-WAIT');
    tcb.events.push('closed');
    startTimeWait(tcb, now);
  } else if (tcb.state === 'LAST-ACK') {
    tcb.events.push('closed');
    become(tcb, 'CLOSED');
  }
}
