import { describe, expect, it } from 'vitest';
import {
  allocate,
  lookAtAddress,
  makePublicNetwork,
} from '../../../test/support/elastic-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  addressesOf,
  lookAtInterface,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { lookAtNat, makeNat, makePrivateNat } from '../../../test/support/nat-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';

async function publicNat() {
  const cloud = await testCloud({ transitions: 'fast' });
  const ec2 = cloud.ec2();
  const { subnetId } = await makePublicNetwork(ec2);
  const { NatGatewayId, NatGatewayAddresses } = await makeNat(ec2, subnetId);
  await cloud.advance(50);
  const { AllocationId, PublicIp } = await allocate(ec2);
  const first = NatGatewayAddresses[0]!;
  return { ...cloud, ec2, subnetId, NatGatewayId, AllocationId, PublicIp, first };
}

async function privateNat() {
  const cloud = await testCloud({ transitions: 'fast' });
  const ec2 = cloud.ec2();
  const { subnetId } = await makeNetwork(ec2);
  const { NatGatewayId } = await makePrivateNat(ec2, subnetId);
  await cloud.advance(50);
  return { ...cloud, ec2, subnetId, NatGatewayId };
}

describe('AssociateNatGatewayAddress', () => {
  it('adds an elastic address at a private one of its own', async () => {
    const { ec2, advance, NatGatewayId, AllocationId, PublicIp } = await publicNat();
    const call = await ec2.associateNatGatewayAddress({
      NatGatewayId,
      AllocationIds: [AllocationId],
      PrivateIpAddresses: ['10.0.0.40'],
    });
    const { AssociationId, NetworkInterfaceId } = await lookAtAddress(ec2, AllocationId);
    const added = {
      ...{ AllocationId, AssociationId, PublicIp, NetworkInterfaceId },
      PrivateIp: '10.0.0.40',
      IsPrimary: false,
    };
    expect(call).toMatchObject({
      NatGatewayId,
      NatGatewayAddresses: [{ ...added, Status: 'associating' }],
    });
    await advance(50);
    const { NatGatewayAddresses } = await lookAtNat(ec2, NatGatewayId);
    expect(NatGatewayAddresses[1]).toEqual({ ...added, Status: 'succeeded' });
    expect(addressesOf(await lookAtInterface(ec2, NetworkInterfaceId!))).toEqual([
      '10.0.0.4',
      '10.0.0.40',
    ]);
  });

  it('refuses what is in use, unknown or too much', async () => {
    const { ec2, subnetId, NatGatewayId, AllocationId, first } = await publicNat();
    const add = (AllocationIds: string[], PrivateIpAddresses?: string[]) =>
      ec2.associateNatGatewayAddress({ NatGatewayId, AllocationIds, PrivateIpAddresses });
    await expectError(add([first.AllocationId!]), 'Resource.AlreadyAssociated');
    await expectError(add(['eipalloc-0123456789abcdef0']), 'InvalidAllocationID.NotFound');
    const { PrivateIpAddress } = await makeInterface(ec2, subnetId);
    await expectError(add([AllocationId], [PrivateIpAddress!]), 'InvalidIPAddress.InUse');
    await expectError(add([AllocationId], ['10.0.1.1']), 'InvalidParameterValue');
    await expectError(add([AllocationId], ['10.0.0.50', '10.0.0.51']), 'InvalidParameterValue');
    const third = await allocate(ec2);
    await expectError(add([AllocationId, third.AllocationId]), 'AddressLimitExceeded');
    const zone = { NatGatewayId, AllocationIds: [AllocationId], AvailabilityZone: 'us-east-1a' };
    await expectError(ec2.associateNatGatewayAddress(zone), 'UnsupportedOperation');
  });

  it('is for public gateways that are available', async () => {
    const { ec2, subnetId, NatGatewayId, AllocationId } = await publicNat();
    const other = await makePrivateNat(ec2, subnetId);
    const add = (id: string) =>
      ec2.associateNatGatewayAddress({ NatGatewayId: id, AllocationIds: [AllocationId] });
    await expectError(add(other.NatGatewayId), 'InvalidParameterValue');
    await expectError(add('nat-0123456789abcdef0'), 'NatGatewayNotFound');
    await ec2.deleteNatGateway({ NatGatewayId });
    await expectError(add(NatGatewayId), 'IncorrectState');
  });
});

describe('DisassociateNatGatewayAddress', () => {
  it('takes an address away when it has drained', async () => {
    const { ec2, advance, NatGatewayId, AllocationId, first } = await publicNat();
    await ec2.associateNatGatewayAddress({ NatGatewayId, AllocationIds: [AllocationId] });
    await advance(50);
    const { AssociationId } = await lookAtAddress(ec2, AllocationId);
    const remove = (id: string | undefined) =>
      ec2.disassociateNatGatewayAddress({
        NatGatewayId,
        AssociationIds: [id!],
        MaxDrainDurationSeconds: 10,
      });
    const { NatGatewayAddresses } = await remove(AssociationId);
    expect(NatGatewayAddresses!.map((one) => one.Status)).toEqual(['disassociating']);
    await expectError(remove(AssociationId), 'IncorrectState');
    await expectError(ec2.releaseAddress({ AllocationId }), 'InvalidIPAddress.InUse');
    await advance(50);
    expect((await lookAtNat(ec2, NatGatewayId)).NatGatewayAddresses).toHaveLength(1);
    await expectError(remove(AssociationId), 'InvalidAssociationID.NotFound');
    await ec2.releaseAddress({ AllocationId });
    await expectError(remove(first.AssociationId), 'OperationNotPermitted');
  });

  it('G-015 wants a sensible duration', async () => {
    const { ec2, NatGatewayId, first } = await publicNat();
    for (const MaxDrainDurationSeconds of [0, 4001]) {
      const AssociationIds = [first.AssociationId!];
      const request = { NatGatewayId, AssociationIds, MaxDrainDurationSeconds };
      await expectError(ec2.disassociateNatGatewayAddress(request), 'InvalidParameterValue');
    }
  });
});

describe('private addresses of a private gateway', () => {
  it('are assigned, named or counted, and unassigned when they have drained', async () => {
    const { ec2, advance, NatGatewayId } = await privateNat();
    const named = await ec2.assignPrivateNatGatewayAddress({
      NatGatewayId,
      PrivateIpAddresses: ['10.0.0.30'],
    });
    expect(named.NatGatewayAddresses).toEqual([
      {
        NetworkInterfaceId: expect.stringMatching(/^eni-/),
        PrivateIp: '10.0.0.30',
        IsPrimary: false,
        Status: 'assigning',
      },
    ]);
    await ec2.assignPrivateNatGatewayAddress({ NatGatewayId, PrivateIpAddressCount: 2 });
    await advance(50);
    const look = async () => (await lookAtNat(ec2, NatGatewayId)).NatGatewayAddresses;
    expect((await look()).map((one) => [one.PrivateIp, one.Status])).toEqual([
      ['10.0.0.4', 'succeeded'],
      ['10.0.0.30', 'succeeded'],
      ['10.0.0.5', 'succeeded'],
      ['10.0.0.6', 'succeeded'],
    ]);
    const PrivateIpAddresses = ['10.0.0.5', '10.0.0.30'];
    const going = await ec2.unassignPrivateNatGatewayAddress({ NatGatewayId, PrivateIpAddresses });
    expect(going.NatGatewayAddresses!.map((one) => one.Status)).toEqual([
      'unassigning',
      'unassigning',
    ]);
    await advance(50);
    expect((await look()).map((one) => one.PrivateIp)).toEqual(['10.0.0.4', '10.0.0.6']);
  });

  it('refuses what is not there, the primary one and too many', async () => {
    const { ec2, NatGatewayId } = await privateNat();
    const remove = (address: string) =>
      ec2.unassignPrivateNatGatewayAddress({ NatGatewayId, PrivateIpAddresses: [address] });
    await expectError(remove('10.0.0.77'), 'InvalidParameterValue');
    await expectError(remove('10.0.0.4'), 'OperationNotPermitted');
    const add = (PrivateIpAddressCount: number, PrivateIpAddresses?: string[]) => {
      const request = { NatGatewayId, PrivateIpAddressCount, PrivateIpAddresses };
      return ec2.assignPrivateNatGatewayAddress(request);
    };
    await expectError(add(8), 'PrivateIpAddressLimitExceeded');
    await expectError(add(0), 'InvalidParameterValue');
    await expectError(add(1, ['10.0.0.8']), 'InvalidParameterCombination');
    const { subnetId } = await makePublicNetwork(ec2);
    const { NatGatewayId: other } = await makeNat(ec2, subnetId);
    const call = ec2.assignPrivateNatGatewayAddress({ NatGatewayId: other });
    await expectError(call, 'InvalidParameterValue');
  });
});
