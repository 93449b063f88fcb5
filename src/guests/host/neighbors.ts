/** Which Ethernet address a neighbor has: one cache for ARP (RFC 826) and ND (RFC 4861). */
import { type Ip, ipKey } from '../../net/ip.ts';
import type { Mac } from '../../net/mac.ts';
import { writeMac } from '../../wire/bytes.ts';
import type { TransportError } from './errors.ts';
import { HOST_LIMITS } from './limits.ts';

interface Waiting {
  readonly frame: Uint8Array;
  readonly onError: ((error: TransportError) => void) | undefined;
}

interface Neighbor {
  readonly address: Ip;
  /** The sender of the packet that asked. */
  readonly source: Ip;
  /** Undefined while being asked for (INCOMPLETE). */
  mac: Mac | undefined;
  /** When the answer is no longer believed, or when to ask again. */
  expiresAt: number;
  requests: number;
  waiting: Waiting[];
}

export interface NeighborEnvironment {
  readonly now: () => number;
  readonly transmit: (frame: Uint8Array) => void;
  /** Asks for an address: an ARP request or a neighbor solicitation. */
  readonly solicit: (address: Ip, source: Ip) => void;
}

export class NeighborCache {
  readonly #environment: NeighborEnvironment;
  readonly #neighbors = new Map<number | string, Neighbor>();

  constructor(environment: NeighborEnvironment) {
    this.#environment = environment;
  }

  /** Sends a frame, whose destination is still blank, to a neighbor; asks for its MAC first. */
  send(address: Ip, source: Ip, frame: Uint8Array, onError?: Waiting['onError']): void {
    const now = this.#environment.now();
    const known = this.#neighbors.get(ipKey(address));
    if (known?.mac !== undefined && known.expiresAt > now) {
      this.#transmit(frame, known.mac);
      return;
    }
    if (known !== undefined && known.mac === undefined) {
      if (known.waiting.length >= HOST_LIMITS.neighborQueue) known.waiting.shift();
      known.waiting.push({ frame, onError });
      return;
    }
    this.#begin(address, source, { frame, onError });
  }

  /** An address was heard; `create` false changes only what is already asked for or known. */
  learn(address: Ip, mac: Mac, create: boolean): void {
    const known = this.#neighbors.get(ipKey(address));
    if (known === undefined) {
      if (create) this.#add(address, address).mac = mac;
      return;
    }
    const waiting = known.waiting;
    known.mac = mac;
    known.waiting = [];
    known.requests = 0;
    known.expiresAt = this.#environment.now() + HOST_LIMITS.neighborReachableMs;
    for (const { frame } of waiting) this.#transmit(frame, mac);
  }

  /** What is known of an address, fresh or not. */
  lookup(address: Ip): Mac | undefined {
    return this.#neighbors.get(ipKey(address))?.mac;
  }

  /** Forgets what is known; what is being asked for goes on. */
  flush(): void {
    for (const [key, { mac }] of this.#neighbors) {
      if (mac !== undefined) this.#neighbors.delete(key);
    }
  }

  /** Asks again, or gives up and says so to those who wait. */
  poll(): void {
    const now = this.#environment.now();
    for (const [key, neighbor] of this.#neighbors) {
      if (neighbor.mac !== undefined || neighbor.expiresAt > now) continue;
      if (neighbor.requests < HOST_LIMITS.neighborRequests) {
        this.#ask(neighbor);
        continue;
      }
      this.#neighbors.delete(key);
      for (const { onError } of neighbor.waiting) onError?.({ kind: 'unresolved' });
    }
  }

  nextTimer(): number | undefined {
    let next: number | undefined;
    for (const { mac, expiresAt } of this.#neighbors.values()) {
      if (mac === undefined && (next === undefined || expiresAt < next)) next = expiresAt;
    }
    return next;
  }

  #begin(address: Ip, source: Ip, first: Waiting): void {
    this.#neighbors.delete(ipKey(address));
    const neighbor = this.#add(address, source);
    neighbor.waiting.push(first);
    this.#ask(neighbor);
  }

  #add(address: Ip, source: Ip): Neighbor {
    if (this.#neighbors.size >= HOST_LIMITS.neighbors) {
      const [oldest, { waiting }] = this.#neighbors.entries().next().value!;
      this.#neighbors.delete(oldest);
      for (const { onError } of waiting) onError?.({ kind: 'unresolved' });
    }
    const neighbor: Neighbor = {
      address,
      source,
      mac: undefined,
      expiresAt: this.#environment.now() + HOST_LIMITS.neighborReachableMs,
      requests: 0,
      waiting: [],
    };
    this.#neighbors.set(ipKey(address), neighbor);
    return neighbor;
  }

  #ask(neighbor: Neighbor): void {
    neighbor.requests++;
    neighbor.expiresAt = this.#environment.now() + HOST_LIMITS.neighborRequestMs;
    this.#environment.solicit(neighbor.address, neighbor.source);
  }

  #transmit(frame: Uint8Array, mac: Mac): void {
    writeMac(frame, 0, mac);
    this.#environment.transmit(frame);
  }
}
