/** The interfaces of a launch: which subnet, which groups, which existing interface. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { ConnectionTracking, NetworkInterface } from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import { find, owned, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import {
  type AddressRequest,
  checkAddressLimit,
  ipv4Count,
  ipv4Slots,
} from './interface-addresses.ts';
import {
  addressCount,
  addressLimit,
  checkAttachable,
  checkInterfaceCount,
  differentZone,
} from './interface-attachment.ts';
import { checkConnectionTracking, interfaceGroups } from './interface-settings.ts';
import { freeAddressCount } from './subnet-addresses.ts';

export interface ExistingLaunchInterface {
  readonly kind: 'existing';
  readonly deviceIndex: number;
  readonly networkInterfaceId: string;
  readonly deleteOnTermination: boolean;
}

export interface NewLaunchInterface {
  readonly kind: 'new';
  readonly deviceIndex: number;
  /** Absent = the default subnet. */
  readonly subnetId?: string;
  readonly groupIds: readonly string[];
  /** Names of groups in the default VPC; with no subnet only. */
  readonly groupNames: readonly string[];
  readonly addresses: AddressRequest;
  readonly description: string;
  readonly deleteOnTermination: boolean;
  /** Absent = as the subnet's MapPublicIpOnLaunch has it. */
  readonly associatePublicAddress?: boolean;
  readonly connectionTracking: ConnectionTracking;
}

export type LaunchInterface = ExistingLaunchInterface | NewLaunchInterface;

/** A launch interface with everything it names found and checked. */
export type PlannedInterface =
  | { readonly request: ExistingLaunchInterface; readonly subnet: Subnet; eni: NetworkInterface }
  | { readonly request: NewLaunchInterface; readonly subnet: Subnet; groupIds: readonly string[] };

export interface LaunchPlace {
  readonly instanceType: string;
  /** Absent = where the subnet is. */
  readonly zoneId?: string;
}

/**
 * The interfaces in order of their device indexes; the first is the primary one.
 * @throws AwsError those of the interfaces' subnets, groups and addresses,
 * InvalidNetworkInterface.InUse, InvalidParameterCombination, AttachmentLimitExceeded
 */
export function planInterfaces(
  tx: Transaction,
  scope: Scope,
  place: LaunchPlace,
  requests: readonly LaunchInterface[],
): readonly PlannedInterface[] {
  const ordered = [...requests].sort((a, b) => a.deviceIndex - b.deviceIndex);
  checkDevices(ordered);
  checkInterfaceCount(ordered.length, place.instanceType);
  const planned = ordered.map((request) =>
    request.kind === 'existing'
      ? planExisting(tx, scope, place, request)
      : planNew(tx, scope, place, request),
  );
  const zoneId = planned[0]?.subnet.zoneId;
  if (planned.some(({ subnet }) => subnet.zoneId !== zoneId)) throw differentZone();
  if (place.zoneId !== undefined && place.zoneId !== zoneId) {
    const message = `The subnet is in zone ${zoneId}, the placement in ${place.zoneId}.`;
    throw awsError('InvalidParameterValue', message);
  }
  return planned;
}

function checkDevices(ordered: readonly LaunchInterface[]): void {
  for (const [position, { deviceIndex }] of ordered.entries()) {
    if (position === 0 && deviceIndex !== 0) {
      const message = 'A launch needs a network interface at device index 0.';
      throw awsError('InvalidParameterCombination', message);
    }
    if (position > 0 && ordered[position - 1]?.deviceIndex === deviceIndex) {
      const message = `Device index '${deviceIndex}' is specified for more than one network interface.`;
      throw awsError('InvalidParameterCombination', message);
    }
  }
}

function planExisting(
  tx: Transaction,
  scope: Scope,
  { instanceType }: LaunchPlace,
  request: ExistingLaunchInterface,
): PlannedInterface {
  const eni = find(tx, scope, 'network-interface', request.networkInterfaceId);
  checkAttachable(eni);
  checkAddressLimit(addressCount(eni), addressLimit(instanceType));
  return { request, eni, subnet: find(tx, scope, 'subnet', eni.subnetId) };
}

function planNew(
  tx: Transaction,
  scope: Scope,
  { instanceType, zoneId }: LaunchPlace,
  request: NewLaunchInterface,
): PlannedInterface {
  const subnet =
    request.subnetId === undefined
      ? defaultSubnet(tx, scope, ipv4Count(request.addresses), zoneId)
      : find(tx, scope, 'subnet', request.subnetId);
  checkAddressLimit(ipv4Slots(request.addresses), addressLimit(instanceType));
  checkConnectionTracking(request.connectionTracking);
  const named = request.groupNames.map((name) => groupNamed(tx, subnet.vpcId, name));
  const groupIds = interfaceGroups(tx, scope, subnet, [...request.groupIds, ...named]);
  return { request, subnet, groupIds };
}

/** The default subnet of the zone, or the first one with room. */
function defaultSubnet(
  tx: Transaction,
  scope: Scope,
  addresses: number,
  zoneId: string | undefined,
): Subnet {
  const vpc = defaultVpc(tx, scope);
  const all = tx.by('subnet', 'vpc', vpc.id).filter(({ defaultForAz }) => defaultForAz);
  const subnets = zoneId === undefined ? all : all.filter((subnet) => subnet.zoneId === zoneId);
  const [first] = subnets;
  if (first === undefined) throw noDefaultSubnet(vpc, all.length);
  return subnets.find((subnet) => freeAddressCount(tx, subnet) >= addresses) ?? first;
}

function defaultVpc(tx: Transaction, scope: Scope): Vpc {
  const vpc = owned(tx, scope, 'vpc').find(({ isDefault }) => isDefault);
  if (vpc !== undefined) return vpc;
  const message =
    'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.';
  throw awsError('VPCIdNotSpecified', message);
}

function noDefaultSubnet({ id }: Vpc, elsewhere: number): AwsError {
  return elsewhere === 0
    ? awsError(
        'MissingInput',
        `No subnets found for the default VPC '${id}'. Please specify a subnet.`,
      )
    : awsError('InvalidInput', 'No default subnet in the specified availability zone.');
}

function groupNamed(tx: Transaction, vpcId: string, name: string): string {
  const group = tx.first('security-group', 'name', `${vpcId}|${name}`);
  if (group !== undefined) return group.id;
  const message = `The security group '${name}' does not exist in default VPC '${vpcId}'`;
  throw awsError('InvalidGroup.NotFound', message);
}
