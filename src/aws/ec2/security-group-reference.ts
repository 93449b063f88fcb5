/** Groups across VPCs: who names them, which rules went stale, which groups a VPC may use. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, type Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import type { ModelReader } from '../../model/model.ts';
import { directionKey, type SecurityGroup } from '../../model/vpc/security-group.ts';
import { type GroupPeer, isStale, peeringOfReference } from '../../model/vpc/stale-rule.ts';
import { trafficKey } from '../../model/vpc/traffic.ts';
import { describe } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { groupPairView, trafficView } from './ip-permission.ts';
import { tagList } from './render.ts';

export const securityGroupReferenceHandlers = {
  DescribeSecurityGroupReferences({ input, caller, cloud: { model } }) {
    const groups = [...new Set(input.GroupId)].map((id) =>
      find(model, caller, 'security-group', id),
    );
    return { SecurityGroupReferenceSet: groups.flatMap((group) => referencesTo(model, group)) };
  },

  DescribeStaleSecurityGroups({ input, caller, cloud: { model } }) {
    const vpc = find(model, caller, 'vpc', input.VpcId);
    const groups = model
      .by('security-group', 'vpc', vpc.id)
      .filter(({ id }) =>
        model.by('security-group-rule', 'group', id).some((rule) => isStale(model, rule)),
      );
    const { records, nextToken } = describe(input, {
      records: groups,
      filters: {},
      page: { min: 5, max: 255 },
    });
    return {
      StaleSecurityGroupSet: records.map((group) => staleGroupView(model, group)),
      NextToken: nextToken,
    };
  },

  GetSecurityGroupsForVpc: securityGroupsForVpc,
} satisfies Ec2HandlersOf<
  'DescribeSecurityGroupReferences' | 'DescribeStaleSecurityGroups' | 'GetSecurityGroupsForVpc'
>;

/** B-057: the peer VPCs with a rule that names the group, each once. */
function referencesTo(reader: ModelReader, group: SecurityGroup): Sdk.SecurityGroupReference[] {
  const references = new Map<string, Sdk.SecurityGroupReference>();
  for (const rule of reader.by('security-group-rule', 'references', group.id)) {
    const vpcId = reader.get('security-group', rule.groupId)?.vpcId;
    if (vpcId === undefined || vpcId === group.vpcId || isStale(reader, rule)) continue;
    const peering = peeringOfReference(reader, vpcId, rule.peer as GroupPeer);
    references.set(vpcId, {
      GroupId: group.id,
      ReferencingVpcId: vpcId,
      VpcPeeringConnectionId: peering?.id,
    });
  }
  return [...references.values()];
}

function staleGroupView(reader: ModelReader, group: SecurityGroup): Sdk.StaleSecurityGroup {
  return {
    Description: group.description,
    GroupId: group.id,
    GroupName: group.groupName,
    StaleIpPermissions: stalePermissions(reader, group, false),
    StaleIpPermissionsEgress: stalePermissions(reader, group, true),
    VpcId: group.vpcId,
  };
}

function stalePermissions(
  reader: ModelReader,
  { id, vpcId }: SecurityGroup,
  egress: boolean,
): Sdk.StaleIpPermission[] {
  const stale = reader
    .by('security-group-rule', 'direction', directionKey(id, egress))
    .filter((rule) => isStale(reader, rule));
  return [...Map.groupBy(stale, trafficKey).values()].map((same) => ({
    ...trafficView(same[0]!),
    IpRanges: [],
    PrefixListIds: [],
    UserIdGroupPairs: same.map(({ peer, description }) => ({
      ...groupPairView(reader, vpcId, peer as GroupPeer),
      // Also of a group that is gone: the rule can be revoked by what is shown.
      UserId: (peer as GroupPeer).account,
      Description: description,
    })),
  }));
}

function securityGroupsForVpc({
  input,
  caller,
  cloud: { model },
}: Ec2Call<'GetSecurityGroupsForVpc'>) {
  const vpc = find(model, caller, 'vpc', input.VpcId);
  const { records, nextToken } = describe(input, {
    records: model.by('security-group', 'vpc', vpc.id),
    filters: {
      description: ({ description }) => description,
      'group-id': ({ id }) => id,
      'group-name': ({ groupName }) => groupName,
      'owner-id': ({ account }) => account,
      'primary-vpc-id': ({ vpcId }) => vpcId,
    },
    tags: ({ id }) => tagsOf(model, caller, id),
  });
  return {
    SecurityGroupForVpcs: records.map((record) => groupForVpcView(model, caller, record)),
    NextToken: nextToken,
  };
}

function groupForVpcView(
  reader: ModelReader,
  scope: Scope,
  group: SecurityGroup,
): Sdk.SecurityGroupForVpc {
  return {
    Description: group.description,
    GroupId: group.id,
    GroupName: group.groupName,
    OwnerId: group.account,
    PrimaryVpcId: group.vpcId,
    Tags: tagList(tagsOf(reader, scope, group.id)),
  };
}
