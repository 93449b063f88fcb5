import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  addressesOf,
  launchOne,
  lookAtInterface,
  makeGroup,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

async function network(options: Parameters<typeof testCloud>[0] & { ipv6?: boolean } = {}) {
  const test = await testCloud(options);
  const client = test.ec2();
  return { ...test, client, ...(await makeNetwork(client, options.ipv6)) };
}

describe('CreateNetworkInterface', () => {
  it('G-046 answers pending and becomes available', async () => {
    const { client, subnetId, vpcId, groupId, advance } = await network({ transitions: 'fast' });
    const made = await makeInterface(client, subnetId, { Description: 'one' });
    expect(made).toMatchObject({
      Status: 'pending',
      SubnetId: subnetId,
      VpcId: vpcId,
      OwnerId: '111111111111',
      Description: 'one',
      InterfaceType: 'interface',
      RequesterManaged: false,
      SourceDestCheck: true,
      AvailabilityZone: 'us-east-1a',
      AvailabilityZoneId: 'use1-az1',
      Groups: [{ GroupId: groupId, GroupName: 'default' }],
    });
    expect(made.Attachment).toBeUndefined();
    expect(made.Association).toBeUndefined();
    await advance(100);
    expect(await lookAtInterface(client, made.NetworkInterfaceId)).toMatchObject({
      Status: 'available',
    });
  });

  it('G-047 has an id of 17 hexadecimal digits and a locally administered MAC of its own', async () => {
    const { client, subnetId } = await network();
    const macs = new Set<string>();
    for (let count = 0; count < 5; count++) {
      const made = await makeInterface(client, subnetId);
      expect(made.NetworkInterfaceId).toMatch(/^eni-[0-9a-f]{17}$/);
      expect(made.MacAddress).toMatch(/^02(:[0-9a-f]{2}){5}$/);
      macs.add(made.MacAddress!);
    }
    expect(macs.size).toBe(5);
  });

  it('A-013 takes the first free address after the four reserved ones', async () => {
    const { client, subnetId } = await network();
    const addresses = [];
    for (let count = 0; count < 3; count++) {
      addresses.push((await makeInterface(client, subnetId)).PrivateIpAddress);
    }
    expect(addresses).toEqual(['10.0.0.4', '10.0.0.5', '10.0.0.6']);
  });

  it.each(['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.255'])(
    'A-013 refuses the reserved address %s',
    async (PrivateIpAddress) => {
      const { client, subnetId } = await network();
      const call = makeInterface(client, subnetId, { PrivateIpAddress });
      await expectError(call, 'InvalidParameterValue', /reserved/);
    },
  );

  it('A-014 refuses the reserved addresses of an IPv6 block', async () => {
    const { client, subnetId } = await network({ ipv6: true });
    const made = await makeInterface(client, subnetId, { Ipv6AddressCount: 1 });
    const prefix = made.Ipv6Addresses![0]!.Ipv6Address!.split(':').slice(0, 4).join(':');
    for (const host of ['::', '::1', '::2', '::3', ':ffff:ffff:ffff:ffff']) {
      const Ipv6Addresses = [{ Ipv6Address: `${prefix}${host}` }];
      const call = makeInterface(client, subnetId, { Ipv6Addresses });
      await expectError(call, 'InvalidParameterValue', /reserved/);
    }
    const Ipv6Addresses = [{ Ipv6Address: `${prefix}::4` }];
    const named = await makeInterface(client, subnetId, { Ipv6Addresses });
    expect(named.Ipv6Addresses).toMatchObject(Ipv6Addresses);
  });

  it('A-016 refuses when the subnet has too few free addresses', async () => {
    const { client, vpcId } = await network();
    const { SubnetId } = await makeSubnet(client, vpcId, '10.0.1.0/28');
    const many = { SecondaryPrivateIpAddressCount: 10 };
    const full = await makeInterface(client, SubnetId, many);
    expect(addressesOf(full)).toHaveLength(11);
    const call = makeInterface(client, SubnetId);
    await expectError(call, 'InsufficientFreeAddressesInSubnet');
    const NetworkInterfaceId = full.NetworkInterfaceId;
    await client.deleteNetworkInterface({ NetworkInterfaceId });
    expect((await makeInterface(client, SubnetId)).PrivateIpAddress).toBe('10.0.1.4');
  });

  it('takes the addresses that are named', async () => {
    const { client, subnetId } = await network();
    const primary = await makeInterface(client, subnetId, { PrivateIpAddress: '10.0.0.9' });
    expect(addressesOf(primary)).toEqual(['10.0.0.9']);
    const listed = await makeInterface(client, subnetId, {
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.0.20' },
        { PrivateIpAddress: '10.0.0.30', Primary: true },
      ],
    });
    expect(listed.PrivateIpAddress).toBe('10.0.0.30');
    expect(listed.PrivateIpAddresses).toMatchObject([
      { PrivateIpAddress: '10.0.0.30', Primary: true },
      { PrivateIpAddress: '10.0.0.20', Primary: false },
    ]);
    const mixed = await makeInterface(client, subnetId, {
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.4' }],
    });
    expect(addressesOf(mixed)).toEqual(['10.0.0.5', '10.0.0.4']);
    const counted = await makeInterface(client, subnetId, { SecondaryPrivateIpAddressCount: 2 });
    expect(addressesOf(counted)).toEqual(['10.0.0.6', '10.0.0.7', '10.0.0.8']);
  });

  it('refuses an address that is in use, outside the subnet, or no address', async () => {
    const { client, subnetId } = await network();
    await makeInterface(client, subnetId, { PrivateIpAddress: '10.0.0.9' });
    const taken = makeInterface(client, subnetId, { PrivateIpAddress: '10.0.0.9' });
    await expectError(taken, 'InvalidIPAddress.InUse', 'Address 10.0.0.9 is in use.');
    const outside = makeInterface(client, subnetId, { PrivateIpAddress: '10.0.1.9' });
    const message = "Address 10.0.1.9 does not fall within the subnet's address range";
    await expectError(outside, 'InvalidParameterValue', message);
    const malformed = makeInterface(client, subnetId, { PrivateIpAddress: '10.0.0' });
    await expectError(malformed, 'InvalidParameterValue', /10\.0\.0\b.*privateIpAddress/);
  });

  it('refuses combinations that contradict each other', async () => {
    const { client, subnetId } = await network({ ipv6: true });
    const two = [
      { PrivateIpAddress: '10.0.0.20', Primary: true },
      { PrivateIpAddress: '10.0.0.21', Primary: true },
    ];
    const one = [{ PrivateIpAddress: '10.0.0.20', Primary: true }];
    for (const request of [
      { PrivateIpAddresses: two },
      { PrivateIpAddresses: one, PrivateIpAddress: '10.0.0.21' },
      { PrivateIpAddresses: one, SecondaryPrivateIpAddressCount: 1 },
      { Ipv6Addresses: [{ Ipv6Address: '2600:1f00::4' }], Ipv6AddressCount: 1 },
    ]) {
      const call = makeInterface(client, subnetId, request);
      await expectError(call, 'InvalidParameterCombination');
    }
    const repeated = [{ PrivateIpAddress: '10.0.0.20' }, { PrivateIpAddress: '10.0.0.20' }];
    const call = makeInterface(client, subnetId, { PrivateIpAddresses: repeated });
    await expectError(call, 'InvalidParameterValue', /more than once/);
    const negative = makeInterface(client, subnetId, { SecondaryPrivateIpAddressCount: -1 });
    await expectError(negative, 'InvalidParameterValue');
    const large = makeInterface(client, subnetId, { SecondaryPrivateIpAddressCount: 50 });
    await expectError(large, 'PrivateIpAddressLimitExceeded');
  });

  it('has IPv6 addresses only where the subnet has a block', async () => {
    const { client, subnetId } = await network();
    const call = makeInterface(client, subnetId, { Ipv6AddressCount: 1 });
    await expectError(call, 'InvalidParameterValue', /IPv6 CIDR/);
  });

  it('follows AssignIpv6AddressOnCreation unless the request says otherwise', async () => {
    const { client, subnetId } = await network({ ipv6: true });
    expect((await makeInterface(client, subnetId)).Ipv6Addresses).toEqual([]);
    const AssignIpv6AddressOnCreation = { Value: true };
    await client.modifySubnetAttribute({ SubnetId: subnetId, AssignIpv6AddressOnCreation });
    expect((await makeInterface(client, subnetId)).Ipv6Addresses).toHaveLength(1);
    const none = await makeInterface(client, subnetId, { Ipv6AddressCount: 0 });
    expect(none.Ipv6Addresses).toEqual([]);
    const two = await makeInterface(client, subnetId, { Ipv6AddressCount: 2 });
    expect(new Set(two.Ipv6Addresses!.map(({ Ipv6Address }) => Ipv6Address)).size).toBe(2);
  });

  it('A-085 has at most five groups', async () => {
    const { client, subnetId, vpcId } = await network();
    const Groups = [];
    for (let count = 0; count < 6; count++) {
      Groups.push(await makeGroup(client, vpcId, `group-${count}`));
    }
    const call = makeInterface(client, subnetId, { Groups });
    await expectError(call, 'SecurityGroupsPerInterfaceLimitExceeded');
    const five = await makeInterface(client, subnetId, { Groups: Groups.slice(0, 5) });
    expect(five.Groups!.map(({ GroupId }) => GroupId)).toEqual(Groups.slice(0, 5));
  });

  it('refuses groups that do not exist or are of another VPC', async () => {
    const { client, subnetId } = await network();
    const other = await makeVpc(client, '10.1.0.0/16');
    const group = await makeGroup(client, other.VpcId, 'elsewhere');
    const foreign = makeInterface(client, subnetId, { Groups: [group] });
    const message = `Security group ${group} and subnet ${subnetId} belong to different networks.`;
    await expectError(foreign, 'InvalidParameter', message);
    const unknown = makeInterface(client, subnetId, { Groups: ['sg-00000000000000000'] });
    await expectError(unknown, 'InvalidGroup.NotFound');
    const malformed = makeInterface(client, subnetId, { Groups: ['default'] });
    await expectError(malformed, 'InvalidGroupId.Malformed');
  });

  it('G-016 G-017 refuses a malformed subnet before looking for an unknown one', async () => {
    const { client } = await network();
    await expectError(makeInterface(client, 'subnet-1'), 'InvalidSubnetID.Malformed');
    await expectError(makeInterface(client, 'subnet-00000000'), 'InvalidSubnetID.NotFound');
  });

  it('refuses what openvpc does not build, by name', async () => {
    const { client, subnetId } = await network();
    const efa = makeInterface(client, subnetId, { InterfaceType: 'efa' });
    await expectError(efa, 'UnsupportedOperation', /InterfaceType/);
    const primary = makeInterface(client, subnetId, { EnablePrimaryIpv6: true });
    await expectError(primary, 'UnsupportedOperation', /EnablePrimaryIpv6/);
  });

  it('G-030 G-032 makes one interface a client token', async () => {
    const { client, subnetId } = await network();
    const ClientToken = 'token';
    const first = await client.createNetworkInterface({ SubnetId: subnetId, ClientToken });
    const again = await client.createNetworkInterface({ SubnetId: subnetId, ClientToken });
    const id = first.NetworkInterface!.NetworkInterfaceId!;
    expect(again).toMatchObject({ ClientToken, NetworkInterface: { NetworkInterfaceId: id } });
    const other = makeInterface(client, subnetId, { ClientToken, Description: 'other' });
    await expectError(other, 'IdempotentParameterMismatch');
    // A deleted interface frees its token.
    await client.deleteNetworkInterface({ NetworkInterfaceId: id });
    const anew = await makeInterface(client, subnetId, { ClientToken });
    expect(anew.NetworkInterfaceId).not.toBe(id);
  });

  it('G-031 refuses a client token of more than 64 characters', async () => {
    const { client, subnetId } = await network();
    await makeInterface(client, subnetId, { ClientToken: 'x'.repeat(64) });
    const call = makeInterface(client, subnetId, { ClientToken: 'x'.repeat(65) });
    await expectError(call, 'InvalidClientToken');
  });

  it('G-028 changes nothing in a dry run', async () => {
    const { client, subnetId } = await network();
    await expectError(makeInterface(client, subnetId, { DryRun: true }), 'DryRunOperation');
    expect((await client.describeNetworkInterfaces({})).NetworkInterfaces).toEqual([]);
  });

  it('tags what it makes, as its own type only', async () => {
    const { client, subnetId } = await network();
    const Tags = [{ Key: 'Name', Value: 'one' }];
    const made = await makeInterface(client, subnetId, {
      TagSpecifications: [{ ResourceType: 'network-interface', Tags }],
    });
    expect(made.TagSet).toEqual(Tags);
    const TagSpecifications = [{ ResourceType: 'subnet' as const, Tags }];
    await expectError(
      makeInterface(client, subnetId, { TagSpecifications }),
      'InvalidParameterValue',
    );
  });
});

describe('DeleteNetworkInterface', () => {
  it('deletes it with its tags', async () => {
    const { client, subnetId } = await network();
    const Tags = [{ Key: 'Name', Value: 'one' }];
    const { NetworkInterfaceId } = await makeInterface(client, subnetId, {
      TagSpecifications: [{ ResourceType: 'network-interface', Tags }],
    });
    await client.deleteNetworkInterface({ NetworkInterfaceId });
    await expectError(
      lookAtInterface(client, NetworkInterfaceId),
      'InvalidNetworkInterfaceID.NotFound',
    );
    expect((await client.describeTags({})).Tags).toEqual([]);
    const again = client.deleteNetworkInterface({ NetworkInterfaceId });
    await expectError(again, 'InvalidNetworkInterfaceID.NotFound');
  });

  it('G-019 keeps its subnet and its groups from being deleted', async () => {
    const { client, subnetId, vpcId } = await network();
    const GroupId = await makeGroup(client, vpcId, 'used');
    const { NetworkInterfaceId } = await makeInterface(client, subnetId, { Groups: [GroupId] });
    await expectError(client.deleteSubnet({ SubnetId: subnetId }), 'DependencyViolation');
    await expectError(client.deleteSecurityGroup({ GroupId }), 'DependencyViolation');
    await client.deleteNetworkInterface({ NetworkInterfaceId });
    await client.deleteSecurityGroup({ GroupId });
    await client.deleteSubnet({ SubnetId: subnetId });
  });

  it('refuses one that is attached', async () => {
    const { client, subnetId } = await network();
    await launchOne(client, { SubnetId: subnetId });
    const { NetworkInterfaces } = await client.describeNetworkInterfaces({});
    const NetworkInterfaceId = NetworkInterfaces![0]!.NetworkInterfaceId!;
    const call = client.deleteNetworkInterface({ NetworkInterfaceId });
    const message = `Network interface '${NetworkInterfaceId}' is currently in use.`;
    await expectError(call, 'InvalidParameterValue', message);
  });

  it('G-018 G-025 does not find one of another account or Region', async () => {
    const { client, subnetId, ec2 } = await network();
    const { NetworkInterfaceId } = await makeInterface(client, subnetId);
    for (const stranger of [ec2(OTHER_ACCOUNT), ec2('111111111111', 'eu-west-1')]) {
      const call = stranger.deleteNetworkInterface({ NetworkInterfaceId });
      await expectError(call, 'InvalidNetworkInterfaceID.NotFound');
    }
    const malformed = client.deleteNetworkInterface({ NetworkInterfaceId: 'eni-1' });
    await expectError(malformed, 'InvalidNetworkInterfaceId.Malformed');
  });

  it('makes room under the quota of 5000 interfaces a Region', async () => {
    const { client, vpcId } = await network();
    const { SubnetId } = await makeSubnet(client, vpcId, '10.0.96.0/19');
    for (let count = 0; count < 5; count++) {
      await client.runInstances({
        ImageId: 'ami-12345678',
        MinCount: 1000,
        MaxCount: 1000,
        InstanceType: 't3.micro',
        SubnetId,
      });
    }
    const call = makeInterface(client, SubnetId);
    await expectError(call, 'NetworkInterfaceLimitExceeded');
  });
});

describe('DescribeNetworkInterfaces', () => {
  async function several() {
    const test = await network({ ipv6: true });
    const { client, subnetId, vpcId } = test;
    const GroupId = await makeGroup(client, vpcId, 'web');
    const first = await makeInterface(client, subnetId, {
      Description: 'first',
      Groups: [GroupId],
      PrivateIpAddress: '10.0.0.50',
      SecondaryPrivateIpAddressCount: 1,
      TagSpecifications: [
        { ResourceType: 'network-interface', Tags: [{ Key: 'Name', Value: 'one' }] },
      ],
    });
    const second = await makeInterface(client, subnetId, { Ipv6AddressCount: 1 });
    const { InternetGateway } = await client.createInternetGateway({});
    const InternetGatewayId = InternetGateway!.InternetGatewayId!;
    await client.attachInternetGateway({ VpcId: vpcId, InternetGatewayId });
    await client.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: true } });
    const InstanceId = await launchOne(client, {
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }],
    });
    const Filters = [{ Name: 'attachment.instance-id', Values: [InstanceId] }];
    const { NetworkInterfaces } = await client.describeNetworkInterfaces({ Filters });
    return { ...test, GroupId, first, second, third: NetworkInterfaces![0]!, InstanceId };
  }

  it('filters by everything that AWS documents', async () => {
    const { client, GroupId, first, second, third, InstanceId, vpcId, subnetId } = await several();
    const found = async (Name: string, ...Values: string[]) => {
      const answer = await client.describeNetworkInterfaces({ Filters: [{ Name, Values }] });
      return answer.NetworkInterfaces!.map(({ NetworkInterfaceId }) =>
        [first, second, third].findIndex((one) => one.NetworkInterfaceId === NetworkInterfaceId),
      );
    };
    const publicIp = third.Association!.PublicIp!;
    const cases: [string, string, number[]][] = [
      ['network-interface-id', second.NetworkInterfaceId, [1]],
      ['description', 'fir*', [0]],
      ['group-id', GroupId, [0]],
      ['private-ip-address', '10.0.0.50', [0]],
      ['addresses.private-ip-address', first.PrivateIpAddresses![1]!.PrivateIpAddress!, [0]],
      ['addresses.primary', 'false', [0]],
      ['private-dns-name', 'ip-10-0-0-50.ec2.internal', [0]],
      ['ipv6-addresses.ipv6-address', second.Ipv6Addresses![0]!.Ipv6Address!, [1]],
      ['mac-address', second.MacAddress!, [1]],
      ['status', 'in-use', [2]],
      ['status', 'available', [0, 1]],
      ['attachment.instance-id', InstanceId, [2]],
      ['attachment.instance-owner-id', '111111111111', [2]],
      ['attachment.attachment-id', third.Attachment!.AttachmentId!, [2]],
      ['attachment.attach-time', '2026-01-01T*', [2]],
      ['attachment.delete-on-termination', 'true', [2]],
      ['attachment.device-index', '0', [2]],
      ['attachment.status', 'attached', [2]],
      ['association.public-ip', publicIp, [2]],
      ['addresses.association.public-ip', publicIp, [2]],
      ['association.ip-owner-id', 'amazon', [2]],
      ['addresses.association.owner-id', 'amazon', [2]],
      ['association.public-dns-name', 'ec2-*', [2]],
      ['association.allocation-id', '*', []],
      ['association.association-id', '*', []],
      ['availability-zone', 'us-east-1a', [0, 1, 2]],
      ['availability-zone-id', 'use1-az2', []],
      ['interface-type', 'interface', [0, 1, 2]],
      ['operator.managed', 'true', []],
      ['operator.principal', '*', []],
      ['owner-id', '111111111111', [0, 1, 2]],
      ['requester-id', '*', []],
      ['requester-managed', 'false', [0, 1, 2]],
      ['source-dest-check', 'false', []],
      ['subnet-id', subnetId, [0, 1, 2]],
      ['vpc-id', vpcId, [0, 1, 2]],
      ['tag:Name', 'one', [0]],
      ['tag-key', 'Name', [0]],
    ];
    for (const [name, value, expected] of cases) {
      expect([name, await found(name, value)]).toEqual([name, expected]);
    }
  });

  it('shows the names of a VPC with DNS hostnames, and none without', async () => {
    const { client, third, vpcId } = await several();
    const id = third.NetworkInterfaceId!;
    const dashed = third.Association!.PublicIp!.replaceAll('.', '-');
    const PublicDnsName = `ec2-${dashed}.compute-1.amazonaws.com`;
    const address = third.PrivateIpAddress!.replaceAll('.', '-');
    const PrivateDnsName = `ip-${address}.ec2.internal`;
    expect(third).toMatchObject({ PrivateDnsName, Association: { PublicDnsName } });
    await client.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: false } });
    const without = await lookAtInterface(client, id);
    expect(without.Association).toMatchObject({ PublicDnsName: '' });
    expect(without.PrivateDnsName).toBeUndefined();
  });

  it('pages, and refuses ids together with a page', async () => {
    const { client, subnetId } = await network();
    const made = [];
    for (let count = 0; count < 7; count++) {
      made.push((await makeInterface(client, subnetId)).NetworkInterfaceId);
    }
    const first = await client.describeNetworkInterfaces({ MaxResults: 5 });
    const rest = await client.describeNetworkInterfaces({
      MaxResults: 5,
      NextToken: first.NextToken,
    });
    const both = [...first.NetworkInterfaces!, ...rest.NetworkInterfaces!];
    expect(both.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual(made);
    expect(rest.NextToken).toBeUndefined();
    const mixed = client.describeNetworkInterfaces({
      NetworkInterfaceIds: made.slice(0, 1),
      MaxResults: 5,
    });
    await expectError(mixed, 'InvalidParameterCombination');
    const small = client.describeNetworkInterfaces({ MaxResults: 4 });
    await expectError(small, 'InvalidParameterValue');
  });

  it('G-039 G-041 refuses unknown filters and unknown ids', async () => {
    const { client, subnetId } = await network();
    const { NetworkInterfaceId } = await makeInterface(client, subnetId);
    const filter = client.describeNetworkInterfaces({
      Filters: [{ Name: 'color', Values: ['1'] }],
    });
    await expectError(filter, 'InvalidParameterValue');
    const ids = [NetworkInterfaceId, 'eni-00000000000000000'];
    const call = client.describeNetworkInterfaces({ NetworkInterfaceIds: ids });
    await expectError(call, 'InvalidNetworkInterfaceID.NotFound', /eni-00000000000000000/);
  });
});
