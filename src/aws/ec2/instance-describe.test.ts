import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  IMAGE,
  launch,
  launchOne,
  lookAtInstance,
  makeGroup,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

/** Three launches: in the default VPC, in another with two interfaces, and a stopped one. */
async function several() {
  const test = await testCloud();
  const client = test.ec2();
  const network = await makeNetwork(client, true);
  const web = await makeGroup(client, network.vpcId, 'web');
  const first = await launchOne(client, {
    KeyName: 'key',
    ClientToken: 'first',
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'one' }] }],
  });
  const second = await launchOne(client, {
    InstanceType: 'm5.large',
    IamInstanceProfile: { Arn: 'arn:aws:iam::111111111111:instance-profile/p' },
    NetworkInterfaces: [
      { DeviceIndex: 0, SubnetId: network.subnetId, Groups: [web], Ipv6AddressCount: 1 },
    ],
    TagSpecifications: [
      { ResourceType: 'network-interface', Tags: [{ Key: 'role', Value: 'uplink' }] },
    ],
  });
  const { NetworkInterfaceId } = await makeInterface(client, network.subnetId, {
    Description: 'side',
    PrivateIpAddress: '10.0.0.200',
  });
  const attachment = { NetworkInterfaceId, InstanceId: second, DeviceIndex: 1 };
  await client.attachNetworkInterface(attachment);
  const third = await launchOne(client, { SubnetId: network.subnetId, InstanceType: 't4g.nano' });
  await client.stopInstances({ InstanceIds: [third] });
  const ids = [first, second, third];
  const found = async (Name: string, ...Values: string[]) => {
    const { Reservations } = await client.describeInstances({ Filters: [{ Name, Values }] });
    return Reservations!.flatMap(({ Instances }) =>
      Instances!.map(({ InstanceId }) => ids.indexOf(InstanceId!)),
    );
  };
  return { ...test, client, ...network, web, ids, found };
}

describe('DescribeInstances', () => {
  it('filters by the instance and its launch', async () => {
    const { client, ids, found } = await several();
    const { Reservations } = await client.describeInstances({});
    const second = Reservations![1]!;
    const cases: [string, string, number[]][] = [
      ['instance-id', ids[1]!, [1]],
      ['reservation-id', second.ReservationId!, [1]],
      ['image-id', IMAGE, [0, 1, 2]],
      ['instance-type', 'm5.*', [1]],
      ['architecture', 'arm64', [2]],
      ['instance-state-name', 'running', [0, 1]],
      ['instance-state-code', '80', [2]],
      ['key-name', 'key', [0]],
      ['client-token', 'first', [0]],
      ['launch-index', '0', [0, 1, 2]],
      ['launch-time', '2026-01-01T*', [0, 1, 2]],
      ['availability-zone', 'us-east-1a', [0, 1, 2]],
      ['availability-zone-id', 'use1-az1', [0, 1, 2]],
      ['iam-instance-profile.arn', '*:instance-profile/p', [1]],
      ['iam-instance-profile.id', 'AIPA*', [1]],
      ['monitoring-state', 'enabled', []],
      ['ebs-optimized', 'false', [0, 1, 2]],
      ['ena-support', 'true', [0, 1, 2]],
      ['hypervisor', 'xen', [0, 1, 2]],
      ['virtualization-type', 'hvm', [0, 1, 2]],
      ['root-device-type', 'ebs', [0, 1, 2]],
      ['root-device-name', '/dev/xvda', [0, 1, 2]],
      ['platform-details', 'Linux/UNIX', [0, 1, 2]],
      ['usage-operation', 'RunInstances', [0, 1, 2]],
      ['usage-operation-update-time', '2026*', [0, 1, 2]],
      ['placement-group-name', '?*', [0, 1, 2]],
      ['owner-id', '111111111111', [0, 1, 2]],
      ['reason', 'User initiated*', [2]],
      ['state-reason-code', 'Client.*', [2]],
      ['state-reason-message', '*shutdown', [2]],
      ['tenancy', 'default', [0, 1, 2]],
      ['operator.managed', 'true', []],
      ['tag:Name', 'one', [0]],
      ['tag-key', 'Name', [0]],
    ];
    for (const [name, value, expected] of cases) {
      // G-038 has `?` match no character too, so `?*` matches the empty group name.
      const values = name === 'placement-group-name' ? ['', value] : [value];
      expect([name, await found(name, ...values)]).toEqual([name, expected]);
    }
  });

  it('filters by its network', async () => {
    const { client, ids, found, web, vpcId, subnetId } = await several();
    const [first, second] = [
      await lookAtInstance(client, ids[0]!),
      await lookAtInstance(client, ids[1]!),
    ];
    const cases: [string, string, number[]][] = [
      ['vpc-id', vpcId, [1, 2]],
      ['subnet-id', subnetId, [1, 2]],
      ['private-ip-address', '10.0.0.4', [1]],
      ['private-dns-name', 'ip-10-0-0-4.ec2.internal', [1]],
      ['ip-address', first.PublicIpAddress!, [0]],
      ['dns-name', first.PublicDnsName!, [0]],
      ['ipv6-address', second.Ipv6Address!, [1]],
      ['instance.group-id', web, [1]],
      ['instance.group-name', 'web', [1]],
      ['source-dest-check', 'true', [0, 1, 2]],
      ['network-interface.vpc-id', vpcId, [1, 2]],
      ['network-interface.subnet-id', subnetId, [1, 2]],
      ['network-interface.description', 'side', [1]],
      ['network-interface.private-ip-address', '10.0.0.200', [1]],
      ['network-interface.addresses.private-ip-address', '10.0.0.200', [1]],
      ['network-interface.addresses.primary', 'true', [0, 1, 2]],
      ['network-interface.addresses.association.public-ip', first.PublicIpAddress!, [0]],
      ['network-interface.addresses.association.ip-owner-id', 'amazon', [0]],
      ['network-interface.addresses.association.public-dns-name', first.PublicDnsName!, [0]],
      ['network-interface.addresses.private-dns-name', 'ip-172-31-0-4.ec2.internal', [0]],
      ['network-interface.association.public-ip', first.PublicIpAddress!, [0]],
      ['network-interface.association.ip-owner-id', 'amazon', [0]],
      ['network-interface.association.public-dns-name', first.PublicDnsName!, [0]],
      ['network-interface.public-dns-name', first.PublicDnsName!, [0]],
      ['network-interface.attachment.device-index', '1', [1]],
      ['network-interface.attachment.network-card-index', '0', [0, 1, 2]],
      ['network-interface.attachment.instance-id', ids[1]!, [1]],
      ['network-interface.attachment.status', 'attached', [0, 1, 2]],
      ['network-interface.availability-zone', 'us-east-1a', [0, 1, 2]],
      ['network-interface.deny-all-igw-traffic', 'true', []],
      ['network-interface.group-id', web, [1]],
      ['network-interface.group-name', 'web', [1]],
      ['network-interface.ipv6-address', second.Ipv6Address!, [1]],
      ['network-interface.ipv6-addresses.ipv6-address', second.Ipv6Address!, [1]],
      ['network-interface.ipv6-addresses.is-primary-ipv6', 'false', [1]],
      ['network-interface.ipv6-native', 'true', []],
      ['network-interface.mac-address', second.NetworkInterfaces![1]!.MacAddress!, [1]],
      ['network-interface.owner-id', '111111111111', [0, 1, 2]],
      ['network-interface.requester-managed', 'true', []],
      ['network-interface.source-dest-check', 'true', [0, 1, 2]],
      ['network-interface.status', 'in-use', [0, 1, 2]],
      ['network-interface.tag-key', 'role', [1]],
      ['network-interface.tag-value', 'uplink', [1]],
    ];
    for (const [name, value, expected] of cases) {
      expect([name, await found(name, value)]).toEqual([name, expected]);
    }
  });

  it('filters by its options, and accepts filters for what cannot be', async () => {
    const { found } = await several();
    const all = [0, 1, 2];
    const cases: [string, string, number[]][] = [
      ['metadata-options.http-endpoint', 'enabled', all],
      ['metadata-options.http-protocol-ipv4', 'enabled', all],
      ['metadata-options.http-protocol-ipv6', 'disabled', all],
      ['metadata-options.http-put-response-hop-limit', '1', all],
      ['metadata-options.http-tokens', 'optional', all],
      ['metadata-options.instance-metadata-tags', 'disabled', all],
      ['metadata-options.state', 'applied', all],
      ['maintenance-options.auto-recovery', 'default', all],
      ['private-dns-name-options.hostname-type', 'ip-name', all],
      ['private-dns-name-options.enable-resource-name-dns-a-record', 'false', all],
      ['private-dns-name-options.enable-resource-name-dns-aaaa-record', 'false', all],
      ['hibernation-options.configured', 'false', all],
      ['enclave-options.enabled', 'false', all],
      ['capacity-reservation-specification.capacity-reservation-preference', 'open', all],
      ['network-performance-options.bandwidth-weighting', 'default', all],
      ['block-device-mapping.volume-id', '*', []],
      ['kernel-id', '*', []],
      ['spot-instance-request-id', '*', []],
      ['network-interface.association.allocation-id', '*', []],
      ['network-interface.outpost-arn', '*', []],
    ];
    for (const [name, value, expected] of cases) {
      expect([name, await found(name, value)]).toEqual([name, expected]);
    }
  });

  it('G-037 G-041 joins filters by and, and with ids by intersection', async () => {
    const { client, ids, vpcId } = await several();
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'instance-state-name', Values: ['running', 'pending'] },
    ];
    const both = await client.describeInstances({ Filters });
    expect(both.Reservations!.map(({ Instances }) => Instances![0]!.InstanceId)).toEqual([ids[1]]);
    const none = await client.describeInstances({ Filters, InstanceIds: [ids[0]!] });
    expect(none.Reservations).toEqual([]);
    const odd = client.describeInstances({ Filters: [{ Name: 'color', Values: ['red'] }] });
    await expectError(odd, 'InvalidParameterValue');
  });

  it('G-042 G-043 G-044 pages instances, whole reservations or not, and none named by id', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const ids = await launch(client, { MinCount: 7, MaxCount: 7 });
    const first = await client.describeInstances({ MaxResults: 5 });
    const rest = await client.describeInstances({ MaxResults: 5, NextToken: first.NextToken });
    const shown = [first, rest].flatMap(({ Reservations }) =>
      Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId)),
    );
    expect(shown).toEqual(ids);
    expect(first.Reservations![0]!.ReservationId).toBe(rest.Reservations![0]!.ReservationId);
    expect(rest.NextToken).toBeUndefined();
    const mixed = client.describeInstances({ InstanceIds: ids, MaxResults: 5 });
    await expectError(mixed, 'InvalidParameterCombination');
    const small = client.describeInstances({ MaxResults: 1 });
    await expectError(small, 'InvalidParameterValue');
    await expectError(client.describeInstances({ NextToken: 'x' }), 'InvalidNextToken');
  });

  it('G-025 shows the caller’s own', async () => {
    const { ec2, ids } = await several();
    const stranger = ec2(OTHER_ACCOUNT);
    expect((await stranger.describeInstances({})).Reservations).toEqual([]);
    const call = stranger.describeInstances({ InstanceIds: [ids[0]!] });
    await expectError(call, 'InvalidInstanceID.NotFound');
  });
});

describe('DescribeInstanceStatus', () => {
  it('lists what runs, or every instance', async () => {
    const { client, ids } = await several();
    const { InstanceStatuses } = await client.describeInstanceStatus({});
    expect(InstanceStatuses!.map(({ InstanceId }) => InstanceId)).toEqual(ids.slice(0, 2));
    const Details = [{ Name: 'reachability', Status: 'passed' }];
    expect(InstanceStatuses![0]).toMatchObject({
      AvailabilityZone: 'us-east-1a',
      InstanceState: { Code: 16, Name: 'running' },
      InstanceStatus: { Status: 'ok', Details },
      SystemStatus: { Status: 'ok', Details },
    });
    const all = await client.describeInstanceStatus({ IncludeAllInstances: true });
    expect(all.InstanceStatuses!.map(({ InstanceId }) => InstanceId)).toEqual(ids);
    expect(all.InstanceStatuses![2]).toMatchObject({
      InstanceState: { Name: 'stopped' },
      InstanceStatus: { Status: 'not-applicable' },
    });
    const named = await client.describeInstanceStatus({ InstanceIds: [ids[2]!] });
    expect(named.InstanceStatuses).toEqual([]);
  });

  it('filters, and refuses unknown ids', async () => {
    const { client, ids } = await several();
    const found = async (Name: string, ...Values: string[]) => {
      const { InstanceStatuses } = await client.describeInstanceStatus({
        IncludeAllInstances: true,
        Filters: [{ Name, Values }],
      });
      return InstanceStatuses!.map(({ InstanceId }) => ids.indexOf(InstanceId!));
    };
    const cases: [string, string, number[]][] = [
      ['availability-zone', 'us-east-1a', [0, 1, 2]],
      ['availability-zone-id', 'use1-az2', []],
      ['instance-state-code', '16', [0, 1]],
      ['instance-state-name', 'stopped', [2]],
      ['instance-status.status', 'ok', [0, 1]],
      ['instance-status.reachability', 'passed', [0, 1]],
      ['system-status.status', 'not-applicable', [2]],
      ['system-status.reachability', 'passed', [0, 1]],
      ['attached-ebs-status.status', 'ok', [0, 1]],
      ['operator.managed', 'false', [0, 1, 2]],
      ['event.code', '*', []],
    ];
    for (const [name, value, expected] of cases) {
      expect([name, await found(name, value)]).toEqual([name, expected]);
    }
    const unknown = client.describeInstanceStatus({ InstanceIds: ['i-00000000000000000'] });
    await expectError(unknown, 'InvalidInstanceID.NotFound');
    const mixed = client.describeInstanceStatus({ InstanceIds: ids, MaxResults: 5 });
    await expectError(mixed, 'InvalidParameterCombination');
  });
});

describe('DescribeInstanceTypes', () => {
  it('describes the types that are named', async () => {
    const { ec2 } = await testCloud();
    const InstanceTypes = ['t3.micro', 'g5.xlarge'] as const;
    const answer = await ec2().describeInstanceTypes({ InstanceTypes: [...InstanceTypes] });
    expect(answer.InstanceTypes).toMatchObject([
      {
        InstanceType: 't3.micro',
        BurstablePerformanceSupported: true,
        VCpuInfo: { DefaultVCpus: 2 },
        MemoryInfo: { SizeInMiB: 1024 },
        NetworkInfo: { MaximumNetworkInterfaces: 2, Ipv4AddressesPerInterface: 2 },
      },
      { InstanceType: 'g5.xlarge', BurstablePerformanceSupported: false },
    ]);
    const unknown = ec2().describeInstanceTypes({ InstanceTypes: ['huge' as 't3.micro'] });
    await expectError(unknown, 'InvalidParameterValue');
  });

  it('lists the common ones, filtered and in pages', async () => {
    const { ec2 } = await testCloud();
    const names = [];
    let NextToken: string | undefined;
    do {
      const page = await ec2().describeInstanceTypes({ MaxResults: 100, NextToken });
      names.push(...page.InstanceTypes!.map(({ InstanceType }) => InstanceType));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(names).toContain('m5.large');
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(100);
    const count = async (Name: string, Value: string) => {
      const Filters = [{ Name, Values: [Value] }];
      return (await ec2().describeInstanceTypes({ Filters })).InstanceTypes!.length;
    };
    for (const [name, value, expected] of [
      ['instance-type', 'c5.*', 9],
      ['processor-info.supported-architecture', 'x86_64', 78],
      ['burstable-performance-supported', 'true', 28],
      ['bare-metal', 'true', 12],
      ['free-tier-eligible', 'true', 0],
      ['network-info.maximum-network-interfaces', '15', 33],
    ] as const) {
      expect([name, await count(name, value)]).toEqual([name, expected]);
    }
    const page = ec2().describeInstanceTypes({ MaxResults: 101 });
    await expectError(page, 'InvalidParameterValue');
  });
});
