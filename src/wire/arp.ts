/**
 * Address resolution, IPv4 over Ethernet (RFC 826).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |       Hardware space (1)      |     Protocol space (0x0800)   |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  HW len (6)   | Proto len (4) |           Operation           |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                    Sender hardware address                    |
 *     +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                               |    Sender protocol address    |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                               |    Target hardware address    |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *     |                                                               |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                    Target protocol address                    |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { formatIpv4, type Ipv4 } from '../net/ipv4.ts';
import { formatMac, type Mac } from '../net/mac.ts';
import { ETHERTYPE } from '../net/protocol.ts';
import { EMPTY, fits, read16, readIpv4, readMac, write16, write32, writeMac } from './bytes.ts';

const field = {
  hardwareSpace: 0,
  protocolSpace: 2,
  hardwareLength: 4,
  protocolLength: 5,
  operation: 6,
  senderHardwareAddress: 8,
  senderProtocolAddress: 14,
  targetHardwareAddress: 18,
  targetProtocolAddress: 24,
  end: 28,
} as const;

const HARDWARE_ETHERNET = 1;
const OPERATIONS = { request: 1, reply: 2 } as const;

export class ArpView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a message; false, and unchanged, unless it is IPv4 over Ethernet. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, field.end)) return false;
    if (read16(bytes, offset + field.hardwareSpace) !== HARDWARE_ETHERNET) return false;
    if (read16(bytes, offset + field.protocolSpace) !== ETHERTYPE.ipv4) return false;
    if (bytes[offset + field.hardwareLength] !== 6) return false;
    if (bytes[offset + field.protocolLength] !== 4) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = offset + field.end;
    return true;
  }

  get operation(): number {
    return read16(this.bytes, this.offset + field.operation);
  }
  set operation(value: number) {
    write16(this.bytes, this.offset + field.operation, value);
  }
  get senderHardwareAddress(): Mac {
    return readMac(this.bytes, this.offset + field.senderHardwareAddress);
  }
  set senderHardwareAddress(address: Mac) {
    writeMac(this.bytes, this.offset + field.senderHardwareAddress, address);
  }
  get senderProtocolAddress(): Ipv4 {
    return readIpv4(this.bytes, this.offset + field.senderProtocolAddress);
  }
  set senderProtocolAddress(address: Ipv4) {
    write32(this.bytes, this.offset + field.senderProtocolAddress, address);
  }
  get targetHardwareAddress(): Mac {
    return readMac(this.bytes, this.offset + field.targetHardwareAddress);
  }
  set targetHardwareAddress(address: Mac) {
    writeMac(this.bytes, this.offset + field.targetHardwareAddress, address);
  }
  get targetProtocolAddress(): Ipv4 {
    return readIpv4(this.bytes, this.offset + field.targetProtocolAddress);
  }
  set targetProtocolAddress(address: Ipv4) {
    write32(this.bytes, this.offset + field.targetProtocolAddress, address);
  }
}

export interface Arp {
  readonly operation: keyof typeof OPERATIONS;
  readonly senderHardwareAddress: Mac;
  readonly senderProtocolAddress: Ipv4;
  readonly targetHardwareAddress: Mac;
  readonly targetProtocolAddress: Ipv4;
}

/** Undefined for anything but a request or a reply for IPv4 over Ethernet. */
export function parseArp(bytes: Uint8Array, offset = 0, end = bytes.length): Arp | undefined {
  const view = new ArpView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (view.operation !== OPERATIONS.request && view.operation !== OPERATIONS.reply) {
    return undefined;
  }
  return {
    operation: view.operation === OPERATIONS.request ? 'request' : 'reply',
    senderHardwareAddress: view.senderHardwareAddress,
    senderProtocolAddress: view.senderProtocolAddress,
    targetHardwareAddress: view.targetHardwareAddress,
    targetProtocolAddress: view.targetProtocolAddress,
  };
}

export const ARP_LENGTH = field.end;

export function arpLength(_arp: Arp): number {
  return ARP_LENGTH;
}

export function emitArp(arp: Arp, bytes: Uint8Array, offset = 0): void {
  assert(bytes.length - offset >= ARP_LENGTH, 'no room for an ARP message');
  write16(bytes, offset + field.hardwareSpace, HARDWARE_ETHERNET);
  write16(bytes, offset + field.protocolSpace, ETHERTYPE.ipv4);
  bytes[offset + field.hardwareLength] = 6;
  bytes[offset + field.protocolLength] = 4;
  write16(bytes, offset + field.operation, OPERATIONS[arp.operation]);
  writeMac(bytes, offset + field.senderHardwareAddress, arp.senderHardwareAddress);
  write32(bytes, offset + field.senderProtocolAddress, arp.senderProtocolAddress);
  writeMac(bytes, offset + field.targetHardwareAddress, arp.targetHardwareAddress);
  write32(bytes, offset + field.targetProtocolAddress, arp.targetProtocolAddress);
}

export function formatArp(arp: Arp): string {
  const sender = formatIpv4(arp.senderProtocolAddress);
  if (arp.operation === 'reply') {
    return `ARP, Reply ${sender} is-at ${formatMac(arp.senderHardwareAddress)}`;
  }
  return `ARP, Request who-has ${formatIpv4(arp.targetProtocolAddress)} tell ${sender}`;
}
