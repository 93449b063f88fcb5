import type { CreateNetworkAclEntryRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';

type Entry = Partial<CreateNetworkAclEntryRequest>;

/** An ACL without entries, and calls on it. */
async function setUp(options = {}) {
  const cloud = await testCloud(options);
  const client = cloud.ec2();
  const { VpcId } = await makeVpc(client);
  const { NetworkAcl } = await client.createNetworkAcl({ VpcId });
  const NetworkAclId = NetworkAcl!.NetworkAclId!;
  const whole = (entry: Entry) => ({
    NetworkAclId,
    RuleNumber: 100,
    Egress: false,
    Protocol: '-1',
    RuleAction: 'allow' as const,
    ...('Ipv6CidrBlock' in entry ? {} : { CidrBlock: '10.0.0.0/8' }),
    ...entry,
  });
  return {
    ...cloud,
    client,
    NetworkAclId,
    create: (entry: Entry) => client.createNetworkAclEntry(whole(entry)),
    replace: (entry: Entry) => client.replaceNetworkAclEntry(whole(entry)),
    /** The entries made so far, without the final denies. */
    entries: async () => {
      const { NetworkAcls } = await client.describeNetworkAcls({ NetworkAclIds: [NetworkAclId] });
      return NetworkAcls![0]!.Entries!.filter(({ RuleNumber }) => RuleNumber! < 32767);
    },
  };
}

describe('CreateNetworkAclEntry', () => {
  it('A-002 A-058 lists entries by ascending number, with canonical blocks', async () => {
    const { create, entries } = await setUp();
    await create({ RuleNumber: 200, CidrBlock: '100.68.0.18/18', RuleAction: 'deny' });
    await create({ RuleNumber: 100 });
    await create({ RuleNumber: 32766, Egress: true });
    const list = await entries();
    expect(list.map(({ RuleNumber, Egress }) => [RuleNumber, Egress])).toEqual([
      [32766, true],
      [100, false],
      [200, false],
    ]);
    expect(list[2]).toEqual({
      CidrBlock: '100.68.0.0/18',
      Egress: false,
      Protocol: '-1',
      RuleAction: 'deny',
      RuleNumber: 200,
    });
  });

  it('A-059 G-024 a number is used once in a direction, whatever the family', async () => {
    const { create } = await setUp();
    await create({});
    const message = 'The network acl entry identified by 100 already exists.';
    await expectError(create({}), 'NetworkAclEntryAlreadyExists', message);
    await expectError(create({ Ipv6CidrBlock: '::/0' }), 'NetworkAclEntryAlreadyExists');
    await create({ Egress: true });
  });

  it('A-059 takes numbers from 1 to 32766', async () => {
    const { create, replace, client, NetworkAclId } = await setUp();
    for (const RuleNumber of [0, -1, 32767, 32768, 65536]) {
      await expectError(create({ RuleNumber }), 'InvalidParameterValue', /ruleNumber/);
      await expectError(replace({ RuleNumber }), 'InvalidParameterValue');
      const name = { NetworkAclId, RuleNumber, Egress: false };
      await expectError(client.deleteNetworkAclEntry(name), 'InvalidParameterValue');
    }
    await create({ RuleNumber: 1 });
  });

  it('A-066 takes one CIDR block and nothing else', async () => {
    const { create } = await setUp();
    const both = { CidrBlock: '10.0.0.0/8', Ipv6CidrBlock: '::/0' };
    await expectError(create(both), 'InvalidParameterCombination');
    await expectError(create({ Ipv6CidrBlock: undefined }), 'MissingParameter');
    for (const CidrBlock of ['pl-0123456789abcdef0', 'sg-0123456789abcdef0', '10.0.0.0/33']) {
      await expectError(create({ CidrBlock }), 'InvalidParameterValue', /cidrBlock/);
    }
    await expectError(create({ Ipv6CidrBlock: '10.0.0.0/8' }), 'InvalidParameterValue');
  });

  it('A-067 G-023 holds 19 entries a direction and family, counting the final deny', async () => {
    const { create, replace } = await setUp();
    for (let RuleNumber = 1; RuleNumber <= 19; RuleNumber++) await create({ RuleNumber });
    await expectError(create({}), 'NetworkAclEntryLimitExceeded');
    await create({ Egress: true });
    const Ipv6CidrBlock = '::/0';
    for (let n = 101; n <= 119; n++) await create({ RuleNumber: n, Ipv6CidrBlock });
    await expectError(create({ Ipv6CidrBlock }), 'NetworkAclEntryLimitExceeded');
    // Nor by turning one family's entry into the other's.
    await expectError(replace({ RuleNumber: 101 }), 'NetworkAclEntryLimitExceeded');
    await replace({ RuleNumber: 19, CidrBlock: '192.0.2.0/24' });
    const lifted = await setUp({ quotas: false });
    for (let n = 1; n <= 40; n++) await lifted.create({ RuleNumber: n });
  });

  it('takes protocols by number and by name, and shows numbers', async () => {
    const { create, entries } = await setUp();
    const ports = { PortRange: { From: 22, To: 22 } };
    const icmp = { IcmpTypeCode: { Type: 8, Code: -1 } };
    await create({ RuleNumber: 1, Protocol: 'tcp', ...ports });
    await create({ RuleNumber: 2, Protocol: '17', ...ports });
    await create({ RuleNumber: 3, Protocol: 'icmp', ...icmp });
    await create({ RuleNumber: 4, Protocol: '58', ...icmp, Ipv6CidrBlock: '::/0' });
    await create({ RuleNumber: 5, Protocol: '50', ...ports, ...icmp });
    await create({ RuleNumber: 6, Protocol: '-1', ...ports });
    await create({ RuleNumber: 7, Protocol: '58', ...icmp });
    const list = await entries();
    expect(list.map(({ Protocol }) => Protocol)).toEqual(['6', '17', '1', '58', '50', '-1', '58']);
    expect(list.map(({ PortRange }) => PortRange?.From)).toEqual([22, 22, ...Array(5)]);
    // What does not narrow the protocol is dropped, as is ICMPv6's type over IPv4.
    const types = list.map(({ IcmpTypeCode }) => IcmpTypeCode?.Type);
    expect(types).toEqual([undefined, undefined, 8, 8, undefined, undefined, undefined]);
  });

  it('G-015 wants ports for TCP and UDP, type and code for ICMP', async () => {
    const { create } = await setUp();
    for (const Protocol of ['6', 'udp']) {
      await expectError(create({ Protocol }), 'MissingParameter', /portRange/);
      const half = create({ Protocol, PortRange: { From: 1 } });
      await expectError(half, 'MissingParameter');
      for (const [From, To] of [
        [-1, 80],
        [0, 65536],
        [81, 80],
      ]) {
        const call = create({ Protocol, PortRange: { From, To } });
        await expectError(call, 'InvalidParameterValue', /TCP\/UDP port/);
      }
    }
    await expectError(create({ Protocol: '1' }), 'MissingParameter', /icmpTypeCode/);
    const v6 = create({ Protocol: '58', Ipv6CidrBlock: '::/0' });
    await expectError(v6, 'MissingParameter', /icmpTypeCode/);
    for (const [Type, Code] of [
      [256, 0],
      [-2, 0],
      [8, 256],
    ]) {
      const call = create({ Protocol: 'icmp', IcmpTypeCode: { Type, Code } });
      await expectError(call, 'InvalidParameterValue', /out of range/);
    }
    for (const Protocol of ['256', '-2', 'all', 'tpc', '']) {
      await expectError(create({ Protocol }), 'InvalidParameterValue', /Unknown protocol/);
    }
  });

  it('G-016 G-025 G-028 wants an ACL of the caller', async () => {
    const { create, ec2, NetworkAclId, entries } = await setUp();
    const unknown = create({ NetworkAclId: 'acl-0123456789abcdef0' });
    await expectError(unknown, 'InvalidNetworkAclID.NotFound');
    await expectError(create({ NetworkAclId: 'acl-1' }), 'InvalidNetworkAclId.Malformed');
    const other = ec2(OTHER_ACCOUNT);
    const name = { NetworkAclId, RuleNumber: 100, Egress: false };
    const foreign = other.deleteNetworkAclEntry(name);
    await expectError(foreign, 'InvalidNetworkAclID.NotFound');
    await expectError(create({ DryRun: true }), 'DryRunOperation');
    expect(await entries()).toEqual([]);
  });
});

describe('ReplaceNetworkAclEntry and DeleteNetworkAclEntry', () => {
  it('replace what is there, in full', async () => {
    const { create, replace, entries } = await setUp();
    await expectError(replace({}), 'InvalidNetworkAclEntry.NotFound');
    await create({ Protocol: 'tcp', PortRange: { From: 1, To: 2 } });
    await expectError(replace({ Egress: true }), 'InvalidNetworkAclEntry.NotFound');
    await replace({ RuleAction: 'deny', Ipv6CidrBlock: '2001:db8::1/32' });
    expect(await entries()).toEqual([
      {
        Egress: false,
        Ipv6CidrBlock: '2001:db8::/32',
        Protocol: '-1',
        RuleAction: 'deny',
        RuleNumber: 100,
      },
    ]);
  });

  it('delete by number and direction, once', async () => {
    const { client, create, entries, NetworkAclId } = await setUp();
    await create({});
    await create({ Egress: true });
    const name = { NetworkAclId, RuleNumber: 100, Egress: false };
    await expectError(client.deleteNetworkAclEntry({ ...name, DryRun: true }), 'DryRunOperation');
    await client.deleteNetworkAclEntry(name);
    expect(await entries()).toMatchObject([{ Egress: true }]);
    const again = client.deleteNetworkAclEntry(name);
    await expectError(again, 'InvalidNetworkAclEntry.NotFound', /ingress entry 100/);
  });
});
