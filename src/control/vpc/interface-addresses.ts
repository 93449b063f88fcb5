/** The addresses a new interface gets: those the caller names, and free ones of its subnet. */
import { awsError } from '../../model/error.ts';
import { ADDRESSES_PER_INTERFACE } from '../../model/limits.ts';
import type { PrivateAddress } from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { addressAt, type Cidr4, type Cidr6, cidrSize } from '../../net/cidr.ts';
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
import {
  chooseIpv4Prefixes,
  chooseIpv6Prefixes,
  type PrefixRequest,
  prefixCount,
} from './subnet-prefixes.ts';

export interface AddressRequest {
  /** Absent = the first free address. */
  readonly primary?: Ipv4;
  readonly secondary: readonly Ipv4[];
  /** Free secondary addresses beside those. */
  readonly secondaryCount: number;
  readonly ipv6: readonly Ipv6[];
  /** Absent = as the subnet's AssignIpv6AddressOnCreation has it. */
  readonly ipv6Count?: number;
  /** Blocks delegated whole, beside the addresses. */
  readonly ipv4Prefixes?: PrefixRequest<Cidr4>;
  readonly ipv6Prefixes?: PrefixRequest<Cidr6>;
}

export const ANY_ADDRESS: AddressRequest = { secondary: [], secondaryCount: 0, ipv6: [] };

/** How many IPv4 addresses a request asks for. */
export function ipv4Count({ secondary, secondaryCount }: AddressRequest): number {
  return 1 + secondary.length + secondaryCount;
}

/** How many addresses and blocks of IPv4 it asks for: what an instance's limit counts. */
export function ipv4Slots(request: AddressRequest): number {
  return ipv4Count(request) + prefixCount(request.ipv4Prefixes);
}

export interface ChosenAddresses {
  readonly addresses: readonly PrivateAddress[];
  readonly ipv6Addresses: readonly Ipv6[];
  readonly ipv4Prefixes: readonly Cidr4[];
  readonly ipv6Prefixes: readonly Cidr6[];
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
  const { ipv4Prefixes = NO_PREFIXES, ipv6Prefixes = NO_PREFIXES } = request;
  if (prefixCount(ipv6Prefixes) > 0) checkHasIpv6(subnet);
  const ipv6 = {
    ipv6Addresses: chooseIpv6(tx, subnet, request),
    ipv6Prefixes: chooseIpv6Prefixes(tx, subnet, ipv6Prefixes),
  };
  if (subnet.cidr === undefined) {
    refuseIpv4(subnet, request);
    return { addresses: [], ipv4Prefixes: [], ...ipv6 };
  }
  const slots6 = ipv6.ipv6Addresses.length + ipv6.ipv6Prefixes.length;
  checkAddressLimit(Math.max(ipv4Slots(request), slots6), limit);
  const named = request.primary === undefined ? [] : [request.primary];
  named.push(...request.secondary);
  for (const address of named) checkNewAddress(tx, subnet, address);
  checkDistinct(named);
  const blocks = chooseIpv4Prefixes(tx, subnet, ipv4Prefixes, named);
  const except = [...named, ...blocks.flatMap(addressesIn)];
  const free = allocateAddresses(tx, subnet, ipv4Count(request) - named.length, except);
  const primary = request.primary ?? free[0]!;
  const others = [...request.secondary, ...free].filter((address) => address !== primary);
  return {
    addresses: [primary, ...others].map((address) => ({ address, primary: address === primary })),
    ipv4Prefixes: blocks,
    ...ipv6,
  };
}

function addressesIn(block: Cidr4): Ipv4[] {
  return Array.from({ length: cidrSize(block) }, (_, offset) => addressAt(block, offset));
}

const NO_PREFIXES = { named: [], count: 0 };

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

function refuseIpv4(subnet: Subnet, request: AddressRequest): void {
  const { primary, secondary, secondaryCount, ipv4Prefixes } = request;
  const blocks = prefixCount(ipv4Prefixes);
  if (primary === undefined && secondary.length + secondaryCount + blocks === 0) return;
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
