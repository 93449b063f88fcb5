/** IP over one Ethernet interface: resolution, fragments, delivery to the layer above. */
import { familyOf, type Ip, ipKey, isIpv4 } from '../../net/ip.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { isGroupMac, type Mac } from '../../net/mac.ts';
import { groupMac, isMulticast } from '../../net/multicast.ts';
import { ETHERTYPE, PROTOCOL } from '../../net/protocol.ts';
import { parseArp } from '../../wire/arp.ts';
import { writeMac } from '../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView } from '../../wire/ethernet.ts';
import { ICMP_TYPE, ICMP_UNREACHABLE } from '../../wire/icmp.ts';
import { ICMPV6_TYPE, parseIcmpv6 } from '../../wire/icmpv6.ts';
import { Ipv4View, ipv4HeaderLength, parseIpv4Header } from '../../wire/ipv4.ts';
import { Ipv6View } from '../../wire/ipv6.ts';
import { IPV6_FRAGMENT_HEADER_LENGTH, Ipv6UpperLayer } from '../../wire/ipv6-extension.ts';
import { ndpKind, solicitedNode } from '../../wire/ndp.ts';
import {
  ALL_NODES,
  type HostAddresses,
  isMember,
  isOwn,
  isUnicast,
  isUnspecified,
  NO_ADDRESSES,
  nextHop,
  sourceFor,
} from './addresses.ts';
import { framesOf, joinedPacket } from './ip-output.ts';
import { HOST_LIMITS } from './limits.ts';
import { NeighborCache } from './neighbors.ts';
import type { ArrivedPacket, DropReason, IpPacket, IpService, OutgoingPacket } from './packet.ts';
import { PathMtuCache } from './path-mtu.ts';
import { Reassembly } from './reassembly.ts';
import { type Link, NDP_HOP_LIMIT, receiveArp, receiveNdp, solicit } from './resolution.ts';

export interface IpLayerOptions {
  readonly mac: Mac;
  /** Octets of one IP packet on the link. */
  readonly mtu: number;
  readonly transmit: (frame: Uint8Array) => void;
  readonly now: () => number;
  readonly random: () => number;
}

/** What stands on IP. */
export interface UpperLayer {
  deliver(packet: ArrivedPacket): void;
}

const ethernet = new EthernetView();
const packet6 = new Ipv6View();
const upper = new Ipv6UpperLayer();

export class IpLayer implements IpService, Link {
  readonly #options: IpLayerOptions;
  readonly #upper: UpperLayer;
  #config: HostAddresses = NO_ADDRESSES;
  // Made at first use: hosts are many and most are silent.
  #neighbors: NeighborCache | undefined;
  #reassembly: Reassembly | undefined;
  #pathMtus: PathMtuCache | undefined;
  #drops: Map<DropReason, number> | undefined;
  #loopback: Uint8Array[] | undefined;
  #identification: number | undefined;

  constructor(options: IpLayerOptions, upper: UpperLayer) {
    this.#options = options;
    this.#upper = upper;
  }

  get mac(): Mac {
    return this.#options.mac;
  }
  get mtu(): number {
    return this.#options.mtu;
  }
  get drops(): ReadonlyMap<DropReason, number> {
    return this.#drops ?? new Map();
  }

  now(): number {
    return this.#options.now();
  }

  random(): number {
    return this.#options.random() >>> 0;
  }

  transmit(frame: Uint8Array): void {
    this.#options.transmit(frame);
  }

  isOwn(address: Ip): boolean {
    return isOwn(this.#config, address);
  }

  neighbors(): NeighborCache {
    this.#neighbors ??= new NeighborCache({
      now: this.#options.now,
      transmit: this.#options.transmit,
      solicit: (address, source) => solicit(this, address, source),
    });
    return this.#neighbors;
  }

  drop(reason: DropReason): void {
    this.#drops ??= new Map();
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
  }

  configure(config: HostAddresses): void {
    this.#config = config;
    this.#neighbors?.flush();
  }

  sourceFor(destination: Ip): Ip | undefined {
    return sourceFor(this.#config, destination);
  }

  pathMtu(destination: Ip): number {
    const learned = this.#pathMtus?.get(destination, this.now());
    return learned === undefined ? this.mtu : Math.min(this.mtu, learned);
  }

  /** A router said what the path to a destination carries; true when that is news. */
  learnPathMtu(destination: Ip, mtu: number): void {
    if (mtu >= this.mtu) return;
    this.#pathMtus ??= new PathMtuCache();
    this.#pathMtus.learn(destination, mtu, this.now());
  }

  send(packet: OutgoingPacket): void {
    const { destination, source, onError } = packet;
    const toSelf = this.isOwn(destination);
    const hop = toSelf ? destination : nextHop(this.#config, destination);
    if (hop === undefined || familyOf(source) !== familyOf(destination)) {
      onError?.({ kind: 'unresolved' });
      return;
    }
    const frames = framesOf(packet, {
      mac: this.mac,
      mtu: this.mtu,
      pathMtu: this.pathMtu(destination),
      identification: this.#nextIdentification(),
    });
    if (frames === undefined) {
      onError?.(tooLong(source, this.mtu));
      return;
    }
    for (const frame of frames) {
      if (toSelf) this.#loop(frame);
      else if (isMulticast(hop)) this.#multicast(hop, frame);
      else this.neighbors().send(hop, source, frame, onError);
    }
  }

  /** Takes any octets whatever; what is not a good frame for us is counted. */
  receive(frame: Uint8Array): void {
    if (!ethernet.wrap(frame)) {
      this.drop('malformed');
      return;
    }
    const { destination, source, etherType } = ethernet;
    if (destination !== this.mac && !isGroupMac(destination)) this.drop('notOurs');
    else if (etherType === ETHERTYPE.ipv4) this.#receiveIpv4(frame, ETHERNET_HEADER_LENGTH);
    else if (etherType === ETHERTYPE.ipv6) this.#receiveIpv6(frame, ETHERNET_HEADER_LENGTH, source);
    else if (etherType === ETHERTYPE.arp) this.#receiveArp(frame);
    else this.drop('unknownProtocol');
  }

  poll(): void {
    this.#neighbors?.poll();
    this.#reassembly?.expire(this.now());
  }

  nextTimer(): number | undefined {
    return earliest(this.#neighbors?.nextTimer(), this.#reassembly?.nextTimer());
  }

  #nextIdentification(): number {
    this.#identification = ((this.#identification ?? this.random()) + 1) >>> 0;
    return this.#identification;
  }

  /** To ourselves, without a link in between; drained here, so that answers do not nest. */
  #loop(frame: Uint8Array): void {
    if (this.#loopback !== undefined) {
      if (this.#loopback.length < HOST_LIMITS.loopback) this.#loopback.push(frame);
      else this.drop('limit');
      return;
    }
    const queue = [frame];
    this.#loopback = queue;
    let left: number = HOST_LIMITS.loopbackFrames;
    for (let next = queue.shift(); next !== undefined && left > 0; next = queue.shift()) {
      left -= 1;
      writeMac(next, 0, this.mac);
      this.receive(next);
    }
    this.#loopback = undefined;
  }

  #multicast(group: Ip, frame: Uint8Array): void {
    writeMac(frame, 0, groupMac(group));
    this.transmit(frame);
  }

  #receiveArp(frame: Uint8Array): void {
    const arp = parseArp(frame, ETHERNET_HEADER_LENGTH);
    if (arp === undefined) this.drop('malformed');
    else receiveArp(this, arp);
  }

  #receiveIpv4(bytes: Uint8Array, offset: number): void {
    const header = parseIpv4Header(bytes, offset);
    if (header === undefined) {
      const readable = new Ipv4View().wrap(bytes, offset);
      this.drop(readable ? 'checksum' : 'malformed');
      return;
    }
    const { source, destination, protocol, ttl, payloadLength } = header;
    if (!this.#isForUs(source, destination, protocol)) return;
    const start = offset + ipv4HeaderLength(header);
    const end = start + payloadLength;
    const payload = bytes.subarray(start, end);
    const packet = { source, destination, protocol, ttl, payload };
    if (header.moreFragments || header.fragmentOffset > 0) {
      const { identification, moreFragments: more, fragmentOffset } = header;
      this.#reassemble(packet, identification, fragmentOffset, more);
      return;
    }
    this.#upper.deliver({
      ...packet,
      whole: bytes.subarray(offset, end),
      isGroup: isMulticast(destination),
    });
  }

  #receiveIpv6(bytes: Uint8Array, offset: number, from: Mac): void {
    if (!packet6.wrap(bytes, offset) || !upper.walk(packet6)) {
      this.drop('malformed');
      return;
    }
    const { source, destination, hopLimit: ttl, end } = packet6;
    if (!this.#isForUs(source, destination, upper.protocol)) return;
    if (upper.isFragment) {
      const { fragmentHeaderOffset: at, identification, fragmentOffset, moreFragments } = upper;
      const payload = bytes.subarray(at + IPV6_FRAGMENT_HEADER_LENGTH, end);
      const packet = { source, destination, protocol: bytes[at]!, ttl, payload };
      this.#reassemble(packet, identification, fragmentOffset, moreFragments);
      return;
    }
    const { protocol } = upper;
    const payload = bytes.subarray(upper.offset, end);
    const packet = { source, destination, protocol, ttl, payload };
    if (this.#receiveNdp(packet, source, from)) return;
    const whole = bytes.subarray(offset, end);
    this.#upper.deliver({ ...packet, whole, isGroup: isMulticast(destination) });
  }

  #receiveNdp(packet: IpPacket, source: Ipv6, from: Mac): boolean {
    const { payload, protocol } = packet;
    if (protocol !== PROTOCOL.icmpv6 || ndpKind(payload[0] ?? 0) === undefined) return false;
    const message = parseIcmpv6(payload, 0, payload.length, packet);
    const isNdp = message !== undefined && !('payload' in message);
    if (isNdp && packet.ttl === NDP_HOP_LIMIT) receiveNdp(this, message, source, from);
    else this.drop('malformed');
    return true;
  }

  #isForUs(source: Ip, destination: Ip, protocol: number): boolean {
    // RFC 1122 section 3.2.1.3: what comes over the link has no source of ours. A service that
    // echoes would answer itself without end.
    if (this.#loopback === undefined && this.isOwn(source)) {
      this.drop('malformed');
      return false;
    }
    const toUs = this.isOwn(destination) || isMember(this.#config, destination);
    if (toUs && isUnicast(source)) return true;
    // Only duplicate address detection and a router without an address of its own come from there.
    if (toUs && protocol === PROTOCOL.igmp && isUnspecified(source)) return true;
    if (!isIpv4(destination) && isMulticast(destination) && this.#isNdpGroup(destination)) {
      return !isMulticast(source);
    }
    this.drop(toUs ? 'malformed' : 'notOurs');
    return false;
  }

  #isNdpGroup(group: Ipv6): boolean {
    const same = (other: Ipv6) => other.every((limb, index) => limb === group[index]);
    if (same(ALL_NODES)) return true;
    return this.#config.addresses.some((own) => !isIpv4(own) && same(solicitedNode(own)));
  }

  #reassemble(packet: IpPacket, identification: number, offset: number, more: boolean): void {
    this.#reassembly ??= new Reassembly();
    const { source, destination, protocol, payload: bytes } = packet;
    // RFC 8200 section 4.5: the protocol does not belong to an IPv6 packet's identity.
    const kind = isIpv4(source) ? protocol : 'v6';
    const key = `${ipKey(source)}>${ipKey(destination)}#${identification}/${kind}`;
    const now = this.now();
    this.#reassembly.expire(now);
    const payload = this.#reassembly.insert({ key, offset, more, bytes }, now);
    if (payload === undefined) return;
    const whole = joinedPacket({ ...packet, payload });
    if (whole === undefined) this.drop('malformed');
    else if (isIpv4(source)) this.#receiveIpv4(whole, 0);
    else this.#receiveIpv6(whole, 0, this.mac);
  }
}

/** What a router would say about a packet that is too long for our own link. */
function tooLong(from: Ip, mtu: number) {
  return isIpv4(from)
    ? ({
        kind: 'icmp',
        type: ICMP_TYPE.destinationUnreachable,
        code: ICMP_UNREACHABLE.fragmentationNeeded,
        from,
        mtu,
      } as const)
    : ({ kind: 'icmp', type: ICMPV6_TYPE.packetTooBig, code: 0, from, mtu } as const);
}

/** The earlier of two deadlines, either of which may be missing. */
export function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
