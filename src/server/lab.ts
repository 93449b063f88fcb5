/** Cloud, fabric and guests, joined: what a server runs and what tests ask. */
import { Cloud, type CloudOptions } from '../control/cloud.ts';
import { mendHybrid } from '../control/hybrid/mend.ts';
import { hearIgmp } from '../control/transit-gateway/multicast-igmp.ts';
import type { Endpoint } from '../fabric/endpoint.ts';
import { Fabric, type Observer } from '../fabric/fabric.ts';
import { ROUTER_MAC } from '../fabric/link.ts';
import type { Packet } from '../fabric/packet.ts';
import type { Answer, Question } from '../fabric/question.ts';
import { type Reason, reasonSentence } from '../fabric/reason.ts';
import { formatHeader, headerOf } from '../fabric/trace.ts';
import type { Drop } from '../fabric/walk.ts';
import { type CaptureListener, Captures } from '../guests/capture.ts';
import type { Guests } from '../guests/guests.ts';
import type { Host } from '../guests/host/host.ts';
import { openTap } from '../guests/tap.ts';
import type { Change } from '../model/schema.ts';
import { isMulticast } from '../net/multicast.ts';
import { Random } from '../net/random.ts';
import { igmpQueryFrame } from '../services/igmp-query.ts';
import { serveResolver } from '../services/resolver-service.ts';
import { BgpRouting } from './bgp/bgp-routing.ts';
import { GroupHosts } from './group-hosts.ts';
import { lookUpFrom } from './name-lookup.ts';
import { serveNames } from './name-server.ts';
import { isolated, type ProbeAnswer, type ProbeContext, probe } from './probe.ts';
import { probeGroup } from './probe-group.ts';
import { queriedPorts } from './queried-ports.ts';
import { type QuestionInput, resolveQuestion } from './question.ts';
import { SiteTaps } from './taps/site-taps.ts';
import { trace } from './trace.ts';
import { unresolved } from './unresolved.ts';

export interface LabOptions extends CloudOptions {
  /** For round-trip times: microseconds. */
  readonly micros: () => number;
  /** Hears of what could not be done that nobody has just asked for. */
  readonly onWarning?: (message: string) => void;
  /** Linux's unless given. */
  readonly openTap?: typeof openTap;
}

/** A dropped packet, as events tell it. */
export interface DropEvent {
  readonly interface: string | undefined;
  readonly reason: Reason;
  readonly at: string;
  readonly message: string;
}

export class Lab {
  readonly cloud: Cloud;
  readonly fabric: Fabric;
  readonly captures = new Captures();
  readonly bgp: BgpRouting;
  readonly taps: SiteTaps;
  readonly #options: LabOptions;
  readonly #random: Random;
  readonly #dropListeners = new Set<(drop: DropEvent) => void>();
  readonly #groupHosts: GroupHosts;
  #guests: Guests | undefined;

  private constructor(cloud: Cloud, options: LabOptions) {
    this.cloud = cloud;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.fabric = new Fabric({
      now: () => cloud.now(),
      deliver: (to, frame) => this.#deliver(to, frame),
      hear: (message) => cloud.follow((tx) => hearIgmp(tx, message)),
      watch: {
        sent: (from, frame) => {
          if (from.kind === 'interface') this.captures.sent(from.id, frame);
        },
        received: (at, frame) => {
          if (at.kind === 'interface') this.captures.received(at.id, frame);
        },
        dropped: (from, packet, drop) => this.#dropped(from, packet, drop),
      },
    });
    this.#groupHosts = new GroupHosts({
      network: this.fabric.network,
      send: (from, frame) => this.fabric.send(from, frame),
      now: () => cloud.now(),
      random: () => this.#random.uint32(),
    });
    this.bgp = new BgpRouting({
      network: this.fabric.network,
      random: this.#random,
      now: () => options.micros() / 1000,
      setTimer: options.setTimer,
      quotas: options.quotas,
      send: (from, frame) => this.fabric.send(from, frame),
      drain: () => this.fabric.drain(),
      follow: (command) => cloud.follow(command),
    });
    this.taps = new SiteTaps({
      network: this.fabric.network,
      send: (from, frame) => this.fabric.send(from, frame),
      drain: () => {
        this.fabric.drain();
        this.captures.flush();
      },
      now: () => options.micros() / 1000,
      setTimer: options.setTimer,
      random: () => this.#random.uint32(),
      openTap: options.openTap ?? openTap,
      onFailure: (message) => options.onWarning?.(message),
    });
    cloud.subscribe((changes) => this.#take(changes));
    this.#take(cloud.snapshot());
    cloud.follow(mendHybrid);
  }

  /**
   * Ends the BGP sessions and the cloud's timers; resolves when routers have been told and taps
   * are gone.
   */
  async close(): Promise<void> {
    const told = this.bgp.close();
    this.cloud.close();
    await Promise.all([told, this.taps.close()]);
  }

  static async open(options: LabOptions): Promise<Lab> {
    return new Lab(await Cloud.open(options), options);
  }

  /** Sends what the question asks and reports what happened. */
  probe(input: QuestionInput): ProbeAnswer {
    const question = resolveQuestion(this.fabric.network, input);
    if (!('name' in question)) return this.#probe(question);
    const context = this.#probeContext;
    const { network } = this.fabric;
    const asking: ProbeContext = {
      ...context,
      prepare: (endpoint, host) => serveNames(network, endpoint, host),
    };
    const address = isolated(asking, NOT_OBSERVED, (guests) =>
      lookUpFrom(network, guests, question, () => this.fabric.drain()),
    );
    if (address === undefined) return { ...unresolved(question), packets: 0, rttMicros: 0 };
    return this.#probe(question.withAddress(address));
  }

  /** Answers the same from the tables; nothing is sent. */
  trace(input: QuestionInput): Answer {
    return trace(this.fabric.network, input, this.cloud.now());
  }

  /** Hears of an interface's frames until the returned function is called. */
  capture(interfaceId: string, listener: CaptureListener): () => void {
    return this.captures.listen(interfaceId, listener);
  }

  /** Hears of every drop until the returned function is called. */
  onDrop(listener: (drop: DropEvent) => void): () => void {
    this.#dropListeners.add(listener);
    return () => this.#dropListeners.delete(listener);
  }

  #probe(question: Question): ProbeAnswer {
    const probeIt = isMulticast(question.destination) ? probeGroup : probe;
    return probeIt(this.#probeContext, question, this.#options.micros);
  }

  /** The data plane first, then what speaks over it of its own accord. */
  #take(changes: readonly Change[]): void {
    const { fabric } = this;
    fabric.apply(changes);
    this.taps.heed(changes);
    this.#groupHosts.heed(changes);
    this.bgp.heed(changes);
    for (const port of queriedPorts(fabric.network.model, changes)) {
      fabric.send(port, igmpQueryFrame(ROUTER_MAC));
    }
    fabric.drain();
    this.captures.flush();
  }

  get #probeContext(): ProbeContext {
    return {
      fabric: this.fabric,
      now: () => this.cloud.now(),
      random: () => this.#random.uint32(),
      prepare: (endpoint, host) => this.#prepare(endpoint, host),
      withGuests: (guests, exchange) => {
        this.#guests = guests;
        try {
          return exchange();
        } finally {
          this.#guests = undefined;
          this.captures.flush();
        }
      },
    };
  }

  #deliver(to: Endpoint, frame: Uint8Array): void {
    if (to.kind === 'interface') this.captures.received(to.id, frame);
    if (this.#guests !== undefined) this.#guests.deliver(to, frame);
    else if (!this.#deliverLive(to, frame)) this.taps.answer(to, frame);
  }

  /** To who is there outside of probes as well. */
  #deliverLive(to: Endpoint, frame: Uint8Array): boolean {
    if (to.kind !== 'site' && to.kind !== 'link') return this.#groupHosts.deliver(to, frame);
    return this.taps.deliver(to, frame) || this.bgp.deliver(to, frame);
  }

  #dropped(from: Endpoint | undefined, packet: Packet, { reason, station }: Drop): void {
    const at = station.resource;
    const message = reasonSentence(reason, at, formatHeader(headerOf(packet)));
    if (from?.kind === 'interface') this.captures.dropped(`${reason}: ${message}`);
    if (this.#dropListeners.size === 0) return;
    const drop = {
      interface: from?.kind === 'interface' ? from.id : undefined,
      reason,
      at,
      message,
    };
    for (const listener of this.#dropListeners) listener(drop);
  }

  /** Gives a fresh host the services of its endpoint. */
  #prepare(endpoint: Endpoint, host: Host): void {
    if (endpoint.kind === 'resolver') serveResolver(host, this.cloud.model, endpoint.vpcId);
  }
}

const NOT_OBSERVED: Observer = { begin: () => undefined, end: () => {} };
