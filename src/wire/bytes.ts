/** Big-endian fields of a byte array. The caller has checked the length before. */
import { formatIp, type Ip } from '../net/ip.ts';
import { type Ipv4, ipv4 } from '../net/ipv4.ts';
import { type Ipv6, ipv6 } from '../net/ipv6.ts';
import { type Mac, mac } from '../net/mac.ts';

export const EMPTY: Uint8Array = new Uint8Array(0);

/** The two addresses that a transport checksum covers: an IP header, a view of one, or a pair. */
export interface PseudoHeader {
  readonly source: Ip;
  readonly destination: Ip;
}

/** Whether `[offset, end)` is a range of `bytes` that holds at least `length` bytes. */
export function fits(bytes: Uint8Array, offset: number, end: number, length: number): boolean {
  return offset >= 0 && end <= bytes.length && end - offset >= length;
}

export function read16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function write16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function read32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  );
}

export function write32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export function readMac(bytes: Uint8Array, at: number): Mac {
  return mac(read16(bytes, at) * 0x1_0000_0000 + read32(bytes, at + 2));
}

export function writeMac(bytes: Uint8Array, at: number, address: Mac): void {
  write16(bytes, at, Math.floor(address / 0x1_0000_0000));
  write32(bytes, at + 2, address % 0x1_0000_0000);
}

export function readIpv4(bytes: Uint8Array, at: number): Ipv4 {
  return ipv4(read32(bytes, at));
}

export function readIpv6(bytes: Uint8Array, at: number): Ipv6 {
  return ipv6(
    read32(bytes, at),
    read32(bytes, at + 4),
    read32(bytes, at + 8),
    read32(bytes, at + 12),
  );
}

export function writeIpv6(bytes: Uint8Array, at: number, address: Ipv6): void {
  write32(bytes, at, address[0]);
  write32(bytes, at + 4, address[1]);
  write32(bytes, at + 8, address[2]);
  write32(bytes, at + 12, address[3]);
}

/** The bytes of hexadecimal digits; white space between them is ignored. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.fromHex(text.replace(/\s+/g, ''));
}

export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}

interface Ports {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** `10.0.0.5.49152 > 10.0.1.7.443`, as tcpdump writes endpoints; ports alone without addresses. */
export function formatPorts(ports: Ports, addresses?: PseudoHeader): string {
  const { sourcePort, destinationPort } = ports;
  if (addresses === undefined) return `${sourcePort} > ${destinationPort}`;
  const { source, destination } = addresses;
  return `${formatIp(source)}.${sourcePort} > ${formatIp(destination)}.${destinationPort}`;
}
