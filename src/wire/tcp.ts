/**
 * Transmission Control Protocol (RFC 9293).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |          Source Port          |       Destination Port        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                        Sequence Number                        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                    Acknowledgment Number                      |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     | Data  |       |C|E|U|A|P|R|S|F|                               |
 *     | Offset| Rsrvd |W|C|R|C|S|S|Y|I|            Window             |
 *     |       |       |R|E|G|K|H|T|N|N|                               |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |           Checksum            |         Urgent Pointer        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |  options, data                                                |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { adjustChecksum, foldChecksum, pseudoHeaderSum, sumWords } from '../net/checksum.ts';
import { PROTOCOL } from '../net/protocol.ts';
import {
  EMPTY,
  fits,
  formatPorts,
  type PseudoHeader,
  read16,
  read32,
  write16,
  write32,
} from './bytes.ts';
import {
  emitTcpOptions,
  findMss,
  formatTcpOptions,
  parseTcpOptions,
  type TcpOptions,
  tcpOptionsLength,
} from './tcp-option.ts';

const field = {
  sourcePort: 0,
  destinationPort: 2,
  sequenceNumber: 4,
  acknowledgmentNumber: 8,
  dataOffset: 12,
  flags: 13,
  window: 14,
  checksum: 16,
  urgentPointer: 18,
  options: 20,
} as const;

/** Bytes of a header without options. */
export const TCP_HEADER_LENGTH = field.options;

/** Bits of `flags`. */
export const TCP_FLAG = {
  fin: 0x01,
  syn: 0x02,
  rst: 0x04,
  psh: 0x08,
  ack: 0x10,
  urg: 0x20,
  ece: 0x40,
  cwr: 0x80,
} as const;

export class TcpView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a segment; false, and unchanged, when it is malformed or truncated. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, TCP_HEADER_LENGTH)) return false;
    const headerLength = (bytes[offset + field.dataOffset]! >>> 4) * 4;
    if (headerLength < TCP_HEADER_LENGTH || headerLength > end - offset) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
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
  get sequenceNumber(): number {
    return read32(this.bytes, this.offset + field.sequenceNumber);
  }
  set sequenceNumber(value: number) {
    write32(this.bytes, this.offset + field.sequenceNumber, value);
  }
  get acknowledgmentNumber(): number {
    return read32(this.bytes, this.offset + field.acknowledgmentNumber);
  }
  set acknowledgmentNumber(value: number) {
    write32(this.bytes, this.offset + field.acknowledgmentNumber, value);
  }
  /** Bytes of the header, options included. */
  get headerLength(): number {
    return (this.bytes[this.offset + field.dataOffset]! >>> 4) * 4;
  }
  /** Bits of `TCP_FLAG`. */
  get flags(): number {
    return this.bytes[this.offset + field.flags]!;
  }
  set flags(value: number) {
    this.bytes[this.offset + field.flags] = value;
  }
  get fin(): boolean {
    return (this.flags & TCP_FLAG.fin) !== 0;
  }
  get syn(): boolean {
    return (this.flags & TCP_FLAG.syn) !== 0;
  }
  get rst(): boolean {
    return (this.flags & TCP_FLAG.rst) !== 0;
  }
  get ack(): boolean {
    return (this.flags & TCP_FLAG.ack) !== 0;
  }
  get window(): number {
    return read16(this.bytes, this.offset + field.window);
  }
  set window(value: number) {
    write16(this.bytes, this.offset + field.window, value);
  }
  get checksum(): number {
    return read16(this.bytes, this.offset + field.checksum);
  }
  set checksum(value: number) {
    write16(this.bytes, this.offset + field.checksum, value);
  }
  get urgentPointer(): number {
    return read16(this.bytes, this.offset + field.urgentPointer);
  }
  set urgentPointer(value: number) {
    write16(this.bytes, this.offset + field.urgentPointer, value);
  }
  /** Bytes of the MSS option; undefined without one. */
  get maximumSegmentSize(): number | undefined {
    const at = this.#mssOffset();
    return at < 0 ? undefined : read16(this.bytes, at);
  }
  get payloadOffset(): number {
    return this.offset + this.headerLength;
  }

  fillChecksum(pseudo: PseudoHeader): void {
    this.checksum = 0;
    this.checksum = this.#sum(pseudo);
  }

  checksumValid(pseudo: PseudoHeader): boolean {
    return this.#sum(pseudo) === 0;
  }

  /** Lowers the MSS option, when there is one above `limit`, and adjusts the checksum. */
  clampMaximumSegmentSize(limit: number): void {
    const at = this.#mssOffset();
    if (at < 0 || read16(this.bytes, at) <= limit) return;
    // An option may stand at an odd offset: the words that the checksum covers are the even ones.
    const even = at - ((at - this.offset) & 1);
    const before = [read16(this.bytes, even), read16(this.bytes, even + 2)] as const;
    write16(this.bytes, at, limit);
    const first = adjustChecksum(this.checksum, before[0], read16(this.bytes, even));
    this.checksum = adjustChecksum(first, before[1], read16(this.bytes, even + 2));
  }

  #sum({ source, destination }: PseudoHeader): number {
    const { bytes, offset, end } = this;
    const start = pseudoHeaderSum(source, destination, PROTOCOL.tcp, end - offset);
    return foldChecksum(sumWords(bytes, offset, end, start));
  }

  #mssOffset(): number {
    return findMss(this.bytes, this.offset + field.options, this.payloadOffset);
  }
}

export interface Tcp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequenceNumber: number;
  readonly acknowledgmentNumber: number;
  /** Bits of `TCP_FLAG`. */
  readonly flags: number;
  /** As on the wire, not scaled. */
  readonly window: number;
  readonly options: TcpOptions;
  readonly payload: Uint8Array;
}

/**
 * Verifies the checksum unless `pseudo` is left out; the payload is not copied. The urgent
 * pointer, which RFC 6093 advises against, is not read.
 */
export function parseTcp(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  pseudo?: PseudoHeader,
): Tcp | undefined {
  const view = new TcpView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (pseudo !== undefined && !view.checksumValid(pseudo)) return undefined;
  const options = parseTcpOptions(bytes, offset + field.options, view.payloadOffset);
  if (options === undefined) return undefined;
  return {
    sourcePort: view.sourcePort,
    destinationPort: view.destinationPort,
    sequenceNumber: view.sequenceNumber,
    acknowledgmentNumber: view.acknowledgmentNumber,
    flags: view.flags,
    window: view.window,
    options,
    payload: bytes.subarray(view.payloadOffset, end),
  };
}

/** Bytes that `emitTcp` writes, options and payload included. */
export function tcpLength(tcp: Tcp): number {
  return TCP_HEADER_LENGTH + tcpOptionsLength(tcp.options) + tcp.payload.length;
}

export function emitTcp(tcp: Tcp, bytes: Uint8Array, offset: number, pseudo: PseudoHeader): void {
  const length = tcpLength(tcp);
  assert(bytes.length - offset >= length, 'no room for a TCP segment');
  const headerLength = length - tcp.payload.length;
  write16(bytes, offset + field.sourcePort, tcp.sourcePort);
  write16(bytes, offset + field.destinationPort, tcp.destinationPort);
  write32(bytes, offset + field.sequenceNumber, tcp.sequenceNumber);
  write32(bytes, offset + field.acknowledgmentNumber, tcp.acknowledgmentNumber);
  bytes[offset + field.dataOffset] = (headerLength / 4) << 4;
  bytes[offset + field.flags] = tcp.flags;
  write16(bytes, offset + field.window, tcp.window);
  write16(bytes, offset + field.urgentPointer, 0);
  emitTcpOptions(tcp.options, bytes, offset + field.options);
  bytes.set(tcp.payload, offset + headerLength);
  const view = new TcpView();
  view.wrap(bytes, offset, offset + length);
  view.fillChecksum(pseudo);
}

const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [TCP_FLAG.fin, 'F'],
  [TCP_FLAG.syn, 'S'],
  [TCP_FLAG.rst, 'R'],
  [TCP_FLAG.psh, 'P'],
  [TCP_FLAG.ack, '.'],
  [TCP_FLAG.urg, 'U'],
  [TCP_FLAG.ece, 'E'],
  [TCP_FLAG.cwr, 'W'],
];

export function formatTcp(tcp: Tcp, pseudo?: PseudoHeader): string {
  const { flags, sequenceNumber, payload } = tcp;
  const letters = FLAG_LETTERS.filter(([bit]) => (flags & bit) !== 0).map(([, letter]) => letter);
  const last = (sequenceNumber + payload.length) >>> 0;
  const parts = [
    `Flags [${letters.join('') || 'none'}]`,
    `seq ${sequenceNumber}${payload.length > 0 ? `:${last}` : ''}`,
  ];
  if ((flags & TCP_FLAG.ack) !== 0) parts.push(`ack ${tcp.acknowledgmentNumber}`);
  parts.push(`win ${tcp.window}`);
  const options = formatTcpOptions(tcp.options);
  if (options !== '') parts.push(`options [${options}]`);
  parts.push(`length ${payload.length}`);
  return `${formatPorts(tcp, pseudo)}: ${parts.join(', ')}`;
}
