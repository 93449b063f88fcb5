/** One entry of RunInstances' NetworkInterfaces. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { LaunchInterface } from '../../control/vpc/launch-interface.ts';
import { awsError } from '../../model/error.ts';
import { DESCRIPTION_LENGTH } from '../../model/limits.ts';
import { parseAddresses, parseConnectionTracking } from './address-request.ts';
import { checkNetworkCard, parseDeviceIndex } from './network-interface.ts';
import { invalidValue, parseText, refuseUnsupported, required } from './parse.ts';

type Specification = Sdk.InstanceNetworkInterfaceSpecification;

/** What an existing interface already has. */
const SETTLED = [
  'SubnetId',
  'Groups',
  'PrivateIpAddress',
  'PrivateIpAddresses',
  'SecondaryPrivateIpAddressCount',
  'Ipv6Addresses',
  'Ipv6AddressCount',
  'Ipv4Prefixes',
  'Ipv4PrefixCount',
  'Ipv6Prefixes',
  'Ipv6PrefixCount',
  'Description',
  'AssociatePublicIpAddress',
  'ConnectionTrackingSpecification',
] as const satisfies readonly (keyof Specification)[];

/** @throws AwsError InvalidParameterCombination, InvalidParameterValue, UnsupportedOperation */
export function parseLaunchInterface(specification: Specification): LaunchInterface {
  refuseUnsupported(specification, [
    'AssociateCarrierIpAddress',
    'PrimaryIpv6',
    'EnaSrdSpecification',
    'EnaQueueCount',
  ]);
  checkNetworkCard(specification.NetworkCardIndex);
  checkInterfaceType(specification.InterfaceType);
  const { NetworkInterfaceId, DeleteOnTermination } = specification;
  const deviceIndex = parseDeviceIndex(
    required('NetworkInterface.DeviceIndex', specification.DeviceIndex),
  );
  if (NetworkInterfaceId === undefined) return parseNew(specification, deviceIndex);
  for (const parameter of SETTLED) {
    if (specification[parameter] === undefined) continue;
    const message = `A network interface may not specify both a network interface ID and ${parameter}`;
    throw awsError('InvalidParameterCombination', message);
  }
  return {
    kind: 'existing',
    deviceIndex,
    networkInterfaceId: NetworkInterfaceId,
    deleteOnTermination: DeleteOnTermination ?? false,
  };
}

function parseNew(specification: Specification, deviceIndex: number): LaunchInterface {
  const { SubnetId: subnetId, AssociatePublicIpAddress: associate } = specification;
  if (associate === true && deviceIndex !== 0) {
    const message =
      'The associatePublicIPAddress parameter is only supported for the network interface with the device index of 0.';
    throw awsError('InvalidParameterCombination', message);
  }
  return {
    kind: 'new',
    deviceIndex,
    ...(subnetId === undefined ? {} : { subnetId }),
    groupIds: specification.Groups ?? [],
    groupNames: [],
    addresses: parseAddresses(specification),
    description: parseText('description', specification.Description, DESCRIPTION_LENGTH),
    deleteOnTermination: specification.DeleteOnTermination ?? true,
    ...(associate === undefined ? {} : { associatePublicAddress: associate }),
    connectionTracking: parseConnectionTracking(specification.ConnectionTrackingSpecification),
  };
}

function checkInterfaceType(type: string | undefined): void {
  if (type === undefined || type === 'interface') return;
  if (type === 'efa' || type === 'efa-only') {
    throw awsError('UnsupportedOperation', `The interface type '${type}' is not supported.`);
  }
  throw invalidValue('interfaceType', type, 'This is not a valid value for interface type.');
}
