/**
 * Tracked flows of the group gates. A session outlives compilations: it is keyed by the interface's
 * stable scope, not by its station. One interface's flow has one key in both directions.
 */
import { mix } from '../net/hash.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { HASH_CHAIN_MAX, IDLE_SECONDS, SESSIONS_MAX } from './limits.ts';
import { isIcmp, isSyn, type Packet, TCP_FIN, TCP_RST } from './packet.ts';
import type { Direction } from './station.ts';
import type { Rule } from './table.ts';

/** Where keys are unique: one an interface. Idle seconds change with its settings. */
export interface SessionScope {
  readonly number: number;
  tcpEstablished: number;
  udp: number;
  udpStream: number;
}

let lastScope = 0;

export function newScope(): SessionScope {
  const { tcpEstablished, udp, udpStream } = IDLE_SECONDS;
  return { number: ++lastScope, tcpEstablished, udp, udpStream };
}

/** Seen from the interface: the local end is the guest's. */
export interface Session {
  readonly scope: SessionScope;
  readonly hash: number;
  readonly local: readonly [number, number, number, number];
  readonly remote: readonly [number, number, number, number];
  readonly protocol: number;
  readonly localPort: number;
  readonly remotePort: number;
  /** The direction of the packet that opened the flow. */
  readonly opened: Direction;
  /** What lets its packets pass: cites the rule that opened the flow. */
  readonly pass: Rule;
  replied: boolean;
  /** Packets after the first reply: a UDP flow with some is a stream. */
  stream: boolean;
  closed: boolean;
  /** Until the table forgets it. */
  live: boolean;
  /** Where a choice is kept for the flow's life: the number of what was chosen. */
  choice: number;
  /** Milliseconds on the cloud's clock. */
  expiresAt: number;
}

/** How many chains each new flow looks through for expired ones: as many leave as come. */
const SWEEP = 2;

export class SessionTable {
  readonly #limit: number;
  /** Sessions by hash, the oldest chain first. */
  readonly #buckets = new Map<number, Session[]>();
  #sweep: Iterator<Session[]> = this.#buckets.values();
  #size = 0;

  constructor(limit: number = SESSIONS_MAX) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * The live session of a packet, or undefined. An expired one is forgotten; so is one that ended
   * when its ports are used anew: the rules judge the new connection.
   */
  find(
    scope: SessionScope,
    direction: Direction,
    packet: Packet,
    now: number,
  ): Session | undefined {
    const hash = hashOf(scope, direction, packet);
    const bucket = this.#buckets.get(hash);
    if (bucket === undefined) return undefined;
    for (const session of bucket) {
      if (!isFor(session, scope, direction, packet)) continue;
      if (session.expiresAt > now && !(session.closed && isSyn(packet))) return session;
      this.#remove(session);
      return undefined;
    }
    return undefined;
  }

  /** Remembers a flow that `rule` has just let pass. */
  open(
    scope: SessionScope,
    direction: Direction,
    packet: Packet,
    rule: Rule,
    now: number,
  ): Session {
    this.#makeRoom(now);
    const { s0, s1, s2, s3, d0, d1, d2, d3, protocol, sourcePort, destinationPort } = packet;
    const egress = direction === 'egress';
    const session: Session = {
      scope,
      hash: hashOf(scope, direction, packet),
      local: egress ? [s0, s1, s2, s3] : [d0, d1, d2, d3],
      remote: egress ? [d0, d1, d2, d3] : [s0, s1, s2, s3],
      protocol,
      localPort: egress ? sourcePort : destinationPort,
      remotePort: egress ? destinationPort : sourcePort,
      opened: direction,
      pass: passOf(rule),
      replied: false,
      stream: false,
      closed: false,
      live: true,
      choice: 0,
      expiresAt: 0,
    };
    const chain = this.#buckets.get(session.hash);
    if (chain !== undefined && chain.length >= HASH_CHAIN_MAX) this.#remove(chain[0]!);
    const bucket = this.#buckets.get(session.hash);
    if (bucket) bucket.push(session);
    else this.#buckets.set(session.hash, [session]);
    this.#size += 1;
    touch(session, direction, packet, now);
    return session;
  }

  clear(): void {
    for (const bucket of this.#buckets.values()) for (const one of bucket) one.live = false;
    this.#buckets.clear();
    this.#size = 0;
  }

  #remove(session: Session): void {
    session.live = false;
    const left = this.#buckets.get(session.hash)?.filter((other) => other !== session);
    if (left === undefined || left.length === 0) this.#buckets.delete(session.hash);
    else this.#buckets.set(session.hash, left);
    this.#size -= 1;
  }

  /** Forgets some of what has expired; at the limit the oldest, expired or not. */
  #makeRoom(now: number): void {
    for (let count = 0; count < SWEEP && this.#size > 0; count++) {
      let next = this.#sweep.next();
      if (next.done) {
        this.#sweep = this.#buckets.values();
        next = this.#sweep.next();
      }
      for (const session of next.value ?? []) if (session.expiresAt <= now) this.#remove(session);
    }
    if (this.#size < this.#limit) return;
    const oldest = this.#buckets.values().next().value?.[0];
    if (oldest) this.#remove(oldest);
  }
}

/** One for all flows that a rule lets pass. */
const passes = new WeakMap<Rule, Rule>();

function passOf(rule: Rule): Rule {
  let pass = passes.get(rule);
  if (pass === undefined) {
    const { cites, resource } = rule;
    pass = {
      match: {},
      actions: [{ do: 'next' }],
      cites: { ...cites, tracked: true },
      ...(resource !== undefined && { resource }),
    };
    passes.set(rule, pass);
  }
  return pass;
}

/** A packet of the flow has passed: its idle time begins anew. */
export function touch(session: Session, direction: Direction, packet: Packet, now: number): void {
  if (session.replied) session.stream = true;
  if (direction !== session.opened) session.replied = true;
  if (packet.protocol === PROTOCOL.tcp && (packet.tcpFlags & (TCP_FIN | TCP_RST)) !== 0) {
    session.closed = true;
  }
  session.expiresAt = now + idleSeconds(session) * 1000;
}

function idleSeconds({ scope, protocol, replied, stream, closed }: Session): number {
  if (protocol === PROTOCOL.tcp) {
    if (closed) return IDLE_SECONDS.tcpClosed;
    return replied ? scope.tcpEstablished : IDLE_SECONDS.tcpHandshake;
  }
  if (protocol === PROTOCOL.udp) return stream ? scope.udpStream : scope.udp;
  return isIcmp(protocol) ? IDLE_SECONDS.icmp : IDLE_SECONDS.other;
}

/** Signed: a map holds such numbers in place. */
function hashOf({ number }: SessionScope, direction: Direction, packet: Packet): number {
  const { s0, s1, s2, s3, d0, d1, d2, d3, protocol, sourcePort, destinationPort } = packet;
  let hash = mix(number, protocol);
  if (direction === 'egress') {
    hash = mix(mix(hash, sourcePort), destinationPort);
    hash = mix(mix(hash, s0 ^ s1 ^ s2), s3);
    return mix(mix(hash, d0 ^ d1 ^ d2), d3) | 0;
  }
  hash = mix(mix(hash, destinationPort), sourcePort);
  hash = mix(mix(hash, d0 ^ d1 ^ d2), d3);
  return mix(mix(hash, s0 ^ s1 ^ s2), s3) | 0;
}

function isFor(session: Session, scope: SessionScope, direction: Direction, packet: Packet) {
  if (session.scope !== scope || session.protocol !== packet.protocol) return false;
  const { s0, s1, s2, s3, d0, d1, d2, d3, sourcePort, destinationPort } = packet;
  const { local, remote, localPort, remotePort } = session;
  if (direction === 'egress') {
    return (
      localPort === sourcePort &&
      remotePort === destinationPort &&
      isAddress(local, s0, s1, s2, s3) &&
      isAddress(remote, d0, d1, d2, d3)
    );
  }
  return (
    localPort === destinationPort &&
    remotePort === sourcePort &&
    isAddress(local, d0, d1, d2, d3) &&
    isAddress(remote, s0, s1, s2, s3)
  );
}

function isAddress(limbs: Session['local'], a: number, b: number, c: number, d: number): boolean {
  return limbs[0] === a && limbs[1] === b && limbs[2] === c && limbs[3] === d;
}
