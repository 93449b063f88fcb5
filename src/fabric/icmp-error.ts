/** The ICMP errors that the network itself sends (RFC 792, RFC 1191, RFC 4443). */
import type { Ip } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView } from '../wire/ethernet.ts';
import { emitIcmp, ICMP_UNREACHABLE, type Icmp, icmpLength } from '../wire/icmp.ts';
import { emitIcmpv6, type Icmpv6, icmpv6Length } from '../wire/icmpv6.ts';
import { emitIpv4Header, IPV4_HEADER_LENGTH, ipv4Header } from '../wire/ipv4.ts';
import { emitIpv6Header, IPV6_HEADER_LENGTH, ipv6Header } from '../wire/ipv6.ts';
import type { IcmpError } from './walk.ts';

/** RFC 1812 section 4.3.2.3, RFC 4443 section 2.4: as much as fits these whole packets. */
const LENGTH_MAX = { 4: 576, 6: 1280 } as const;

/** A frame with an error about the packet at `quoted`, from `source` to the packet's sender. */
export function icmpErrorFrame(
  error: IcmpError,
  source: Ip,
  to: Ip,
  quoted: Uint8Array,
): Uint8Array {
  return typeof source === 'number'
    ? errorFrame4(error, source, to as Ipv4, quoted)
    : errorFrame6(error, source, to as Ipv6, quoted);
}

function errorFrame4(error: IcmpError, source: Ipv4, destination: Ipv4, quoted: Uint8Array) {
  const payload = quoted.subarray(0, LENGTH_MAX[4] - IPV4_HEADER_LENGTH - 8);
  const message: Icmp =
    error.kind === 'time-exceeded'
      ? { kind: 'timeExceeded', code: 0, payload }
      : {
          kind: 'destinationUnreachable',
          code: ICMP_UNREACHABLE.fragmentationNeeded,
          mtu: error.mtu,
          payload,
        };
  const payloadLength = icmpLength(message);
  const bytes = newFrame(ETHERTYPE.ipv4, IPV4_HEADER_LENGTH + payloadLength);
  const header = { source, destination, protocol: PROTOCOL.icmp, payloadLength };
  emitIpv4Header(ipv4Header(header), bytes, ETHERNET_HEADER_LENGTH);
  emitIcmp(message, bytes, ETHERNET_HEADER_LENGTH + IPV4_HEADER_LENGTH);
  return bytes;
}

function errorFrame6(error: IcmpError, source: Ipv6, destination: Ipv6, quoted: Uint8Array) {
  const payload = quoted.subarray(0, LENGTH_MAX[6] - IPV6_HEADER_LENGTH - 8);
  const message: Icmpv6 =
    error.kind === 'time-exceeded'
      ? { kind: 'timeExceeded', code: 0, payload }
      : { kind: 'packetTooBig', mtu: error.mtu, payload };
  const payloadLength = icmpv6Length(message);
  const bytes = newFrame(ETHERTYPE.ipv6, IPV6_HEADER_LENGTH + payloadLength);
  const header = { source, destination, nextHeader: PROTOCOL.icmpv6, payloadLength };
  emitIpv6Header(ipv6Header(header), bytes, ETHERNET_HEADER_LENGTH);
  emitIcmpv6(message, bytes, ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH, { source, destination });
  return bytes;
}

function newFrame(etherType: number, length: number): Uint8Array {
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + length);
  const view = new EthernetView();
  view.wrap(bytes);
  view.etherType = etherType;
  return bytes;
}
