/** Managed prefix lists as a whole: made, found, deleted, and settled after a change. */
import { type AwsError, awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import { PREFIX_LIST_ENTRIES, PREFIX_LIST_ENTRIES_PER_CALL } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { type AwsPrefixList, awsPrefixList } from '../../model/vpc/aws-prefix-list.ts';
import {
  PREFIX_LIST_MACHINE,
  type PrefixList,
  type PrefixListEntry,
  prefixListTransition,
  prefixListVersionId,
} from '../../model/vpc/prefix-list.ts';
import { type Cidr, cidrFamily, formatCidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import { type ClientToken, forgetTokens, idempotent } from '../idempotency.ts';
import { ownerKey, owns, type Scope } from '../scope.ts';
import { disassociateResource } from '../sharing/association.ts';
import { findVisible } from '../sharing/find-visible.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { resourcesWithoutRoom } from './prefix-list-reference.ts';

/** AWS's usual time for a change of a list, in seconds. */
const SETTLE_SECONDS = 5;

export interface CreatePrefixList {
  readonly name: string;
  readonly family: Family;
  readonly maxEntries: number;
  readonly entries: readonly PrefixListEntry[];
  readonly tags: Tags;
  readonly clientToken: ClientToken;
}

/**
 * @throws AwsError InvalidParameterValue, PrefixListMaxEntriesExceeded, PrefixListLimitExceeded,
 *   those of client tokens
 */
export function createPrefixList(
  tx: Transaction,
  scope: Scope,
  { name, family, maxEntries, entries, tags, clientToken }: CreatePrefixList,
): PrefixList {
  const made = idempotent(tx, scope, clientToken, () => {
    checkName(name);
    checkSize(maxEntries);
    checkEntries(family, entries);
    checkRoom(entries.length, maxEntries);
    if (tx.count('prefix-list', 'owner', ownerKey(scope)) >= tx.quota('prefixListsPerRegion')) {
      throw awsError('PrefixListLimitExceeded', 'The maximum number of prefix lists is reached.');
    }
    const { account, region } = scope;
    const id = tx.newId('prefix-list');
    const state = 'create-in-progress';
    tx.put('prefix-list', { id, account, region, name, family, maxEntries, state, version: 1 });
    putVersion(tx, id, 1, entries);
    putTags(tx, scope, 'prefix-list', id, tags);
    tx.settle('prefix-list.settle', id, SETTLE_SECONDS);
    return id;
  });
  return tx.get('prefix-list', made)!;
}

/** @throws AwsError InvalidPrefixListID.NotFound, IncorrectState, DependencyViolation */
export function deletePrefixList(tx: Transaction, scope: Scope, id: string): PrefixList {
  const list = findOwnPrefixList(tx, scope, id);
  const state = prefixListTransition(list, 'delete');
  const inUse =
    tx.count('prefix-list-route', 'list', id) +
    tx.count('security-group-rule', 'prefixList', id) +
    tx.count('transit-gateway-prefix-list-reference', 'list', id);
  if (inUse > 0) {
    const message = `The prefix list '${id}' is referenced and cannot be deleted.`;
    throw awsError('DependencyViolation', message);
  }
  return beginChange(tx, list, { state });
}

/** Writes the first half of a change; the other follows when the list settles. */
export function beginChange(
  tx: Transaction,
  list: PrefixList,
  members: Pick<PrefixList, 'state'> & Partial<Pick<PrefixList, 'name' | 'next'>>,
): PrefixList {
  const { stateMessage: _, ...rest } = list;
  const changed = tx.put('prefix-list', { ...rest, ...members });
  tx.settle('prefix-list.settle', list.id, SETTLE_SECONDS);
  return changed;
}

export const prefixListEvents: Readonly<Record<string, TimedEvent>> = {
  'prefix-list.settle': (tx, id) => {
    const list = tx.get('prefix-list', id);
    if (list === undefined) return;
    if (list.state === 'delete-in-progress') removePrefixList(tx, id);
    else finishChange(tx, list);
  },
};

/** A size that a referring table or group has no room for fails, and the old one stays. */
function finishChange(tx: Transaction, list: PrefixList): void {
  const { next = {}, ...rest } = list;
  const without =
    next.maxEntries === undefined ? [] : resourcesWithoutRoom(tx, list, next.maxEntries);
  if (without.length === 0) {
    tx.put('prefix-list', { ...rest, ...next, state: prefixListTransition(list, 'settle') });
    return;
  }
  const stateMessage =
    'The following VPC resources do not have sufficient capacity to handle the updated size of ' +
    `the prefix list: ${without.slice(0, 10).join(', ')}`;
  tx.put('prefix-list', { ...rest, state: prefixListTransition(list, 'fail'), stateMessage });
}

function removePrefixList(tx: Transaction, id: string): void {
  for (const version of tx.by('prefix-list-version', 'list', id)) {
    tx.delete('prefix-list-version', version.id);
  }
  disassociateResource(tx, id);
  dropTags(tx, id);
  forgetTokens(tx, id);
  tx.delete('prefix-list', id);
}

export function putVersion(
  tx: Transaction,
  prefixListId: string,
  version: number,
  entries: readonly PrefixListEntry[],
): void {
  const id = prefixListVersionId(prefixListId, version);
  tx.put('prefix-list-version', { id, prefixListId, version, entries });
}

/**
 * A list that the caller may change.
 * @throws AwsError InvalidPrefixListId.Malformed, InvalidPrefixListID.NotFound,
 *   OperationNotPermitted for one of AWS's and for one that another account shares
 */
export function findOwnPrefixList(reader: ModelReader, scope: Scope, id: string): PrefixList {
  const list = findPrefixList(reader, scope, id);
  if ('account' in list && owns(scope, list)) return list;
  const owner = 'account' in list ? list.account : 'AWS';
  const message = `The prefix list '${id}' is managed by ${owner} and cannot be changed.`;
  throw awsError('OperationNotPermitted', message);
}

/** A list that the caller sees: the account's, one shared with it, or AWS's in the Region. */
export function findPrefixList(
  reader: ModelReader,
  scope: Scope,
  id: string,
): PrefixList | AwsPrefixList {
  checkIdShape('prefix-list', id);
  const aws = awsPrefixList(id);
  if (aws === undefined) return findVisible(reader, scope, 'prefix-list', id);
  if (aws.region !== scope.region) throw notFound('prefix-list', id);
  return aws;
}

/**
 * Throws unless routes and rules of the caller may refer to the list: it is there, and stays.
 * @throws AwsError InvalidPrefixListId.Malformed, InvalidPrefixListID.NotFound, IncorrectState
 */
export function checkReferable(reader: ModelReader, scope: Scope, id: string): void {
  const list = findPrefixList(reader, scope, id);
  if (!('state' in list)) return;
  if (list.state === 'create-in-progress' || list.state === 'delete-in-progress') {
    throw PREFIX_LIST_MACHINE.illegal(list.state, 'modify', id);
  }
}

export function checkName(name: string): void {
  if (['com.amazonaws.', 'com.amazon.', 'com.aws.'].some((taken) => name.startsWith(taken))) {
    const message =
      'The prefix list name cannot begin with (com.amazonaws., com.amazon., com.aws.).';
    throw awsError('InvalidParameterValue', message);
  }
  if (name.length >= 1 && name.length <= 255) return;
  const message = `Invalid value '${name}' for prefixListName. It must have 1 to 255 characters.`;
  throw awsError('InvalidParameterValue', message);
}

export function checkSize(maxEntries: number): void {
  if (maxEntries >= 1 && maxEntries <= PREFIX_LIST_ENTRIES) return;
  const message =
    `Value (${maxEntries}) for parameter maxEntries is invalid. ` +
    `It must be between 1 and ${PREFIX_LIST_ENTRIES}.`;
  throw awsError('InvalidParameterValue', message);
}

/** Each a block of the list's family, and none twice. */
export function checkEntries(family: Family, entries: readonly PrefixListEntry[]): void {
  checkCount(entries.length);
  for (const { cidr, description = '' } of entries) {
    if (cidrFamily(cidr) !== family) throw wrongFamily(family, cidr);
    if (description.length > 255) {
      const message = `The description of ${formatCidr(cidr)} has more than 255 characters.`;
      throw awsError('InvalidParameterValue', message);
    }
  }
  const blocks = entries.map(({ cidr }) => formatCidr(cidr));
  const twice = blocks.find((block, index) => blocks.indexOf(block) !== index);
  if (twice === undefined) return;
  throw awsError('InvalidParameterValue', `The CIDR ${twice} is specified more than once.`);
}

export function checkCount(count: number): void {
  if (count <= PREFIX_LIST_ENTRIES_PER_CALL) return;
  const message = `At most ${PREFIX_LIST_ENTRIES_PER_CALL} entries can be given in one call.`;
  throw awsError('InvalidParameterValue', message);
}

export function checkRoom(count: number, maxEntries: number): void {
  if (count <= maxEntries) return;
  const message = `The prefix list would have ${count} entries; it may have ${maxEntries}.`;
  throw awsError('PrefixListMaxEntriesExceeded', message);
}

function wrongFamily(family: Family, block: Cidr): AwsError {
  const message = `The CIDR ${formatCidr(block)} is not of the address family IPv${family}.`;
  return awsError('InvalidParameterValue', message);
}
