/**
 * Ethernet II frames (IEEE 802.3, RFC 894).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                          Destination                          |
 *     +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                               |            Source             |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *     |                                                               |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |           EtherType           |  payload …
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { formatMac, type Mac } from '../net/mac.ts';
import { ETHERTYPE } from '../net/protocol.ts';
import { EMPTY, fits, read16, readMac, write16, writeMac } from './bytes.ts';

const field = { destination: 0, source: 6, etherType: 12, payload: 14 } as const;

export const ETHERNET_HEADER_LENGTH = field.payload;

export class EthernetView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a frame; false, and unchanged, when it is truncated. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, field.payload)) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    return true;
  }

  get destination(): Mac {
    return readMac(this.bytes, this.offset + field.destination);
  }
  set destination(address: Mac) {
    writeMac(this.bytes, this.offset + field.destination, address);
  }
  get source(): Mac {
    return readMac(this.bytes, this.offset + field.source);
  }
  set source(address: Mac) {
    writeMac(this.bytes, this.offset + field.source, address);
  }
  get etherType(): number {
    return read16(this.bytes, this.offset + field.etherType);
  }
  set etherType(value: number) {
    write16(this.bytes, this.offset + field.etherType, value);
  }
  get payloadOffset(): number {
    return this.offset + field.payload;
  }
}

/** The header of a frame. */
export interface Ethernet {
  readonly destination: Mac;
  readonly source: Mac;
  readonly etherType: number;
}

export function parseEthernet(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
): Ethernet | undefined {
  const view = new EthernetView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  return { destination: view.destination, source: view.source, etherType: view.etherType };
}

/** Bytes that `emitEthernet` writes: the header's. */
export function ethernetLength(_frame: Ethernet): number {
  return ETHERNET_HEADER_LENGTH;
}

export function emitEthernet(frame: Ethernet, bytes: Uint8Array, offset = 0): void {
  assert(bytes.length - offset >= ETHERNET_HEADER_LENGTH, 'no room for an Ethernet header');
  writeMac(bytes, offset + field.destination, frame.destination);
  writeMac(bytes, offset + field.source, frame.source);
  write16(bytes, offset + field.etherType, frame.etherType);
}

const ETHERTYPE_NAMES: Readonly<Record<number, string>> = {
  [ETHERTYPE.ipv4]: 'IPv4',
  [ETHERTYPE.arp]: 'ARP',
  [ETHERTYPE.ipv6]: 'IPv6',
};

export function formatEthernet(frame: Ethernet): string {
  const name = ETHERTYPE_NAMES[frame.etherType] ?? 'Unknown';
  const type = `0x${frame.etherType.toString(16).padStart(4, '0')}`;
  const addresses = `${formatMac(frame.source)} > ${formatMac(frame.destination)}`;
  return `${addresses}, ethertype ${name} (${type})`;
}
