/**
 * A question answered from the tables, nothing sent: the exchange that a probe would make, its
 * packets walked one by one through the forwarder's own walk, with flows of its own.
 */
import { MTU } from '../model/limits.ts';
import type { Family, Ip } from '../net/ip.ts';
import { familyOf, ipEquals } from '../net/ip.ts';
import { isMulticast } from '../net/multicast.ts';
import { PROTOCOL } from '../net/protocol.ts';
import type { Network } from './compile/state.ts';
import { type Endpoint, endpointKey, endpointOf, entrance } from './endpoint.ts';
import { explainGroup } from './explain-group.ts';
import { hostConfig } from './host-config.ts';
import { listenOf, listensOn } from './listen.ts';
import { HEADER_BYTES, ICMP_ECHO_REPLY, Packet, TCP_ACK, TCP_RST, TCP_SYN } from './packet.ts';
import {
  type Answer,
  messageBytes,
  observe,
  type Question,
  telling,
  type Walked,
} from './question.ts';
import { askerMtu, questionPacket, SYN_BYTES, setLength } from './question-packet.ts';
import type { Quoted } from './quoted.ts';
import { SessionTable } from './session.ts';
import type { Station } from './station.ts';
import { TraceRecorder } from './trace.ts';
import { TranslationTable } from './translation.ts';
import { type Fate, type Flows, walkThrough } from './walk.ts';

const REPLY_TTL = 64;
const UNREACHABLE = { 4: { type: 3, code: 3 }, 6: { type: 1, code: 4 } } as const;

interface Arrival {
  readonly sender: Endpoint;
  readonly packet: Packet;
  readonly verdict: Fate;
}

export function explain(network: Network, question: Question, now: number): Answer {
  return isMulticast(question.destination)
    ? explainGroup(network, question, now)
    : new Exchange(network, question, now).answer();
}

class Exchange {
  readonly #network: Network;
  readonly #question: Question;
  readonly #now: number;
  readonly #family: Family;
  readonly #flows: Flows = { sessions: new SessionTable(), translations: new TranslationTable() };
  readonly #forward: Walked[] = [];
  readonly #return: Walked[] = [];

  constructor(network: Network, question: Question, now: number) {
    this.#network = network;
    this.#question = question;
    this.#now = now;
    this.#family = familyOf(question.destination);
  }

  answer(): Answer {
    const reachable = this.#question.protocol === 'tcp' ? this.#tcp() : this.#datagram();
    const forward = telling(this.#forward, reachable)!;
    const back = forward.trace.disposition === 'delivered' ? this.#return : [];
    return {
      reachable,
      forward: forward.trace,
      return: telling(back, reachable)?.trace ?? null,
      observed: forward.trace.disposition === 'delivered' ? forward.observed : null,
      sourcePort: this.#question.sourcePort,
    };
  }

  /** UDP and ICMP: one message, echoed. */
  #datagram(): boolean {
    const { protocol, port } = this.#question;
    const arrival = this.#send(HEADER_BYTES[protocol === 'udp' ? 'udp' : 'icmp'] + this.#size);
    if (arrival.verdict.disposition === 'dropped' || isWrapped(arrival)) return false;
    if (protocol === 'udp' && !this.#answers(arrival, 'udp', port)) {
      this.#reply(arrival, { unreachable: true });
      return false;
    }
    return this.#isHome(this.#reply(arrival, {}));
  }

  /** The handshake, then one message echoed; segments follow the smaller of both ends' MSS. */
  #tcp(): boolean {
    const syn = this.#send(SYN_BYTES, TCP_SYN);
    if (syn.verdict.disposition === 'dropped' || isWrapped(syn)) return false;
    if (!this.#answers(syn, 'tcp', syn.packet.destinationPort)) {
      this.#reply(syn, { flags: TCP_RST | TCP_ACK, length: HEADER_BYTES.tcp });
      return false;
    }
    const accepted = this.#reply(syn, { flags: TCP_SYN | TCP_ACK, length: SYN_BYTES });
    if (!this.#isHome(accepted)) return false;
    const limit = Math.min(askerMtu(this.#question), this.#mtuOf(syn.verdict.station));
    const sent = this.#sendSegment(limit, accepted, (length) => this.#send(length, TCP_ACK));
    if (sent === undefined || !isSameWay(sent.arrival, syn)) return false;
    // What comes is echoed as it comes: no segment is larger than those that got through.
    const echoed = this.#sendSegment(sent.mtu, syn, (length) => {
      return this.#reply(syn, { flags: TCP_ACK, length });
    });
    return echoed !== undefined && this.#isHome(echoed.arrival);
  }

  /** Whether a reply came to the asker, from whom it had asked (B-043: it may go elsewhere). */
  #isHome({ packet, verdict: { disposition, station } }: Arrival): boolean {
    const { from, source, destination, sourcePort, port, protocol } = this.#question;
    return (
      disposition === 'delivered' &&
      endpointKey(endpointOf(station, packet.destination)) === endpointKey(from) &&
      ipEquals(packet.source, destination) &&
      ipEquals(packet.destination, source) &&
      packet.destinationPort === sourcePort &&
      (protocol === 'icmp' || packet.sourcePort === port)
    );
  }

  /**
   * A segment of the message; where the sender hears that it is too big, a smaller one.
   * @param opening what the other end had to say of segments, as it came to the sender
   * @returns what arrived, and the MTU that got through
   */
  #sendSegment(
    limit: number,
    { packet: { segmentSizeMax } }: Arrival,
    send: (length: number) => Arrival,
  ): { readonly mtu: number; readonly arrival: Arrival } | undefined {
    const header = HEADER_BYTES[this.#family] + HEADER_BYTES.tcp;
    const most = segmentSizeMax === 0 ? Number.POSITIVE_INFINITY : segmentSizeMax;
    for (let mtu = limit, tries = 0; tries < 4; tries++) {
      const sent = send(HEADER_BYTES.tcp + Math.min(this.#size, most, mtu - header));
      const got = { mtu: Math.min(mtu, most + header), arrival: sent };
      if (sent.verdict.disposition === 'delivered') return got;
      const told = this.#reportTooBig(sent);
      if (told === undefined || told >= mtu) return undefined;
      mtu = told;
    }
    return undefined;
  }

  /** The MTU that the sender hears of, when the error gets through to it. */
  #reportTooBig({ packet, sender, verdict }: Arrival): number | undefined {
    if (verdict.disposition !== 'dropped' || verdict.error?.kind !== 'packet-too-big') return;
    const { errorsTo, errorSource, family } = packet;
    if (errorsTo === undefined || errorSource === undefined) return undefined;
    const error = new Packet();
    error.family = family;
    error.source = errorSource;
    error.destination = packet.source;
    error.quoted = quotedIn(packet);
    error.protocol = family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
    error.icmpType = family === 4 ? 3 : 2;
    error.icmpCode = family === 4 ? 4 : 0;
    error.length = 128;
    error.ttl = REPLY_TTL;
    const { disposition, station } = walkThrough(errorsTo, error, this.#flows, this.#now);
    const told = endpointKey(endpointOf(station, error.destination)) === endpointKey(sender);
    if (disposition !== 'delivered' || !told) return undefined;
    const grown = HEADER_BYTES[error.family] - HEADER_BYTES[family];
    return verdict.error.mtu + grown;
  }

  get #size(): number {
    return messageBytes(this.#question);
  }

  #mtuOf({ role }: Station): number {
    return role === 'internet' ? MTU.internet : MTU.vpc;
  }

  /** Walks a packet of the question's sender; `length` is without the IP header. */
  #send(length: number, flags = 0): Arrival {
    const packet = questionPacket(this.#question, length, flags);
    return this.#walk(packet, this.#question.from, this.#forward);
  }

  /** What the guest that a packet arrived at sends back. */
  #reply(
    { packet: to, verdict: { station } }: Arrival,
    { flags = 0, length, unreachable = false }: ReplyOptions,
  ): Arrival {
    const packet = new Packet();
    packet.family = to.family;
    packet.source = to.destination;
    packet.destination = to.source;
    packet.protocol = to.protocol;
    packet.sourcePort = to.destinationPort;
    packet.destinationPort = to.sourcePort;
    if (unreachable) this.#asUnreachable(packet, to);
    else if (this.#question.protocol === 'icmp') packet.icmpType = ICMP_ECHO_REPLY[to.family];
    packet.tcpFlags = flags;
    packet.ttl = REPLY_TTL;
    packet.dontFragment = this.#question.protocol === 'tcp';
    // What arrived in pieces goes back whole, or in the pieces of the one who answers.
    const body = length ?? HEADER_BYTES.icmp + (unreachable ? 0 : this.#size);
    setLength(packet, body, this.#mtuOf(station));
    const sender = endpointOf(station, to.destination);
    return this.#walk(packet, sender, this.#keeps(sender, packet) ? [] : this.#return);
  }

  /** Whether another site than the asker's has the asker's address, too: nobody sees its answer. */
  #keeps(sender: Endpoint, { destination }: Packet): boolean {
    if (sender.kind !== 'site' || endpointKey(sender) === endpointKey(this.#question.from)) {
      return false;
    }
    const { addresses } = hostConfig(this.#network, sender)!;
    return addresses.some((own) => ipEquals(own, destination));
  }

  #asUnreachable(packet: Packet, about: Packet): void {
    packet.quoted = quotedIn(about);
    packet.protocol = packet.family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6;
    packet.icmpType = UNREACHABLE[packet.family].type;
    packet.icmpCode = UNREACHABLE[packet.family].code;
    packet.sourcePort = packet.destinationPort = 0;
  }

  #walk(packet: Packet, sender: Endpoint, walks: Walked[]): Arrival {
    const recorder = new TraceRecorder();
    const verdict = walkThrough(this.#startAt(sender), packet, this.#flows, this.#now, recorder);
    const observed = observe(packet, this.#instanceAt(verdict.station));
    walks.push({ trace: recorder.trace(), observed });
    return { packet, sender, verdict };
  }

  #startAt(from: Endpoint): Station {
    return entrance(this.#network, from)!;
  }

  #instanceAt({ role, resource }: Station): string | undefined {
    return role === 'guest' ? this.#network.interfaces.get(resource)?.instanceId : undefined;
  }

  #answers({ verdict: { station } }: Arrival, protocol: 'tcp' | 'udp', port: number): boolean {
    return (
      station.role !== 'guest' ||
      listensOn(listenOf(this.#network, station.resource), protocol, port)
    );
  }
}

/** What ends inside a GRE packet is for nobody who answers questions. */
function isWrapped({ packet }: Arrival): boolean {
  return packet.protocol === PROTOCOL.gre;
}

/** Whether two packets came to one place in one form: else they are of two connections. */
function isSameWay(one: Arrival, other: Arrival): boolean {
  return (
    one.verdict.station === other.verdict.station &&
    ipEquals(one.packet.source, other.packet.source) &&
    ipEquals(one.packet.destination, other.packet.destination) &&
    one.packet.sourcePort === other.packet.sourcePort &&
    one.packet.destinationPort === other.packet.destinationPort
  );
}

/** What an error about a packet says of it: of a GRE packet nothing that anybody reads. */
function quotedIn(packet: Packet): Quoted | undefined {
  const { protocol, source, destination, sourcePort, destinationPort } = packet;
  if (protocol === PROTOCOL.gre) return undefined;
  return { protocol, source, destination, sourcePort, destinationPort };
}

interface ReplyOptions {
  readonly flags?: number;
  /** Without the IP header; the whole message unless given. */
  readonly length?: number;
  readonly unreachable?: boolean;
}

/** An address of an interface in a family: the first, which is the primary one. */
export function primaryAddress(addresses: readonly Ip[], family: Family): Ip | undefined {
  return addresses.find((address) => familyOf(address) === family);
}
