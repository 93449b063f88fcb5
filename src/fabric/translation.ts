/** Masquerading: many inside flows behind few addresses, each with a port of its own (RFC 3022). */
import { mix } from '../net/hash.ts';
import { type Family, familyOf, type Ip, ipEquals, isIpv4 } from '../net/ip.ts';
import { ipv4 } from '../net/ipv4.ts';
import { ipv6 } from '../net/ipv6.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { TRANSLATIONS_MAX } from './limits.ts';
import { becomeIpv4, becomeIpv6, embed, embedded } from './nat64.ts';
import { isEcho, isIcmp, isSyn, type Packet } from './packet.ts';
import type { Quoted } from './quoted.ts';
import type { Reason } from './reason.ts';
import type { Masquerade } from './table.ts';

type Limbs = readonly [number, number, number, number];

/** One end of a flow, and the other as that end names it. */
interface Ends {
  readonly family: Family;
  readonly near: Limbs;
  readonly nearPort: number;
  readonly far: Limbs;
  /** Zero for an echo: it has one identifier for both ends, which belongs to the near one. */
  readonly farPort: number;
}

interface Binding {
  readonly scope: number;
  readonly protocol: number;
  readonly inside: Ends;
  readonly outside: Ends;
  readonly insideHash: number;
  readonly outsideHash: number;
  /** The flows of its address to its destination. */
  readonly peers: Peers;
  /** Milliseconds on the cloud's clock. */
  expiresAt: number;
}

/** The flows of one address to one destination, port and protocol. */
interface Peers {
  readonly key: string;
  readonly bindings: Set<Binding>;
  /** None of them has expired before that: milliseconds on the cloud's clock. */
  liveUntil: number;
}

type Side = 'inside' | 'outside';

const PORT_MIN = 1024;
const PORT_MAX = 65535;
const PORTS = PORT_MAX - PORT_MIN + 1;
/** How many old flows each new one looks at: as many leave as come. */
const SWEEP = 2;

/** Two keys a flow, inside and outside, scoped by the translator: equal ranges never meet. */
export class TranslationTable {
  readonly #inside = new Map<number, Binding[]>();
  readonly #outside = new Map<number, Binding[]>();
  readonly #peers = new Map<string, Peers>();
  #sweep: Iterator<Binding[]> = this.#inside.values();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Rewrites an outgoing packet's source, or says why it has no translation. */
  masquerade(packet: Packet, by: Masquerade, now: number): Reason | undefined {
    if (packet.quoted !== undefined) return this.#masqueradeError(packet, packet.quoted, by, now);
    if (!hasPorts(packet)) return 'PROTOCOL_RESTRICTION';
    const inside = endsOf(packet, false);
    const protocol = flowProtocol(packet);
    let binding = this.#find('inside', by, protocol, inside, now);
    if (binding === undefined) {
      // the middle of a connection that is not known, or no longer.
      if (by.resets && packet.protocol === PROTOCOL.tcp && !isSyn(packet))
        return 'NGW_IDLE_TIMEOUT';
      const bound = this.#bind(protocol, inside, by, now);
      if (typeof bound === 'string') return bound;
      binding = bound;
    }
    binding.expiresAt = now + idleMillis(by, protocol);
    const { family, near, nearPort, far } = binding.outside;
    if (family !== packet.family) becomeIpv4(packet, ipOf(family, near), ipOf(family, far));
    else [packet.s0, packet.s1, packet.s2, packet.s3] = near;
    packet.sourcePort = nearPort;
    if (isEcho(packet)) packet.destinationPort = nearPort;
    return undefined;
  }

  /**
   * Rewrites a reply's destination back. False where no flow of this translator is meant; the
   * reason where it is, and cannot be served.
   */
  restore(packet: Packet, by: Masquerade, now: number): boolean | Reason {
    if (packet.quoted !== undefined) return this.#restoreError(packet, packet.quoted, by, now);
    if (!hasPorts(packet)) return false;
    const protocol = flowProtocol(packet);
    const binding = this.#find('outside', by, protocol, endsOf(packet, true), now);
    if (binding === undefined) return false;
    const { family, near, nearPort, far } = binding.inside;
    if (family !== packet.family) {
      // A-097, RFC 7915: nothing in pieces changes its family here.
      if (packet.isFragment || packet.fragmentTo > 0) return 'NGW_FRAGMENTS_NOT_SUPPORTED';
      becomeIpv6(packet, ipOf(family, far), ipOf(family, near));
    } else [packet.d0, packet.d1, packet.d2, packet.d3] = near;
    binding.expiresAt = now + idleMillis(by, protocol);
    packet.destinationPort = nearPort;
    if (isEcho(packet)) packet.sourcePort = nearPort;
    return true;
  }

  clear(): void {
    this.#inside.clear();
    this.#outside.clear();
    this.#peers.clear();
    this.#size = 0;
  }

  /** An error from inside about a packet that came in: the flow is the one it quotes. */
  #masqueradeError(packet: Packet, quoted: Quoted, by: Masquerade, now: number) {
    const inside = quotedEnds(quoted, false);
    const binding = this.#find('inside', by, flowProtocol(quoted), inside, now);
    if (binding === undefined) return 'PROTOCOL_RESTRICTION';
    const { family, near, nearPort, far } = binding.outside;
    const source = ipOf(family, near);
    if (family === packet.family) packet.source = source;
    else if (!becomeIpv4(packet, source, embedded(packet.destination))) {
      return 'PROTOCOL_RESTRICTION';
    }
    quoted.destination = source;
    quoted.destinationPort = nearPort;
    quoted.source = ipOf(family, far);
    if (isIcmp(quoted.protocol)) {
      quoted.sourcePort = nearPort;
      quoted.protocol = packet.protocol;
    }
    return undefined;
  }

  /** An error about a packet that went out: the flow is the one it quotes. */
  #restoreError(packet: Packet, quoted: Quoted, by: Masquerade, now: number): boolean {
    if (!ipEquals(packet.destination, quoted.source)) return false;
    const outside = quotedEnds(quoted, true);
    const binding = this.#find('outside', by, flowProtocol(quoted), outside, now);
    if (binding === undefined) return false;
    const { family, near, nearPort, far } = binding.inside;
    const destination = ipOf(family, near);
    if (family === packet.family) packet.destination = destination;
    else if (!becomeIpv6(packet, embed(embedded(packet.source)), destination)) return false;
    quoted.source = destination;
    quoted.sourcePort = nearPort;
    quoted.destination = ipOf(family, far);
    if (isIcmp(quoted.protocol)) {
      quoted.destinationPort = nearPort;
      quoted.protocol = packet.protocol;
    }
    return true;
  }

  #find(
    side: Side,
    by: Masquerade,
    protocol: number,
    ends: Ends,
    now: number,
  ): Binding | undefined {
    const map = side === 'inside' ? this.#inside : this.#outside;
    const bucket = map.get(hashOf(by.scope, protocol, ends));
    const found = bucket?.find(
      (one) => one.scope === by.scope && one.protocol === protocol && areEqual(one[side], ends),
    );
    if (found === undefined) return undefined;
    const { family, near } = found.outside;
    // The translator may have lost the address since.
    if (found.expiresAt > now && by.own.get(ipOf(family, near)) !== undefined) return found;
    this.#forget(found);
    return undefined;
  }

  #bind(protocol: number, inside: Ends, by: Masquerade, now: number): Binding | Reason {
    const outer = by.nat64 && inside.family === 6 ? inIpv4(inside) : inside;
    const candidates: readonly Ip[] = outer.family === 4 ? by.ipv4 : by.ipv6;
    if (candidates.length === 0) return 'PROTOCOL_RESTRICTION';
    for (const address of ranked(candidates, protocol, inside)) {
      const outside = this.#freePort(protocol, { ...outer, near: limbsOf(address) }, by, now);
      if (outside === undefined) continue;
      this.#makeRoom(now);
      const binding: Binding = {
        scope: by.scope,
        protocol,
        inside,
        outside,
        insideHash: hashOf(by.scope, protocol, inside),
        outsideHash: hashOf(by.scope, protocol, outside),
        peers: this.#peersOf(by.scope, protocol, outside),
        expiresAt: now,
      };
      this.#add(binding);
      return binding;
    }
    return 'PORT_ALLOCATION_ERROR';
  }

  /** Keeps the flow's own port where it is free, as Linux does; else the next free one. */
  #freePort(protocol: number, ends: Ends, by: Masquerade, now: number): Ends | undefined {
    const peers = this.#peersOf(by.scope, protocol, ends);
    if (peers.bindings.size >= Math.min(by.flowsMax, PORTS)) this.#expire(peers, now);
    if (peers.bindings.size >= Math.min(by.flowsMax, PORTS)) return undefined;
    const wanted = Math.max(PORT_MIN, ends.nearPort);
    for (let step = 0; step < PORTS; step++) {
      const nearPort = PORT_MIN + ((wanted - PORT_MIN + step) % PORTS);
      const outside = { ...ends, nearPort };
      if (this.#find('outside', by, protocol, outside, now) === undefined) return outside;
    }
    return undefined;
  }

  #add(binding: Binding): void {
    append(this.#inside, binding.insideHash, binding);
    append(this.#outside, binding.outsideHash, binding);
    const { peers } = binding;
    peers.bindings.add(binding);
    this.#peers.set(peers.key, peers);
    this.#size += 1;
  }

  #forget(binding: Binding): void {
    remove(this.#inside, binding.insideHash, binding);
    remove(this.#outside, binding.outsideHash, binding);
    const { peers } = binding;
    peers.bindings.delete(binding);
    if (peers.bindings.size === 0) this.#peers.delete(peers.key);
    this.#size -= 1;
  }

  #peersOf(scope: number, protocol: number, { near, far, farPort }: Ends): Peers {
    const key = `${scope}|${protocol}|${near.join('.')}|${far.join('.')}|${farPort}`;
    return this.#peers.get(key) ?? { key, bindings: new Set(), liveUntil: 0 };
  }

  /** Forgets what has expired of a destination whose ports are all taken. */
  #expire(peers: Peers, now: number): void {
    if (now < peers.liveUntil) return;
    peers.liveUntil = Number.POSITIVE_INFINITY;
    for (const binding of [...peers.bindings]) {
      if (binding.expiresAt <= now) this.#forget(binding);
      else peers.liveUntil = Math.min(peers.liveUntil, binding.expiresAt);
    }
  }

  /** Forgets some of what has expired; at the limit the oldest, expired or not. */
  #makeRoom(now: number): void {
    for (let count = 0; count < SWEEP && this.#size > 0; count++) {
      let next = this.#sweep.next();
      if (next.done) {
        this.#sweep = this.#inside.values();
        next = this.#sweep.next();
      }
      for (const one of [...(next.value ?? [])]) if (one.expiresAt <= now) this.#forget(one);
    }
    if (this.#size < TRANSLATIONS_MAX) return;
    const oldest = this.#inside.values().next().value?.[0];
    if (oldest) this.#forget(oldest);
  }
}

function append(map: Map<number, Binding[]>, hash: number, binding: Binding): void {
  const bucket = map.get(hash);
  if (bucket === undefined) map.set(hash, [binding]);
  else bucket.push(binding);
}

function remove(map: Map<number, Binding[]>, hash: number, binding: Binding): void {
  const bucket = map.get(hash);
  if (bucket === undefined) return;
  if (bucket.length === 1) map.delete(hash);
  else bucket.splice(bucket.indexOf(binding), 1);
}

/** Rendezvous hashing: an address that goes or comes moves only flows of its own. */
function ranked(candidates: readonly Ip[], protocol: number, inside: Ends): readonly Ip[] {
  if (candidates.length === 1) return candidates;
  const flow = hashOf(0, protocol, inside);
  const weight = (address: Ip) => limbsOf(address).reduce(mix, flow);
  return [...candidates].sort((a, b) => weight(b) - weight(a));
}

function hasPorts(packet: Packet): boolean {
  return packet.protocol === PROTOCOL.tcp || packet.protocol === PROTOCOL.udp || isEcho(packet);
}

/** ICMP by one number: a flow of ICMPv6 may be one of ICMP outside. */
function flowProtocol({ protocol }: { readonly protocol: number }): number {
  return isIcmp(protocol) ? PROTOCOL.icmp : protocol;
}

/** The same ends with the far one's embedded address. */
function inIpv4(inside: Ends): Ends {
  return { ...inside, family: 4, far: [inside.far[3], 0, 0, 0] };
}

function idleMillis({ idleSeconds }: Masquerade, protocol: number): number {
  return (protocol === PROTOCOL.tcp ? idleSeconds.tcp : idleSeconds.other) * 1000;
}

/** The near end, and the far one as the packet names it: source of a reply, else destination. */
function endsOf(packet: Packet, reply: boolean): Ends {
  const { family, s0, s1, s2, s3, d0, d1, d2, d3, sourcePort, destinationPort } = packet;
  const source: Limbs = [s0, s1, s2, s3];
  const destination: Limbs = [d0, d1, d2, d3];
  const echo = isEcho(packet);
  return reply
    ? ends(family, destination, destinationPort, source, echo ? 0 : sourcePort)
    : ends(family, source, sourcePort, destination, echo ? 0 : destinationPort);
}

/** The same of a quoted packet; `sent`: it left by the near end. */
function quotedEnds(quoted: Quoted, sent: boolean): Ends {
  const { protocol, sourcePort, destinationPort } = quoted;
  const family = familyOf(quoted.source);
  const source = limbsOf(quoted.source);
  const destination = limbsOf(quoted.destination);
  const echo = isIcmp(protocol);
  return sent
    ? ends(family, source, sourcePort, destination, echo ? 0 : destinationPort)
    : ends(family, destination, destinationPort, source, echo ? 0 : sourcePort);
}

function ends(family: Family, near: Limbs, nearPort: number, far: Limbs, farPort: number): Ends {
  return { family, near, nearPort, far, farPort };
}

function hashOf(scope: number, protocol: number, of: Ends): number {
  const { family, near, nearPort, far, farPort } = of;
  const hash = mix(mix(mix(mix(scope, protocol), family), nearPort), farPort);
  return mix(
    mix(mix(hash, near[0] ^ near[1] ^ near[2]), near[3]),
    mix(far[0] ^ far[1] ^ far[2], far[3]),
  );
}

function areEqual(a: Ends, b: Ends): boolean {
  return (
    a.family === b.family &&
    a.nearPort === b.nearPort &&
    a.farPort === b.farPort &&
    areSame(a.near, b.near) &&
    areSame(a.far, b.far)
  );
}

function areSame(a: Limbs, b: Limbs): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

function limbsOf(address: Ip): Limbs {
  return isIpv4(address) ? [address, 0, 0, 0] : address;
}

function ipOf(family: Family, [a, b, c, d]: Limbs): Ip {
  return family === 4 ? ipv4(a) : ipv6(a, b, c, d);
}
