/** Echo requests that we sent, and what came of them. */
import { type Ip, ipEquals } from '../../net/ip.ts';
import type { TransportError } from './errors.ts';
import { DEFAULT_TTL, type Echo, echoPacket, type Quoted, quotedEcho } from './icmp.ts';
import { HOST_LIMITS } from './limits.ts';
import type { IpPacket, IpService } from './packet.ts';

export interface PingOptions {
  readonly source?: Ip;
  readonly destination: Ip;
  readonly identifier: number;
  readonly sequence: number;
  /** Octets of data behind the header. */
  readonly size?: number;
  readonly dontFragment?: boolean;
  readonly ttl?: number;
}

export type PingResult =
  | { readonly kind: 'reply'; readonly from: Ip; readonly ttl: number; readonly size: number }
  | TransportError;

interface Pending {
  readonly destination: Ip;
  readonly payload: Uint8Array;
  readonly onResult: (result: PingResult) => void;
}

function keyOf(identifier: number, sequence: number): number {
  return identifier * 0x1_0000 + sequence;
}

export class Pings {
  readonly #ip: IpService;
  readonly #pending = new Map<number, Pending>();

  constructor(ip: IpService) {
    this.#ip = ip;
  }

  /** Sends one request; `onResult` is called at most once. Returns a way to stop waiting. */
  send(options: PingOptions, onResult: (result: PingResult) => void): () => void {
    const { destination, identifier, sequence } = options;
    const source = options.source ?? this.#ip.sourceFor(destination);
    if (source === undefined) {
      onResult({ kind: 'unresolved' });
      return () => {};
    }
    const payload = Uint8Array.from({ length: options.size ?? 56 }, (_, index) => index & 0xff);
    const key = keyOf(identifier, sequence);
    const pending = { destination, payload, onResult };
    this.#remember(key, pending);
    const echo: Echo = { kind: 'echoRequest', identifier, sequenceNumber: sequence, payload };
    this.#ip.send({
      ...echoPacket({ source, destination, echo, ttl: options.ttl ?? DEFAULT_TTL }),
      dontFragment: options.dontFragment ?? false,
      onError: (error) => this.#settle(key, pending, error),
    });
    return () => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    };
  }

  reply(packet: IpPacket, echo: Echo): void {
    const { source: from, ttl } = packet;
    const key = keyOf(echo.identifier, echo.sequenceNumber);
    const pending = this.#pending.get(key);
    const size = echo.payload.length;
    const intact = pending?.payload.every((octet, index) => echo.payload[index] === octet);
    if (pending === undefined || !intact || size !== pending.payload.length) {
      this.#ip.drop('unmatched');
      return;
    }
    this.#settle(key, pending, { kind: 'reply', from, ttl, size });
  }

  error(quoted: Quoted, error: TransportError): void {
    const echo = quotedEcho(quoted);
    const key = echo === undefined ? -1 : keyOf(echo.identifier, echo.sequence);
    const pending = this.#pending.get(key);
    if (pending !== undefined && ipEquals(pending.destination, quoted.destination)) {
      this.#settle(key, pending, error);
    } else {
      this.#ip.drop('unmatched');
    }
  }

  #remember(key: number, pending: Pending): void {
    this.#pending.delete(key);
    if (this.#pending.size >= HOST_LIMITS.pings) {
      this.#pending.delete(this.#pending.keys().next().value!);
    }
    this.#pending.set(key, pending);
  }

  #settle(key: number, pending: Pending, result: PingResult): void {
    if (this.#pending.get(key) !== pending) return;
    this.#pending.delete(key);
    pending.onResult(result);
  }
}
