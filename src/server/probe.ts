/** A question answered with a real exchange: frames between hosts, through the fabric. */
import { type Endpoint, endpointKey } from '../fabric/endpoint.ts';
import { explain } from '../fabric/explain.ts';
import type { Fabric, Observer } from '../fabric/fabric.ts';
import { hostConfig } from '../fabric/host-config.ts';
import { type Answer, MESSAGE, type Question } from '../fabric/question.ts';
import { Guests } from '../guests/guests.ts';
import type { Host } from '../guests/host/host.ts';
import type { Observed } from '../guests/host/listen.ts';
import { familyOf, ipEquals } from '../net/ip.ts';
import { DNS_PORT, withLength } from '../services/resolver-service.ts';
import { queryMessage } from './name-lookup.ts';
import { Witness } from './witness.ts';

/** What a probe takes from outside. */
export interface ProbeContext {
  readonly fabric: Fabric;
  /** Milliseconds on the cloud's clock. */
  readonly now: () => number;
  /** Unsigned 32-bit numbers. */
  readonly random: () => number;
  readonly prepare: (endpoint: Endpoint, host: Host) => void;
  /** Told of what the hosts' echo services get. */
  readonly onObserved?: (at: Endpoint, observed: Observed) => void;
  /** Tells the fabric where frames go while `exchange` runs. */
  readonly withGuests: <T>(guests: Guests, exchange: () => T) => T;
}

/**
 * Frames of one exchange; past that they are lost. Two echo services that answer each other, where
 * a route back leads to the wrong one of two overlapping VPCs (B-043), would never end.
 */
const FRAMES_MAX = 16_384;
/** The same for a question: handshake, errors, and what its message is cut into, there and back. */
const FRAMES_OF_QUESTION = 512;
const BYTES_A_FRAME = 64;

/** Frames that a question's exchange may take. */
export function framesMaxOf({ size }: Question): number {
  return FRAMES_OF_QUESTION + size / BYTES_A_FRAME;
}

/** Runs an exchange between fresh hosts as new flows: nothing of it is left behind. */
export function isolated<T>(
  context: ProbeContext,
  observer: Observer,
  exchange: (guests: Guests) => T,
  framesMax = FRAMES_MAX,
): T {
  const { fabric, now, random, prepare, onObserved, withGuests } = context;
  let frames = 0;
  const guests = new Guests({
    configOf: (endpoint) => hostConfig(fabric.network, endpoint),
    keyOf: endpointKey,
    send: (from, frame) => {
      frames += 1;
      if (frames <= framesMax) fabric.send(from, frame);
    },
    prepare,
    ...(onObserved && { onObserved }),
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
  const run = (guests: Guests) => {
    const host = guests.host(question.from);
    if (host === undefined) return;
    const begin = micros();
    exchange(host, question, () => {
      completed = true;
      rtt = Math.round(micros() - begin);
    });
    context.fabric.drain();
  };
  isolated(context, witness, run, framesMaxOf(question));
  // A host that refuses to send (too big for its own link) put nothing on the wire.
  const answer =
    witness.packets === 0
      ? explain(context.fabric.network, question, context.now())
      : witness.answer(completed);
  return { ...answer, packets: witness.packets, rttMicros: rtt };
}

/**
 * Sends what the question asks and calls back when the answer is complete. The answer comes from
 * whom it was asked, not from somebody who translated it on the way.
 */
export function exchange(host: Host, question: Question, onDone: () => void): void {
  const { source, destination, sourcePort, port, ttl, dontFragment, protocol } = question;
  const payload = messageOf(question);
  if (protocol === 'icmp') {
    const echo = { source, destination, identifier: sourcePort, sequence: 1, ttl, dontFragment };
    host.ping({ ...echo, size: payload.length }, (result) => {
      if (result.kind === 'reply' && ipEquals(result.from, destination)) onDone();
    });
    return;
  }
  const flow = { source, sourcePort, destination, port, ttl };
  if (protocol === 'udp') {
    host.bindUdp(sourcePort, {
      onDatagram: (answer) => {
        if (ipEquals(answer.source, destination) && answer.sourcePort === port) onDone();
      },
    });
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
