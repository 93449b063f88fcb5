import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import {
  ipv6BlockOf,
  lookAtSubnet,
  makeSubnet,
  makeVpc,
} from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'subnet-0123456789abcdef0';

describe('CreateSubnet', () => {
  it('G-046 G-048 answers a pending subnet, which becomes available', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(ec2());
    const subnet = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    expect(subnet).toMatchObject({
      State: 'pending',
      CidrBlock: '10.0.1.0/24',
      VpcId,
      AvailabilityZone: 'us-east-1a',
      AvailabilityZoneId: 'use1-az1',
      SubnetArn: `arn:aws:ec2:us-east-1:111111111111:subnet/${subnet.SubnetId}`,
      OwnerId: '111111111111',
      MapPublicIpOnLaunch: false,
      AssignIpv6AddressOnCreation: false,
      DefaultForAz: false,
      Ipv6Native: false,
    });
    await advance(500);
    expect((await lookAtSubnet(ec2(), subnet.SubnetId)).State).toBe('available');
  });

  it('A-002 clears host bits', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    expect((await makeSubnet(ec2(), VpcId, '10.0.1.77/24')).CidrBlock).toBe('10.0.1.0/24');
  });

  it('A-012 refuses blocks outside the VPC or of an impossible length', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2(), '10.0.0.0/20');
    for (const block of ['10.1.0.0/24', '10.0.0.0/16', '10.0.0.0/29', '10.0.16.0/24']) {
      const message = `The CIDR '${block}' is invalid.`;
      await expectError(makeSubnet(ec2(), VpcId, block), 'InvalidSubnet.Range', message);
    }
  });

  it('A-012 refuses blocks that overlap another subnet', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    for (const block of ['10.0.1.0/24', '10.0.0.0/23', '10.0.1.128/25']) {
      const message = `The CIDR '${block}' conflicts with another subnet`;
      await expectError(makeSubnet(ec2(), VpcId, block), 'InvalidSubnet.Conflict', message);
    }
    await ec2().deleteSubnet({ SubnetId });
    await makeSubnet(ec2(), VpcId, '10.0.1.128/25');
  });

  it('A-012 a subnet lies in one block, not across two', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2(), '10.8.0.0/24');
    await ec2().associateVpcCidrBlock({ VpcId, CidrBlock: '10.8.1.0/24' });
    await expectError(makeSubnet(ec2(), VpcId, '10.8.0.0/23'), 'InvalidSubnet.Range');
    await makeSubnet(ec2(), VpcId, '10.8.1.0/24');
  });

  it('A-013 counts the addresses an interface can have', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId, AvailableIpAddressCount } = await makeSubnet(ec2(), VpcId, '10.0.1.0/28');
    expect(AvailableIpAddressCount).toBe(11);
    const { NetworkInterface } = await ec2().createNetworkInterface({
      SubnetId,
      SecondaryPrivateIpAddressCount: 1,
    });
    expect((await lookAtSubnet(ec2(), SubnetId)).AvailableIpAddressCount).toBe(9);
    const { NetworkInterfaceId } = NetworkInterface!;
    await ec2().deleteNetworkInterface({ NetworkInterfaceId: NetworkInterfaceId! });
    expect((await lookAtSubnet(ec2(), SubnetId)).AvailableIpAddressCount).toBe(11);
  });

  it('takes a zone by name or by id, but not by both', async () => {
    const { ec2 } = await testCloud({ shuffledZones: true });
    const { VpcId } = await makeVpc(ec2());
    const { AvailabilityZones } = await ec2().describeAvailabilityZones({});
    const [, , third, fourth] = AvailabilityZones!;
    const byName = await ec2().createSubnet({
      VpcId,
      CidrBlock: '10.0.1.0/24',
      AvailabilityZone: third!.ZoneName,
    });
    expect(byName.Subnet!.AvailabilityZoneId).toBe(third!.ZoneId);
    const byId = await ec2().createSubnet({
      VpcId,
      CidrBlock: '10.0.2.0/24',
      AvailabilityZoneId: fourth!.ZoneId,
    });
    expect(byId.Subnet!.AvailabilityZone).toBe(fourth!.ZoneName);
    const both = ec2().createSubnet({
      VpcId,
      CidrBlock: '10.0.3.0/24',
      AvailabilityZone: third!.ZoneName,
      AvailabilityZoneId: third!.ZoneId,
    });
    await expectError(both, 'InvalidParameterCombination');
  });

  it('refuses an unknown zone and lists those there are', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const CidrBlock = '10.0.1.0/24';
    await expectError(
      ec2().createSubnet({ VpcId, CidrBlock, AvailabilityZone: 'us-east-1z' }),
      'InvalidParameterValue',
      'Value (us-east-1z) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1e, us-east-1f.',
    );
    const byId = ec2().createSubnet({ VpcId, CidrBlock, AvailabilityZoneId: 'use1-az9' });
    await expectError(byId, 'InvalidParameterValue', /availabilityZoneId/);
  });

  it('A-015 takes an IPv6 /64 of the VPC’s block', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2(), '10.0.0.0/16', true);
    const create = (CidrBlock: string, Ipv6CidrBlock: string) =>
      ec2().createSubnet({ VpcId, CidrBlock, Ipv6CidrBlock });
    const block = await ipv6BlockOf(ec2(), VpcId, 64);
    const { Subnet } = await create('10.0.1.0/24', block);
    expect(Subnet!.Ipv6CidrBlockAssociationSet).toMatchObject([
      { Ipv6CidrBlock: block, Ipv6CidrBlockState: { State: 'associated' } },
    ]);
    await expectError(create('10.0.2.0/24', block), 'InvalidSubnet.Conflict');
    await expectError(create('10.0.2.0/24', block.replace('/64', '/65')), 'InvalidSubnet.Range');
    await expectError(create('10.0.2.0/24', '2001:db8::/64'), 'InvalidSubnet.Range');
    await expectError(create('10.0.2.0/24', 'nonsense'), 'InvalidParameterValue');
  });

  it('makes an IPv6-only subnet', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2(), '10.0.0.0/16', true);
    const Ipv6CidrBlock = await ipv6BlockOf(ec2(), VpcId, 64);
    const { Subnet } = await ec2().createSubnet({ VpcId, Ipv6CidrBlock, Ipv6Native: true });
    expect(Subnet).toMatchObject({
      Ipv6Native: true,
      AvailableIpAddressCount: 0,
      AssignIpv6AddressOnCreation: true,
      PrivateDnsNameOptionsOnLaunch: { HostnameType: 'resource-name' },
    });
    expect(Subnet!.CidrBlock).toBeUndefined();
    await expectError(ec2().createSubnet({ VpcId, Ipv6Native: true }), 'MissingParameter');
    const both = { CidrBlock: '10.0.1.0/24', Ipv6CidrBlock, Ipv6Native: true };
    const call = ec2().createSubnet({ VpcId, ...both });
    await expectError(call, 'InvalidParameterCombination');
    await expectError(ec2().createSubnet({ VpcId }), 'MissingParameter');
  });

  it('A-064 has the default network ACL of its VPC', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    const { NetworkAcls } = await ec2().describeNetworkAcls({
      Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }],
    });
    expect(NetworkAcls).toMatchObject([{ VpcId, IsDefault: true }]);
  });

  it('G-023 stops at the quota', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    for (let index = 0; index < 200; index++) {
      await makeSubnet(ec2(), VpcId, `10.0.${index}.0/24`);
    }
    await expectError(makeSubnet(ec2(), VpcId, '10.0.200.0/24'), 'SubnetLimitExceeded');
  });

  it('G-028 G-033 checks tags and DryRun', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const request = { VpcId, CidrBlock: '10.0.1.0/24' };
    await expectError(ec2().createSubnet({ ...request, DryRun: true }), 'DryRunOperation');
    const { Subnet } = await ec2().createSubnet({
      ...request,
      TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    expect(Subnet!.Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  });
});

describe('DeleteSubnet', () => {
  it('G-019 refuses while an interface is in it', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    const { NetworkInterface } = await ec2().createNetworkInterface({ SubnetId });
    const message = `The subnet '${SubnetId}' has dependencies and cannot be deleted.`;
    await expectError(ec2().deleteSubnet({ SubnetId }), 'DependencyViolation', message);
    const { NetworkInterfaceId } = NetworkInterface!;
    await ec2().deleteNetworkInterface({ NetworkInterfaceId: NetworkInterfaceId! });
    await ec2().deleteSubnet({ SubnetId });
  });

  it('takes its associations and tags along', async () => {
    const { ec2, cloud } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { RouteTable } = await ec2().createRouteTable({ VpcId });
    const before = cloud.snapshot().map(({ kind, id }) => `${kind} ${id}`);
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    await ec2().createTags({ Resources: [SubnetId], Tags: [{ Key: 'Name', Value: 'a' }] });
    const { RouteTableId } = RouteTable!;
    await ec2().associateRouteTable({ SubnetId, RouteTableId: RouteTableId! });
    await ec2().deleteSubnet({ SubnetId });
    expect(cloud.snapshot().map(({ kind, id }) => `${kind} ${id}`)).toEqual(before);
  });

  it('G-016 G-017 G-025 finds only the caller’s subnets', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    const notFound = 'InvalidSubnetID.NotFound';
    await expectError(ec2(OTHER_ACCOUNT).deleteSubnet({ SubnetId }), notFound);
    await expectError(ec2().deleteSubnet({ SubnetId: UNKNOWN }), notFound);
    const malformed = ec2().deleteSubnet({ SubnetId: 'subnet-1' });
    await expectError(malformed, 'InvalidSubnetID.Malformed');
  });
});

describe('DescribeSubnets', () => {
  it('filters by everything the reference lists', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2(), '10.0.0.0/16', true);
    const { Subnet } = await ec2().createSubnet({
      VpcId,
      CidrBlock: '10.0.1.0/27',
      Ipv6CidrBlock: await ipv6BlockOf(ec2(), VpcId, 64),
      AvailabilityZone: 'us-east-1c',
      TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'Name', Value: 'x' }] }],
    });
    const [ipv6] = Subnet!.Ipv6CidrBlockAssociationSet!;
    const matching: [string, string][] = [
      ['availability-zone', 'us-east-1c'],
      ['availabilityZone', 'us-east-1c'],
      ['availability-zone-id', 'use1-az3'],
      ['availabilityZoneId', 'use1-az3'],
      ['available-ip-address-count', '27'],
      ['cidr-block', '10.0.1.0/27'],
      ['cidr', '10.0.1.0/27'],
      ['cidrBlock', '10.0.1.0/27'],
      ['default-for-az', 'false'],
      ['defaultForAz', 'false'],
      ['enable-dns64', 'false'],
      ['ipv6-cidr-block-association.ipv6-cidr-block', ipv6!.Ipv6CidrBlock!],
      ['ipv6-cidr-block-association.association-id', ipv6!.AssociationId!],
      ['ipv6-cidr-block-association.state', 'associated'],
      ['ipv6-native', 'false'],
      ['map-customer-owned-ip-on-launch', 'false'],
      ['map-public-ip-on-launch', 'false'],
      ['owner-id', '111111111111'],
      ['private-dns-name-options-on-launch.hostname-type', 'ip-name'],
      ['private-dns-name-options-on-launch.enable-resource-name-dns-a-record', 'false'],
      ['private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record', 'false'],
      ['state', 'available'],
      ['subnet-arn', Subnet!.SubnetArn!],
      ['subnet-id', Subnet!.SubnetId!],
      ['vpc-id', VpcId],
      ['tag:Name', 'x'],
      ['tag-key', 'Name'],
    ];
    for (const [Name, value] of matching) {
      const { Subnets } = await ec2().describeSubnets({ Filters: [{ Name, Values: [value] }] });
      expect(
        Subnets!.map(({ SubnetId }) => SubnetId),
        Name,
      ).toContain(Subnet!.SubnetId);
      const none = await ec2().describeSubnets({ Filters: [{ Name, Values: ['no-such'] }] });
      expect(none.Subnets, Name).toEqual([]);
    }
    for (const Name of ['customer-owned-ipv4-pool', 'outpost-arn', 'enable-lni-at-device-index']) {
      const { Subnets } = await ec2().describeSubnets({ Filters: [{ Name, Values: ['*'] }] });
      expect(Subnets, Name).toEqual([]);
    }
  });

  it('G-041 fails as a whole for one unknown id', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    const call = ec2().describeSubnets({ SubnetIds: [SubnetId, UNKNOWN] });
    await expectError(call, 'InvalidSubnetID.NotFound');
  });

  it('G-042 gives pages', async () => {
    const { ec2 } = await testCloud();
    const first = await ec2().describeSubnets({ MaxResults: 5 });
    expect(first.Subnets).toHaveLength(5);
    const { NextToken } = first;
    const second = await ec2().describeSubnets({ MaxResults: 5, NextToken });
    expect(second.Subnets).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
  });
});
