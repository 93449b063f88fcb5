/**
 * Fragments: later ones have no ports, so they follow their packet's first one through the tables;
 * and a packet that is too large for its path, and may be, is cut (RFC 791 section 3.2).
 */
import { mix } from '../net/hash.ts';
import { ETHERNET_HEADER_LENGTH } from '../wire/ethernet.ts';
import { Ipv4View } from '../wire/ipv4.ts';
import type { Frame } from './frame.ts';
import { FRAGMENT_MILLIS, FRAGMENTED_PACKETS_MAX } from './limits.ts';
import type { Packet } from './packet.ts';

interface FirstFragment {
  readonly source: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly tcpFlags: number;
  /** Milliseconds on the cloud's clock. */
  readonly expiresAt: number;
}

export class FragmentTracker {
  readonly #firsts = new Map<number, FirstFragment>();

  /** Gives a fragment its packet's ports; false for one whose first fragment was not seen. */
  complete(frame: Frame, packet: Packet, now: number): boolean {
    const { s0, s1, s2, s3, d0, d1, d2, d3, protocol } = packet;
    const fields = [s0, s1, s2, s3, d0, d1, d2, d3, protocol, frame.identification];
    const source = fields.join('|');
    const key = fields.reduce(mix, 0);
    if (!frame.laterFragment) {
      const { sourcePort, destinationPort, icmpType, icmpCode, tcpFlags } = packet;
      const ports = { sourcePort, destinationPort, icmpType, icmpCode, tcpFlags };
      this.#remember(key, { source, ...ports, expiresAt: now + FRAGMENT_MILLIS });
      return true;
    }
    const first = this.#firsts.get(key);
    if (first === undefined || first.source !== source || first.expiresAt <= now) return false;
    packet.sourcePort = first.sourcePort;
    packet.destinationPort = first.destinationPort;
    packet.icmpType = first.icmpType;
    packet.icmpCode = first.icmpCode;
    packet.tcpFlags = first.tcpFlags;
    return true;
  }

  #remember(key: number, first: FirstFragment): void {
    if (this.#firsts.size >= FRAGMENTED_PACKETS_MAX) {
      this.#firsts.delete(this.#firsts.keys().next().value!);
    }
    this.#firsts.set(key, first);
  }
}

/** Cuts an IPv4 frame, maybe a part already, into frames of packets of at most `mtu` bytes. */
export function fragmentFrame(frame: Uint8Array, mtu: number): Uint8Array[] {
  const whole = new Ipv4View();
  whole.wrap(frame, ETHERNET_HEADER_LENGTH);
  const header = whole.headerLength;
  const payload = frame.subarray(whole.payloadOffset, whole.end);
  const step = Math.floor((mtu - header) / 8) * 8;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += step) {
    const piece = payload.subarray(at, at + step);
    const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + header + piece.length);
    bytes.set(frame.subarray(0, whole.payloadOffset));
    bytes.set(piece, whole.payloadOffset);
    const view = new Ipv4View();
    view.wrapQuoted(bytes, ETHERNET_HEADER_LENGTH, bytes.length);
    view.totalLength = header + piece.length;
    view.fragmentOffset = whole.fragmentOffset + at;
    view.moreFragments = whole.moreFragments || at + piece.length < payload.length;
    view.fillChecksum();
    parts.push(bytes);
  }
  return parts;
}
