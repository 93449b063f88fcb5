import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'vpc-0123456789abcdef0';

/** Every tag a caller sees, as `TYPE ID KEY=VALUE`. */
async function tagsSeenBy(ec2: EC2): Promise<string[]> {
  const { Tags } = await ec2.describeTags({});
  return Tags!.map((tag) => `${tag.ResourceType} ${tag.ResourceId} ${tag.Key}=${tag.Value}`);
}

const tag = (ec2: EC2, Resources: string[], ...tags: [string, string?][]) =>
  ec2.createTags({
    Resources,
    Tags: tags.map(([Key, Value]) => (Value === undefined ? { Key } : { Key, Value })),
  });

describe('CreateTags', () => {
  it('adds and replaces, on several resources at once', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    await tag(ec2(), [VpcId, SubnetId], ['Name', 'a'], ['empty']);
    await tag(ec2(), [VpcId], ['Name', 'b']);
    expect(await tagsSeenBy(ec2())).toEqual([
      `vpc ${VpcId} Name=b`,
      `vpc ${VpcId} empty=`,
      `subnet ${SubnetId} Name=a`,
      `subnet ${SubnetId} empty=`,
    ]);
  });

  it('G-034 knows the type of everything that can be tagged', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
    const tables = await ec2().describeRouteTables({ Filters });
    const acls = await ec2().describeNetworkAcls({ Filters });
    const groups = await ec2().describeSecurityGroups({ Filters });
    const GroupId = groups.SecurityGroups![0]!.GroupId!;
    const rules = await ec2().describeSecurityGroupRules({
      Filters: [{ Name: 'group-id', Values: [GroupId] }],
    });
    const { InternetGateway } = await ec2().createInternetGateway({});
    const { NetworkInterface } = await ec2().createNetworkInterface({ SubnetId });
    const { Instances } = await ec2().runInstances({
      ImageId: 'ami-12345678',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
    });
    const other = await makeVpc(ec2(), '10.1.0.0/16');
    const { VpcPeeringConnection } = await ec2().createVpcPeeringConnection({
      VpcId,
      PeerVpcId: other.VpcId,
    });
    const { DhcpOptions } = await ec2().describeDhcpOptions({});
    const ids: [string, string][] = [
      ['vpc', VpcId],
      ['subnet', SubnetId],
      ['route-table', tables.RouteTables![0]!.RouteTableId!],
      ['network-acl', acls.NetworkAcls![0]!.NetworkAclId!],
      ['security-group', GroupId],
      ['security-group-rule', rules.SecurityGroupRules![0]!.SecurityGroupRuleId!],
      ['network-interface', NetworkInterface!.NetworkInterfaceId!],
      ['instance', Instances![0]!.InstanceId!],
      ['internet-gateway', InternetGateway!.InternetGatewayId!],
      ['dhcp-options', DhcpOptions![0]!.DhcpOptionsId!],
      ['vpc-peering-connection', VpcPeeringConnection!.VpcPeeringConnectionId!],
    ];
    const Resources = ids.map(([, id]) => id);
    await tag(ec2(), Resources, ['k', 'v']);
    expect(await tagsSeenBy(ec2())).toEqual(ids.map(([type, id]) => `${type} ${id} k=v`));
  });

  it('G-016 G-041 one bad id and none is tagged', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const refused: [string, string][] = [
      [UNKNOWN, 'InvalidVpcID.NotFound'],
      ['vpc-1', 'InvalidVpcID.Malformed'],
      ['banana', 'InvalidID'],
      ['rtbassoc-0123456789abcdef0', 'InvalidID'],
      ['vpc-cidr-assoc-0123456789abcdef0', 'InvalidID'],
    ];
    for (const [id, code] of refused) {
      await expectError(tag(ec2(), [VpcId, id], ['k', 'v']), code);
    }
    await expectError(tag(ec2(), ['banana'], ['k']), 'InvalidID', "The ID 'banana' is not valid");
    expect(await tagsSeenBy(ec2())).toEqual([]);
  });

  it('G-025 another account’s resources cannot be tagged', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const call = tag(ec2(OTHER_ACCOUNT), [VpcId], ['k', 'v']);
    await expectError(call, 'InvalidVpcID.NotFound');
  });

  it('G-035 refuses empty, reserved, long and too many keys', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    for (const key of ['', 'aws:mine', 'AWS:mine', 'k'.repeat(129)]) {
      await expectError(tag(ec2(), [VpcId], [key, 'v']), 'InvalidTagKey.Malformed');
    }
    await expectError(tag(ec2(), [VpcId], ['k', 'v'.repeat(257)]), 'InvalidParameterValue');
    await expectError(tag(ec2(), [VpcId], ['k', 'a'], ['k', 'b']), 'InvalidParameterValue');
    const fifty = Array.from({ length: 50 }, (_, index): [string, string] => [`k${index}`, 'v']);
    await tag(ec2(), [VpcId], ...fifty);
    await tag(ec2(), [VpcId], ['k0', 'again']);
    await expectError(tag(ec2(), [VpcId], ['one more', 'v']), 'TagLimitExceeded');
  });

  it('G-015 G-028 needs resources and tags, and obeys DryRun', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await expectError(tag(ec2(), [VpcId]), 'MissingParameter');
    await expectError(tag(ec2(), [], ['k', 'v']), 'MissingParameter');
    const Tags = [{ Key: 'k', Value: 'v' }];
    const call = ec2().createTags({ Resources: [VpcId], Tags, DryRun: true });
    await expectError(call, 'DryRunOperation');
    expect(await tagsSeenBy(ec2())).toEqual([]);
  });
});

describe('DeleteTags', () => {
  async function tagged() {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    await tag(ec2(), [VpcId], ['a', '1'], ['b', '2'], ['c', '']);
    const left = async () => (await ec2().describeTags({})).Tags!.map(({ Key }) => Key).join('');
    return { ec2: ec2(), Resources: [VpcId], left };
  }

  it('by key whatever the value, or only where the value matches', async () => {
    const { ec2, Resources, left } = await tagged();
    await ec2.deleteTags({ Resources, Tags: [{ Key: 'a' }] });
    expect(await left()).toBe('bc');
    await ec2.deleteTags({ Resources, Tags: [{ Key: 'b', Value: 'other' }] });
    expect(await left()).toBe('bc');
    await ec2.deleteTags({ Resources, Tags: [{ Key: 'b', Value: '2' }] });
    expect(await left()).toBe('c');
  });

  it('an empty value matches only the empty value', async () => {
    const { ec2, Resources, left } = await tagged();
    const Tags = ['a', 'c'].map((Key) => ({ Key, Value: '' }));
    await ec2.deleteTags({ Resources, Tags });
    expect(await left()).toBe('ab');
  });

  it('without tags all of them; absent keys are no error', async () => {
    const { ec2, Resources, left } = await tagged();
    await ec2.deleteTags({ Resources, Tags: [{ Key: 'absent' }] });
    expect(await left()).toBe('abc');
    await ec2.deleteTags({ Resources });
    expect(await left()).toBe('');
    await ec2.deleteTags({ Resources });
  });

  it('G-016 refuses unknown resources', async () => {
    const { ec2, Resources, left } = await tagged();
    const call = ec2.deleteTags({ Resources: [...Resources, UNKNOWN] });
    await expectError(call, 'InvalidVpcID.NotFound');
    expect(await left()).toBe('abc');
  });
});

describe('tags of a peering connection', () => {
  it('B-058 are private to the account and Region that set them', async () => {
    const { ec2 } = await testCloud();
    const here = ec2();
    const there = ec2(OTHER_ACCOUNT, 'eu-west-1');
    const vpc = await makeVpc(here, '10.0.0.0/16');
    const peerVpc = await makeVpc(there, '10.1.0.0/16');
    const { VpcPeeringConnection } = await here.createVpcPeeringConnection({
      VpcId: vpc.VpcId,
      PeerVpcId: peerVpc.VpcId,
      PeerOwnerId: OTHER_ACCOUNT,
      PeerRegion: 'eu-west-1',
    });
    const id = VpcPeeringConnection!.VpcPeeringConnectionId!;
    await tag(here, [id], ['Name', 'ours']);
    await tag(there, [id], ['Name', 'theirs'], ['team', 'x']);
    const namesSeenBy = async (client: EC2) => {
      const { VpcPeeringConnections } = await client.describeVpcPeeringConnections({});
      return VpcPeeringConnections![0]!.Tags!.map(({ Value }) => Value);
    };
    expect(await namesSeenBy(here)).toEqual(['ours']);
    expect(await namesSeenBy(there)).toEqual(['theirs', 'x']);
    await there.deleteTags({ Resources: [id] });
    expect(await namesSeenBy(here)).toEqual(['ours']);
    const type = 'vpc-peering-connection';
    expect(await tagsSeenBy(here)).toEqual([`${type} ${id} Name=ours`]);
    // The accepter's connection is not there in the other Regions of either account.
    const elsewhere = tag(ec2(ACCOUNT, 'eu-west-1'), [id], ['k', 'v']);
    await expectError(elsewhere, 'InvalidVpcPeeringConnectionID.NotFound');
  });
});

describe('DescribeTags', () => {
  it('G-037 G-038 filters by everything the reference lists', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const { SubnetId } = await makeSubnet(ec2(), VpcId, '10.0.1.0/24');
    await tag(ec2(), [VpcId], ['Name', 'hub'], ['cost', 'a']);
    await tag(ec2(), [SubnetId], ['Name', 'spoke']);
    const found = async (...filters: [string, ...string[]][]) => {
      const { Tags } = await ec2().describeTags({
        Filters: filters.map(([Name, ...Values]) => ({ Name, Values })),
      });
      return Tags!.map(({ Key, Value }) => `${Key}=${Value}`);
    };
    expect(await found(['key', 'Name'])).toEqual(['Name=hub', 'Name=spoke']);
    expect(await found(['resource-id', VpcId])).toEqual(['Name=hub', 'cost=a']);
    expect(await found(['resource-type', 'subnet'])).toEqual(['Name=spoke']);
    expect(await found(['value', 'h*', 'a'])).toEqual(['Name=hub', 'cost=a']);
    expect(await found(['tag:Name', '*'])).toEqual(['Name=hub', 'Name=spoke']);
    expect(await found(['key', 'Name'], ['value', 'hub'])).toEqual(['Name=hub']);
    await expectError(found(['color', 'red']), 'InvalidParameterValue', /color/);
  });

  it('G-042 G-043 gives pages', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
    await tag(ec2(), [VpcId], ...keys.map((key): [string, string] => [key, 'v']));
    const seen: (string | undefined)[] = [];
    for (let NextToken: string | undefined, page = 0; page < 3; page++) {
      const request = NextToken === undefined ? {} : { NextToken };
      const answer = await ec2().describeTags({ MaxResults: 5, ...request });
      seen.push(...answer.Tags!.map(({ Key }) => Key));
      NextToken = answer.NextToken;
    }
    expect(seen).toEqual(keys);
  });
});
