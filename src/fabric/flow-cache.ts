/**
 * What became of packets that walked the stations, so that further ones of the same flow need not:
 * an exact-match cache in front of the tables. It decides nothing. What it keeps holds until
 * anything compiled changes, and as long as the sessions that let the first packet pass still do.
 */
import { mix } from '../net/hash.ts';
import type { Mac } from '../net/mac.ts';
import { type Endpoint, endpointKey } from './endpoint.ts';
import { CACHED_FLOWS_MAX, HASH_CHAIN_MAX } from './limits.ts';
import type { InterfaceNode } from './node.ts';
import { hasSyn, isIcmpError, isToGroup, type Packet } from './packet.ts';
import { type Session, type SessionScope, type SessionTable, touch } from './session.ts';
import type { Direction, Station } from './station.ts';

/** A gate that a session opened. */
export interface TrackedGate {
  readonly session: Session;
  readonly direction: Direction;
}

/** A gate that let pass by its rules: only while no session is there. */
export interface UntrackedGate {
  readonly scope: SessionScope;
  readonly direction: Direction;
  readonly packet: Packet;
}

/** The header with which a packet arrives, where the way rewrites it. */
export type Rewritten = Pick<
  Packet,
  's0' | 's1' | 's2' | 's3' | 'd0' | 'd1' | 'd2' | 'd3' | 'sourcePort' | 'destinationPort'
>;

/** Where packets leave the fabric. */
export interface Exit {
  readonly to: Endpoint;
  readonly mac: Mac;
}

/** What a flow's packets meet on their way. */
export interface FlowWay extends Exit {
  /** Bytes of the largest packet that fits everywhere. */
  readonly lengthMax: number;
  /** How often the time to live is counted down. */
  readonly hops: number;
  readonly tracked: readonly TrackedGate[];
  readonly untracked: readonly UntrackedGate[];
  readonly rewritten: Rewritten | undefined;
}

/**
 * One flow: all that tables can tell packets apart by, where `isCacheable` holds, and its way. One
 * flat object, because with many flows each further one is a wait for memory.
 */
export class CachedFlow {
  readonly hash: number;
  readonly start: Station;
  readonly nextHop: InterfaceNode | undefined;
  readonly family: number;
  readonly protocol: number;
  readonly ports: number;
  readonly icmp: number;
  // As signed numbers, which are stored in place.
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
  readonly s3: number;
  readonly d0: number;
  readonly d1: number;
  readonly d2: number;
  readonly d3: number;
  generation = 0;
  next: CachedFlow | undefined = undefined;

  lengthMax = 0;
  hops = 0;
  exit: Exit | undefined = undefined;
  /** Most ways have two gates that track, or none. */
  first: Session | undefined = undefined;
  firstDirection: Direction = 'egress';
  second: Session | undefined = undefined;
  secondDirection: Direction = 'egress';
  others: readonly TrackedGate[] | undefined = undefined;
  untracked: readonly UntrackedGate[] | undefined = undefined;
  rewritten: Rewritten | undefined = undefined;

  /** The flow of a packet that is about to walk from `start`. */
  constructor(start: Station, packet: Packet) {
    this.hash = hashOf(start, packet);
    this.start = start;
    this.nextHop = packet.nextHop;
    this.family = packet.family;
    this.protocol = packet.protocol;
    this.ports = portsOf(packet);
    this.icmp = icmpOf(packet);
    this.s0 = packet.s0 | 0;
    this.s1 = packet.s1 | 0;
    this.s2 = packet.s2 | 0;
    this.s3 = packet.s3 | 0;
    this.d0 = packet.d0 | 0;
    this.d1 = packet.d1 | 0;
    this.d2 = packet.d2 | 0;
    this.d3 = packet.d3 | 0;
  }
}

const BUCKETS_MIN = 1024;

export class FlowCache {
  readonly #limit: number;
  readonly #exits = new Map<string, Exit>();
  #buckets = emptyBuckets(BUCKETS_MIN);
  #size = 0;
  #generation = 0;

  constructor(limit: number = CACHED_FLOWS_MAX) {
    this.#limit = limit;
  }

  /** Flows that are kept, those included that no longer hold. */
  get size(): number {
    return this.#size;
  }

  /** Nothing that is known now holds any longer. */
  invalidate(): void {
    this.#generation += 1;
    this.#exits.clear();
  }

  find(start: Station, packet: Packet): CachedFlow | undefined {
    const hash = hashOf(start, packet);
    let flow = this.#buckets[hash & (this.#buckets.length - 1)];
    while (flow !== undefined) {
      if (flow.hash === hash && flow.generation === this.#generation) {
        if (isFor(flow, start, packet)) return flow;
      }
      flow = flow.next;
    }
    return undefined;
  }

  /** Keeps the way of a flow that had none, or none that still holds. */
  add(flow: CachedFlow, way: FlowWay): void {
    if (this.#size >= this.#limit) this.#forgetAll();
    else if (this.#size >= this.#buckets.length) this.#grow();
    const [first, second, ...others] = way.tracked;
    flow.generation = this.#generation;
    flow.exit = this.#exit(way);
    flow.lengthMax = way.lengthMax;
    flow.hops = way.hops;
    flow.first = first?.session;
    flow.firstDirection = first?.direction ?? 'egress';
    flow.second = second?.session;
    flow.secondDirection = second?.direction ?? 'egress';
    flow.others = others.length === 0 ? undefined : others;
    flow.untracked = way.untracked.length === 0 ? undefined : way.untracked;
    flow.rewritten = way.rewritten;
    this.#link(flow);
  }

  /** Puts a flow in the place of what has become void, and of what it replaces. */
  #link(flow: CachedFlow): void {
    const index = flow.hash & (this.#buckets.length - 1);
    let kept: CachedFlow | undefined;
    let count = 1;
    for (let other = this.#buckets[index]; other !== undefined; ) {
      const after: CachedFlow | undefined = other.next;
      const holds = other.generation === this.#generation && !isSame(other, flow);
      if (holds && count < HASH_CHAIN_MAX) {
        other.next = kept;
        kept = other;
        count += 1;
      } else this.#size -= 1;
      other = after;
    }
    flow.next = kept;
    this.#buckets[index] = flow;
    this.#size += 1;
  }

  /** One object for all flows that leave by the same exit. */
  #exit({ to, mac }: FlowWay): Exit {
    const key = endpointKey(to);
    let exit = this.#exits.get(key);
    if (exit === undefined) {
      exit = { to, mac };
      this.#exits.set(key, exit);
    }
    return exit;
  }

  #grow(): void {
    const old = this.#buckets;
    this.#buckets = emptyBuckets(old.length * 2);
    const mask = this.#buckets.length - 1;
    for (const bucket of old) {
      for (let flow = bucket; flow !== undefined; ) {
        const after: CachedFlow | undefined = flow.next;
        flow.next = this.#buckets[flow.hash & mask];
        this.#buckets[flow.hash & mask] = flow;
        flow = after;
      }
    }
  }

  #forgetAll(): void {
    this.#buckets = emptyBuckets(BUCKETS_MIN);
    this.#exits.clear();
    this.#size = 0;
  }
}

function emptyBuckets(count: number): (CachedFlow | undefined)[] {
  return new Array<CachedFlow | undefined>(count).fill(undefined);
}

/**
 * Whether what happens to a packet follows from its flow: no tracking begins or ends with it, and
 * it arrives in one place.
 */
export function isCacheable(packet: Packet): boolean {
  return !packet.isFragment && !hasSyn(packet) && !isIcmpError(packet) && !isToGroup(packet);
}

/**
 * Takes a packet its way at once; false, and nothing has happened, where it has to walk: it is too
 * large or too old, or a gate has to look again.
 */
export function carryAlong(
  flow: CachedFlow,
  packet: Packet,
  sessions: SessionTable,
  now: number,
): boolean {
  const { first, second, others, untracked, rewritten } = flow;
  if (packet.length > flow.lengthMax || packet.ttl <= flow.hops) return false;
  if (first !== undefined && !isLive(first, now)) return false;
  if (second !== undefined && !isLive(second, now)) return false;
  if (others?.some(({ session }) => !isLive(session, now))) return false;
  if (untracked?.some((gate) => isTracked(gate, sessions, now))) return false;
  if (first !== undefined) touch(first, flow.firstDirection, packet, now);
  if (second !== undefined) touch(second, flow.secondDirection, packet, now);
  if (others !== undefined) {
    for (const { session, direction } of others) touch(session, direction, packet, now);
  }
  packet.ttl -= flow.hops;
  if (rewritten !== undefined) Object.assign(packet, rewritten);
  return true;
}

function isLive(session: Session, now: number): boolean {
  return session.live && session.expiresAt > now;
}

function isTracked(
  { scope, direction, packet }: UntrackedGate,
  sessions: SessionTable,
  now: number,
): boolean {
  return sessions.find(scope, direction, packet, now) !== undefined;
}

function hashOf(start: Station, packet: Packet): number {
  const { s0, s1, s2, s3, d0, d1, d2, d3, protocol } = packet;
  let hash = mix(start.id, protocol);
  hash = mix(hash, portsOf(packet));
  hash = mix(hash, s0 ^ s1 ^ s2 ^ s3);
  return mix(hash, d0 ^ d1 ^ d2 ^ d3) | 0;
}

function portsOf({ sourcePort, destinationPort }: Packet): number {
  return (sourcePort << 16) | destinationPort;
}

function icmpOf({ icmpType, icmpCode }: Packet): number {
  return (icmpType << 8) | icmpCode;
}

function isFor(flow: CachedFlow, start: Station, packet: Packet): boolean {
  return (
    flow.start === start &&
    flow.ports === portsOf(packet) &&
    flow.s0 === (packet.s0 | 0) &&
    flow.d0 === (packet.d0 | 0) &&
    flow.nextHop === packet.nextHop &&
    flow.protocol === packet.protocol &&
    flow.icmp === icmpOf(packet) &&
    flow.family === packet.family &&
    flow.s1 === (packet.s1 | 0) &&
    flow.s2 === (packet.s2 | 0) &&
    flow.s3 === (packet.s3 | 0) &&
    flow.d1 === (packet.d1 | 0) &&
    flow.d2 === (packet.d2 | 0) &&
    flow.d3 === (packet.d3 | 0)
  );
}

function isSame(a: CachedFlow, b: CachedFlow): boolean {
  return (
    a.hash === b.hash &&
    a.start === b.start &&
    a.nextHop === b.nextHop &&
    a.family === b.family &&
    a.protocol === b.protocol &&
    a.ports === b.ports &&
    a.icmp === b.icmp &&
    a.s0 === b.s0 &&
    a.s1 === b.s1 &&
    a.s2 === b.s2 &&
    a.s3 === b.s3 &&
    a.d0 === b.d0 &&
    a.d1 === b.d1 &&
    a.d2 === b.d2 &&
    a.d3 === b.d3
  );
}
