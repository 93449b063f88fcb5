import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';

describe('DescribeDhcpOptions', () => {
  it('A-115 shows the one set that every VPC of the Region has', async () => {
    const { ec2 } = await testCloud();
    const vpc = await makeVpc(ec2(ACCOUNT, 'eu-west-1'));
    const { DhcpOptions } = await ec2(ACCOUNT, 'eu-west-1').describeDhcpOptions({});
    expect(DhcpOptions).toEqual([
      {
        DhcpOptionsId: vpc.DhcpOptionsId,
        OwnerId: ACCOUNT,
        DhcpConfigurations: [
          { Key: 'domain-name', Values: [{ Value: 'eu-west-1.compute.internal' }] },
          { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
        ],
        Tags: [],
      },
    ]);
    const here = await ec2().describeDhcpOptions({});
    expect(here.DhcpOptions![0]!.DhcpConfigurations![0]!.Values).toEqual([
      { Value: 'ec2.internal' },
    ]);
  });

  it('filters by everything the reference lists', async () => {
    const { ec2 } = await testCloud();
    const { DhcpOptions } = await ec2().describeDhcpOptions({});
    const id = DhcpOptions![0]!.DhcpOptionsId!;
    await ec2().createTags({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] });
    const matching: [string, string][] = [
      ['dhcp-options-id', id],
      ['key', 'domain-name'],
      ['value', 'AmazonProvidedDNS'],
      ['owner-id', ACCOUNT],
      ['tag:a', 'b'],
      ['tag-key', 'a'],
    ];
    for (const [Name, value] of matching) {
      const found = await ec2().describeDhcpOptions({ Filters: [{ Name, Values: [value] }] });
      expect(found.DhcpOptions, Name).toHaveLength(1);
      const none = await ec2().describeDhcpOptions({ Filters: [{ Name, Values: ['no-such'] }] });
      expect(none.DhcpOptions, Name).toEqual([]);
    }
  });

  it('G-016 G-041 knows no other ids', async () => {
    const { ec2 } = await testCloud();
    const describeOne = (id: string) => ec2().describeDhcpOptions({ DhcpOptionsIds: [id] });
    await expectError(describeOne('dopt-0123456789abcdef0'), 'InvalidDhcpOptionsID.NotFound');
    await expectError(describeOne('default'), 'InvalidDhcpOptionsId.Malformed');
  });
});

describe('CreateDhcpOptions', () => {
  const create = async (...options: [Key: string, ...Values: string[]][]) => {
    const { ec2 } = await testCloud();
    const DhcpConfigurations = options.map(([Key, ...Values]) => ({ Key, Values }));
    return ec2().createDhcpOptions({ DhcpConfigurations });
  };

  it('keeps every option there is', async () => {
    const { DhcpOptions } = await create(
      ['domain-name', 'example.com'],
      ['domain-name-servers', '10.0.0.2,10.1.0.2', 'AmazonProvidedDNS', '2001:db8::53'],
      ['ntp-servers', '169.254.169.123', 'fd00:ec2::123'],
      ['netbios-name-servers', '10.0.0.9'],
      ['netbios-node-type', '2'],
      ['ipv6-address-preferred-lease-time', '140'],
    );
    expect(DhcpOptions!.DhcpConfigurations).toEqual([
      { Key: 'domain-name', Values: [{ Value: 'example.com' }] },
      {
        Key: 'domain-name-servers',
        Values: ['10.0.0.2', '10.1.0.2', 'AmazonProvidedDNS', '2001:db8::53'].map((Value) => ({
          Value,
        })),
      },
      { Key: 'ntp-servers', Values: [{ Value: '169.254.169.123' }, { Value: 'fd00:ec2::123' }] },
      { Key: 'netbios-name-servers', Values: [{ Value: '10.0.0.9' }] },
      { Key: 'netbios-node-type', Values: [{ Value: '2' }] },
      { Key: 'ipv6-address-preferred-lease-time', Values: [{ Value: '140' }] },
    ]);
    expect(DhcpOptions!.OwnerId).toBe(ACCOUNT);
  });

  it.each<[Key: string, ...Values: string[]]>([
    ['domain-name', 'a.example', 'b.example'],
    ['domain-name', 'ex ample!'],
    ['domain-name'],
    ['domain-name-servers', 'ns.example.com'],
    ['domain-name-servers', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'],
    ['ntp-servers', '10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4,10.0.0.5'],
    ['ntp-servers', 'time'],
    ['netbios-name-servers', '2001:db8::1'],
    ['netbios-name-servers', '10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4,10.0.0.5'],
    ['netbios-node-type', '3'],
    ['netbios-node-type', '1', '2'],
    ['ipv6-address-preferred-lease-time', '139'],
    ['ipv6-address-preferred-lease-time', '2147483648'],
    ['ipv6-address-preferred-lease-time', 'soon'],
    ['router', '10.0.0.1'],
    ['constructor', 'x'],
  ])('refuses %s = %s', async (...option) => {
    await expectError(create(option), 'InvalidParameterValue', new RegExp(option[0]));
  });

  it('refuses an option given twice, and none', async () => {
    const twice = create(['domain-name', 'a.example'], ['domain-name', 'b.example']);
    await expectError(twice, 'InvalidParameterValue', /more than once/);
    await expectError(create(), 'MissingParameter');
  });

  it('G-033 puts tags on the set, and makes nothing with DryRun', async () => {
    const { ec2 } = await testCloud();
    const request = {
      DhcpConfigurations: [{ Key: 'domain-name', Values: ['a.example'] }],
      TagSpecifications: [
        { ResourceType: 'dhcp-options' as const, Tags: [{ Key: 'a', Value: 'b' }] },
      ],
    };
    await expectError(ec2().createDhcpOptions({ ...request, DryRun: true }), 'DryRunOperation');
    const { DhcpOptions } = await ec2().createDhcpOptions(request);
    expect(DhcpOptions!.Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    expect((await ec2().describeDhcpOptions({})).DhcpOptions).toHaveLength(2);
  });
});

describe('AssociateDhcpOptions and DeleteDhcpOptions', () => {
  it('give a VPC a set, or none; what is in use stays', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const { VpcId, DhcpOptionsId: first } = await makeVpc(client);
    const made = await client.createDhcpOptions({
      DhcpConfigurations: [{ Key: 'domain-name', Values: ['a.example'] }],
    });
    const DhcpOptionsId = made.DhcpOptions!.DhcpOptionsId!;
    const now = async () => {
      const { Vpcs } = await client.describeVpcs({ VpcIds: [VpcId] });
      return Vpcs![0]!.DhcpOptionsId;
    };
    expect(await now()).toBe(first);
    await client.associateDhcpOptions({ VpcId, DhcpOptionsId });
    expect(await now()).toBe(DhcpOptionsId);
    await expectError(client.deleteDhcpOptions({ DhcpOptionsId }), 'DependencyViolation');
    await client.associateDhcpOptions({ VpcId, DhcpOptionsId: 'default' });
    expect(await now()).toBe('default');
    await client.deleteDhcpOptions({ DhcpOptionsId });
    await expectError(
      client.associateDhcpOptions({ VpcId, DhcpOptionsId }),
      'InvalidDhcpOptionsID.NotFound',
    );
  });

  it('G-016 G-025 know only the caller’s VPCs and sets', async () => {
    const { ec2 } = await testCloud();
    const { VpcId, DhcpOptionsId } = await makeVpc(ec2());
    const other = ec2('222222222222');
    const own = await makeVpc(other);
    await expectError(
      other.associateDhcpOptions({ VpcId, DhcpOptionsId: 'default' }),
      'InvalidVpcID.NotFound',
    );
    await expectError(
      other.associateDhcpOptions({ VpcId: own.VpcId, DhcpOptionsId: DhcpOptionsId! }),
      'InvalidDhcpOptionsID.NotFound',
    );
    await expectError(
      other.associateDhcpOptions({ VpcId: own.VpcId, DhcpOptionsId: 'dopt-none' }),
      'InvalidDhcpOptionsId.Malformed',
    );
    await expectError(
      other.deleteDhcpOptions({ DhcpOptionsId: DhcpOptionsId! }),
      'InvalidDhcpOptionsID.NotFound',
    );
  });

  it('give the next VPC a default set again when that was deleted', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const { Vpcs } = await client.describeVpcs({});
    const { VpcId, DhcpOptionsId } = Vpcs![0]!;
    const made = await client.createDhcpOptions({
      DhcpConfigurations: [{ Key: 'domain-name', Values: ['a.example'] }],
    });
    await client.associateDhcpOptions({
      VpcId: VpcId!,
      DhcpOptionsId: made.DhcpOptions!.DhcpOptionsId!,
    });
    await client.deleteDhcpOptions({ DhcpOptionsId: DhcpOptionsId! });
    const next = await makeVpc(client);
    expect(next.DhcpOptionsId).not.toBe(made.DhcpOptions!.DhcpOptionsId);
    const { DhcpOptions } = await client.describeDhcpOptions({
      DhcpOptionsIds: [next.DhcpOptionsId!],
    });
    expect(DhcpOptions![0]!.DhcpConfigurations).toContainEqual({
      Key: 'domain-name-servers',
      Values: [{ Value: 'AmazonProvidedDNS' }],
    });
  });
});
