import type { EC2, IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { launch } from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'sg-0123456789abcdef0';

async function setUp(options = {}) {
  const cloud = await testCloud(options);
  const client = cloud.ec2();
  const { VpcId } = await makeVpc(client);
  return { ...cloud, client, VpcId };
}

async function makeGroup(client: EC2, VpcId: string, name = 'web'): Promise<string> {
  const request = { VpcId, GroupName: name, Description: `group ${name}` };
  return (await client.createSecurityGroup(request)).GroupId!;
}

async function lookAtGroup(client: EC2, id: string): Promise<SecurityGroup> {
  return (await client.describeSecurityGroups({ GroupIds: [id] })).SecurityGroups![0]!;
}

async function defaultGroup(client: EC2, vpcId: string) {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const { SecurityGroups } = await client.describeSecurityGroups({ Filters });
  return SecurityGroups![0] as SecurityGroup & { readonly GroupId: string };
}

/** A permission for everything, with these members. */
const everything = (members: Partial<IpPermission>): IpPermission => ({
  IpProtocol: '-1',
  IpRanges: [],
  Ipv6Ranges: [],
  PrefixListIds: [],
  UserIdGroupPairs: [],
  ...members,
});
const ANYONE = everything({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
const ANYONE_TOO = everything({
  IpRanges: [{ CidrIp: '0.0.0.0/0' }],
  Ipv6Ranges: [{ CidrIpv6: '::/0' }],
});

describe('the default group', () => {
  it('A-070 lets its members in and everything out', async () => {
    const { client, VpcId } = await setUp();
    const group = await defaultGroup(client, VpcId);
    const self = { GroupId: group.GroupId, UserId: '111111111111' };
    expect(group).toEqual({
      Description: 'default VPC security group',
      GroupId: group.GroupId,
      GroupName: 'default',
      IpPermissions: [everything({ UserIdGroupPairs: [self] })],
      IpPermissionsEgress: [ANYONE],
      OwnerId: '111111111111',
      SecurityGroupArn: `arn:aws:ec2:us-east-1:111111111111:security-group/${group.GroupId}`,
      Tags: [],
      VpcId,
    });
  });

  it('A-070 cannot be deleted, and goes with its VPC', async () => {
    const { client, cloud, VpcId } = await setUp();
    const { GroupId } = await defaultGroup(client, VpcId);
    const message = `the specified group: "${GroupId}" name: "default" cannot be deleted by a user`;
    await expectError(client.deleteSecurityGroup({ GroupId }), 'CannotDelete', message);
    await client.deleteVpc({ VpcId });
    expect(cloud.model.get('security-group', GroupId)).toBeUndefined();
    expect(cloud.model.by('security-group-rule', 'group', GroupId)).toEqual([]);
  });

  it('A-069 A-070 lets IPv6 out where the VPC has it', async () => {
    const { client } = await setUp();
    const { VpcId } = await makeVpc(client, '10.1.0.0/16', true);
    expect((await defaultGroup(client, VpcId)).IpPermissionsEgress).toEqual([ANYONE_TOO]);
    const group = await lookAtGroup(client, await makeGroup(client, VpcId));
    expect(group.IpPermissionsEgress).toEqual([ANYONE_TOO]);
  });

  it('A-069 gains the IPv6 rule with the first block, as every group nobody edited', async () => {
    const { client, VpcId } = await setUp();
    const untouched = await makeGroup(client, VpcId, 'untouched');
    const edited = await makeGroup(client, VpcId, 'edited');
    await client.revokeSecurityGroupEgress({ GroupId: edited, IpPermissions: [ANYONE] });
    await client.associateVpcCidrBlock({ VpcId, AmazonProvidedIpv6CidrBlock: true });
    expect((await defaultGroup(client, VpcId)).IpPermissionsEgress).toEqual([ANYONE_TOO]);
    expect((await lookAtGroup(client, untouched)).IpPermissionsEgress).toEqual([ANYONE_TOO]);
    expect((await lookAtGroup(client, edited)).IpPermissionsEgress).toEqual([]);
  });
});

describe('CreateSecurityGroup', () => {
  it('A-068 A-069 lets nothing in and everything out', async () => {
    const { client, VpcId } = await setUp();
    const { GroupId, SecurityGroupArn, Tags } = await client.createSecurityGroup({
      VpcId,
      GroupName: 'web',
      Description: 'web servers',
      TagSpecifications: [
        { ResourceType: 'security-group', Tags: [{ Key: 'Name', Value: 'web' }] },
      ],
    });
    expect(GroupId).toMatch(/^sg-[0-9a-f]{17}$/);
    expect(SecurityGroupArn).toBe(`arn:aws:ec2:us-east-1:111111111111:security-group/${GroupId}`);
    expect(Tags).toEqual([{ Key: 'Name', Value: 'web' }]);
    expect(await lookAtGroup(client, GroupId!)).toMatchObject({
      Description: 'web servers',
      GroupName: 'web',
      IpPermissions: [],
      IpPermissionsEgress: [ANYONE],
      Tags,
      VpcId,
    });
  });

  it('G-024 refuses a name twice in a VPC, in whatever case', async () => {
    const { client, VpcId } = await setUp();
    await makeGroup(client, VpcId, 'web');
    const message = `The security group 'web' already exists for VPC '${VpcId}'`;
    await expectError(makeGroup(client, VpcId, 'web'), 'InvalidGroup.Duplicate', message);
    await expectError(makeGroup(client, VpcId, 'WEB'), 'InvalidGroup.Duplicate');
    const { VpcId: elsewhere } = await makeVpc(client, '10.1.0.0/16');
    await makeGroup(client, elsewhere, 'web');
  });

  it('G-015 takes 1 to 255 of certain characters', async () => {
    const { client, VpcId } = await setUp();
    for (const GroupName of ['sg-web', 'a'.repeat(256), 'tab\t', 'ünïcode', 'default']) {
      const call = client.createSecurityGroup({ VpcId, GroupName, Description: 'x' });
      await expectError(call, 'InvalidParameterValue');
    }
    for (const Description of ['a'.repeat(256), 'line\nbreak']) {
      const call = client.createSecurityGroup({ VpcId, GroupName: 'x', Description });
      await expectError(call, 'InvalidParameterValue', /groupDescription/);
    }
    const GroupName = 'a b._-:/()#,@[]+=&;{}!$*';
    await client.createSecurityGroup({ VpcId, GroupName, Description: 'd'.repeat(255) });
  });

  it('goes to the default VPC unless told otherwise', async () => {
    const { client } = await setUp();
    const { Vpcs } = await client.describeVpcs({
      Filters: [{ Name: 'is-default', Values: ['true'] }],
    });
    const VpcId = Vpcs![0]!.VpcId!;
    const request = { GroupName: 'web', Description: 'x' };
    const { GroupId } = await client.createSecurityGroup(request);
    expect((await lookAtGroup(client, GroupId!)).VpcId).toBe(VpcId);
    // There, groups go by name as well.
    const named = await client.describeSecurityGroups({ GroupNames: ['web'] });
    expect(named.SecurityGroups).toMatchObject([{ GroupId }]);
    expect(await client.deleteSecurityGroup({ GroupName: 'web' })).toMatchObject({ GroupId });
    const none = client.describeSecurityGroups({ GroupNames: ['web'] });
    await expectError(none, 'InvalidGroup.NotFound', /'web' does not exist/);
  });

  it('wants a VPC where there is no default one', async () => {
    const { client, VpcId } = await setUp();
    const { Subnets } = await client.describeSubnets({});
    for (const { SubnetId } of Subnets!) await client.deleteSubnet({ SubnetId });
    const { InternetGateways } = await client.describeInternetGateways({});
    const { InternetGatewayId, Attachments } = InternetGateways![0]!;
    const DefaultVpcId = Attachments![0]!.VpcId!;
    await client.detachInternetGateway({ InternetGatewayId, VpcId: DefaultVpcId });
    await client.deleteVpc({ VpcId: DefaultVpcId });
    const bare = client.createSecurityGroup({ GroupName: 'web', Description: 'x' });
    await expectError(bare, 'VPCIdNotSpecified', 'No default VPC for this user');
    await makeGroup(client, VpcId);
    await expectError(client.deleteSecurityGroup({ GroupName: 'web' }), 'VPCIdNotSpecified');
  });

  it('G-016 G-025 G-028 G-033 refuses foreign VPCs, wrong tags and dry runs', async () => {
    const { client, ec2, VpcId } = await setUp();
    const request = { VpcId, GroupName: 'web', Description: 'x' };
    const foreign = ec2(OTHER_ACCOUNT).createSecurityGroup(request);
    await expectError(foreign, 'InvalidVpcID.NotFound');
    const malformed = client.createSecurityGroup({ ...request, VpcId: 'vpc-1' });
    await expectError(malformed, 'InvalidVpcID.Malformed');
    const TagSpecifications = [{ ResourceType: 'vpc' as const, Tags: [] }];
    const tagged = client.createSecurityGroup({ ...request, TagSpecifications });
    await expectError(tagged, 'InvalidParameterValue');
    await expectError(client.createSecurityGroup({ ...request, DryRun: true }), 'DryRunOperation');
    await makeGroup(client, VpcId);
  });

  it('G-023 stops at 2500 in a Region', async () => {
    const { client, cloud, VpcId } = await setUp();
    const GroupId = await makeGroup(client, VpcId, 'first');
    await cloud.execute((tx) => {
      const group = tx.get('security-group', GroupId)!;
      const { account, region } = group;
      const owner = `${account}|${region}`;
      while (tx.count('security-group', 'owner', owner) < 2499) {
        const id = tx.newId('security-group');
        tx.put('security-group', { ...group, id, groupName: id });
      }
    });
    await makeGroup(client, VpcId, 'last');
    const more = makeGroup(client, VpcId, 'more');
    await expectError(more, 'SecurityGroupLimitExceeded');
  });
});

describe('DeleteSecurityGroup', () => {
  it('deletes a group with its rules and tags', async () => {
    const { client, cloud, VpcId } = await setUp();
    const before = cloud.snapshot().length;
    const GroupId = await makeGroup(client, VpcId);
    await client.createTags({ Resources: [GroupId], Tags: [{ Key: 'a', Value: 'b' }] });
    await client.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [everything({ UserIdGroupPairs: [{ GroupId }] })],
      TagSpecifications: [
        { ResourceType: 'security-group-rule', Tags: [{ Key: 'a', Value: 'b' }] },
      ],
    });
    await expectError(client.deleteSecurityGroup({ GroupId, DryRun: true }), 'DryRunOperation');
    const answer = await client.deleteSecurityGroup({ GroupId });
    expect(answer).toMatchObject({ Return: true, GroupId });
    expect(cloud.snapshot().length).toBe(before);
    await expectError(lookAtGroup(client, GroupId), 'InvalidGroup.NotFound');
  });

  it('A-083 G-019 refuses a group that an interface carries', async () => {
    const { client, VpcId } = await setUp();
    const { SubnetId } = await makeSubnet(client, VpcId, '10.0.1.0/24');
    const GroupId = await makeGroup(client, VpcId);
    const { id: InstanceId } = await launch(client, SubnetId);
    await client.modifyInstanceAttribute({ InstanceId, Groups: [GroupId] });
    const refused = client.deleteSecurityGroup({ GroupId });
    await expectError(refused, 'DependencyViolation', `resource ${GroupId} has a dependent object`);
    await client.terminateInstances({ InstanceIds: [InstanceId] });
    await client.deleteSecurityGroup({ GroupId });
  });

  it('A-083 refuses a group that another group names', async () => {
    const { client, VpcId } = await setUp();
    const GroupId = await makeGroup(client, VpcId, 'named');
    const naming = await makeGroup(client, VpcId, 'naming');
    const IpPermissions = [everything({ UserIdGroupPairs: [{ GroupId }] })];
    await client.authorizeSecurityGroupIngress({ GroupId: naming, IpPermissions });
    await expectError(client.deleteSecurityGroup({ GroupId }), 'DependencyViolation');
    await client.revokeSecurityGroupIngress({ GroupId: naming, IpPermissions });
    await client.deleteSecurityGroup({ GroupId });
  });

  it('G-015 G-016 G-018 G-025 tells which id is wrong', async () => {
    const { client, ec2, VpcId } = await setUp();
    const remove = (GroupId?: string, by = client) => by.deleteSecurityGroup({ GroupId });
    await expectError(remove(), 'MissingParameter', /groupName or groupId/);
    await expectError(remove('sg-1'), 'InvalidGroupId.Malformed');
    const message = `The security group '${UNKNOWN}' does not exist`;
    await expectError(remove(UNKNOWN), 'InvalidGroup.NotFound', message);
    const GroupId = await makeGroup(client, VpcId);
    await expectError(remove(GroupId, ec2(OTHER_ACCOUNT)), 'InvalidGroup.NotFound');
  });
});

describe('DescribeSecurityGroups', () => {
  it('G-037 filters by what groups and their rules say', async () => {
    const { client, VpcId } = await setUp();
    const named = await defaultGroup(client, VpcId);
    const GroupId = await makeGroup(client, VpcId);
    const ports = { IpProtocol: 'tcp', FromPort: 8000, ToPort: 8080 };
    await client.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [
        { ...ports, IpRanges: [{ CidrIp: '192.0.2.0/24' }] },
        { ...ports, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] },
        { ...ports, UserIdGroupPairs: [{ GroupId: named.GroupId }] },
      ],
    });
    await client.createTags({ Resources: [GroupId], Tags: [{ Key: 'tier', Value: 'web' }] });
    const found = async (Name: string, value: string) => {
      const Filters = [
        { Name, Values: [value] },
        { Name: 'vpc-id', Values: [VpcId] },
      ];
      const { SecurityGroups } = await client.describeSecurityGroups({ Filters });
      return SecurityGroups!.map((group) => group.GroupId);
    };
    for (const [name, value] of [
      ['description', 'group web'],
      ['group-id', GroupId],
      ['group-name', 'web'],
      ['ip-permission.cidr', '192.0.2.0/24'],
      ['ip-permission.ipv6-cidr', '2001:db8::/32'],
      ['ip-permission.from-port', '8000'],
      ['ip-permission.to-port', '8080'],
      ['ip-permission.protocol', 'tcp'],
      ['tag:tier', 'web'],
      ['tag-key', 'tier'],
    ] as const) {
      expect(await found(name, value), name).toEqual([GroupId]);
    }
    for (const [name, value] of [
      ['ip-permission.group-id', named.GroupId],
      ['ip-permission.group-name', 'default'],
      ['ip-permission.user-id', '111111111111'],
      ['egress.ip-permission.cidr', '0.0.0.0/0'],
      ['egress.ip-permission.protocol', '-1'],
      ['owner-id', '111111111111'],
    ] as const) {
      expect(await found(name, value), name).toEqual([named.GroupId, GroupId]);
    }
    for (const name of ['ip-permission.prefix-list-id', 'egress.ip-permission.group-id']) {
      expect(await found(name, '*'), name).toEqual([]);
    }
    const bad = client.describeSecurityGroups({ Filters: [{ Name: 'x', Values: ['y'] }] });
    await expectError(bad, 'InvalidParameterValue');
  });

  it('G-041 G-042 pages of 5 to 1000', async () => {
    const { client, VpcId } = await setUp();
    for (let count = 0; count < 6; count++) await makeGroup(client, VpcId, `web ${count}`);
    const first = await client.describeSecurityGroups({ MaxResults: 5 });
    const NextToken = first.NextToken!;
    const second = await client.describeSecurityGroups({ MaxResults: 5, NextToken });
    const lengths = [first, second].map(({ SecurityGroups }) => SecurityGroups?.length);
    expect(lengths).toEqual([5, 3]);
    for (const MaxResults of [4, 1001]) {
      const call = client.describeSecurityGroups({ MaxResults });
      await expectError(call, 'InvalidParameterValue');
    }
    const { GroupId } = await defaultGroup(client, VpcId);
    const some = client.describeSecurityGroups({ GroupIds: [GroupId, UNKNOWN] });
    await expectError(some, 'InvalidGroup.NotFound');
  });
});
