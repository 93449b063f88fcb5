/** Between a frame's bytes and the header that the tables read and rewrite. */

import {
  adjustChecksum,
  adjustChecksumIp,
  adjustUdpChecksum,
  adjustUdpChecksumIp,
  checksum,
} from '../net/checksum.ts';
import type { Family, Ip } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { EthernetView } from '../wire/ethernet.ts';
import { GreView } from '../wire/gre.ts';
import { IcmpView } from '../wire/icmp.ts';
import { Icmpv6View } from '../wire/icmpv6.ts';
import { Ipv4View } from '../wire/ipv4.ts';
import { Ipv6View } from '../wire/ipv6.ts';
import { Ipv6UpperLayer } from '../wire/ipv6-extension.ts';
import { TcpView } from '../wire/tcp.ts';
import { UdpView } from '../wire/udp.ts';
import { isEcho, Packet } from './packet.ts';
import { type Quoted, QuotedView } from './quoted.ts';

/** What a frame turned out to be; `malformed` frames are counted and dropped. */
export type FrameKind = 'arp' | 'ip' | 'unknown' | 'malformed';

/** Views over one frame at a time: reused, so that reading allocates nothing. */
export class Frame {
  readonly ethernet = new EthernetView();
  readonly ipv4 = new Ipv4View();
  readonly ipv6 = new Ipv6View();
  readonly upper = new Ipv6UpperLayer();
  readonly tcp = new TcpView();
  readonly udp = new UdpView();
  readonly icmp = new IcmpView();
  readonly icmpv6 = new Icmpv6View();
  readonly quoted = new QuotedView();
  readonly gre = new GreView();
  /** Views over what a GRE packet carries; of no other frame. */
  inside: Frame | undefined = undefined;
  bytes: Uint8Array = new Uint8Array(0);
  /** Of the packet that was read, whatever becomes of it; and its protocol. */
  family: Family = 4;
  protocol = 0;
  /** Whether this is a part of a packet, and not its first. */
  laterFragment = false;
  isFragment = false;
  /** Ties the fragments of one packet together. */
  identification = 0;

  readonly #looksInside: boolean;

  /** @param looksInside whether to read what a GRE packet carries: inside it, that is data */
  constructor(looksInside = true) {
    this.#looksInside = looksInside;
  }

  /** The header that the frame begins with. */
  get ip(): Ipv4View | Ipv6View {
    return this.family === 4 ? this.ipv4 : this.ipv6;
  }

  /** Reads a frame's header into `packet`; its context is the caller's to set. */
  read(bytes: Uint8Array, packet: Packet): FrameKind {
    if (!this.ethernet.wrap(bytes)) return 'malformed';
    const { etherType, payloadOffset } = this.ethernet;
    if (etherType === ETHERTYPE.arp) return 'arp';
    return this.#readIp(packet, bytes, etherType, payloadOffset, bytes.length);
  }

  #readIp(
    packet: Packet,
    bytes: Uint8Array,
    etherType: number,
    offset: number,
    end: number,
  ): Exclude<FrameKind, 'arp'> {
    this.bytes = bytes;
    const { ipv4, ipv6 } = this;
    if (etherType === ETHERTYPE.ipv4) {
      if (!ipv4.wrap(bytes, offset, end) || !ipv4.checksumValid()) return 'malformed';
      return this.#readIpv4(packet) ? 'ip' : 'malformed';
    }
    if (etherType !== ETHERTYPE.ipv6) return 'unknown';
    if (!ipv6.wrap(bytes, offset, end) || !this.upper.walk(ipv6)) return 'malformed';
    return this.#readIpv6(packet) ? 'ip' : 'malformed';
  }

  #readIpv4(packet: Packet): boolean {
    const { ipv4 } = this;
    packet.family = 4;
    packet.s0 = ipv4.source;
    packet.d0 = ipv4.destination;
    packet.s1 = packet.s2 = packet.s3 = packet.d1 = packet.d2 = packet.d3 = 0;
    packet.protocol = ipv4.protocol;
    packet.ttl = ipv4.ttl;
    packet.length = ipv4.totalLength;
    packet.dontFragment = ipv4.dontFragment;
    this.isFragment = ipv4.isFragment;
    this.laterFragment = ipv4.fragmentOffset > 0;
    this.identification = ipv4.identification;
    return this.#readTransport(packet, ipv4.payloadOffset, ipv4.end);
  }

  #readIpv6(packet: Packet): boolean {
    const { ipv6, upper } = this;
    packet.family = 6;
    packet.s0 = ipv6.sourceLimb(0);
    packet.s1 = ipv6.sourceLimb(1);
    packet.s2 = ipv6.sourceLimb(2);
    packet.s3 = ipv6.sourceLimb(3);
    packet.d0 = ipv6.destinationLimb(0);
    packet.d1 = ipv6.destinationLimb(1);
    packet.d2 = ipv6.destinationLimb(2);
    packet.d3 = ipv6.destinationLimb(3);
    packet.protocol = upper.protocol;
    packet.ttl = ipv6.hopLimit;
    packet.length = ipv6.end - ipv6.offset;
    packet.dontFragment = true;
    this.isFragment = upper.isFragment;
    this.laterFragment = upper.fragmentOffset > 0;
    this.identification = upper.identification;
    return this.#readTransport(packet, upper.offset, upper.end);
  }

  #readTransport(packet: Packet, offset: number, end: number): boolean {
    this.family = packet.family;
    this.protocol = packet.protocol;
    packet.isFragment = this.isFragment;
    packet.quoted = undefined;
    packet.inner = undefined;
    packet.sourcePort = packet.destinationPort = 0;
    packet.icmpType = packet.icmpCode = packet.tcpFlags = 0;
    if (this.laterFragment) return true;
    switch (packet.protocol) {
      case PROTOCOL.tcp:
        // A first fragment may end before the options do: the ports are what counts.
        if (!this.tcp.wrap(this.bytes, offset, end)) return false;
        packet.sourcePort = this.tcp.sourcePort;
        packet.destinationPort = this.tcp.destinationPort;
        packet.tcpFlags = this.tcp.flags;
        return true;
      case PROTOCOL.udp:
        if (!this.#wrapUdp(offset, end)) return false;
        packet.sourcePort = this.udp.sourcePort;
        packet.destinationPort = this.udp.destinationPort;
        return true;
      case PROTOCOL.icmp:
        return packet.family === 4 && this.#readIcmp(this.icmp, offset, end, packet);
      case PROTOCOL.icmpv6:
        return packet.family === 6 && this.#readIcmp(this.icmpv6, offset, end, packet);
      case PROTOCOL.gre:
        packet.inner = this.#readInner(offset, end);
        return true;
      default:
        return true;
    }
  }

  #readIcmp(view: IcmpView | Icmpv6View, offset: number, end: number, packet: Packet): boolean {
    if (!view.wrap(this.bytes, offset, end)) return false;
    packet.icmpType = view.type;
    packet.icmpCode = view.code;
    if (view.isEcho) packet.sourcePort = packet.destinationPort = view.identifier;
    else if (view.isError) {
      packet.quoted = this.quoted.wrap(packet.family, this.bytes, view.payloadOffset, end);
    }
    return true;
  }

  /** H-086: undefined where the packet is malformed, or carries something else than IP. */
  #readInner(offset: number, end: number): Packet | undefined {
    const { gre, bytes } = this;
    if (!this.#looksInside || this.isFragment) return undefined;
    if (!gre.wrap(bytes, offset, end) || !gre.isPlain || !gre.checksumValid()) return undefined;
    const inner = new Packet();
    this.inside ??= new Frame(false);
    const kind = this.inside.#readIp(inner, bytes, gre.protocol, gre.payloadOffset, end);
    return kind === 'ip' ? inner : undefined;
  }

  /** A first fragment is shorter than its UDP length says. */
  #wrapUdp(offset: number, end: number): boolean {
    return this.isFragment
      ? this.udp.wrapQuoted(this.bytes, offset, end)
      : this.udp.wrap(this.bytes, offset, end);
  }

  /** Writes back what the tables rewrote, checksums adjusted (RFC 1624). */
  write(packet: Packet): void {
    this.#writeTransport(packet);
    if (packet.family === 6) {
      if (this.#sourceChanged(packet)) this.ipv6.source = packet.source as Ipv6;
      if (this.#destinationChanged(packet)) this.ipv6.destination = packet.destination as Ipv6;
      this.ipv6.hopLimit = packet.ttl;
      return;
    }
    if (this.ipv4.source !== packet.s0) this.ipv4.replaceSource(packet.s0 as Ipv4);
    if (this.ipv4.destination !== packet.d0) this.ipv4.replaceDestination(packet.d0 as Ipv4);
    while (this.ipv4.ttl > packet.ttl) this.ipv4.decrementTtl();
  }

  #writeTransport(packet: Packet): void {
    if (this.laterFragment) return;
    switch (packet.protocol) {
      case PROTOCOL.tcp: {
        const { tcp } = this;
        tcp.checksum = this.#pseudo(tcp.checksum, packet, adjustChecksumIp);
        tcp.checksum = adjustChecksum(tcp.checksum, tcp.sourcePort, packet.sourcePort);
        tcp.checksum = adjustChecksum(tcp.checksum, tcp.destinationPort, packet.destinationPort);
        tcp.sourcePort = packet.sourcePort;
        tcp.destinationPort = packet.destinationPort;
        if (packet.segmentSizeMax > 0) tcp.clampMaximumSegmentSize(packet.segmentSizeMax);
        return;
      }
      case PROTOCOL.udp: {
        const { udp } = this;
        udp.checksum = this.#pseudo(udp.checksum, packet, adjustUdpChecksumIp);
        udp.checksum = adjustUdpChecksum(udp.checksum, udp.sourcePort, packet.sourcePort);
        udp.checksum = adjustUdpChecksum(udp.checksum, udp.destinationPort, packet.destinationPort);
        udp.sourcePort = packet.sourcePort;
        udp.destinationPort = packet.destinationPort;
        return;
      }
      case PROTOCOL.icmp:
        this.#writeIcmp(this.icmp, packet);
        return;
      case PROTOCOL.icmpv6:
        this.icmpv6.checksum = this.#pseudo(this.icmpv6.checksum, packet, adjustChecksumIp);
        this.#writeIcmp(this.icmpv6, packet);
        return;
    }
  }

  #writeIcmp(view: IcmpView | Icmpv6View, packet: Packet): void {
    if (packet.quoted !== undefined) this.#writeQuoted(view, packet.quoted);
    if (!isEcho(packet)) return;
    view.checksum = adjustChecksum(view.checksum, view.identifier, packet.sourcePort);
    view.identifier = packet.sourcePort;
  }

  /** By its sum before and after, so that a checksum that was wrong stays wrong. */
  #writeQuoted(view: IcmpView | Icmpv6View, quoted: Quoted): void {
    const before = sumOf(view);
    this.quoted.write(quoted);
    view.checksum = adjustChecksum(view.checksum, before, sumOf(view));
  }

  #pseudo(
    checksum: number,
    packet: Packet,
    adjust: (checksum: number, before: Ip, after: Ip) => number,
  ): number {
    const header = packet.family === 4 ? this.ipv4 : this.ipv6;
    if (this.#sourceChanged(packet)) checksum = adjust(checksum, header.source, packet.source);
    if (this.#destinationChanged(packet)) {
      checksum = adjust(checksum, header.destination, packet.destination);
    }
    return checksum;
  }

  // By limbs: most packets keep their addresses, and an IPv6 address as a value is an allocation.
  #sourceChanged({ family, s0, s1, s2, s3 }: Packet): boolean {
    const { ipv4, ipv6 } = this;
    if (family === 4) return ipv4.source !== s0;
    return (
      ipv6.sourceLimb(0) !== s0 ||
      ipv6.sourceLimb(1) !== s1 ||
      ipv6.sourceLimb(2) !== s2 ||
      ipv6.sourceLimb(3) !== s3
    );
  }

  #destinationChanged({ family, d0, d1, d2, d3 }: Packet): boolean {
    const { ipv4, ipv6 } = this;
    if (family === 4) return ipv4.destination !== d0;
    return (
      ipv6.destinationLimb(0) !== d0 ||
      ipv6.destinationLimb(1) !== d1 ||
      ipv6.destinationLimb(2) !== d2 ||
      ipv6.destinationLimb(3) !== d3
    );
  }
}

/** The message's words, summed up as one. */
function sumOf({ bytes, offset, end }: IcmpView | Icmpv6View): number {
  return ~checksum(bytes, offset, end) & 0xffff;
}
