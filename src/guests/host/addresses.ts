/** Which addresses are ours, and which neighbor leads to any other. */
import { type Cidr, cidr, containsIp } from '../../net/cidr.ts';
import { familyOf, type Ip, ipEquals, isIpv4 } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { type Ipv6, ipv6 } from '../../net/ipv6.ts';
import { ALL_SYSTEMS, isMulticast } from '../../net/multicast.ts';

export interface HostAddresses {
  readonly addresses: readonly Ip[];
  /** Blocks whose addresses are all ours as well. */
  readonly prefixes?: readonly Cidr[];
  /** Blocks whose addresses are neighbors on the link. */
  readonly onLink: readonly Cidr[];
  readonly gateway4?: Ipv4;
  readonly gateway6?: Ipv6;
  /** Multicast groups whose packets are taken: these, or whatever the link brings. */
  readonly groups?: readonly Ip[] | 'all';
}

export const NO_ADDRESSES: HostAddresses = { addresses: [], onLink: [] };

const LINK_LOCAL = cidr(ipv6(0xfe80_0000, 0, 0, 0), 10);
/** ff02::1 (RFC 4291 section 2.7.1). */
export const ALL_NODES: Ipv6 = ipv6(0xff02_0000, 0, 0, 1);

/** 0.0.0.0 or :: . */
export function isUnspecified(address: Ip): boolean {
  return isIpv4(address) ? address === 0 : address.every((limb) => limb === 0);
}

/** An address that can be a sender's: neither a group, nor unspecified, nor broadcast. */
export function isUnicast(address: Ip): boolean {
  return !isMulticast(address) && !isUnspecified(address) && address !== 0xffff_ffff;
}

export function isOwn(config: HostAddresses, address: Ip): boolean {
  if (config.addresses.some((own) => ipEquals(own, address))) return true;
  return config.prefixes?.some((block) => containsIp(block, address)) ?? false;
}

export function isMember(config: HostAddresses, group: Ip): boolean {
  const { groups = [] } = config;
  if (groups === 'all') return isMulticast(group);
  // RFC 1112 section 7.1: every host is in this one.
  if (group === ALL_SYSTEMS) return true;
  return groups.some((joined) => ipEquals(joined, group));
}

function isNeighbor(config: HostAddresses, address: Ip): boolean {
  if (!isIpv4(address) && containsIp(LINK_LOCAL, address)) return true;
  return config.onLink.some((block) => containsIp(block, address));
}

/** The neighbor to hand a packet to; undefined without a route. */
export function nextHop(config: HostAddresses, destination: Ip): Ip | undefined {
  if (isMulticast(destination) || isNeighbor(config, destination)) return destination;
  return isIpv4(destination) ? config.gateway4 : config.gateway6;
}

/**
 * Our address for a destination: one that shares an on-link block with it, a link-local one for
 * a link-local one, else the first of its family (RFC 6724 rules 2 and 8, as far as they matter).
 */
export function sourceFor(config: HostAddresses, destination: Ip): Ip | undefined {
  const candidates = config.addresses.filter((own) => familyOf(own) === familyOf(destination));
  const blocks = [...config.onLink, LINK_LOCAL].filter((block) => containsIp(block, destination));
  const near = candidates.find((own) => blocks.some((block) => containsIp(block, own)));
  const isGlobal = (own: Ip) => !containsIp(LINK_LOCAL, own);
  return near ?? candidates.find(isGlobal) ?? candidates[0];
}
