/**
 * GRE tunnels (H-086): a packet's header on the way in and out. Its bytes follow where the fabric
 * has some (`gre-frame.ts`).
 */
import { familyOf, type Ip } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { GRE_HEADER_LENGTH } from '../wire/gre.ts';
import { HEADER_BYTES, isToGroup, Packet } from './packet.ts';
import type { Reason } from './reason.ts';

/** One direction of it. */
export interface GreTunnel {
  readonly source: Ip;
  readonly destination: Ip;
}

/** By how much a packet grows, by the family outside, in bytes. */
const GRE_OVERHEAD = {
  4: HEADER_BYTES[4] + GRE_HEADER_LENGTH,
  6: HEADER_BYTES[6] + GRE_HEADER_LENGTH,
} as const;
/** 16 bits of length, which do not count IPv6's header. */
const LENGTH_MAX = { 4: 65_535, 6: 65_535 + HEADER_BYTES[6] } as const;
const TUNNEL_TTL = 64;

/** Whether a packet may enter, or why not. */
export function wrapping(packet: Packet, { destination }: GreTunnel): 'wrap' | Reason {
  // C-121: what is for many goes into no tunnel.
  if (isToGroup(packet)) return 'MULTICAST_NOT_SUPPORTED';
  const family = familyOf(destination);
  // C-129: what does not fit would have to be cut.
  const fits = packet.length + GRE_OVERHEAD[family] <= LENGTH_MAX[family];
  return fits && packet.fragmentTo === 0 ? 'wrap' : 'MTU_EXCEEDED';
}

/** Whether a packet may leave, or why not: only whole GRE packets have something to give. */
export function unwrapping(packet: Packet): 'unwrap' | Reason {
  if (isToGroup(packet)) return 'MULTICAST_NOT_SUPPORTED';
  if (packet.protocol !== PROTOCOL.gre) return 'GRE_MALFORMED';
  if (packet.isFragment || packet.fragmentTo > 0) return 'GRE_FRAGMENTS_NOT_SUPPORTED';
  return packet.inner === undefined ? 'GRE_MALFORMED' : 'unwrap';
}

/**
 * The packet becomes the payload of a new one. That is never cut, which AWS's gateways would not
 * take (C-129): like Linux and unlike Cisco, whatever the packet inside allows.
 */
export function wrapHeader(packet: Packet, { source, destination }: GreTunnel): void {
  const outer = new Packet();
  outer.family = familyOf(destination);
  outer.source = source;
  outer.destination = destination;
  outer.protocol = PROTOCOL.gre;
  outer.ttl = TUNNEL_TTL;
  outer.length = packet.length + GRE_OVERHEAD[outer.family];
  outer.dontFragment = true;
  outer.inner = copyOf(packet);
  packet.takeHeader(outer);
  packet.forgetSender();
}

/** The packet becomes what it carried. */
export function unwrapHeader(packet: Packet): void {
  packet.takeHeader(packet.inner!);
  packet.forgetSender();
}

export function copyOf(packet: Packet): Packet {
  return Object.assign(new Packet(), packet);
}
