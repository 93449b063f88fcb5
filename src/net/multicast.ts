/** Group addresses: 224.0.0.0/4 (RFC 1112 section 4) and ff00::/8 (RFC 4291 section 2.7). */
import { type Ip, isIpv4 } from './ip.ts';
import type { Ipv4 } from './ipv4.ts';
import { type Mac, mac } from './mac.ts';

/** 224.0.0.1 and 224.0.0.2 (RFC 1112 appendix I, RFC 2236 section 9). */
export const ALL_SYSTEMS = 0xe000_0001 as Ipv4;
export const ALL_ROUTERS = 0xe000_0002 as Ipv4;

export function isMulticast(address: Ip): boolean {
  return isIpv4(address) ? address >>> 28 === 14 : address[0] >>> 24 === 0xff;
}

/**
 * Where a frame to a group goes: the low 23 bits of an IPv4 group (RFC 1112 section 6.4), the low
 * 32 of an IPv6 one (RFC 2464 section 7).
 */
export function groupMac(group: Ip): Mac {
  return isIpv4(group)
    ? mac(0x0100_5e00_0000 + (group & 0x7f_ffff))
    : mac(0x3333_0000_0000 + group[3]);
}
