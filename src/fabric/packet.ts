/** A packet as the tables see it: its header and what it carries along (its context). */
import type { Family, Ip } from '../net/ip.ts';
import { isIpv4 } from '../net/ip.ts';
import { ipv4 } from '../net/ipv4.ts';
import { ipv6 } from '../net/ipv6.ts';
import { PROTOCOL } from '../net/protocol.ts';
import type { InterfaceNode } from './node.ts';
import type { Quoted } from './quoted.ts';
import type { Station } from './station.ts';
import { NO_ZONE } from './zone.ts';

export const ICMP_ECHO_REQUEST = { 4: 8, 6: 128 } as const;
export const ICMP_ECHO_REPLY = { 4: 0, 6: 129 } as const;
/** IPv4 header, IPv6 header, ICMP/UDP header, TCP header without options, in bytes. */
export const HEADER_BYTES = { 4: 20, 6: 40, icmp: 8, udp: 8, tcp: 20 } as const;

export const TCP_FIN = 1;
export const TCP_SYN = 2;
export const TCP_RST = 4;
export const TCP_ACK = 16;

/** How a packet came into the VPC it is in, where that limits how it may leave. */
export type Entry = 'transit-gateway';

/** What no subnet's link has as its id. */
export const NO_SUBNET = -1;

/**
 * Mutable and reusable, so that forwarding allocates nothing. An IPv4 address lives in the first
 * limb, the others are zero; an IPv6 address fills all four.
 */
export class Packet {
  family: Family = 4;
  s0 = 0;
  s1 = 0;
  s2 = 0;
  s3 = 0;
  d0 = 0;
  d1 = 0;
  d2 = 0;
  d3 = 0;
  protocol = 0;
  /** TCP and UDP ports; the identifier of an ICMP echo in both; else 0. */
  sourcePort = 0;
  destinationPort = 0;
  icmpType = 0;
  icmpCode = 0;
  tcpFlags = 0;
  ttl = 64;
  /** Whole IP packet in bytes. */
  length = 0;
  dontFragment = false;
  /** A part of a packet that its sender cut. */
  isFragment = false;
  /** What an ICMP error is about, where that can be told. */
  quoted: Quoted | undefined = undefined;
  /** What a GRE packet carries, where that can be told: a header without a context. */
  inner: Packet | undefined = undefined;

  /** Whose security groups the sender has; undefined where they are unknown. */
  identity: InterfaceNode | undefined = undefined;
  /** The interface that sent it with an address of another; a sender's own is its identity. */
  forwarder: InterfaceNode | undefined = undefined;
  /** Where the packet goes on the link: an interface, or undefined for the router. */
  nextHop: InterfaceNode | undefined = undefined;
  /** The subnet it last left, as a station id: inside one subnet no ACL applies. */
  subnet = NO_SUBNET;
  /** The Availability Zone it is in, by number. */
  zone = NO_ZONE;
  entry: Entry | undefined = undefined;
  /** Where an ICMP error about this packet enters the tables; undefined: none is sent. */
  errorsTo: Station | undefined = undefined;
  /** The address such an error comes from. */
  errorSource: Ip | undefined = undefined;
  /** The least MTU on the way, in bytes, when the packet must be fragmented; 0 = fits. */
  fragmentTo = 0;
  /** The least segment size that a gateway lets a SYN ask for, in bytes; 0 = as it says itself. */
  segmentSizeMax = 0;

  get source(): Ip {
    return this.family === 4 ? ipv4(this.s0) : ipv6(this.s0, this.s1, this.s2, this.s3);
  }
  set source(address: Ip) {
    if (isIpv4(address)) [this.s0, this.s1, this.s2, this.s3] = [address, 0, 0, 0];
    else [this.s0, this.s1, this.s2, this.s3] = address;
  }

  get destination(): Ip {
    return this.family === 4 ? ipv4(this.d0) : ipv6(this.d0, this.d1, this.d2, this.d3);
  }
  set destination(address: Ip) {
    if (isIpv4(address)) [this.d0, this.d1, this.d2, this.d3] = [address, 0, 0, 0];
    else [this.d0, this.d1, this.d2, this.d3] = address;
  }

  /** Forgets where the packet has been, before it enters the tables. */
  resetContext(): void {
    this.forgetSender();
    this.subnet = NO_SUBNET;
    this.zone = NO_ZONE;
    this.entry = undefined;
  }

  /** Keeps the place where it is: there it goes on as somebody else's. */
  forgetSender(): void {
    this.identity = undefined;
    this.forwarder = undefined;
    this.nextHop = undefined;
    this.errorsTo = undefined;
    this.errorSource = undefined;
    this.fragmentTo = 0;
    this.segmentSizeMax = 0;
  }

  takeHeader(of: Packet): void {
    this.family = of.family;
    this.source = of.source;
    this.destination = of.destination;
    this.protocol = of.protocol;
    this.sourcePort = of.sourcePort;
    this.destinationPort = of.destinationPort;
    this.icmpType = of.icmpType;
    this.icmpCode = of.icmpCode;
    this.tcpFlags = of.tcpFlags;
    this.ttl = of.ttl;
    this.length = of.length;
    this.dontFragment = of.dontFragment;
    this.isFragment = of.isFragment;
    this.quoted = of.quoted;
    this.inner = of.inner;
    this.segmentSizeMax = of.segmentSizeMax;
  }
}

/** Whether it is addressed to a multicast group. */
export function isToGroup({ family, d0 }: Packet): boolean {
  return family === 4 ? d0 >>> 28 === 14 : d0 >>> 24 === 0xff;
}

export function isIcmp(protocol: number): boolean {
  return protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
}

/** Whether it carries options that both ends of a TCP connection begin with. */
export function hasSyn({ protocol, tcpFlags }: Packet): boolean {
  return protocol === PROTOCOL.tcp && (tcpFlags & TCP_SYN) !== 0;
}

/** Whether it opens a TCP connection. */
export function isSyn({ protocol, tcpFlags }: Packet): boolean {
  return protocol === PROTOCOL.tcp && (tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
}

export function isEcho(packet: Packet): boolean {
  const { family, icmpType } = packet;
  return (
    isIcmp(packet.protocol) &&
    (icmpType === ICMP_ECHO_REQUEST[family] || icmpType === ICMP_ECHO_REPLY[family])
  );
}

/** Whether the packet reports an error: about those no further error is sent (RFC 1122 3.2.2). */
export function isIcmpError(packet: Packet): boolean {
  if (packet.protocol === PROTOCOL.icmp) return [3, 4, 5, 11, 12].includes(packet.icmpType);
  return packet.protocol === PROTOCOL.icmpv6 && packet.icmpType < 128;
}
