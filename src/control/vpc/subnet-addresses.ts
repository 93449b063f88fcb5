/** Which addresses of a subnet are free. */
import { awsError } from '../../model/error.ts';
import { DELEGATED_LENGTH } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { addressKey, prefixKey } from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import {
  addressAt,
  type Cidr,
  type Cidr4,
  type Cidr6,
  cidr,
  cidrSize,
  containsIp,
  lastAddress,
} from '../../net/cidr.ts';
import { addToIp, familyOf, type Ip, ipEquals, isIpv4 } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { type Ipv6, ipv6 } from '../../net/ipv6.ts';
import type { Transaction } from '../transaction.ts';

/** Network, router, resolver and one kept for the future, at a block's begin. */
const RESERVED_FIRST = 4;
/** Those and the last address. */
const RESERVED = RESERVED_FIRST + 1;

/** Whether an address of a subnet's block can never be an interface's. */
export function isReserved(block: Cidr, address: Ip): boolean {
  if (ipEquals(address, lastAddress(block))) return true;
  for (let offset = 0; offset < RESERVED_FIRST; offset++) {
    if (ipEquals(address, addressAt(block, offset))) return true;
  }
  return false;
}

/** The subnet's block that holds an address: its IPv4 one, or an associated IPv6 one. */
export function blockOf(subnet: Subnet, address: Ip): Cidr | undefined {
  if (isIpv4(address)) {
    return subnet.cidr && containsIp(subnet.cidr, address) ? subnet.cidr : undefined;
  }
  return associatedIpv6Cidrs(subnet).find((block) => containsIp(block, address));
}

/** The subnet's IPv6 blocks that interfaces can have addresses of. */
export function associatedIpv6Cidrs(subnet: Subnet): Cidr6[] {
  return subnet.ipv6Cidrs.filter(({ state }) => state === 'associated').map(({ cidr }) => cidr);
}

/** Whether an interface of the VPC has the address, by itself or in a delegated block. */
export function isTaken(reader: ModelReader, vpcId: string, address: Ip): boolean {
  if (reader.count('network-interface', 'address', addressKey(vpcId, address)) > 0) return true;
  const block = cidr(address, DELEGATED_LENGTH[familyOf(address)]);
  return reader.count('network-interface', 'prefix', prefixKey(vpcId, block)) > 0;
}

/** How many IPv4 addresses an interface can still be given. */
export function freeAddressCount(reader: ModelReader, subnet: Subnet): number {
  if (subnet.cidr === undefined) return 0;
  let free = cidrSize(subnet.cidr) - RESERVED;
  for (const one of reader.by('network-interface', 'subnet', subnet.id)) {
    free -= one.addresses.length;
    for (const block of one.ipv4Prefixes) free -= cidrSize(block);
  }
  return free;
}

/**
 * The first free IPv4 addresses of a subnet, in order. Write the interface that gets them before
 * the next call: until then nothing else marks them as taken.
 * @param except addresses the caller is about to assign itself
 * @throws AwsError InsufficientFreeAddressesInSubnet
 */
export function allocateAddresses(
  tx: Transaction,
  subnet: Subnet,
  count: number,
  except: readonly Ipv4[] = [],
): Ipv4[] {
  if (count === 0) return [];
  const { cidr } = subnet;
  if (cidr === undefined || count > cidrSize(cidr) - RESERVED) throw insufficient(subnet);
  const cursor = tx.get('address-cursor', subnet.id)?.offset ?? RESERVED_FIRST;
  const excluded = new Set<Ipv4>(except);
  const found = search(tx, subnet.vpcId, cidr, cursor, count, excluded);
  if (found.length < count) throw insufficient(subnet);
  // Only a search that met no excluded address has shown that none below its end is free.
  const end = found[count - 1]! - cidr.address + 1;
  if (excluded.size === 0) tx.put('address-cursor', { id: subnet.id, offset: end });
  return found;
}

/** The first free IPv4 address of a subnet; see `allocateAddresses`. */
export function allocateAddress(tx: Transaction, subnet: Subnet): Ipv4 {
  return allocateAddresses(tx, subnet, 1)[0]!;
}

/** To be called for every IPv4 address that an interface of the subnet gives up. */
export function releaseAddresses(
  tx: Transaction,
  subnetId: string,
  addresses: readonly Ipv4[],
): void {
  const cursor = tx.get('address-cursor', subnetId);
  const cidr = tx.get('subnet', subnetId)?.cidr;
  if (cursor === undefined || cidr === undefined) return;
  const lowest = Math.min(cursor.offset, ...addresses.map((address) => address - cidr.address));
  if (lowest < cursor.offset) tx.update('address-cursor', cursor, { offset: lowest });
}

/**
 * An unused address of the subnet's IPv6 block, chosen like AWS's: anywhere in the block.
 * @throws AwsError InsufficientFreeAddressesInSubnet where the subnet has no IPv6 block
 */
export function allocateIpv6Address(tx: Transaction, subnet: Subnet): Ipv6 {
  const [block] = associatedIpv6Cidrs(subnet);
  if (block === undefined) throw insufficient(subnet);
  for (;;) {
    const [a, b] = block.address;
    // The low 64 bits are the interface's in every length a subnet may have.
    const address = ipv6(a, b, tx.random.uint32(), tx.random.uint32());
    if (!isReserved(block, address) && !isTaken(tx, subnet.vpcId, address)) return address;
  }
}

function search(
  tx: Transaction,
  vpcId: string,
  block: Cidr4,
  from: number,
  count: number,
  excluded: ReadonlySet<Ipv4>,
): Ipv4[] {
  const found: Ipv4[] = [];
  const end = cidrSize(block) - 1;
  for (let offset = from; offset < end && found.length < count; offset++) {
    const address = addToIp(block.address, offset);
    if (!excluded.has(address) && !isTaken(tx, vpcId, address)) found.push(address);
  }
  return found;
}

function insufficient({ id }: Subnet): Error {
  const message = `The specified subnet does not have enough free addresses to satisfy the request: ${id}`;
  return awsError('InsufficientFreeAddressesInSubnet', message);
}
