import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  launchOne,
  lookAtInstance,
  makeInterface,
} from '../../../test/support/instance-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';
import { ipv6BlockOf, makeVpc } from '../../../test/support/vpc-fixture.ts';

async function ipv6Only() {
  const { ec2 } = await testCloud();
  const client = ec2();
  const { VpcId } = await makeVpc(client, '10.0.0.0/16', true);
  const Ipv6CidrBlock = await ipv6BlockOf(client, VpcId, 64);
  const { Subnet } = await client.createSubnet({ VpcId, Ipv6CidrBlock, Ipv6Native: true });
  return { client, SubnetId: Subnet!.SubnetId! };
}

describe('an IPv6-only subnet', () => {
  it('gives instances one IPv6 address, no IPv4 address, and a name of their own', async () => {
    const { client, SubnetId } = await ipv6Only();
    const id = await launchOne(client, { SubnetId });
    const instance = await lookAtInstance(client, id);
    expect(instance.Ipv6Address).toMatch(/^2600:/);
    expect(instance.PrivateDnsName).toBe(`${id}.ec2.internal`);
    expect(instance.PrivateIpAddress).toBeUndefined();
    expect(instance.NetworkInterfaces![0]!.PrivateIpAddresses).toEqual([]);
    const { NetworkInterfaces } = await client.describeNetworkInterfaces({});
    expect(NetworkInterfaces).toMatchObject([{ Ipv6Native: true, PrivateIpAddresses: [] }]);
  });

  it('refuses IPv4 addresses, and to take the last IPv6 address away', async () => {
    const { client, SubnetId } = await ipv6Only();
    for (const request of [
      { PrivateIpAddress: '10.0.0.5' },
      { SecondaryPrivateIpAddressCount: 1 },
    ]) {
      const call = makeInterface(client, SubnetId, request);
      await expectError(call, 'InvalidParameterValue', /IPv6-only/);
    }
    const { NetworkInterfaceId, Ipv6Addresses } = await makeInterface(client, SubnetId);
    const last = client.unassignIpv6Addresses({
      NetworkInterfaceId,
      Ipv6Addresses: [Ipv6Addresses![0]!.Ipv6Address!],
    });
    await expectError(last, 'InvalidParameterValue', /last IPv6 address/);
    const count = { NetworkInterfaceId, SecondaryPrivateIpAddressCount: 1 };
    await expectError(client.assignPrivateIpAddresses(count), 'InsufficientFreeAddressesInSubnet');
  });

  it('never maps a public IPv4 address', async () => {
    const { client, SubnetId } = await ipv6Only();
    const id = await launchOne(client, {
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: true }],
    });
    expect((await lookAtInstance(client, id)).PublicIpAddress).toBeUndefined();
  });
});
