import type { InstanceNetworkInterfaceSpecification } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  addressesOf,
  launch,
  launchOne,
  lookAtInstance,
  lookAtInterface,
  makeGroup,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet } from '../../../test/support/vpc-fixture.ts';

async function network(ipv6 = false) {
  const { ec2 } = await testCloud();
  const client = ec2();
  const made = await makeNetwork(client, ipv6);
  const launchWith = (...NetworkInterfaces: InstanceNetworkInterfaceSpecification[]) =>
    launchOne(client, { NetworkInterfaces });
  return { client, ...made, SubnetId: made.subnetId, launchWith };
}

describe('NetworkInterfaces of RunInstances', () => {
  it('make interfaces with all that CreateNetworkInterface can give them', async () => {
    const { client, SubnetId, vpcId, launchWith } = await network(true);
    const group = await makeGroup(client, vpcId, 'web');
    const id = await launchWith({
      DeviceIndex: 0,
      SubnetId,
      Groups: [group],
      Description: 'uplink',
      PrivateIpAddress: '10.0.0.40',
      SecondaryPrivateIpAddressCount: 2,
      Ipv6AddressCount: 1,
      ConnectionTrackingSpecification: { UdpTimeout: 31 },
      InterfaceType: 'interface',
      NetworkCardIndex: 0,
    });
    const instance = await lookAtInstance(client, id);
    const [eni] = instance.NetworkInterfaces!;
    expect(instance.Ipv6Address).toBe(eni!.Ipv6Addresses![0]!.Ipv6Address);
    expect(eni).toMatchObject({
      Description: 'uplink',
      Groups: [{ GroupId: group }],
      ConnectionTrackingConfiguration: { UdpTimeout: 31 },
      Attachment: { DeviceIndex: 0, DeleteOnTermination: true },
    });
    expect(addressesOf(eni!)).toEqual(['10.0.0.40', '10.0.0.4', '10.0.0.5']);
  });

  it('may be several, in the order of their device indexes, with no public address', async () => {
    const { client, SubnetId, vpcId, launchWith } = await network();
    const MapPublicIpOnLaunch = { Value: true };
    await client.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch });
    const second = await makeSubnet(client, vpcId, '10.0.1.0/24');
    const id = await launchWith(
      { DeviceIndex: 2, SubnetId: second.SubnetId, DeleteOnTermination: false },
      { DeviceIndex: 0, SubnetId },
    );
    const instance = await lookAtInstance(client, id);
    expect(instance.NetworkInterfaces).toMatchObject([
      { SubnetId, Attachment: { DeviceIndex: 0 } },
      { SubnetId: second.SubnetId, Attachment: { DeviceIndex: 2, DeleteOnTermination: false } },
    ]);
    expect(instance).toMatchObject({ SubnetId, PrivateIpAddress: '10.0.0.4' });
    expect(instance.PublicIpAddress).toBeUndefined();
  });

  it('may exist already, and then outlive the instance', async () => {
    const { client, SubnetId, launchWith } = await network();
    const { NetworkInterfaceId, PrivateIpAddress } = await makeInterface(client, SubnetId);
    const id = await launchWith({ DeviceIndex: 0, NetworkInterfaceId });
    expect(await lookAtInstance(client, id)).toMatchObject({
      PrivateIpAddress,
      NetworkInterfaces: [{ NetworkInterfaceId, Attachment: { DeleteOnTermination: false } }],
    });
    const again = launchWith({ DeviceIndex: 0, NetworkInterfaceId });
    const message = `Interface: [${NetworkInterfaceId}] in use.`;
    await expectError(again, 'InvalidNetworkInterface.InUse', message);
    await client.terminateInstances({ InstanceIds: [id] });
    expect((await lookAtInterface(client, NetworkInterfaceId)).Status).toBe('available');
    await launchWith({ DeviceIndex: 0, NetworkInterfaceId });
  });

  it('take the default subnet when they name none', async () => {
    const { client, launchWith } = await network();
    const id = await launchWith({ DeviceIndex: 0, AssociatePublicIpAddress: false });
    const instance = await lookAtInstance(client, id);
    expect(instance.PrivateIpAddress).toBe('172.31.0.4');
    expect(instance.PublicIpAddress).toBeUndefined();
  });

  it('are refused where they contradict each other', async () => {
    const { client, SubnetId, groupId, launchWith } = await network();
    const { NetworkInterfaceId } = await makeInterface(client, SubnetId);
    const first = { DeviceIndex: 0, SubnetId };
    const refused: InstanceNetworkInterfaceSpecification[][] = [
      [{ DeviceIndex: 1, SubnetId }],
      [first, first],
      [{ DeviceIndex: 0, NetworkInterfaceId, SubnetId }],
      [{ DeviceIndex: 0, NetworkInterfaceId, Groups: [groupId] }],
      [{ DeviceIndex: 0, NetworkInterfaceId, AssociatePublicIpAddress: true }],
      [
        { ...first, AssociatePublicIpAddress: true },
        { DeviceIndex: 1, SubnetId },
      ],
      [first, { DeviceIndex: 1, SubnetId, AssociatePublicIpAddress: true }],
    ];
    for (const interfaces of refused) {
      await expectError(launchWith(...interfaces), 'InvalidParameterCombination');
    }
    await expectError(launchWith({ SubnetId }), 'MissingParameter');
    await expectError(launchWith({ DeviceIndex: -1, SubnetId }), 'InvalidParameterValue');
    await expectError(launchWith({ ...first, InterfaceType: 'nic' }), 'InvalidParameterValue');
    await expectError(launchWith({ ...first, InterfaceType: 'efa' }), 'UnsupportedOperation');
    await expectError(launchWith({ ...first, NetworkCardIndex: 1 }), 'InvalidParameterValue');
    const primary = launchWith({ ...first, PrimaryIpv6: true });
    await expectError(primary, 'UnsupportedOperation', /PrimaryIpv6/);
    expect((await client.describeInstances({})).Reservations).toEqual([]);
  });

  it('stand alone: no subnet, group or address beside them', async () => {
    const { client, SubnetId, groupId } = await network();
    const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId }];
    for (const beside of [
      { SubnetId },
      { SecurityGroupIds: [groupId] },
      { SecurityGroups: ['default'] },
      { PrivateIpAddress: '10.0.0.9' },
      { Ipv6AddressCount: 1 },
    ]) {
      const call = launchOne(client, { NetworkInterfaces, ...beside });
      await expectError(call, 'InvalidParameterCombination', /instance-level/);
    }
  });

  it('are one instance’s when they name an interface or an address', async () => {
    const { client, SubnetId } = await network(true);
    const { NetworkInterfaceId } = await makeInterface(client, SubnetId);
    for (const specification of [
      { DeviceIndex: 0, NetworkInterfaceId },
      { DeviceIndex: 0, SubnetId, PrivateIpAddress: '10.0.0.9' },
      { DeviceIndex: 0, SubnetId, PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.9' }] },
    ]) {
      const call = launch(client, { MaxCount: 2, NetworkInterfaces: [specification] });
      await expectError(call, 'InvalidParameterCombination', /more than one instance/);
    }
  });

  it('are all in one zone, and no more than the type allows', async () => {
    const { client, vpcId, SubnetId, launchWith } = await network();
    const { Subnet } = await client.createSubnet({
      VpcId: vpcId,
      CidrBlock: '10.0.9.0/24',
      AvailabilityZone: 'us-east-1b',
    });
    const elsewhere = { DeviceIndex: 1, SubnetId: Subnet!.SubnetId! };
    const apart = launchWith({ DeviceIndex: 0, SubnetId }, elsewhere);
    await expectError(apart, 'InvalidParameterCombination', /availability zone/);
    const four = [0, 1, 2, 3].map((DeviceIndex) => ({ DeviceIndex, SubnetId }));
    const message = 'Interface count 4 exceeds the limit for t3.small';
    await expectError(launchWith(...four), 'AttachmentLimitExceeded', message);
    const crowded = launchWith({ DeviceIndex: 0, SubnetId, SecondaryPrivateIpAddressCount: 4 });
    await expectError(crowded, 'PrivateIpAddressLimitExceeded');
    expect(await launchWith(...four.slice(0, 3))).toMatch(/^i-/);
  });

  it('A-016 count every address an instance takes', async () => {
    const { client, vpcId } = await network();
    const { SubnetId } = await makeSubnet(client, vpcId, '10.0.1.0/28');
    const NetworkInterfaces = [
      { DeviceIndex: 0, SubnetId, SecondaryPrivateIpAddressCount: 1 },
      { DeviceIndex: 1, SubnetId },
    ];
    expect(await launch(client, { MaxCount: 9, NetworkInterfaces })).toHaveLength(3);
    const more = launch(client, { NetworkInterfaces });
    await expectError(more, 'InsufficientFreeAddressesInSubnet');
  });
});
