/** One connection as its user sees it: calls in, callbacks out, segments through `transmit`. */
import type { Ip } from '../../../net/ip.ts';
import type { TransportError } from '../errors.ts';
import { segmentArrives } from './arrive.ts';
import { abort, close, queueSend, shrinkSegments } from './open.ts';
import { nextDeadline, output, timersExpire, windowUpdateDue } from './output.ts';
import type { Segment } from './segment.ts';
import type { TcpState } from './state.ts';
import { become, type Tcb } from './tcb.ts';

export interface TcpHandlers {
  onEstablished?(connection: TcpConnection): void;
  /** Octets in order; the array is the handler's to keep. */
  onData?(data: Uint8Array, connection: TcpConnection): void;
  /** The peer acknowledged something: there is room to send. */
  onDrain?(connection: TcpConnection): void;
  /** The peer has closed its direction. */
  onEnd?(connection: TcpConnection): void;
  /** Both directions are closed in good order. */
  onClose?(connection: TcpConnection): void;
  /** The peer refused or reset the connection. */
  onReset?(connection: TcpConnection): void;
  onError?(error: TransportError, connection: TcpConnection): void;
}

/** The two ends, and how packets of the connection are marked. */
export interface TcpEnds {
  readonly source: Ip;
  readonly sourcePort: number;
  readonly destination: Ip;
  readonly port: number;
  readonly ttl: number;
}

export interface TcpEnvironment {
  readonly now: () => number;
  readonly transmit: (ends: TcpEnds, segment: Segment, connection: TcpConnection) => void;
  /** The connection is over, or its deadline moved. */
  readonly changed: (connection: TcpConnection) => void;
}

export class TcpConnection {
  readonly ends: TcpEnds;
  readonly #tcb: Tcb;
  readonly #environment: TcpEnvironment;
  #handlers: TcpHandlers;
  #paused = false;
  #endDue = false;
  #closeDue = false;
  #running = false;
  #dirty = false;
  /** The last error that the network reported and that did not end the connection. */
  softError: TransportError | undefined;

  constructor(ends: TcpEnds, tcb: Tcb, environment: TcpEnvironment, handlers: TcpHandlers) {
    this.ends = ends;
    this.#tcb = tcb;
    this.#environment = environment;
    this.#handlers = handlers;
  }

  get state(): TcpState {
    return this.#tcb.state;
  }

  /** Octets that `send` takes now. */
  get sendSpace(): number {
    return this.#tcb.sendBuffer.space;
  }

  /** When `poll` has something to do, in milliseconds. */
  get deadline(): number | undefined {
    return nextDeadline(this.#tcb);
  }

  /** One past the highest sequence number ever sent, and the next one expected. */
  get sequences(): { readonly sndMax: number; readonly rcvNxt: number } {
    return this.#tcb;
  }

  set handlers(handlers: TcpHandlers) {
    this.#handlers = handlers;
  }

  /** Queues octets to send; returns how many were taken, the rest waits for `onDrain`. */
  send(bytes: Uint8Array): number {
    const taken = queueSend(this.#tcb, bytes);
    this.run();
    return taken;
  }

  /** Closes our direction once everything queued is sent. */
  close(): void {
    close(this.#tcb);
    this.run();
  }

  /** Ends the connection at once, with a reset; no callback follows. */
  abort(): void {
    this.#handlers = {};
    abort(this.#tcb);
    this.run();
  }

  /** Stops `onData`: what arrives fills the window and then waits at the peer. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.run();
  }

  /** A segment of this connection arrived. */
  arrive(segment: Segment): void {
    segmentArrives(this.#tcb, segment, this.#environment.now());
    this.run();
  }

  poll(): void {
    timersExpire(this.#tcb, this.#environment.now());
    this.run();
  }

  /** Sends no longer segments from now on than those that came. */
  matchPeer(): void {
    this.#tcb.matchesPeer = true;
  }

  /** The path does not carry segments of more than `size` octets; `sequence` did not fit. */
  shrink(size: number, sequence: number): void {
    shrinkSegments(this.#tcb, size, sequence);
    this.run();
  }

  /** The network reported an error: it ends an open, and is only noted afterwards (RFC 5927). */
  report(error: TransportError): void {
    if (this.#tcb.state !== 'SYN-SENT') {
      this.softError = error;
      return;
    }
    become(this.#tcb, 'CLOSED');
    this.#handlers.onError?.(error, this);
    this.run();
  }

  /** Delivers what is due, then sends what may be sent. Safe to call from within a callback. */
  run(): void {
    this.#dirty = true;
    if (this.#running) return;
    this.#running = true;
    while (this.#dirty) {
      this.#dirty = false;
      this.#deliver();
      output(this.#tcb, this.#environment.now());
      this.#flush();
    }
    this.#running = false;
    this.#environment.changed(this);
  }

  #flush(): void {
    const segments = this.#tcb.outbox;
    if (segments.length === 0) return;
    this.#tcb.outbox = [];
    for (const segment of segments) this.#environment.transmit(this.ends, segment, this);
  }

  #deliver(): void {
    const tcb = this.#tcb;
    const events = tcb.events;
    if (events.length > 0) tcb.events = [];
    for (const event of events) {
      switch (event) {
        case 'established':
          this.#handlers.onEstablished?.(this);
          break;
        case 'acknowledged':
          this.#handlers.onDrain?.(this);
          break;
        case 'end':
          this.#endDue = true;
          break;
        case 'closed':
          this.#closeDue = true;
          break;
        case 'reset':
          this.#handlers.onReset?.(this);
          break;
        case 'timeout':
          this.#handlers.onError?.({ kind: 'timeout' }, this);
          break;
      }
    }
    this.#deliverData();
  }

  /** Data, then the end of it, then the end of the connection. */
  #deliverData(): void {
    const { receiveBuffer } = this.#tcb;
    if (receiveBuffer.length > 0 && !this.#paused) {
      const data = receiveBuffer.take();
      if (windowUpdateDue(this.#tcb)) this.#tcb.ackNow = true;
      this.#handlers.onData?.(data, this);
    }
    if (receiveBuffer.length > 0) return;
    if (this.#endDue) {
      this.#endDue = false;
      this.#handlers.onEnd?.(this);
    }
    if (this.#closeDue) {
      this.#closeDue = false;
      this.#handlers.onClose?.(this);
    }
  }
}
