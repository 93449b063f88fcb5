/** An address of either family: a number is IPv4, four limbs are IPv6. */
import { formatIpv4, type Ipv4, ipv4, parseIpv4 } from './ipv4.ts';
import { formatIpv6, type Ipv6, ipv6, parseIpv6 } from './ipv6.ts';

export type Ip = Ipv4 | Ipv6;
export type Family = 4 | 6;

export function isIpv4(address: Ip): address is Ipv4 {
  return typeof address === 'number';
}

export function familyOf(address: Ip): Family {
  return isIpv4(address) ? 4 : 6;
}

/** Bits in an address of this family. */
export function widthOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

export function formatIp(address: Ip): string {
  return isIpv4(address) ? formatIpv4(address) : formatIpv6(address);
}

export function ipEquals(a: Ip, b: Ip): boolean {
  if (isIpv4(a) || isIpv4(b)) return a === b;
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

/** A key for maps that hold both families; not for a packet's way. */
export function ipKey(address: Ip): number | string {
  return isIpv4(address) ? address : address.join('.');
}

/** Numeric order, IPv4 before IPv6. */
export function compareIp(a: Ip, b: Ip): number {
  if (isIpv4(a)) return isIpv4(b) ? a - b : -1;
  if (isIpv4(b)) return 1;
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];
}

/** The address `offset` further on (0 <= offset < 2^32), wrapping at the family's end. */
export function addToIp<T extends Ip>(address: T, offset: number): T {
  if (isIpv4(address)) return ipv4(address + offset) as T;
  const limbs = [...(address as Ipv6)] as [number, number, number, number];
  let carry = offset;
  for (let index = 3; index >= 0 && carry > 0; index--) {
    const sum = limbs[index]! + carry;
    limbs[index] = sum % 0x1_0000_0000;
    carry = Math.floor(sum / 0x1_0000_0000);
  }
  return ipv6(...limbs) as Ip as T;
}
