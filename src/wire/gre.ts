/**
 * Generic Routing Encapsulation (RFC 2784; RFC 2890 for key and sequence number).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |C| |K|S|       Reserved0       | Ver |         Protocol Type   |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |      Checksum (optional)      |      Reserved1 (optional)     |
 *     |                         Key (optional)                        |
 *     |                 Sequence Number (optional)                    |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { foldChecksum, sumWords } from '../net/checksum.ts';
import { ETHERTYPE } from '../net/protocol.ts';
import { EMPTY, fits, read16, read32, write16, write32 } from './bytes.ts';

const field = { flags: 0, protocol: 2, options: 4 } as const;

const FLAG = { checksum: 0x8000, key: 0x2000, sequence: 0x1000 } as const;
/** Bits 1, 4 and 5: routing of RFC 1701, which nobody may take for a GRE packet of today. */
const ROUTING = 0x4c00;
const VERSION = 0x0007;
/** Checksum with Reserved1, key and sequence number take a word each. */
const OPTION_LENGTH = 4;

/** Bytes of a header without options. */
export const GRE_HEADER_LENGTH = field.options;

export class GreView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /**
   * Points the view at a packet; false, and unchanged, when it is truncated, of another version
   * than 0 or with routing. Reserved bits are ignored (RFC 2784 section 2.3).
   */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, GRE_HEADER_LENGTH)) return false;
    const flags = read16(bytes, offset + field.flags);
    if ((flags & (ROUTING | VERSION)) !== 0) return false;
    if (end - offset < headerLength(flags)) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    return true;
  }

  get flags(): number {
    return read16(this.bytes, this.offset + field.flags);
  }
  /** An EtherType. */
  get protocol(): number {
    return read16(this.bytes, this.offset + field.protocol);
  }
  get hasChecksum(): boolean {
    return (this.flags & FLAG.checksum) !== 0;
  }
  get hasKey(): boolean {
    return (this.flags & FLAG.key) !== 0;
  }
  get hasSequence(): boolean {
    return (this.flags & FLAG.sequence) !== 0;
  }
  /** Whether it has nothing of RFC 2890: who knows RFC 2784 alone discards it (section 2.3). */
  get isPlain(): boolean {
    return !this.hasKey && !this.hasSequence;
  }
  get key(): number | undefined {
    if (!this.hasKey) return undefined;
    return read32(this.bytes, this.offset + field.options + (this.hasChecksum ? OPTION_LENGTH : 0));
  }
  get sequence(): number | undefined {
    return this.hasSequence ? read32(this.bytes, this.payloadOffset - OPTION_LENGTH) : undefined;
  }
  get payloadOffset(): number {
    return this.offset + headerLength(this.flags);
  }

  /** Over header and payload; a packet without a checksum is taken as it is. */
  checksumValid(): boolean {
    return !this.hasChecksum || foldChecksum(sumWords(this.bytes, this.offset, this.end)) === 0;
  }

  /** Only of a packet that has one. */
  fillChecksum(): void {
    if (!this.hasChecksum) return;
    const at = this.offset + field.options;
    write16(this.bytes, at, 0);
    write16(this.bytes, at, foldChecksum(sumWords(this.bytes, this.offset, this.end)));
  }
}

function headerLength(flags: number): number {
  const { checksum, key, sequence } = FLAG;
  const options = [checksum, key, sequence].filter((flag) => (flags & flag) !== 0).length;
  return GRE_HEADER_LENGTH + options * OPTION_LENGTH;
}

export interface Gre {
  /** An EtherType: what the payload is. */
  readonly protocol: number;
  readonly checksummed: boolean;
  readonly key?: number;
  readonly sequence?: number;
  readonly payload: Uint8Array;
}

/** Verifies the checksum where there is one, unless told not to; the payload is not copied. */
export function parseGre(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  verify = true,
): Gre | undefined {
  const view = new GreView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (verify && !view.checksumValid()) return undefined;
  const { protocol, hasChecksum, key, sequence, payloadOffset } = view;
  return {
    protocol,
    checksummed: hasChecksum,
    ...(key !== undefined && { key }),
    ...(sequence !== undefined && { sequence }),
    payload: bytes.subarray(payloadOffset, view.end),
  };
}

function flagsOf({ checksummed, key, sequence }: Gre): number {
  return (
    (checksummed ? FLAG.checksum : 0) |
    (key === undefined ? 0 : FLAG.key) |
    (sequence === undefined ? 0 : FLAG.sequence)
  );
}

/** Bytes that `emitGre` writes, payload included. */
export function greLength(gre: Gre): number {
  return headerLength(flagsOf(gre)) + gre.payload.length;
}

export function emitGre(gre: Gre, bytes: Uint8Array, offset: number): void {
  const length = greLength(gre);
  assert(bytes.length - offset >= length, 'no room for a GRE packet');
  const flags = flagsOf(gre);
  write16(bytes, offset + field.flags, flags);
  write16(bytes, offset + field.protocol, gre.protocol);
  let at = offset + field.options;
  const words = [gre.checksummed ? 0 : undefined, gre.key, gre.sequence];
  for (const word of words) {
    if (word === undefined) continue;
    write32(bytes, at, word);
    at += OPTION_LENGTH;
  }
  bytes.set(gre.payload, at);
  const view = new GreView();
  view.wrap(bytes, offset, offset + length);
  view.fillChecksum();
}

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  [ETHERTYPE.ipv4]: 'IPv4',
  [ETHERTYPE.ipv6]: 'IPv6',
};

export function formatGre(gre: Gre): string {
  const { protocol, key, sequence } = gre;
  const name = PROTOCOL_NAMES[protocol] ?? `0x${protocol.toString(16).padStart(4, '0')}`;
  const parts = ['GREv0', `proto ${name}`];
  if (key !== undefined) parts.push(`key 0x${key.toString(16)}`);
  if (sequence !== undefined) parts.push(`seq ${sequence}`);
  return `${parts.join(', ')}, length ${greLength(gre)}`;
}
