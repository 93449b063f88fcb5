/** Commands on the rules of a security group. */
import { awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  peerText,
  ruleFamilies,
  ruleKey,
  type SecurityGroup,
  type SecurityGroupRule,
} from '../../model/vpc/security-group.ts';
import type { Traffic } from '../../model/vpc/traffic.ts';
import { find, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { findSecurityGroup, type GroupName } from './find-security-group.ts';
import { ruleWeight } from './prefix-list-reference.ts';
import { namedPeer, type PeerRequest, resolvePeer } from './rule-peer.ts';
import { putRule, removeRule } from './security-group.ts';

/** A rule as a caller names it. */
export interface RuleRequest {
  readonly traffic: Traffic;
  readonly peer: PeerRequest;
  readonly description?: string | undefined;
}

/** One direction of one group. */
export interface GroupSide {
  readonly group: GroupName;
  readonly egress: boolean;
}

/**
 * @throws AwsError InvalidGroup.NotFound, the errors of peers, InvalidPermission.Duplicate,
 *   RulesPerSecurityGroupLimitExceeded
 */
export function authorizeRules(
  tx: Transaction,
  scope: Scope,
  { group: name, egress }: GroupSide,
  { rules, tags }: { readonly rules: readonly RuleRequest[]; readonly tags: Tags },
): SecurityGroupRule[] {
  const group = findSecurityGroup(tx, scope, name);
  const wanted = rules.map(({ traffic, peer, description }) => {
    checkDescription(description);
    const rule = { egress, ...traffic, peer: resolvePeer(tx, group, peer, egress) };
    return description ? { ...rule, description } : rule;
  });
  checkDistinct(wanted.map((rule) => ruleKey({ ...rule, groupId: group.id })));
  return wanted.map((content) => {
    const rule = putRule(tx, group, content);
    checkWritten(tx, rule);
    putTags(tx, scope, 'security-group-rule', rule.id, tags);
    return rule;
  });
}

/** What a rule says, whether or not it exists. */
export type RuleContent = Omit<SecurityGroupRule, 'id' | 'account' | 'region'>;

export interface Revocation {
  readonly revoked: readonly SecurityGroupRule[];
  /** What the group does not have: told, not refused, in a default VPC. */
  readonly unknown: readonly RuleContent[];
}

/**
 * Takes rules away by what they say; descriptions do not matter.
 * @throws AwsError InvalidGroup.NotFound, InvalidPermission.NotFound except in a default VPC
 */
export function revokeRules(
  tx: Transaction,
  scope: Scope,
  { group: name, egress }: GroupSide,
  requests: readonly RuleRequest[],
): Revocation {
  const group = findSecurityGroup(tx, scope, name);
  const revoked: SecurityGroupRule[] = [];
  const unknown: RuleContent[] = [];
  for (const request of requests) {
    const content = contentOf(tx, group, egress, request);
    const rule = tx.first('security-group-rule', 'same', ruleKey(content));
    if (rule === undefined) unknown.push(content);
    else {
      removeRule(tx, rule.id);
      revoked.push(rule);
    }
  }
  if (unknown.length > 0 && !tx.get('vpc', group.vpcId)!.isDefault) throw noSuchRule();
  return { revoked, unknown };
}

/** @throws AwsError InvalidGroup.NotFound, InvalidSecurityGroupRuleId.Malformed and .NotFound */
export function revokeRulesById(
  tx: Transaction,
  scope: Scope,
  side: GroupSide,
  ids: readonly string[],
): Revocation {
  const group = findSecurityGroup(tx, scope, side.group);
  const revoked = [...new Set(ids)].map((id) => ownRule(tx, group, id, side.egress));
  for (const { id } of revoked) removeRule(tx, id);
  return { revoked, unknown: [] };
}

/**
 * Makes rules say something else, all at once; ids, directions and tags stay.
 * @throws AwsError InvalidGroup.NotFound, InvalidSecurityGroupRuleId.*, the errors of peers,
 *   InvalidPermission.Duplicate, RulesPerSecurityGroupLimitExceeded
 */
export function modifyRules(
  tx: Transaction,
  scope: Scope,
  groupId: string,
  updates: readonly { readonly ruleId: string; readonly rule: RuleRequest }[],
): void {
  const group = find(tx, scope, 'security-group', groupId);
  checkDistinct(updates.map(({ ruleId }) => ruleId));
  const changed = updates.map(({ ruleId, rule: { traffic, peer, description } }) => {
    const { id, account, region, egress } = ownRule(tx, group, ruleId);
    checkDescription(description);
    const rule = { id, account, region, groupId, egress, ...traffic };
    const said = description ? { description } : {};
    return tx.put('security-group-rule', {
      ...rule,
      peer: resolvePeer(tx, group, peer, rule.egress),
      ...said,
    });
  });
  // Only now: two rules may have changed places.
  for (const rule of changed) checkWritten(tx, rule);
}

/** A rule by its id, or by what it says. */
export type RuleName = { readonly ruleId: string } | { readonly rule: RuleRequest };

/**
 * Sets or, where none is given, removes the descriptions of rules.
 * @throws AwsError InvalidGroup.NotFound, InvalidSecurityGroupRuleId.*, InvalidPermission.NotFound
 */
export function describeRules(
  tx: Transaction,
  scope: Scope,
  { group: name, egress }: GroupSide,
  updates: readonly { readonly name: RuleName; readonly description: string | undefined }[],
): void {
  const group = findSecurityGroup(tx, scope, name);
  for (const { name: ruleName, description } of updates) {
    checkDescription(description);
    const rule =
      'ruleId' in ruleName
        ? ownRule(tx, group, ruleName.ruleId, egress)
        : tx.first(
            'security-group-rule',
            'same',
            ruleKey(contentOf(tx, group, egress, ruleName.rule)),
          );
    if (rule === undefined) throw noSuchRule();
    const { description: _, ...bare } = rule;
    tx.put('security-group-rule', description ? { ...bare, description } : bare);
  }
}

/** A rule of this group, and of this direction where one is given. */
function ownRule(
  reader: ModelReader,
  group: SecurityGroup,
  id: string,
  egress?: boolean,
): SecurityGroupRule {
  checkIdShape('security-group-rule', id);
  const rule = reader.get('security-group-rule', id);
  const fits = rule?.groupId === group.id && (egress === undefined || rule.egress === egress);
  if (!fits) throw notFound('security-group-rule', id);
  return rule;
}

function contentOf(
  reader: ModelReader,
  group: SecurityGroup,
  egress: boolean,
  { traffic, peer }: RuleRequest,
): RuleContent {
  return { groupId: group.id, egress, ...traffic, peer: namedPeer(reader, group, peer) };
}

function checkDistinct(keys: readonly string[]): void {
  if (new Set(keys).size === keys.length) return;
  const message = 'The same permission must not appear multiple times';
  throw awsError('InvalidParameterValue', message);
}

/** Refuses a rule that has been written but may not be: the command is undone. */
function checkWritten(tx: Transaction, rule: SecurityGroupRule): void {
  if (tx.count('security-group-rule', 'same', ruleKey(rule)) > 1) {
    const message = `the specified rule "${ruleText(rule)}" already exists`;
    throw awsError('InvalidPermission.Duplicate', message);
  }
  const full = ruleFamilies(rule).some((family) => {
    const weight = ruleWeight(tx, rule.groupId, rule.egress, family);
    return weight > tx.quota('rulesPerGroupDirectionFamily');
  });
  if (!full) return;
  const message = 'The maximum number of rules per security group has been reached.';
  throw awsError('RulesPerSecurityGroupLimitExceeded', message);
}

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  '-1': 'ALL',
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
};

/** The rule as AWS words it in errors. */
function ruleText({ protocol, ports, icmp, peer }: SecurityGroupRule): string {
  const parts = [`peer: ${peerText(peer)}`, PROTOCOL_NAMES[protocol] ?? String(protocol)];
  if (ports) parts.push(`from port: ${ports.from}`, `to port: ${ports.to}`);
  if (icmp) parts.push(`type: ${icmp.type}`, `code: ${icmp.code}`);
  return [...parts, 'ALLOW'].join(', ');
}

function noSuchRule() {
  const message = 'The specified rule does not exist in this security group.';
  return awsError('InvalidPermission.NotFound', message);
}

function checkDescription(description: string | undefined): void {
  if (!description || /^[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/.test(description)) return;
  const message =
    'Invalid rule description. Valid descriptions are strings less than 256 characters from the ' +
    'following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';
  throw awsError('InvalidParameterValue', message);
}
