/**
 * Options of neighbor discovery (RFC 4861 section 4.6).
 *
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |     Type      |    Length     |   contents …                  |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *     Length counts units of eight bytes, type and length included; zero is malformed.
 *
 *      Prefix information (type 3, length 4)
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |       3       |       4       | Prefix Length |L|A| Reserved  |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |      Valid Lifetime, Preferred Lifetime, Reserved (words)     |
 *     |                        Prefix (4 words)                       |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import { type Cidr6, cidr } from '../net/cidr.ts';
import type { Mac } from '../net/mac.ts';
import { read32, readIpv6, readMac, write32, writeIpv6, writeMac } from './bytes.ts';

const TYPE = {
  sourceLinkLayerAddress: 1,
  targetLinkLayerAddress: 2,
  prefixInformation: 3,
  mtu: 5,
} as const;

/** Units of eight bytes of the options that are read; those of Ethernet for addresses. */
const UNITS: Readonly<Record<number, number>> = {
  [TYPE.sourceLinkLayerAddress]: 1,
  [TYPE.targetLinkLayerAddress]: 1,
  [TYPE.prefixInformation]: 4,
  [TYPE.mtu]: 1,
};

const prefixField = {
  length: 2,
  flags: 3,
  validLifetime: 4,
  preferredLifetime: 8,
  reserved: 12,
  prefix: 16,
} as const;
const ON_LINK = 0x80;
const AUTONOMOUS = 0x40;

/** A lifetime that does not end. */
export const INFINITE_LIFETIME = 0xffff_ffff;

/** A prefix that a router announces. */
export interface NdpPrefix {
  readonly prefix: Cidr6;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  /** In seconds; `INFINITE_LIFETIME` does not end. */
  readonly validLifetime: number;
  /** In seconds; `INFINITE_LIFETIME` does not end. */
  readonly preferredLifetime: number;
}

/** Options by name; of an address or MTU given twice the last one counts. */
export interface NdpOptions {
  readonly sourceLinkLayerAddress?: Mac;
  readonly targetLinkLayerAddress?: Mac;
  /** In bytes. */
  readonly mtu?: number;
  readonly prefixes?: readonly NdpPrefix[];
}

/** Unknown options are skipped; undefined when one is malformed (RFC 4861 section 4.6). */
export function parseNdpOptions(
  bytes: Uint8Array,
  offset: number,
  end: number,
): NdpOptions | undefined {
  let options: NdpOptions = {};
  for (let at = offset; at < end; ) {
    if (end - at < 8) return undefined;
    const type = bytes[at]!;
    const units = bytes[at + 1]!;
    if (units === 0 || units * 8 > end - at || units !== (UNITS[type] ?? units)) return undefined;
    const next = withOption(options, type, bytes, at);
    if (next === undefined) return undefined;
    options = next;
    at += units * 8;
  }
  return options;
}

function withOption(
  options: NdpOptions,
  type: number,
  bytes: Uint8Array,
  at: number,
): NdpOptions | undefined {
  switch (type) {
    case TYPE.sourceLinkLayerAddress:
      return { ...options, sourceLinkLayerAddress: readMac(bytes, at + 2) };
    case TYPE.targetLinkLayerAddress:
      return { ...options, targetLinkLayerAddress: readMac(bytes, at + 2) };
    case TYPE.mtu:
      return { ...options, mtu: read32(bytes, at + 4) };
    case TYPE.prefixInformation:
      if (bytes[at + prefixField.length]! > 128) return undefined;
      return { ...options, prefixes: [...(options.prefixes ?? []), readPrefix(bytes, at)] };
    default:
      return options;
  }
}

function readPrefix(bytes: Uint8Array, at: number): NdpPrefix {
  const flags = bytes[at + prefixField.flags]!;
  return {
    prefix: cidr(readIpv6(bytes, at + prefixField.prefix), bytes[at + prefixField.length]!),
    onLink: (flags & ON_LINK) !== 0,
    autonomous: (flags & AUTONOMOUS) !== 0,
    validLifetime: read32(bytes, at + prefixField.validLifetime),
    preferredLifetime: read32(bytes, at + prefixField.preferredLifetime),
  };
}

/** Bytes that `emitNdpOptions` writes. */
export function ndpOptionsLength(options: NdpOptions): number {
  return (
    (options.sourceLinkLayerAddress === undefined ? 0 : 8) +
    (options.targetLinkLayerAddress === undefined ? 0 : 8) +
    (options.mtu === undefined ? 0 : 8) +
    (options.prefixes ?? []).length * 32
  );
}

export function emitNdpOptions(options: NdpOptions, bytes: Uint8Array, offset: number): void {
  const { sourceLinkLayerAddress, targetLinkLayerAddress, mtu } = options;
  let at = offset;
  const begin = (type: number) => {
    const units = UNITS[type]!;
    bytes.fill(0, at, at + units * 8);
    bytes[at] = type;
    bytes[at + 1] = units;
    at += units * 8;
    return at - units * 8;
  };
  if (sourceLinkLayerAddress !== undefined) {
    writeMac(bytes, begin(TYPE.sourceLinkLayerAddress) + 2, sourceLinkLayerAddress);
  }
  if (targetLinkLayerAddress !== undefined) {
    writeMac(bytes, begin(TYPE.targetLinkLayerAddress) + 2, targetLinkLayerAddress);
  }
  if (mtu !== undefined) write32(bytes, begin(TYPE.mtu) + 4, mtu);
  for (const prefix of options.prefixes ?? []) {
    writePrefix(prefix, bytes, begin(TYPE.prefixInformation));
  }
}

function writePrefix(option: NdpPrefix, bytes: Uint8Array, at: number): void {
  const flags = (option.onLink ? ON_LINK : 0) | (option.autonomous ? AUTONOMOUS : 0);
  bytes[at + prefixField.length] = option.prefix.length;
  bytes[at + prefixField.flags] = flags;
  write32(bytes, at + prefixField.validLifetime, option.validLifetime);
  write32(bytes, at + prefixField.preferredLifetime, option.preferredLifetime);
  writeIpv6(bytes, at + prefixField.prefix, option.prefix.address);
}
