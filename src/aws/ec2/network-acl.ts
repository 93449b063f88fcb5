/** Network ACLs: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, owned, type Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import { createNetworkAcl, deleteNetworkAcl } from '../../control/vpc/network-acl.ts';
import { replaceNetworkAclAssociation } from '../../control/vpc/network-acl-association.ts';
import type { ModelReader } from '../../model/model.ts';
import type { NetworkAcl, NetworkAclAssociation } from '../../model/vpc/network-acl.ts';
import { hasIpv6 } from '../../model/vpc/vpc.ts';
import { clientTokenOf } from './client-token.ts';
import { describe, type FilterOf, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { entryViews } from './network-acl-entry.ts';
import { parseTagSpecifications } from './parse.ts';
import { tagList } from './render.ts';
import { protocolName } from './traffic.ts';

export const networkAclHandlers = {
  async CreateNetworkAcl({ input, caller, cloud, dryRun }) {
    const clientToken = clientTokenOf('CreateNetworkAcl', input);
    const request = {
      vpcId: input.VpcId,
      tags: parseTagSpecifications(input.TagSpecifications, 'network-acl'),
      clientToken,
    };
    const view = await cloud.execute(
      (tx) => networkAclView(tx, caller, createNetworkAcl(tx, caller, request)),
      { dryRun },
    );
    return { NetworkAcl: view, ClientToken: clientToken.token };
  },

  async DeleteNetworkAcl({ input, caller, cloud, dryRun }) {
    await cloud.execute((tx) => deleteNetworkAcl(tx, caller, input.NetworkAclId), { dryRun });
    return {};
  },

  async ReplaceNetworkAclAssociation({ input, caller, cloud, dryRun }) {
    const request = { associationId: input.AssociationId, networkAclId: input.NetworkAclId };
    const { id } = await cloud.execute((tx) => replaceNetworkAclAssociation(tx, caller, request), {
      dryRun,
    });
    return { NewAssociationId: id };
  },

  DescribeNetworkAcls: describeNetworkAcls,
} satisfies Ec2HandlersOf<
  'CreateNetworkAcl' | 'DeleteNetworkAcl' | 'ReplaceNetworkAclAssociation' | 'DescribeNetworkAcls'
>;

function describeNetworkAcls({ input, caller, cloud: { model } }: Ec2Call<'DescribeNetworkAcls'>) {
  const ids = [...new Set(input.NetworkAclIds ?? [])];
  const { records, nextToken } = describe(input, {
    records:
      ids.length === 0
        ? owned(model, caller, 'network-acl')
        : ids.map((id) => find(model, caller, 'network-acl', id)),
    filters: networkAclFilters(model),
    tags: ({ id }) => tagsOf(model, caller, id),
  });
  return {
    NetworkAcls: records.map((record) => networkAclView(model, caller, record)),
    NextToken: nextToken,
  };
}

function networkAclFilters(model: ModelReader): FiltersOf<NetworkAcl> {
  const associations =
    (value: (association: NetworkAclAssociation) => string): FilterOf<NetworkAcl> =>
    ({ id }) =>
      model.by('network-acl-association', 'acl', id).map(value);
  const entries =
    (value: (entry: Sdk.NetworkAclEntry) => string | number | boolean | undefined) =>
    (acl: NetworkAcl) =>
      viewsOf(model, acl).map(value);
  return {
    'association.association-id': associations(({ id }) => id),
    'association.network-acl-id': associations(({ networkAclId }) => networkAclId),
    'association.subnet-id': associations(({ subnetId }) => subnetId),
    default: ({ isDefault }) => isDefault,
    'entry.cidr': entries((entry) => entry.CidrBlock),
    'entry.egress': entries((entry) => entry.Egress),
    'entry.icmp.code': entries((entry) => entry.IcmpTypeCode?.Code),
    'entry.icmp.type': entries((entry) => entry.IcmpTypeCode?.Type),
    'entry.ipv6-cidr': entries((entry) => entry.Ipv6CidrBlock),
    'entry.port-range.from': entries((entry) => entry.PortRange?.From),
    'entry.port-range.to': entries((entry) => entry.PortRange?.To),
    // By number or by name.
    'entry.protocol': (acl) =>
      viewsOf(model, acl).flatMap(({ Protocol }) => [Protocol, protocolName(Number(Protocol))]),
    'entry.rule-action': entries((entry) => entry.RuleAction),
    'entry.rule-number': entries((entry) => entry.RuleNumber),
    'network-acl-id': ({ id }) => id,
    'owner-id': ({ account }) => account,
    'vpc-id': ({ vpcId }) => vpcId,
  };
}

function viewsOf(reader: ModelReader, acl: NetworkAcl): Sdk.NetworkAclEntry[] {
  const vpc = reader.get('vpc', acl.vpcId);
  return entryViews(acl, vpc !== undefined && hasIpv6(vpc));
}

function networkAclView(reader: ModelReader, scope: Scope, acl: NetworkAcl): Sdk.NetworkAcl {
  return {
    Associations: reader
      .by('network-acl-association', 'acl', acl.id)
      .map(({ id, networkAclId, subnetId }) => ({
        NetworkAclAssociationId: id,
        NetworkAclId: networkAclId,
        SubnetId: subnetId,
      })),
    Entries: viewsOf(reader, acl),
    IsDefault: acl.isDefault,
    NetworkAclId: acl.id,
    OwnerId: acl.account,
    Tags: tagList(tagsOf(reader, scope, acl.id)),
    VpcId: acl.vpcId,
  };
}
