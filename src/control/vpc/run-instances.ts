/** Launching instances. */
import { awsError } from '../../model/error.ts';
import { INSTANCES_PER_LAUNCH, USER_DATA_BYTES } from '../../model/limits.ts';
import type { Instance, MetadataOptions } from '../../model/vpc/instance.ts';
import { instanceType } from '../../model/vpc/instance-type.ts';
import { interfacesOf } from '../../model/vpc/network-interface.ts';
import type { HostnameType } from '../../model/vpc/subnet.ts';
import { find, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { ipv4Count } from './interface-addresses.ts';
import { addressLimit, newAttachment } from './interface-attachment.ts';
import { type LaunchInterface, type PlannedInterface, planInterfaces } from './launch-interface.ts';
import { putNetworkInterface } from './network-interface.ts';
import { assignPublicAddress } from './public-address.ts';
import { freeAddressCount } from './subnet-addresses.ts';

export interface RunInstances {
  readonly minCount: number;
  readonly maxCount: number;
  readonly imageId: string;
  readonly instanceType: string;
  /** One at least, with device index 0. */
  readonly interfaces: readonly LaunchInterface[];
  readonly zoneId?: string;
  /** Absent = the VPC's. */
  readonly tenancy?: Instance['tenancy'];
  readonly keyName?: string;
  /** Base64. */
  readonly userData?: string;
  /** Name or ARN. */
  readonly instanceProfile?: string;
  readonly clientToken?: string;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: Instance['shutdownBehavior'];
  readonly ebsOptimized: boolean;
  readonly monitoring: boolean;
  readonly autoRecovery: Instance['autoRecovery'];
  readonly metadataOptions: MetadataOptions;
  /** Absent members are the subnet's. */
  readonly hostname: {
    readonly type?: HostnameType;
    readonly resourceNameARecord?: boolean;
    readonly resourceNameAaaaRecord?: boolean;
  };
  readonly instanceTags: Tags;
  readonly interfaceTags: Tags;
}

/**
 * @returns the reservation's id; its instances are found by it
 * @throws AwsError InvalidAMIID.Malformed, InvalidParameterValue, InvalidParameterCombination,
 * InstanceLimitExceeded, InvalidUserData.Malformed, those of `planInterfaces`,
 * InsufficientFreeAddressesInSubnet
 */
export function runInstances(tx: Transaction, scope: Scope, request: RunInstances): string {
  checkCounts(request);
  checkImageId(request.imageId);
  checkInstanceType(request.instanceType);
  if (request.userData !== undefined) checkUserData(request.userData);
  const interfaces = planInterfaces(tx, scope, request, request.interfaces);
  checkPublicAddress(interfaces);
  checkSingle(request, interfaces);
  const count = launchCount(tx, request, interfaces);
  const reservationId = tx.newId('reservation');
  for (let index = 0; index < count; index++) {
    launch(tx, scope, request, interfaces, { reservationId, launchIndex: index });
  }
  return reservationId;
}

function checkCounts({ minCount, maxCount }: RunInstances): void {
  if (minCount < 1 || maxCount < minCount) {
    const message = `Invalid value for min and max counts: (${minCount}, ${maxCount}). The minimum is at least 1 and at most the maximum.`;
    throw awsError('InvalidParameterValue', message);
  }
  if (minCount > INSTANCES_PER_LAUNCH) {
    const message = `More instances (${minCount}) than a launch allows (${INSTANCES_PER_LAUNCH}).`;
    throw awsError('InstanceLimitExceeded', message);
  }
}

/** Any image exists here, whatever printable follows the prefix. */
function checkImageId(imageId: string): void {
  if (/^ami-[\x21-\x7e]{1,124}$/.test(imageId)) return;
  const message = `Invalid id: "${imageId}" (expecting "ami-...")`;
  throw awsError('InvalidAMIID.Malformed', message);
}

export function checkInstanceType(name: string): void {
  if (instanceType(name) !== undefined) return;
  throw awsError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
}

/** Base64 of at most 16 KiB; encoders break its lines. */
export function checkUserData(text: string): void {
  const userData = text.replace(/\s+/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={0,2})?$/.test(userData)) {
    throw awsError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  }
  if (Buffer.byteLength(userData, 'base64') > USER_DATA_BYTES) {
    const message = `User data is limited to ${USER_DATA_BYTES} bytes`;
    throw awsError('InvalidParameterValue', message);
  }
}

function checkPublicAddress(interfaces: readonly PlannedInterface[]): void {
  const asking = interfaces.filter(
    ({ request }) => request.kind === 'new' && request.associatePublicAddress !== undefined,
  );
  if (asking.length === 0) return;
  if (interfaces.length > 1) {
    const message =
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.';
    throw awsError('InvalidParameterCombination', message);
  }
}

/** What one instance alone can have. */
function checkSingle({ maxCount }: RunInstances, interfaces: readonly PlannedInterface[]): void {
  if (maxCount === 1) return;
  const named = interfaces.some(({ request }) => {
    if (request.kind === 'existing') return true;
    const { primary, secondary, ipv6 } = request.addresses;
    return primary !== undefined || secondary.length > 0 || ipv6.length > 0;
  });
  if (!named) return;
  const message =
    'A network interface or a private IP address may not be specified when launching more than one instance.';
  throw awsError('InvalidParameterCombination', message);
}

/** As many instances as there are addresses for, at most the maximum. */
function launchCount(
  tx: Transaction,
  { minCount, maxCount }: RunInstances,
  interfaces: readonly PlannedInterface[],
): number {
  const needed = new Map<string, { free: number; each: number }>();
  for (const { request, subnet } of interfaces) {
    if (request.kind === 'existing' || subnet.cidr === undefined) continue;
    const demand = needed.get(subnet.id) ?? { free: freeAddressCount(tx, subnet), each: 0 };
    needed.set(subnet.id, { ...demand, each: demand.each + ipv4Count(request.addresses) });
  }
  let count = Math.min(maxCount, INSTANCES_PER_LAUNCH);
  for (const { free, each } of needed.values()) count = Math.min(count, Math.floor(free / each));
  if (count >= minCount) return count;
  const message = `There are not enough free addresses in subnet to satisfy the requested number of instances: ${[...needed.keys()].join(', ')}`;
  throw awsError('InsufficientFreeAddressesInSubnet', message);
}

type Position = Pick<Instance, 'reservationId' | 'launchIndex'>;

function launch(
  tx: Transaction,
  scope: Scope,
  request: RunInstances,
  interfaces: readonly PlannedInterface[],
  position: Position,
): void {
  const primary = interfaces[0]!;
  const publicAddress = wantsPublicAddress(primary, interfaces.length);
  const instance = tx.put('instance', {
    ...newInstance(tx, scope, request, primary),
    ...position,
    autoAssignPublicAddress: publicAddress,
  });
  for (const planned of interfaces) putInterface(tx, scope, request, planned, instance);
  const [first] = interfacesOf(tx, instance.id);
  if (publicAddress && first !== undefined) assignPublicAddress(tx, first);
  putTags(tx, scope, 'instance', instance.id, request.instanceTags);
  tx.settle('instance.started', instance.id, 10);
}

/** An existing interface, or one of several, gets no public address at a launch. */
function wantsPublicAddress({ request, subnet }: PlannedInterface, count: number): boolean {
  if (request.kind === 'existing' || count > 1 || subnet.cidr === undefined) return false;
  return request.associatePublicAddress ?? subnet.mapPublicIpOnLaunch;
}

function newInstance(
  tx: Transaction,
  scope: Scope,
  request: RunInstances,
  { subnet }: PlannedInterface,
): Omit<Instance, keyof Position | 'autoAssignPublicAddress'> {
  const vpc = find(tx, scope, 'vpc', subnet.vpcId);
  const { hostname, instanceProfile: profile, keyName, userData, clientToken } = request;
  return {
    id: tx.newId('instance'),
    account: scope.account,
    region: scope.region,
    state: 'pending',
    stateReason: { code: 'pending', message: 'pending' },
    stateTransitionReason: '',
    instanceType: request.instanceType,
    imageId: request.imageId,
    vpcId: vpc.id,
    subnetId: subnet.id,
    zoneId: subnet.zoneId,
    tenancy: request.tenancy ?? vpc.instanceTenancy,
    launchTime: tx.now,
    disableApiTermination: request.disableApiTermination,
    disableApiStop: request.disableApiStop,
    shutdownBehavior: request.shutdownBehavior,
    ebsOptimized: request.ebsOptimized,
    monitoring: request.monitoring,
    autoRecovery: request.autoRecovery,
    metadataOptions: request.metadataOptions,
    // An IPv6-only host has no address to be named by.
    hostnameType:
      subnet.cidr === undefined ? 'resource-name' : (hostname.type ?? subnet.hostnameType),
    enableResourceNameDnsARecord:
      hostname.resourceNameARecord ?? subnet.enableResourceNameDnsARecord,
    enableResourceNameDnsAaaaRecord:
      hostname.resourceNameAaaaRecord ?? subnet.enableResourceNameDnsAaaaRecord,
    ...(keyName === undefined ? {} : { keyName }),
    ...(userData === undefined ? {} : { userData }),
    ...(clientToken === undefined ? {} : { clientToken }),
    ...(profile === undefined ? {} : { instanceProfile: newProfile(tx, scope, profile) }),
  };
}

/** There is no IAM here: a profile of any name exists. */
function newProfile(tx: Transaction, { account }: Scope, nameOrArn: string) {
  const arn = nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:iam::${account}:instance-profile/${nameOrArn}`;
  return { arn, id: `AIPA${tx.random.hex(16).toUpperCase()}` };
}

function putInterface(
  tx: Transaction,
  scope: Scope,
  { instanceType: type, interfaceTags }: RunInstances,
  planned: PlannedInterface,
  instance: Instance,
): void {
  const { deviceIndex, deleteOnTermination } = planned.request;
  const attachment = newAttachment(tx, instance, deviceIndex, deleteOnTermination);
  if ('eni' in planned) {
    tx.update('network-interface', planned.eni, { status: 'in-use', attachment });
    return;
  }
  putNetworkInterface(tx, scope, planned.subnet, {
    ...planned.request,
    groupIds: planned.groupIds,
    tags: interfaceTags,
    addressLimit: addressLimit(type),
    attachment,
  });
}
