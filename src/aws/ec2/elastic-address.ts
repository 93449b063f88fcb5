/** Elastic addresses: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, owned } from '../../control/scope.ts';
import {
  associateAddress,
  disassociateAddress,
  disassociatePublicIp,
} from '../../control/vpc/address-association.ts';
import {
  type AddressName,
  allocateAddress,
  findAddress,
  releaseAddress,
} from '../../control/vpc/elastic-address.ts';
import { awsError } from '../../model/error.ts';
import {
  type AddressMapping,
  type ElasticAddress,
  mappingOf,
} from '../../model/vpc/elastic-address.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import {
  invalidValue,
  missingParameter,
  parseChoice,
  parseIpv4Parameter,
  parseTagSpecifications,
  refuseUnsupported,
} from './parse.ts';
import { tagList } from './render.ts';
import { type View, viewOf } from './view.ts';

/** The one pool there is. */
const AMAZON = 'amazon';

export const elasticAddressHandlers = {
  async AllocateAddress({ input, caller, cloud, dryRun }) {
    refuseUnsupported(input, ['Address', 'CustomerOwnedIpv4Pool', 'IpamPoolId']);
    if (input.PublicIpv4Pool !== AMAZON) refuseUnsupported(input, ['PublicIpv4Pool']);
    // EC2-Classic, the other domain, has ended.
    if (input.Domain !== undefined) parseChoice('domain', input.Domain, ['vpc']);
    const group = input.NetworkBorderGroup;
    if (group !== undefined && group !== caller.region) {
      throw invalidValue('networkBorderGroup', group, "It must be the Region's own.");
    }
    const tags = parseTagSpecifications(input.TagSpecifications, 'elastic-ip');
    const record = await cloud.execute((tx) => allocateAddress(tx, caller, { tags }), { dryRun });
    return {
      AllocationId: record.id,
      PublicIp: formatIpv4(record.publicIp),
      ...placeOf(record),
    };
  },

  async ReleaseAddress({ input, caller, cloud, dryRun }) {
    const name = parseAddressName(input);
    await cloud.execute((tx) => releaseAddress(tx, caller, name, input.NetworkBorderGroup), {
      dryRun,
    });
    return {};
  },

  async AssociateAddress({ input, caller, cloud, dryRun }) {
    const { PrivateIpAddress } = input;
    const request = {
      address: parseAddressName(input),
      target: parseAssociationTarget(input),
      allowReassociation: input.AllowReassociation ?? true,
      ...(PrivateIpAddress && {
        privateAddress: parseIpv4Parameter('privateIpAddress', PrivateIpAddress),
      }),
    };
    const AssociationId = await cloud.execute((tx) => associateAddress(tx, caller, request), {
      dryRun,
    });
    return { AssociationId };
  },

  async DisassociateAddress({ input, caller, cloud, dryRun }) {
    const { AssociationId, PublicIp } = input;
    refuseBoth({ AssociationId, PublicIp });
    if (AssociationId !== undefined) {
      await cloud.execute((tx) => disassociateAddress(tx, caller, AssociationId), { dryRun });
      return {};
    }
    if (PublicIp === undefined) throw missingParameter('associationId');
    const publicIp = parseIpv4Parameter('publicIp', PublicIp);
    await cloud.execute((tx) => disassociatePublicIp(tx, caller, publicIp), { dryRun });
    return {};
  },

  DescribeAddresses: describeAddresses,
} satisfies Ec2HandlersOf<
  `${'Allocate' | 'Release' | 'Associate' | 'Disassociate'}Address` | 'DescribeAddresses'
>;

function refuseBoth(parameters: Readonly<Record<string, string | undefined>>): void {
  const given = Object.keys(parameters).filter((name) => parameters[name] !== undefined);
  if (given.length < 2) return;
  const message = `The parameters ${given.join(' and ')} cannot be used together.`;
  throw awsError('InvalidParameterCombination', message);
}

function parseAddressName({
  AllocationId,
  PublicIp,
}: {
  readonly AllocationId?: string | undefined;
  readonly PublicIp?: string | undefined;
}): AddressName {
  refuseBoth({ AllocationId, PublicIp });
  if (AllocationId !== undefined) return { allocationId: AllocationId };
  if (PublicIp === undefined) throw missingParameter('allocationId');
  return { publicIp: parseIpv4Parameter('publicIp', PublicIp) };
}

function parseAssociationTarget({
  InstanceId,
  NetworkInterfaceId,
}: Ec2Call<'AssociateAddress'>['input']) {
  refuseBoth({ InstanceId, NetworkInterfaceId });
  if (InstanceId !== undefined) return { instanceId: InstanceId };
  if (NetworkInterfaceId !== undefined) return { networkInterfaceId: NetworkInterfaceId };
  throw missingParameter('networkInterfaceId or instanceId');
}

/** DescribeAddresses has no pages. */
function describeAddresses({ input, caller, cloud }: Ec2Call<'DescribeAddresses'>) {
  const { model } = cloud;
  const publicIps = (input.PublicIps ?? []).map((text) => parseIpv4Parameter('publicIp', text));
  const allocationIds = input.AllocationIds ?? [];
  const named = [
    ...allocationIds.map((id) => find(model, caller, 'elastic-ip', id)),
    ...publicIps.map((publicIp) => findAddress(model, caller, { publicIp })),
  ];
  const view = viewOf(cloud, caller);
  const { records } = describe(input, {
    records: named.length > 0 ? [...new Set(named)] : owned(model, caller, 'elastic-ip'),
    filters: addressFilters(view),
    tags: ({ id }) => view.tags(id),
  });
  return { Addresses: records.map((record) => addressView(view, record)) };
}

function addressFilters({ reader }: View): FiltersOf<ElasticAddress> {
  const mapping =
    (value: (mapping: AddressMapping) => string | undefined) => (record: ElasticAddress) => {
      const found = mappingOf(reader, record);
      return found && value(found);
    };
  return {
    'allocation-id': ({ id }) => id,
    'association-id': mapping(({ own }) => own.elastic.associationId),
    'instance-id': mapping(({ eni }) => eni.attachment?.instanceId),
    'network-border-group': ({ region }) => region,
    'network-interface-id': mapping(({ eni }) => eni.id),
    'network-interface-owner-id': mapping(({ eni }) => eni.account),
    'private-ip-address': mapping(({ own }) => formatIpv4(own.address)),
    'public-ip': ({ publicIp }) => formatIpv4(publicIp),
  };
}

function placeOf({ region }: ElasticAddress) {
  return { Domain: 'vpc', PublicIpv4Pool: AMAZON, NetworkBorderGroup: region } as const;
}

function addressView({ reader, tags }: View, record: ElasticAddress): Sdk.Address {
  const { id, publicIp } = record;
  const mapping = mappingOf(reader, record);
  return {
    AllocationId: id,
    PublicIp: formatIpv4(publicIp),
    ...placeOf(record),
    ...(mapping && {
      AssociationId: mapping.own.elastic.associationId,
      NetworkInterfaceId: mapping.eni.id,
      NetworkInterfaceOwnerId: mapping.eni.account,
      PrivateIpAddress: formatIpv4(mapping.own.address),
      InstanceId: mapping.eni.attachment?.instanceId,
    }),
    Tags: tagList(tags(id)),
  };
}
