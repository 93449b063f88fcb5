/** The reset a stateful gateway sends about a connection it does not know (RFC 9293 3.10.7.1). */
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { EMPTY } from '../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView } from '../wire/ethernet.ts';
import { emitIpv4Header, IPV4_HEADER_LENGTH, ipv4Header } from '../wire/ipv4.ts';
import { emitIpv6Header, IPV6_HEADER_LENGTH, ipv6Header } from '../wire/ipv6.ts';
import { emitTcp, TCP_FLAG, TCP_HEADER_LENGTH, type TcpView } from '../wire/tcp.ts';
import type { Packet } from './packet.ts';

/** A frame with the reset, from the packet's destination to its source. */
export function tcpResetFrame(packet: Packet, segment: TcpView): Uint8Array {
  const { source: destination, destination: source, family } = packet;
  const headerLength = family === 4 ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + headerLength + TCP_HEADER_LENGTH);
  const ethernet = new EthernetView();
  ethernet.wrap(bytes);
  ethernet.etherType = family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6;
  const payloadLength = TCP_HEADER_LENGTH;
  if (family === 4) {
    const ends = { source: source as Ipv4, destination: destination as Ipv4 };
    const header = ipv4Header({ ...ends, protocol: PROTOCOL.tcp, payloadLength });
    emitIpv4Header(header, bytes, ETHERNET_HEADER_LENGTH);
  } else {
    const ends = { source: source as Ipv6, destination: destination as Ipv6 };
    const header = ipv6Header({ ...ends, nextHeader: PROTOCOL.tcp, payloadLength });
    emitIpv6Header(header, bytes, ETHERNET_HEADER_LENGTH);
  }
  const pseudo = { source, destination };
  emitTcp(reset(segment), bytes, ETHERNET_HEADER_LENGTH + headerLength, pseudo);
  return bytes;
}

function reset(segment: TcpView) {
  const length = segment.end - segment.payloadOffset + Number(segment.syn) + Number(segment.fin);
  return {
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    sequenceNumber: segment.ack ? segment.acknowledgmentNumber : 0,
    acknowledgmentNumber: segment.ack ? 0 : (segment.sequenceNumber + length) >>> 0,
    flags: segment.ack ? TCP_FLAG.rst : TCP_FLAG.rst | TCP_FLAG.ack,
    window: 0,
    options: {},
    payload: EMPTY,
  };
}
