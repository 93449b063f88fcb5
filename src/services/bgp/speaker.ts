/**
 * A BGP speaker: one AS, one identifier, peers by name. It does no I/O and reads no clock: a
 * transport hands it connections, bytes and the time (milliseconds), and does what its outputs say.
 * What a transport has to tell of a peer that is gone by then changes nothing.
 */
import assert from 'node:assert/strict';
import type { Cidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import { BGP_ERROR, CEASE, Fault } from '../../wire/bgp/fault.ts';
import { shutdownData } from '../../wire/bgp/notification.ts';
import type { AttributeFault } from '../../wire/bgp/read-attributes.ts';
import type { SharedTables } from './adj-rib-in.ts';
import { AttributeTable } from './attribute-table.ts';
import type { PeerConfiguration, SpeakerConfiguration } from './configuration.ts';
import { type Destination, DestinationTable } from './destination.ts';
import {
  type Advertisement,
  type AdvertisementChange,
  ExportRules,
  type OutRoute,
} from './export.ts';
import type { BgpState } from './fsm.ts';
import type { Path } from './path.ts';
import { Peer } from './peer.ts';
import type { Connection, Reason } from './session.ts';

/** The best path to a prefix has changed; with those that may share its traffic. */
export interface RouteChange {
  readonly prefix: Cidr;
  /** Empty: nobody announces it any more. */
  readonly paths: readonly Path[];
}

export type SpeakerOutput =
  /** Open a connection to the peer; an attempt still under way is given up. */
  | { readonly type: 'connect'; readonly peer: string }
  | {
      readonly type: 'send';
      readonly peer: string;
      readonly connection: number;
      readonly bytes: Uint8Array;
    }
  /** Close the connection once all of it has been sent. */
  | { readonly type: 'close'; readonly peer: string; readonly connection: number }
  | {
      readonly type: 'state';
      readonly peer: string;
      readonly from: BgpState;
      readonly state: BgpState;
      readonly reason: Reason;
    }
  /** The peer has sent all of its routes (RFC 4724). */
  | { readonly type: 'endOfRib'; readonly peer: string; readonly family: Family }
  /** An UPDATE was not quite in order; its session goes on (RFC 7606). */
  | { readonly type: 'faults'; readonly peer: string; readonly faults: readonly AttributeFault[] }
  | { readonly type: 'routes'; readonly changes: readonly RouteChange[] }
  /** What one peer has announced or withdrawn, or lost with its session. */
  | {
      readonly type: 'learned';
      readonly peer: string;
      readonly changes: readonly LearnedChange[];
    };

export interface LearnedChange {
  readonly prefix: Cidr;
  /** Undefined: withdrawn. */
  readonly path: Path | undefined;
}

export interface PeerStatus {
  readonly state: BgpState;
  /** Prefixes taken from the peer. */
  readonly accepted: { readonly 4: number; readonly 6: number };
}

export class Speaker {
  readonly #configuration: SpeakerConfiguration;
  readonly #shared: SharedTables;
  readonly #peers = new Map<string, Peer>();
  readonly #output: (output: SpeakerOutput) => void;
  /** Outputs in their order: those of calls from inside `output` come after all before them. */
  #queue: SpeakerOutput[] = [];
  readonly #changed = new Set<Destination>();
  readonly #learned = new Map<string, Map<Destination, Path | undefined>>();
  readonly #released = new Set<Destination>();
  #delivering = false;

  /** @param output is called when the speaker is consistent; it may call the speaker again */
  constructor(configuration: SpeakerConfiguration, output: (output: SpeakerOutput) => void) {
    this.#configuration = configuration;
    this.#output = output;
    const attributes = new AttributeTable();
    this.#shared = {
      speaker: configuration,
      destinations: new DestinationTable(),
      attributes,
      exports: new ExportRules(configuration, attributes),
      isInternal: (name) => this.#peers.get(name)?.configuration.asn === configuration.asn,
      learned: (peer, destination, path) => {
        const changes = this.#learned.get(peer) ?? new Map();
        this.#learned.set(peer, changes.set(destination, path));
      },
      changed: (destination) => this.#changed.add(destination),
      released: (destination) => this.#released.add(destination),
    };
  }

  get asn(): number {
    return this.#configuration.asn;
  }

  /** Makes a peer known, Idle; its name must be new. */
  addPeer(name: string, configuration: PeerConfiguration): void {
    assert(!this.#peers.has(name), `there is a peer ${name}`);
    const peer = new Peer(name, configuration, this.#shared, (output) => {
      this.#queue.push({ ...output, peer: name });
    });
    this.#peers.set(name, peer);
  }

  /** Ends the peer's session and forgets it. */
  removePeer(name: string, now: number): void {
    this.#run(now, () => {
      this.#peer(name).stop(new Fault(BGP_ERROR.cease, CEASE.peerDeconfigured), now);
      this.#peer(name).ribOut.give([]);
    });
    this.#peers.delete(name);
  }

  start(name: string, now: number): void {
    this.#run(now, () => this.#peer(name).start(now));
  }

  /**
   * Ends the session until `start`.
   * @param why for the other side's operator (RFC 9003)
   */
  stop(name: string, now: number, why = ''): void {
    const fault = new Fault(BGP_ERROR.cease, CEASE.administrativeShutdown, shutdownData(why));
    this.#run(now, () => this.#peer(name).stop(fault, now));
  }

  /** A connection to the peer or from it. One that is not wanted is closed. */
  connected(name: string, connection: Connection, now: number): void {
    this.#run(now, () => {
      const peer = this.#peers.get(name);
      if (peer !== undefined) peer.connected(connection, now);
      else this.#queue.push({ type: 'close', peer: name, connection: connection.id });
    });
  }

  /**
   * The connection that was asked for with `connect` could not be opened.
   * @param why in words, for the reason of the state that follows
   */
  connectFailed(name: string, now: number, why?: string): void {
    this.#run(now, () => this.#peers.get(name)?.connectFailed(now, why));
  }

  /** The connection is gone; closing what the speaker has closed need not be told. */
  disconnected(name: string, connection: number, now: number): void {
    this.#run(now, () => this.#peers.get(name)?.disconnected(connection, now));
  }

  receive(name: string, connection: number, bytes: Uint8Array, now: number): void {
    this.#run(now, () => this.#peers.get(name)?.receive(connection, bytes, now));
  }

  /** Lets expire what has run out by `now`. */
  due(now: number): void {
    this.#run(now, () => {
      for (const peer of this.#peers.values()) {
        if ((peer.deadline ?? Number.POSITIVE_INFINITY) <= now) peer.due(now);
      }
    });
  }

  /** When `due` has something to do, in milliseconds; undefined = not before something happens. */
  nextDue(): number | undefined {
    let next: number | undefined;
    for (const { deadline } of this.#peers.values()) {
      if (deadline !== undefined && deadline < (next ?? Number.POSITIVE_INFINITY)) next = deadline;
    }
    return next;
  }

  /**
   * Replaces the set of routes that the peer is to be told; the differences are sent. A prefix
   * here goes before what `relay` would tell of it.
   */
  advertise(name: string, routes: readonly Advertisement[], now: number): void {
    this.#run(now, () => this.#peer(name).ribOut.give(routes));
  }

  /** Changes some of what `advertise` says. */
  readvertise(name: string, changes: readonly AdvertisementChange[], now: number): void {
    this.#run(now, () => {
      for (const { prefix, route } of changes) this.#peer(name).ribOut.change(prefix, route);
    });
  }
  /** Prefixes that some peer announces or is told. */
  get size(): number {
    return this.#shared.destinations.size;
  }

  status(name: string): PeerStatus {
    const { state, ribIn } = this.#peer(name);
    return { state, accepted: { 4: ribIn.count(4), 6: ribIn.count(6) } };
  }

  /** All prefixes that somebody announces, with their best paths, in the order of addresses. */
  *routes(): Generator<RouteChange> {
    for (const { prefix, best } of this.#shared.destinations) {
      if (best.length > 0) yield { prefix, paths: best };
    }
  }

  /** What was taken from a peer. */
  *received(name: string): Generator<{ readonly prefix: Cidr; readonly path: Path }> {
    for (const [{ prefix }, path] of this.#peer(name).ribIn.entries()) yield { prefix, path };
  }

  /** What a peer has been told. */
  *told(name: string): Generator<{ readonly prefix: Cidr } & OutRoute> {
    for (const [{ prefix }, route] of this.#peer(name).ribOut.entries()) {
      yield { prefix, ...route };
    }
  }

  #peer(name: string): Peer {
    const peer = this.#peers.get(name);
    assert(peer !== undefined, `there is no peer ${name}`);
    return peer;
  }

  /** Lets something happen, tells all peers what has changed by it, then hands out the outputs. */
  #run(now: number, action: () => void): void {
    action();
    this.#follow();
    for (const peer of this.#peers.values()) peer.flush(now);
    this.#forgetUnused();
    this.#deliver();
  }

  #follow(): void {
    for (const [peer, learned] of this.#learned) {
      const changes = [...learned].map(([{ prefix }, path]) => ({ prefix, path }));
      this.#queue.push({ type: 'learned', peer, changes });
    }
    this.#learned.clear();
    if (this.#changed.size === 0) return;
    const changes: RouteChange[] = [];
    for (const destination of this.#changed) {
      changes.push({ prefix: destination.prefix, paths: destination.best });
      for (const { ribOut } of this.#peers.values()) ribOut.follow(destination);
    }
    this.#queue.push({ type: 'routes', changes });
  }

  #forgetUnused(): void {
    const peers = [...this.#peers.values()];
    for (const destination of [...this.#changed, ...this.#released]) {
      const used =
        destination.paths.length > 0 || peers.some(({ ribOut }) => ribOut.uses(destination));
      if (!used) this.#shared.destinations.forget(destination);
    }
    this.#changed.clear();
    this.#released.clear();
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        for (const output of batch) this.#output(output);
      }
    } finally {
      this.#delivering = false;
    }
  }
}
