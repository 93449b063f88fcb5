/** What an UPDATE says of the routes it announces, next hops aside; and writing it. */
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts';
import { write16, write32 } from '../bytes.ts';
import {
  AS_TRANS,
  ASN16_MAX,
  type AsnWidth,
  type AsPath,
  asPathBytes,
  formatAsPath,
  needsFourBytes,
  writeAsPath,
} from './as-path.ts';
import { ATTRIBUTE, ATTRIBUTE_FLAG, attributeLength, beginAttribute } from './attribute.ts';

export const ORIGIN = { igp: 0, egp: 1, incomplete: 2 } as const;
export type Origin = (typeof ORIGIN)[keyof typeof ORIGIN];

/** RFC 1997: communities that every speaker obeys. */
export const COMMUNITY = {
  noExport: 0xffff_ff01,
  noAdvertise: 0xffff_ff02,
  noExportSubconfed: 0xffff_ff03,
} as const;

/** An optional transitive attribute that is not read here, to be passed on (H-104). */
export interface OpaqueAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface PathAttributes {
  readonly origin: Origin;
  readonly asPath: AsPath;
  /** Multi-exit discriminator. */
  readonly med?: number;
  readonly localPreference?: number;
  readonly atomicAggregate?: true;
  readonly aggregator?: { readonly asn: number; readonly address: Ipv4 };
  /** Not empty. Each an AS in the upper half and a value in the lower. */
  readonly communities?: readonly number[];
  /** In the order in which they came; not empty. */
  readonly opaque?: readonly OpaqueAttribute[];
}

const WELL_KNOWN = ATTRIBUTE_FLAG.transitive;
const OPTIONAL = ATTRIBUTE_FLAG.optional;
const OPTIONAL_TRANSITIVE = ATTRIBUTE_FLAG.optional | ATTRIBUTE_FLAG.transitive;

/** One attribute to write: how long its value is, and who writes it. */
interface Part {
  readonly flags: number;
  readonly type: number;
  readonly length: number;
  readonly write: (bytes: Uint8Array, at: number) => void;
}

function word(flags: number, type: number, value: number): Part {
  return { flags, type, length: 4, write: (bytes, at) => write32(bytes, at, value) };
}

function path(flags: number, type: number, asPath: AsPath, width: AsnWidth): Part {
  const length = asPathBytes(asPath, width);
  return { flags, type, length, write: (bytes, at) => writeAsPath(asPath, bytes, at, width) };
}

function aggregator(type: number, asn: number, address: Ipv4, width: AsnWidth): Part {
  return {
    flags: OPTIONAL_TRANSITIVE,
    type,
    length: width + 4,
    write: (bytes, at) => {
      if (width === 4) write32(bytes, at, asn);
      else write16(bytes, at, asn > ASN16_MAX ? AS_TRANS : asn);
      write32(bytes, at + width, address);
    },
  };
}

/** ORIGIN and AS_PATH. */
function frontParts({ origin, asPath }: PathAttributes, width: AsnWidth): Part[] {
  const write = (bytes: Uint8Array, at: number) => {
    bytes[at] = origin;
  };
  return [
    { flags: WELL_KNOWN, type: ATTRIBUTE.origin, length: 1, write },
    path(WELL_KNOWN, ATTRIBUTE.asPath, asPath, width),
  ];
}

/** All behind NEXT_HOP; numbers that do not fit two bytes are told twice (RFC 6793). */
function* restParts(attributes: PathAttributes, width: AsnWidth): Generator<Part> {
  const { asPath, med, localPreference, communities, opaque } = attributes;
  if (med !== undefined) yield word(OPTIONAL, ATTRIBUTE.med, med);
  if (localPreference !== undefined) {
    yield word(WELL_KNOWN, ATTRIBUTE.localPreference, localPreference);
  }
  if (attributes.atomicAggregate) {
    yield { flags: WELL_KNOWN, type: ATTRIBUTE.atomicAggregate, length: 0, write: () => {} };
  }
  const by = attributes.aggregator;
  if (by !== undefined) yield aggregator(ATTRIBUTE.aggregator, by.asn, by.address, width);
  if (communities !== undefined) {
    yield {
      flags: OPTIONAL_TRANSITIVE,
      type: ATTRIBUTE.communities,
      length: communities.length * 4,
      write: (bytes, at) => {
        for (const [index, value] of communities.entries()) write32(bytes, at + index * 4, value);
      },
    };
  }
  if (width === 2 && needsFourBytes(asPath)) {
    yield path(OPTIONAL_TRANSITIVE, ATTRIBUTE.as4Path, asPath, 4);
  }
  if (width === 2 && by !== undefined && by.asn > ASN16_MAX) {
    yield aggregator(ATTRIBUTE.as4Aggregator, by.asn, by.address, 4);
  }
  for (const { type, value } of opaque ?? []) {
    // Partial: somebody on the way, this speaker at least, did not know it.
    const flags = OPTIONAL_TRANSITIVE | ATTRIBUTE_FLAG.partial;
    yield { flags, type, length: value.length, write: (bytes, at) => bytes.set(value, at) };
  }
}

/** Attributes as bytes, in the order of types, but for the NEXT_HOP between the two halves. */
export interface EncodedAttributes {
  readonly front: Uint8Array;
  readonly rest: Uint8Array;
}

/** @param width of AS numbers, as agreed with the receiver */
export function encodeAttributes(attributes: PathAttributes, width: AsnWidth): EncodedAttributes {
  return {
    front: encodeParts(frontParts(attributes, width)),
    rest: encodeParts([...restParts(attributes, width)]),
  };
}

function encodeParts(parts: readonly Part[]): Uint8Array {
  const total = parts.reduce((sum, { length }) => sum + attributeLength(length), 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const { flags, type, length, write } of parts) {
    const start = beginAttribute(bytes, at, flags, type, length);
    write(bytes, start);
    at = start + length;
  }
  return bytes;
}

/** Where IPv4 routes are reached; those of IPv6 have theirs beside the prefixes. */
export function encodeNextHop(nextHop: Ipv4): Uint8Array {
  return encodeParts([word(WELL_KNOWN, ATTRIBUTE.nextHop, nextHop)]);
}

const ORIGIN_NAMES = ['IGP', 'EGP', 'incomplete'] as const;

/** `64512:100`, as routers show it. */
function formatCommunity(community: number): string {
  return `${community >>> 16}:${community & 0xffff}`;
}

export function formatAttributes(attributes: PathAttributes): string {
  const { origin, asPath, med, localPreference, aggregator: by, communities, opaque } = attributes;
  const parts = [`origin ${ORIGIN_NAMES[origin]}`, `path ${formatAsPath(asPath) || 'empty'}`];
  if (med !== undefined) parts.push(`med ${med}`);
  if (localPreference !== undefined) parts.push(`localpref ${localPreference}`);
  if (attributes.atomicAggregate) parts.push('atomic aggregate');
  if (by !== undefined) parts.push(`aggregator ${by.asn} ${formatIpv4(by.address)}`);
  if (communities !== undefined) {
    parts.push(`communities ${communities.map(formatCommunity).join(' ')}`);
  }
  for (const { type, value } of opaque ?? []) parts.push(`attribute ${type} (${value.length})`);
  return parts.join(', ');
}
