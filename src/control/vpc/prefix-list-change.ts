/** What the owner of a prefix list does to it: other entries, another size, an earlier version. */
import { type AwsError, awsError } from '../../model/error.ts';
import { PREFIX_LIST_VERSIONS } from '../../model/limits.ts';
import {
  type PrefixList,
  type PrefixListEntry,
  prefixListTransition,
  prefixListVersionId,
} from '../../model/vpc/prefix-list.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import {
  beginChange,
  checkCount,
  checkEntries,
  checkName,
  checkRoom,
  checkSize,
  findOwnPrefixList,
  putVersion,
} from './prefix-list.ts';

export interface ModifyPrefixList {
  readonly currentVersion?: number;
  readonly name?: string;
  readonly add: readonly PrefixListEntry[];
  readonly remove: readonly Cidr[];
  readonly maxEntries?: number;
}

/**
 * Other entries make another version; a name or a size does not.
 * @throws AwsError InvalidPrefixListID.NotFound, InvalidRequest when nothing is asked,
 *   InvalidParameterCombination for entries with a size, MissingParameter,
 *   PrefixListVersionMismatch, IncorrectState, InvalidPrefixListModification,
 *   PrefixListMaxEntriesExceeded, InvalidParameterValue
 */
export function modifyPrefixList(
  tx: Transaction,
  scope: Scope,
  id: string,
  { currentVersion, name, add, remove, maxEntries }: ModifyPrefixList,
): PrefixList {
  const list = findOwnPrefixList(tx, scope, id);
  const changesEntries = add.length + remove.length > 0;
  checkAsked({ changesEntries, name, maxEntries });
  if (changesEntries && currentVersion === undefined) {
    const message = 'The request must contain the parameter currentVersion';
    throw awsError('MissingParameter', message);
  }
  const state = prefixListTransition(list, 'modify');
  if (currentVersion !== undefined) checkVersion(list, currentVersion);
  if (name !== undefined) checkName(name);
  if (maxEntries !== undefined) {
    checkSize(maxEntries);
    checkRoom(entriesOf(tx, list).length, maxEntries);
  }
  const version = changesEntries ? addVersion(tx, list, changed(tx, list, add, remove)) : undefined;
  return beginChange(tx, list, {
    state,
    ...(name === undefined ? {} : { name }),
    next: {
      ...(version === undefined ? {} : { version }),
      ...(maxEntries === undefined ? {} : { maxEntries }),
    },
  });
}

/**
 * Makes the entries of an earlier version the newest version's.
 * @throws AwsError InvalidPrefixListID.NotFound, IncorrectState, PrefixListVersionMismatch,
 *   PrefixListVersionNotFound, PrefixListMaxEntriesExceeded
 */
export function restorePrefixList(
  tx: Transaction,
  scope: Scope,
  id: string,
  { previousVersion, currentVersion }: { previousVersion: number; currentVersion: number },
): PrefixList {
  const list = findOwnPrefixList(tx, scope, id);
  const state = prefixListTransition(list, 'restore');
  checkVersion(list, currentVersion);
  const previous = tx.get('prefix-list-version', prefixListVersionId(id, previousVersion));
  if (previous === undefined) throw noVersion(id, previousVersion);
  checkRoom(previous.entries.length, list.maxEntries);
  return beginChange(tx, list, {
    state,
    next: { version: addVersion(tx, list, previous.entries) },
  });
}

export function noVersion(id: string, version: number): AwsError {
  const message = `The version ${version} of the prefix list '${id}' does not exist.`;
  return awsError('PrefixListVersionNotFound', message);
}

function checkAsked({
  changesEntries,
  name,
  maxEntries,
}: {
  readonly changesEntries: boolean;
  readonly name: string | undefined;
  readonly maxEntries: number | undefined;
}): void {
  if (changesEntries && maxEntries !== undefined) {
    const message =
      'You cannot modify the entries and the maximum entries for the prefix list ' +
      'in the same request.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (changesEntries || name !== undefined || maxEntries !== undefined) return;
  throw awsError('InvalidRequest', 'The request received was invalid.');
}

function checkVersion({ version }: PrefixList, current: number): void {
  if (current === version) return;
  const message = 'The prefix list has the incorrect version number.';
  throw awsError('PrefixListVersionMismatch', message);
}

/** The entries after a change, those that stay in their order. */
function changed(
  tx: Transaction,
  list: PrefixList,
  add: readonly PrefixListEntry[],
  remove: readonly Cidr[],
): readonly PrefixListEntry[] {
  checkEntries(list.family, add);
  checkCount(remove.length);
  const removed = new Set(remove.map(formatCidr));
  const both = add.find(({ cidr }) => removed.has(formatCidr(cidr)));
  if (both !== undefined) {
    const message =
      `Request cannot contain Cidr ${formatCidr(both.cidr)} ` +
      'in both AddPrefixListEntries and RemovePrefixListEntries';
    throw awsError('InvalidParameterValue', message);
  }
  const before = new Map(entriesOf(tx, list).map((entry) => [formatCidr(entry.cidr), entry]));
  for (const block of removed) {
    if (before.has(block)) continue;
    throw badModification(`The entry with the CIDR (${block}) does not exist.`);
  }
  for (const { cidr } of add) {
    const same = before.get(formatCidr(cidr));
    if (same !== undefined) throw badModification(existsText(same));
  }
  const kept = [...before].filter(([block]) => !removed.has(block)).map(([, entry]) => entry);
  checkRoom(kept.length + add.length, list.maxEntries);
  return [...kept, ...add];
}

function existsText({ cidr, description = '' }: PrefixListEntry): string {
  const entry = `CIDR (${formatCidr(cidr)}) and description (${description})`;
  return `An entry with the ${entry} already exists.`;
}

function badModification(message: string): AwsError {
  return awsError('InvalidPrefixListModification', message);
}

function entriesOf(tx: Transaction, { id, version }: PrefixList): readonly PrefixListEntry[] {
  return tx.get('prefix-list-version', prefixListVersionId(id, version))!.entries;
}

/** The number of the new version, which is not in force yet; the oldest makes way. */
function addVersion(
  tx: Transaction,
  { id, version }: PrefixList,
  entries: readonly PrefixListEntry[],
): number {
  putVersion(tx, id, version + 1, entries);
  tx.delete('prefix-list-version', prefixListVersionId(id, version + 1 - PREFIX_LIST_VERSIONS));
  return version + 1;
}
