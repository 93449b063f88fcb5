/** Commands on security groups as a whole. */
import assert from 'node:assert';
import { type AwsError, awsError } from '../../model/error.ts';
import {
  DEFAULT_GROUP_NAME,
  directionKey,
  groupNameKey,
  type SecurityGroup,
  type SecurityGroupRule,
} from '../../model/vpc/security-group.ts';
import { ALL_PROTOCOLS } from '../../model/vpc/traffic.ts';
import { hasIpv6, type Vpc } from '../../model/vpc/vpc.ts';
import { ANY_IPV4, ANY_IPV6, type Cidr, cidrEquals } from '../../net/cidr.ts';
import { find, ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';

export interface CreateSecurityGroup {
  readonly vpcId: string;
  readonly groupName: string;
  readonly description: string;
  readonly tags: Tags;
}

/**
 * A group that lets nothing in and everything out.
 * @throws AwsError InvalidVpcID.NotFound, InvalidParameterValue, InvalidGroup.Duplicate,
 *   SecurityGroupLimitExceeded
 */
export function createSecurityGroup(
  tx: Transaction,
  scope: Scope,
  { vpcId, groupName, description, tags }: CreateSecurityGroup,
): SecurityGroup {
  const vpc = find(tx, scope, 'vpc', vpcId);
  checkGroupName(groupName);
  checkGroupText('groupDescription', description);
  if (tx.first('security-group', 'name', groupNameKey(vpc.id, groupName)) !== undefined) {
    const message = `The security group '${groupName}' already exists for VPC '${vpc.id}'`;
    throw awsError('InvalidGroup.Duplicate', message);
  }
  const count = tx.count('security-group', 'owner', ownerKey(scope));
  if (count >= tx.quota('securityGroupsPerRegion')) {
    const message = 'The maximum number of security groups has been reached.';
    throw awsError('SecurityGroupLimitExceeded', message);
  }
  const group = putGroup(tx, scope, { vpcId: vpc.id, groupName, description });
  allowEverythingOut(tx, vpc, group);
  putTags(tx, scope, 'security-group', group.id, tags);
  return group;
}

/** The default group of a new VPC: its members reach each other, and everything out. */
export function createDefaultSecurityGroup(
  tx: Transaction,
  scope: Scope,
  vpcId: string,
): SecurityGroup {
  const nameKey = groupNameKey(vpcId, DEFAULT_GROUP_NAME);
  assert(tx.first('security-group', 'name', nameKey) === undefined, 'one default group');
  const group = putGroup(tx, scope, {
    vpcId,
    groupName: DEFAULT_GROUP_NAME,
    description: 'default VPC security group',
  });
  const self = { kind: 'group', groupId: group.id, account: group.account, vpcId } as const;
  putRule(tx, group, { egress: false, protocol: ALL_PROTOCOLS, peer: self });
  allowEverythingOut(tx, tx.get('vpc', vpcId)!, group);
  return group;
}

/**
 * Lets IPv6 out of every group of a VPC that has just got its first IPv6 block, where nobody has
 * changed the group's outbound rules.
 */
export function allowIpv6OutOfSecurityGroups(tx: Transaction, vpc: Vpc): void {
  for (const group of tx.by('security-group', 'vpc', vpc.id)) {
    const [rule, ...others] = tx.by(
      'security-group-rule',
      'direction',
      directionKey(group.id, true),
    );
    if (rule === undefined || others.length > 0 || !allowsAll(rule, ANY_IPV4)) continue;
    putRule(tx, group, { egress: true, protocol: ALL_PROTOCOLS, peer: anyone(ANY_IPV6) });
  }
}

/**
 * Deletes a group with its rules.
 * @throws AwsError InvalidGroup.NotFound, CannotDelete for a default group,
 *   DependencyViolation while an interface carries it or another group of its VPC names it
 */
export function deleteSecurityGroup(tx: Transaction, scope: Scope, id: string): void {
  const group = find(tx, scope, 'security-group', id);
  if (group.groupName === DEFAULT_GROUP_NAME) {
    const name = `"${group.id}" name: "${group.groupName}"`;
    const message = `the specified group: ${name} cannot be deleted by a user`;
    throw awsError('CannotDelete', message);
  }
  const inUse = tx.count('network-interface', 'group', group.id) > 0;
  // The API reference of DeleteSecurityGroup speaks of groups "in the same VPC": a peer VPC's rule
  // goes stale instead.
  const named = tx
    .by('security-group-rule', 'references', group.id)
    .some(({ groupId }) => groupId !== group.id && vpcOf(tx, groupId) === group.vpcId);
  if (inUse || named) {
    throw awsError('DependencyViolation', `resource ${group.id} has a dependent object`);
  }
  removeGroup(tx, group.id);
}

/** Takes the default group away with its VPC. */
export function deleteDefaultSecurityGroup(tx: Transaction, vpcId: string): void {
  const group = tx.first('security-group', 'name', groupNameKey(vpcId, DEFAULT_GROUP_NAME));
  if (group !== undefined) removeGroup(tx, group.id);
}

/** Adds a rule that has passed every check. */
export function putRule(
  tx: Transaction,
  { id: groupId, account, region }: SecurityGroup,
  rule: Omit<SecurityGroupRule, 'id' | 'account' | 'region' | 'groupId'>,
): SecurityGroupRule {
  const id = tx.newId('security-group-rule');
  return tx.put('security-group-rule', { id, account, region, groupId, ...rule });
}

export function removeRule(tx: Transaction, id: string): void {
  dropTags(tx, id);
  tx.delete('security-group-rule', id);
}

function putGroup(
  tx: Transaction,
  { account, region }: Scope,
  group: Pick<SecurityGroup, 'vpcId' | 'groupName' | 'description'>,
): SecurityGroup {
  return tx.put('security-group', { id: tx.newId('security-group'), account, region, ...group });
}

function removeGroup(tx: Transaction, id: string): void {
  for (const rule of tx.by('security-group-rule', 'group', id)) removeRule(tx, rule.id);
  dropTags(tx, id);
  tx.delete('security-group', id);
}

function allowEverythingOut(tx: Transaction, vpc: Vpc, group: SecurityGroup): void {
  for (const block of hasIpv6(vpc) ? [ANY_IPV4, ANY_IPV6] : [ANY_IPV4]) {
    putRule(tx, group, { egress: true, protocol: ALL_PROTOCOLS, peer: anyone(block) });
  }
}

function anyone(block: Cidr): SecurityGroupRule['peer'] {
  return { kind: 'cidr', cidr: block };
}

function allowsAll({ protocol, peer }: SecurityGroupRule, block: Cidr): boolean {
  return protocol === ALL_PROTOCOLS && peer.kind === 'cidr' && cidrEquals(peer.cidr, block);
}

function vpcOf(tx: Transaction, groupId: string): string | undefined {
  return tx.get('security-group', groupId)?.vpcId;
}

function checkGroupName(name: string): void {
  if (/^sg-/i.test(name)) throw invalidText('groupName', name, 'It may not begin with sg-.');
  checkGroupText('groupName', name);
  if (name.toLowerCase() === DEFAULT_GROUP_NAME) {
    const message = `Cannot use reserved security group name: ${name}`;
    throw awsError('InvalidParameterValue', message);
  }
}

/** The characters AWS takes in names and descriptions, 1 to 255 of them. */
function checkGroupText(parameter: string, text: string): void {
  if (!/^[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/.test(text)) {
    const set = 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';
    throw invalidText(parameter, text, `It has 1 to 255 characters from the set ${set}.`);
  }
}

function invalidText(parameter: string, text: string, why: string): AwsError {
  return awsError('InvalidParameterValue', `Invalid value '${text}' for ${parameter}. ${why}`);
}
