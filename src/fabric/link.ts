/**
 * What answers on a link: ARP (RFC 826) and neighbour discovery (RFC 4861). The VPC answers for
 * every address, as AWS's mapping service does: an interface's own MAC, else the router's.
 */
import type { Ip } from '../net/ip.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { type Mac, mac } from '../net/mac.ts';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { ARP_LENGTH, emitArp, parseArp } from '../wire/arp.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView, emitEthernet } from '../wire/ethernet.ts';
import { emitIcmpv6, type Icmpv6, icmpv6Length, parseIcmpv6 } from '../wire/icmpv6.ts';
import { emitIpv6Header, IPV6_HEADER_LENGTH, Ipv6View, ipv6Header } from '../wire/ipv6.ts';
import type { Packet } from './packet.ts';

/** The router's MAC on every link. */
export const ROUTER_MAC = mac(0x02_00_00_00_00_01);
const NDP_HOP_LIMIT = 255;

/** The MAC that answers for an address; undefined: nobody does (an address of the asker). */
export type Neighbors = (address: Ip) => Mac | undefined;

/** The reply to an ARP request, or undefined. */
export function answerArp(frame: Uint8Array, neighbors: Neighbors): Uint8Array | undefined {
  const request = parseArp(frame, ETHERNET_HEADER_LENGTH);
  if (request?.operation !== 'request') return undefined;
  const owner = neighbors(request.targetProtocolAddress);
  if (owner === undefined) return undefined;
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + ARP_LENGTH);
  const destination = request.senderHardwareAddress;
  emitEthernet({ destination, source: owner, etherType: ETHERTYPE.arp }, bytes);
  emitArp(
    {
      operation: 'reply',
      senderHardwareAddress: owner,
      senderProtocolAddress: request.targetProtocolAddress,
      targetHardwareAddress: destination,
      targetProtocolAddress: request.senderProtocolAddress,
    },
    bytes,
    ETHERNET_HEADER_LENGTH,
  );
  return bytes;
}

/** Whether the link itself takes this packet: neighbour discovery and listener reports. */
export function isLinkLocalControl({ protocol, icmpType }: Packet): boolean {
  return protocol === PROTOCOL.icmpv6 && icmpType >= 130 && icmpType <= 143;
}

/** The reply to a neighbour or router solicitation, or undefined. */
export function answerNdp(
  frame: Uint8Array,
  packet: Packet,
  neighbors: Neighbors,
  mtu: number,
): Uint8Array | undefined {
  const ethernet = new EthernetView();
  const ipv6 = new Ipv6View();
  if (!ethernet.wrap(frame) || !ipv6.wrap(frame, ETHERNET_HEADER_LENGTH)) return undefined;
  // RFC 4861 sections 6.1.1 and 7.1.1: from further away than this link it is void.
  if (packet.ttl !== NDP_HOP_LIMIT) return undefined;
  const message = parseIcmpv6(frame, ipv6.payloadOffset, ipv6.end, ipv6);
  const to = ethernet.source;
  if (message?.kind === 'neighborSolicitation') {
    const owner = neighbors(message.target);
    if (owner === undefined || isUnspecified(ipv6.source)) return undefined;
    const answer: Icmpv6 = {
      kind: 'neighborAdvertisement',
      target: message.target,
      router: owner === ROUTER_MAC,
      solicited: true,
      override: true,
      targetLinkLayerAddress: owner,
    };
    return ndpFrame(answer, owner, to, message.target, ipv6.source);
  }
  if (message?.kind !== 'routerSolicitation' || isUnspecified(ipv6.source)) return undefined;
  const answer: Icmpv6 = {
    kind: 'routerAdvertisement',
    currentHopLimit: 64,
    managed: true,
    otherConfiguration: true,
    routerLifetime: 1800,
    reachableTime: 0,
    retransTimer: 0,
    sourceLinkLayerAddress: ROUTER_MAC,
    mtu,
    prefixes: [],
  };
  return ndpFrame(answer, ROUTER_MAC, to, ROUTER_LINK_LOCAL, ipv6.source);
}

/** fe80:ec2::1 */
export const ROUTER_LINK_LOCAL = [0xfe80_0ec2, 0, 0, 1] as unknown as Ipv6;

function isUnspecified(address: Ipv6): boolean {
  return address.every((limb) => limb === 0);
}

function ndpFrame(message: Icmpv6, from: Mac, to: Mac, source: Ipv6, destination: Ipv6) {
  const payloadLength = icmpv6Length(message);
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + payloadLength);
  emitEthernet({ destination: to, source: from, etherType: ETHERTYPE.ipv6 }, bytes);
  const header = { source, destination, nextHeader: PROTOCOL.icmpv6, payloadLength };
  emitIpv6Header(ipv6Header({ ...header, hopLimit: NDP_HOP_LIMIT }), bytes, ETHERNET_HEADER_LENGTH);
  emitIcmpv6(message, bytes, ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH, { source, destination });
  return bytes;
}
