/** Delegating prefixes to an interface, and taking them back. */
import { awsError } from '../../model/error.ts';
import { prefixesOf } from '../../model/vpc/network-interface.ts';
import { type Cidr, type Cidr4, type Cidr6, cidrEquals, formatCidr } from '../../net/cidr.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { findChangeable, limitOf } from './changeable-interface.ts';
import { checkAddressLimit, checkHasIpv6 } from './interface-addresses.ts';
import {
  chooseIpv4Prefixes,
  chooseIpv6Prefixes,
  type PrefixRequest,
  prefixCount,
  releasePrefixes,
} from './subnet-prefixes.ts';

/**
 * @returns the blocks assigned
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, PrivateIpAddressLimitExceeded,
 *   those of `chooseIpv4Prefixes`
 */
export function assignIpv4Prefixes(
  tx: Transaction,
  scope: Scope,
  id: string,
  request: PrefixRequest<Cidr4>,
): readonly Cidr4[] {
  const { eni, subnet } = findChangeable(tx, scope, id);
  const slots = eni.addresses.length + eni.ipv4Prefixes.length + prefixCount(request);
  checkAddressLimit(slots, limitOf(tx, eni));
  const added = chooseIpv4Prefixes(tx, subnet, request);
  tx.update('network-interface', eni, { ipv4Prefixes: [...eni.ipv4Prefixes, ...added] });
  return added;
}

/** As `assignIpv4Prefixes`. */
export function assignIpv6Prefixes(
  tx: Transaction,
  scope: Scope,
  id: string,
  request: PrefixRequest<Cidr6>,
): readonly Cidr6[] {
  const { eni, subnet } = findChangeable(tx, scope, id);
  const slots = eni.ipv6Addresses.length + eni.ipv6Prefixes.length + prefixCount(request);
  checkAddressLimit(slots, limitOf(tx, eni));
  checkHasIpv6(subnet);
  const added = chooseIpv6Prefixes(tx, subnet, request);
  tx.update('network-interface', eni, { ipv6Prefixes: [...eni.ipv6Prefixes, ...added] });
  return added;
}

/** @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidParameterValue for others' blocks */
export function unassignPrefixes(
  tx: Transaction,
  scope: Scope,
  id: string,
  blocks: readonly Cidr[],
): void {
  const { eni } = findChangeable(tx, scope, id);
  const isGone = (own: Cidr) => blocks.some((block) => cidrEquals(block, own));
  const absent = blocks.filter((block) => !prefixesOf(eni).some((own) => cidrEquals(own, block)));
  if (absent.length > 0) {
    const list = absent.map(formatCidr).join(', ');
    const message = `Some of [${list}] are not assigned to interface ${id}`;
    throw awsError('InvalidParameterValue', message);
  }
  tx.update('network-interface', eni, {
    ipv4Prefixes: eni.ipv4Prefixes.filter((own) => !isGone(own)),
    ipv6Prefixes: eni.ipv6Prefixes.filter((own) => !isGone(own)),
  });
  releasePrefixes(tx, eni.subnetId, eni.ipv4Prefixes.filter(isGone));
}
