/** TCP frames as guests send them, and how a fabric is given many of them. */
import type { Endpoint } from '../../src/fabric/endpoint.ts';
import type { Fabric, Observer } from '../../src/fabric/fabric.ts';
import { tcpFrame } from '../../src/fabric/test-frames.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { addressOf } from './network.ts';

/** The most there is: a frame that is sent again has passed the gateways before. */
const TTL = 255;
/** Frames that arrive together. */
const BATCH = 64;

export interface Sent {
  readonly from: Endpoint;
  readonly bytes: Uint8Array;
}

export interface Flow {
  readonly from: NetworkInterface;
  readonly to: NetworkInterface;
  readonly sourcePort: number;
  readonly port: number;
}

export function reversed({ from, to, sourcePort, port }: Flow): Flow {
  return { from: to, to: from, sourcePort: port, port: sourcePort };
}

/** A segment of a flow, addressed to the router of its sender's link. */
export function sent({ from, to, sourcePort, port }: Flow, flags: number): Sent {
  const ends = { source: addressOf(from), destination: addressOf(to), from: from.mac };
  const bytes = tcpFrame({ ...ends, sourcePort, port, flags, ttl: TTL });
  toRouter(bytes);
  return { from: endpointOf(from), bytes };
}

const endpoints = new Map<string, Endpoint>();

/** One object an interface, as whoever reads its frames would have. */
function endpointOf({ id }: NetworkInterface): Endpoint {
  const endpoint = endpoints.get(id) ?? { kind: 'interface', id };
  endpoints.set(id, endpoint);
  return endpoint;
}

/** Addressed to the router of its link, as a guest would: 02:00:00:00:00:01 or what it is. */
export function toRouter(frame: Uint8Array): void {
  for (let index = 0; index < ROUTER.length; index++) frame[index] = ROUTER[index]!;
}

const ROUTER = tcpFrame({ source: '10.0.0.1', destination: '10.0.0.2' }).slice(0, 6);

export function carry(fabric: Fabric, frames: readonly Sent[]): void {
  for (let index = 0; index < frames.length; ) {
    const end = Math.min(frames.length, index + BATCH);
    for (; index < end; index++) fabric.send(frames[index]!.from, frames[index]!.bytes);
    fabric.drain();
  }
}

/** With empty flow tables, and an observer if there is one. */
export function isolated<T>(fabric: Fabric, observer: Observer | undefined, work: () => T): T {
  return fabric.isolated(observer ?? { begin: () => undefined, end: () => {} }, work);
}
