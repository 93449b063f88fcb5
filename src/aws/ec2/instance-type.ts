/** What instance types are like, as far as openvpc knows. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { awsError } from '../../model/error.ts';
import {
  COMMON_INSTANCE_TYPES,
  type InstanceType,
  instanceType,
} from '../../model/vpc/instance-type.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { NOTHING } from './view.ts';

export const instanceTypeHandlers = {
  DescribeInstanceTypes: describeTypes,
} satisfies Ec2HandlersOf<'DescribeInstanceTypes'>;

/** Named ones whatever they are, else the common ones. */
function describeTypes({ input }: Ec2Call<'DescribeInstanceTypes'>) {
  const names = input.InstanceTypes ?? [];
  const types = names.length === 0 ? COMMON_INSTANCE_TYPES : [...new Set(names)].map(typeNamed);
  const { records, nextToken } = describe(input, {
    records: types.map((type) => ({ ...type, id: type.name })),
    filters: FILTERS,
    page: { min: 5, max: 100 },
  });
  return { InstanceTypes: records.map(typeView), NextToken: nextToken };
}

function typeNamed(name: string): InstanceType {
  const type = instanceType(name);
  if (type !== undefined) return type;
  const message = `The following supplied instance types do not exist: [${name}]`;
  throw awsError('InvalidInstanceType', message);
}

function typeView(type: InstanceType): Sdk.InstanceTypeInfo {
  const { vcpus, threadsPerCore, addressesPerInterface, networkInterfacesMax } = type;
  return {
    InstanceType: type.name as Sdk._InstanceType,
    CurrentGeneration: type.currentGeneration,
    BareMetal: type.bareMetal,
    ...(type.bareMetal ? {} : { Hypervisor: type.hypervisor }),
    BurstablePerformanceSupported: type.burstable,
    HibernationSupported: false,
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    VCpuInfo: {
      DefaultVCpus: vcpus,
      DefaultCores: Math.ceil(vcpus / threadsPerCore),
      DefaultThreadsPerCore: threadsPerCore,
    },
    MemoryInfo: { SizeInMiB: type.memoryMib },
    SupportedUsageClasses: ['on-demand'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    SupportedInRegion: true,
    NetworkInfo: {
      NetworkPerformance: type.networkPerformance,
      MaximumNetworkInterfaces: networkInterfacesMax,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      NetworkCards: [
        {
          NetworkCardIndex: 0,
          NetworkPerformance: type.networkPerformance,
          MaximumNetworkInterfaces: networkInterfacesMax,
        },
      ],
      Ipv4AddressesPerInterface: addressesPerInterface,
      Ipv6AddressesPerInterface: addressesPerInterface,
      Ipv6Supported: true,
      EnaSupport: enaSupport(type),
      EfaSupported: false,
    },
  };
}

function enaSupport({ hypervisor }: InstanceType): Sdk.EnaSupport {
  return hypervisor === 'nitro' ? 'required' : 'unsupported';
}

/** Documented, and about storage, accelerators and other parts that openvpc does not describe. */
const UNKNOWN = [
  'auto-recovery-supported',
  'dedicated-hosts-supported',
  'ebs-info.attachment-limit-type',
  'ebs-info.maximum-ebs-attachments',
  'ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps',
  'ebs-info.ebs-optimized-info.baseline-iops',
  'ebs-info.ebs-optimized-info.baseline-throughput-in-mbps',
  'ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps',
  'ebs-info.ebs-optimized-info.maximum-iops',
  'ebs-info.ebs-optimized-info.maximum-throughput-in-mbps',
  'ebs-info.ebs-optimized-support',
  'ebs-info.encryption-support',
  'ebs-info.nvme-support',
  'free-tier-eligible',
  'instance-storage-info.disk.count',
  'instance-storage-info.disk.size-in-gb',
  'instance-storage-info.disk.type',
  'instance-storage-info.encryption-support',
  'instance-storage-info.nvme-support',
  'instance-storage-info.total-size-in-gb',
  'instance-storage-supported',
  'network-info.bandwidth-weightings',
  'network-info.efa-info.maximum-efa-interfaces',
  'network-info.encryption-in-transit-supported',
  'network-info.flexible-ena-queues-support',
  'nitro-enclaves-support',
  'nitro-tpm-info.supported-versions',
  'nitro-tpm-support',
  'processor-info.supported-features',
  'processor-info.sustained-clock-speed-in-ghz',
  'reboot-migration-support',
  'supported-boot-mode',
  'vcpu-info.valid-cores',
  'vcpu-info.valid-threads-per-core',
] as const;

const FILTERS: FiltersOf<InstanceType> = {
  ...Object.fromEntries(UNKNOWN.map((name) => [name, NOTHING])),
  'bare-metal': ({ bareMetal }) => bareMetal,
  'burstable-performance-supported': ({ burstable }) => burstable,
  'current-generation': ({ currentGeneration }) => currentGeneration,
  'hibernation-supported': () => false,
  hypervisor: ({ bareMetal, hypervisor }) => (bareMetal ? undefined : hypervisor),
  'instance-type': ({ name }) => name,
  'memory-info.size-in-mib': ({ memoryMib }) => memoryMib,
  'network-info.efa-supported': () => false,
  'network-info.ena-support': enaSupport,
  'network-info.ipv4-addresses-per-interface': (type) => type.addressesPerInterface,
  'network-info.ipv6-addresses-per-interface': (type) => type.addressesPerInterface,
  'network-info.ipv6-supported': () => true,
  'network-info.maximum-network-cards': () => 1,
  'network-info.maximum-network-interfaces': (type) => type.networkInterfacesMax,
  'network-info.network-performance': ({ networkPerformance }) => networkPerformance,
  'processor-info.supported-architecture': ({ architecture }) => architecture,
  'supported-root-device-type': () => 'ebs',
  'supported-usage-class': () => 'on-demand',
  'supported-virtualization-type': () => 'hvm',
  'vcpu-info.default-cores': ({ vcpus, threadsPerCore }) => Math.ceil(vcpus / threadsPerCore),
  'vcpu-info.default-threads-per-core': ({ threadsPerCore }) => threadsPerCore,
  'vcpu-info.default-vcpus': ({ vcpus }) => vcpus,
};
