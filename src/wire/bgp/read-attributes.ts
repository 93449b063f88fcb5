/**
 * The path attributes of an UPDATE, read as RFC 7606 wants it: a fault costs the attribute, the
 * routes of the message, or the session, and the gravest fault of a message decides.
 */
import type { Cidr } from '../../net/cidr.ts';
import { type Family, type Ip, isIpv4 } from '../../net/ip.ts';
import { type Ipv4, ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { EMPTY, read16, read32, readIpv4, readIpv6 } from '../bytes.ts';
import { AS_TRANS, type AsnWidth, type AsPath, mergeAs4Path, readAsPath } from './as-path.ts';
import { ATTRIBUTE, ATTRIBUTE_FLAG, AttributeView } from './attribute.ts';
import { unicastFamily } from './family.ts';
import { UPDATE_ERROR } from './fault.ts';
import { readPrefixes } from './nlri.ts';
import type { OpaqueAttribute, Origin, PathAttributes } from './path-attributes.ts';

/** What both sides of a session know of each other when an UPDATE is read. */
export interface UpdateContext {
  /** Where the session itself runs over the loopback, next hops may be there (H-102). */
  readonly loopback?: boolean;
  /** Of AS numbers in AS_PATH and AGGREGATOR: 4 where both sides offered it. */
  readonly asnWidth: AsnWidth;
  /** Both sides are of one AS. */
  readonly internal: boolean;
}

/** What a fault costs, from little to much (RFC 7606 section 2). */
export type Handling = 'discard' | 'withdraw' | 'reset';

/** A fault in one attribute. */
export interface AttributeFault {
  /** The attribute's type; 0 when it could not be read. */
  readonly type: number;
  readonly handling: Handling;
  /** As a NOTIFICATION of code 3 would have it. */
  readonly subcode: number;
  /** What the NOTIFICATION would show: the attribute, a missing one's type, or nothing. */
  readonly data: Uint8Array;
}

/** Routes of one family that have become reachable. */
export interface Reach {
  readonly family: Family;
  readonly nextHop: Ip;
  /** Beside an IPv6 next hop, where both speakers share a link (RFC 2545). */
  readonly linkLocal?: Ipv6;
  readonly prefixes: readonly Cidr[];
}

export interface Unreach {
  readonly family: Family;
  readonly prefixes: readonly Cidr[];
}

/** What has been read so far. */
export interface Draft {
  origin?: Origin;
  asPath?: AsPath;
  nextHop?: Ipv4;
  med?: number;
  localPreference?: number;
  atomicAggregate?: true;
  aggregator?: { readonly asn: number; readonly address: Ipv4 };
  communities?: readonly number[];
  as4Path?: AsPath;
  as4Aggregator?: { readonly asn: number; readonly address: Ipv4 };
  opaque?: OpaqueAttribute[];
  reach?: Reach;
  unreach?: Unreach;
  readonly seen: Set<number>;
  readonly faults: AttributeFault[];
}

/** A fault's subcode and price; undefined where all is well. */
type Outcome = readonly [subcode: number, handling: Handling] | undefined;

interface Reader {
  /** Optional and Transitive as they must be. */
  readonly flags: number;
  /** The value's length in bytes, where only one will do. */
  readonly length?: number;
  /** What a wrong length costs. */
  readonly wrongLength?: Handling;
  readonly read: (draft: Draft, value: Value, context: UpdateContext) => Outcome;
}

interface Value {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

const WELL_KNOWN = ATTRIBUTE_FLAG.transitive;
const OPTIONAL = ATTRIBUTE_FLAG.optional;
const OPTIONAL_TRANSITIVE = ATTRIBUTE_FLAG.optional | ATTRIBUTE_FLAG.transitive;
const KIND_BITS = OPTIONAL_TRANSITIVE;
const ORIGIN_MAX = 2;
/** Attributes that hold routes. */
const CARRIERS: ReadonlySet<number> = new Set([ATTRIBUTE.mpReach, ATTRIBUTE.mpUnreach]);
/** RFC 4271 section 6.3 has the attribute as data of all errors but these. */
const WITHOUT_DATA: ReadonlySet<number> = new Set([
  UPDATE_ERROR.malformedAttributeList,
  UPDATE_ERROR.malformedAsPath,
]);

const READERS: Readonly<Record<number, Reader>> = {
  [ATTRIBUTE.origin]: {
    flags: WELL_KNOWN,
    length: 1,
    read: (draft, { bytes, at }) => {
      if (bytes[at]! > ORIGIN_MAX) return [UPDATE_ERROR.invalidOrigin, 'withdraw'];
      draft.origin = bytes[at] as Origin;
      return undefined;
    },
  },
  [ATTRIBUTE.asPath]: {
    flags: WELL_KNOWN,
    read: (draft, { bytes, at, end }, { asnWidth }) => {
      const asPath = readAsPath(bytes, at, end, asnWidth);
      if (asPath === undefined) return [UPDATE_ERROR.malformedAsPath, 'withdraw'];
      draft.asPath = asPath;
      return undefined;
    },
  },
  [ATTRIBUTE.nextHop]: {
    flags: WELL_KNOWN,
    length: 4,
    read: (draft, { bytes, at }, { loopback }) => {
      const nextHop = readIpv4(bytes, at);
      if (!isHostAddress(nextHop, loopback)) return [UPDATE_ERROR.invalidNextHop, 'withdraw'];
      draft.nextHop = nextHop;
      return undefined;
    },
  },
  [ATTRIBUTE.med]: {
    flags: OPTIONAL,
    length: 4,
    read: (draft, { bytes, at }) => {
      draft.med = read32(bytes, at);
      return undefined;
    },
  },
  [ATTRIBUTE.localPreference]: { flags: WELL_KNOWN, read: readLocalPreference },
  [ATTRIBUTE.atomicAggregate]: {
    flags: WELL_KNOWN,
    length: 0,
    wrongLength: 'discard',
    read: (draft) => {
      draft.atomicAggregate = true;
      return undefined;
    },
  },
  [ATTRIBUTE.aggregator]: {
    flags: OPTIONAL_TRANSITIVE,
    read: (draft, value, { asnWidth }) => readAggregator(draft, 'aggregator', value, asnWidth),
  },
  [ATTRIBUTE.communities]: { flags: OPTIONAL_TRANSITIVE, read: readCommunities },
  [ATTRIBUTE.mpReach]: { flags: OPTIONAL, read: readMpReach },
  [ATTRIBUTE.mpUnreach]: { flags: OPTIONAL, read: readMpUnreach },
  [ATTRIBUTE.as4Path]: { flags: OPTIONAL_TRANSITIVE, read: readAs4Path },
  [ATTRIBUTE.as4Aggregator]: {
    flags: OPTIONAL_TRANSITIVE,
    read: (draft, value, { asnWidth }) =>
      // From a speaker with numbers of four bytes it means nothing (RFC 6793 section 6).
      asnWidth === 4
        ? [UPDATE_ERROR.optionalAttribute, 'discard']
        : readAggregator(draft, 'as4Aggregator', value, 4),
  },
};

/** RFC 7606 section 7.5: from outside it is ignored, right or wrong (H-099). */
function readLocalPreference(
  draft: Draft,
  { bytes, at, end }: Value,
  { internal }: UpdateContext,
): Outcome {
  if (!internal) return undefined;
  if (end - at !== 4) return [UPDATE_ERROR.attributeLength, 'withdraw'];
  draft.localPreference = read32(bytes, at);
  return undefined;
}

function readAggregator(
  draft: Draft,
  name: 'aggregator' | 'as4Aggregator',
  { bytes, at, end }: Value,
  width: AsnWidth,
): Outcome {
  if (end - at !== width + 4) return [UPDATE_ERROR.attributeLength, 'discard'];
  const asn = width === 2 ? read16(bytes, at) : read32(bytes, at);
  // RFC 7607
  if (asn === 0) return [UPDATE_ERROR.optionalAttribute, 'discard'];
  draft[name] = { asn, address: readIpv4(bytes, at + width) };
  return undefined;
}

function readCommunities(draft: Draft, { bytes, at, end }: Value): Outcome {
  const length = end - at;
  if (length === 0 || length % 4 !== 0) return [UPDATE_ERROR.optionalAttribute, 'withdraw'];
  draft.communities = Array.from({ length: length / 4 }, (_, index) =>
    read32(bytes, at + index * 4),
  );
  return undefined;
}

/** RFC 6793 section 6: a bad one is dropped alone, one from a four-byte speaker always. */
function readAs4Path(
  draft: Draft,
  { bytes, at, end }: Value,
  { asnWidth }: UpdateContext,
): Outcome {
  if (asnWidth === 4) return [UPDATE_ERROR.optionalAttribute, 'discard'];
  const as4Path = readAsPath(bytes, at, end, 4, 'left out');
  if (as4Path === undefined) return [UPDATE_ERROR.optionalAttribute, 'discard'];
  draft.as4Path = as4Path;
  return undefined;
}

/**
 * RFC 4760 section 3: AFI (2), SAFI (1), length of the next hop (1) and the next hop, one reserved
 * byte, prefixes. Other families than the two unicast ones are passed over.
 */
function readMpReach(
  draft: Draft,
  { bytes, at, end }: Value,
  { loopback }: UpdateContext,
): Outcome {
  const broken: Outcome = [UPDATE_ERROR.optionalAttribute, 'reset'];
  if (end - at < 5) return broken;
  const start = at + 4;
  const stop = start + bytes[at + 3]!;
  if (stop + 1 > end) return broken;
  const family = unicastFamily(read16(bytes, at), bytes[at + 2]!);
  if (family === undefined) return undefined;
  // RFC 7606 section 7.11: with another length nobody knows where the prefixes begin.
  const [one, two] = family === 4 ? [4, 4] : [16, 32];
  if (stop - start !== one && stop - start !== two) return broken;
  const prefixes = readPrefixes(bytes, stop + 1, end, family);
  if (prefixes === undefined) return broken;
  const nextHop = family === 4 ? readIpv4(bytes, start) : readIpv6(bytes, start);
  const linkLocal = stop - start === 32 ? readIpv6(bytes, start + 16) : undefined;
  draft.reach = { family, nextHop, ...(linkLocal !== undefined && { linkLocal }), prefixes };
  return isHostAddress(nextHop, loopback) ? undefined : [UPDATE_ERROR.invalidNextHop, 'withdraw'];
}

/** RFC 4760 section 4: AFI (2), SAFI (1), prefixes. */
function readMpUnreach(draft: Draft, { bytes, at, end }: Value): Outcome {
  const broken: Outcome = [UPDATE_ERROR.optionalAttribute, 'reset'];
  if (end - at < 3) return broken;
  const family = unicastFamily(read16(bytes, at), bytes[at + 2]!);
  if (family === undefined) return undefined;
  const prefixes = readPrefixes(bytes, at + 3, end, family);
  if (prefixes === undefined) return broken;
  draft.unreach = { family, prefixes };
  return undefined;
}

const LOOPBACK = ipv4(0x7f00_0000);
const CLASS_D = ipv4(0xe000_0000);

/** Whether a packet could be sent there: H-102 for IPv4, and its like for IPv6. */
function isHostAddress(address: Ip, loopback = false): boolean {
  if (isIpv4(address)) {
    const network = address & 0xff00_0000;
    if (network >>> 0 === LOOPBACK) return loopback;
    return network !== 0 && address < CLASS_D;
  }
  const [a, b, c, d] = address;
  if (a >>> 24 === 0xff) return false;
  return a !== 0 || b !== 0 || c !== 0 || d > (loopback ? 0 : 1);
}

/**
 * Reads all attributes of `[offset, end)`. What cannot be read ends the list: where prefixes
 * begin follows from the list's length, so the routes are known still (RFC 7606 section 4).
 */
export function readAttributes(
  bytes: Uint8Array,
  offset: number,
  end: number,
  context: UpdateContext,
): Draft {
  const draft: Draft = { seen: new Set(), faults: [] };
  const view = new AttributeView();
  for (let at = offset; at < end; at = view.end) {
    if (!view.wrap(bytes, at, end)) {
      const subcode = UPDATE_ERROR.malformedAttributeList;
      draft.faults.push({ type: 0, handling: 'withdraw', subcode, data: EMPTY });
      break;
    }
    const outcome = readAttribute(draft, view, context);
    if (outcome !== undefined) {
      const [subcode, handling] = outcome;
      const data = WITHOUT_DATA.has(subcode) ? EMPTY : bytes.slice(view.offset, view.end);
      draft.faults.push({ type: view.type, handling, subcode, data });
    }
  }
  if (draft.asPath !== undefined) mergeFourBytes(draft, draft.asPath);
  return draft;
}

function readAttribute(draft: Draft, view: AttributeView, context: UpdateContext): Outcome {
  const { type, flags, bytes, valueOffset: at, end, length } = view;
  if (draft.seen.has(type)) {
    // RFC 7606 section 3 (g)
    return [UPDATE_ERROR.malformedAttributeList, CARRIERS.has(type) ? 'reset' : 'discard'];
  }
  draft.seen.add(type);
  const reader = READERS[type];
  if (reader === undefined) return readUnknown(draft, view);
  if ((flags & KIND_BITS) !== reader.flags) {
    // Routes in the attribute itself are withdrawn with the others, so they must be read.
    const inner = CARRIERS.has(type) && reader.read(draft, { bytes, at, end }, context);
    return inner && inner[1] === 'reset' ? inner : [UPDATE_ERROR.attributeFlags, 'withdraw'];
  }
  if (reader.length !== undefined && length !== reader.length) {
    return [UPDATE_ERROR.attributeLength, reader.wrongLength ?? 'withdraw'];
  }
  return reader.read(draft, { bytes, at, end }, context);
}

/** H-104, and H-100: what is well known to others must be known to us. */
function readUnknown(
  draft: Draft,
  { bytes, type, flags, valueOffset, end }: AttributeView,
): Outcome {
  if ((flags & ATTRIBUTE_FLAG.optional) === 0) {
    return [UPDATE_ERROR.unrecognizedWellKnown, 'reset'];
  }
  if ((flags & ATTRIBUTE_FLAG.transitive) === 0) return undefined;
  draft.opaque ??= [];
  draft.opaque.push({ type, value: bytes.slice(valueOffset, end) });
  return undefined;
}

/** RFC 6793 section 4.2.3: an aggregator of its own makes both four-byte attributes stale. */
function mergeFourBytes(draft: Draft, asPath: AsPath): void {
  const { aggregator, as4Aggregator, as4Path } = draft;
  if (as4Aggregator !== undefined && aggregator !== undefined) {
    if (aggregator.asn !== AS_TRANS) return;
    draft.aggregator = as4Aggregator;
  }
  if (as4Path !== undefined) draft.asPath = mergeAs4Path(asPath, as4Path);
}

/** The attributes, once nothing is missing. */
export function attributesOf(draft: Draft): PathAttributes | undefined {
  const { origin, asPath, med, localPreference, atomicAggregate, aggregator } = draft;
  const { communities, opaque } = draft;
  if (origin === undefined || asPath === undefined) return undefined;
  return {
    origin,
    asPath,
    ...(med !== undefined && { med }),
    ...(localPreference !== undefined && { localPreference }),
    ...(atomicAggregate && { atomicAggregate }),
    ...(aggregator !== undefined && { aggregator }),
    ...(communities !== undefined && { communities }),
    ...(opaque !== undefined && { opaque }),
  };
}
