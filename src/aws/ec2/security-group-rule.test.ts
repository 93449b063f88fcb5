import type { EC2, IpPermission } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN_RULE = 'sgr-0123456789abcdef0';
const SSH = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
const FROM = (CidrIp: string): IpPermission => ({ ...SSH, IpRanges: [{ CidrIp }] });
const NO_SUCH_RULE = 'The specified rule does not exist in this security group.';

async function makeGroup(client: EC2, VpcId: string | undefined, name: string): Promise<string> {
  const request = { VpcId, GroupName: name, Description: 'x' };
  return (await client.createSecurityGroup(request)).GroupId!;
}

/** A group in a VPC, and what tests do to its inbound rules. */
async function setUp(options = {}) {
  const cloud = await testCloud(options);
  const client = cloud.ec2();
  const { VpcId } = await makeVpc(client);
  const GroupId = await makeGroup(client, VpcId, 'web');
  return {
    ...cloud,
    client,
    VpcId,
    GroupId,
    allow: (...IpPermissions: IpPermission[]) =>
      client.authorizeSecurityGroupIngress({ GroupId, IpPermissions }),
    revoke: (...IpPermissions: IpPermission[]) =>
      client.revokeSecurityGroupIngress({ GroupId, IpPermissions }),
    /** The inbound rules one by one. */
    rules: async () => {
      const Filters = [{ Name: 'group-id', Values: [GroupId] }];
      const { SecurityGroupRules } = await client.describeSecurityGroupRules({ Filters });
      return SecurityGroupRules!.filter(({ IsEgress }) => !IsEgress);
    },
    permissions: async () => {
      const { SecurityGroups } = await client.describeSecurityGroups({ GroupIds: [GroupId] });
      return SecurityGroups![0]!.IpPermissions!;
    },
  };
}

describe('AuthorizeSecurityGroupIngress', () => {
  it('A-068 adds a rule for each peer, and shows those of one traffic together', async () => {
    const { client, GroupId, rules, permissions } = await setUp();
    const Tags = [{ Key: 'Name', Value: 'ssh' }];
    const { Return, SecurityGroupRules } = await client.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [
        {
          ...SSH,
          IpRanges: [{ CidrIp: '192.0.2.9/24', Description: 'office' }],
          Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
          UserIdGroupPairs: [{ GroupId, Description: 'each other' }],
        },
      ],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }],
    });
    expect(Return).toBe(true);
    const rule = { GroupId, GroupOwnerId: ACCOUNT, IsEgress: false, ...SSH, Tags };
    expect(SecurityGroupRules).toMatchObject([
      { ...rule, CidrIpv4: '192.0.2.0/24', Description: 'office' },
      { ...rule, CidrIpv6: '2001:db8::/32' },
      { ...rule, ReferencedGroupInfo: { GroupId, UserId: ACCOUNT }, Description: 'each other' },
    ]);
    for (const { SecurityGroupRuleId, SecurityGroupRuleArn } of SecurityGroupRules!) {
      expect(SecurityGroupRuleId).toMatch(/^sgr-[0-9a-f]{17}$/);
      expect(SecurityGroupRuleArn).toMatch(/:111111111111:security-group-rule\/sgr-/);
    }
    expect(await rules()).toEqual(SecurityGroupRules);
    expect(await permissions()).toEqual([
      {
        ...SSH,
        IpRanges: [{ CidrIp: '192.0.2.0/24', Description: 'office' }],
        Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        PrefixListIds: [],
        UserIdGroupPairs: [{ GroupId, UserId: ACCOUNT, Description: 'each other' }],
      },
    ]);
  });

  it('takes protocols by number and by name, and shows the four names', async () => {
    const { allow, rules, permissions } = await setUp();
    const IpRanges = [{ CidrIp: '10.0.0.0/8' }];
    for (const [IpProtocol, FromPort, ToPort] of [
      ['6', 0, 65535],
      ['UDP', 53, 53],
      ['1', 8, -1],
      ['icmpv6', undefined, undefined],
      ['58', 128, 0],
      ['50', 1, 2],
      ['-1', 1, 2],
    ] as const) {
      await allow({ IpProtocol, FromPort, ToPort, IpRanges });
    }
    const shown = (await rules()).map((rule) => [rule.IpProtocol, rule.FromPort, rule.ToPort]);
    expect(shown).toEqual([
      ['tcp', 0, 65535],
      ['udp', 53, 53],
      ['icmp', 8, -1],
      ['icmpv6', -1, -1],
      ['icmpv6', 128, 0],
      ['50', -1, -1],
      ['-1', -1, -1],
    ]);
    // Here what does not narrow the protocol is left out.
    const list = (await permissions()).map((one) => [one.IpProtocol, one.FromPort]);
    expect(list.slice(5)).toEqual([
      ['50', undefined],
      ['-1', undefined],
    ]);
  });

  it('A-084 G-024 refuses a rule twice, in whatever spelling', async () => {
    const { allow } = await setUp();
    await allow(FROM('10.0.0.0/8'));
    const rule = 'peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW';
    const message = `the specified rule "${rule}" already exists`;
    await expectError(allow(FROM('10.0.0.0/8')), 'InvalidPermission.Duplicate', message);
    const spelt = { ...FROM('10.1.2.3/8'), IpProtocol: '6' };
    await expectError(allow(spelt), 'InvalidPermission.Duplicate');
    const described = { ...SSH, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'other' }] };
    await expectError(allow(described), 'InvalidPermission.Duplicate');
    const twice = allow(FROM('192.0.2.0/24'), FROM('192.0.2.0/24'));
    await expectError(twice, 'InvalidParameterValue', /must not appear multiple times/);
    await allow(FROM('10.0.0.0/9'), { ...FROM('10.0.0.0/8'), ToPort: 23 });
  });

  it('a refused call adds nothing of what it names', async () => {
    const { allow, rules } = await setUp();
    await allow(FROM('10.0.0.0/8'));
    const call = allow(FROM('192.0.2.0/24'), FROM('10.0.0.0/8'));
    await expectError(call, 'InvalidPermission.Duplicate');
    expect(await rules()).toHaveLength(1);
  });

  it('A-085 G-023 holds 60 rules a direction and family; groups count in both', async () => {
    const { client, GroupId, allow } = await setUp();
    const CODE = 'RulesPerSecurityGroupLimitExceeded';
    const block = (n: number) => ({ CidrIp: `192.0.2.${n}/32` });
    const block6 = (n: number) => ({ CidrIpv6: `2001:db8::${n}/128` });
    const count = (to: number) => Array.from({ length: to }, (_, n) => n + 1);
    await allow({ ...SSH, IpRanges: count(59).map(block) });
    await allow({ ...SSH, UserIdGroupPairs: [{ GroupId }] });
    await expectError(allow({ ...SSH, IpRanges: [block(60)] }), CODE);
    const over = { ...SSH, Ipv6Ranges: count(60).map(block6) };
    await expectError(allow(over), CODE);
    await allow({ ...SSH, Ipv6Ranges: count(59).map(block6) });
    // The other direction has its own count.
    const IpPermissions = [{ ...SSH, IpRanges: count(59).map(block) }];
    await client.authorizeSecurityGroupEgress({ GroupId, IpPermissions });
    const wide = await setUp({ quotas: false });
    await wide.allow({ ...SSH, IpRanges: count(100).map(block) });
  });

  it('G-015 wants ports for TCP and UDP, type and code for ICMP', async () => {
    const { allow } = await setUp();
    const IpRanges = [{ CidrIp: '10.0.0.0/8' }];
    for (const [IpProtocol, FromPort, ToPort, message] of [
      ['tcp', undefined, undefined, /Must specify both from and to ports/],
      ['17', 1, undefined, /Must specify both from and to ports/],
      ['icmp', 8, undefined, /Must specify both type and code/],
      ['tcp', -1, -1, /port \(-1\) out of range/],
      ['tcp', 0, 65536, /port \(65536\) out of range/],
      ['tcp', 80, 79, /Invalid TCP\/UDP port range \(80:79\)/],
      ['icmp', 256, 0, /ICMP type \(256\) out of range/],
      ['icmp', 8, 256, /ICMP code \(256\) out of range/],
      ['icmp', -1, 0, /ICMP code \(0\) out of range/],
      ['tpc', 1, 1, /Invalid value 'tpc' for IP protocol/],
      ['256', 1, 1, /Unknown protocol/],
    ] as const) {
      const call = allow({ IpProtocol, FromPort, ToPort, IpRanges });
      await expectError(call, 'InvalidParameterValue', message);
    }
    await expectError(allow({ IpRanges }), 'MissingParameter', /ipProtocol/);
    await expectError(allow(SSH), 'MissingParameter', /ipRanges/);
    const noBlock = { ...SSH, IpRanges: [{ Description: 'x' }] };
    await expectError(allow(noBlock), 'MissingParameter', /cidrIp/);
    const wrongFamily = { ...SSH, IpRanges: [{ CidrIp: '::/0' }] };
    await expectError(allow(wrongFamily), 'InvalidParameterValue');
    const list = { ...SSH, PrefixListIds: [{ PrefixListId: 'pl-0123456789abcdef0' }] };
    await expectError(allow(list), 'InvalidPrefixListID.NotFound');
    const long = { ...SSH, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'x'.repeat(256) }] };
    await expectError(allow(long), 'InvalidParameterValue', /Invalid rule description/);
  });

  it('G-016 G-025 G-028 G-033 wants a group of the caller', async () => {
    const { client, ec2, GroupId, rules } = await setUp();
    const IpPermissions = [FROM('10.0.0.0/8')];
    const allow = (id?: string, by = client) =>
      by.authorizeSecurityGroupIngress({ GroupId: id, IpPermissions });
    await expectError(allow(), 'MissingParameter', /groupName or groupId/);
    await expectError(allow('sg-1'), 'InvalidGroupId.Malformed');
    await expectError(allow('sg-0123456789abcdef0'), 'InvalidGroup.NotFound');
    await expectError(allow(GroupId, ec2(OTHER_ACCOUNT)), 'InvalidGroup.NotFound');
    const none = client.authorizeSecurityGroupIngress({ GroupId });
    await expectError(none, 'MissingParameter', /ipPermissions/);
    const dry = { GroupId, IpPermissions, DryRun: true };
    await expectError(client.authorizeSecurityGroupIngress(dry), 'DryRunOperation');
    const TagSpecifications = [{ ResourceType: 'security-group' as const, Tags: [] }];
    const tagged = { GroupId, IpPermissions, TagSpecifications };
    await expectError(client.authorizeSecurityGroupIngress(tagged), 'InvalidParameterValue');
    expect(await rules()).toEqual([]);
  });
});

describe('rules without IpPermissions', () => {
  it('one rule stands in the call itself', async () => {
    const { client, GroupId, rules } = await setUp();
    const rule = { GroupId, ...SSH, CidrIp: '10.0.0.0/8' };
    await client.authorizeSecurityGroupIngress(rule);
    expect(await rules()).toMatchObject([{ ...SSH, CidrIpv4: '10.0.0.0/8' }]);
    await client.revokeSecurityGroupIngress(rule);
    expect(await rules()).toEqual([]);
  });

  it('a source group by name is granted TCP, UDP and ICMP', async () => {
    const { client } = await setUp();
    const GroupId = await makeGroup(client, undefined, 'db');
    const SourceSecurityGroupName = 'default';
    const request = { GroupName: 'db', SourceSecurityGroupName };
    const { SecurityGroupRules } = await client.authorizeSecurityGroupIngress(request);
    const shown = SecurityGroupRules!.map((rule) => [rule.IpProtocol, rule.FromPort, rule.ToPort]);
    expect(shown).toEqual([
      ['tcp', 0, 65535],
      ['udp', 0, 65535],
      ['icmp', -1, -1],
    ]);
    expect(SecurityGroupRules![0]).toMatchObject({ GroupId });
    const one = { ...request, ...SSH };
    await client.authorizeSecurityGroupIngress(one);
    const foreign = { ...one, SourceSecurityGroupOwnerId: OTHER_ACCOUNT };
    const call = client.authorizeSecurityGroupIngress(foreign);
    await expectError(call, 'InvalidGroup.NotFound');
    const unknown = { ...one, SourceSecurityGroupName: 'nobody' };
    const nobody = client.authorizeSecurityGroupIngress(unknown);
    await expectError(nobody, 'InvalidGroup.NotFound', /'nobody'/);
  });

  it('G-015 takes one form at a time, and outbound only IpPermissions', async () => {
    const { client, GroupId } = await setUp();
    const allow = (members: object) =>
      client.authorizeSecurityGroupIngress({ GroupId, ...members });
    const CidrIp = '10.0.0.0/8';
    const both = allow({ ...SSH, CidrIp, IpPermissions: [FROM(CidrIp)] });
    await expectError(both, 'InvalidParameterCombination');
    const twoPeers = allow({ ...SSH, CidrIp, SourceSecurityGroupName: 'web' });
    await expectError(twoPeers, 'InvalidParameterCombination');
    await expectError(allow({ CidrIp }), 'MissingParameter', /ipProtocol/);
    await expectError(allow(SSH), 'MissingParameter', /cidrIp/);
    const egress = { GroupId, ...SSH, CidrIp };
    const out = client.authorizeSecurityGroupEgress(egress);
    await expectError(out, 'UnsupportedOperation', /CidrIp/);
    await expectError(client.revokeSecurityGroupEgress(egress), 'UnsupportedOperation');
  });
});

describe('revoking rules', () => {
  it('takes away by what rules say, descriptions aside', async () => {
    const { allow, revoke, rules } = await setUp();
    const IpRanges = [{ CidrIp: '10.0.0.0/8', Description: 'old' }];
    await allow({ ...SSH, IpRanges }, FROM('192.0.2.0/24'));
    const answer = await revoke(FROM('10.0.0.1/8'));
    expect(answer).toMatchObject({ Return: true, UnknownIpPermissions: [] });
    expect(answer.RevokedSecurityGroupRules).toMatchObject([
      { ...SSH, CidrIpv4: '10.0.0.0/8', IsEgress: false, Description: 'old' },
    ]);
    expect(await rules()).toMatchObject([{ CidrIpv4: '192.0.2.0/24' }]);
  });

  it('A-084 refuses absent rules, and then takes none away', async () => {
    const { client, GroupId, allow, revoke, rules } = await setUp();
    await allow(FROM('10.0.0.0/8'));
    const call = revoke(FROM('10.0.0.0/8'), FROM('192.0.2.0/24'));
    await expectError(call, 'InvalidPermission.NotFound', NO_SUCH_RULE);
    expect(await rules()).toHaveLength(1);
    const IpPermissions = [FROM('10.0.0.0/8')];
    const wrongWay = client.revokeSecurityGroupEgress({ GroupId, IpPermissions });
    await expectError(wrongWay, 'InvalidPermission.NotFound');
  });

  it('A-084 in a default VPC takes the others away and says what it does not know', async () => {
    const { client } = await setUp();
    const GroupId = await makeGroup(client, undefined, 'db');
    const known = FROM('10.0.0.0/8');
    await client.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [known] });
    const IpPermissions = [FROM('192.0.2.0/24'), known];
    const answer = await client.revokeSecurityGroupIngress({ GroupId, IpPermissions });
    expect(answer.UnknownIpPermissions).toMatchObject([FROM('192.0.2.0/24')]);
    expect(answer.RevokedSecurityGroupRules).toMatchObject([{ CidrIpv4: '10.0.0.0/8' }]);
  });

  it('A-069 with the outbound rule gone nothing is allowed out', async () => {
    const { client, GroupId } = await setUp();
    const everything = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await client.revokeSecurityGroupEgress({ GroupId, IpPermissions: [everything] });
    const { SecurityGroups } = await client.describeSecurityGroups({ GroupIds: [GroupId] });
    expect(SecurityGroups![0]!.IpPermissionsEgress).toEqual([]);
  });

  it('G-016 takes away by rule id, of this group and direction', async () => {
    const { client, GroupId, VpcId, allow, rules } = await setUp();
    const { SecurityGroupRules } = await allow(FROM('10.0.0.0/8'), FROM('192.0.2.0/24'));
    const ids = SecurityGroupRules!.map((rule) => rule.SecurityGroupRuleId!);
    await client.createTags({ Resources: ids, Tags: [{ Key: 'a', Value: 'b' }] });
    const revoke = (SecurityGroupRuleIds: string[], group = GroupId) =>
      client.revokeSecurityGroupIngress({ GroupId: group, SecurityGroupRuleIds });
    const other = await makeGroup(client, VpcId, 'other');
    await expectError(revoke(ids, other), 'InvalidSecurityGroupRuleId.NotFound');
    const egress = { GroupId, SecurityGroupRuleIds: ids };
    const wrongWay = client.revokeSecurityGroupEgress(egress);
    await expectError(wrongWay, 'InvalidSecurityGroupRuleId.NotFound');
    await expectError(revoke(['sgr-1']), 'InvalidSecurityGroupRuleId.Malformed');
    const message = `The security group rule ID '${UNKNOWN_RULE}' does not exist`;
    const some = revoke([ids[0]!, UNKNOWN_RULE]);
    await expectError(some, 'InvalidSecurityGroupRuleId.NotFound', message);
    const both = client.revokeSecurityGroupIngress({
      GroupId,
      SecurityGroupRuleIds: ids,
      IpPermissions: [FROM('10.0.0.0/8')],
    });
    await expectError(both, 'InvalidParameterCombination');
    const { RevokedSecurityGroupRules } = await revoke(ids);
    expect(RevokedSecurityGroupRules).toHaveLength(2);
    expect(await rules()).toEqual([]);
    const { Tags } = await client.describeTags({ Filters: [{ Name: 'key', Values: ['a'] }] });
    expect(Tags).toEqual([]);
  });
});

describe('ModifySecurityGroupRules', () => {
  it('changes what a rule says; id, direction and tags stay', async () => {
    const { client, GroupId, allow, rules } = await setUp();
    const IpRanges = [{ CidrIp: '10.0.0.0/8', Description: 'old' }];
    const { SecurityGroupRules } = await allow({ ...SSH, IpRanges });
    const id = SecurityGroupRules![0]!.SecurityGroupRuleId!;
    const modify = (rule: object, SecurityGroupRuleId = id) =>
      client.modifySecurityGroupRules({
        GroupId,
        SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: rule }],
      });
    await modify({ IpProtocol: 'udp', FromPort: 1, ToPort: 2, CidrIpv6: '2001:db8::1/32' });
    const [rule, ...others] = await rules();
    expect(others).toEqual([]);
    expect(rule).toMatchObject({
      SecurityGroupRuleId: id,
      IpProtocol: 'udp',
      FromPort: 1,
      ToPort: 2,
      CidrIpv6: '2001:db8::/32',
    });
    expect([rule?.CidrIpv4, rule?.Description]).toEqual([undefined, undefined]);
    await modify({ ...SSH, ReferencedGroupId: GroupId, Description: 'new' });
    expect(await rules()).toMatchObject([{ ReferencedGroupInfo: { GroupId }, Description: 'new' }]);
    const list = modify({ ...SSH, PrefixListId: 'pl-0123456789abcdef0' });
    await expectError(list, 'InvalidPrefixListID.NotFound');
    const two = modify({ ...SSH, CidrIpv4: '10.0.0.0/8', ReferencedGroupId: GroupId });
    await expectError(two, 'InvalidParameterCombination');
    await expectError(modify(SSH), 'MissingParameter', /cidrIpv4/);
    const unknown = modify({ ...SSH, CidrIpv4: '10.0.0.0/8' }, UNKNOWN_RULE);
    await expectError(unknown, 'InvalidSecurityGroupRuleId.NotFound');
  });

  it('A-084 G-024 lets rules change places, not become the same', async () => {
    const { client, GroupId, allow, rules } = await setUp();
    const [a, b] = ['10.0.0.0/8', '192.0.2.0/24'];
    const { SecurityGroupRules } = await allow(FROM(a), FROM(b));
    const [first, second] = SecurityGroupRules!.map((rule) => rule.SecurityGroupRuleId!);
    const modify = (...updates: [id: string | undefined, CidrIpv4: string][]) =>
      client.modifySecurityGroupRules({
        GroupId,
        SecurityGroupRules: updates.map(([SecurityGroupRuleId, CidrIpv4]) => ({
          SecurityGroupRuleId,
          SecurityGroupRule: { ...SSH, CidrIpv4 },
        })),
      });
    await expectError(modify([first, b]), 'InvalidPermission.Duplicate');
    await expectError(modify([first, a], [first, b]), 'InvalidParameterValue');
    await modify([first, b], [second, a]);
    expect(await rules()).toMatchObject([
      { SecurityGroupRuleId: first, CidrIpv4: b },
      { SecurityGroupRuleId: second, CidrIpv4: a },
    ]);
  });
});

describe('UpdateSecurityGroupRuleDescriptions', () => {
  it('sets and removes descriptions, by rule id or by what rules say', async () => {
    const { client, GroupId, allow, rules } = await setUp();
    const { SecurityGroupRules } = await allow(FROM('10.0.0.0/8'));
    const SecurityGroupRuleId = SecurityGroupRules![0]!.SecurityGroupRuleId!;
    const update = (members: object) =>
      client.updateSecurityGroupRuleDescriptionsIngress({ GroupId, ...members });
    const byId = (Description?: string, id = SecurityGroupRuleId) =>
      update({ SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: id, Description }] });
    const described = async () => (await rules())[0]?.Description;
    expect(await byId('one')).toMatchObject({ Return: true });
    expect(await described()).toBe('one');
    const IpRanges = [{ CidrIp: '10.0.0.0/8', Description: 'two' }];
    await update({ IpPermissions: [{ ...SSH, IpRanges }] });
    expect(await described()).toBe('two');
    await byId();
    expect(await described()).toBeUndefined();
    await expectError(byId('x', UNKNOWN_RULE), 'InvalidSecurityGroupRuleId.NotFound');
    await expectError(byId('é'), 'InvalidParameterValue', /Invalid rule description/);
    const unknown = update({ IpPermissions: [FROM('192.0.2.0/24')] });
    await expectError(unknown, 'InvalidPermission.NotFound', NO_SUCH_RULE);
    await expectError(update({}), 'MissingParameter');
    const both = update({ IpPermissions: [], SecurityGroupRuleDescriptions: [] });
    await expectError(both, 'MissingParameter'); // Empty lists do not travel.
  });

  it('does the same outbound', async () => {
    const { client, GroupId } = await setUp();
    const IpRanges = [{ CidrIp: '0.0.0.0/0', Description: 'all' }];
    const IpPermissions = [{ IpProtocol: '-1', IpRanges }];
    await client.updateSecurityGroupRuleDescriptionsEgress({ GroupId, IpPermissions });
    const { SecurityGroups } = await client.describeSecurityGroups({ GroupIds: [GroupId] });
    expect(SecurityGroups![0]!.IpPermissionsEgress).toMatchObject(IpPermissions);
    const wrongWay = { GroupId, IpPermissions };
    const call = client.updateSecurityGroupRuleDescriptionsIngress(wrongWay);
    await expectError(call, 'InvalidPermission.NotFound');
  });
});

describe('DescribeSecurityGroupRules', () => {
  it('G-037 G-041 G-042 finds by id, group and tag, in pages', async () => {
    const { client, GroupId, allow } = await setUp();
    const blocks = [1, 2, 3, 4, 5, 6].map((n) => FROM(`192.0.2.${n}/32`));
    const { SecurityGroupRules } = await allow(...blocks);
    const id = SecurityGroupRules![0]!.SecurityGroupRuleId!;
    await client.createTags({ Resources: [id], Tags: [{ Key: 'tier', Value: 'web' }] });
    const count = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const answer = await client.describeSecurityGroupRules({ Filters });
      return answer.SecurityGroupRules!.length;
    };
    expect(await count('group-id', GroupId)).toBe(7);
    expect(await count('security-group-rule-id', id)).toBe(1);
    expect(await count('tag:tier', 'web')).toBe(1);
    const Filters = [{ Name: 'group-id', Values: [GroupId] }];
    const page = { Filters, MaxResults: 5 };
    const { NextToken } = await client.describeSecurityGroupRules(page);
    const rest = await client.describeSecurityGroupRules({ ...page, NextToken });
    expect(rest.SecurityGroupRules).toHaveLength(2);
    const byId = (ids: string[]) =>
      client.describeSecurityGroupRules({ SecurityGroupRuleIds: ids });
    expect((await byId([id])).SecurityGroupRules).toHaveLength(1);
    await expectError(byId([id, UNKNOWN_RULE]), 'InvalidSecurityGroupRuleId.NotFound');
    await expectError(byId(['sgr-1']), 'InvalidSecurityGroupRuleId.Malformed');
    await expectError(count('colour', 'red'), 'InvalidParameterValue');
  });
});
