/**
 * One session: the state machine, its timers, and the messages of its connection. Nothing here
 * does I/O or reads a clock: events go in with the time (milliseconds), outputs come back.
 */
import assert from 'node:assert/strict';
import type { AfiSafi } from '../../wire/bgp/family.ts';
import { BGP_ERROR, CEASE, Fault, OPEN_ERROR, STATE_ERROR } from '../../wire/bgp/fault.ts';
import { type BgpMessage, encodeMessage, parseMessage } from '../../wire/bgp/message.ts';
import { MessageReader } from '../../wire/bgp/message-reader.ts';
import type { Notification } from '../../wire/bgp/notification.ts';
import type { Open } from '../../wire/bgp/open.ts';
import type { AttributeFault, UpdateContext } from '../../wire/bgp/read-attributes.ts';
import type { Update } from '../../wire/bgp/update.ts';
import { type Agreement, agree, jittered, keepaliveMillis, ownOpen } from './agreement.ts';
import type { PeerConfiguration, SpeakerConfiguration } from './configuration.ts';
import { BGP_MOVES, type BgpAction, type BgpEvent, type BgpState } from './fsm.ts';
import { BGP_LIMITS } from './limits.ts';

/** A TCP connection, by the number that its transport gave it. */
export interface Connection {
  readonly id: number;
  /** Who called. */
  readonly outgoing: boolean;
}

/** Why a session is in the state that it is in. */
export interface Reason {
  readonly event: BgpEvent;
  /** Why a connection could not be opened, as the transport has it. */
  readonly why?: string;
  readonly sent?: Notification;
  readonly received?: Notification;
}

export type SessionOutput =
  | { readonly type: 'connect' }
  | { readonly type: 'send'; readonly connection: Connection; readonly bytes: Uint8Array }
  | { readonly type: 'close'; readonly connection: Connection }
  | {
      readonly type: 'state';
      readonly from: BgpState;
      readonly state: BgpState;
      readonly reason: Reason;
    }
  | {
      readonly type: 'update';
      readonly update: Update;
      readonly faults: readonly AttributeFault[];
    }
  | { readonly type: 'refresh'; readonly family: AfiSafi };

/** What an event brings along. */
interface Cargo {
  readonly connection?: Connection;
  readonly fault?: Fault;
  readonly agreement?: Agreement;
  readonly notification?: Notification;
  readonly why?: string | undefined;
  readonly output?: SessionOutput;
}

const HOLD_EXPIRED = new Fault(BGP_ERROR.holdTimerExpired);
const STATE_SUBCODES: Partial<Record<BgpState, number>> = {
  OpenSent: STATE_ERROR.openSent,
  OpenConfirm: STATE_ERROR.openConfirm,
  Established: STATE_ERROR.established,
};

export class Session {
  readonly #speaker: SpeakerConfiguration;
  readonly #peer: PeerConfiguration;
  #state: BgpState = 'Idle';
  #connection: Connection | undefined;
  #reader = new MessageReader();
  #open: Open | undefined;
  #agreement: Agreement | undefined;
  /** Leave capabilities out of the next OPEN. */
  #bare = false;
  #failures = 0;
  /** The last session ended for a fault that we found. */
  #refusing = false;
  #establishedAt = 0;
  #outputs: SessionOutput[] = [];
  // When timers expire, in milliseconds; undefined = stopped.
  #connectRetryAt: number | undefined;
  #holdAt: number | undefined;
  #keepaliveAt: number | undefined;
  #idleHoldAt: number | undefined;

  constructor(speaker: SpeakerConfiguration, peer: PeerConfiguration) {
    this.#speaker = speaker;
    this.#peer = peer;
  }

  get state(): BgpState {
    return this.#state;
  }
  get connection(): Connection | undefined {
    return this.#connection;
  }
  /**
   * Whether the peer may call now: while we try to reach it, and while we only wait in Idle to do
   * so again. Not after a fault of its own: it would make the same one at once.
   */
  get awaitsCall(): boolean {
    const waiting = this.#idleHoldAt !== undefined && !this.#refusing;
    return this.#state === 'Connect' || this.#state === 'Active' || waiting;
  }

  /** From the other side's OPEN on. */
  get agreement(): Agreement | undefined {
    return this.#agreement;
  }

  /** When `due` has something to do, in milliseconds. */
  get deadline(): number | undefined {
    const all = [this.#connectRetryAt, this.#holdAt, this.#keepaliveAt, this.#idleHoldAt];
    const set = all.filter((at) => at !== undefined);
    return set.length === 0 ? undefined : Math.min(...set);
  }

  start(now: number): SessionOutput[] {
    return this.#run(this.#peer.passive ? 'manualStartPassive' : 'manualStart', now);
  }

  /** @param fault the Cease that says why */
  stop(fault: Fault, now: number): SessionOutput[] {
    return this.#run('manualStop', now, { fault });
  }

  /** Ends the session for a reason of ours, to be started again later. */
  cease(fault: Fault, now: number): SessionOutput[] {
    return this.#run('automaticStop', now, { fault });
  }

  collide(fault: Fault, now: number): SessionOutput[] {
    return this.#run('collision', now, { fault });
  }

  /** A connection to the peer is there; the session must be waiting for one, or be new. */
  connected(connection: Connection, now: number): SessionOutput[] {
    assert(this.#connection === undefined, 'a session has one connection');
    const started = this.#state === 'Idle' ? this.#run('automaticStartPassive', now) : [];
    return [...started, ...this.#run('connected', now, { connection })];
  }

  /** Takes over where another session of the same peer is given up for this one. */
  inherit(other: Session): void {
    this.#failures = other.#failures;
    this.#bare = other.#bare;
  }

  connectionFails(now: number, why?: string): SessionOutput[] {
    return this.#run('connectionFails', now, { why });
  }

  /** Lets expire what has run out. */
  due(now: number): SessionOutput[] {
    const outputs: SessionOutput[] = [];
    const expired = (at: number | undefined) => at !== undefined && at <= now;
    if (expired(this.#idleHoldAt)) {
      this.#idleHoldAt = undefined;
      const event = this.#peer.passive ? 'automaticStartPassive' : 'automaticStart';
      outputs.push(...this.#run(event, now));
    }
    if (expired(this.#connectRetryAt)) {
      this.#connectRetryAt = undefined;
      outputs.push(...this.#run('connectRetryExpires', now));
    }
    if (expired(this.#holdAt))
      outputs.push(...this.#run('holdExpires', now, { fault: HOLD_EXPIRED }));
    if (expired(this.#keepaliveAt)) outputs.push(...this.#run('keepaliveExpires', now));
    return outputs;
  }

  /** UPDATEs to send as they are, in a session that is Established. */
  update(messages: readonly Uint8Array[], now: number): SessionOutput[] {
    const connection = this.#connection!;
    // RFC 4271 section 8.2.2: an UPDATE says as well that we live.
    if (messages.length > 0) this.#restartKeepalive(now);
    return messages.map((bytes) => ({ type: 'send', connection, bytes }));
  }

  /** The messages in a chunk of the stream, each to be handed to `handle` before the next. */
  *messages(chunk: Uint8Array): Generator<BgpMessage | Fault> {
    for (const bytes of this.#reader.read(chunk)) {
      if (bytes instanceof Fault) yield bytes;
      else yield parseMessage(bytes, 0, bytes.length, this.#context())!;
      if (this.#connection === undefined) return;
    }
  }

  /** What both OPENs agree on, without any effect: for who has to choose between sessions. */
  judge(open: Open): Agreement | Fault {
    return agree(this.#open!, open, this.#peer);
  }

  handle(message: BgpMessage | Fault, now: number): SessionOutput[] {
    if (message instanceof Fault) return this.#run(errorEvent(message), now, { fault: message });
    switch (message.kind) {
      case 'open': {
        const agreement = this.judge(message.open);
        if (agreement instanceof Fault) return this.#run('openError', now, { fault: agreement });
        return this.#run('open', now, { agreement });
      }
      case 'notification':
        return this.#notified(message.notification, now);
      case 'keepalive':
        return this.#run('keepalive', now);
      case 'update': {
        const { update, faults = [] } = message;
        return this.#run('update', now, { output: { type: 'update', update, faults } });
      }
      case 'routeRefresh':
        return this.#run('routeRefresh', now, {
          output: { type: 'refresh', family: message.family },
        });
    }
  }

  #notified(notification: Notification, now: number): SessionOutput[] {
    const { code, subcode } = notification;
    const open = code === BGP_ERROR.open;
    // RFC 5492 section 3, H-094: the next OPEN is without what the peer does not know.
    if (open && subcode === OPEN_ERROR.unsupportedParameter) this.#bare = true;
    const version = open && subcode === OPEN_ERROR.unsupportedVersion;
    return this.#run(version ? 'versionNotification' : 'notification', now, { notification });
  }

  #context(): UpdateContext {
    const { asnWidth = 4, internal = false } = this.#agreement ?? {};
    return { asnWidth, internal, loopback: this.#peer.loopback === true };
  }

  /** The only way the state changes. */
  #run(event: BgpEvent, now: number, cargo: Cargo = {}): SessionOutput[] {
    const from = this.#state;
    const [to, ...actions] = BGP_MOVES[from][event];
    if (cargo.connection !== undefined) this.#connection = cargo.connection;
    if (cargo.agreement !== undefined) this.#agreement = cargo.agreement;
    let sent: Notification | undefined;
    for (const action of actions) sent = this.#act(action, now, cargo) ?? sent;
    if (to !== from) {
      this.#state = to;
      if (from === 'Idle') this.#idleHoldAt = undefined;
      if (to === 'Idle') this.#refusing = sent !== undefined && blamesPeer(sent);
      if (to === 'Established') this.#establishedAt = now;
      const { notification: received, why } = cargo;
      const words = { ...(sent && { sent }), ...(received && { received }) };
      const reason = { event, ...(why !== undefined && { why }), ...words };
      this.#outputs.push({ type: 'state', from, state: to, reason });
    }
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Returns the NOTIFICATION that it sent. */
  #act(action: BgpAction, now: number, cargo: Cargo): Notification | undefined {
    switch (action) {
      case 'connect':
        this.#outputs.push({ type: 'connect' });
        break;
      case 'close':
        this.#close();
        break;
      case 'startConnectRetry':
        this.#startConnectRetry(now);
        break;
      case 'sendOpen':
        this.#sendOpen(now);
        break;
      case 'confirm':
        this.#send({ kind: 'keepalive' });
        this.#restartHold(now);
        this.#restartKeepalive(now);
        break;
      case 'restartHold':
        this.#restartHold(now);
        break;
      case 'sendKeepalive':
        this.#send({ kind: 'keepalive' });
        this.#restartKeepalive(now);
        break;
      case 'notify':
        return this.#notify(cargo.fault!);
      case 'notifyUnexpected':
        return this.#notify(new Fault(BGP_ERROR.stateMachine, STATE_SUBCODES[this.#state]));
      case 'deliver':
        this.#outputs.push(cargo.output!);
        break;
      case 'count':
        this.#count(now);
        break;
      case 'forget':
        this.#failures = 0;
        this.#bare = false;
        break;
      case 'holdIdle':
        this.#holdIdle(now);
        break;
    }
    return undefined;
  }

  #send(message: BgpMessage): void {
    const connection = this.#connection!;
    const bytes = encodeMessage(message, this.#context());
    this.#outputs.push({ type: 'send', connection, bytes });
  }

  #notify({ code, subcode, data }: Fault): Notification {
    const notification: Notification = { code, subcode, data };
    this.#send({ kind: 'notification', notification });
    return notification;
  }

  #sendOpen(now: number): void {
    this.#connectRetryAt = undefined;
    this.#reader = new MessageReader();
    this.#open = ownOpen(this.#speaker, this.#peer, this.#bare);
    this.#send({ kind: 'open', open: this.#open });
    this.#holdAt = now + BGP_LIMITS.openHoldSeconds * 1000;
  }

  #close(): void {
    if (this.#connection !== undefined) {
      this.#outputs.push({ type: 'close', connection: this.#connection });
    }
    this.#connection = undefined;
    this.#agreement = undefined;
    this.#connectRetryAt = undefined;
    this.#holdAt = undefined;
    this.#keepaliveAt = undefined;
    this.#idleHoldAt = undefined;
  }

  /** Who waits to be called calls nobody. */
  #startConnectRetry(now: number): void {
    if (this.#peer.passive) return;
    const seconds = this.#peer.connectRetrySeconds ?? BGP_LIMITS.connectRetrySeconds;
    this.#connectRetryAt = now + jittered(seconds, this.#speaker.random);
  }

  #restartHold(now: number): void {
    const { holdSeconds } = this.#agreement!;
    this.#holdAt = holdSeconds === 0 ? undefined : now + holdSeconds * 1000;
  }

  #restartKeepalive(now: number): void {
    const { holdSeconds } = this.#agreement!;
    this.#keepaliveAt =
      holdSeconds === 0 ? undefined : now + keepaliveMillis(holdSeconds, this.#speaker.random);
  }

  #count(now: number): void {
    const lasted = this.#state === 'Established' ? now - this.#establishedAt : 0;
    this.#failures = lasted >= BGP_LIMITS.stableSeconds * 1000 ? 1 : this.#failures + 1;
  }

  #holdIdle(now: number): void {
    const { idleHoldSeconds, idleHoldSecondsMax } = BGP_LIMITS;
    const doubled = idleHoldSeconds * 2 ** Math.max(0, this.#failures - 1);
    const seconds = Math.min(doubled, idleHoldSecondsMax);
    this.#idleHoldAt = now + jittered(seconds, this.#speaker.random);
  }
}

/** Whether a NOTIFICATION of ours tells of something that the peer has done. */
function blamesPeer({ code, subcode }: Notification): boolean {
  if (code === BGP_ERROR.cease) return subcode === CEASE.maximumPrefixes;
  return code !== BGP_ERROR.holdTimerExpired;
}

function errorEvent({ code }: Fault): BgpEvent {
  if (code === BGP_ERROR.header) return 'headerError';
  return code === BGP_ERROR.open ? 'openError' : 'updateError';
}
