import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  addressesOf,
  launchOne,
  lookAtInterface,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';

async function withInterface(ipv6 = false) {
  const { ec2 } = await testCloud();
  const client = ec2();
  const network = await makeNetwork(client, ipv6);
  const { NetworkInterfaceId } = await makeInterface(client, network.subnetId);
  const addresses = async (id = NetworkInterfaceId) =>
    addressesOf(await lookAtInterface(client, id));
  return { client, ...network, NetworkInterfaceId, addresses };
}

describe('AssignPrivateIpAddresses', () => {
  it('assigns free addresses and named ones', async () => {
    const { client, NetworkInterfaceId, addresses } = await withInterface();
    const counted = await client.assignPrivateIpAddresses({
      NetworkInterfaceId,
      SecondaryPrivateIpAddressCount: 2,
    });
    expect(counted).toMatchObject({
      NetworkInterfaceId,
      AssignedPrivateIpAddresses: [
        { PrivateIpAddress: '10.0.0.5' },
        { PrivateIpAddress: '10.0.0.6' },
      ],
    });
    const PrivateIpAddresses = ['10.0.0.77'];
    await client.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses });
    expect(await addresses()).toEqual(['10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.77']);
  });

  it('moves a secondary address only where reassignment is allowed', async () => {
    const { client, subnetId, NetworkInterfaceId, addresses } = await withInterface();
    const other = await makeInterface(client, subnetId, {
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.0.20', Primary: true },
        { PrivateIpAddress: '10.0.0.21' },
      ],
    });
    const request = { NetworkInterfaceId, PrivateIpAddresses: ['10.0.0.21'] };
    await expectError(client.assignPrivateIpAddresses(request), 'Resource.AlreadyAssigned');
    expect(await addresses(other.NetworkInterfaceId)).toEqual(['10.0.0.20', '10.0.0.21']);
    await client.assignPrivateIpAddresses({ ...request, AllowReassignment: true });
    expect(await addresses()).toEqual(['10.0.0.4', '10.0.0.21']);
    expect(await addresses(other.NetworkInterfaceId)).toEqual(['10.0.0.20']);
    // What the interface has already stays as it is.
    await client.assignPrivateIpAddresses({ ...request, AllowReassignment: true });
    expect(await addresses()).toEqual(['10.0.0.4', '10.0.0.21']);
  });

  it('never moves a primary address', async () => {
    const { client, subnetId, NetworkInterfaceId } = await withInterface();
    await makeInterface(client, subnetId, { PrivateIpAddress: '10.0.0.20' });
    for (const address of ['10.0.0.20', '10.0.0.4']) {
      const call = client.assignPrivateIpAddresses({
        NetworkInterfaceId,
        PrivateIpAddresses: [address],
        AllowReassignment: true,
      });
      await expectError(call, 'Resource.AlreadyAssigned', /10\.0\.0\.(20|4)\b/);
    }
  });

  it('A-013 refuses addresses outside the subnet or reserved', async () => {
    const { client, NetworkInterfaceId } = await withInterface();
    for (const address of ['10.0.1.4', '10.0.0.1', '10.0.0.255']) {
      const call = client.assignPrivateIpAddresses({
        NetworkInterfaceId,
        PrivateIpAddresses: [address],
      });
      await expectError(call, 'InvalidParameterValue', new RegExp(`Address ${address} `));
    }
  });

  it('keeps to the limit of the instance type, or of an interface by itself', async () => {
    const { client, subnetId, NetworkInterfaceId } = await withInterface();
    await client.assignPrivateIpAddresses({
      NetworkInterfaceId,
      SecondaryPrivateIpAddressCount: 49,
    });
    const more = { NetworkInterfaceId, SecondaryPrivateIpAddressCount: 1 };
    await expectError(client.assignPrivateIpAddresses(more), 'PrivateIpAddressLimitExceeded');
    const InstanceId = await launchOne(client, { SubnetId: subnetId, InstanceType: 't3.small' });
    const Filters = [{ Name: 'attachment.instance-id', Values: [InstanceId] }];
    const { NetworkInterfaces } = await client.describeNetworkInterfaces({ Filters });
    const attached = { NetworkInterfaceId: NetworkInterfaces![0]!.NetworkInterfaceId! };
    await client.assignPrivateIpAddresses({ ...attached, SecondaryPrivateIpAddressCount: 3 });
    const fifth = { ...attached, SecondaryPrivateIpAddressCount: 1 };
    await expectError(client.assignPrivateIpAddresses(fifth), 'PrivateIpAddressLimitExceeded');
  });

  it('wants either addresses or a number', async () => {
    const { client, NetworkInterfaceId } = await withInterface();
    const none = client.assignPrivateIpAddresses({ NetworkInterfaceId });
    await expectError(none, 'MissingParameter');
    const both = client.assignPrivateIpAddresses({
      NetworkInterfaceId,
      PrivateIpAddresses: ['10.0.0.9'],
      SecondaryPrivateIpAddressCount: 1,
    });
    await expectError(both, 'InvalidParameterCombination');
  });
});

describe('UnassignPrivateIpAddresses', () => {
  it('frees secondary addresses, never the primary one', async () => {
    const { client, subnetId, NetworkInterfaceId, addresses } = await withInterface();
    await client.assignPrivateIpAddresses({
      NetworkInterfaceId,
      SecondaryPrivateIpAddressCount: 2,
    });
    await client.unassignPrivateIpAddresses({
      NetworkInterfaceId,
      PrivateIpAddresses: ['10.0.0.5'],
    });
    expect(await addresses()).toEqual(['10.0.0.4', '10.0.0.6']);
    expect((await makeInterface(client, subnetId)).PrivateIpAddress).toBe('10.0.0.5');
    const primary = client.unassignPrivateIpAddresses({
      NetworkInterfaceId,
      PrivateIpAddresses: ['10.0.0.4'],
    });
    await expectError(primary, 'InvalidParameterValue', /primary/);
    const absent = client.unassignPrivateIpAddresses({
      NetworkInterfaceId,
      PrivateIpAddresses: ['10.0.0.6', '10.0.0.99'],
    });
    await expectError(absent, 'InvalidParameterValue', /10\.0\.0\.99/);
    expect(await addresses()).toEqual(['10.0.0.4', '10.0.0.6']);
    const none = client.unassignPrivateIpAddresses({ NetworkInterfaceId });
    await expectError(none, 'MissingParameter');
  });
});

describe('AssignIpv6Addresses', () => {
  it('assigns addresses of the block by number and by name', async () => {
    const { client, subnetId, NetworkInterfaceId } = await withInterface(true);
    const counted = await client.assignIpv6Addresses({ NetworkInterfaceId, Ipv6AddressCount: 2 });
    const [first, second] = counted.AssignedIpv6Addresses!;
    expect(second).not.toBe(first);
    const { Subnets } = await client.describeSubnets({ SubnetIds: [subnetId] });
    const block = Subnets![0]!.Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!;
    const named = block.replace('::/64', '::abcd');
    const Ipv6Addresses = [named];
    await client.assignIpv6Addresses({ NetworkInterfaceId, Ipv6Addresses });
    const shown = (await lookAtInterface(client, NetworkInterfaceId)).Ipv6Addresses;
    expect(shown!.map(({ Ipv6Address }) => Ipv6Address)).toEqual([first, second, named]);
    const again = client.assignIpv6Addresses({ NetworkInterfaceId, Ipv6Addresses });
    await expectError(again, 'Resource.AlreadyAssigned');
    const outside = client.assignIpv6Addresses({
      NetworkInterfaceId,
      Ipv6Addresses: ['2001:db8::5'],
    });
    await expectError(outside, 'InvalidParameterValue', /range/);
  });

  it('needs a block and a number or addresses', async () => {
    const without = await withInterface();
    const { NetworkInterfaceId } = without;
    const call = without.client.assignIpv6Addresses({ NetworkInterfaceId, Ipv6AddressCount: 1 });
    await expectError(call, 'InvalidParameterValue', /IPv6 CIDR/);
    const none = without.client.assignIpv6Addresses({ NetworkInterfaceId });
    await expectError(none, 'MissingParameter');
  });

  it('are given back by UnassignIpv6Addresses', async () => {
    const { client, NetworkInterfaceId } = await withInterface(true);
    const { AssignedIpv6Addresses } = await client.assignIpv6Addresses({
      NetworkInterfaceId,
      Ipv6AddressCount: 2,
    });
    const [first, second] = AssignedIpv6Addresses!;
    const answer = await client.unassignIpv6Addresses({
      NetworkInterfaceId,
      Ipv6Addresses: [first!],
    });
    expect(answer).toMatchObject({ NetworkInterfaceId, UnassignedIpv6Addresses: [first] });
    expect((await lookAtInterface(client, NetworkInterfaceId)).Ipv6Addresses).toMatchObject([
      { Ipv6Address: second },
    ]);
    const again = client.unassignIpv6Addresses({ NetworkInterfaceId, Ipv6Addresses: [first!] });
    await expectError(again, 'InvalidParameterValue', /not assigned/);
    await expectError(client.unassignIpv6Addresses({ NetworkInterfaceId }), 'MissingParameter');
  });
});
