/** Giving further addresses to an interface, and taking them away. */
import { type AwsError, awsError } from '../../model/error.ts';
import {
  addressKey,
  hasAddress,
  type NetworkInterface,
  type PrivateAddress,
  primaryAddress,
} from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { formatIp, type Ip, ipEquals } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { findChangeable, limitOf } from './changeable-interface.ts';
import {
  checkAddressLimit,
  checkDistinct,
  checkHasIpv6,
  checkInSubnet,
  newIpv6Addresses,
} from './interface-addresses.ts';
import { allocateAddresses, isTaken, releaseAddresses } from './subnet-addresses.ts';

export interface AssignPrivateIpAddresses {
  readonly addresses: readonly Ipv4[];
  /** Free addresses; not together with named ones. */
  readonly count: number;
  /** Secondary addresses may be taken from another interface of the subnet. */
  readonly allowReassignment: boolean;
}

/**
 * @returns the addresses assigned
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidParameterValue,
 * Resource.AlreadyAssigned, PrivateIpAddressLimitExceeded, InsufficientFreeAddressesInSubnet
 */
export function assignPrivateIpAddresses(
  tx: Transaction,
  scope: Scope,
  id: string,
  { addresses, count, allowReassignment }: AssignPrivateIpAddresses,
): readonly Ipv4[] {
  const { eni, subnet } = findChangeable(tx, scope, id);
  checkDistinct(addresses);
  const named = addresses.filter((address) => !isOwnSecondary(eni, address, allowReassignment));
  const moved = named.map((address) => takeOver(tx, subnet, address, allowReassignment));
  const slots = eni.addresses.length + eni.ipv4Prefixes.length + named.length + count;
  checkAddressLimit(slots, limitOf(tx, eni));
  const free = allocateAddresses(tx, subnet, count);
  tx.update('network-interface', eni, {
    addresses: [...eni.addresses, ...moved, ...free.map(secondary)],
  });
  return [...addresses, ...free];
}

/** Reassigning to an interface what it has changes nothing. */
function isOwnSecondary(eni: NetworkInterface, address: Ip, allowReassignment: boolean): boolean {
  if (!allowReassignment || !hasAddress(eni, address)) return false;
  return primaryAddress(eni)?.address !== address;
}

function secondary(address: Ipv4): PrivateAddress {
  return { address, primary: false };
}

/** Frees an address for its new interface, or throws; an elastic one moves with it. */
function takeOver(
  tx: Transaction,
  subnet: Subnet,
  address: Ipv4,
  allowed: boolean,
): PrivateAddress {
  checkInSubnet(subnet, address);
  const holder = tx.first('network-interface', 'address', addressKey(subnet.vpcId, address));
  if (holder === undefined) {
    // A delegated block keeps its addresses.
    if (isTaken(tx, subnet.vpcId, address)) throw notMovable(address);
    return secondary(address);
  }
  const movable = primaryAddress(holder)?.address !== address && !holder.requesterManaged;
  if (!allowed || !movable) throw notMovable(address);
  tx.update('network-interface', holder, {
    addresses: holder.addresses.filter((own) => own.address !== address),
  });
  return holder.addresses.find((own) => own.address === address)!;
}

/** G-024 */
function notMovable(address: Ipv4): AwsError {
  const message = `[${formatIp(address)}] assigned, but move is not allowed.`;
  return awsError('Resource.AlreadyAssigned', message);
}

/**
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidParameterValue for the primary
 * address and for one that the interface does not have
 */
export function unassignPrivateIpAddresses(
  tx: Transaction,
  scope: Scope,
  id: string,
  addresses: readonly Ipv4[],
): void {
  const { eni } = findChangeable(tx, scope, id);
  checkAssigned(eni, addresses);
  const primary = primaryAddress(eni)?.address;
  if (addresses.some((address) => address === primary)) {
    const message = `The primary private IPv4 address of '${id}' cannot be unassigned.`;
    throw awsError('InvalidParameterValue', message);
  }
  tx.update('network-interface', eni, {
    addresses: eni.addresses.filter(({ address }) => !addresses.includes(address)),
  });
  releaseAddresses(tx, eni.subnetId, addresses);
}

export interface AssignIpv6Addresses {
  readonly addresses: readonly Ipv6[];
  readonly count: number;
}

/**
 * @returns the addresses assigned
 * @throws AwsError as `assignPrivateIpAddresses`
 */
export function assignIpv6Addresses(
  tx: Transaction,
  scope: Scope,
  id: string,
  { addresses, count }: AssignIpv6Addresses,
): readonly Ipv6[] {
  const { eni, subnet } = findChangeable(tx, scope, id);
  checkHasIpv6(subnet);
  checkDistinct(addresses);
  for (const address of addresses) {
    checkInSubnet(subnet, address);
    if (!isTaken(tx, subnet.vpcId, address)) continue;
    const message = `[${formatIp(address)}] is already assigned.`;
    throw awsError('Resource.AlreadyAssigned', message);
  }
  const slots = eni.ipv6Addresses.length + eni.ipv6Prefixes.length + addresses.length + count;
  checkAddressLimit(slots, limitOf(tx, eni));
  const added = [...addresses, ...newIpv6Addresses(tx, subnet, count)];
  tx.update('network-interface', eni, { ipv6Addresses: [...eni.ipv6Addresses, ...added] });
  return added;
}

/** @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidParameterValue */
export function unassignIpv6Addresses(
  tx: Transaction,
  scope: Scope,
  id: string,
  addresses: readonly Ipv6[],
): void {
  const { eni } = findChangeable(tx, scope, id);
  checkAssigned(eni, addresses);
  const kept = eni.ipv6Addresses.filter((own) => !addresses.some((gone) => ipEquals(own, gone)));
  if (kept.length === 0 && eni.addresses.length === 0) {
    const message = `'${id}' is in an IPv6-only subnet: its last IPv6 address cannot be unassigned.`;
    throw awsError('InvalidParameterValue', message);
  }
  tx.update('network-interface', eni, { ipv6Addresses: kept });
}

function checkAssigned(eni: NetworkInterface, addresses: readonly Ip[]): void {
  const absent = addresses.filter((address) => !hasAddress(eni, address)).map(formatIp);
  if (absent.length === 0) return;
  const message = `Some of [${absent.join(', ')}] are not assigned to interface ${eni.id}`;
  throw awsError('InvalidParameterValue', message);
}
