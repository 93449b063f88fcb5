/**
 * The data plane: carries frames between endpoints through the compiled tables. It is fed with the
 * model's changes as messages and reads nothing else.
 */

import { MTU } from '../model/limits.ts';
import type { Change } from '../model/schema.ts';
import type { IgmpMessage } from '../model/transit-gateway/multicast-group.ts';
import type { Ip } from '../net/ip.ts';
import type { Mac } from '../net/mac.ts';
import { groupMac } from '../net/multicast.ts';
import { compile } from './compile/compiler.ts';
import { compileInternet } from './compile/internet-gateway.ts';
import { Network } from './compile/state.ts';
import { type Endpoint, endpointOf, entrance, serviceMac } from './endpoint.ts';
import { carryAlong, FlowCache, isCacheable } from './flow-cache.ts';
import { FlowLearner } from './flow-learner.ts';
import { FragmentTracker, fragmentFrame } from './fragments.ts';
import { Frame } from './frame.ts';
import { translateFrame } from './frame-family.ts';
import { unwrapFrame, wrapFrame } from './gre-frame.ts';
import { icmpErrorFrame } from './icmp-error.ts';
import { type DomainPort, readDomainMessage } from './igmp-port.ts';
import { FRAME_QUEUE_MAX } from './limits.ts';
import { answerArp, answerNdp, isLinkLocalControl, ROUTER_MAC } from './link.ts';
import type { CopyTarget } from './multicast-group.ts';
import type { InterfaceNode } from './node.ts';
import { isToGroup, Packet } from './packet.ts';
import type { Reason } from './reason.ts';
import { SessionTable } from './session.ts';
import type { Station } from './station.ts';
import { tcpResetFrame } from './tcp-reset.ts';
import { TranslationTable } from './translation.ts';
import {
  type Copying,
  type Drop,
  type ErrorReply,
  type Fate,
  type Flows,
  isTunnelEnd,
  type Recorder,
  type TunnelEnd,
  walk,
  walkCopy,
  walkOn,
} from './walk.ts';

/** Hears of every packet: whether to write its way down, and how it ended. */
export interface Observer {
  begin(from: Endpoint | undefined, packet: Packet): Recorder | undefined;
  /** A copy goes on from where the packet's own way ended; without this, nobody hears of copies. */
  copy?(original: Recorder | undefined, to: CopyTarget): Recorder | undefined;
  end(from: Endpoint | undefined, packet: Packet, verdict: Fate): void;
}

export interface FabricOptions {
  /** Milliseconds on the cloud's clock. */
  readonly now: () => number;
  /** Takes a frame that has arrived. */
  readonly deliver: (to: Endpoint, frame: Uint8Array) => void;
  /** Takes what the host behind an interface says to its multicast domain (C-119). */
  readonly hear?: (message: IgmpMessage) => void;
  readonly watch?: FabricWatch;
  /** Flows whose way is remembered; 0 = every packet walks. */
  readonly cachedFlowsMax?: number;
}

/** Hears of the frames at the endpoints and of the drops: captures, events. */
export interface FabricWatch {
  /** A frame is about to be carried; its bytes are still as the sender made them. */
  sent(from: Endpoint, frame: Uint8Array): void;
  /** A frame has come to the end of a tunnel there; what it carries goes on. */
  received?(at: Endpoint, frame: Uint8Array): void;
  dropped(from: Endpoint | undefined, packet: Packet, verdict: Drop): void;
}

export interface FabricCounters {
  forwarded: number;
  /** Of those forwarded: the ones whose flow's way was known. */
  known: number;
  malformed: number;
  /** Later fragments whose first one was not seen. */
  orphans: number;
  /** Frames that nobody answers: neither IP nor a question of the link, or from who is gone. */
  ignored: number;
  /** Frames refused because too many were waiting. */
  overflowed: number;
  readonly dropped: Map<Reason, number>;
}

interface QueuedFrame {
  readonly from: Endpoint | DomainPort;
  readonly bytes: Uint8Array;
}

export class Fabric {
  readonly network = new Network();
  readonly counters: FabricCounters = {
    forwarded: 0,
    known: 0,
    malformed: 0,
    orphans: 0,
    ignored: 0,
    overflowed: 0,
    dropped: new Map(),
  };
  readonly #options: FabricOptions;
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #fragments = new FragmentTracker();
  readonly #caches: boolean;
  readonly #cache: FlowCache;
  readonly #learner = new FlowLearner();
  readonly #queue: QueuedFrame[] = [];
  /** How many at the queue's head are done with. */
  #carried = 0;
  #flows: Flows = newFlows();
  #observer: Observer | undefined;
  #draining = false;

  constructor(options: FabricOptions) {
    this.#options = options;
    this.#caches = options.cachedFlowsMax !== 0;
    this.#cache = new FlowCache(options.cachedFlowsMax);
    compileInternet(this.network);
  }

  /** Takes the model's changes: the next packet meets them. */
  apply(changes: readonly Change[]): void {
    compile(this.network, changes);
    this.#cache.invalidate();
  }

  /** Tracked flows now. */
  get sessionCount(): number {
    return this.#flows.sessions.size;
  }

  /**
   * Takes a frame from an endpoint, or from a multicast domain towards one interface in it (C-120),
   * and owns its bytes from now on; `drain` carries it.
   */
  send(from: Endpoint | DomainPort, bytes: Uint8Array): void {
    if (this.#queue.length - this.#carried >= FRAME_QUEUE_MAX) this.counters.overflowed += 1;
    else this.#queue.push({ from, bytes });
  }

  /** Carries every frame that waits, and all that guests send in answer, until none is left. */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
        const { from, bytes } = frame;
        if (from.kind === 'domain-port') this.#carryFromDomain(from, bytes);
        else {
          this.#options.watch?.sent(from, bytes);
          this.#carry(from, bytes);
        }
      }
    } finally {
      this.#queue.length = this.#carried = 0;
      this.#draining = false;
    }
  }

  /** The frame that waits longest; those carried are let go of in bulk. */
  #next(): QueuedFrame | undefined {
    if (this.#carried >= FRAME_QUEUE_MAX) {
      this.#queue.splice(0, this.#carried);
      this.#carried = 0;
    }
    return this.#queue[this.#carried++];
  }

  /** Runs `exchange` as new flows, apart from those in progress, with its packets observed. */
  isolated<T>(observer: Observer, exchange: () => T): T {
    const flows = this.#flows;
    this.#flows = newFlows();
    this.#observer = observer;
    try {
      return exchange();
    } finally {
      this.#flows = flows;
      this.#observer = undefined;
    }
  }

  #carry(from: Endpoint, bytes: Uint8Array): void {
    const frame = this.#frame;
    const packet = this.#packet;
    switch (frame.read(bytes, packet)) {
      case 'malformed':
        this.counters.malformed += 1;
        return;
      case 'arp':
        this.#answer(from, answerArp(bytes, this.#neighbors(from)));
        return;
      case 'unknown':
        this.counters.ignored += 1;
        return;
      case 'ip':
        break;
    }
    if (isLinkLocalControl(packet)) {
      this.#answer(from, answerNdp(bytes, packet, this.#neighbors(from), MTU.vpc));
      return;
    }
    packet.resetContext();
    const start = this.#enter(from, frame.ethernet.destination, packet);
    if (start === undefined) this.counters.ignored += 1;
    else this.#forward(from, start, bytes);
  }

  #carryFromDomain({ domainId, networkInterfaceId }: DomainPort, bytes: Uint8Array): void {
    const packet = this.#packet;
    const node = this.network.interfaces.get(networkInterfaceId);
    const port = node && this.network.multicastPorts.get(node.subnetId);
    if (port?.domainId !== domainId || this.#frame.read(bytes, packet) !== 'ip') {
      this.counters.ignored += 1;
      return;
    }
    packet.resetContext();
    packet.nextHop = node;
    this.#forward(undefined, port.exit, bytes);
  }

  /** Gives the link's answer to who asked, if there is one. */
  #answer(from: Endpoint, reply: Uint8Array | undefined): void {
    if (reply === undefined) this.counters.ignored += 1;
    else this.#options.deliver(from, reply);
  }

  /** The first station of a frame from an endpoint, and its next hop on the link. */
  #enter(from: Endpoint, destination: Mac, packet: Packet): Station | undefined {
    const { network } = this;
    switch (from.kind) {
      case 'internet':
      case 'resolver':
      case 'site':
      case 'link':
        return entrance(network, from);
      case 'interface': {
        const node = network.interfaces.get(from.id);
        if (node === undefined) return undefined;
        packet.nextHop = nextHop(this.network, node, destination, packet.destination);
        return node.out;
      }
    }
  }

  #forward(from: Endpoint | undefined, start: Station, bytes: Uint8Array): void {
    const frame = this.#frame;
    const packet = this.#packet;
    const now = this.#options.now();
    if (frame.isFragment && !this.#fragments.complete(frame, packet, now)) {
      this.counters.orphans += 1;
      return;
    }
    this.#completeInner(frame, packet, now);
    // What is observed walks: somebody wants to hear of its stations.
    const learns = this.#observer === undefined && this.#caches && isCacheable(packet);
    if (learns) {
      if (this.#carryAlong(start, bytes, now)) return;
      this.#learner.begin(start, packet, this.#flows.sessions, now);
    }
    const recorder = learns ? this.#learner : this.#observer?.begin(from, packet);
    let verdict = walk(start, packet, this.#flows, now, recorder);
    let carried = bytes;
    let sender = from;
    while (isTunnelEnd(verdict)) {
      sender = wrapperOf(verdict) ?? sender;
      carried = this.#passTunnel(verdict, carried, now);
      verdict = walkOn(verdict, packet, this.#flows, now, recorder);
    }
    this.#observer?.end(from, packet, verdict);
    switch (verdict.disposition) {
      case 'delivered':
        this.counters.forwarded += 1;
        if (verdict.station.role === 'multicast-domain') this.#hear(verdict.station);
        else this.#emit(verdict.station, carried, learns);
        return;
      case 'copied':
        this.#copy(from, verdict, carried, recorder);
        return;
      case 'dropped':
        this.#dropped(sender, verdict);
        this.#report(verdict, carried);
    }
  }

  /** Makes the packet's bytes what its header is already, and shows both to whom they pass. */
  #passTunnel(end: TunnelEnd, arrived: Uint8Array, now: number): Uint8Array {
    const frame = this.#frame;
    const packet = this.#packet;
    const { watch } = this.#options;
    const { disposition, before, interfaceId } = end;
    const node = interfaceId === undefined ? undefined : this.network.interfaces.get(interfaceId);
    const written = this.#write(arrived, before);
    if (node && disposition === 'unwrapped') {
      this.#address(node.mac);
      watch?.received?.({ kind: 'interface', id: node.id }, written);
    }
    const bytes = disposition === 'wrapped' ? wrapFrame(frame, packet) : unwrapFrame(frame);
    const read = new Packet();
    frame.read(bytes, read);
    packet.length = read.length;
    packet.inner = read.inner;
    this.#completeInner(frame, packet, now);
    if (node && disposition === 'wrapped') {
      frame.ethernet.source = node.mac;
      frame.ethernet.destination = ROUTER_MAC;
      watch?.sent(wrapperOf(end)!, bytes);
    }
    return bytes;
  }

  /** A fragment in a GRE packet is like any other; without its first one it is good for nothing. */
  #completeInner({ inside }: Frame, packet: Packet, now: number): void {
    const { inner } = packet;
    if (inner === undefined || !inside!.isFragment) return;
    if (!this.#fragments.complete(inside!, inner, now)) packet.inner = undefined;
  }

  #dropped(from: Endpoint | undefined, verdict: Drop): void {
    const { dropped } = this.counters;
    dropped.set(verdict.reason, (dropped.get(verdict.reason) ?? 0) + 1);
    this.#options.watch?.dropped(from, this.#packet, verdict);
  }

  /** One frame for each member whose subnet and groups let it in. */
  #copy(
    from: Endpoint | undefined,
    { group, sender }: Copying,
    arrived: Uint8Array,
    original: Recorder | undefined,
  ): void {
    const packet = this.#packet;
    const observer = this.#observer?.copy && this.#observer;
    const now = this.#options.now();
    const bytes = this.#write(arrived);
    const { ethernet } = this.#frame;
    ethernet.source = ROUTER_MAC;
    ethernet.destination = groupMac(packet.destination);
    for (const member of group.members.values()) {
      if (member.node === sender) continue;
      const recorder = observer?.copy?.(original, member);
      const verdict = walkCopy(member, packet, this.#flows, now, recorder);
      observer?.end(from, packet, verdict);
      if (verdict.disposition === 'dropped') this.#dropped(from, verdict);
      else {
        this.counters.forwarded += 1;
        this.#options.deliver(member.endpoint, bytes.slice());
      }
    }
  }

  /** What a host says to its domain: all but joins and leaves of version 2 is passed over. */
  #hear({ resource: domainId }: Station): void {
    const message = readDomainMessage(this.#frame, this.#packet, domainId);
    if (message === 'malformed') this.counters.malformed += 1;
    else if (message === undefined) this.counters.ignored += 1;
    else this.#options.hear?.(message);
  }

  /** Sends the error that a drop asks for back to the packet's sender, by the tables. */
  #report({ error }: Drop, bytes: Uint8Array): void {
    const frame = this.#frame;
    const packet = this.#packet;
    const { errorsTo } = packet;
    if (error === undefined || errorsTo === undefined) return;
    // RFC 1122 section 3.2.2: only the first fragment of a packet is reported.
    if (frame.laterFragment) return;
    const message = this.#errorFrame(error, bytes);
    if (message === undefined) return;
    if (frame.read(message, packet) !== 'ip') return;
    packet.resetContext();
    this.#forward(undefined, errorsTo, message);
  }

  /** About the packet as it was dropped: a translator on the way back will translate it. */
  #errorFrame(error: ErrorReply, bytes: Uint8Array): Uint8Array | undefined {
    const frame = this.#frame;
    const packet = this.#packet;
    const written = this.#write(bytes);
    if (error.kind === 'tcp-reset') return tcpResetFrame(packet, frame.tcp);
    const { payloadOffset } = frame.ethernet;
    const quoted = written.subarray(payloadOffset, payloadOffset + packet.length);
    const { errorSource } = packet;
    return errorSource && icmpErrorFrame(error, errorSource, packet.source, quoted);
  }

  /** Carries a packet of a flow whose way is known; false: it has to walk. */
  #carryAlong(start: Station, bytes: Uint8Array, now: number): boolean {
    const packet = this.#packet;
    const flow = this.#cache.find(start, packet);
    if (flow === undefined || !carryAlong(flow, packet, this.#flows.sessions, now)) return false;
    this.counters.forwarded += 1;
    this.counters.known += 1;
    if (flow.rewritten !== undefined || flow.hops > 0) this.#frame.write(packet);
    const { to, mac } = flow.exit!;
    this.#address(mac);
    this.#options.deliver(to, bytes);
    return true;
  }

  /** The frame with the packet's header as it is now; a new one where its family has changed. */
  #write(bytes: Uint8Array, packet = this.#packet): Uint8Array {
    const frame = this.#frame;
    if (frame.family === packet.family) {
      frame.write(packet);
      return bytes;
    }
    const translated = translateFrame(frame, packet);
    frame.read(translated, new Packet());
    frame.write(packet);
    return translated;
  }

  #emit(station: Station, arrived: Uint8Array, learns: boolean): void {
    const packet = this.#packet;
    const bytes = this.#write(arrived);
    const to = endpointOf(station, packet.destination);
    const mac = this.#macOf(to);
    if (learns) this.#learner.keep(this.#cache, packet, to, mac);
    this.#address(mac);
    const { fragmentTo } = packet;
    if (fragmentTo === 0) this.#options.deliver(to, bytes);
    else for (const part of fragmentFrame(bytes, fragmentTo)) this.#options.deliver(to, part);
  }

  #macOf(to: Endpoint): Mac {
    if (isToGroup(this.#packet)) return groupMac(this.#packet.destination);
    return to.kind === 'interface' ? this.network.interfaces.get(to.id)!.mac : serviceMac(to);
  }

  /** Puts the receiver's MAC on the frame. */
  #address(mac: Mac): void {
    const { ethernet } = this.#frame;
    // A switched frame keeps its sender's MAC; one that was routed comes from the router.
    if (ethernet.destination === mac) return;
    ethernet.source = ROUTER_MAC;
    ethernet.destination = mac;
  }

  /** Who answers for an address on the endpoint's link. */
  #neighbors(from: Endpoint) {
    const node = from.kind === 'interface' ? this.network.interfaces.get(from.id) : undefined;
    const hosts = node && this.network.subnets.get(node.subnetId)?.hosts;
    return (address: Ip): Mac | undefined => {
      const owner = hosts?.get(address);
      if (owner === undefined) return ROUTER_MAC;
      return owner === node ? undefined : owner.mac;
    };
  }
}

/** The interface that sends what goes into a tunnel there. */
function wrapperOf({ disposition, interfaceId }: TunnelEnd): Endpoint | undefined {
  if (disposition !== 'wrapped' || interfaceId === undefined) return undefined;
  return { kind: 'interface', id: interfaceId };
}

function newFlows(): Flows {
  return { sessions: new SessionTable(), translations: new TranslationTable() };
}

/** a frame to another interface's MAC on the link is switched, any other is routed. */
function nextHop(
  network: Network,
  node: InterfaceNode,
  destination: Mac,
  address: Ip,
): InterfaceNode | undefined {
  if (destination === ROUTER_MAC) return undefined;
  const direct = network.subnets.get(node.subnetId)?.hosts.get(address);
  if (direct?.mac === destination) return direct;
  const record = network.model.first('network-interface', 'mac', String(destination));
  return record?.subnetId === node.subnetId ? network.interfaces.get(record.id) : undefined;
}
