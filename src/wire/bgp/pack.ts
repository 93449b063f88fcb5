/**
 * Many prefixes as few UPDATEs of at most 4096 bytes. Each says one thing, as RFC 7606 section 5.1
 * asks for: it withdraws or announces, of one family.
 */
import type { Cidr } from '../../net/cidr.ts';
import { BGP_MESSAGE_MAX } from './header.ts';
import { prefixLength } from './nlri.ts';
import type { EncodedAttributes } from './path-attributes.ts';
import type { Reach, Unreach } from './read-attributes.ts';
import {
  assembleUpdate,
  encodeMpReach,
  encodeMpUnreach,
  mpReachOverhead,
  nextHopOf,
  UPDATE_LENGTH_MIN,
} from './update.ts';

const ROOM = BGP_MESSAGE_MAX - UPDATE_LENGTH_MIN;
/** An MP_UNREACH_NLRI attribute before its prefixes: its header's longer form, AFI, SAFI. */
const MP_UNREACH_OVERHEAD = 4 + 3;
/** Bytes of the longest prefix. */
const PREFIX_MAX = { 4: 5, 6: 17 } as const;

/** Runs of prefixes of at most `room` bytes each, which must hold one. */
function* runs(prefixes: readonly Cidr[], room: number): Generator<readonly Cidr[]> {
  let start = 0;
  let used = 0;
  for (let index = 0; index < prefixes.length; index++) {
    const length = prefixLength(prefixes[index]!);
    if (used + length > room) {
      yield prefixes.slice(start, index);
      start = index;
      used = 0;
    }
    used += length;
  }
  if (start < prefixes.length) yield prefixes.slice(start);
}

/**
 * The messages that announce these routes; undefined when the attributes leave no room for a
 * prefix: such routes cannot be told to anybody (RFC 4271 section 9.2).
 */
export function packReach(
  reach: Reach,
  { front, rest }: EncodedAttributes,
): Uint8Array[] | undefined {
  const { family, prefixes } = reach;
  const common = family === 4 ? [front, nextHopOf(reach), rest] : [front, rest];
  const overhead = family === 4 ? 0 : mpReachOverhead(reach);
  const room = ROOM - overhead - common.reduce((sum, part) => sum + part.length, 0);
  if (room < PREFIX_MAX[family]) return undefined;
  const messages: Uint8Array[] = [];
  for (const run of runs(prefixes, room)) {
    const attributes =
      family === 4 ? common : [encodeMpReach({ ...reach, prefixes: run }), ...common];
    messages.push(assembleUpdate([], attributes, family === 4 ? run : []));
  }
  return messages;
}

/** The messages that withdraw these routes. */
export function packUnreach({ family, prefixes }: Unreach): Uint8Array[] {
  if (family === 4) return [...runs(prefixes, ROOM)].map((run) => assembleUpdate(run, [], []));
  return [...runs(prefixes, ROOM - MP_UNREACH_OVERHEAD)].map((run) =>
    assembleUpdate([], [encodeMpUnreach({ family, prefixes: run })], []),
  );
}
