/** Which blocks of a subnet can be delegated to an interface whole (EC2UG:ec2-prefix-eni). */
import { type AwsError, awsError } from '../../model/error.ts';
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
  cidrEquals,
  cidrFamily,
  cidrSize,
  containsCidr,
  containsIp,
  formatCidr,
  lastAddress,
} from '../../net/cidr.ts';
import { addToIp } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { ipv6 } from '../../net/ipv6.ts';
import type { Transaction } from '../transaction.ts';
import { associatedIpv6Cidrs, isReserved, releaseAddresses } from './subnet-addresses.ts';

/** Blocks that a caller names, or a number of free ones. */
export interface PrefixRequest<T extends Cidr> {
  readonly named: readonly T[];
  readonly count: number;
}

export function prefixCount(request: PrefixRequest<Cidr> | undefined): number {
  return request === undefined ? 0 : request.named.length + request.count;
}

/**
 * @param except addresses that the caller is about to assign itself
 * @throws AwsError InvalidParameterValue, InvalidIPAddress.InUse, InsufficientCidrBlocks
 */
export function chooseIpv4Prefixes(
  tx: Transaction,
  subnet: Subnet,
  { named, count }: PrefixRequest<Cidr4>,
  except: readonly Ipv4[] = [],
): Cidr4[] {
  if (prefixCount({ named, count }) > 0 && subnet.cidr === undefined) {
    const message = `The subnet '${subnet.id}' is IPv6-only: it has no private IPv4 addresses.`;
    throw awsError('InvalidParameterValue', message);
  }
  const isFree = (block: Cidr4) =>
    !except.some((address) => containsIp(block, address)) && isFree4(tx, subnet, block);
  for (const block of named) checkNamed(subnet, block, isFree);
  checkDistinct(named);
  const { cidr: whole } = subnet;
  if (whole === undefined) return [];
  const found: Cidr4[] = [];
  const size = 2 ** (32 - DELEGATED_LENGTH[4]);
  for (let offset = 0; offset < cidrSize(whole) && found.length < count; offset += size) {
    const block = cidr(addToIp(whole.address, offset), DELEGATED_LENGTH[4]);
    const isNamed = named.some((other) => cidrEquals(other, block));
    if (!isNamed && isFree(block)) found.push(block);
  }
  if (found.length < count) throw insufficient(subnet);
  return [...named, ...found];
}

/**
 * The subnet has an IPv6 block.
 * @throws AwsError InvalidParameterValue, InvalidIPAddress.InUse
 */
export function chooseIpv6Prefixes(
  tx: Transaction,
  subnet: Subnet,
  { named, count }: PrefixRequest<Cidr6>,
): Cidr6[] {
  for (const block of named) checkNamed(subnet, block, () => isFree6(tx, subnet, block));
  checkDistinct(named);
  const chosen = new Map(named.map((block) => [formatCidr(block), block]));
  while (chosen.size < named.length + count) {
    const [a, b] = associatedIpv6Cidrs(subnet)[0]!.address;
    // The low 64 bits are the interfaces' in every length a subnet may have.
    const block = cidr(ipv6(a, b, tx.random.uint32(), tx.random.uint32()), DELEGATED_LENGTH[6]);
    if (isFree6(tx, subnet, block)) chosen.set(formatCidr(block), block);
  }
  return [...chosen.values()];
}

/** To be called for every IPv4 block that an interface of the subnet gives up. */
export function releasePrefixes(tx: Transaction, subnetId: string, blocks: readonly Cidr4[]): void {
  if (blocks.length === 0) return;
  releaseAddresses(
    tx,
    subnetId,
    blocks.map(({ address }) => address),
  );
}

/** Whether a block has nothing reserved and no address that an interface has. */
function isFree4(reader: ModelReader, { vpcId, cidr: whole }: Subnet, block: Cidr4): boolean {
  if (reader.count('network-interface', 'prefix', prefixKey(vpcId, block)) > 0) return false;
  for (let offset = 0; offset < cidrSize(block); offset++) {
    const address = addressAt(block, offset);
    if (whole !== undefined && isReserved(whole, address)) return false;
    if (reader.count('network-interface', 'address', addressKey(vpcId, address)) > 0) return false;
  }
  return true;
}

function isFree6(reader: ModelReader, subnet: Subnet, block: Cidr6): boolean {
  if (reader.count('network-interface', 'prefix', prefixKey(subnet.vpcId, block)) > 0) return false;
  const whole = associatedIpv6Cidrs(subnet).find((one) => containsCidr(one, block));
  // Only the first block and the last hold what is reserved.
  if (whole !== undefined) {
    const ends = [whole.address, lastAddress(whole)].map((address) => cidr(address, block.length));
    if (ends.some((end) => cidrEquals(end, block))) return false;
  }
  return !reader
    .by('network-interface', 'subnet', subnet.id)
    .some(({ ipv6Addresses }) => ipv6Addresses.some((address) => containsIp(block, address)));
}

function checkNamed<T extends Cidr>(subnet: Subnet, block: T, isFree: (block: T) => boolean): void {
  const text = formatCidr(block);
  const length = DELEGATED_LENGTH[cidrFamily(block)];
  if (block.length !== length) {
    const message = `The prefix ${text} is not valid. Its length must be /${length}.`;
    throw awsError('InvalidParameterValue', message);
  }
  const blocks: Cidr[] = [...(subnet.cidr ? [subnet.cidr] : []), ...associatedIpv6Cidrs(subnet)];
  if (!blocks.some((whole) => containsCidr(whole, block))) {
    const message = `The prefix ${text} does not fall within the subnet's address range`;
    throw awsError('InvalidParameterValue', message);
  }
  if (!isFree(block)) throw inUse(text);
}

function checkDistinct(blocks: readonly Cidr[]): void {
  const texts = blocks.map(formatCidr);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice === undefined) return;
  throw awsError('InvalidParameterValue', `The prefix ${twice} is specified more than once.`);
}

function inUse(text: string): AwsError {
  return awsError('InvalidIPAddress.InUse', `The prefix ${text} is reserved or in use.`);
}

function insufficient({ id }: Subnet): AwsError {
  const message = `The specified subnet does not have enough free cidr blocks to satisfy the request: ${id}`;
  return awsError('InsufficientCidrBlocks', message);
}
