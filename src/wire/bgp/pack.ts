/**
 * Many prefixes as few UPDATEs of at most 4096 bytes. Each says one thing, as RFC 7606 section 5.1
 * asks for: it withdraws or announces, of one family.
 */
import type { Cidr } from '../../net/cidr.ts';
import { isIpv4 } from '../../net/ip.ts';
import type { AsnWidth } from './as-path.ts';
import { BGP_MESSAGE_MAX } from './header.ts';
import { prefixLength } from './nlri.ts';
import { encodeAttributes, type PathAttributes } from './path-attributes.ts';
import type { Reach, Unreach } from './read-attributes.ts';
import {
  assembleUpdate,
  encodeMpReach,
  encodeMpUnreach,
  mpReachOverhead,
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
  attributes: PathAttributes,
  width: AsnWidth,
): Uint8Array[] | undefined {
  const { family, nextHop, prefixes } = reach;
  const common = encodeAttributes(attributes, width, isIpv4(nextHop) ? nextHop : undefined);
  const room = ROOM - common.length - (family === 4 ? 0 : mpReachOverhead(reach));
  if (room < PREFIX_MAX[family]) return undefined;
  return [...runs(prefixes, room)].map((run) =>
    family === 4
      ? assembleUpdate([], [common], run)
      : assembleUpdate([], [encodeMpReach({ ...reach, prefixes: run }), common], []),
  );
}

/** The messages that withdraw these routes. */
export function packUnreach({ family, prefixes }: Unreach): Uint8Array[] {
  if (family === 4) return [...runs(prefixes, ROOM)].map((run) => assembleUpdate(run, [], []));
  return [...runs(prefixes, ROOM - MP_UNREACH_OVERHEAD)].map((run) =>
    assembleUpdate([], [encodeMpUnreach({ family, prefixes: run })], []),
  );
}
