/** Making and deleting network interfaces. */
import { awsError } from '../../model/error.ts';
import type {
  ConnectionTracking,
  NetworkInterface,
  NetworkInterfaceAttachment,
} from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { type Mac, mac } from '../../net/mac.ts';
import { forgetTokens } from '../idempotency.ts';
import { find, ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { leaveAllGroups } from '../transit-gateway/multicast-leave.ts';
import { type AddressRequest, chooseAddresses } from './interface-addresses.ts';
import { checkConnectionTracking, interfaceGroups } from './interface-settings.ts';
import { releaseAddresses } from './subnet-addresses.ts';
import { releasePrefixes } from './subnet-prefixes.ts';

export interface CreateNetworkInterface {
  readonly subnetId: string;
  readonly description: string;
  /** Empty = the VPC's default group. */
  readonly groupIds: readonly string[];
  readonly addresses: AddressRequest;
  readonly connectionTracking: ConnectionTracking;
  readonly tags: Tags;
}

/**
 * @throws AwsError InvalidSubnetID.NotFound, InvalidGroup.NotFound, InvalidParameter,
 * SecurityGroupsPerInterfaceLimitExceeded, NetworkInterfaceLimitExceeded, InvalidParameterValue,
 * InvalidIPAddress.InUse, PrivateIpAddressLimitExceeded, InsufficientFreeAddressesInSubnet
 */
export function createNetworkInterface(
  tx: Transaction,
  scope: Scope,
  request: CreateNetworkInterface,
): NetworkInterface {
  const subnet = find(tx, scope, 'subnet', request.subnetId);
  checkConnectionTracking(request.connectionTracking);
  const groupIds = interfaceGroups(tx, scope, subnet, request.groupIds);
  const eni = putNetworkInterface(tx, scope, subnet, { ...request, groupIds });
  tx.settle('network-interface.available', eni.id, 1);
  return eni;
}

export interface NewInterface {
  readonly description: string;
  readonly groupIds: readonly string[];
  readonly addresses: AddressRequest;
  readonly connectionTracking: ConnectionTracking;
  readonly tags: Tags;
  /** Absent = every interface's own limit. */
  readonly addressLimit?: number;
  readonly attachment?: NetworkInterfaceAttachment;
  /** Absent = an ordinary interface of its owner's. */
  readonly interfaceType?: string;
  readonly requesterManaged?: boolean;
}

/**
 * Writes an interface with addresses of its subnet. Its groups are checked before.
 * @throws AwsError NetworkInterfaceLimitExceeded and those of `chooseAddresses`
 */
export function putNetworkInterface(
  tx: Transaction,
  scope: Scope,
  subnet: Subnet,
  request: NewInterface,
): NetworkInterface {
  const { attachment } = request;
  const addresses = chooseAddresses(tx, subnet, request.addresses, request.addressLimit);
  checkInterfaceQuota(tx, scope);
  const eni = tx.put('network-interface', {
    id: tx.newId('network-interface'),
    account: scope.account,
    region: scope.region,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    mac: newMac(tx),
    status: attachment === undefined ? 'pending' : 'in-use',
    interfaceType: request.interfaceType ?? 'interface',
    description: request.description,
    requesterManaged: request.requesterManaged ?? false,
    ...addresses,
    groupIds: request.groupIds,
    sourceDestCheck: true,
    connectionTracking: request.connectionTracking,
    ...(attachment === undefined ? {} : { attachment }),
  });
  putTags(tx, scope, 'network-interface', eni.id, request.tags);
  return eni;
}

function checkInterfaceQuota(tx: Transaction, scope: Scope): void {
  const count = tx.count('network-interface', 'owner', ownerKey(scope));
  if (count < tx.quota('networkInterfacesPerRegion')) return;
  const message = 'You have reached the limit of network interfaces in this Region.';
  throw awsError('NetworkInterfaceLimitExceeded', message);
}

/**
 * IEEE 802: a locally administered unicast address that no interface has. Those that begin with
 * 02:00 and 02:01 are the fabric's own: its routers' and what stands outside.
 */
function newMac(tx: Transaction): Mac {
  for (;;) {
    const address = mac((0x02_02 + tx.random.below(254)) * 2 ** 32 + tx.random.uint32());
    if (tx.count('network-interface', 'mac', String(address)) === 0) return address;
  }
}

/**
 * Routes to the interface stay, as black holes.
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidParameterValue while it is attached
 */
export function deleteNetworkInterface(tx: Transaction, scope: Scope, id: string): void {
  const eni = find(tx, scope, 'network-interface', id);
  if (eni.attachment !== undefined || eni.requesterManaged) {
    throw awsError('InvalidParameterValue', `Network interface '${id}' is currently in use.`);
  }
  removeNetworkInterface(tx, eni);
}

/** Deletes the record and what hangs on it, whoever asks. */
export function removeNetworkInterface(tx: Transaction, eni: NetworkInterface): void {
  tx.delete('network-interface', eni.id);
  leaveAllGroups(tx, eni.id);
  releaseAddresses(
    tx,
    eni.subnetId,
    eni.addresses.map(({ address }) => address),
  );
  releasePrefixes(tx, eni.subnetId, eni.ipv4Prefixes);
  dropTags(tx, eni.id);
  tx.unschedule(eni.id);
  forgetTokens(tx, eni.id);
}

export const networkInterfaceEvents: Record<string, TimedEvent> = {
  'network-interface.available': (tx, id) => {
    const eni = tx.get('network-interface', id);
    if (eni?.status === 'pending') tx.update('network-interface', eni, { status: 'available' });
  },
};
