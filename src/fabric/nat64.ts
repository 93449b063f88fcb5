/**
 * IPv6 to IPv4 and back (A-100, RFC 6146): what changes of a packet's header beside addresses and
 * ports. The frame itself is translated where it leaves the fabric.
 */

import { parseCidr } from '../net/cidr.ts';
import { type Ip, isIpv4 } from '../net/ip.ts';
import { type Ipv4, ipv4 } from '../net/ipv4.ts';
import { type Ipv6, ipv6 } from '../net/ipv6.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { ICMP_TYPE, ICMP_UNREACHABLE } from '../wire/icmp.ts';
import { ICMPV6_TYPE, ICMPV6_UNREACHABLE } from '../wire/icmpv6.ts';
import { HEADER_BYTES, isIcmp, type Packet } from './packet.ts';
import { blockTerm } from './table.ts';

/** RFC 6052 section 2.1 */
export const WELL_KNOWN_PREFIX = blockTerm(parseCidr('64:ff9b::/96')!);
/** By how much a packet grows on the way to IPv6. */
export const HEADER_DIFFERENCE = HEADER_BYTES[6] - HEADER_BYTES[4];
/** RFC 7915 section 5.1: smaller packets may be cut on their further way. */
const MAY_BE_CUT_MAX = 1260;

export function embed(address: Ipv4): Ipv6 {
  return ipv6(0x0064_ff9b, 0, 0, address);
}

/** The IPv4 address that the last limb holds. */
export function embedded(address: Ip): Ipv4 {
  return isIpv4(address) ? address : ipv4(address[3]);
}

type Code = readonly [type: number, code: number];

/** RFC 7915 sections 4.2 and 5.2: type and code of what can be told in both families. */
const SAME: readonly (readonly [icmp: Code, icmpv6: Code])[] = [
  [
    [ICMP_TYPE.echoRequest, 0],
    [ICMPV6_TYPE.echoRequest, 0],
  ],
  [
    [ICMP_TYPE.echoReply, 0],
    [ICMPV6_TYPE.echoReply, 0],
  ],
  [
    [ICMP_TYPE.destinationUnreachable, ICMP_UNREACHABLE.host],
    [ICMPV6_TYPE.destinationUnreachable, ICMPV6_UNREACHABLE.noRoute],
  ],
  [
    [ICMP_TYPE.destinationUnreachable, ICMP_UNREACHABLE.administrativelyProhibited],
    [ICMPV6_TYPE.destinationUnreachable, ICMPV6_UNREACHABLE.administrativelyProhibited],
  ],
  [
    [ICMP_TYPE.destinationUnreachable, ICMP_UNREACHABLE.host],
    [ICMPV6_TYPE.destinationUnreachable, ICMPV6_UNREACHABLE.address],
  ],
  [
    [ICMP_TYPE.destinationUnreachable, ICMP_UNREACHABLE.port],
    [ICMPV6_TYPE.destinationUnreachable, ICMPV6_UNREACHABLE.port],
  ],
  [
    [ICMP_TYPE.destinationUnreachable, ICMP_UNREACHABLE.network],
    [ICMPV6_TYPE.destinationUnreachable, ICMPV6_UNREACHABLE.noRoute],
  ],
  [
    [ICMP_TYPE.destinationUnreachable, ICMP_UNREACHABLE.fragmentationNeeded],
    [ICMPV6_TYPE.packetTooBig, 0],
  ],
  [
    [ICMP_TYPE.timeExceeded, 0],
    [ICMPV6_TYPE.timeExceeded, 0],
  ],
];

/** False, and nothing has happened, where the message exists in one family only. */
export function becomeIpv4(packet: Packet, source: Ip, destination: Ip): boolean {
  const row = SAME.find(([, [type, code]]) => isMessage(packet, type, code));
  if (!become(packet, source, destination, PROTOCOL.icmp, row?.[0])) return false;
  packet.family = 4;
  packet.length -= HEADER_DIFFERENCE;
  packet.dontFragment = packet.length > MAY_BE_CUT_MAX;
  return true;
}

/** False, and nothing has happened, where the message exists in one family only. */
export function becomeIpv6(packet: Packet, source: Ip, destination: Ip): boolean {
  const row = SAME.find(([[type, code]]) => isMessage(packet, type, code));
  if (!become(packet, source, destination, PROTOCOL.icmpv6, row?.[1])) return false;
  packet.family = 6;
  packet.length += HEADER_DIFFERENCE;
  packet.dontFragment = true;
  return true;
}

function isMessage({ icmpType, icmpCode }: Packet, type: number, code: number): boolean {
  return icmpType === type && icmpCode === code;
}

function become(
  packet: Packet,
  source: Ip,
  destination: Ip,
  protocol: number,
  message: Code | undefined,
): boolean {
  if (isIcmp(packet.protocol)) {
    if (message === undefined) return false;
    packet.protocol = protocol;
    [packet.icmpType, packet.icmpCode] = message;
  }
  packet.source = source;
  packet.destination = destination;
  return true;
}
