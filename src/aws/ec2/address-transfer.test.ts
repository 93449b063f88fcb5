import { describe, expect, it } from 'vitest';
import {
  allocate,
  lookAtAddress,
  makePublicNetwork,
} from '../../../test/support/elastic-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeInterface } from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

const DAY = 24 * 3_600_000;

async function offered() {
  const cloud = await testCloud();
  const source = cloud.ec2();
  const taker = cloud.ec2(OTHER_ACCOUNT);
  const { AllocationId, PublicIp } = await allocate(source);
  const offer = { AllocationId, TransferAccountId: OTHER_ACCOUNT };
  const { AddressTransfer } = await source.enableAddressTransfer(offer);
  return { ...cloud, source, taker, AllocationId, PublicIp, offer, AddressTransfer };
}

describe('address transfers', () => {
  it('are offered for seven days', async () => {
    const { source, advance, AddressTransfer, AllocationId, PublicIp, taker } = await offered();
    expect(AddressTransfer).toEqual({
      AllocationId,
      PublicIp,
      TransferAccountId: OTHER_ACCOUNT,
      AddressTransferStatus: 'pending',
      TransferOfferExpirationTimestamp: new Date(Date.UTC(2026, 0, 8)),
    });
    const described = await source.describeAddressTransfers({ AllocationIds: [AllocationId] });
    expect(described.AddressTransfers).toEqual([AddressTransfer]);
    await advance(7 * DAY);
    expect((await source.describeAddressTransfers({})).AddressTransfers).toEqual([]);
    const late = taker.acceptAddressTransfer({ Address: PublicIp });
    await expectError(late, 'InvalidAddress.NotFound');
  });

  it('are accepted: the address is the taker’s, without its tags', async () => {
    const { source, taker, advance, AllocationId, PublicIp } = await offered();
    await source.createTags({ Resources: [AllocationId], Tags: [{ Key: 'a', Value: '1' }] });
    const Tags = [{ Key: 'b', Value: '2' }];
    const { AddressTransfer } = await taker.acceptAddressTransfer({
      Address: PublicIp,
      TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }],
    });
    expect(AddressTransfer).toMatchObject({
      AddressTransferStatus: 'accepted',
      TransferOfferAcceptedTimestamp: new Date(Date.UTC(2026, 0, 1)),
    });
    expect(await lookAtAddress(taker, AllocationId)).toMatchObject({ PublicIp, Tags });
    await expectError(lookAtAddress(source, AllocationId), 'InvalidAllocationID.NotFound');
    const seen = () => source.describeAddressTransfers({ AllocationIds: [AllocationId] });
    expect((await seen()).AddressTransfers).toEqual([AddressTransfer]);
    expect((await taker.describeAddressTransfers({})).AddressTransfers).toEqual([]);
    await advance(14 * DAY);
    await expectError(seen(), 'InvalidAllocationID.NotFound');
    expect((await source.describeAddressTransfers({})).AddressTransfers).toEqual([]);
  });

  it('are taken back', async () => {
    const { source, taker, AllocationId, PublicIp } = await offered();
    const { AddressTransfer } = await source.disableAddressTransfer({ AllocationId });
    expect(AddressTransfer!.AddressTransferStatus).toBe('disabled');
    const late = taker.acceptAddressTransfer({ Address: PublicIp });
    await expectError(late, 'InvalidAddress.NotFound');
    const again = source.disableAddressTransfer({ AllocationId });
    await expectError(again, 'InvalidTransfer.NotFound');
  });

  it('end when the address is released', async () => {
    const { source, AllocationId } = await offered();
    await source.releaseAddress({ AllocationId });
    expect((await source.describeAddressTransfers({})).AddressTransfers).toEqual([]);
  });

  it('can be passed on, and offered anew to another account', async () => {
    const { source, taker, ec2, AllocationId, PublicIp } = await offered();
    const third = '333333333333';
    await source.enableAddressTransfer({ AllocationId, TransferAccountId: third });
    const first = taker.acceptAddressTransfer({ Address: PublicIp });
    await expectError(first, 'InvalidAddress.NotFound');
    await ec2(third).acceptAddressTransfer({ Address: PublicIp });
    await ec2(third).enableAddressTransfer({ AllocationId, TransferAccountId: OTHER_ACCOUNT });
    await taker.acceptAddressTransfer({ Address: PublicIp });
    expect(await lookAtAddress(taker, AllocationId)).toMatchObject({ PublicIp });
  });

  it('wait while the address is associated or has a reverse name', async () => {
    const { source, taker, AllocationId, PublicIp } = await offered();
    const { subnetId } = await makePublicNetwork(source);
    const { NetworkInterfaceId } = await makeInterface(source, subnetId);
    const { AssociationId } = await source.associateAddress({ AllocationId, NetworkInterfaceId });
    const accept = () => taker.acceptAddressTransfer({ Address: PublicIp });
    await expectError(accept(), 'InvalidTransfer.AddressAssociated');
    await source.disassociateAddress({ AssociationId });
    await source.modifyAddressAttribute({ AllocationId, DomainName: 'mail.example.com' });
    await expectError(accept(), 'InvalidTransfer.AddressCustomPtrSet');
    await source.resetAddressAttribute({ AllocationId, Attribute: 'domain-name' });
    await accept();
  });

  it('G-023 count in the taker’s quota', async () => {
    const { taker, PublicIp } = await offered();
    for (let count = 0; count < 5; count++) await allocate(taker);
    const full = taker.acceptAddressTransfer({ Address: PublicIp });
    await expectError(full, 'AddressLimitExceeded');
  });

  it('G-025 are between the accounts and in the Region named', async () => {
    const { source, ec2, AllocationId, PublicIp, taker } = await offered();
    const stranger = ec2('333333333333').acceptAddressTransfer({ Address: PublicIp });
    await expectError(stranger, 'InvalidAddress.NotFound');
    const elsewhere = ec2(OTHER_ACCOUNT, 'eu-west-1').acceptAddressTransfer({ Address: PublicIp });
    await expectError(elsewhere, 'InvalidAddress.NotFound');
    const offer = (TransferAccountId: string) =>
      source.enableAddressTransfer({ AllocationId, TransferAccountId });
    await expectError(offer('111111111111'), 'InvalidParameterValue');
    await expectError(offer('me'), 'InvalidParameterValue');
    const notMine = taker.enableAddressTransfer({ AllocationId, TransferAccountId: OTHER_ACCOUNT });
    await expectError(notMine, 'InvalidAllocationID.NotFound');
  });
});
