/** The addresses a new interface gets: those the caller names, and free ones of its subnet. */
import { awsError } from '../../model/error.ts';
import { ADDRESSES_PER_INTERFACE } from '../../model/limits.ts';
import type { PrivateAddress } from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { formatIp, type Ip, ipKey } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { Transaction } from '../transaction.ts';
import {
  allocateAddresses,
  allocateIpv6Address,
  associatedIpv6Cidrs,
  blockOf,
  isReserved,
  isTaken,
} from './subnet-addresses.ts';

export interface AddressRequest {
  /** Absent = the first free address. */
  readonly primary?: Ipv4;
  readonly secondary: readonly Ipv4[];
  /** Free secondary addresses beside those. */
  readonly secondaryCount: number;
  readonly ipv6: readonly Ipv6[];
  /** Absent = as the subnet's AssignIpv6AddressOnCreation has it. */
  readonly ipv6Count?: number;
}

export const ANY_ADDRESS: AddressRequest = { secondary: [], secondaryCount: 0, ipv6: [] };

/** How many IPv4 addresses a request asks for. */
export function ipv4Count({ secondary, secondaryCount }: AddressRequest): number {
  return 1 + secondary.length + secondaryCount;
}

export interface ChosenAddresses {
  readonly addresses: readonly PrivateAddress[];
  readonly ipv6Addresses: readonly Ipv6[];
}

/**
 * Write the interface that gets them before choosing again.
 * @throws AwsError InvalidParameterValue, InvalidIPAddress.InUse, PrivateIpAddressLimitExceeded,
 * InsufficientFreeAddressesInSubnet
 */
export function chooseAddresses(
  tx: Transaction,
  subnet: Subnet,
  request: AddressRequest,
  limit: number = ADDRESSES_PER_INTERFACE,
): ChosenAddresses {
  const ipv6Addresses = chooseIpv6(tx, subnet, request);
  if (subnet.cidr === undefined) {
    refuseIpv4(subnet, request);
    return { addresses: [], ipv6Addresses };
  }
  checkAddressLimit(Math.max(ipv4Count(request), ipv6Addresses.length), limit);
  const named = request.primary === undefined ? [] : [request.primary];
  named.push(...request.secondary);
  for (const address of named) checkNewAddress(tx, subnet, address);
  checkDistinct(named);
  const free = allocateAddresses(tx, subnet, ipv4Count(request) - named.length, named);
  const primary = request.primary ?? free[0]!;
  const others = [...request.secondary, ...free].filter((address) => address !== primary);
  return {
    addresses: [primary, ...others].map((address) => ({ address, primary: address === primary })),
    ipv6Addresses,
  };
}

function chooseIpv6(tx: Transaction, subnet: Subnet, request: AddressRequest): Ipv6[] {
  const { ipv6, ipv6Count } = request;
  // An IPv6-only interface needs an address whatever its subnet's setting (EC2UG, IPv6-only).
  const byDefault = subnet.cidr === undefined || subnet.assignIpv6AddressOnCreation ? 1 : 0;
  const count = ipv6.length > 0 ? 0 : (ipv6Count ?? byDefault);
  if (ipv6.length > 0 || count > 0) checkHasIpv6(subnet);
  for (const address of ipv6) checkNewAddress(tx, subnet, address);
  checkDistinct(ipv6);
  return [...ipv6, ...newIpv6Addresses(tx, subnet, count)];
}

/** Free IPv6 addresses, different from each other. */
export function newIpv6Addresses(tx: Transaction, subnet: Subnet, count: number): Ipv6[] {
  checkAddressLimit(count, ADDRESSES_PER_INTERFACE);
  const found = new Map<string | number, Ipv6>();
  while (found.size < count) {
    const address = allocateIpv6Address(tx, subnet);
    found.set(ipKey(address), address);
  }
  return [...found.values()];
}

/** Throws unless interfaces of the subnet can have IPv6 addresses. */
export function checkHasIpv6(subnet: Subnet): void {
  if (associatedIpv6Cidrs(subnet).length > 0) return;
  const message = `The subnet '${subnet.id}' does not have an IPv6 CIDR block associated with it.`;
  throw awsError('InvalidParameterValue', message);
}

function refuseIpv4(subnet: Subnet, { primary, secondary, secondaryCount }: AddressRequest): void {
  if (primary === undefined && secondary.length === 0 && secondaryCount === 0) return;
  const message = `The subnet '${subnet.id}' is IPv6-only: it has no private IPv4 addresses.`;
  throw awsError('InvalidParameterValue', message);
}

export function checkAddressLimit(count: number, limit: number): void {
  if (count <= limit) return;
  const message = 'Number of private addresses will exceed limit.';
  throw awsError('PrivateIpAddressLimitExceeded', message);
}

/** Throws unless a new interface of the subnet can have the address. */
function checkNewAddress(tx: Transaction, subnet: Subnet, address: Ip): void {
  checkInSubnet(subnet, address);
  if (!isTaken(tx, subnet.vpcId, address)) return;
  throw awsError('InvalidIPAddress.InUse', `Address ${formatIp(address)} is in use.`);
}

/** Throws unless the address is one of the subnet's that interfaces can have. */
export function checkInSubnet(subnet: Subnet, address: Ip): void {
  const block = blockOf(subnet, address);
  if (block === undefined) {
    const message = `Address ${formatIp(address)} does not fall within the subnet's address range`;
    throw awsError('InvalidParameterValue', message);
  }
  if (isReserved(block, address)) {
    const message = `Address ${formatIp(address)} is in subnet's reserved address range`;
    throw awsError('InvalidParameterValue', message);
  }
}

export function checkDistinct(addresses: readonly Ip[]): void {
  const seen = new Set<string | number>();
  for (const address of addresses) {
    if (seen.has(ipKey(address))) {
      const message = `Address ${formatIp(address)} is specified more than once.`;
      throw awsError('InvalidParameterValue', message);
    }
    seen.add(ipKey(address));
  }
}
