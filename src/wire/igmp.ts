/**
 * Internet Group Management Protocol, version 2 (RFC 2236; version 1 is RFC 1112 appendix I).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |      Type     | Max Resp Time |           Checksum            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                         Group Address                         |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * Section 2.5: a message may be longer; what follows is covered by the checksum and ignored.
 */
import assert from 'node:assert/strict';
import { checksum } from '../net/checksum.ts';
import { formatIpv4, type Ipv4 } from '../net/ipv4.ts';
import { EMPTY, fits, read16, readIpv4, write16, write32 } from './bytes.ts';

const field = { type: 0, maxResponseTime: 1, checksum: 2, group: 4, end: 8 } as const;

export const IGMP_LENGTH = field.end;

/** Types that openvpc reads and writes. */
export const IGMP_TYPE = { query: 0x11, report1: 0x12, report: 0x16, leave: 0x17 } as const;

/** The IP option that all of these messages carry (RFC 2236 section 2, RFC 2113). */
export const ROUTER_ALERT: Uint8Array = Uint8Array.of(0x94, 4, 0, 0);

export class IgmpView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a message; false, and unchanged, when it is truncated. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, IGMP_LENGTH)) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    return true;
  }

  get type(): number {
    return this.bytes[this.offset + field.type]!;
  }
  set type(value: number) {
    this.bytes[this.offset + field.type] = value;
  }
  /** Tenths of a second, of a query. */
  get maxResponseTime(): number {
    return this.bytes[this.offset + field.maxResponseTime]!;
  }
  set maxResponseTime(value: number) {
    this.bytes[this.offset + field.maxResponseTime] = value;
  }
  get checksum(): number {
    return read16(this.bytes, this.offset + field.checksum);
  }
  set checksum(value: number) {
    write16(this.bytes, this.offset + field.checksum, value);
  }
  get group(): Ipv4 {
    return readIpv4(this.bytes, this.offset + field.group);
  }
  set group(address: Ipv4) {
    write32(this.bytes, this.offset + field.group, address);
  }

  fillChecksum(): void {
    this.checksum = 0;
    this.checksum = checksum(this.bytes, this.offset, this.end);
  }

  checksumValid(): boolean {
    return checksum(this.bytes, this.offset, this.end) === 0;
  }
}

export type Igmp =
  | {
      /** Who is a member of the group; of any, where it is 0.0.0.0. */
      readonly kind: 'query';
      /** Tenths of a second; zero from a router of version 1. */
      readonly maxResponseTime: number;
      readonly group: Ipv4;
    }
  | {
      /** Whoever sends it is a member; `report1` is that of version 1. */
      readonly kind: 'report' | 'report1';
      readonly group: Ipv4;
    }
  | { readonly kind: 'leave'; readonly group: Ipv4 };

/** Undefined for types of other protocols and of version 3 too; `verify` false skips the sum. */
export function parseIgmp(
  bytes: Uint8Array,
  offset = 0,
  end = bytes.length,
  verify = true,
): Igmp | undefined {
  const view = new IgmpView();
  if (!view.wrap(bytes, offset, end)) return undefined;
  if (verify && !view.checksumValid()) return undefined;
  const { type, group, maxResponseTime } = view;
  switch (type) {
    case IGMP_TYPE.query:
      return { kind: 'query', maxResponseTime, group };
    case IGMP_TYPE.report:
      return { kind: 'report', group };
    case IGMP_TYPE.report1:
      return { kind: 'report1', group };
    case IGMP_TYPE.leave:
      return { kind: 'leave', group };
    default:
      return undefined;
  }
}

export function emitIgmp(igmp: Igmp, bytes: Uint8Array, offset = 0): void {
  assert(bytes.length - offset >= IGMP_LENGTH, 'no room for an IGMP message');
  const view = new IgmpView();
  view.wrap(bytes, offset, offset + IGMP_LENGTH);
  view.type = IGMP_TYPE[igmp.kind];
  view.maxResponseTime = igmp.kind === 'query' ? igmp.maxResponseTime : 0;
  view.group = igmp.group;
  view.fillChecksum();
}

export function formatIgmp(igmp: Igmp): string {
  const group = formatIpv4(igmp.group);
  switch (igmp.kind) {
    case 'query':
      return `igmp query v2${igmp.group === 0 ? '' : ` [gaddr ${group}]`}`;
    case 'report':
      return `igmp v2 report ${group}`;
    case 'report1':
      return `igmp v1 report ${group}`;
    case 'leave':
      return `igmp leave ${group}`;
  }
}
