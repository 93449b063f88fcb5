/** Commands on the entries of a network ACL. */
import { awsError } from '../../model/error.ts';
import {
  LAST_RULE_NUMBER,
  type NetworkAcl,
  type NetworkAclEntry,
} from '../../model/vpc/network-acl.ts';
import { cidrFamily } from '../../net/cidr.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';

/** Which entry of an ACL: a number is used once in a direction, whatever the family. */
export type EntryName = Pick<NetworkAclEntry, 'ruleNumber' | 'egress'>;

/**
 * @throws AwsError InvalidNetworkAclID.NotFound, InvalidParameterValue for a number out of range,
 *   NetworkAclEntryAlreadyExists, NetworkAclEntryLimitExceeded
 */
export function createNetworkAclEntry(
  tx: Transaction,
  scope: Scope,
  networkAclId: string,
  entry: NetworkAclEntry,
): void {
  const acl = find(tx, scope, 'network-acl', networkAclId);
  checkRuleNumber(entry.ruleNumber);
  if (indexOf(acl, entry) >= 0) {
    const message = `The network acl entry identified by ${entry.ruleNumber} already exists.`;
    throw awsError('NetworkAclEntryAlreadyExists', message);
  }
  setEntries(tx, acl, [...acl.entries, entry], entry);
}

/**
 * @throws AwsError InvalidNetworkAclID.NotFound, InvalidNetworkAclEntry.NotFound,
 *   NetworkAclEntryLimitExceeded
 */
export function replaceNetworkAclEntry(
  tx: Transaction,
  scope: Scope,
  networkAclId: string,
  entry: NetworkAclEntry,
): void {
  const acl = find(tx, scope, 'network-acl', networkAclId);
  checkRuleNumber(entry.ruleNumber);
  setEntries(tx, acl, acl.entries.with(findEntry(acl, entry), entry), entry);
}

/** @throws AwsError InvalidNetworkAclID.NotFound, InvalidNetworkAclEntry.NotFound */
export function deleteNetworkAclEntry(
  tx: Transaction,
  scope: Scope,
  networkAclId: string,
  name: EntryName,
): void {
  const acl = find(tx, scope, 'network-acl', networkAclId);
  checkRuleNumber(name.ruleNumber);
  const entries = acl.entries.toSpliced(findEntry(acl, name), 1);
  tx.update('network-acl', acl, { entries });
}

function setEntries(
  tx: Transaction,
  acl: NetworkAcl,
  entries: readonly NetworkAclEntry[],
  { egress, cidr }: NetworkAclEntry,
): void {
  const family = cidrFamily(cidr);
  const count = entries.filter(
    (entry) => entry.egress === egress && cidrFamily(entry.cidr) === family,
  ).length;
  // The final deny counts, and is not stored.
  if (count + 1 > tx.quota('entriesPerAclDirectionFamily')) {
    const message = 'The maximum number of network acl entries has been reached.';
    throw awsError('NetworkAclEntryLimitExceeded', message);
  }
  tx.update('network-acl', acl, { entries });
}

function indexOf({ entries }: NetworkAcl, { ruleNumber, egress }: EntryName): number {
  return entries.findIndex((one) => one.ruleNumber === ruleNumber && one.egress === egress);
}

function findEntry(acl: NetworkAcl, name: EntryName): number {
  const index = indexOf(acl, name);
  if (index >= 0) return index;
  const direction = name.egress ? 'egress' : 'ingress';
  const message = `The ${direction} entry ${name.ruleNumber} does not exist in ${acl.id}.`;
  throw awsError('InvalidNetworkAclEntry.NotFound', message);
}

function checkRuleNumber(ruleNumber: number): void {
  if (ruleNumber >= 1 && ruleNumber <= LAST_RULE_NUMBER) return;
  const range = `It lies between 1 and ${LAST_RULE_NUMBER}.`;
  const message = `Invalid value '${ruleNumber}' for ruleNumber. ${range}`;
  throw awsError('InvalidParameterValue', message);
}
