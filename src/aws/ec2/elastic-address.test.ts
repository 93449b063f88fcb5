import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  allocate,
  lookAtAddress,
  makePublicNetwork,
} from '../../../test/support/elastic-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  launchOne,
  lookAtInstance,
  lookAtInterface,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

const UNKNOWN = 'eipalloc-0123456789abcdef0';

describe('AllocateAddress', () => {
  it('G-033 G-047 gives an address of the Region, in no use', async () => {
    const { ec2 } = await testCloud();
    const made = await ec2().allocateAddress({
      Domain: 'vpc',
      NetworkBorderGroup: 'us-east-1',
      PublicIpv4Pool: 'amazon',
      TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'Name', Value: 'a' }] }],
    });
    expect(made).toMatchObject({
      AllocationId: expect.stringMatching(/^eipalloc-[0-9a-f]{17}$/),
      PublicIp: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      Domain: 'vpc',
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: 'us-east-1',
    });
    expect(await lookAtAddress(ec2(), made.AllocationId!)).toEqual({
      AllocationId: made.AllocationId,
      PublicIp: made.PublicIp,
      Domain: 'vpc',
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: 'us-east-1',
      Tags: [{ Key: 'Name', Value: 'a' }],
    });
  });

  it('G-023 G-028 stops at five in a Region and obeys DryRun', async () => {
    const { ec2 } = await testCloud();
    await expectError(ec2().allocateAddress({ DryRun: true }), 'DryRunOperation');
    for (let count = 0; count < 5; count++) await allocate(ec2());
    await expectError(allocate(ec2()), 'AddressLimitExceeded');
    await allocate(ec2(OTHER_ACCOUNT));
    await allocate(ec2(undefined, 'eu-west-1'));
  });

  it.each([
    [{ NetworkBorderGroup: 'us-east-1-wl1-bos-wlz-1' }, 'InvalidParameterValue'],
    [{ Domain: 'standard' as const }, 'InvalidParameterValue'],
    [{ PublicIpv4Pool: 'ipv4pool-ec2-012345' }, 'UnsupportedOperation'],
    [{ Address: '3.80.0.1' }, 'UnsupportedOperation'],
    [{ IpamPoolId: 'ipam-pool-0123' }, 'UnsupportedOperation'],
  ])('refuses %o', async (request, code) => {
    const { ec2 } = await testCloud();
    await expectError(ec2().allocateAddress(request), code);
  });
});

describe('ReleaseAddress', () => {
  it('gives the address back, by its allocation or by itself', async () => {
    const { ec2 } = await testCloud();
    const one = await allocate(ec2());
    const two = await allocate(ec2());
    await ec2().releaseAddress({ AllocationId: one.AllocationId });
    await ec2().releaseAddress({ PublicIp: two.PublicIp, NetworkBorderGroup: 'us-east-1' });
    expect((await ec2().describeAddresses({})).Addresses).toEqual([]);
    const gone = ec2().releaseAddress({ AllocationId: one.AllocationId });
    const message = `The allocation ID '${one.AllocationId}' does not exist`;
    await expectError(gone, 'InvalidAllocationID.NotFound', message);
  });

  it('G-016 G-025 names what is wrong with a name', async () => {
    const { ec2 } = await testCloud();
    const { AllocationId, PublicIp } = await allocate(ec2());
    const other = ec2(OTHER_ACCOUNT);
    await expectError(other.releaseAddress({ AllocationId }), 'InvalidAllocationID.NotFound');
    await expectError(other.releaseAddress({ PublicIp }), 'AuthFailure');
    await expectError(
      ec2(undefined, 'eu-west-1').releaseAddress({ PublicIp }),
      'InvalidAddress.NotFound',
    );
    await expectError(
      ec2().releaseAddress({ AllocationId: 'eipalloc-1' }),
      'InvalidAllocationID.Malformed',
    );
    await expectError(ec2().releaseAddress({ PublicIp: '192.0.2.1' }), 'InvalidAddress.NotFound');
    await expectError(ec2().releaseAddress({ PublicIp: 'x' }), 'InvalidParameterValue');
    await expectError(ec2().releaseAddress({}), 'MissingParameter');
    const both = ec2().releaseAddress({ AllocationId, PublicIp });
    await expectError(both, 'InvalidParameterCombination');
    const elsewhere = ec2().releaseAddress({ AllocationId, NetworkBorderGroup: 'us-east-2' });
    await expectError(elsewhere, 'InvalidAddress.NotFound');
  });

  it('keeps one that is associated', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const { AllocationId } = await allocate(ec2());
    const { NetworkInterfaceId } = await makeInterface(ec2(), subnetId);
    await ec2().associateAddress({ AllocationId, NetworkInterfaceId });
    await expectError(ec2().releaseAddress({ AllocationId }), 'InvalidIPAddress.InUse');
  });
});

/** An elastic address at the primary address of an instance that Amazon had given one. */
async function associated(ec2: EC2) {
  const network = await makePublicNetwork(ec2);
  const InstanceId = await launchOne(ec2, {
    NetworkInterfaces: [
      { DeviceIndex: 0, SubnetId: network.subnetId, AssociatePublicIpAddress: true },
    ],
  });
  const before = await lookAtInstance(ec2, InstanceId);
  const { AllocationId, PublicIp } = await allocate(ec2);
  const { AssociationId } = await ec2.associateAddress({ AllocationId, InstanceId });
  const eni = before.NetworkInterfaces![0]!.NetworkInterfaceId!;
  return { network, InstanceId, before, AllocationId, PublicIp, AssociationId, eni };
}

describe('AssociateAddress', () => {
  it('A-089 G-047 takes the place of the address that Amazon had given', async () => {
    const { ec2 } = await testCloud();
    const { InstanceId, before, AllocationId, PublicIp, AssociationId, eni } = await associated(
      ec2(),
    );
    expect(AssociationId).toMatch(/^eipassoc-[0-9a-f]{17}$/);
    expect(before.PublicIpAddress).not.toBe(PublicIp);
    const after = await lookAtInstance(ec2(), InstanceId);
    expect(after.PublicIpAddress).toBe(PublicIp);
    expect(after.NetworkInterfaces![0]!.Association).toMatchObject({
      IpOwnerId: '111111111111',
      PublicIp,
    });
    const { Association, PrivateIpAddresses } = await lookAtInterface(ec2(), eni);
    const shown = { AllocationId, AssociationId, PublicIp, IpOwnerId: '111111111111' };
    expect(Association).toMatchObject(shown);
    expect(PrivateIpAddresses![0]!.Association).toMatchObject(shown);
    expect(await lookAtAddress(ec2(), AllocationId)).toMatchObject({
      InstanceId,
      NetworkInterfaceId: eni,
      NetworkInterfaceOwnerId: '111111111111',
      PrivateIpAddress: before.PrivateIpAddress,
      AssociationId,
    });
  });

  it('stays while the instance is stopped and started', async () => {
    const { ec2 } = await testCloud();
    const { InstanceId, PublicIp } = await associated(ec2());
    await ec2().stopInstances({ InstanceIds: [InstanceId] });
    expect((await lookAtInstance(ec2(), InstanceId)).PublicIpAddress).toBe(PublicIp);
    await ec2().startInstances({ InstanceIds: [InstanceId] });
    expect((await lookAtInstance(ec2(), InstanceId)).PublicIpAddress).toBe(PublicIp);
  });

  it('ends with the instance: the address stays its owner’s', async () => {
    const { ec2 } = await testCloud();
    const { InstanceId, AllocationId } = await associated(ec2());
    await ec2().terminateInstances({ InstanceIds: [InstanceId] });
    const address = await lookAtAddress(ec2(), AllocationId);
    expect(address).not.toHaveProperty('AssociationId');
    expect(address).not.toHaveProperty('InstanceId');
  });

  it('stands at the private address named, or at the primary one', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const made = await makeInterface(ec2(), subnetId, { SecondaryPrivateIpAddressCount: 1 });
    const { NetworkInterfaceId } = made;
    const [primary, secondary] = made.PrivateIpAddresses!.map((one) => one.PrivateIpAddress!);
    const one = await allocate(ec2());
    const two = await allocate(ec2());
    await ec2().associateAddress({ AllocationId: one.AllocationId, NetworkInterfaceId });
    await ec2().associateAddress({
      PublicIp: two.PublicIp,
      NetworkInterfaceId,
      PrivateIpAddress: secondary,
    });
    const addresses = [one, two].map(({ AllocationId }) => lookAtAddress(ec2(), AllocationId));
    const at = (await Promise.all(addresses)).map((address) => address.PrivateIpAddress);
    expect(at).toEqual([primary, secondary]);
    const absent = ec2().associateAddress({
      AllocationId: one.AllocationId,
      NetworkInterfaceId,
      PrivateIpAddress: '10.0.0.200',
    });
    await expectError(absent, 'InvalidParameterValue');
  });

  it('G-024 moves, unless that is forbidden', async () => {
    const { ec2 } = await testCloud();
    const { network, AllocationId, AssociationId, InstanceId, eni } = await associated(ec2());
    const { NetworkInterfaceId } = await makeInterface(ec2(), network.subnetId);
    const forbidden = { AllocationId, NetworkInterfaceId, AllowReassociation: false };
    await expectError(ec2().associateAddress(forbidden), 'Resource.AlreadyAssociated');
    const again = await ec2().associateAddress({ AllocationId, InstanceId });
    expect(again.AssociationId).toBe(AssociationId);
    const moved = await ec2().associateAddress({ AllocationId, NetworkInterfaceId });
    expect(moved.AssociationId).not.toBe(AssociationId);
    expect(await lookAtInterface(ec2(), eni)).not.toHaveProperty('Association');
    expect((await lookAtAddress(ec2(), AllocationId)).NetworkInterfaceId).toBe(NetworkInterfaceId);
  });

  it('moves between two addresses of one interface', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const made = await makeInterface(ec2(), subnetId, { SecondaryPrivateIpAddressCount: 1 });
    const { NetworkInterfaceId } = made;
    const PrivateIpAddress = made.PrivateIpAddresses![1]!.PrivateIpAddress!;
    const { AllocationId, PublicIp } = await allocate(ec2());
    await ec2().associateAddress({ AllocationId, NetworkInterfaceId });
    await ec2().associateAddress({ AllocationId, NetworkInterfaceId, PrivateIpAddress });
    const { PrivateIpAddresses } = await lookAtInterface(ec2(), NetworkInterfaceId);
    const publicIps = PrivateIpAddresses!.map(({ Association }) => Association?.PublicIp);
    expect(publicIps).toEqual([undefined, PublicIp]);
  });

  it('takes the place of another elastic address, unless that is forbidden', async () => {
    const { ec2 } = await testCloud();
    const first = await associated(ec2());
    const { AllocationId } = await allocate(ec2());
    const request = { AllocationId, InstanceId: first.InstanceId };
    const forbidden = ec2().associateAddress({ ...request, AllowReassociation: false });
    await expectError(forbidden, 'Resource.AlreadyAssociated');
    await ec2().associateAddress(request);
    const address = await lookAtAddress(ec2(), first.AllocationId);
    expect(address).not.toHaveProperty('AssociationId');
  });

  it('moves with a secondary address that is assigned anew', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const from = await makeInterface(ec2(), subnetId, { SecondaryPrivateIpAddressCount: 1 });
    const to = await makeInterface(ec2(), subnetId);
    const PrivateIpAddress = from.PrivateIpAddresses![1]!.PrivateIpAddress!;
    const { AllocationId } = await allocate(ec2());
    const { NetworkInterfaceId } = from;
    await ec2().associateAddress({ AllocationId, NetworkInterfaceId, PrivateIpAddress });
    await ec2().assignPrivateIpAddresses({
      NetworkInterfaceId: to.NetworkInterfaceId,
      PrivateIpAddresses: [PrivateIpAddress],
      AllowReassignment: true,
    });
    const address = await lookAtAddress(ec2(), AllocationId);
    expect(address.NetworkInterfaceId).toBe(to.NetworkInterfaceId);
    await ec2().unassignPrivateIpAddresses({
      NetworkInterfaceId: to.NetworkInterfaceId,
      PrivateIpAddresses: [PrivateIpAddress],
    });
    expect(await lookAtAddress(ec2(), AllocationId)).not.toHaveProperty('AssociationId');
  });

  it('A-092 needs a gateway to translate', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makeNetwork(ec2());
    const { NetworkInterfaceId } = await makeInterface(ec2(), subnetId);
    const { AllocationId } = await allocate(ec2());
    const call = ec2().associateAddress({ AllocationId, NetworkInterfaceId });
    await expectError(call, 'Gateway.NotAttached', /is not attached to any internet gateway/);
  });

  it('A-055 G-015 names what is wrong with a target', async () => {
    const { ec2 } = await testCloud();
    const { subnetId } = await makePublicNetwork(ec2());
    const { AllocationId } = await allocate(ec2());
    const InstanceId = await launchOne(ec2(), {
      NetworkInterfaces: [
        { DeviceIndex: 0, SubnetId: subnetId },
        { DeviceIndex: 1, SubnetId: subnetId },
      ],
    });
    await expectError(ec2().associateAddress({ AllocationId, InstanceId }), 'InvalidInstanceID');
    await expectError(ec2().associateAddress({ AllocationId }), 'MissingParameter');
    await expectError(ec2().associateAddress({ InstanceId }), 'MissingParameter');
    const NetworkInterfaceId = 'eni-0123456789abcdef0';
    const both = ec2().associateAddress({ AllocationId, InstanceId, NetworkInterfaceId });
    await expectError(both, 'InvalidParameterCombination');
    await expectError(
      ec2().associateAddress({ AllocationId, NetworkInterfaceId }),
      'InvalidNetworkInterfaceID.NotFound',
    );
    await expectError(
      ec2().associateAddress({ AllocationId: UNKNOWN, InstanceId }),
      'InvalidAllocationID.NotFound',
    );
  });
});

describe('DisassociateAddress', () => {
  it('frees the address; Amazon gives none in its place', async () => {
    const { ec2 } = await testCloud();
    const { AssociationId, InstanceId, PublicIp } = await associated(ec2());
    await ec2().disassociateAddress({ AssociationId });
    expect(await lookAtInstance(ec2(), InstanceId)).not.toHaveProperty('PublicIpAddress');
    await expectError(
      ec2().disassociateAddress({ AssociationId }),
      'InvalidAssociationID.NotFound',
    );
    await ec2().disassociateAddress({ PublicIp });
    await ec2().associateAddress({ PublicIp, InstanceId });
    await ec2().disassociateAddress({ PublicIp });
    expect(await lookAtInstance(ec2(), InstanceId)).not.toHaveProperty('PublicIpAddress');
  });

  it('G-016 G-025 refuses associations that are not there', async () => {
    const { ec2 } = await testCloud();
    const { AssociationId } = await associated(ec2());
    await expectError(
      ec2(OTHER_ACCOUNT).disassociateAddress({ AssociationId }),
      'InvalidAssociationID.NotFound',
    );
    const malformed = ec2().disassociateAddress({ AssociationId: 'eipassoc-1' });
    await expectError(malformed, 'InvalidAssociationID.Malformed');
    await expectError(ec2().disassociateAddress({}), 'MissingParameter');
  });

  it('G-019 a gateway cannot be detached while an address is mapped', async () => {
    const { ec2 } = await testCloud();
    const { network, AssociationId } = await associated(ec2());
    const { gatewayId: InternetGatewayId, vpcId: VpcId } = network;
    const detach = () => ec2().detachInternetGateway({ InternetGatewayId, VpcId });
    await expectError(detach(), 'DependencyViolation', /mapped public address/);
    await ec2().disassociateAddress({ AssociationId });
    await detach();
  });
});

describe('DescribeAddresses', () => {
  it('G-037 G-040 G-041 finds by every filter, by allocation and by address', async () => {
    const { ec2 } = await testCloud();
    const { AllocationId, PublicIp, AssociationId, InstanceId, eni, before } = await associated(
      ec2(),
    );
    const free = await allocate(ec2());
    await ec2().createTags({
      Resources: [AllocationId],
      Tags: [{ Key: 'Name', Value: 'here' }],
    });
    const values: Record<string, string> = {
      'allocation-id': AllocationId,
      'association-id': AssociationId!,
      'instance-id': InstanceId,
      'network-interface-id': eni,
      'network-interface-owner-id': '111111111111',
      'private-ip-address': before.PrivateIpAddress!,
      'public-ip': PublicIp,
      'tag:Name': 'here',
      'tag-key': 'Name',
    };
    for (const [Name, value] of Object.entries(values)) {
      const { Addresses } = await ec2().describeAddresses({ Filters: [{ Name, Values: [value] }] });
      expect([Name, Addresses!.map((one) => one.AllocationId)]).toEqual([Name, [AllocationId]]);
    }
    const Filters = [{ Name: 'network-border-group', Values: ['us-east-1'] }];
    expect((await ec2().describeAddresses({ Filters })).Addresses).toHaveLength(2);
    const named = await ec2().describeAddresses({
      PublicIps: [free.PublicIp],
      AllocationIds: [free.AllocationId],
    });
    expect(named.Addresses!.map((one) => one.AllocationId)).toEqual([free.AllocationId]);
    const unknown = ec2().describeAddresses({ AllocationIds: [AllocationId, UNKNOWN] });
    await expectError(unknown, 'InvalidAllocationID.NotFound');
    const absent = ec2().describeAddresses({ PublicIps: ['192.0.2.1'] });
    await expectError(absent, 'InvalidAddress.NotFound');
  });

  it('filters interfaces by the elastic address they have', async () => {
    const { ec2 } = await testCloud();
    const { AllocationId, AssociationId, eni } = await associated(ec2());
    const values = {
      'association.allocation-id': AllocationId,
      'association.association-id': AssociationId!,
      'association.ip-owner-id': '111111111111',
      'addresses.association.owner-id': '111111111111',
    };
    for (const [Name, value] of Object.entries(values)) {
      const found = await ec2().describeNetworkInterfaces({ Filters: [{ Name, Values: [value] }] });
      expect(found.NetworkInterfaces!.map((one) => one.NetworkInterfaceId)).toEqual([eni]);
    }
  });
});
