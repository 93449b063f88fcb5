/** A question answered with a real exchange: frames between hosts, through the fabric. */
import { type Endpoint, endpointKey } from '../fabric/endpoint.ts';
import { explain } from '../fabric/explain.ts';
import type { Fabric, Observer } from '../fabric/fabric.ts';
import { hostConfig } from '../fabric/host-config.ts';
import type { Packet } from '../fabric/packet.ts';
import {
  type Answer,
  MESSAGE,
  observe,
  type Question,
  telling,
  type Walked,
} from '../fabric/question.ts';
import { TraceRecorder } from '../fabric/trace.ts';
import type { Verdict } from '../fabric/walk.ts';
import { Guests } from '../guests/guests.ts';
import type { Host } from '../guests/host/host.ts';
import { familyOf } from '../net/ip.ts';
import { DNS_PORT, withLength } from '../services/resolver-service.ts';
import { queryMessage } from './name-lookup.ts';

/** What a probe takes from outside. */
export interface ProbeContext {
  readonly fabric: Fabric;
  /** Milliseconds on the cloud's clock. */
  readonly now: () => number;
  /** Unsigned 32-bit numbers. */
  readonly random: () => number;
  readonly prepare: (endpoint: Endpoint, host: Host) => void;
  /** Tells the fabric where frames go while `exchange` runs. */
  readonly withGuests: <T>(guests: Guests, exchange: () => T) => T;
}

/** Runs an exchange between fresh hosts as new flows: nothing of it is left behind. */
export function isolated<T>(
  context: ProbeContext,
  observer: Observer,
  exchange: (guests: Guests) => T,
): T {
  const { fabric, now, random, prepare, withGuests } = context;
  const guests = new Guests({
    configOf: (endpoint) => hostConfig(fabric.network, endpoint),
    keyOf: endpointKey,
    send: (from, frame) => fabric.send(from, frame),
    prepare,
    now,
    random,
  });
  return withGuests(guests, () => fabric.isolated(observer, () => exchange(guests)));
}

/** What a probe adds to a trace's answer. */
export interface ProbeAnswer extends Answer {
  readonly packets: number;
  readonly rttMicros: number;
}

/** @param micros a clock for the round trip, in microseconds */
export function probe(
  context: ProbeContext,
  question: Question,
  micros: () => number,
): ProbeAnswer {
  const witness = new Witness(context.fabric, question);
  let completed = false;
  let rtt = 0;
  isolated(context, witness, (guests) => {
    const host = guests.host(question.from);
    if (host === undefined) return;
    const begin = micros();
    exchange(host, question, () => {
      completed = true;
      rtt = Math.round(micros() - begin);
    });
    context.fabric.drain();
  });
  // A host that refuses to send (too big for its own link) put nothing on the wire.
  const answer =
    witness.packets === 0
      ? explain(context.fabric.network, question, context.now())
      : witness.answer(completed);
  return { ...answer, packets: witness.packets, rttMicros: rtt };
}

/** Sends what the question asks and calls back when the answer is complete. */
function exchange(host: Host, question: Question, onDone: () => void): void {
  const { source, destination, sourcePort, port, ttl, dontFragment, protocol } = question;
  const payload = messageOf(question);
  if (protocol === 'icmp') {
    const echo = { source, destination, identifier: sourcePort, sequence: 1, ttl, dontFragment };
    host.ping({ ...echo, size: payload.length }, ({ kind }) => kind === 'reply' && onDone());
    return;
  }
  const flow = { source, sourcePort, destination, port, ttl };
  if (protocol === 'udp') {
    host.bindUdp(sourcePort, { onDatagram: onDone });
    host.sendUdp({ ...flow, payload, dontFragment });
    return;
  }
  let missing = port === DNS_PORT ? 1 : payload.length;
  host.connect(flow, {
    onEstablished: (connection) => connection.send(payload),
    onData: (data, connection) => {
      missing -= data.length;
      if (missing > 0) return;
      onDone();
      connection.close();
    },
  });
}

/** What is echoed; on the port of DNS a query, which a resolver answers in place of an echo. */
function messageOf({ port, size, protocol, destination }: Question): Uint8Array {
  if (port !== DNS_PORT) return new TextEncoder().encode(MESSAGE + 'x'.repeat(size));
  const query = queryMessage('localhost', familyOf(destination));
  const message = new Uint8Array(query.length + size);
  message.set(query);
  return protocol === 'tcp' ? withLength(message) : message;
}

/** Sees every packet of the exchange and keeps those that tell how it went. */
class Witness implements Observer {
  readonly #fabric: Fabric;
  readonly #question: Question;
  readonly #forward: Walked[] = [];
  readonly #return: Walked[] = [];
  readonly #recorders: TraceRecorder[] = [];
  packets = 0;

  constructor(fabric: Fabric, question: Question) {
    this.#fabric = fabric;
    this.#question = question;
  }

  begin(): TraceRecorder {
    this.packets += 1;
    const recorder = new TraceRecorder();
    this.#recorders.push(recorder);
    return recorder;
  }

  end(from: Endpoint | undefined, packet: Packet, verdict: Verdict): void {
    const recorder = this.#recorders.pop()!;
    if (from === undefined) return;
    const key = endpointKey(from);
    const { station } = verdict;
    const { interfaces } = this.#fabric.network;
    const instance =
      station.role === 'guest' ? interfaces.get(station.resource)?.instanceId : undefined;
    const walked = { trace: recorder.trace(), observed: observe(packet, instance) };
    if (key === endpointKey(this.#question.from)) {
      this.#forward.push(walked);
    } else this.#return.push(walked);
  }

  answer(completed: boolean): Answer {
    const forward = telling(this.#forward, completed)!;
    const delivered = forward.trace.disposition === 'delivered';
    return {
      reachable: completed,
      forward: forward.trace,
      return: delivered ? (telling(this.#return, completed)?.trace ?? null) : null,
      observed: delivered ? forward.observed : null,
      sourcePort: this.#question.sourcePort,
    };
  }
}
