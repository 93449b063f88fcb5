/** Sees every packet of a probe's exchange and keeps those that tell how it went. */
import { type Endpoint, endpointKey, endpointOf } from '../fabric/endpoint.ts';
import type { Fabric, Observer } from '../fabric/fabric.ts';
import { ICMP_ECHO_REQUEST, isIcmp, type Packet } from '../fabric/packet.ts';
import { type Answer, observe, type Question, telling, type Walked } from '../fabric/question.ts';
import { TraceRecorder } from '../fabric/trace.ts';
import type { Verdict } from '../fabric/walk.ts';
import { type Ip, ipEquals } from '../net/ip.ts';

type Way = 'forward' | 'return';

interface Seen {
  readonly way: Way | undefined;
  readonly recorder: TraceRecorder;
}

interface FarEnd {
  readonly key: string;
  /** As the far end sees them. */
  readonly asker: Ip;
  readonly port: number;
}

export class Witness implements Observer {
  readonly #fabric: Fabric;
  readonly #question: Question;
  readonly #walks: Readonly<Record<Way, Walked[]>> = { forward: [], return: [] };
  readonly #open: Seen[] = [];
  /** Who got the question's packets, and from whom: what it sends there is the way back. */
  #farEnd: FarEnd | undefined;
  /** Whether what the far end sent to the asker it saw has come to the asker. */
  #answered = false;
  packets = 0;

  constructor(fabric: Fabric, question: Question) {
    this.#fabric = fabric;
    this.#question = question;
  }

  begin(from: Endpoint | undefined, packet: Packet): TraceRecorder | undefined {
    this.packets += 1;
    const way = from && this.#wayOf(from, packet);
    const recorder = new TraceRecorder();
    this.#open.push({ way, recorder });
    return way && recorder;
  }

  end(_from: Endpoint | undefined, packet: Packet, { disposition, station }: Verdict): void {
    const { way, recorder } = this.#open.pop()!;
    if (way === undefined) return;
    const delivered = disposition === 'delivered';
    if (delivered) this.#arrived(way, packet, endpointKey(endpointOf(station, packet.destination)));
    const walks = this.#walks[way];
    // The first of each kind tells; a stray exchange may have thousands.
    if (walks.some(({ trace }) => trace.disposition === disposition)) return;
    const node = this.#fabric.network.interfaces.get(station.resource);
    const instance = station.role === 'guest' ? node?.instanceId : undefined;
    walks.push({ trace: recorder.trace(), observed: observe(packet, instance) });
  }

  #arrived(way: Way, { source: asker, sourcePort: port }: Packet, key: string): void {
    if (way === 'forward') this.#farEnd ??= { key, asker, port };
    else if (key === endpointKey(this.#question.from)) this.#answered = true;
  }

  /**
   * Others may join in, a host that got the answer by mistake: they are no part of the answer. The
   * far end may be the asker itself, by its public address.
   */
  #wayOf(from: Endpoint, packet: Packet): Way | undefined {
    const key = endpointKey(from);
    if (key === endpointKey(this.#question.from) && this.#asks(packet)) return 'forward';
    return this.#answersAsker(key, packet) ? 'return' : undefined;
  }

  /** An answer, or an error about what was asked. */
  #answersAsker(key: string, { protocol, destination, destinationPort }: Packet): boolean {
    const { key: farEnd, asker, port } = this.#farEnd ?? {};
    if (key !== farEnd || asker === undefined || !ipEquals(destination, asker)) return false;
    return isIcmp(protocol) || destinationPort === port;
  }

  #asks(packet: Packet): boolean {
    const { destination, protocol, sourcePort, port } = this.#question;
    if (!ipEquals(packet.destination, destination)) return false;
    if (isIcmp(packet.protocol)) return packet.icmpType === ICMP_ECHO_REQUEST[packet.family];
    const { sourcePort: from, destinationPort: to } = packet;
    return protocol !== 'icmp' && from === sourcePort && to === port;
  }

  /** @param isHome whether the asker has heard what it asked for */
  answer(isHome: boolean): Answer {
    // From the far end itself, not from somebody whose echo a translator led here.
    const completed = isHome && this.#answered;
    const forward = telling(this.#walks.forward, completed)!;
    const delivered = forward.trace.disposition === 'delivered';
    return {
      reachable: completed,
      forward: forward.trace,
      return: delivered ? (telling(this.#walks.return, completed)?.trace ?? null) : null,
      observed: delivered ? forward.observed : null,
      sourcePort: this.#question.sourcePort,
    };
  }
}
