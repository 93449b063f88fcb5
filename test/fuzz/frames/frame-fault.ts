/** What is wrong with a frame's checksums and lengths. */
import { ETHERTYPE, PROTOCOL } from '../../../src/net/protocol.ts';
import { EthernetView } from '../../../src/wire/ethernet.ts';
import { parseGre } from '../../../src/wire/gre.ts';
import { IcmpView } from '../../../src/wire/icmp.ts';
import { Icmpv6View } from '../../../src/wire/icmpv6.ts';
import { IgmpView } from '../../../src/wire/igmp.ts';
import { Ipv4View } from '../../../src/wire/ipv4.ts';
import { Ipv6View } from '../../../src/wire/ipv6.ts';
import { Ipv6UpperLayer } from '../../../src/wire/ipv6-extension.ts';
import { TcpView } from '../../../src/wire/tcp.ts';
import { UdpView } from '../../../src/wire/udp.ts';

const ethernet = new EthernetView();
const ipv4 = new Ipv4View();
const ipv6 = new Ipv6View();
const upper = new Ipv6UpperLayer();
const tcp = new TcpView();
const udp = new UdpView();
const icmp = new IcmpView();
const igmp = new IgmpView();
const icmpv6 = new Icmpv6View();

/** Undefined for a frame that is whole, and for what is neither IPv4 nor IPv6. */
export function frameFault(bytes: Uint8Array): string | undefined {
  if (!ethernet.wrap(bytes)) return 'no Ethernet frame';
  const { etherType, payloadOffset } = ethernet;
  return packetFault(bytes, etherType, payloadOffset, bytes.length);
}

function packetFault(
  bytes: Uint8Array,
  etherType: number,
  from: number,
  until: number,
): string | undefined {
  if (etherType === ETHERTYPE.ipv4) {
    if (!ipv4.wrap(bytes, from, until)) return 'no IPv4 packet';
    if (!ipv4.checksumValid()) return 'the IPv4 checksum is wrong';
    if (ipv4.isFragment) return undefined;
    return upperFault(bytes, ipv4, ipv4.protocol, ipv4.payloadOffset, ipv4.end);
  }
  if (etherType !== ETHERTYPE.ipv6) return undefined;
  if (!ipv6.wrap(bytes, from, until) || !upper.walk(ipv6)) return 'no IPv6 packet';
  if (upper.isFragment) return undefined;
  return upperFault(bytes, ipv6, upper.protocol, upper.offset, upper.end);
}

function upperFault(
  bytes: Uint8Array,
  ip: Ipv4View | Ipv6View,
  protocol: number,
  from: number,
  end: number,
): string | undefined {
  switch (protocol) {
    case PROTOCOL.tcp:
      if (!tcp.wrap(bytes, from, end)) return 'no TCP segment';
      return tcp.checksumValid(ip) ? undefined : 'the TCP checksum is wrong';
    case PROTOCOL.udp:
      if (!udp.wrap(bytes, from, end)) return 'no UDP datagram';
      return udp.checksumValid(ip) ? undefined : 'the UDP checksum is wrong';
    case PROTOCOL.icmp:
      if (!icmp.wrap(bytes, from, end)) return 'no ICMP message';
      return icmp.checksumValid() ? undefined : 'the ICMP checksum is wrong';
    case PROTOCOL.igmp:
      if (!igmp.wrap(bytes, from, end)) return 'no IGMP message';
      return igmp.checksumValid() ? undefined : 'the IGMP checksum is wrong';
    case PROTOCOL.icmpv6:
      if (!icmpv6.wrap(bytes, from, end)) return 'no ICMPv6 message';
      return icmpv6.checksumValid(ip) ? undefined : 'the ICMPv6 checksum is wrong';
    case PROTOCOL.gre: {
      const gre = parseGre(bytes, from, end);
      return gre && packetFault(gre.payload, gre.protocol, 0, gre.payload.length);
    }
    default:
      return undefined;
  }
}
