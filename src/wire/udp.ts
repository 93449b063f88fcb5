/**
 * User Datagram Protocol (RFC 768).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |          Source Port          |       Destination Port        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |            Length             |           Checksum            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { foldChecksum, pseudoHeaderSum, sumWords } from '../net/checksum.ts';
import { isIpv4 } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { EMPTY, fits, formatPorts, type PseudoHeader, read16, write16 } from './bytes.ts';

const field = { sourcePort: 0, destinationPort: 2, length: 4, checksum: 6, payload: 8 } as const;

export const UDP_HEADER_LENGTH = field.payload;

export class UdpView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /**
   * Points the view at a datagram and sets `end` to the datagram's own; false, and unchanged,
   * when it is truncated or its length field lies.
   */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, UDP_HEADER_LENGTH)) return false;
    if (read16(bytes, offset + field.length) > end - offset) return false;
    return this.wrapQuoted(bytes, offset, end);
  }

  /** As `wrap`, for a datagram that an ICMP error quotes: its payload may be cut short. */
  wrapQuoted(bytes: Uint8Array, offset: number, end: number): boolean {
    if (!fits(bytes, offset, end, UDP_HEADER_LENGTH)) return false;
    const length = read16(bytes, offset + field.length);
    if (length < UDP_HEADER_LENGTH) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = Math.min(end, offset + length);
    return true;
  }

  get sourcePort(): number {
    return read16(this.bytes, this.offset + field.sourcePort);
  }
  set sourcePort(port: number) {
    write16(this.bytes, this.offset + field.sourcePort, port);
  }
  get destinationPort(): number {
    return read16(this.bytes, this.offset + field.destinationPort);
  }
  set destinationPort(port: number) {
    write16(this.bytes, this.offset + field.destinationPort, port);
  }
  get length(): number {
    return read16(this.bytes, this.offset + field.length);
  }
  set length(value: number) {
    write16(this.bytes, this.offset + field.length, value);
  }
  /** Zero: the sender computed none. */
  get checksum(): number {
    return read16(this.bytes, this.offset + field.checksum);
  }
  set checksum(value: number) {
    write16(this.bytes, this.offset + field.checksum, value);
  }
  get payloadOffset(): number {
    return this.offset + field.payload;
  }

  fillChecksum(pseudo: PseudoHeader): void {
    this.checksum = 0;
    this.checksum = this.#sum(pseudo) || 0xffff;
  }

  /** A checksum of zero is valid over IPv4 only (RFC 768, RFC 8200 section 8.1). */
  checksumValid(pseudo: PseudoHeader): boolean {
    if (this.checksum === 0) return isIpv4(pseudo.source);
    return this.#sum(pseudo) === 0;
  }

  #sum({ source, destination }: PseudoHeader): number {
    const { bytes, offset, end } = this;
    const start = pseudoHeaderSum(source, destination, PROTOCOL.udp, end - offset);
    return foldChecksum(sumWords(bytes, offset, end, start));
  }
}

export interface Udp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** Verifies the checksum unless `pseudo` is left out; the payload is not copied. */
export function parseUdp(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  pseudo?: PseudoHeader,
): Udp | undefined {
  const view = new UdpView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (pseudo !== undefined && !view.checksumValid(pseudo)) return undefined;
  return {
    sourcePort: view.sourcePort,
    destinationPort: view.destinationPort,
    payload: bytes.subarray(view.payloadOffset, view.end),
  };
}

/** Bytes that `emitUdp` writes, payload included. */
export function udpLength(udp: Udp): number {
  return UDP_HEADER_LENGTH + udp.payload.length;
}

export function emitUdp(udp: Udp, bytes: Uint8Array, offset: number, pseudo: PseudoHeader): void {
  const length = udpLength(udp);
  assert(length <= 0xffff, 'UDP datagram too long');
  assert(bytes.length - offset >= length, 'no room for a UDP datagram');
  write16(bytes, offset + field.sourcePort, udp.sourcePort);
  write16(bytes, offset + field.destinationPort, udp.destinationPort);
  write16(bytes, offset + field.length, length);
  bytes.set(udp.payload, offset + field.payload);
  const view = new UdpView();
  view.wrap(bytes, offset, offset + length);
  view.fillChecksum(pseudo);
}

export function formatUdp(udp: Udp, pseudo?: PseudoHeader): string {
  return `${formatPorts(udp, pseudo)}: UDP, length ${udp.payload.length}`;
}
