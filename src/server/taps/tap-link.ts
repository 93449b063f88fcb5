/**
 * The Ethernet link behind a site's tap, as the site's router sees it: who has which address there,
 * and which frames are for the router at all.
 */
import { ROUTER_LINK_LOCAL } from '../../fabric/link.ts';
import type { Tap } from '../../guests/tap.ts';
import { containsIp, parseCidr6 } from '../../net/cidr.ts';
import { type Ip, ipEquals, ipKey } from '../../net/ip.ts';
import { isGroupMac, type Mac } from '../../net/mac.ts';
import { ETHERTYPE, PROTOCOL } from '../../net/protocol.ts';
import { parseArp } from '../../wire/arp.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView } from '../../wire/ethernet.ts';
import { ICMPV6_TYPE, Icmpv6View } from '../../wire/icmpv6.ts';
import { Ipv4View } from '../../wire/ipv4.ts';
import { Ipv6View } from '../../wire/ipv6.ts';

/** Addresses whose owner is remembered; past that the oldest is forgotten. */
const NEIGHBORS_MAX = 4096;
const LINK_LOCAL = parseCidr6('fe80::/10')!;

export class TapLink {
  readonly tap: Pick<Tap, 'transmit' | 'hardwareAddress' | 'close'>;
  readonly #neighbors = new Map<number | string, Mac>();
  readonly #ethernet = new EthernetView();
  readonly #ipv4 = new Ipv4View();
  readonly #ipv6 = new Ipv6View();

  constructor(tap: TapLink['tap']) {
    this.tap = tap;
  }

  /**
   * Learns who sent a frame; whether the router is to have it: packets, and questions for who has
   * an address that is not `behind` the tap itself.
   */
  hear(frame: Uint8Array, behind: (address: Ip) => boolean): boolean {
    const ethernet = this.#ethernet;
    if (!ethernet.wrap(frame) || isGroupMac(ethernet.source)) return false;
    switch (ethernet.etherType) {
      case ETHERTYPE.arp:
        return this.#hearArp(frame, behind);
      case ETHERTYPE.ipv4:
        if (!this.#ipv4.wrap(frame, ETHERNET_HEADER_LENGTH)) return false;
        return this.#hearPacket(this.#ipv4.source);
      case ETHERTYPE.ipv6:
        if (!this.#ipv6.wrap(frame, ETHERNET_HEADER_LENGTH)) return false;
        return this.#hearIpv6(frame, behind);
      default:
        return false;
    }
  }

  /** Sends a packet on to who has its destination; the interface itself unless known better. */
  forward(frame: Uint8Array): void {
    const destination = destinationOf(frame);
    if (destination === undefined) return;
    const known = this.#neighbors.get(ipKey(destination));
    this.#ethernet.wrap(frame);
    this.#ethernet.destination = known ?? this.tap.hardwareAddress;
    this.tap.transmit(frame);
  }

  #hearArp(frame: Uint8Array, behind: (address: Ip) => boolean): boolean {
    const arp = parseArp(frame, ETHERNET_HEADER_LENGTH);
    if (arp === undefined) return false;
    const { senderProtocolAddress: sender, targetProtocolAddress: target } = arp;
    if (sender !== 0) this.#learn(sender, arp.senderHardwareAddress);
    // RFC 5227: who asks for its own address wants to hear from nobody.
    const isProbe = sender === 0 || sender === target;
    return arp.operation === 'request' && !isProbe && !behind(target);
  }

  /** What is for everybody on the link stays there. */
  #hearPacket(source: Ip): boolean {
    this.#learn(source, this.#ethernet.source);
    return !isGroupMac(this.#ethernet.destination);
  }

  #hearIpv6(frame: Uint8Array, behind: (address: Ip) => boolean): boolean {
    const { source, nextHeader, payloadOffset, end } = this.#ipv6;
    const message = new Icmpv6View();
    const isControl =
      nextHeader === PROTOCOL.icmpv6 &&
      message.wrap(frame, payloadOffset, end) &&
      message.type >= 130 &&
      message.type <= 143;
    if (!isControl) return this.#hearPacket(source);
    if (!source.every((limb) => limb === 0)) this.#learn(source, this.#ethernet.source);
    // Who asks for routers is not answered: at a site the customer's own are the way out.
    const { target } = message;
    if (message.type !== ICMPV6_TYPE.neighborSolicitation || target === undefined) return false;
    const isNeighbors = containsIp(LINK_LOCAL, target) && !ipEquals(target, ROUTER_LINK_LOCAL);
    return !isNeighbors && !behind(target);
  }

  #learn(address: Ip, mac: Mac): void {
    const key = ipKey(address);
    if (this.#neighbors.size >= NEIGHBORS_MAX && !this.#neighbors.has(key)) {
      const [oldest] = this.#neighbors.keys();
      this.#neighbors.delete(oldest!);
    }
    this.#neighbors.set(key, mac);
  }
}

/** Of an IP packet. */
export function destinationOf(frame: Uint8Array): Ip | undefined {
  const [ipv4, ipv6] = [new Ipv4View(), new Ipv6View()];
  if (ipv4.wrap(frame, ETHERNET_HEADER_LENGTH)) return ipv4.destination;
  return ipv6.wrap(frame, ETHERNET_HEADER_LENGTH) ? ipv6.destination : undefined;
}
