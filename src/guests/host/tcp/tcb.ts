/**
 * The transmission control block (RFC 9293 section 3.3.1): everything one connection remembers.
 * The functions of this folder are its only writers; none of them does I/O or reads a clock.
 */
import assert from 'node:assert';
import { TCP_LIMITS } from '../limits.ts';
import { ByteQueue } from './byte-queue.ts';
import { OutOfOrderQueue } from './out-of-order.ts';
import type { Segment } from './segment.ts';
import { type TcpState, TRANSITIONS } from './state.ts';

/** What the owner of a connection is told, in order. */
export type TcpEvent =
  | 'established'
  /** The peer has sent its FIN: nothing more will be received. */
  | 'end'
  /** Octets left the send buffer. */
  | 'acknowledged'
  /** Both directions are closed in good order. */
  | 'closed'
  | 'reset'
  /** Too many retransmissions. */
  | 'timeout';

export interface TcbOptions {
  /** Initial send sequence number. */
  readonly initialSequence: number;
  /** The MSS that we offer: interface MTU less headers. */
  readonly offeredSegmentSize: number;
  /** The most we send in one segment: path MTU less headers. */
  readonly pathSegmentSize: number;
  /** What a peer takes that offers no MSS. */
  readonly defaultSegmentSize: number;
  readonly receiveBuffer?: number;
  readonly sendBuffer?: number;
  readonly timeWaitMs?: number;
}

export interface Tcb {
  readonly options: TcbOptions;
  state: TcpState;
  /** Opened by LISTEN: a reset before ESTABLISHED is nobody's news. */
  passive: boolean;

  readonly iss: number;
  sndUna: number;
  /** Next to send; stands behind `sndMax` while something is sent again. */
  sndNxt: number;
  /** One past the highest sequence number ever sent. */
  sndMax: number;
  sndWnd: number;
  maxSndWnd: number;
  sndWl1: number;
  sndWl2: number;
  segmentSize: number;
  /** Octets from `sndUna` on, sent and unsent. */
  readonly sendBuffer: ByteQueue;
  finQueued: boolean;
  finSequence: number | undefined;
  synAcknowledged: boolean;

  irs: number;
  rcvNxt: number;
  /** Right edge of the window we have offered; never moves left. */
  rcvEdge: number;
  /** In order, not yet taken by the application. */
  readonly receiveBuffer: ByteQueue;
  readonly outOfOrder: OutOfOrderQueue;
  finReceived: boolean;
  /** Octets of the longest segment so far. */
  longestReceived: number;
  /** Whether to send no longer ones. */
  matchesPeer: boolean;

  /** RFC 6298: undefined before the first measurement. */
  srtt: number | undefined;
  rttvar: number;
  rto: number;
  backoff: number;
  attempts: number;
  /** The acknowledgment that ends the running measurement, and its start. */
  rttEnd: number | undefined;
  rttStartedAt: number;
  retransmitAt: number | undefined;
  /** End of TIME-WAIT or of an orphaned FIN-WAIT-2. */
  deadlineAt: number | undefined;
  duplicateAcks: number;
  /** Loss recovery lasts until this is acknowledged (RFC 6582). */
  recover: number | undefined;
  challenges: number;
  challengesSince: number;

  ackNow: boolean;
  outbox: Segment[];
  events: TcpEvent[];
}

/** A block in CLOSED; `openActive` or `openPassive` comes next. */
export function createTcb(options: TcbOptions): Tcb {
  const iss = options.initialSequence >>> 0;
  return {
    options,
    state: 'CLOSED',
    passive: false,
    iss,
    sndUna: iss,
    sndNxt: iss,
    sndMax: iss,
    sndWnd: 0,
    maxSndWnd: 0,
    sndWl1: 0,
    sndWl2: 0,
    segmentSize: Math.min(options.pathSegmentSize, options.defaultSegmentSize),
    sendBuffer: new ByteQueue(options.sendBuffer ?? TCP_LIMITS.sendBuffer),
    finQueued: false,
    finSequence: undefined,
    synAcknowledged: false,
    irs: 0,
    rcvNxt: 0,
    rcvEdge: 0,
    receiveBuffer: new ByteQueue(options.receiveBuffer ?? TCP_LIMITS.receiveBuffer),
    outOfOrder: new OutOfOrderQueue(TCP_LIMITS.outOfOrderSegments),
    finReceived: false,
    longestReceived: 0,
    matchesPeer: false,
    srtt: undefined,
    rttvar: 0,
    rto: TCP_LIMITS.initialRtoMs,
    backoff: 0,
    attempts: 0,
    rttEnd: undefined,
    rttStartedAt: 0,
    retransmitAt: undefined,
    deadlineAt: undefined,
    duplicateAcks: 0,
    recover: undefined,
    challenges: 0,
    challengesSince: 0,
    ackNow: false,
    outbox: [],
    events: [],
  };
}

/** The only writer of `state`; a move that RFC 9293 does not know is a defect of ours. */
export function become(tcb: Tcb, state: TcpState): void {
  assert(
    state === 'CLOSED' || TRANSITIONS[tcb.state].includes(state),
    `no move from ${tcb.state} to ${state}`,
  );
  tcb.state = state;
  if (state !== 'CLOSED') return;
  tcb.retransmitAt = undefined;
  tcb.deadlineAt = undefined;
  tcb.ackNow = false;
  tcb.sendBuffer.clear();
}

/** Ends the connection at once and says why. */
export function fail(tcb: Tcb, why: 'reset' | 'timeout'): void {
  become(tcb, 'CLOSED');
  tcb.events.push(why);
}

/** Whether our FIN has been acknowledged. */
export function finAcknowledged(tcb: Tcb): boolean {
  return tcb.finSequence !== undefined && ((tcb.sndUna - tcb.finSequence) | 0) > 0;
}

/** 2 MSL from now on, in which late segments of the peer are still answered. */
export function startTimeWait(tcb: Tcb, now: number): void {
  tcb.retransmitAt = undefined;
  tcb.deadlineAt = now + (tcb.options.timeWaitMs ?? TCP_LIMITS.timeWaitMs);
}
