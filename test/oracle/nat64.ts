/** IPv6 that becomes IPv4 and IPv4 that becomes IPv6 again (A-100; RFC 6052, RFC 7915). */
import { containsIp, parseCidr6 } from '../../src/net/cidr.ts';
import { type Family, type Ip, isIpv4 } from '../../src/net/ip.ts';
import { type Ipv4, ipv4 } from '../../src/net/ipv4.ts';
import { type Ipv6, ipv6 } from '../../src/net/ipv6.ts';
import { type Flow, ICMP, ICMPV6, type Packet } from './packet.ts';

const PREFIX = parseCidr6('64:ff9b::/96')!;
/** By how much an IPv6 header is longer. */
export const HEADER_DIFFERENCE = 20;
/** RFC 7915 section 5.1: smaller packets may be cut on their further way. */
const MAY_BE_CUT = 1260;

export function isEmbedded(address: Ip): boolean {
  return containsIp(PREFIX, address);
}

export function embed(address: Ip): Ipv6 {
  const [a, b, c] = PREFIX.address;
  return ipv6(a, b, c, address as Ipv4);
}

export function embedded(address: Ip): Ipv4 {
  return isIpv4(address) ? address : ipv4(address[3]);
}

/** The flow as IPv4 carries it, from an address that is IPv4's. */
export function flowInIpv4(flow: Flow, source: Ip): Flow {
  const { protocol, destination } = flow;
  return {
    ...flow,
    source,
    destination: embedded(destination),
    protocol: protocol === ICMPV6 ? ICMP : protocol,
  };
}

/** The same packet with a header of the other family; its flow is translated already. */
export function inFamily(packet: Packet, family: Family): Packet {
  const { icmp, length: before } = packet;
  const length = before + (family === 6 ? HEADER_DIFFERENCE : -HEADER_DIFFERENCE);
  const mayFragment = family === 4 && length <= MAY_BE_CUT;
  if (icmp === undefined) return { ...packet, length, mayFragment };
  const protocol = family === 4 ? ICMP : ICMPV6;
  return { ...packet, length, mayFragment, protocol, icmp: messageIn(family, icmp) };
}

type Message = NonNullable<Packet['icmp']>;

/** RFC 7915 sections 4.2 and 5.2, as far as exchanges here have them. */
const MESSAGES: readonly Readonly<Record<Family, Message>>[] = [
  { 4: { type: 8, code: 0 }, 6: { type: 128, code: 0 } },
  { 4: { type: 0, code: 0 }, 6: { type: 129, code: 0 } },
  { 4: { type: 3, code: 3 }, 6: { type: 1, code: 4 } },
  { 4: { type: 3, code: 4 }, 6: { type: 2, code: 0 } },
];

function messageIn(family: Family, { type, code }: Message): Message {
  const other = family === 4 ? 6 : 4;
  const row = MESSAGES.find((one) => one[other].type === type && one[other].code === code);
  if (row === undefined) throw new Error(`no ICMP ${type}/${code} in IPv${family}`);
  return row[family];
}
