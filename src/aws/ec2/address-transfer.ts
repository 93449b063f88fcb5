/** Transfers of elastic addresses between accounts: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, ownerKey } from '../../control/scope.ts';
import {
  acceptAddressTransfer,
  disableAddressTransfer,
  enableAddressTransfer,
} from '../../control/vpc/address-transfer.ts';
import { type AddressTransfer, addressTransferId } from '../../model/vpc/elastic-address.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { describe } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { invalidValue, parseIpv4Parameter, parseTagSpecifications } from './parse.ts';

export const addressTransferHandlers = {
  async EnableAddressTransfer({ input, caller, cloud, dryRun }) {
    const { AllocationId, TransferAccountId } = input;
    if (!/^\d{12}$/.test(TransferAccountId)) {
      throw invalidValue('transferAccountId', TransferAccountId, 'An account ID has 12 digits.');
    }
    const record = await cloud.execute(
      (tx) => enableAddressTransfer(tx, caller, AllocationId, TransferAccountId),
      { dryRun },
    );
    return { AddressTransfer: transferView(record, 'pending') };
  },

  async DisableAddressTransfer({ input, caller, cloud, dryRun }) {
    const record = await cloud.execute(
      (tx) => disableAddressTransfer(tx, caller, input.AllocationId),
      { dryRun },
    );
    return { AddressTransfer: transferView(record, 'disabled') };
  },

  async AcceptAddressTransfer({ input, caller, cloud, dryRun }) {
    const address = parseIpv4Parameter('address', input.Address);
    const tags = parseTagSpecifications(input.TagSpecifications, 'elastic-ip');
    const record = await cloud.execute((tx) => acceptAddressTransfer(tx, caller, address, tags), {
      dryRun,
    });
    return { AddressTransfer: transferView(record, 'accepted') };
  },

  DescribeAddressTransfers: describeTransfers,
} satisfies Ec2HandlersOf<
  `${'Enable' | 'Disable' | 'Accept'}AddressTransfer` | 'DescribeAddressTransfers'
>;

/** The source account sees what it offers, and for a while what was accepted. */
function describeTransfers({ input, caller, cloud }: Ec2Call<'DescribeAddressTransfers'>) {
  const { model } = cloud;
  const ids = [...new Set(input.AllocationIds ?? [])];
  const { records, nextToken } = describe<AddressTransfer>(input, {
    records:
      ids.length === 0
        ? model.by('address-transfer', 'owner', ownerKey(caller))
        : ids.flatMap((id) => {
            const transfer = model.get('address-transfer', addressTransferId(caller.account, id));
            // The address of an accepted one belongs to somebody else by now.
            if (transfer === undefined) find(model, caller, 'elastic-ip', id);
            return transfer?.region === caller.region ? [transfer] : [];
          }),
    filters: {},
  });
  return {
    AddressTransfers: records.map((record) =>
      transferView(record, record.acceptedAt === undefined ? 'pending' : 'accepted'),
    ),
    NextToken: nextToken,
  };
}

function transferView(
  { allocationId, publicIp, transferAccount, expiresAt, acceptedAt }: AddressTransfer,
  status: Sdk.AddressTransferStatus,
): Sdk.AddressTransfer {
  return {
    AllocationId: allocationId,
    PublicIp: formatIpv4(publicIp),
    TransferAccountId: transferAccount,
    TransferOfferExpirationTimestamp: new Date(expiresAt),
    ...(acceptedAt === undefined ? {} : { TransferOfferAcceptedTimestamp: new Date(acceptedAt) }),
    AddressTransferStatus: status,
  };
}
