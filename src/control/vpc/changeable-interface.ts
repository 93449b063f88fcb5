/** The interface that a caller gives addresses to, or takes them from. */
import { ADDRESSES_PER_INTERFACE } from '../../model/limits.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { addressLimit } from './interface-attachment.ts';
import { checkNotManaged } from './interface-settings.ts';

/** @throws AwsError InvalidNetworkInterfaceID.NotFound, those of managed interfaces */
export function findChangeable(
  tx: Transaction,
  scope: Scope,
  id: string,
): { eni: NetworkInterface; subnet: Subnet } {
  const eni = find(tx, scope, 'network-interface', id);
  checkNotManaged(eni);
  return { eni, subnet: find(tx, scope, 'subnet', eni.subnetId) };
}

/** How many addresses and prefixes of a family the interface may have. */
export function limitOf(tx: Transaction, { attachment }: NetworkInterface): number {
  const instance = attachment && tx.get('instance', attachment.instanceId);
  return instance === undefined ? ADDRESSES_PER_INTERFACE : addressLimit(instance.instanceType);
}
