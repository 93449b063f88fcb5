/** Further addresses of NAT gateways: given, taken away. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { ElasticAddress } from '../../model/vpc/elastic-address.ts';
import type {
  NatGateway,
  NatGatewayAddress,
  NatGatewayAddressStatus,
} from '../../model/vpc/nat-gateway.ts';
import { addressKey, type NetworkInterface } from '../../model/vpc/network-interface.ts';
import { formatIp } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { find, type Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkUnassociated } from './address-association.ts';
import { checkDistinct, checkInSubnet } from './interface-addresses.ts';
import { mapElasticAddress } from './public-address.ts';
import { allocateAddresses, releaseAddresses } from './subnet-addresses.ts';

/** AWS's usual seconds until a new address serves. */
const ASSIGN_SECONDS = 10;

/** @throws AwsError AddressLimitExceeded, PrivateIpAddressLimitExceeded */
export function checkNatAddressCount(
  tx: Transaction,
  { elastic, all }: { readonly elastic: number; readonly all: number },
): void {
  if (elastic > tx.quota('elasticAddressesPerNatGateway')) {
    const message = 'The maximum number of Elastic IP addresses of the NAT gateway is reached.';
    throw awsError('AddressLimitExceeded', message);
  }
  if (all <= tx.quota('privateAddressesPerNatGateway')) return;
  const message = 'The maximum number of private addresses of the NAT gateway is reached.';
  throw awsError('PrivateIpAddressLimitExceeded', message);
}

/** Maps elastic addresses to addresses of the gateway's interface. */
export function mapNatAddresses(
  tx: Transaction,
  eni: NetworkInterface,
  pairs: readonly { readonly address: ElasticAddress; readonly at: Ipv4 }[],
): Map<Ipv4, Pick<NatGatewayAddress, 'elastic'>> {
  const mapped = new Map<Ipv4, Pick<NatGatewayAddress, 'elastic'>>();
  let latest = eni;
  for (const { address, at } of pairs) {
    const associationId = tx.newId('elastic-ip-association');
    latest = mapElasticAddress(tx, latest, at, address, associationId);
    const { id: allocationId, publicIp } = address;
    mapped.set(at, { elastic: { allocationId, associationId, publicIp } });
  }
  return mapped;
}

export interface AssociateNatGatewayAddress {
  readonly natGatewayId: string;
  readonly allocationIds: readonly string[];
  /** For the elastic addresses, in order; those that have none get free ones. */
  readonly privateAddresses: readonly Ipv4[];
}

/**
 * @returns the gateway's new addresses
 * @throws AwsError NatGatewayNotFound, InvalidAllocationID.NotFound, Resource.AlreadyAssociated,
 * InvalidParameterValue, IncorrectState, those of `checkNatAddressCount` and of addresses
 */
export function associateNatGatewayAddress(
  tx: Transaction,
  scope: Scope,
  { natGatewayId, allocationIds, privateAddresses }: AssociateNatGatewayAddress,
): NatGatewayChange {
  const gateway = findAvailable(tx, scope, natGatewayId, 'public');
  const elastic = [...new Set(allocationIds)].map((id) => find(tx, scope, 'elastic-ip', id));
  for (const address of elastic) checkUnassociated(tx, address);
  if (privateAddresses.length > elastic.length) {
    const message = 'There are more private addresses than Elastic IP addresses.';
    throw awsError('InvalidParameterValue', message);
  }
  const all = gateway.addresses.length + elastic.length;
  checkNatAddressCount(tx, { elastic: all, all });
  const count = elastic.length - privateAddresses.length;
  const eni = extendInterface(tx, scope, gateway, privateAddresses, count);
  const added = eni.addresses.slice(-elastic.length).map(({ address }) => address);
  const pairs = elastic.map((address, index) => ({ address, at: added[index]! }));
  return add(tx, gateway, added, mapNatAddresses(tx, eni, pairs), 'associating');
}

export interface AssignPrivateNatGatewayAddress {
  readonly natGatewayId: string;
  readonly addresses: readonly Ipv4[];
  /** Free addresses beside those. */
  readonly count: number;
}

/**
 * @returns the gateway's new addresses
 * @throws AwsError as `associateNatGatewayAddress`
 */
export function assignPrivateNatGatewayAddress(
  tx: Transaction,
  scope: Scope,
  { natGatewayId, addresses, count }: AssignPrivateNatGatewayAddress,
): NatGatewayChange {
  const gateway = findAvailable(tx, scope, natGatewayId, 'private');
  const total = addresses.length + count;
  checkNatAddressCount(tx, { elastic: 0, all: gateway.addresses.length + total });
  const eni = extendInterface(tx, scope, gateway, addresses, count);
  const added = eni.addresses.slice(eni.addresses.length - total).map(({ address }) => address);
  return add(tx, gateway, added, new Map(), 'assigning');
}

/** What a call changed: the gateway, and those of its addresses that it is about. */
export interface NatGatewayChange {
  readonly gateway: NatGateway;
  readonly addresses: readonly NatGatewayAddress[];
}

function add(
  tx: Transaction,
  gateway: NatGateway,
  added: readonly Ipv4[],
  elastic: ReadonlyMap<Ipv4, Pick<NatGatewayAddress, 'elastic'>>,
  status: NatGatewayAddressStatus,
): NatGatewayChange {
  const addresses = added.map((privateAddress): NatGatewayAddress => {
    return { privateAddress, primary: false, status, ...elastic.get(privateAddress) };
  });
  const next = tx.update('natgateway', gateway, {
    addresses: [...gateway.addresses, ...addresses],
  });
  tx.settle('natgateway.addresses-added', gateway.id, ASSIGN_SECONDS);
  return { gateway: next, addresses };
}

/** The interface with further addresses at its end: those named, then free ones. */
function extendInterface(
  tx: Transaction,
  scope: Scope,
  { networkInterfaceId }: NatGateway,
  named: readonly Ipv4[],
  count: number,
): NetworkInterface {
  const eni = find(tx, scope, 'network-interface', networkInterfaceId!);
  const subnet = find(tx, scope, 'subnet', eni.subnetId);
  checkDistinct(named);
  for (const address of named) {
    checkInSubnet(subnet, address);
    if (tx.count('network-interface', 'address', addressKey(eni.vpcId, address)) === 0) continue;
    throw awsError('InvalidIPAddress.InUse', `Address ${formatIp(address)} is in use.`);
  }
  const free = allocateAddresses(tx, subnet, count, named);
  const added = [...named, ...free].map((address) => ({ address, primary: false }));
  return tx.update('network-interface', eni, { addresses: [...eni.addresses, ...added] });
}

/**
 * @param drainSeconds how long flows may keep the addresses
 * @returns the gateway's addresses that go
 * @throws AwsError NatGatewayNotFound, InvalidAssociationID.NotFound, OperationNotPermitted for
 * the primary address, IncorrectState
 */
export function disassociateNatGatewayAddress(
  tx: Transaction,
  scope: Scope,
  natGatewayId: string,
  associationIds: readonly string[],
  drainSeconds: number,
): NatGatewayChange {
  const gateway = findAvailable(tx, scope, natGatewayId, 'public');
  const going = [...new Set(associationIds)].map((id) => {
    const found = gateway.addresses.find(({ elastic }) => elastic?.associationId === id);
    if (found !== undefined) return found;
    const message = `The association ID '${id}' does not exist`;
    throw awsError('InvalidAssociationID.NotFound', message);
  });
  return remove(tx, gateway, going, 'disassociating', drainSeconds);
}

/**
 * @param drainSeconds how long flows may keep the addresses
 * @returns the gateway's addresses that go
 * @throws AwsError NatGatewayNotFound, InvalidParameterValue for an address it does not have,
 * OperationNotPermitted for the primary address, IncorrectState
 */
export function unassignPrivateNatGatewayAddress(
  tx: Transaction,
  scope: Scope,
  natGatewayId: string,
  addresses: readonly Ipv4[],
  drainSeconds: number,
): NatGatewayChange {
  const gateway = findAvailable(tx, scope, natGatewayId, 'private');
  const going = [...new Set(addresses)].map((address) => {
    const found = gateway.addresses.find(({ privateAddress }) => privateAddress === address);
    if (found !== undefined) return found;
    const message = `Address ${formatIp(address)} is not assigned to ${natGatewayId}.`;
    throw awsError('InvalidParameterValue', message);
  });
  return remove(tx, gateway, going, 'unassigning', drainSeconds);
}

function remove(
  tx: Transaction,
  gateway: NatGateway,
  going: readonly NatGatewayAddress[],
  status: NatGatewayAddressStatus,
  drainSeconds: number,
): NatGatewayChange {
  for (const { primary, privateAddress, status: now } of going) {
    const address = formatIp(privateAddress);
    if (primary) {
      const message = `The primary address ${address} of ${gateway.id} cannot be taken away.`;
      throw awsError('OperationNotPermitted', message);
    }
    if (now !== 'succeeded') {
      throw awsError('IncorrectState', `The address ${address} of ${gateway.id} is ${now}.`);
    }
  }
  const addresses = gateway.addresses.map((one) =>
    going.includes(one) ? { ...one, status } : one,
  );
  const next = tx.update('natgateway', gateway, { addresses });
  tx.settle('natgateway.addresses-drained', gateway.id, drainSeconds);
  return { gateway: next, addresses: going.map((one) => ({ ...one, status })) };
}

/** @throws AwsError NatGatewayNotFound, InvalidParameter for the other kind, IncorrectState */
function findAvailable(
  tx: Transaction,
  scope: Scope,
  id: string,
  wanted: NatGateway['connectivityType'],
): NatGateway {
  const gateway = find(tx, scope, 'natgateway', id);
  if (gateway.connectivityType !== wanted) throw wrongKind(gateway, wanted);
  if (gateway.state === 'available') return gateway;
  throw awsError('IncorrectState', `The NAT gateway ${id} is '${gateway.state}'.`);
}

function wrongKind({ id }: NatGateway, wanted: string): AwsError {
  return awsError('InvalidParameterValue', `The NAT gateway ${id} is not ${wanted}.`);
}

export const natGatewayAddressEvents: Record<string, TimedEvent> = {
  'natgateway.addresses-added': (tx, id) => {
    const gateway = tx.get('natgateway', id);
    if (gateway?.state !== 'available') return;
    const isNew = ({ status }: NatGatewayAddress) =>
      status === 'assigning' || status === 'associating';
    tx.update('natgateway', gateway, {
      addresses: gateway.addresses.map((one) =>
        isNew(one) ? { ...one, status: 'succeeded' as const } : one,
      ),
    });
  },
  'natgateway.addresses-drained': (tx, id) => {
    const gateway = tx.get('natgateway', id);
    if (gateway?.state !== 'available') return;
    const isGoing = ({ status }: NatGatewayAddress) =>
      status === 'unassigning' || status === 'disassociating';
    const going = gateway.addresses.filter(isGoing).map((one) => one.privateAddress);
    tx.update('natgateway', gateway, {
      addresses: gateway.addresses.filter((one) => !isGoing(one)),
    });
    const eni = tx.get('network-interface', gateway.networkInterfaceId!)!;
    tx.update('network-interface', eni, {
      addresses: eni.addresses.filter(({ address }) => !going.includes(address)),
    });
    releaseAddresses(tx, eni.subnetId, going);
  },
};
