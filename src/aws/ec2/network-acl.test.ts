import type { EC2, NetworkAcl } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'acl-0123456789abcdef0';

async function setUp(options = {}) {
  const cloud = await testCloud(options);
  const client = cloud.ec2();
  const { VpcId } = await makeVpc(client);
  return { ...cloud, client, VpcId };
}

async function makeAcl(client: EC2, VpcId: string): Promise<string> {
  const { NetworkAcl } = await client.createNetworkAcl({ VpcId });
  return NetworkAcl!.NetworkAclId!;
}

async function aclsOf(client: EC2, vpcId: string): Promise<NetworkAcl[]> {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  return (await client.describeNetworkAcls({ Filters })).NetworkAcls!;
}

async function defaultAcl(client: EC2, vpcId: string) {
  const acl = (await aclsOf(client, vpcId)).find(({ IsDefault }) => IsDefault)!;
  return acl as NetworkAcl & { readonly NetworkAclId: string };
}

async function lookAtAcl(client: EC2, id: string): Promise<NetworkAcl> {
  return (await client.describeNetworkAcls({ NetworkAclIds: [id] })).NetworkAcls![0]!;
}

/** Number, direction, action and block of each entry. */
function summary({ Entries }: NetworkAcl): string[] {
  return Entries!.map(({ RuleNumber, Egress, RuleAction, CidrBlock, Ipv6CidrBlock }) =>
    [RuleNumber, Egress ? 'out' : 'in', RuleAction, CidrBlock ?? Ipv6CidrBlock].join(' '),
  );
}

describe('the default network ACL', () => {
  it('A-058 A-060 allows everything both ways, then denies', async () => {
    const { client, VpcId } = await setUp();
    const acl = await defaultAcl(client, VpcId);
    expect(acl).toMatchObject({ IsDefault: true, OwnerId: '111111111111', VpcId, Tags: [] });
    const everything = { CidrBlock: '0.0.0.0/0', Protocol: '-1' };
    expect(acl.Entries).toEqual([
      { ...everything, Egress: true, RuleAction: 'allow', RuleNumber: 100 },
      { ...everything, Egress: true, RuleAction: 'deny', RuleNumber: 32767 },
      { ...everything, Egress: false, RuleAction: 'allow', RuleNumber: 100 },
      { ...everything, Egress: false, RuleAction: 'deny', RuleNumber: 32767 },
    ]);
  });

  it('A-058 A-060 has rules 101 and 32768 in a VPC with IPv6', async () => {
    const { client } = await setUp();
    const { VpcId } = await makeVpc(client, '10.1.0.0/16', true);
    const direction = (name: string) => [
      `100 ${name} allow 0.0.0.0/0`,
      `101 ${name} allow ::/0`,
      `32767 ${name} deny 0.0.0.0/0`,
      `32768 ${name} deny ::/0`,
    ];
    const expected = [...direction('out'), ...direction('in')];
    expect(summary(await defaultAcl(client, VpcId))).toEqual(expected);
  });

  it('A-060 gains rule 101 with the first IPv6 block, where nobody edited', async () => {
    const { client, VpcId } = await setUp();
    const { NetworkAclId } = await defaultAcl(client, VpcId);
    await client.createNetworkAclEntry({
      NetworkAclId,
      RuleNumber: 50,
      Egress: false,
      Protocol: '-1',
      RuleAction: 'deny',
      CidrBlock: '192.0.2.0/24',
    });
    await client.associateVpcCidrBlock({ VpcId, AmazonProvidedIpv6CidrBlock: true });
    expect(summary(await lookAtAcl(client, NetworkAclId))).toEqual([
      '100 out allow 0.0.0.0/0',
      '101 out allow ::/0',
      '32767 out deny 0.0.0.0/0',
      '32768 out deny ::/0',
      '50 in deny 192.0.2.0/24',
      '100 in allow 0.0.0.0/0',
      '32767 in deny 0.0.0.0/0',
      '32768 in deny ::/0',
    ]);
  });

  it('cannot be deleted, and goes with its VPC', async () => {
    const { client, cloud, VpcId } = await setUp();
    const { NetworkAclId } = await defaultAcl(client, VpcId);
    const message = `cannot delete default network ACL ${NetworkAclId}`;
    const call = client.deleteNetworkAcl({ NetworkAclId });
    await expectError(call, 'InvalidParameterValue', message);
    await client.deleteVpc({ VpcId });
    expect(cloud.model.get('network-acl', NetworkAclId)).toBeUndefined();
  });
});

describe('CreateNetworkAcl', () => {
  it('A-061 denies everything both ways until rules are added', async () => {
    const { client, VpcId } = await setUp();
    const { NetworkAcl } = await client.createNetworkAcl({ VpcId });
    expect(NetworkAcl?.NetworkAclId).toMatch(/^acl-[0-9a-f]{17}$/);
    expect(NetworkAcl).toMatchObject({ IsDefault: false, VpcId, Associations: [] });
    const denies = ['32767 out deny 0.0.0.0/0', '32767 in deny 0.0.0.0/0'];
    expect(summary(NetworkAcl!)).toEqual(denies);
  });

  it('G-030 G-028 G-033 takes token, tags and DryRun', async () => {
    const { client, VpcId } = await setUp();
    const request = {
      VpcId,
      ClientToken: 'once',
      TagSpecifications: [
        { ResourceType: 'network-acl' as const, Tags: [{ Key: 'Name', Value: 'web' }] },
      ],
    };
    const dry = client.createNetworkAcl({ ...request, DryRun: true });
    await expectError(dry, 'DryRunOperation');
    const first = await client.createNetworkAcl(request);
    expect(first).toMatchObject({ ClientToken: 'once' });
    expect(first.NetworkAcl?.Tags).toEqual([{ Key: 'Name', Value: 'web' }]);
    const again = await client.createNetworkAcl(request);
    expect(again.NetworkAcl?.NetworkAclId).toBe(first.NetworkAcl?.NetworkAclId);
    const other = client.createNetworkAcl({ ...request, TagSpecifications: [] });
    await expectError(other, 'IdempotentParameterMismatch');
    expect(await aclsOf(client, VpcId)).toHaveLength(2);
  });

  it('G-016 G-025 wants a VPC of the caller', async () => {
    const { client, ec2, VpcId } = await setUp();
    await expectError(client.createNetworkAcl({ VpcId: 'vpc-1' }), 'InvalidVpcID.Malformed');
    const foreign = ec2(OTHER_ACCOUNT).createNetworkAcl({ VpcId });
    await expectError(foreign, 'InvalidVpcID.NotFound');
  });

  it('G-023 stops at 200 in a VPC, the default one counted', async () => {
    const { client, VpcId } = await setUp();
    for (let count = 1; count < 200; count++) await makeAcl(client, VpcId);
    await expectError(client.createNetworkAcl({ VpcId }), 'NetworkAclLimitExceeded');
  });
});

describe('network ACL associations', () => {
  it('A-064 a new subnet has the default ACL', async () => {
    const { client, cloud, VpcId } = await setUp();
    const { SubnetId } = await makeSubnet(client, VpcId, '10.0.1.0/24');
    const { Associations, NetworkAclId } = await defaultAcl(client, VpcId);
    expect(Associations).toMatchObject([{ NetworkAclId, SubnetId }]);
    expect(Associations![0]!.NetworkAclAssociationId).toMatch(/^aclassoc-[0-9a-f]{17}$/);
    await client.deleteSubnet({ SubnetId });
    expect((await defaultAcl(client, VpcId)).Associations).toEqual([]);
    expect([...cloud.model.all('network-acl-association')]).toHaveLength(6); // The default VPC's.
  });

  it('A-064 associating another ACL replaces the one there was', async () => {
    const { client, VpcId } = await setUp();
    const { SubnetId } = await makeSubnet(client, VpcId, '10.0.1.0/24');
    const NetworkAclId = await makeAcl(client, VpcId);
    const { Associations } = await defaultAcl(client, VpcId);
    const AssociationId = Associations![0]!.NetworkAclAssociationId!;
    const replace = () => client.replaceNetworkAclAssociation({ AssociationId, NetworkAclId });
    const { NewAssociationId } = await replace();
    expect(NewAssociationId).not.toBe(AssociationId);
    expect((await defaultAcl(client, VpcId)).Associations).toEqual([]);
    expect((await lookAtAcl(client, NetworkAclId)).Associations).toEqual([
      { NetworkAclAssociationId: NewAssociationId, NetworkAclId, SubnetId },
    ]);
    await expectError(replace(), 'InvalidAssociationID.NotFound');
  });

  it('G-019 an ACL that a subnet uses cannot be deleted', async () => {
    const { client, VpcId } = await setUp();
    await makeSubnet(client, VpcId, '10.0.1.0/24');
    const acl = await defaultAcl(client, VpcId);
    const NetworkAclId = await makeAcl(client, VpcId);
    const AssociationId = acl.Associations![0]!.NetworkAclAssociationId!;
    const request = { AssociationId, NetworkAclId };
    const { NewAssociationId } = await client.replaceNetworkAclAssociation(request);
    const message = `The networkAcl '${NetworkAclId}' has dependencies and cannot be deleted.`;
    const refused = client.deleteNetworkAcl({ NetworkAclId });
    await expectError(refused, 'DependencyViolation', message);
    const back = { AssociationId: NewAssociationId!, NetworkAclId: acl.NetworkAclId };
    await client.replaceNetworkAclAssociation(back);
    await client.deleteNetworkAcl({ NetworkAclId });
    await expectError(lookAtAcl(client, NetworkAclId), 'InvalidNetworkAclID.NotFound');
  });

  it('G-016 G-018 G-025 tells which id is wrong', async () => {
    const { client, ec2, VpcId } = await setUp();
    const { SubnetId } = await makeSubnet(client, VpcId, '10.0.1.0/24');
    const { NetworkAclId, Associations } = await defaultAcl(client, VpcId);
    const AssociationId = Associations![0]!.NetworkAclAssociationId!;
    const replace = (association: string, acl: string, by = client) =>
      by.replaceNetworkAclAssociation({ AssociationId: association, NetworkAclId: acl });
    await expectError(replace('aclassoc-1', NetworkAclId), 'InvalidAssociationID.Malformed');
    const unknown = replace('aclassoc-0123456789abcdef0', NetworkAclId);
    await expectError(unknown, 'InvalidAssociationID.NotFound');
    await expectError(replace(AssociationId, UNKNOWN), 'InvalidNetworkAclID.NotFound');
    await expectError(replace(AssociationId, 'acl-1'), 'InvalidNetworkAclId.Malformed');
    const other = ec2(OTHER_ACCOUNT);
    const { VpcId: theirs } = await makeVpc(other, '10.1.0.0/16');
    const theirAcl = await defaultAcl(other, theirs);
    const foreign = replace(AssociationId, theirAcl.NetworkAclId, other);
    await expectError(foreign, 'InvalidAssociationID.NotFound');
    const { VpcId: elsewhere } = await makeVpc(client, '10.2.0.0/16');
    const acl = await makeAcl(client, elsewhere);
    const message = `network acl ${acl} and subnet ${SubnetId} belong to different networks`;
    await expectError(replace(AssociationId, acl), 'InvalidParameterValue', message);
  });
});

describe('DescribeNetworkAcls', () => {
  it('G-037 filters by what ACLs, associations and entries say', async () => {
    const { client } = await setUp();
    const { VpcId } = await makeVpc(client, '10.1.0.0/16', true);
    const { SubnetId } = await makeSubnet(client, VpcId, '10.1.1.0/24');
    const NetworkAclId = await makeAcl(client, VpcId);
    const { Associations } = await defaultAcl(client, VpcId);
    const { NewAssociationId } = await client.replaceNetworkAclAssociation({
      AssociationId: Associations![0]!.NetworkAclAssociationId!,
      NetworkAclId,
    });
    const entry = { NetworkAclId, Egress: false, RuleAction: 'deny' as const };
    await client.createNetworkAclEntry({
      ...entry,
      RuleNumber: 7,
      Protocol: 'tcp',
      CidrBlock: '192.0.2.0/24',
      PortRange: { From: 80, To: 443 },
    });
    await client.createNetworkAclEntry({
      ...entry,
      RuleNumber: 8,
      Protocol: '58',
      Ipv6CidrBlock: '2001:db8::/32',
      IcmpTypeCode: { Type: 128, Code: 0 },
    });
    await client.createTags({ Resources: [NetworkAclId], Tags: [{ Key: 'tier', Value: 'web' }] });
    const found = async (Name: string, value: string) => {
      const Filters = [
        { Name, Values: [value] },
        { Name: 'vpc-id', Values: [VpcId] },
      ];
      const { NetworkAcls } = await client.describeNetworkAcls({ Filters });
      return NetworkAcls!.map((acl) => acl.NetworkAclId);
    };
    for (const [name, value] of [
      ['association.association-id', NewAssociationId!],
      ['association.network-acl-id', NetworkAclId],
      ['association.subnet-id', SubnetId],
      ['default', 'false'],
      ['entry.cidr', '192.0.2.0/24'],
      ['entry.icmp.code', '0'],
      ['entry.icmp.type', '128'],
      ['entry.ipv6-cidr', '2001:db8::/32'],
      ['entry.port-range.from', '80'],
      ['entry.port-range.to', '443'],
      ['entry.protocol', 'tcp'],
      ['entry.protocol', '6'],
      ['entry.rule-number', '7'],
      ['network-acl-id', NetworkAclId],
      ['tag:tier', 'web'],
      ['tag-key', 'tier'],
    ] as const) {
      expect(await found(name, value), name).toEqual([NetworkAclId]);
    }
    expect(await found('entry.rule-action', 'allow')).toHaveLength(1);
    expect(await found('entry.egress', 'true')).toHaveLength(2);
    expect(await found('owner-id', OTHER_ACCOUNT)).toEqual([]);
    const bad = client.describeNetworkAcls({ Filters: [{ Name: 'colour', Values: ['red'] }] });
    await expectError(bad, 'InvalidParameterValue');
  });

  it('G-041 G-042 pages, and fails whole for an unknown id', async () => {
    const { client, ec2, VpcId } = await setUp();
    for (let count = 0; count < 5; count++) await makeAcl(client, VpcId);
    const first = await client.describeNetworkAcls({ MaxResults: 5 });
    const NextToken = first.NextToken!;
    const second = await client.describeNetworkAcls({ MaxResults: 5, NextToken });
    expect([first.NetworkAcls, second.NetworkAcls].map((page) => page?.length)).toEqual([5, 2]);
    const tooMany = client.describeNetworkAcls({ MaxResults: 1001 });
    await expectError(tooMany, 'InvalidParameterValue');
    const { NetworkAclId } = await defaultAcl(client, VpcId);
    const some = client.describeNetworkAcls({ NetworkAclIds: [NetworkAclId, UNKNOWN] });
    await expectError(some, 'InvalidNetworkAclID.NotFound');
    const foreign = lookAtAcl(ec2(OTHER_ACCOUNT), NetworkAclId);
    await expectError(foreign, 'InvalidNetworkAclID.NotFound');
  });
});
