/** Address blocks in canonical form: no host bits. */
import {
  addToIp,
  compareIp,
  type Family,
  familyOf,
  formatIp,
  type Ip,
  ipEquals,
  isIpv4,
  parseIp,
  widthOf,
} from './ip.ts';
import { type Ipv4, ipv4 } from './ipv4.ts';
import { type Ipv6, ipv6 } from './ipv6.ts';

export interface Cidr<T extends Ip = Ip> {
  /** The network address, host bits zero. */
  readonly address: T;
  /** Prefix length in bits: 0..32 or 0..128. */
  readonly length: number;
}
export type Cidr4 = Cidr<Ipv4>;
export type Cidr6 = Cidr<Ipv6>;

/** Every address of a family: 0.0.0.0/0 and ::/0. */
export const ANY_IPV4: Cidr4 = { address: ipv4(0), length: 0 };
export const ANY_IPV6: Cidr6 = { address: ipv6(0, 0, 0, 0), length: 0 };

/** The mask of the first `length` bits of one 32-bit limb; out-of-range lengths saturate. */
export function limbMask(length: number): number {
  if (length <= 0) return 0;
  return length >= 32 ? 0xffff_ffff : (0xffff_ffff << (32 - length)) >>> 0;
}

/** Clears the host bits of an address. */
export function networkOf<T extends Ip>(address: T, length: number): T {
  if (isIpv4(address)) return ipv4(address & limbMask(length)) as Ip as T;
  const [a, b, c, d] = address as Ipv6;
  return ipv6(
    a & limbMask(length),
    b & limbMask(length - 32),
    c & limbMask(length - 64),
    d & limbMask(length - 96),
  ) as Ip as T;
}

/** The canonical block that holds `address`. */
export function cidr<T extends Ip>(address: T, length: number): Cidr<T> {
  return { address: networkOf(address, length), length };
}

/** The block of one address: /32 or /128. */
export function hostCidr<T extends Ip>(address: T): Cidr<T> {
  return { address, length: widthOf(familyOf(address)) };
}

export function isCidr4(block: Cidr): block is Cidr4 {
  return isIpv4(block.address);
}

export function cidrFamily(block: Cidr): Family {
  return familyOf(block.address);
}

/** Parses `address/length`; host bits are cleared. Undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(digits)) return undefined;
  const length = Number(digits);
  if (length > widthOf(familyOf(address))) return undefined;
  return cidr(address, length);
}

export function parseCidr4(text: string): Cidr4 | undefined {
  const block = parseCidr(text);
  return block !== undefined && isCidr4(block) ? block : undefined;
}

export function parseCidr6(text: string): Cidr6 | undefined {
  const block = parseCidr(text);
  return block !== undefined && !isCidr4(block) ? (block as Cidr6) : undefined;
}

export function formatCidr(block: Cidr): string {
  return `${formatIp(block.address)}/${block.length}`;
}

export function cidrEquals(a: Cidr, b: Cidr): boolean {
  return a.length === b.length && ipEquals(a.address, b.address);
}

export function containsIp(block: Cidr, address: Ip): boolean {
  return (
    familyOf(block.address) === familyOf(address) &&
    ipEquals(networkOf(address, block.length), block.address)
  );
}

/** Whether every address of `inner` lies in `outer`; a block contains itself. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return inner.length >= outer.length && containsIp(outer, inner.address);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return containsCidr(a, b) || containsCidr(b, a);
}

/** Order by address, then by length. */
export function compareCidr(a: Cidr, b: Cidr): number {
  return compareIp(a.address, b.address) || a.length - b.length;
}

/** The last address of a block. */
export function lastAddress<T extends Ip>(block: Cidr<T>): T {
  const { address, length } = block;
  if (isIpv4(address)) return ipv4(address | ~limbMask(length)) as Ip as T;
  const [a, b, c, d] = address as Ipv6;
  return ipv6(
    a | ~limbMask(length),
    b | ~limbMask(length - 32),
    c | ~limbMask(length - 64),
    d | ~limbMask(length - 96),
  ) as Ip as T;
}

/** The address `offset` into a block (0 is the network address). */
export function addressAt<T extends Ip>(block: Cidr<T>, offset: number): T {
  return addToIp(block.address, offset);
}

/** Number of addresses, as a double: exact up to 2^53. */
export function cidrSize(block: Cidr): number {
  return 2 ** (widthOf(cidrFamily(block)) - block.length);
}
