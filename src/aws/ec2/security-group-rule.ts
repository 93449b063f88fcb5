/** Rules of security groups: requests to commands. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, owned } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import { findSecurityGroup, type GroupName } from '../../control/vpc/find-security-group.ts';
import type { PeerRequest } from '../../control/vpc/rule-peer.ts';
import {
  authorizeRules,
  describeRules,
  modifyRules,
  type RuleName,
  type RuleRequest,
  revokeRules,
  revokeRulesById,
} from '../../control/vpc/security-group-rule.ts';
import { awsError } from '../../model/error.ts';
import { describe } from './describe.ts';
import {
  FLAT_PARAMETERS,
  type FlatPermission,
  hasFlatPermission,
  parseFlatPermission,
} from './flat-permission.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  parseCidrPeer,
  parseListPeer,
  parsePermissions,
  parseRuleTraffic,
  permissionViews,
} from './ip-permission.ts';
import { missingParameter, parseTagSpecifications, refuseUnsupported, required } from './parse.ts';
import { revokedRuleView, ruleView } from './security-group-rule-view.ts';

type Direction = 'Ingress' | 'Egress';

export const securityGroupRuleHandlers = {
  AuthorizeSecurityGroupIngress: (call) => authorize(call, false),
  RevokeSecurityGroupIngress: (call) => revoke(call, false),
  UpdateSecurityGroupRuleDescriptionsIngress: (call) => updateDescriptions(call, false),

  AuthorizeSecurityGroupEgress(call) {
    refuseUnsupported(call.input, FLAT_PARAMETERS); // So does AWS.
    return authorize(call, true);
  },
  RevokeSecurityGroupEgress(call) {
    refuseUnsupported(call.input, FLAT_PARAMETERS);
    return revoke(call, true);
  },
  UpdateSecurityGroupRuleDescriptionsEgress: (call) => updateDescriptions(call, true),

  async ModifySecurityGroupRules({ input, caller, cloud, dryRun }) {
    const updates = input.SecurityGroupRules.map(({ SecurityGroupRuleId, SecurityGroupRule }) => ({
      ruleId: required('securityGroupRuleId', SecurityGroupRuleId),
      rule: parseRule(required('securityGroupRule', SecurityGroupRule)),
    }));
    await cloud.execute((tx) => modifyRules(tx, caller, input.GroupId, updates), { dryRun });
    return { Return: true };
  },

  DescribeSecurityGroupRules: describeSecurityGroupRules,
} satisfies Ec2HandlersOf<
  | `${'Authorize' | 'Revoke'}SecurityGroup${Direction}`
  | `UpdateSecurityGroupRuleDescriptions${Direction}`
  | 'ModifySecurityGroupRules'
  | 'DescribeSecurityGroupRules'
>;

async function authorize(
  { input, caller, cloud, dryRun }: Ec2Call<`AuthorizeSecurityGroup${Direction}`>,
  egress: boolean,
) {
  const side = { group: parseGroupName(input), egress };
  const rules = parseRules(input);
  const tags = parseTagSpecifications(input.TagSpecifications, 'security-group-rule');
  const views = await cloud.execute(
    (tx) =>
      authorizeRules(tx, caller, side, { rules, tags }).map((rule) => ruleView(tx, caller, rule)),
    { dryRun },
  );
  return { Return: true, SecurityGroupRules: views };
}

async function revoke(
  { input, caller, cloud, dryRun }: Ec2Call<`RevokeSecurityGroup${Direction}`>,
  egress: boolean,
) {
  const side = { group: parseGroupName(input), egress };
  const ids = input.SecurityGroupRuleIds ?? [];
  const rules = ids.length === 0 ? parseRules(input) : [];
  if (ids.length > 0 && (input.IpPermissions !== undefined || hasFlatPermission(input))) {
    const message = 'Rules are named by their ids or by what they say, not by both.';
    throw awsError('InvalidParameterCombination', message);
  }
  return cloud.execute(
    (tx) => {
      const { vpcId } = findSecurityGroup(tx, caller, side.group);
      const { revoked, unknown } =
        ids.length > 0
          ? revokeRulesById(tx, caller, side, ids)
          : revokeRules(tx, caller, side, rules);
      return {
        Return: true,
        UnknownIpPermissions: permissionViews(tx, vpcId, unknown),
        RevokedSecurityGroupRules: revoked.map(revokedRuleView),
      };
    },
    { dryRun },
  );
}

async function updateDescriptions(
  { input, caller, cloud, dryRun }: Ec2Call<`UpdateSecurityGroupRuleDescriptions${Direction}`>,
  egress: boolean,
) {
  const side = { group: parseGroupName(input), egress };
  const updates = parseDescriptions(input);
  await cloud.execute((tx) => describeRules(tx, caller, side, updates), { dryRun });
  return { Return: true };
}

/** The group a request names by id or, in the default VPC, by name. */
export function parseGroupName(input: {
  readonly GroupId?: string | undefined;
  readonly GroupName?: string | undefined;
}): GroupName {
  if (input.GroupId !== undefined) return { groupId: input.GroupId };
  return { groupName: required('groupName or groupId', input.GroupName) };
}

interface RulesInput extends FlatPermission {
  readonly IpPermissions?: readonly Sdk.IpPermission[] | undefined;
}

function parseRules(input: RulesInput): RuleRequest[] {
  const flat = hasFlatPermission(input);
  if (input.IpPermissions === undefined) {
    if (!flat) throw missingParameter('ipPermissions');
    return parseFlatPermission(input);
  }
  if (flat) {
    const message = 'Rules are given in IpPermissions or in the call itself, not in both.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (input.IpPermissions.length === 0) throw missingParameter('ipPermissions');
  return parsePermissions(input.IpPermissions);
}

interface DescriptionsInput {
  readonly IpPermissions?: readonly Sdk.IpPermission[] | undefined;
  readonly SecurityGroupRuleDescriptions?: readonly Sdk.SecurityGroupRuleDescription[] | undefined;
}

function parseDescriptions({
  IpPermissions,
  SecurityGroupRuleDescriptions,
}: DescriptionsInput): { name: RuleName; description: string | undefined }[] {
  if ((IpPermissions === undefined) === (SecurityGroupRuleDescriptions === undefined)) {
    const message = 'Give either IpPermissions or SecurityGroupRuleDescriptions.';
    throw IpPermissions === undefined
      ? missingParameter('ipPermissions or securityGroupRuleDescriptions')
      : awsError('InvalidParameterCombination', message);
  }
  if (SecurityGroupRuleDescriptions !== undefined) {
    return SecurityGroupRuleDescriptions.map(({ SecurityGroupRuleId, Description }) => ({
      name: { ruleId: required('securityGroupRuleId', SecurityGroupRuleId) },
      description: Description,
    }));
  }
  return parsePermissions(IpPermissions ?? []).map((rule) => ({
    name: { rule },
    description: rule.description,
  }));
}

/** The one rule of a SecurityGroupRuleRequest. */
function parseRule(request: Sdk.SecurityGroupRuleRequest): RuleRequest {
  const traffic = parseRuleTraffic(request);
  return { traffic, peer: parsePeer(request), description: request.Description };
}

function parsePeer(request: Sdk.SecurityGroupRuleRequest): PeerRequest {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId } = request;
  const given = [CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId];
  if (given.filter((one) => one !== undefined).length > 1) {
    const message =
      'A rule has exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (PrefixListId !== undefined) return parseListPeer(PrefixListId);
  if (ReferencedGroupId !== undefined) {
    return { kind: 'group', group: { groupId: ReferencedGroupId } };
  }
  return CidrIpv6 === undefined
    ? parseCidrPeer('cidrIpv4', CidrIpv4)
    : parseCidrPeer('cidrIpv6', CidrIpv6);
}

function describeSecurityGroupRules({
  input,
  caller,
  cloud: { model },
}: Ec2Call<'DescribeSecurityGroupRules'>) {
  const ids = [...new Set(input.SecurityGroupRuleIds ?? [])];
  const { records, nextToken } = describe(input, {
    records:
      ids.length === 0
        ? owned(model, caller, 'security-group-rule')
        : ids.map((id) => find(model, caller, 'security-group-rule', id)),
    filters: {
      'group-id': ({ groupId }) => groupId,
      'security-group-rule-id': ({ id }) => id,
    },
    tags: ({ id }) => tagsOf(model, caller, id),
  });
  return {
    SecurityGroupRules: records.map((record) => ruleView(model, caller, record)),
    NextToken: nextToken,
  };
}
