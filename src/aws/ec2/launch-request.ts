/** What RunInstances asks for, in control's terms. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Tags } from '../../control/tags.ts';
import type { LaunchInterface } from '../../control/vpc/launch-interface.ts';
import type { RunInstances } from '../../control/vpc/run-instances.ts';
import { awsError } from '../../model/error.ts';
import { KEY_NAME_LENGTH, PROFILE_LENGTH } from '../../model/limits.ts';
import {
  DEFAULT_METADATA_OPTIONS,
  type Instance,
  type MetadataOptions,
} from '../../model/vpc/instance.ts';
import { DEFAULT_INSTANCE_TYPE } from '../../model/vpc/instance-type.ts';
import { parseAddresses } from './address-request.ts';
import type { Ec2Call } from './handler.ts';
import { parseLaunchInterface } from './launch-interface.ts';
import {
  invalidValue,
  missingParameter,
  parseTags,
  parseText,
  refuseUnsupported,
} from './parse.ts';

type Input = Ec2Call<'RunInstances'>['input'];

/** AWS's, and out of openvpc's scope. Volumes do not exist here, so none can be mapped. */
const UNSUPPORTED = [
  'BlockDeviceMappings',
  'KernelId',
  'RamdiskId',
  'ElasticGpuSpecification',
  'ElasticInferenceAccelerators',
  'LaunchTemplate',
  'InstanceMarketOptions',
  'CreditSpecification',
  'CpuOptions',
  'CapacityReservationSpecification',
  'LicenseSpecifications',
  'EnablePrimaryIpv6',
  'NetworkPerformanceOptions',
  'Operator',
  'SecondaryInterfaces',
  'AdditionalInfo',
] as const satisfies readonly (keyof Input)[];

/** @throws AwsError MissingParameter, UnsupportedOperation, InvalidParameterCombination, … */
export function parseRunInstances(input: Input): Omit<RunInstances, 'zoneId'> {
  refuseUnsupported(input, UNSUPPORTED);
  const hibernation: Sdk.HibernationOptionsRequest = input.HibernationOptions ?? {};
  const enclave: Sdk.EnclaveOptionsRequest = input.EnclaveOptions ?? {};
  refuseUnsupported(hibernation, ['Configured']);
  refuseUnsupported(enclave, ['Enabled']);
  if (input.ImageId === undefined) throw missingParameter('imageId');
  const { KeyName: keyName, UserData: userData, ClientToken: clientToken } = input;
  const profile = input.IamInstanceProfile?.Arn ?? input.IamInstanceProfile?.Name;
  const tenancy = parseTenancy(input.Placement);
  return {
    minCount: input.MinCount,
    maxCount: input.MaxCount,
    imageId: input.ImageId,
    instanceType: input.InstanceType ?? DEFAULT_INSTANCE_TYPE,
    interfaces: parseInterfaces(input),
    disableApiTermination: input.DisableApiTermination ?? false,
    disableApiStop: input.DisableApiStop ?? false,
    shutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? 'stop',
    ebsOptimized: input.EbsOptimized ?? false,
    monitoring: input.Monitoring?.Enabled ?? false,
    autoRecovery: input.MaintenanceOptions?.AutoRecovery ?? 'default',
    metadataOptions: parseMetadataOptions(input.MetadataOptions ?? {}),
    hostname: parseHostname(input.PrivateDnsNameOptions ?? {}),
    ...parseLaunchTags(input.TagSpecifications),
    ...(tenancy === undefined ? {} : { tenancy }),
    ...(keyName && { keyName: parseText('keyName', keyName, KEY_NAME_LENGTH) }),
    ...(userData === undefined ? {} : { userData }),
    ...(profile && {
      instanceProfile: parseText('iamInstanceProfile', profile, PROFILE_LENGTH),
    }),
    ...(clientToken === undefined ? {} : { clientToken }),
  };
}

/** Zones are the command's to find; placement groups and hosts do not exist here. */
function parseTenancy(placement: Sdk.Placement | undefined): Instance['tenancy'] | undefined {
  if (placement === undefined) return undefined;
  const { GroupName, Tenancy, ...rest } = placement;
  refuseUnsupported(rest, [
    'Affinity',
    'GroupId',
    'HostId',
    'HostResourceGroupArn',
    'PartitionNumber',
    'SpreadDomain',
  ]);
  if (GroupName !== undefined && GroupName !== '') {
    throw awsError('UnsupportedOperation', 'The parameter Placement.GroupName is not supported.');
  }
  if (Tenancy === 'host') {
    throw awsError(
      'UnsupportedOperation',
      'The parameter Placement.Tenancy=host is not supported.',
    );
  }
  return Tenancy;
}

function parseMetadataOptions(input: Sdk.InstanceMetadataOptionsRequest): MetadataOptions {
  const standard = DEFAULT_METADATA_OPTIONS;
  const hopLimit = input.HttpPutResponseHopLimit ?? standard.httpPutResponseHopLimit;
  if (hopLimit < 1 || hopLimit > 64) {
    throw invalidValue('httpPutResponseHopLimit', hopLimit, 'It must be between 1 and 64.');
  }
  return {
    httpTokens: input.HttpTokens ?? standard.httpTokens,
    httpPutResponseHopLimit: hopLimit,
    httpEndpoint: input.HttpEndpoint ?? standard.httpEndpoint,
    httpProtocolIpv6: input.HttpProtocolIpv6 ?? standard.httpProtocolIpv6,
    instanceMetadataTags: input.InstanceMetadataTags ?? standard.instanceMetadataTags,
  };
}

function parseHostname(input: Sdk.PrivateDnsNameOptionsRequest): RunInstances['hostname'] {
  const { HostnameType, EnableResourceNameDnsARecord, EnableResourceNameDnsAAAARecord } = input;
  return {
    ...(HostnameType === undefined ? {} : { type: HostnameType }),
    ...(EnableResourceNameDnsARecord === undefined
      ? {}
      : { resourceNameARecord: EnableResourceNameDnsARecord }),
    ...(EnableResourceNameDnsAAAARecord === undefined
      ? {}
      : { resourceNameAaaaRecord: EnableResourceNameDnsAAAARecord }),
  };
}

/** What a launch can tag (G-033). Its instances have no volumes: tags for those find none. */
const TAGGABLE = ['instance', 'network-interface', 'volume'];

function parseLaunchTags(
  specifications: readonly Sdk.TagSpecification[] = [],
): Pick<RunInstances, 'instanceTags' | 'interfaceTags'> {
  const byType = new Map<string, Tags>();
  for (const { ResourceType, Tags: tags = [] } of specifications) {
    if (ResourceType === undefined) throw missingParameter('TagSpecification.ResourceType');
    if (!TAGGABLE.includes(ResourceType) || byType.has(ResourceType)) {
      const why = `A launch tags each of ${TAGGABLE.join(', ')} at most once.`;
      throw invalidValue('TagSpecification.ResourceType', ResourceType, why);
    }
    byType.set(ResourceType, parseTags(tags));
  }
  return {
    instanceTags: byType.get('instance') ?? {},
    interfaceTags: byType.get('network-interface') ?? {},
  };
}

/** The interfaces listed, or the one that the instance's own parameters describe. */
function parseInterfaces(input: Input): LaunchInterface[] {
  const { NetworkInterfaces = [], SecurityGroups = [], SecurityGroupIds = [] } = input;
  if (NetworkInterfaces.length > 0) {
    refuseInstanceLevel(input);
    return NetworkInterfaces.map(parseLaunchInterface);
  }
  if (input.SubnetId !== undefined && SecurityGroups.length > 0) {
    const message = 'The parameter groupName cannot be used with the parameter subnet';
    throw awsError('InvalidParameterCombination', message);
  }
  return [
    {
      kind: 'new',
      deviceIndex: 0,
      ...(input.SubnetId === undefined ? {} : { subnetId: input.SubnetId }),
      groupIds: SecurityGroupIds,
      groupNames: SecurityGroups,
      addresses: parseAddresses({
        PrivateIpAddress: input.PrivateIpAddress,
        Ipv6Addresses: input.Ipv6Addresses,
        Ipv6AddressCount: input.Ipv6AddressCount,
      }),
      description: '',
      deleteOnTermination: true,
      connectionTracking: {},
    },
  ];
}

function refuseInstanceLevel(input: Input): void {
  const given: readonly [string, unknown][] = [
    ['subnet ID', input.SubnetId],
    ['security groups', input.SecurityGroupIds ?? input.SecurityGroups],
    ['private IP address', input.PrivateIpAddress],
    ['IPv6 addresses', input.Ipv6Addresses ?? input.Ipv6AddressCount],
  ];
  for (const [what, value] of given) {
    if (value === undefined) continue;
    const message = `Network interfaces and an instance-level ${what} may not be specified on the same request`;
    throw awsError('InvalidParameterCombination', message);
  }
}
