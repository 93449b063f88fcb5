/** Security groups: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, owned, type Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import { defaultVpc, findSecurityGroup } from '../../control/vpc/find-security-group.ts';
import { createSecurityGroup, deleteSecurityGroup } from '../../control/vpc/security-group.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  directionKey,
  type SecurityGroup,
  type SecurityGroupRule,
} from '../../model/vpc/security-group.ts';
import { formatCidr, isCidr4 } from '../../net/cidr.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { permissionViews, trafficView } from './ip-permission.ts';
import { parseTagSpecifications } from './parse.ts';
import { ec2Arn, tagList } from './render.ts';
import { parseGroupName } from './security-group-rule.ts';

const TYPE = 'security-group';

export const securityGroupHandlers = {
  async CreateSecurityGroup({ input, caller, cloud, dryRun }) {
    const request = {
      groupName: input.GroupName,
      description: input.Description,
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const group = await cloud.execute(
      (tx) => {
        const vpcId = input.VpcId ?? defaultVpc(tx, caller).id;
        return createSecurityGroup(tx, caller, { vpcId, ...request });
      },
      { dryRun },
    );
    return {
      GroupId: group.id,
      SecurityGroupArn: ec2Arn(group, TYPE),
      Tags: tagList(request.tags),
    };
  },

  async DeleteSecurityGroup({ input, caller, cloud, dryRun }) {
    const name = parseGroupName(input);
    const id = await cloud.execute(
      (tx) => {
        const group = findSecurityGroup(tx, caller, name);
        deleteSecurityGroup(tx, caller, group.id);
        return group.id;
      },
      { dryRun },
    );
    return { Return: true, GroupId: id };
  },

  DescribeSecurityGroups: describeSecurityGroups,
} satisfies Ec2HandlersOf<`${'Create' | 'Delete'}SecurityGroup` | 'DescribeSecurityGroups'>;

function describeSecurityGroups({
  input,
  caller,
  cloud: { model },
}: Ec2Call<'DescribeSecurityGroups'>) {
  const { GroupIds = [], GroupNames = [] } = input;
  const named = new Set([
    ...GroupIds.map((id) => find(model, caller, TYPE, id)),
    ...GroupNames.map((groupName) => findSecurityGroup(model, caller, { groupName })),
  ]);
  const { records, nextToken } = describe(input, {
    records: named.size > 0 ? [...named] : owned(model, caller, TYPE),
    filters: securityGroupFilters(model),
    tags: ({ id }) => tagsOf(model, caller, id),
  });
  return {
    SecurityGroups: records.map((record) => securityGroupView(model, caller, record)),
    NextToken: nextToken,
  };
}

function securityGroupFilters(model: ModelReader): FiltersOf<SecurityGroup> {
  return {
    description: ({ description }) => description,
    'group-id': ({ id }) => id,
    'group-name': ({ groupName }) => groupName,
    'owner-id': ({ account }) => account,
    'vpc-id': ({ vpcId }) => vpcId,
    ...ruleFilters(model, '', false),
    ...ruleFilters(model, 'egress.', true),
  };
}

/** The filters on what a group's rules of one direction say. */
function ruleFilters(
  model: ModelReader,
  prefix: '' | 'egress.',
  egress: boolean,
): FiltersOf<SecurityGroup> {
  type Value = string | number | undefined;
  const rules = (value: (rule: SecurityGroupRule) => Value) => (group: SecurityGroup) =>
    rulesOf(model, group, egress).map(value);
  const block = (isIpv4: boolean) =>
    rules(({ peer }) =>
      peer.kind === 'cidr' && isCidr4(peer.cidr) === isIpv4 ? formatCidr(peer.cidr) : undefined,
    );
  const group = (value: (peer: { groupId: string; account: string }) => Value) =>
    rules(({ peer }) => (peer.kind === 'group' ? value(peer) : undefined));
  const name = `${prefix}ip-permission`;
  return {
    [`${name}.cidr`]: block(true),
    [`${name}.ipv6-cidr`]: block(false),
    [`${name}.from-port`]: rules((rule) => trafficView(rule).FromPort),
    [`${name}.to-port`]: rules((rule) => trafficView(rule).ToPort),
    [`${name}.protocol`]: rules((rule) => trafficView(rule).IpProtocol),
    [`${name}.prefix-list-id`]: rules(({ peer }) =>
      peer.kind === 'prefix-list' ? peer.prefixListId : undefined,
    ),
    [`${name}.group-id`]: group(({ groupId }) => groupId),
    [`${name}.group-name`]: group(({ groupId }) => model.get(TYPE, groupId)?.groupName),
    [`${name}.user-id`]: group(({ account }) => account),
  };
}

function rulesOf(reader: ModelReader, { id }: SecurityGroup, egress: boolean) {
  return reader.by('security-group-rule', 'direction', directionKey(id, egress));
}

function securityGroupView(
  reader: ModelReader,
  scope: Scope,
  group: SecurityGroup,
): Sdk.SecurityGroup {
  const { vpcId } = group;
  return {
    Description: group.description,
    GroupId: group.id,
    GroupName: group.groupName,
    IpPermissions: permissionViews(reader, vpcId, rulesOf(reader, group, false)),
    IpPermissionsEgress: permissionViews(reader, vpcId, rulesOf(reader, group, true)),
    OwnerId: group.account,
    SecurityGroupArn: ec2Arn(group, TYPE),
    Tags: tagList(tagsOf(reader, scope, group.id)),
    VpcId: vpcId,
  };
}
