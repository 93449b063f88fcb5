/** ARP and neighbor discovery: the questions we ask, and those we answer for our own addresses. */
import { type Ip, isIpv4 } from '../../net/ip.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { BROADCAST_MAC, isGroupMac, type Mac, mac } from '../../net/mac.ts';
import { groupMac } from '../../net/multicast.ts';
import { ETHERTYPE, PROTOCOL } from '../../net/protocol.ts';
import { ARP_LENGTH, type Arp, emitArp } from '../../wire/arp.ts';
import { writeMac } from '../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, emitEthernet } from '../../wire/ethernet.ts';
import { emitIcmpv6, icmpv6Length } from '../../wire/icmpv6.ts';
import { type Ndp, solicitedNode } from '../../wire/ndp.ts';
import { ALL_NODES, isUnicast, isUnspecified } from './addresses.ts';
import { framesOf } from './ip-output.ts';
import type { NeighborCache } from './neighbors.ts';

export interface Link {
  readonly mac: Mac;
  readonly mtu: number;
  transmit(frame: Uint8Array): void;
  isOwn(address: Ip): boolean;
  neighbors(): NeighborCache;
}

const NO_MAC = mac(0);
/** RFC 4861 section 7.1: nothing that crossed a router is believed. */
export const NDP_HOP_LIMIT = 255;

function sendArp(link: Link, destination: Mac, arp: Arp): void {
  const frame = new Uint8Array(ETHERNET_HEADER_LENGTH + ARP_LENGTH);
  emitEthernet({ destination, source: link.mac, etherType: ETHERTYPE.arp }, frame);
  emitArp(arp, frame, ETHERNET_HEADER_LENGTH);
  link.transmit(frame);
}

function sendNdp(link: Link, source: Ipv6, destination: Ipv6, to: Mac, message: Ndp): void {
  const payload = new Uint8Array(icmpv6Length(message));
  emitIcmpv6(message, payload, 0, { source, destination });
  const packet = {
    source,
    destination,
    protocol: PROTOCOL.icmpv6,
    ttl: NDP_HOP_LIMIT,
    payload,
    dontFragment: true,
  };
  const framing = { mac: link.mac, mtu: link.mtu, pathMtu: link.mtu, identification: 0 };
  for (const frame of framesOf(packet, framing) ?? []) {
    writeMac(frame, 0, to);
    link.transmit(frame);
  }
}

/** Asks who has `address`. */
export function solicit(link: Link, address: Ip, source: Ip): void {
  if (isIpv4(address) && isIpv4(source)) {
    sendArp(link, BROADCAST_MAC, {
      operation: 'request',
      senderHardwareAddress: link.mac,
      senderProtocolAddress: source,
      targetHardwareAddress: NO_MAC,
      targetProtocolAddress: address,
    });
  } else if (!isIpv4(address) && !isIpv4(source)) {
    const group = solicitedNode(address);
    sendNdp(link, source, group, groupMac(group), {
      kind: 'neighborSolicitation',
      target: address,
      sourceLinkLayerAddress: link.mac,
    });
  }
}

/**
 * RFC 826 "packet reception": what we know of the sender is renewed; a sender new to us is kept
 * only when it asks for us. So a gratuitous announcement changes what is known and adds nothing.
 */
export function receiveArp(link: Link, arp: Arp): void {
  const { senderHardwareAddress, senderProtocolAddress, targetProtocolAddress } = arp;
  if (isGroupMac(senderHardwareAddress) || senderHardwareAddress === NO_MAC) return;
  const asksUs = arp.operation === 'request' && link.isOwn(targetProtocolAddress);
  // Somebody who claims our own address, or none (a probe, RFC 5227), teaches nothing.
  if (isUnicast(senderProtocolAddress) && !link.isOwn(senderProtocolAddress)) {
    link.neighbors().learn(senderProtocolAddress, senderHardwareAddress, asksUs);
  }
  if (!asksUs) return;
  sendArp(link, senderHardwareAddress, {
    operation: 'reply',
    senderHardwareAddress: link.mac,
    senderProtocolAddress: targetProtocolAddress,
    targetHardwareAddress: senderHardwareAddress,
    targetProtocolAddress: senderProtocolAddress,
  });
}

function advertise(link: Link, target: Ipv6, to: Ipv6, at: Mac, solicited: boolean): void {
  sendNdp(link, target, to, at, {
    kind: 'neighborAdvertisement',
    target,
    router: false,
    solicited,
    override: true,
    targetLinkLayerAddress: link.mac,
  });
}

/** RFC 4861 sections 7.2.3 to 7.2.5, the hop limit checked. Router messages are not ours. */
export function receiveNdp(link: Link, message: Ndp, source: Ipv6, from: Mac): void {
  if (message.kind === 'neighborSolicitation') {
    if (!link.isOwn(message.target)) return;
    if (isUnspecified(source)) {
      // Duplicate address detection: everybody is to hear that the address is taken.
      advertise(link, message.target, ALL_NODES, groupMac(ALL_NODES), false);
      return;
    }
    const { sourceLinkLayerAddress: sender } = message;
    if (sender !== undefined && isUsable(sender) && !link.isOwn(source)) {
      link.neighbors().learn(source, sender, true);
    }
    advertise(link, message.target, source, sender ?? from, true);
  } else if (message.kind === 'neighborAdvertisement') {
    const { target, targetLinkLayerAddress: heard, override } = message;
    if (heard === undefined || !isUsable(heard) || link.isOwn(target)) return;
    const known = link.neighbors().lookup(target);
    if (known === undefined || known === heard || override) {
      link.neighbors().learn(target, heard, false);
    }
  }
}

function isUsable(address: Mac): boolean {
  return !isGroupMac(address) && address !== NO_MAC;
}
