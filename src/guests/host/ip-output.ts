/** Packets to frames: IP and Ethernet headers, fragments where a packet is too long. */
import { isIpv4 } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { type Mac, mac } from '../../net/mac.ts';
import { ETHERTYPE } from '../../net/protocol.ts';
import { ETHERNET_HEADER_LENGTH, emitEthernet } from '../../wire/ethernet.ts';
import { emitIpv4Header, IPV4_HEADER_LENGTH, ipv4Header } from '../../wire/ipv4.ts';
import { emitIpv6Header, IPV6_HEADER_LENGTH, ipv6Header } from '../../wire/ipv6.ts';
import {
  emitIpv6Fragment,
  IPV6_EXTENSION,
  IPV6_FRAGMENT_HEADER_LENGTH,
} from '../../wire/ipv6-extension.ts';
import type { IpPacket, OutgoingPacket } from './packet.ts';

export interface Framing {
  /** The sender's Ethernet address. */
  readonly mac: Mac;
  /** Octets of one IP packet on the link. */
  readonly mtu: number;
  /** Octets on the whole path, as far as known; at most `mtu`. */
  readonly pathMtu: number;
  /** For fragments, and for packets that routers may fragment. */
  readonly identification: number;
}

interface Piece {
  readonly offset: number;
  readonly end: number;
  readonly more: boolean;
}

const UNADDRESSED = mac(0);
const PACKET_MAX = 65_535;
const NO_OPTIONS = new Uint8Array(0);

function frame(etherType: number, size: number, source: Mac): Uint8Array {
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + size);
  emitEthernet({ destination: UNADDRESSED, source, etherType }, bytes);
  return bytes;
}

/** Cuts `length` octets into pieces of at most `room`, all but the last a multiple of eight. */
function cut(length: number, room: number): Piece[] {
  const step = room - (room % 8);
  const pieces: Piece[] = [];
  for (let offset = 0; offset < length; offset += step) {
    const end = Math.min(length, offset + step);
    pieces.push({ offset, end, more: end < length });
  }
  return pieces;
}

/**
 * The frames, their destination blank, that carry a packet; undefined when it is too long for
 * the link and must not be fragmented.
 */
export function framesOf(packet: OutgoingPacket, framing: Framing): Uint8Array[] | undefined {
  const { source, destination } = packet;
  return isIpv4(destination)
    ? frames4(packet, source as Ipv4, destination, framing)
    : frames6(packet, source as Ipv6, destination as Ipv6, framing);
}

function frames4(packet: OutgoingPacket, source: Ipv4, destination: Ipv4, framing: Framing) {
  const { payload, protocol, ttl, dontFragment, options = NO_OPTIONS } = packet;
  const headerLength = IPV4_HEADER_LENGTH + options.length;
  const total = headerLength + payload.length;
  if (total > PACKET_MAX || (dontFragment && total > framing.mtu)) return undefined;
  const room = dontFragment ? payload.length : framing.pathMtu - headerLength;
  const whole = { offset: 0, end: payload.length, more: false };
  const pieces = payload.length <= room ? [whole] : cut(payload.length, room);
  return pieces.map(({ offset, end, more }) => {
    const bytes = frame(ETHERTYPE.ipv4, headerLength + end - offset, framing.mac);
    const header = ipv4Header({
      source,
      destination,
      protocol,
      ttl,
      dontFragment,
      // RFC 6864: meaningful only where a packet can be fragmented.
      identification: dontFragment ? 0 : framing.identification & 0xffff,
      moreFragments: more,
      fragmentOffset: offset,
      options,
      payloadLength: end - offset,
    });
    emitIpv4Header(header, bytes, ETHERNET_HEADER_LENGTH);
    const data = payload.subarray(offset, end);
    bytes.set(data, ETHERNET_HEADER_LENGTH + headerLength);
    return bytes;
  });
}

function frames6(packet: OutgoingPacket, source: Ipv6, destination: Ipv6, framing: Framing) {
  const { payload, dontFragment } = packet;
  const room = (dontFragment ? framing.mtu : framing.pathMtu) - IPV6_HEADER_LENGTH;
  if (payload.length <= room) return [whole6(packet, source, destination, framing.mac)];
  if (dontFragment || payload.length + IPV6_FRAGMENT_HEADER_LENGTH > PACKET_MAX) return undefined;
  return cut(payload.length, room - IPV6_FRAGMENT_HEADER_LENGTH).map((piece) =>
    fragment6(packet, source, destination, framing, piece),
  );
}

function whole6(packet: IpPacket, source: Ipv6, destination: Ipv6, from: Mac): Uint8Array {
  const { payload, protocol, ttl } = packet;
  const bytes = frame(ETHERTYPE.ipv6, IPV6_HEADER_LENGTH + payload.length, from);
  const payloadLength = payload.length;
  emitIpv6Header(
    ipv6Header({ source, destination, nextHeader: protocol, hopLimit: ttl, payloadLength }),
    bytes,
    ETHERNET_HEADER_LENGTH,
  );
  bytes.set(payload, ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH);
  return bytes;
}

function fragment6(
  packet: IpPacket,
  source: Ipv6,
  destination: Ipv6,
  framing: Framing,
  { offset, end, more }: Piece,
): Uint8Array {
  const payload = new Uint8Array(IPV6_FRAGMENT_HEADER_LENGTH + end - offset);
  const { identification } = framing;
  emitIpv6Fragment(
    { nextHeader: packet.protocol, fragmentOffset: offset, moreFragments: more, identification },
    payload,
  );
  payload.set(packet.payload.subarray(offset, end), IPV6_FRAGMENT_HEADER_LENGTH);
  const piece = { ...packet, protocol: IPV6_EXTENSION.fragment, payload };
  return whole6(piece, source, destination, framing.mac);
}

/** A packet put together again, from its IP header on; undefined when it is too long for one. */
export function joinedPacket(packet: IpPacket): Uint8Array | undefined {
  const whole = { ...packet, dontFragment: true };
  const limits = { mac: UNADDRESSED, mtu: PACKET_MAX, pathMtu: PACKET_MAX, identification: 0 };
  const frames = framesOf(whole, limits);
  return frames?.[0]?.subarray(ETHERNET_HEADER_LENGTH);
}
