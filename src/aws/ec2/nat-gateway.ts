/** NAT gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  type CreateNatGateway,
  createNatGateway,
  deleteNatGateway,
} from '../../control/vpc/nat-gateway.ts';
import { awsError } from '../../model/error.ts';
import type { NatGateway, NatGatewayAddress } from '../../model/vpc/nat-gateway.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { clientTokenOf } from './client-token.ts';
import type { FiltersOf } from './describe.ts';
import { describeOwned } from './describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  invalidValue,
  parseChoice,
  parseIpv4Parameter,
  parseTagSpecifications,
  refuseUnsupported,
  required,
} from './parse.ts';
import { tagList } from './render.ts';
import { type View, viewIn, viewOf } from './view.ts';

export const natGatewayHandlers = {
  async CreateNatGateway({ input, caller, cloud, dryRun }) {
    const request = parseCreate(input);
    const view = await cloud.execute(
      (tx) => natGatewayView(viewIn(tx, caller), createNatGateway(tx, caller, request)),
      { dryRun },
    );
    return { NatGateway: view, ClientToken: request.clientToken.token };
  },

  async DeleteNatGateway({ input, caller, cloud, dryRun }) {
    const id = input.NatGatewayId;
    await cloud.execute((tx) => deleteNatGateway(tx, caller, id), { dryRun });
    return { NatGatewayId: id };
  },

  DescribeNatGateways({ input, caller, cloud }) {
    const { Filter, NatGatewayIds, ...page } = input;
    const { records, nextToken } = describeOwned(
      { ...page, ...(Filter && { Filters: Filter }) },
      cloud.model,
      caller,
      { kind: 'natgateway', ids: NatGatewayIds, filters: FILTERS },
    );
    const view = viewOf(cloud, caller);
    return {
      NatGateways: records.map((record) => natGatewayView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<`${'Create' | 'Delete'}NatGateway` | 'DescribeNatGateways'>;

type CreateInput = Ec2Call<'CreateNatGateway'>['input'];

function parseCreate(input: CreateInput): CreateNatGateway {
  if (input.AvailabilityMode !== undefined) {
    const mode = parseChoice('availabilityMode', input.AvailabilityMode, ['zonal', 'regional']);
    if (mode === 'regional') refuseUnsupported(input, ['AvailabilityMode']);
  }
  refuseUnsupported(input, ['VpcId', 'AvailabilityZoneAddresses']);
  const type = input.ConnectivityType ?? 'public';
  const connectivityType = parseChoice('connectivityType', type, ['public', 'private']);
  const { AllocationId, SecondaryAllocationIds = [], PrivateIpAddress } = input;
  if (connectivityType === 'public') required('allocationId', AllocationId);
  checkKind(input, connectivityType);
  const secondary = (input.SecondaryPrivateIpAddresses ?? []).map((text) =>
    parseIpv4Parameter('secondaryPrivateIpAddress', text),
  );
  return {
    subnetId: required('subnetId', input.SubnetId),
    connectivityType,
    allocationIds: [...(AllocationId ? [AllocationId] : []), ...SecondaryAllocationIds],
    ...(PrivateIpAddress && {
      privateAddress: parseIpv4Parameter('privateIpAddress', PrivateIpAddress),
    }),
    secondaryPrivateAddresses: secondary,
    secondaryPrivateAddressCount: parseCount(input.SecondaryPrivateIpAddressCount ?? 0),
    tags: parseTagSpecifications(input.TagSpecifications, 'natgateway'),
    clientToken: clientTokenOf('CreateNatGateway', input),
  };
}

/** A private gateway has no elastic addresses; a public one has a private address for each. */
function checkKind(input: CreateInput, connectivityType: 'public' | 'private'): void {
  const { AllocationId, SecondaryAllocationIds = [], SecondaryPrivateIpAddresses = [] } = input;
  const isPrivate = connectivityType === 'private';
  const mistake = isPrivate
    ? (AllocationId !== undefined && 'AllocationId') ||
      (SecondaryAllocationIds.length > 0 && 'SecondaryAllocationIds')
    : input.SecondaryPrivateIpAddressCount !== undefined && 'SecondaryPrivateIpAddressCount';
  if (mistake) {
    const message = `${mistake} cannot be specified for a ${connectivityType} NAT gateway.`;
    throw awsError('InvalidParameterCombination', message);
  }
  if (!isPrivate && SecondaryPrivateIpAddresses.length > SecondaryAllocationIds.length) {
    const message = 'There are more secondary private addresses than allocation IDs.';
    throw awsError('InvalidParameterValue', message);
  }
}

function parseCount(count: number): number {
  if (count >= 0) return count;
  throw invalidValue('secondaryPrivateIpAddressCount', count, 'It must not be negative.');
}

/** The filters of DescribeNatGateways, as its reference lists them. */
const FILTERS: FiltersOf<NatGateway> = {
  'nat-gateway-id': ({ id }) => id,
  state: ({ state }) => state,
  'subnet-id': ({ subnetId }) => subnetId,
  'vpc-id': ({ vpcId }) => vpcId,
};

function natGatewayView({ tags }: View, gateway: NatGateway): Sdk.NatGateway {
  const { id, state, failure, deleteTime } = gateway;
  return {
    NatGatewayId: id,
    VpcId: gateway.vpcId,
    SubnetId: gateway.subnetId,
    State: state,
    ConnectivityType: gateway.connectivityType,
    AvailabilityMode: 'zonal',
    CreateTime: new Date(gateway.createTime),
    ...(deleteTime === undefined ? {} : { DeleteTime: new Date(deleteTime) }),
    ...(state === 'failed' && { FailureCode: failure?.code, FailureMessage: failure?.message }),
    NatGatewayAddresses: gateway.addresses.map((one) => natAddressView(gateway, one)),
    Tags: tagList(tags(id)),
  };
}

export function natAddressView(
  { networkInterfaceId }: NatGateway,
  { privateAddress, primary, status, elastic }: NatGatewayAddress,
): Sdk.NatGatewayAddress {
  return {
    NetworkInterfaceId: networkInterfaceId,
    PrivateIp: formatIpv4(privateAddress),
    IsPrimary: primary,
    Status: status,
    ...(elastic && {
      AllocationId: elastic.allocationId,
      AssociationId: elastic.associationId,
      PublicIp: formatIpv4(elastic.publicIp),
    }),
  };
}
