/** VPCs: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import { createDefaultVpc } from '../../control/vpc/default-vpc.ts';
import { createVpc, deleteVpc, modifyVpcTenancy } from '../../control/vpc/vpc.ts';
import { awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { CidrAssociation, Vpc } from '../../model/vpc/vpc.ts';
import { type Cidr, type Cidr6, formatCidr } from '../../net/cidr.ts';
import type { FiltersOf } from './describe.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  parseChoice,
  parseCidr4Parameter,
  parseTagSpecifications,
  refuseUnsupported,
} from './parse.ts';
import { tagList } from './render.ts';

export const vpcHandlers = {
  CreateVpc: create,

  async CreateDefaultVpc({ caller, cloud, dryRun }) {
    const vpc = await cloud.execute((tx) => createDefaultVpc(tx, caller), { dryRun });
    return { Vpc: vpcView(cloud.model, caller, vpc) };
  },

  async DeleteVpc({ input, caller, cloud, dryRun }) {
    await cloud.execute((tx) => deleteVpc(tx, caller, input.VpcId), { dryRun });
    return {};
  },

  DescribeVpcs({ input, caller, cloud }) {
    const page = describeOwned(input, cloud.model, caller, {
      kind: 'vpc',
      ids: input.VpcIds,
      filters: FILTERS,
    });
    const Vpcs = page.records.map((vpc) => vpcView(cloud.model, caller, vpc));
    return { Vpcs, NextToken: page.nextToken };
  },

  async ModifyVpcTenancy({ input, caller, cloud, dryRun }) {
    parseChoice('instanceTenancy', input.InstanceTenancy, ['default']);
    await cloud.execute((tx) => modifyVpcTenancy(tx, caller, input.VpcId), { dryRun });
    return { ReturnValue: true };
  },
} satisfies Ec2HandlersOf<
  'CreateVpc' | 'CreateDefaultVpc' | 'DeleteVpc' | 'DescribeVpcs' | 'ModifyVpcTenancy'
>;

async function create({ input, caller, cloud, dryRun }: Ec2Call<'CreateVpc'>) {
  refuseUnsupported(input, [
    'Ipv6Pool',
    'Ipv6CidrBlock',
    'Ipv4IpamPoolId',
    'Ipv4NetmaskLength',
    'Ipv6IpamPoolId',
    'Ipv6NetmaskLength',
    'Ipv6CidrBlockNetworkBorderGroup',
    'VpcEncryptionControl',
  ]);
  if (input.CidrBlock === undefined) {
    const message = "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.";
    throw awsError('MissingParameter', message);
  }
  const tenancy = input.InstanceTenancy ?? 'default';
  const request = {
    cidr: parseCidr4Parameter('cidrBlock', input.CidrBlock),
    amazonProvidedIpv6: input.AmazonProvidedIpv6CidrBlock ?? false,
    instanceTenancy: parseChoice('instanceTenancy', tenancy, ['default', 'dedicated']),
    tags: parseTagSpecifications(input.TagSpecifications, 'vpc'),
  };
  const vpc = await cloud.execute((tx) => createVpc(tx, caller, request), { dryRun });
  return { Vpc: vpcView(cloud.model, caller, vpc) };
}

/**
 * The filters of DescribeVpcs, as its reference lists them, and `cidr` by the names it has for
 * subnets: AWS takes them, Ansible's `ec2_vpc_net` uses one.
 */
const FILTERS: FiltersOf<Vpc> = {
  cidr: primaryCidr,
  'cidr-block': primaryCidr,
  cidrBlock: primaryCidr,
  'cidr-block-association.cidr-block': ({ cidrs }) => cidrs.map(({ cidr }) => formatCidr(cidr)),
  'cidr-block-association.association-id': ({ cidrs }) => cidrs.map((one) => one.associationId),
  'cidr-block-association.state': ({ cidrs }) => cidrs.map(({ state }) => state),
  'dhcp-options-id': ({ dhcpOptionsId }) => dhcpOptionsId,
  'ipv6-cidr-block-association.ipv6-cidr-block': ({ ipv6Cidrs }) =>
    ipv6Cidrs.map(({ cidr }) => formatCidr(cidr)),
  'ipv6-cidr-block-association.ipv6-pool': ({ ipv6Cidrs }) => ipv6Cidrs.map(() => IPV6_POOL),
  'ipv6-cidr-block-association.association-id': ({ ipv6Cidrs }) =>
    ipv6Cidrs.map((one) => one.associationId),
  'ipv6-cidr-block-association.state': ({ ipv6Cidrs }) => ipv6Cidrs.map(({ state }) => state),
  'is-default': ({ isDefault }) => isDefault,
  'owner-id': ({ account }) => account,
  state: ({ state }) => state,
  'vpc-id': ({ id }) => id,
};

const IPV6_POOL = 'Amazon';

function primaryCidr(vpc: Vpc): string {
  return formatCidr(vpc.cidrs[0]!.cidr);
}

/** A VPC as DescribeVpcs shows it to a caller. */
export function vpcView(reader: ModelReader, scope: Scope, vpc: Vpc): Sdk.Vpc {
  return {
    VpcId: vpc.id,
    OwnerId: vpc.account,
    State: vpc.state,
    CidrBlock: primaryCidr(vpc),
    CidrBlockAssociationSet: vpc.cidrs.map(cidrView),
    Ipv6CidrBlockAssociationSet: vpc.ipv6Cidrs.map((one) => ipv6CidrView(vpc, one)),
    DhcpOptionsId: vpc.dhcpOptionsId,
    InstanceTenancy: vpc.instanceTenancy,
    IsDefault: vpc.isDefault,
    Tags: tagList(tagsOf(reader, scope, vpc.id)),
  };
}

export function cidrView({
  associationId,
  cidr,
  state,
}: CidrAssociation<Cidr>): Sdk.VpcCidrBlockAssociation {
  return {
    AssociationId: associationId,
    CidrBlock: formatCidr(cidr),
    CidrBlockState: { State: state },
  };
}

export function ipv6CidrView(
  { region }: Vpc,
  { associationId, cidr, state }: CidrAssociation<Cidr6>,
): Sdk.VpcIpv6CidrBlockAssociation {
  return {
    AssociationId: associationId,
    Ipv6CidrBlock: formatCidr(cidr),
    Ipv6CidrBlockState: { State: state },
    NetworkBorderGroup: region,
    Ipv6Pool: IPV6_POOL,
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
}
