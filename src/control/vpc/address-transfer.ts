/** Handing an elastic address over to another account: offered, then accepted (VPCUG:vpc-eips). */
import { awsError } from '../../model/error.ts';
import { ADDRESS_TRANSFER_MILLIS } from '../../model/limits.ts';
import {
  type AddressTransfer,
  addressTransferId,
  mappingOf,
} from '../../model/vpc/elastic-address.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkAddressQuota, unknownAddress } from './elastic-address.ts';

/**
 * Offers the address to an account for seven days; a new offer takes the place of the one before.
 * @throws AwsError InvalidAllocationID.NotFound, InvalidParameterValue for the account's own
 */
export function enableAddressTransfer(
  tx: Transaction,
  scope: Scope,
  allocationId: string,
  transferAccount: string,
): AddressTransfer {
  const { id, publicIp, account, region } = find(tx, scope, 'elastic-ip', allocationId);
  if (transferAccount === account) {
    const message = `The address is already in the account ${account}.`;
    throw awsError('InvalidParameterValue', message);
  }
  const transferId = addressTransferId(account, id);
  const expiresAt = tx.now + ADDRESS_TRANSFER_MILLIS.offered;
  tx.unschedule(transferId);
  tx.schedule('address-transfer.ended', transferId, expiresAt);
  return tx.put('address-transfer', {
    id: transferId,
    account,
    region,
    allocationId: id,
    publicIp,
    transferAccount,
    expiresAt,
  });
}

/**
 * @returns the offer that ends
 * @throws AwsError InvalidAllocationID.NotFound, InvalidTransfer.NotFound where none is open
 */
export function disableAddressTransfer(
  tx: Transaction,
  scope: Scope,
  allocationId: string,
): AddressTransfer {
  const { id } = find(tx, scope, 'elastic-ip', allocationId);
  const transfer = tx.get('address-transfer', addressTransferId(scope.account, id));
  if (transfer === undefined || transfer.acceptedAt !== undefined) {
    throw awsError('InvalidTransfer.NotFound', `No transfer of '${allocationId}' is pending.`);
  }
  forgetTransfer(tx, transfer.id);
  return transfer;
}

/**
 * Takes an offered address over: it keeps its allocation id and loses its tags.
 * @throws AwsError InvalidAddress.NotFound where the caller is offered no such address,
 * AddressLimitExceeded, InvalidTransfer.AddressAssociated, InvalidTransfer.AddressCustomPtrSet
 */
export function acceptAddressTransfer(
  tx: Transaction,
  scope: Scope,
  publicIp: Ipv4,
  tags: Tags,
): AddressTransfer {
  const transfer = tx
    .by('address-transfer', 'publicIp', String(publicIp))
    .find(({ acceptedAt, transferAccount, region }) => {
      return acceptedAt === undefined && isSame(scope, transferAccount, region);
    });
  if (transfer === undefined) throw unknownAddress(publicIp);
  const address = tx.get('elastic-ip', transfer.allocationId)!;
  if (mappingOf(tx, address) !== undefined) {
    const message = `The address '${address.id}' is associated; its owner must disassociate it first.`;
    throw awsError('InvalidTransfer.AddressAssociated', message);
  }
  if (address.ptrRecord !== undefined) {
    const message = `The address '${address.id}' has a reverse DNS record; its owner must remove it first.`;
    throw awsError('InvalidTransfer.AddressCustomPtrSet', message);
  }
  checkAddressQuota(tx, scope);
  dropTags(tx, address.id);
  tx.update('elastic-ip', address, { account: scope.account });
  putTags(tx, scope, 'elastic-ip', address.id, tags);
  tx.unschedule(transfer.id);
  tx.schedule('address-transfer.ended', transfer.id, tx.now + ADDRESS_TRANSFER_MILLIS.accepted);
  return tx.update('address-transfer', transfer, { acceptedAt: tx.now });
}

function isSame(scope: Scope, account: string, region: string): boolean {
  return scope.account === account && scope.region === region;
}

function forgetTransfer(tx: Transaction, id: string): void {
  tx.unschedule(id);
  tx.delete('address-transfer', id);
}

/** An offer that nobody took returns to its owner; one that was taken is shown for a while. */
export const addressTransferEvents: Record<string, TimedEvent> = {
  'address-transfer.ended': forgetTransfer,
};
