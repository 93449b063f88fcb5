/** What openvpc knows of instance types: enough to limit interfaces and to describe the types. */

export interface InstanceType {
  readonly name: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly hypervisor: 'nitro' | 'xen';
  readonly bareMetal: boolean;
  readonly burstable: boolean;
  readonly currentGeneration: boolean;
  readonly vcpus: number;
  readonly threadsPerCore: number;
  readonly memoryMib: number;
  readonly networkInterfacesMax: number;
  /** Private IPv4 addresses an interface may have; as many IPv6 addresses. */
  readonly addressesPerInterface: number;
  readonly networkPerformance: string;
}

type SizeLimits = readonly [vcpus: number, nics: number, addresses: number];

/** By size, in the families that follow AWS's rule. */
const SIZES: Readonly<Record<string, SizeLimits>> = {
  nano: [2, 2, 2],
  micro: [2, 2, 2],
  small: [2, 2, 4],
  medium: [1, 2, 4],
  large: [2, 3, 10],
  xlarge: [4, 4, 15],
  '2xlarge': [8, 4, 15],
  '3xlarge': [12, 4, 15],
  '4xlarge': [16, 8, 30],
  '6xlarge': [24, 8, 30],
  '8xlarge': [32, 8, 30],
  '9xlarge': [36, 8, 30],
  '10xlarge': [40, 8, 30],
  '12xlarge': [48, 8, 30],
};
/** Every larger size, and bare metal. */
const LARGEST = [15, 50] as const;
const METAL_VCPUS = 96;

/** Burstable types have a table of their own: vCPUs, memory in MiB, interfaces, addresses. */
const BURSTABLE: Readonly<Record<string, readonly [number, number, number, number]>> = {
  nano: [2, 512, 2, 2],
  micro: [2, 1024, 2, 2],
  small: [2, 2048, 3, 4],
  medium: [2, 4096, 3, 6],
  large: [2, 8192, 3, 12],
  xlarge: [4, 16_384, 4, 15],
  '2xlarge': [8, 32_768, 4, 15],
};
/** t2 has fewer vCPUs in its small sizes and one interface less in xlarge. */
const T2_VCPUS: Readonly<Record<string, number>> = { nano: 1, micro: 1, small: 1 };
const T2_LARGE_INTERFACES = 3;

/** GiB a vCPU, by the letter of the family's class. */
const MEMORY_GIB_PER_VCPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, x: 16, z: 8 };

/** Longer than any of AWS's: `u7inh-32tb.480xlarge` has 20. */
const NAME_MAX = 64;
const SHAPE = /^([a-z]+(?:[0-9]+[a-z]*)?(?:-[a-z0-9]+)?)\.([a-z0-9]+(?:-[a-z0-9]+)*)$/;

/**
 * A type by its name: its interface limits follow from family and size, as AWS's mostly do.
 * Undefined for what has not the shape of a type's name. Source: EC2UG, network interface limits.
 */
export function instanceType(name: string): InstanceType | undefined {
  if (name.length > NAME_MAX) return undefined;
  const [, family, size] = SHAPE.exec(name) ?? [];
  if (family === undefined || size === undefined) return undefined;
  const generation = Number(/[0-9]+/.exec(family)?.[0] ?? 0);
  const arm = /^(a1$|[a-z]+[0-9]+g|mac2|mac-)/.test(family) && !/^g[0-9]/.test(family);
  const bareMetal = size.startsWith('metal');
  const xen = family === 't2' || (generation < 5 && /^[cmrdxghipf][0-9]/.test(family));
  const common = {
    name,
    architecture: arm ? 'arm64' : 'x86_64',
    hypervisor: xen ? 'xen' : 'nitro',
    bareMetal,
    threadsPerCore: arm || family === 't2' ? 1 : 2,
    currentGeneration: generation >= 4 || /^t[23]/.test(family),
  } as const;
  return /^t[2-9]/.test(family)
    ? { ...common, ...burstableSize(family, size) }
    : { ...common, ...fixedSize(family, size) };
}

type Size = Pick<
  InstanceType,
  | 'burstable'
  | 'vcpus'
  | 'memoryMib'
  | 'networkInterfacesMax'
  | 'addressesPerInterface'
  | 'networkPerformance'
>;

function burstableSize(family: string, size: string): Size {
  const [vcpus, memoryMib, nics, addresses] = BURSTABLE[size] ?? BURSTABLE['2xlarge']!;
  const old = family === 't2';
  return {
    burstable: true,
    vcpus: old ? (T2_VCPUS[size] ?? vcpus) : vcpus,
    memoryMib,
    networkInterfacesMax: old ? Math.min(nics, T2_LARGE_INTERFACES) : nics,
    addressesPerInterface: addresses,
    networkPerformance: old ? 'Low to Moderate' : 'Up to 5 Gigabit',
  };
}

function fixedSize(family: string, size: string): Size {
  const multiple = Number(/^([0-9]+)xlarge/.exec(size)?.[1] ?? 0);
  const [vcpus, nics, addresses] = SIZES[size] ?? [multiple * 4 || METAL_VCPUS, ...LARGEST];
  const gibPerVcpu = MEMORY_GIB_PER_VCPU[family.charAt(0)] ?? 4;
  return {
    burstable: false,
    vcpus,
    memoryMib: vcpus * gibPerVcpu * 1024,
    networkInterfacesMax: nics,
    addressesPerInterface: addresses,
    networkPerformance: nics >= 15 ? '25 Gigabit' : 'Up to 10 Gigabit',
  };
}

const MEDIUM_UP = 'medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal';
const LARGE_UP = 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal';
const WIDEST = 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal';
const COMPUTE = 'large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal';
const BURSTABLE_SIZES = Object.keys(BURSTABLE).join(' ');

/** The families that DescribeInstanceTypes lists when no name is given. */
const FAMILIES: Readonly<Record<string, string>> = {
  t2: BURSTABLE_SIZES,
  t3: BURSTABLE_SIZES,
  t3a: BURSTABLE_SIZES,
  t4g: BURSTABLE_SIZES,
  m5: LARGE_UP,
  m6i: WIDEST,
  m6g: MEDIUM_UP,
  m7g: MEDIUM_UP,
  c5: COMPUTE,
  c6i: WIDEST,
  c6g: MEDIUM_UP,
  c7g: MEDIUM_UP,
  r5: LARGE_UP,
  r6i: WIDEST,
  r6g: MEDIUM_UP,
  r7g: MEDIUM_UP,
};

/** The common types, in order of their names. */
export const COMMON_INSTANCE_TYPES: readonly InstanceType[] = Object.entries(FAMILIES)
  .flatMap(([family, sizes]) => sizes.split(' ').map((size) => instanceType(`${family}.${size}`)!))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The type of an instance that names none (AWS's own default). */
export const DEFAULT_INSTANCE_TYPE = 'm1.small';
