/** Rules of groups as records one by one. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import type { ModelReader } from '../../model/model.ts';
import type { SecurityGroupRule } from '../../model/vpc/security-group.ts';
import { formatCidr, isCidr4 } from '../../net/cidr.ts';
import { groupPairView, trafficView } from './ip-permission.ts';
import { ec2Arn, tagList } from './render.ts';

export function ruleView(
  reader: ModelReader,
  scope: Scope,
  rule: SecurityGroupRule,
): Sdk.SecurityGroupRule {
  const { peer } = rule;
  const vpcId = reader.get('security-group', rule.groupId)?.vpcId ?? '';
  return {
    ...saidView(rule),
    GroupOwnerId: rule.account,
    ReferencedGroupInfo: peer.kind === 'group' ? groupPairView(reader, vpcId, peer) : undefined,
    SecurityGroupRuleArn: ec2Arn(rule, 'security-group-rule'),
    Tags: tagList(tagsOf(reader, scope, rule.id)),
  };
}

export function revokedRuleView(rule: SecurityGroupRule): Sdk.RevokedSecurityGroupRule {
  const { peer } = rule;
  return { ...saidView(rule), ReferencedGroupId: peer.kind === 'group' ? peer.groupId : undefined };
}

/** What both views say. Here AWS writes -1 for ports and types that do not narrow. */
function saidView(rule: SecurityGroupRule) {
  const { peer } = rule;
  const { IpProtocol, FromPort = -1, ToPort = -1 } = trafficView(rule);
  const block = peer.kind === 'cidr' ? formatCidr(peer.cidr) : undefined;
  const isIpv4 = peer.kind === 'cidr' && isCidr4(peer.cidr);
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: rule.groupId,
    IsEgress: rule.egress,
    IpProtocol,
    FromPort,
    ToPort,
    CidrIpv4: isIpv4 ? block : undefined,
    CidrIpv6: isIpv4 ? undefined : block,
    PrefixListId: peer.kind === 'prefix-list' ? peer.prefixListId : undefined,
    Description: rule.description,
  };
}
