/**
 * One neighbor: its session, or for a moment two when both sides have called each other
 * (RFC 4271 section 6.8), and its two tables.
 */

import type { Family } from '../../net/ip.ts';
import { type AfiSafi, afiSafiOf, unicastFamily } from '../../wire/bgp/family.ts';
import { BGP_ERROR, CEASE, Fault } from '../../wire/bgp/fault.ts';
import type { BgpMessage } from '../../wire/bgp/message.ts';
import { encodeNotification } from '../../wire/bgp/notification.ts';
import type { Open } from '../../wire/bgp/open.ts';
import type { AttributeFault } from '../../wire/bgp/read-attributes.ts';
import { write16, write32 } from '../../wire/bytes.ts';
import { AdjRibIn, type SharedTables } from './adj-rib-in.ts';
import { AdjRibOut } from './adj-rib-out.ts';
import type { Agreement } from './agreement.ts';
import type { PeerConfiguration } from './configuration.ts';
import { BGP_STATES, type BgpState } from './fsm.ts';
import { type Connection, type Reason, Session, type SessionOutput } from './session.ts';

/** What a peer has to say to its speaker. */
export type PeerOutput =
  | { readonly type: 'connect' }
  | { readonly type: 'send'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly type: 'close'; readonly connection: number }
  | {
      readonly type: 'state';
      readonly from: BgpState;
      readonly state: BgpState;
      readonly reason: Reason;
    }
  | { readonly type: 'endOfRib'; readonly family: Family }
  | { readonly type: 'faults'; readonly faults: readonly AttributeFault[] };

const COLLISION = new Fault(BGP_ERROR.cease, CEASE.connectionCollision);
const REJECTED = new Fault(BGP_ERROR.cease, CEASE.connectionRejected);

export class Peer {
  readonly name: string;
  readonly configuration: PeerConfiguration;
  readonly ribIn: AdjRibIn;
  readonly ribOut: AdjRibOut;
  readonly #shared: SharedTables;
  readonly #output: (output: PeerOutput) => void;
  #main: Session;
  /** A second connection while it is not decided which one stays. */
  #rival: Session | undefined;
  #reported: BgpState = 'Idle';
  #reason: Reason | undefined;

  constructor(
    name: string,
    configuration: PeerConfiguration,
    shared: SharedTables,
    output: (output: PeerOutput) => void,
  ) {
    this.name = name;
    this.configuration = configuration;
    this.ribIn = new AdjRibIn(name, configuration, shared);
    this.ribOut = new AdjRibOut(name, configuration, shared);
    this.#shared = shared;
    this.#output = output;
    this.#main = new Session(shared.speaker, configuration);
  }

  /** Of the session that is further. */
  get state(): BgpState {
    const rival = this.#rival?.state ?? 'Idle';
    return rank(rival) > rank(this.#main.state) ? rival : this.#main.state;
  }

  /** While Established. */
  get agreement(): Agreement | undefined {
    return this.#main.state === 'Established' ? this.#main.agreement : undefined;
  }

  get deadline(): number | undefined {
    const [a, b] = [this.#main.deadline, this.#rival?.deadline];
    return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
  }

  start(now: number): void {
    this.#take(this.#main, this.#main.start(now), now);
  }

  stop(fault: Fault, now: number): void {
    for (const session of this.#sessions()) this.#take(session, session.stop(fault, now), now);
  }

  due(now: number): void {
    for (const session of this.#sessions()) this.#take(session, session.due(now), now);
  }

  /** A connection to or from the peer is there. */
  connected(connection: Connection, now: number): void {
    const { state } = this.#main;
    if (this.#main.awaitsCall) {
      this.#take(this.#main, this.#main.connected(connection, now), now);
    } else if ((state === 'OpenSent' || state === 'OpenConfirm') && this.#rival === undefined) {
      const rival = new Session(this.#shared.speaker, this.configuration);
      this.#rival = rival;
      this.#take(rival, rival.connected(connection, now), now);
    } else {
      this.#refuse(connection, state === 'Idle' ? REJECTED : COLLISION);
    }
  }

  /** The attempt that was asked for with `connect` has failed. */
  connectFailed(now: number, why: string | undefined): void {
    if (this.#main.state !== 'Connect') return;
    this.#take(this.#main, this.#main.connectionFails(now, why), now);
  }

  disconnected(connection: number, now: number): void {
    const session = this.#sessionOf(connection);
    if (session !== undefined) this.#take(session, session.connectionFails(now), now);
  }

  /** Bytes of the stream, wherever it was cut. What comes after the end of a session is dropped. */
  receive(connection: number, bytes: Uint8Array, now: number): void {
    const session = this.#sessionOf(connection);
    if (session === undefined) return;
    for (const message of session.messages(bytes)) {
      if (isOpen(message) && this.#losesTo(session, message.open, now)) return;
      this.#take(session, session.handle(message, now), now);
    }
  }

  /** Tells the peer what has changed since. */
  flush(now: number): void {
    if (this.agreement !== undefined) this.#tell(this.ribOut.flush(), now);
  }

  #tell(updates: readonly Uint8Array[], now: number): void {
    this.#take(this.#main, this.#main.update(updates, now), now);
  }

  #sessions(): Session[] {
    return this.#rival === undefined ? [this.#main] : [this.#main, this.#rival];
  }

  #sessionOf(connection: number): Session | undefined {
    return this.#sessions().find((session) => session.connection?.id === connection);
  }

  #refuse(connection: Connection, fault: Fault): void {
    this.#output({ type: 'send', connection: connection.id, bytes: encodeNotification(fault) });
    this.#output({ type: 'close', connection: connection.id });
  }

  /**
   * RFC 4271 section 6.8, as soon as the other side's identifier is known: of two connections the
   * one stays that the side with the higher identifier opened, the higher AS where they are equal
   * (RFC 6286, H-093). Returns whether the session that got this OPEN is the one given up.
   */
  #losesTo(session: Session, open: Open, now: number): boolean {
    const other = session === this.#main ? this.#rival : this.#main;
    if (session.state !== 'OpenSent' || other?.connection === undefined) return false;
    if (session.judge(open) instanceof Fault) return false;
    const { asn, identifier } = this.#shared.speaker;
    const ours = identifier > open.identifier || (identifier === open.identifier && asn > open.asn);
    const [mine, its] = [session.connection!.outgoing, other.connection.outgoing];
    // Both from one side: it has given up the older one.
    const loser = mine === its ? this.#main : mine === ours ? other : session;
    this.#take(loser, loser.collide(COLLISION, now), now);
    return loser === session;
  }

  /** Does what a session says, then sees which one counts. */
  #take(session: Session, outputs: readonly SessionOutput[], now: number): void {
    for (const output of outputs) this.#do(session, output, now);
    if (this.#rival !== undefined && this.#rival.connection === undefined) this.#rival = undefined;
    if (this.#rival !== undefined && this.#main.connection === undefined) this.#promote();
    this.#report();
  }

  #do(session: Session, output: SessionOutput, now: number): void {
    switch (output.type) {
      case 'connect':
        this.#output(output);
        break;
      case 'send':
        this.#output({ ...output, connection: output.connection.id });
        break;
      case 'close':
        this.#output({ type: 'close', connection: output.connection.id });
        break;
      case 'state':
        this.#reason = output.reason;
        if (output.from === 'Established') this.#down();
        if (output.state === 'Established') this.#up(session, now);
        break;
      case 'update':
        this.#update(session, output, now);
        break;
      case 'refresh':
        this.#refresh(output.family);
        break;
    }
  }

  #promote(): void {
    this.#rival!.inherit(this.#main);
    this.#main = this.#rival!;
    this.#rival = undefined;
  }

  #report(): void {
    const [from, state] = [this.#reported, this.state];
    if (state === from) return;
    this.#reported = state;
    this.#output({ type: 'state', from, state, reason: this.#reason! });
  }

  #up(session: Session, now: number): void {
    const other = session === this.#main ? this.#rival : this.#main;
    if (session !== this.#main) this.#promote();
    this.#rival = undefined;
    this.#report();
    if (other !== undefined) this.#take(other, other.collide(COLLISION, now), now);
    this.#tell(this.ribOut.begin(session.agreement!), now);
  }

  /** H-088 */
  #down(): void {
    this.ribIn.clear();
    this.ribOut.end();
  }

  #update(session: Session, { update, faults }: UpdateOutput, now: number): void {
    const agreement = session.agreement!;
    if (faults.length > 0) this.#output({ type: 'faults', faults });
    this.ribIn.apply(update, agreement);
    const { endOfRib } = update;
    if (endOfRib !== undefined && agreement.families.includes(endOfRib)) {
      this.#output({ type: 'endOfRib', family: endOfRib });
    }
    const over = this.ribIn.overLimit();
    if (over === undefined) return;
    this.#take(session, session.cease(tooManyPrefixes(over.family, over.limit), now), now);
  }

  /** H-107: what was not agreed on is not asked for. */
  #refresh({ afi, safi }: AfiSafi): void {
    const family = unicastFamily(afi, safi);
    if (family !== undefined && this.agreement?.routeRefresh) this.ribOut.again(family);
  }
}

type UpdateOutput = Extract<SessionOutput, { type: 'update' }>;

/** RFC 4486 section 4: AFI, SAFI and the limit (H-080). */
function tooManyPrefixes(family: Family, limit: number): Fault {
  const { afi, safi } = afiSafiOf(family);
  const data = new Uint8Array(7);
  write16(data, 0, afi);
  data[2] = safi;
  write32(data, 3, limit);
  return new Fault(BGP_ERROR.cease, CEASE.maximumPrefixes, data);
}

function isOpen(message: BgpMessage | Fault): message is BgpMessage & { kind: 'open' } {
  return !(message instanceof Fault) && message.kind === 'open';
}

function rank(state: BgpState): number {
  return BGP_STATES.indexOf(state);
}
