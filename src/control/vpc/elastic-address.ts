/** Allocating elastic addresses and giving them back; their reverse names. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  addressTransferId,
  type ElasticAddress,
  mappingOf,
} from '../../model/vpc/elastic-address.ts';
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts';
import { find, ownerKey, owns, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { allocatePublicAddress } from './public-address.ts';

/** @throws AwsError AddressLimitExceeded */
export function allocateAddress(
  tx: Transaction,
  scope: Scope,
  { tags = {} }: { readonly tags?: Tags } = {},
): ElasticAddress {
  checkAddressQuota(tx, scope);
  const { account, region } = scope;
  const id = tx.newId('elastic-ip');
  const record = { id, account, region, publicIp: allocatePublicAddress(tx) };
  putTags(tx, scope, 'elastic-ip', id, tags);
  return tx.put('elastic-ip', record);
}

export function checkAddressQuota(tx: Transaction, scope: Scope): void {
  const count = tx.count('elastic-ip', 'owner', ownerKey(scope));
  if (count < tx.quota('elasticAddressesPerRegion')) return;
  throw awsError('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
}

/** An elastic address by its allocation, or by itself as of old. */
export type AddressName =
  | { readonly allocationId: string }
  | { readonly publicIp: Ipv4; readonly allocationId?: undefined };

/**
 * The address a caller names.
 * @throws AwsError InvalidAllocationID.NotFound; InvalidAddress.NotFound where nobody has it,
 * AuthFailure where another account does
 */
export function findAddress(reader: ModelReader, scope: Scope, name: AddressName): ElasticAddress {
  if (name.allocationId !== undefined) return find(reader, scope, 'elastic-ip', name.allocationId);
  const record = reader.first('elastic-ip', 'publicIp', String(name.publicIp));
  if (record === undefined || record.region !== scope.region) throw unknownAddress(name.publicIp);
  if (owns(scope, record)) return record;
  const message = `The address '${formatIpv4(name.publicIp)}' does not belong to you.`;
  throw awsError('AuthFailure', message);
}

export function unknownAddress(publicIp: Ipv4): AwsError {
  return awsError('InvalidAddress.NotFound', `Address '${formatIpv4(publicIp)}' not found.`);
}

/**
 * @throws AwsError those of `findAddress`, InvalidIPAddress.InUse while associated,
 * InvalidAddress.NotFound for a border group other than the Region's
 */
export function releaseAddress(
  tx: Transaction,
  scope: Scope,
  name: AddressName,
  networkBorderGroup?: string,
): void {
  const record = findAddress(tx, scope, name);
  const { id, publicIp } = record;
  if (networkBorderGroup !== undefined && networkBorderGroup !== scope.region) {
    throw unknownAddress(publicIp);
  }
  if (mappingOf(tx, record) !== undefined) {
    throw awsError('InvalidIPAddress.InUse', `Address ${formatIpv4(publicIp)} is in use.`);
  }
  const transferId = addressTransferId(scope.account, id);
  if (tx.get('address-transfer', transferId)?.acceptedAt === undefined) {
    tx.unschedule(transferId);
    tx.delete('address-transfer', transferId);
  }
  tx.delete('elastic-ip', id);
  dropTags(tx, id);
}

/** Sets the address's reverse name, or with `undefined` leaves it to Amazon again. */
export function setPtrRecord(
  tx: Transaction,
  scope: Scope,
  allocationId: string,
  ptrRecord: string | undefined,
): ElasticAddress {
  const { ptrRecord: _old, ...record } = find(tx, scope, 'elastic-ip', allocationId);
  return tx.put('elastic-ip', { ...record, ...(ptrRecord === undefined ? {} : { ptrRecord }) });
}
