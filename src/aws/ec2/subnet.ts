/** Subnets: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Cloud } from '../../control/cloud.ts';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import { createDefaultSubnet } from '../../control/vpc/default-vpc.ts';
import { createSubnet, deleteSubnet } from '../../control/vpc/subnet.ts';
import { freeAddressCount } from '../../control/vpc/subnet-addresses.ts';
import type { ZoneChoice } from '../../control/vpc/zone.ts';
import { awsError } from '../../model/error.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import type { CidrAssociation } from '../../model/vpc/vpc.ts';
import { type Cidr6, formatCidr } from '../../net/cidr.ts';
import type { FiltersOf } from './describe.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  missingParameter,
  parseCidr4Parameter,
  parseCidr6Parameter,
  parseTagSpecifications,
  refuseUnsupported,
} from './parse.ts';
import { ec2Arn, tagList } from './render.ts';

export const subnetHandlers = {
  CreateSubnet: create,

  async CreateDefaultSubnet({ input, caller, cloud, dryRun }) {
    refuseUnsupported(input, ['Ipv6Native']);
    const zone = zoneChoice(input);
    if (Object.keys(zone).length === 0) throw missingParameter('availabilityZone');
    const subnet = await cloud.execute((tx) => createDefaultSubnet(tx, caller, zone), { dryRun });
    return { Subnet: subnetView(cloud, caller, subnet) };
  },

  async DeleteSubnet({ input, caller, cloud, dryRun }) {
    await cloud.execute((tx) => deleteSubnet(tx, caller, input.SubnetId), { dryRun });
    return {};
  },

  DescribeSubnets({ input, caller, cloud }) {
    const page = describeOwned(input, cloud.model, caller, {
      kind: 'subnet',
      ids: input.SubnetIds,
      filters: filtersFor(cloud, caller),
    });
    const Subnets = page.records.map((subnet) => subnetView(cloud, caller, subnet));
    return { Subnets, NextToken: page.nextToken };
  },
} satisfies Ec2HandlersOf<
  'CreateSubnet' | 'CreateDefaultSubnet' | 'DeleteSubnet' | 'DescribeSubnets'
>;

async function create({ input, caller, cloud, dryRun }: Ec2Call<'CreateSubnet'>) {
  refuseUnsupported(input, [
    'OutpostArn',
    'Ipv4IpamPoolId',
    'Ipv4NetmaskLength',
    'Ipv6IpamPoolId',
    'Ipv6NetmaskLength',
  ]);
  const request = {
    vpcId: input.VpcId,
    zone: zoneChoice(input),
    ...blocksOf(input),
    tags: parseTagSpecifications(input.TagSpecifications, 'subnet'),
  };
  const subnet = await cloud.execute((tx) => createSubnet(tx, caller, request), { dryRun });
  return { Subnet: subnetView(cloud, caller, subnet) };
}

function blocksOf({
  CidrBlock,
  Ipv6CidrBlock,
  Ipv6Native = false,
}: Ec2Call<'CreateSubnet'>['input']) {
  if (Ipv6Native && CidrBlock !== undefined) {
    const message = 'The parameter cidrBlock is not supported for an IPv6-only subnet.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (Ipv6Native && Ipv6CidrBlock === undefined) throw missingParameter('ipv6CidrBlock');
  if (!Ipv6Native && CidrBlock === undefined) {
    const message = "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.";
    throw awsError('MissingParameter', message);
  }
  return {
    ...(CidrBlock === undefined ? {} : { cidr: parseCidr4Parameter('cidrBlock', CidrBlock) }),
    ...(Ipv6CidrBlock === undefined
      ? {}
      : { ipv6Cidr: parseCidr6Parameter('ipv6CidrBlock', Ipv6CidrBlock) }),
  };
}

function zoneChoice(input: {
  readonly AvailabilityZone?: string | undefined;
  readonly AvailabilityZoneId?: string | undefined;
}): ZoneChoice {
  const { AvailabilityZone: zoneName, AvailabilityZoneId: zoneId } = input;
  return {
    ...(zoneName === undefined ? {} : { zoneName }),
    ...(zoneId === undefined ? {} : { zoneId }),
  };
}

/** The filters of DescribeSubnets, as its reference lists them. */
function filtersFor(cloud: Cloud, scope: Scope): FiltersOf<Subnet> {
  const zoneName = (subnet: Subnet) => zoneNameOf(cloud, scope, subnet);
  const block = ({ cidr }: Subnet) => cidr && formatCidr(cidr);
  const options = 'private-dns-name-options-on-launch';
  const ipv6 = 'ipv6-cidr-block-association';
  return {
    'availability-zone': zoneName,
    availabilityZone: zoneName,
    'availability-zone-id': ({ zoneId }) => zoneId,
    availabilityZoneId: ({ zoneId }) => zoneId,
    'available-ip-address-count': (subnet) => freeAddressCount(cloud.model, subnet),
    'cidr-block': block,
    cidr: block,
    cidrBlock: block,
    'customer-owned-ipv4-pool': () => undefined,
    'default-for-az': ({ defaultForAz }) => defaultForAz,
    defaultForAz: ({ defaultForAz }) => defaultForAz,
    'enable-dns64': ({ enableDns64 }) => enableDns64,
    'enable-lni-at-device-index': () => undefined,
    [`${ipv6}.ipv6-cidr-block`]: ({ ipv6Cidrs }) => ipv6Cidrs.map(({ cidr }) => formatCidr(cidr)),
    [`${ipv6}.association-id`]: ({ ipv6Cidrs }) => ipv6Cidrs.map((one) => one.associationId),
    [`${ipv6}.state`]: ({ ipv6Cidrs }) => ipv6Cidrs.map(({ state }) => state),
    'ipv6-native': ({ cidr }) => cidr === undefined,
    'map-customer-owned-ip-on-launch': () => false,
    'map-public-ip-on-launch': ({ mapPublicIpOnLaunch }) => mapPublicIpOnLaunch,
    'outpost-arn': () => undefined,
    'owner-id': ({ account }) => account,
    [`${options}.hostname-type`]: ({ hostnameType }) => hostnameType,
    [`${options}.enable-resource-name-dns-a-record`]: (subnet) =>
      subnet.enableResourceNameDnsARecord,
    [`${options}.enable-resource-name-dns-aaaa-record`]: (subnet) =>
      subnet.enableResourceNameDnsAaaaRecord,
    state: ({ state }) => state,
    'subnet-arn': (subnet) => ec2Arn(subnet, 'subnet'),
    'subnet-id': ({ id }) => id,
    'vpc-id': ({ vpcId }) => vpcId,
  };
}

function zoneNameOf(cloud: Cloud, { account, region }: Scope, { zoneId }: Subnet): string {
  return cloud.zones(account, region).find(({ id }) => id === zoneId)!.name;
}

/** A subnet as DescribeSubnets shows it to a caller. */
export function subnetView(cloud: Cloud, scope: Scope, subnet: Subnet): Sdk.Subnet {
  return {
    SubnetId: subnet.id,
    SubnetArn: ec2Arn(subnet, 'subnet'),
    OwnerId: subnet.account,
    VpcId: subnet.vpcId,
    State: subnet.state,
    AvailabilityZone: zoneNameOf(cloud, scope, subnet),
    AvailabilityZoneId: subnet.zoneId,
    ...(subnet.cidr === undefined ? {} : { CidrBlock: formatCidr(subnet.cidr) }),
    Ipv6CidrBlockAssociationSet: subnet.ipv6Cidrs.map(subnetIpv6CidrView),
    Ipv6Native: subnet.cidr === undefined,
    AvailableIpAddressCount: freeAddressCount(cloud.model, subnet),
    AssignIpv6AddressOnCreation: subnet.assignIpv6AddressOnCreation,
    MapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch,
    MapCustomerOwnedIpOnLaunch: false,
    DefaultForAz: subnet.defaultForAz,
    EnableDns64: subnet.enableDns64,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: subnet.hostnameType,
      EnableResourceNameDnsARecord: subnet.enableResourceNameDnsARecord,
      EnableResourceNameDnsAAAARecord: subnet.enableResourceNameDnsAaaaRecord,
    },
    Tags: tagList(tagsOf(cloud.model, scope, subnet.id)),
  };
}

export function subnetIpv6CidrView({
  associationId,
  cidr,
  state,
}: CidrAssociation<Cidr6>): Sdk.SubnetIpv6CidrBlockAssociation {
  return {
    AssociationId: associationId,
    Ipv6CidrBlock: formatCidr(cidr),
    Ipv6CidrBlockState: { State: state },
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
}
