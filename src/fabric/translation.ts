/** Masquerading: many inside flows behind one address, each with a port of its own (RFC 3022). */
import { isIpv4 } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { IDLE_SECONDS, TRANSLATIONS_MAX } from './limits.ts';
import { isEcho, type Packet } from './packet.ts';
import type { Masquerade } from './table.ts';

type Limbs = readonly [number, number, number, number];

interface Translation {
  readonly insideKey: string;
  readonly outsideKey: string;
  readonly inside: Limbs;
  readonly insidePort: number;
  readonly outsidePort: number;
  /** Milliseconds on the cloud's clock. */
  expiresAt: number;
}

const PORT_MIN = 1024;
const PORT_MAX = 65535;
/** UDP and ICMP; TCP as its tracked sessions. */
const IDLE_MILLIS = {
  tcp: IDLE_SECONDS.tcpEstablished * 1000,
  other: IDLE_SECONDS.udpStream * 1000,
};

/** Two keys a flow, inside and outside, scoped by the translator: equal ranges never meet. */
export class TranslationTable {
  readonly #inside = new Map<string, Translation>();
  readonly #outside = new Map<string, Translation>();

  get size(): number {
    return this.#inside.size;
  }

  /** Rewrites an outgoing packet's source; false where its kind has no translation. */
  masquerade(packet: Packet, by: Masquerade, now: number): boolean {
    const address = packet.family === 4 ? by.address4 : by.address6;
    if (address === undefined || !hasPorts(packet)) return false;
    const outside: Limbs = isIpv4(address) ? [address, 0, 0, 0] : address;
    const insideKey = keyOf(
      by,
      packet.protocol,
      sourceOf(packet),
      packet.sourcePort,
      packet,
      false,
    );
    let translation = this.#live(this.#inside.get(insideKey), now);
    if (translation === undefined) {
      translation = this.#bind(packet, by, outside, insideKey, now);
      if (translation === undefined) return false;
    }
    translation.expiresAt = now + idle(packet.protocol);
    [packet.s0, packet.s1, packet.s2, packet.s3] = outside;
    packet.sourcePort = translation.outsidePort;
    if (isEcho(packet)) packet.destinationPort = translation.outsidePort;
    return true;
  }

  /** Rewrites a reply's destination back; false where no flow of this translator is meant. */
  restore(packet: Packet, by: Masquerade, now: number): boolean {
    if (!hasPorts(packet)) return false;
    const { d0, d1, d2, d3, destinationPort } = packet;
    const key = keyOf(by, packet.protocol, [d0, d1, d2, d3], destinationPort, packet, true);
    const translation = this.#live(this.#outside.get(key), now);
    if (translation === undefined) return false;
    translation.expiresAt = now + idle(packet.protocol);
    [packet.d0, packet.d1, packet.d2, packet.d3] = translation.inside;
    packet.destinationPort = translation.insidePort;
    if (isEcho(packet)) packet.sourcePort = translation.insidePort;
    return true;
  }

  clear(): void {
    this.#inside.clear();
    this.#outside.clear();
  }

  /** Keeps the flow's own port where it is free, as Linux does; else the next free one. */
  #bind(
    packet: Packet,
    by: Masquerade,
    outside: Limbs,
    insideKey: string,
    now: number,
  ): Translation | undefined {
    const wanted = Math.max(PORT_MIN, packet.sourcePort);
    const span = PORT_MAX - PORT_MIN + 1;
    for (let step = 0; step < span; step++) {
      const outsidePort = PORT_MIN + ((wanted - PORT_MIN + step) % span);
      const outsideKey = keyOf(by, packet.protocol, outside, outsidePort, packet, false);
      if (this.#live(this.#outside.get(outsideKey), now)) continue;
      const inside = sourceOf(packet);
      const insidePort = packet.sourcePort;
      const made = { insideKey, outsideKey, inside, insidePort, outsidePort, expiresAt: now };
      if (this.#inside.size >= TRANSLATIONS_MAX) this.#forget(this.#inside.values().next().value!);
      this.#inside.set(insideKey, made);
      this.#outside.set(outsideKey, made);
      return made;
    }
    return undefined;
  }

  #live(translation: Translation | undefined, now: number): Translation | undefined {
    if (translation === undefined || translation.expiresAt > now) return translation;
    this.#forget(translation);
    return undefined;
  }

  #forget({ insideKey, outsideKey }: Translation): void {
    this.#inside.delete(insideKey);
    this.#outside.delete(outsideKey);
  }
}

function hasPorts(packet: Packet): boolean {
  return packet.protocol === PROTOCOL.tcp || packet.protocol === PROTOCOL.udp || isEcho(packet);
}

function idle(protocol: number): number {
  return protocol === PROTOCOL.tcp ? IDLE_MILLIS.tcp : IDLE_MILLIS.other;
}

function sourceOf({ s0, s1, s2, s3 }: Packet): Limbs {
  return [s0, s1, s2, s3];
}

/** The near end, and the far end as the packet names it: source of a reply, else destination. */
function keyOf(
  by: Masquerade,
  protocol: number,
  near: Limbs,
  nearPort: number,
  packet: Packet,
  reply: boolean,
): string {
  const { s0, s1, s2, s3, d0, d1, d2, d3, sourcePort, destinationPort } = packet;
  // An echo has one identifier for both ends: it belongs to the near key alone.
  const farPort = isEcho(packet) ? 0 : reply ? sourcePort : destinationPort;
  const far = reply ? [s0, s1, s2, s3] : [d0, d1, d2, d3];
  return `${by.scope}|${protocol}|${near.join('.')}|${nearPort}|${far.join('.')}|${farPort}`;
}
