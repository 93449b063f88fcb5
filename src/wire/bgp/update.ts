/**
 * UPDATE: routes withdrawn and announced (RFC 4271 section 4.3; RFC 4760 for IPv6, RFC 4724 for
 * the end of a table, RFC 7606 for what is wrong with one).
 *
 *     +-----------------------------------------------------+
 *     |   Withdrawn Routes Length (2 bytes), in bytes       |
 *     |   Withdrawn Routes: IPv4 prefixes                   |
 *     |   Total Path Attribute Length (2 bytes), in bytes   |
 *     |   Path Attributes                                   |
 *     |   Network Layer Reachability: IPv4 prefixes         |
 *     +-----------------------------------------------------+
 */
import assert from 'node:assert/strict';
import { formatCidr } from '../../net/cidr.ts';
import { type Family, formatIp, isIpv4 } from '../../net/ip.ts';
import { EMPTY, read16, write16, writeIpv6 } from '../bytes.ts';
import type { AsnWidth } from './as-path.ts';
import { ATTRIBUTE, ATTRIBUTE_FLAG, attributeLength, beginAttribute } from './attribute.ts';
import { afiSafiOf } from './family.ts';
import { BGP_ERROR, Fault, UPDATE_ERROR } from './fault.ts';
import {
  BGP_HEADER_LENGTH,
  BGP_MESSAGE_MAX,
  BGP_TYPE,
  type BgpView,
  beginMessage,
} from './header.ts';
import { prefixesLength, readPrefixes, writePrefixes } from './nlri.ts';
import {
  encodeAttributes,
  encodeNextHop,
  formatAttributes,
  type PathAttributes,
} from './path-attributes.ts';
import {
  type AttributeFault,
  attributesOf,
  type Draft,
  type Reach,
  readAttributes,
  type Unreach,
  type UpdateContext,
} from './read-attributes.ts';

const LENGTH = 2;
const BODY = BGP_HEADER_LENGTH;

/** Bytes of an UPDATE that says nothing. */
export const UPDATE_LENGTH_MIN = BODY + 2 * LENGTH;

/** The three parts of an UPDATE's body. */
export class UpdateView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a body; false, and unchanged, when its lengths run over it. */
  wrap(bytes: Uint8Array, offset: number, end: number): boolean {
    if (end > bytes.length || offset < 0 || end - offset < 2 * LENGTH) return false;
    const withdrawn = read16(bytes, offset);
    if (withdrawn > end - offset - 2 * LENGTH) return false;
    const attributes = read16(bytes, offset + LENGTH + withdrawn);
    if (attributes > end - offset - 2 * LENGTH - withdrawn) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    return true;
  }

  get withdrawnOffset(): number {
    return this.offset + LENGTH;
  }
  get withdrawnEnd(): number {
    return this.withdrawnOffset + read16(this.bytes, this.offset);
  }
  get attributesOffset(): number {
    return this.withdrawnEnd + LENGTH;
  }
  get attributesEnd(): number {
    return this.attributesOffset + read16(this.bytes, this.withdrawnEnd);
  }
}

export interface Update {
  readonly unreach: readonly Unreach[];
  /** Of all that is announced; undefined when nothing is. */
  readonly attributes?: PathAttributes;
  readonly reach: readonly Reach[];
  /** All routes of this family have been sent: the UPDATE says nothing else (RFC 4724). */
  readonly endOfRib?: Family;
}

export interface ReadUpdate {
  /** With the routes of faulty attributes withdrawn, and discarded attributes left out. */
  readonly update: Update;
  readonly faults: readonly AttributeFault[];
}

function updateFault(subcode: number, data?: Uint8Array): Fault {
  return new Fault(BGP_ERROR.update, subcode, data);
}

/** Reads the body of a message whose header is in order (RFC 4271 section 6.3, RFC 7606). */
export function readUpdate(message: BgpView, context: UpdateContext): ReadUpdate | Fault {
  const { bytes, bodyOffset, end } = message;
  const view = new UpdateView();
  if (!view.wrap(bytes, bodyOffset, end)) return updateFault(UPDATE_ERROR.malformedAttributeList);
  const { withdrawnOffset, withdrawnEnd, attributesOffset, attributesEnd } = view;
  const withdrawn = readPrefixes(bytes, withdrawnOffset, withdrawnEnd, 4);
  const announced = readPrefixes(bytes, attributesEnd, end, 4);
  if (withdrawn === undefined || announced === undefined) {
    return updateFault(UPDATE_ERROR.invalidNetwork);
  }
  if (message.end - message.offset === UPDATE_LENGTH_MIN) {
    return { update: { unreach: [], reach: [], endOfRib: 4 }, faults: [] };
  }
  const draft = readAttributes(bytes, attributesOffset, attributesEnd, context);
  const reach: Reach[] = [];
  if (announced.length > 0) {
    // A missing next hop is found below; the routes are known by then.
    reach.push({ family: 4, nextHop: draft.nextHop ?? NOWHERE, prefixes: announced });
  }
  if (draft.reach !== undefined && draft.reach.prefixes.length > 0) reach.push(draft.reach);
  noteMissing(draft, announced.length > 0, reach.length > 0);
  const unreach: Unreach[] = withdrawn.length > 0 ? [{ family: 4, prefixes: withdrawn }] : [];
  if (draft.unreach !== undefined) unreach.push(draft.unreach);
  return judged(draft, unreach, reach);
}

const NOWHERE = 0 as Reach['nextHop'];

/** H-097: what the announced routes need; RFC 7606 section 3 (d). */
function noteMissing(draft: Draft, classic: boolean, announces: boolean): void {
  if (!announces) return;
  const needed = [ATTRIBUTE.origin, ATTRIBUTE.asPath, ...(classic ? [ATTRIBUTE.nextHop] : [])];
  for (const type of needed) {
    if (draft.seen.has(type)) continue;
    const data = Uint8Array.of(type);
    const subcode = UPDATE_ERROR.missingWellKnown;
    draft.faults.push({ type, handling: 'withdraw', subcode, data });
  }
}

/** What the gravest fault leaves of a message. */
function judged(
  draft: Draft,
  unreach: readonly Unreach[],
  reach: readonly Reach[],
): ReadUpdate | Fault {
  const { faults } = draft;
  const reset = faults.find(({ handling }) => handling === 'reset');
  if (reset !== undefined) return updateFault(reset.subcode, reset.data);
  const grave = faults.find(({ handling }) => handling === 'withdraw');
  const attributes = attributesOf(draft);
  if (grave !== undefined || (attributes === undefined && reach.length > 0)) {
    // RFC 7606 section 5.2: without routes nobody knows which ones the fault has hidden.
    if (grave !== undefined && reach.length === 0) return updateFault(grave.subcode, grave.data);
    const gone = reach.map(({ family, prefixes }) => ({ family, prefixes }));
    return { update: { unreach: [...unreach, ...gone], reach: [] }, faults };
  }
  if (reach.length > 0 && attributes !== undefined) {
    return { update: { unreach: unreach.filter(notEmpty), attributes, reach }, faults };
  }
  const [only] = unreach;
  // RFC 4724 section 2: MP_UNREACH alone, and empty.
  if (only !== undefined && unreach.length === 1 && !notEmpty(only) && draft.seen.size === 1) {
    return { update: { unreach: [], reach: [], endOfRib: only.family }, faults };
  }
  return { update: { unreach: unreach.filter(notEmpty), reach: [] }, faults };
}

function notEmpty({ prefixes }: Unreach): boolean {
  return prefixes.length > 0;
}

/**
 * The message; it must fit 4096 bytes: `packReach` and `packUnreach` see to that. Of each family
 * at most one entry may be reachable and one unreachable.
 * @param width of AS numbers, as agreed with the receiver
 */
export function encodeUpdate(update: Update, width: AsnWidth): Uint8Array {
  const { unreach, reach, attributes, endOfRib } = update;
  if (endOfRib !== undefined) return encodeEndOfRib(endOfRib);
  const gone = (family: Family) => unreach.find((one) => one.family === family);
  const come = (family: Family) => reach.find((one) => one.family === family);
  const [gone6, come4, come6] = [gone(6), come(4), come(6)];
  const parts: Uint8Array[] = [];
  if (come6 !== undefined) parts.push(encodeMpReach(come6));
  if (gone6 !== undefined) parts.push(encodeMpUnreach(gone6));
  if (attributes !== undefined && reach.length > 0) {
    const { front, rest } = encodeAttributes(attributes, width);
    parts.push(front, ...(come4 === undefined ? [] : [nextHopOf(come4)]), rest);
  }
  return assembleUpdate(gone(4)?.prefixes ?? [], parts, come4?.prefixes ?? []);
}

/** The end of a family's table: nothing at all, or MP_UNREACH without prefixes. */
export function encodeEndOfRib(family: Family): Uint8Array {
  const parts = family === 4 ? [] : [encodeMpUnreach({ family, prefixes: [] })];
  return assembleUpdate([], parts, []);
}

/** The NEXT_HOP attribute of IPv4 routes. */
export function nextHopOf({ nextHop }: Reach): Uint8Array {
  assert(isIpv4(nextHop), 'IPv4 routes have an IPv4 next hop');
  return encodeNextHop(nextHop);
}

type Prefixes = Reach['prefixes'];

/** A message of these parts; attributes come encoded. */
export function assembleUpdate(
  withdrawn: Prefixes,
  attributes: readonly Uint8Array[],
  announced: Prefixes,
): Uint8Array {
  const attributesLength = attributes.reduce((sum, part) => sum + part.length, 0);
  const withdrawnLength = prefixesLength(withdrawn);
  const variable = withdrawnLength + attributesLength + prefixesLength(announced);
  const length = UPDATE_LENGTH_MIN + variable;
  assert(length <= BGP_MESSAGE_MAX, 'UPDATE too long');
  const bytes = beginMessage(BGP_TYPE.update, length);
  write16(bytes, BODY, withdrawnLength);
  let at = writePrefixes(withdrawn, bytes, BODY + LENGTH);
  write16(bytes, at, attributesLength);
  at += LENGTH;
  for (const part of attributes) {
    bytes.set(part, at);
    at += part.length;
  }
  writePrefixes(announced, bytes, at);
  return bytes;
}

/** AFI and SAFI, and what stands between them and the prefixes. */
function mpAttribute(type: number, family: Family, head: number, prefixes: Prefixes) {
  const length = 3 + head + prefixesLength(prefixes);
  const bytes = new Uint8Array(attributeLength(length));
  const at = beginAttribute(bytes, 0, ATTRIBUTE_FLAG.optional, type, length);
  const { afi, safi } = afiSafiOf(family);
  write16(bytes, at, afi);
  bytes[at + 2] = safi;
  writePrefixes(prefixes, bytes, at + 3 + head);
  return { bytes, at: at + 3 };
}

/** Bytes of an MP_REACH_NLRI attribute before its prefixes, with the longer form of its length. */
export function mpReachOverhead({ linkLocal }: Pick<Reach, 'linkLocal'>): number {
  return 4 + 3 + 1 + (linkLocal === undefined ? 16 : 32) + 1;
}

/** MP_REACH_NLRI of IPv6 routes (RFC 4760 section 3, RFC 2545). */
export function encodeMpReach({ family, nextHop, linkLocal, prefixes }: Reach): Uint8Array {
  assert(!isIpv4(nextHop), 'IPv6 routes have an IPv6 next hop');
  const hops = linkLocal === undefined ? [nextHop] : [nextHop, linkLocal];
  const head = 1 + hops.length * 16 + 1;
  const { bytes, at } = mpAttribute(ATTRIBUTE.mpReach, family, head, prefixes);
  bytes[at] = hops.length * 16;
  for (const [index, hop] of hops.entries()) writeIpv6(bytes, at + 1 + index * 16, hop);
  return bytes;
}

/** MP_UNREACH_NLRI (RFC 4760 section 4). */
export function encodeMpUnreach({ family, prefixes }: Unreach): Uint8Array {
  return mpAttribute(ATTRIBUTE.mpUnreach, family, 0, prefixes).bytes;
}

export function formatUpdate({ unreach, attributes, reach, endOfRib }: Update): string {
  const parts = ['BGP, UPDATE'];
  if (endOfRib !== undefined) parts.push(`end of IPv${endOfRib} table`);
  const gone = unreach.flatMap(({ prefixes }) => prefixes.map(formatCidr));
  if (gone.length > 0) parts.push(`withdrawn ${gone.join(' ')}`);
  for (const { nextHop, linkLocal, prefixes } of reach) {
    const hops = linkLocal === undefined ? [nextHop] : [nextHop, linkLocal];
    parts.push(`${prefixes.map(formatCidr).join(' ')} by ${hops.map(formatIp).join(' ')}`);
  }
  if (attributes !== undefined) parts.push(formatAttributes(attributes));
  return parts.join(', ');
}
