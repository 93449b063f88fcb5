/** One line of a whole frame, as tcpdump writes it: for logs and the messages of tests. */
import { formatIp } from '../net/ip.ts';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { formatArp, parseArp } from './arp.ts';
import type { PseudoHeader } from './bytes.ts';
import { ETHERNET_HEADER_LENGTH, formatEthernet, parseEthernet } from './ethernet.ts';
import { formatGre, parseGre } from './gre.ts';
import { formatIcmp, parseIcmp } from './icmp.ts';
import { formatIcmpv6, parseIcmpv6 } from './icmpv6.ts';
import { formatIgmp, parseIgmp } from './igmp.ts';
import { Ipv4View } from './ipv4.ts';
import { Ipv6View } from './ipv6.ts';
import { formatIpv6Fragment, Ipv6UpperLayer } from './ipv6-extension.ts';
import { formatTcp, parseTcp } from './tcp.ts';
import { formatUdp, parseUdp } from './udp.ts';

/** Checksums are not verified: what is wrong should be seen. Never throws. */
export function formatFrame(bytes: Uint8Array): string {
  const ethernet = parseEthernet(bytes);
  if (ethernet === undefined) return `[|ether], length ${bytes.length}`;
  switch (ethernet.etherType) {
    case ETHERTYPE.arp: {
      const arp = parseArp(bytes, ETHERNET_HEADER_LENGTH);
      return arp === undefined ? `[|arp], length ${bytes.length}` : formatArp(arp);
    }
    case ETHERTYPE.ipv4:
      return formatIpv4Packet(bytes, ETHERNET_HEADER_LENGTH);
    case ETHERTYPE.ipv6:
      return formatIpv6Packet(bytes, ETHERNET_HEADER_LENGTH);
    default:
      return `${formatEthernet(ethernet)}, length ${bytes.length}`;
  }
}

function formatIpv4Packet(bytes: Uint8Array, offset: number): string {
  const view = new Ipv4View();
  if (!view.wrap(bytes, offset)) return `IP [|ip], length ${bytes.length - offset}`;
  const { protocol, payloadOffset, end, fragmentOffset, moreFragments } = view;
  if (fragmentOffset > 0) {
    const range = `${fragmentOffset}${moreFragments ? '+' : ''}`;
    return `IP ${formatPair(view)}: frag ${range} id ${view.identification}, proto ${protocol}`;
  }
  return `IP ${formatUpper(protocol, bytes, payloadOffset, end, view)}`;
}

function formatIpv6Packet(bytes: Uint8Array, offset: number): string {
  const view = new Ipv6View();
  const upper = new Ipv6UpperLayer();
  if (!view.wrap(bytes, offset)) return `IP6 [|ip6], length ${bytes.length - offset}`;
  if (!upper.walk(view)) return `IP6 ${formatPair(view)}: [|ip6-ext]`;
  if (upper.fragmentOffset > 0) {
    const fragment = formatIpv6Fragment({ ...upper, nextHeader: upper.protocol });
    return `IP6 ${formatPair(view)}: ${fragment}, next-header ${upper.protocol}`;
  }
  return `IP6 ${formatUpper(upper.protocol, bytes, upper.offset, upper.end, view)}`;
}

function formatPair({ source, destination }: PseudoHeader): string {
  return `${formatIp(source)} > ${formatIp(destination)}`;
}

function formatUpper(
  protocol: number,
  bytes: Uint8Array,
  offset: number,
  end: number,
  pair: PseudoHeader,
): string {
  switch (protocol) {
    case PROTOCOL.tcp: {
      const tcp = parseTcp(bytes, offset, end);
      return tcp === undefined ? `${formatPair(pair)}: [|tcp]` : formatTcp(tcp, pair);
    }
    case PROTOCOL.udp: {
      const udp = parseUdp(bytes, offset, end);
      return udp === undefined ? `${formatPair(pair)}: [|udp]` : formatUdp(udp, pair);
    }
    case PROTOCOL.icmp: {
      const icmp = parseIcmp(bytes, offset, end, false);
      return `${formatPair(pair)}: ${icmp === undefined ? '[|icmp]' : formatIcmp(icmp)}`;
    }
    case PROTOCOL.igmp: {
      const igmp = parseIgmp(bytes, offset, end, false);
      return `${formatPair(pair)}: ${igmp === undefined ? '[|igmp]' : formatIgmp(igmp)}`;
    }
    case PROTOCOL.icmpv6: {
      const icmpv6 = parseIcmpv6(bytes, offset, end);
      return `${formatPair(pair)}: ${icmpv6 === undefined ? '[|icmp6]' : formatIcmpv6(icmpv6)}`;
    }
    case PROTOCOL.gre:
      return `${formatPair(pair)}: ${formatGrePacket(bytes, offset, end)}`;
    default:
      return `${formatPair(pair)}: proto ${protocol}, length ${end - offset}`;
  }
}

/** With the packet inside: each takes its headers' bytes, so a frame bounds the depth. */
function formatGrePacket(bytes: Uint8Array, offset: number, end: number): string {
  const gre = parseGre(bytes, offset, end, false);
  if (gre === undefined) return '[|gre]';
  switch (gre.protocol) {
    case ETHERTYPE.ipv4:
      return `${formatGre(gre)}: ${formatIpv4Packet(gre.payload, 0)}`;
    case ETHERTYPE.ipv6:
      return `${formatGre(gre)}: ${formatIpv6Packet(gre.payload, 0)}`;
    default:
      return formatGre(gre);
  }
}
