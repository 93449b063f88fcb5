/** A frame in the other family (RFC 7915): a new header, and checksums that fit it. */
import { adjustChecksum, foldChecksum, pseudoHeaderSum } from '../net/checksum.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { read16, write16 } from '../wire/bytes.ts';
import { emitIcmp, ICMP_HEADER_LENGTH, ICMP_TYPE, ICMP_UNREACHABLE } from '../wire/icmp.ts';
import { emitIcmpv6, ICMPV6_TYPE } from '../wire/icmpv6.ts';
import { UdpView } from '../wire/udp.ts';
import type { Frame } from './frame.ts';
import { type Ends, ipFrame, ipHeader } from './ip-frame.ts';
import { HEADER_DIFFERENCE } from './nat64.ts';
import type { Packet } from './packet.ts';
import type { Quoted } from './quoted.ts';

const CHECKSUM_OFFSET: Readonly<Record<number, number>> = {
  [PROTOCOL.tcp]: 16,
  [PROTOCOL.udp]: 6,
  [PROTOCOL.icmp]: 2,
  [PROTOCOL.icmpv6]: 2,
};

/**
 * A new frame with what `frame` holds in the family of `packet`, whose addresses it has. Its ports
 * are still the old ones; extension headers and options are gone.
 */
export function translateFrame(frame: Frame, packet: Packet): Uint8Array {
  const body = packet.quoted
    ? translateError(frame, packet, packet.quoted)
    : translateBody(frame, packet);
  return ipFrame(frame, packet, body);
}

/** The transport's bytes with the checksum over the new pseudo-header, if it was right before. */
function translateBody(frame: Frame, packet: Packet): Uint8Array {
  const { ipv4, ipv6, upper } = frame;
  const body =
    packet.family === 6
      ? frame.bytes.slice(ipv4.payloadOffset, ipv4.end)
      : frame.bytes.slice(upper.offset, upper.end);
  const at = CHECKSUM_OFFSET[packet.protocol];
  if (at === undefined) return body;
  const before = packet.family === 6 ? ipv4 : ipv6;
  if (packet.protocol === PROTOCOL.udp && read16(body, at) === 0) {
    // RFC 7915 section 4.5: none was computed, and IPv6 needs one.
    const udp = new UdpView();
    if (udp.wrap(body)) udp.fillChecksum(packet);
    return body;
  }
  const old = pseudoWord(before, frame.protocol, body.length);
  let checksum = adjustChecksum(
    read16(body, at),
    old,
    pseudoWord(packet, packet.protocol, body.length),
  );
  if (packet.protocol === PROTOCOL.icmp || packet.protocol === PROTOCOL.icmpv6) {
    const type = (packet.icmpType << 8) | packet.icmpCode;
    checksum = adjustChecksum(checksum, read16(body, 0), type);
    write16(body, 0, type);
  }
  write16(body, at, packet.protocol === PROTOCOL.udp ? checksum || 0xffff : checksum);
  return body;
}

/** The pseudo-header as one word; ICMP of IPv4 has none. */
function pseudoWord({ source, destination }: Ends, protocol: number, length: number): number {
  if (protocol === PROTOCOL.icmp) return 0;
  return ~foldChecksum(pseudoHeaderSum(source, destination, protocol, length)) & 0xffff;
}

/** The error with its quoted packet in the new family too. */
function translateError(frame: Frame, packet: Packet, quoted: Quoted): Uint8Array {
  const { transport, transportLength } = frame.quoted;
  const inner = translateQuoted(quoted, transport, transportLength);
  const { icmpType: type, icmpCode: code } = packet;
  const message = { kind: 'other', type, code, payload: inner } as const;
  const bytes = new Uint8Array(ICMP_HEADER_LENGTH + inner.length);
  if (packet.family === 4) {
    const isTooBig =
      type === ICMP_TYPE.destinationUnreachable && code === ICMP_UNREACHABLE.fragmentationNeeded;
    const mtu = Math.min(0xffff, frame.icmpv6.mtu - HEADER_DIFFERENCE);
    emitIcmp({ ...message, rest: isTooBig ? mtu : 0 }, bytes);
    return bytes;
  }
  const isTooBig = type === ICMPV6_TYPE.packetTooBig;
  const mtu = isTooBig ? frame.icmp.nextHopMtu + HEADER_DIFFERENCE : 0;
  emitIcmpv6({ ...message, rest: mtu }, bytes, 0, packet);
  return bytes;
}

/** Its checksum is left alone: nobody can verify that of a packet cut short. */
function translateQuoted(quoted: Quoted, transport: Uint8Array, length: number): Uint8Array {
  const { protocol, sourcePort, destinationPort } = quoted;
  const fields = { protocol, ttl: 64, dontFragment: true, payloadLength: length };
  const header = ipHeader(quoted, fields);
  const bytes = new Uint8Array(header.length + transport.length);
  bytes.set(header);
  bytes.set(transport, header.length);
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) {
    bytes[header.length] =
      protocol === PROTOCOL.icmp ? ICMP_TYPE.echoRequest : ICMPV6_TYPE.echoRequest;
    write16(bytes, header.length + 4, sourcePort);
  } else {
    write16(bytes, header.length, sourcePort);
    write16(bytes, header.length + 2, destinationPort);
  }
  return bytes;
}
