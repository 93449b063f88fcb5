import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  launch,
  launchOne,
  launchRequest,
  lookAtInstance,
  makeGroup,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet } from '../../../test/support/vpc-fixture.ts';

async function network(options: Parameters<typeof testCloud>[0] = {}) {
  const test = await testCloud(options);
  const client = test.ec2();
  return { ...test, client, ...(await makeNetwork(client)) };
}

async function setDnsHostnames(
  client: Awaited<ReturnType<typeof network>>['client'],
  VpcId: string,
  Value: boolean,
) {
  await client.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value } });
}

describe('RunInstances', () => {
  it('G-046 answers pending; the instance runs soon', async () => {
    const { client, subnetId, advance } = await network({ transitions: 'fast' });
    const reservation = await client.runInstances(launchRequest({ SubnetId: subnetId }));
    expect(reservation).toMatchObject({ OwnerId: '111111111111', Groups: [] });
    expect(reservation.ReservationId).toMatch(/^r-[0-9a-f]{17}$/);
    const [instance] = reservation.Instances!;
    expect(instance).toMatchObject({
      State: { Code: 0, Name: 'pending' },
      NetworkInterfaces: [{ Status: 'in-use', Attachment: { Status: 'attaching' } }],
    });
    await advance(100);
    const running = await lookAtInstance(client, instance!.InstanceId!);
    expect(running).toMatchObject({
      State: { Code: 16, Name: 'running' },
      NetworkInterfaces: [{ Attachment: { Status: 'attached' } }],
      StateTransitionReason: '',
    });
    expect(running.StateReason).toBeUndefined();
  });

  it('G-047 makes ids of 17 hexadecimal digits', async () => {
    const { client, subnetId } = await network();
    expect(await launchOne(client, { SubnetId: subnetId })).toMatch(/^i-[0-9a-f]{17}$/);
  });

  it('launches into the default subnet of the zone, or the first, with a public address', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const first = await lookAtInstance(client, await launchOne(client));
    expect(first).toMatchObject({
      PrivateIpAddress: '172.31.0.4',
      Placement: { AvailabilityZone: 'us-east-1a', Tenancy: 'default' },
    });
    const Placement = { AvailabilityZone: 'us-east-1c' };
    const third = await lookAtInstance(client, await launchOne(client, { Placement }));
    expect(third).toMatchObject({ Placement, PrivateIpAddress: '172.31.32.4' });
    expect(third.PublicIpAddress).toBeDefined();
    expect(third.PublicIpAddress).not.toBe(first.PublicIpAddress);
    const byId = { AvailabilityZoneId: 'use1-az2' };
    const second = await lookAtInstance(client, await launchOne(client, { Placement: byId }));
    expect(second.Placement).toMatchObject({ AvailabilityZone: 'us-east-1b', ...byId });
  });

  it('says what is missing where there is no default VPC or subnet', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const { Subnets } = await client.describeSubnets({});
    const [first, ...others] = Subnets!;
    await client.deleteSubnet({ SubnetId: first!.SubnetId! });
    const Placement = { AvailabilityZone: first!.AvailabilityZone! };
    await expectError(launchOne(client, { Placement }), 'InvalidInput');
    const elsewhere = await lookAtInstance(client, await launchOne(client));
    expect(elsewhere.SubnetId).toBe(others[0]!.SubnetId);
    await client.terminateInstances({ InstanceIds: [elsewhere.InstanceId!] });
    for (const { SubnetId } of others) await client.deleteSubnet({ SubnetId: SubnetId! });
    await expectError(launchOne(client), 'MissingInput', /Please specify a subnet/);
    const { InternetGateways } = await client.describeInternetGateways({});
    const InternetGatewayId = InternetGateways![0]!.InternetGatewayId!;
    await client.detachInternetGateway({ InternetGatewayId, VpcId: first!.VpcId! });
    await client.deleteVpc({ VpcId: first!.VpcId! });
    await expectError(launchOne(client), 'VPCIdNotSpecified');
  });

  it('launches as many as there are addresses for, the minimum at least', async () => {
    const { client, vpcId } = await network();
    const { SubnetId } = await makeSubnet(client, vpcId, '10.0.1.0/28');
    const ids = await launch(client, { SubnetId, MinCount: 2, MaxCount: 50 });
    expect(ids).toHaveLength(11);
    const { Reservations } = await client.describeInstances({ InstanceIds: ids });
    expect(Reservations).toHaveLength(1);
    const indexes = Reservations![0]!.Instances!.map(({ AmiLaunchIndex }) => AmiLaunchIndex);
    expect(indexes).toEqual(ids.map((_, index) => index));
  });

  it('A-016 refuses a launch whose minimum the subnet has no addresses for', async () => {
    const { client, vpcId } = await network();
    const { SubnetId } = await makeSubnet(client, vpcId, '10.0.1.0/28');
    const call = launch(client, { SubnetId, MinCount: 12, MaxCount: 12 });
    await expectError(call, 'InsufficientFreeAddressesInSubnet');
    expect((await client.describeInstances({})).Reservations).toEqual([]);
  });

  it.each<[string, Partial<RunInstancesRequest>, string]>([
    ['an image without the prefix', { ImageId: 'img-1' }, 'InvalidAMIID.Malformed'],
    ['an image of nothing but the prefix', { ImageId: 'ami-' }, 'InvalidAMIID.Malformed'],
    [
      'an image with an endless name',
      { ImageId: `ami-${'1'.repeat(125)}` },
      'InvalidAMIID.Malformed',
    ],
    ['an endless key', { KeyName: 'k'.repeat(256) }, 'InvalidParameterValue'],
    [
      'an endless profile',
      { IamInstanceProfile: { Name: 'p'.repeat(2049) } },
      'InvalidParameterValue',
    ],
    ['no image', { ImageId: undefined }, 'MissingParameter'],
    ['a type of no shape', { InstanceType: 'huge' as never }, 'InvalidParameterValue'],
    ['no instance', { MinCount: 0, MaxCount: 0 }, 'InvalidParameterValue'],
    ['a maximum below the minimum', { MinCount: 2, MaxCount: 1 }, 'InvalidParameterValue'],
    ['too many', { MinCount: 1001, MaxCount: 1001 }, 'InstanceLimitExceeded'],
    ['user data that is not base64', { UserData: 'a b!' }, 'InvalidUserData.Malformed'],
    ['large user data', { UserData: 'A'.repeat(21_856) }, 'InvalidParameterValue'],
    ['a malformed subnet', { SubnetId: 'subnet-1' }, 'InvalidSubnetID.Malformed'],
    ['an unknown subnet', { SubnetId: 'subnet-00000000' }, 'InvalidSubnetID.NotFound'],
    ['an unknown group', { SecurityGroupIds: ['sg-00000000'] }, 'InvalidGroup.NotFound'],
    ['an unknown group name', { SecurityGroups: ['web'] }, 'InvalidGroup.NotFound'],
    ['an unknown zone', { Placement: { AvailabilityZone: 'us-east-1z' } }, 'InvalidParameterValue'],
    ['a placement group', { Placement: { GroupName: 'g' } }, 'UnsupportedOperation'],
    ['a dedicated host', { Placement: { Tenancy: 'host' } }, 'UnsupportedOperation'],
    ['volumes', { BlockDeviceMappings: [{ DeviceName: '/dev/sdb' }] }, 'UnsupportedOperation'],
    ['a launch template', { LaunchTemplate: { LaunchTemplateId: 'lt-1' } }, 'UnsupportedOperation'],
    ['hibernation', { HibernationOptions: { Configured: true } }, 'UnsupportedOperation'],
    ['an enclave', { EnclaveOptions: { Enabled: true } }, 'UnsupportedOperation'],
    ['a hop limit', { MetadataOptions: { HttpPutResponseHopLimit: 65 } }, 'InvalidParameterValue'],
    [
      'one address for two',
      { MaxCount: 2, PrivateIpAddress: '172.31.0.9' },
      'InvalidParameterCombination',
    ],
  ])('refuses %s', async (_, request, code) => {
    const { ec2 } = await testCloud();
    await expectError(launchOne(ec2(), request), code);
    expect((await ec2().describeNetworkInterfaces({})).NetworkInterfaces).toEqual([]);
  });

  it('shows what it was given', async () => {
    const { client, subnetId } = await network();
    const id = await launchOne(client, {
      SubnetId: subnetId,
      KeyName: 'key',
      EbsOptimized: true,
      Monitoring: { Enabled: true },
      IamInstanceProfile: { Name: 'web' },
      MaintenanceOptions: { AutoRecovery: 'disabled' },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
      HibernationOptions: { Configured: false },
      EnclaveOptions: { Enabled: false },
      Placement: { Tenancy: 'dedicated' },
    });
    expect(await lookAtInstance(client, id)).toMatchObject({
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 't3.small',
      KeyName: 'key',
      EbsOptimized: true,
      Monitoring: { State: 'enabled' },
      IamInstanceProfile: { Arn: 'arn:aws:iam::111111111111:instance-profile/web' },
      MaintenanceOptions: { AutoRecovery: 'disabled' },
      MetadataOptions: {
        State: 'applied',
        HttpTokens: 'required',
        HttpPutResponseHopLimit: 2,
        HttpEndpoint: 'enabled',
      },
      Placement: { Tenancy: 'dedicated' },
      Architecture: 'x86_64',
    });
  });

  it('takes user data whose base64 is broken into lines', async () => {
    const { client, subnetId } = await network();
    const id = await launchOne(client, { SubnetId: subnetId, UserData: 'aGVs\nbG8=\n' });
    const Attribute = 'userData';
    const answer = await client.describeInstanceAttribute({ InstanceId: id, Attribute });
    expect(Buffer.from(answer.UserData!.Value!, 'base64').toString()).toBe('hello');
  });

  it('takes the address that is named', async () => {
    const { client, subnetId } = await network();
    const PrivateIpAddress = '10.0.0.99';
    const id = await launchOne(client, { SubnetId: subnetId, PrivateIpAddress });
    expect(await lookAtInstance(client, id)).toMatchObject({ PrivateIpAddress });
    const again = launchOne(client, { SubnetId: subnetId, PrivateIpAddress });
    await expectError(again, 'InvalidIPAddress.InUse', 'Address 10.0.0.99 is in use.');
  });

  it('has the groups of its primary interface', async () => {
    const { client, vpcId, subnetId, groupId } = await network();
    const web = await makeGroup(client, vpcId, 'web');
    const byDefault = await lookAtInstance(client, await launchOne(client, { SubnetId: subnetId }));
    expect(byDefault.SecurityGroups).toEqual([{ GroupId: groupId, GroupName: 'default' }]);
    const SecurityGroupIds = [web];
    const id = await launchOne(client, { SubnetId: subnetId, SecurityGroupIds });
    const expected = [{ GroupId: web, GroupName: 'web' }];
    expect(await lookAtInstance(client, id)).toMatchObject({
      SecurityGroups: expected,
      NetworkInterfaces: [{ Groups: expected }],
    });
  });

  it('finds groups by name in the default VPC alone', async () => {
    const { client, vpcId, subnetId } = await network();
    await makeGroup(client, vpcId, 'here');
    const SecurityGroups = ['default'];
    const id = await launchOne(client, { SecurityGroups });
    const { SecurityGroups: shown } = await lookAtInstance(client, id);
    expect(shown).toMatchObject([{ GroupName: 'default' }]);
    await expectError(launchOne(client, { SecurityGroups: ['here'] }), 'InvalidGroup.NotFound');
    const both = launchOne(client, { SecurityGroups, SubnetId: subnetId });
    await expectError(both, 'InvalidParameterCombination');
  });

  it('refuses a zone that is not the subnet’s', async () => {
    const { client, subnetId } = await network();
    const Placement = { AvailabilityZone: 'us-east-1b' };
    await expectError(
      launchOne(client, { SubnetId: subnetId, Placement }),
      'InvalidParameterValue',
    );
  });

  it('G-030 launches once a client token', async () => {
    const { client, subnetId, advance } = await network();
    const request = launchRequest({ SubnetId: subnetId, ClientToken: 'once' });
    const first = await client.runInstances(request);
    const again = await client.runInstances(request);
    expect(again.ReservationId).toBe(first.ReservationId);
    const InstanceId = first.Instances![0]!.InstanceId!;
    expect(again.Instances).toMatchObject([{ InstanceId, State: { Name: 'running' } }]);
    expect(again.Instances![0]!.ClientToken).toBe('once');
    const other = client.runInstances({ ...request, InstanceType: 't3.large' });
    await expectError(other, 'IdempotentParameterMismatch');
    await client.terminateInstances({ InstanceIds: [InstanceId] });
    await advance(3_600_000);
    const anew = await client.runInstances(request);
    expect(anew.Instances![0]!.InstanceId).not.toBe(InstanceId);
  });

  it('G-028 launches nothing in a dry run', async () => {
    const { client, subnetId } = await network();
    const call = launchOne(client, { SubnetId: subnetId, DryRun: true });
    await expectError(call, 'DryRunOperation');
    expect((await client.describeInstances({})).Reservations).toEqual([]);
  });

  it('tags instances and interfaces; volumes it has none', async () => {
    const { client, subnetId } = await network();
    const tags = (Value: string) => [{ Key: 'Name', Value }];
    const id = await launchOne(client, {
      SubnetId: subnetId,
      TagSpecifications: [
        { ResourceType: 'instance', Tags: tags('host') },
        { ResourceType: 'network-interface', Tags: tags('nic') },
        { ResourceType: 'volume', Tags: tags('disk') },
      ],
    });
    const { Tags, NetworkInterfaces } = await lookAtInstance(client, id);
    expect(Tags).toEqual(tags('host'));
    const eni = NetworkInterfaces![0]!.NetworkInterfaceId!;
    const shown = (await client.describeTags({})).Tags!;
    expect(shown).toContainEqual({
      ResourceId: eni,
      ResourceType: 'network-interface',
      Key: 'Name',
      Value: 'nic',
    });
    expect(shown).toHaveLength(2);
    const TagSpecifications = [{ ResourceType: 'subnet' as const, Tags: tags('x') }];
    const wrong = launchOne(client, { SubnetId: subnetId, TagSpecifications });
    await expectError(wrong, 'InvalidParameterValue');
  });
});

describe('public addresses', () => {
  it('follow the subnet unless the request says otherwise', async () => {
    const { client, subnetId } = await network();
    const asked = async (AssociatePublicIpAddress?: boolean) => {
      const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress }];
      const id = await launchOne(client, { NetworkInterfaces });
      return (await lookAtInstance(client, id)).PublicIpAddress !== undefined;
    };
    expect([await asked(), await asked(true), await asked(false)]).toEqual([false, true, false]);
    const MapPublicIpOnLaunch = { Value: true };
    await client.modifySubnetAttribute({ SubnetId: subnetId, MapPublicIpOnLaunch });
    expect([await asked(), await asked(true), await asked(false)]).toEqual([true, true, false]);
  });

  it('are unique in the cloud and the same for the same seed', async () => {
    const publicAddresses = async () => {
      const { ec2 } = await testCloud({ seed: 7 });
      const found = [];
      for (const region of ['us-east-1', 'eu-west-1']) {
        const client = ec2('111111111111', region);
        const { Instances } = await client.runInstances(
          launchRequest({ MinCount: 20, MaxCount: 20 }),
        );
        found.push(...Instances!.map(({ PublicIpAddress }) => PublicIpAddress));
      }
      return found;
    };
    const first = await publicAddresses();
    expect(new Set(first).size).toBe(40);
    expect(first).not.toContain(undefined);
    expect(await publicAddresses()).toEqual(first);
  });
});

describe('names of instances', () => {
  it('A-115 have the Region’s own domain', async () => {
    const { ec2 } = await testCloud();
    for (const [region, inside, outside] of [
      ['us-east-1', 'ec2.internal', 'compute-1.amazonaws.com'],
      ['eu-west-1', 'eu-west-1.compute.internal', 'eu-west-1.compute.amazonaws.com'],
    ] as const) {
      const client = ec2('111111111111', region);
      const instance = await lookAtInstance(client, await launchOne(client));
      const dashed = instance.PublicIpAddress!.replaceAll('.', '-');
      expect(instance).toMatchObject({
        PrivateDnsName: `ip-172-31-0-4.${inside}`,
        PublicDnsName: `ec2-${dashed}.${outside}`,
      });
    }
  });

  it('A-104 are not public where either DNS attribute of the VPC is off', async () => {
    const { client, vpcId, subnetId } = await network();
    const id = await launchOne(client, {
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }],
    });
    const name = async () => (await lookAtInstance(client, id)).PublicDnsName;
    expect(await name()).toBe('');
    await setDnsHostnames(client, vpcId, true);
    expect(await name()).toMatch(/^ec2-.*\.compute-1\.amazonaws\.com$/);
    await setDnsHostnames(client, vpcId, false);
    await client.modifyVpcAttribute({ VpcId: vpcId, EnableDnsSupport: { Value: false } });
    expect(await name()).toBe('');
    expect((await lookAtInstance(client, id)).PrivateDnsName).toBe('ip-10-0-0-4.ec2.internal');
  });

  it('A-115 are the resource’s where the launch or the subnet says so', async () => {
    const { client, subnetId } = await network();
    const PrivateDnsNameOptions = {
      HostnameType: 'resource-name' as const,
      EnableResourceNameDnsARecord: true,
    };
    const id = await launchOne(client, { SubnetId: subnetId, PrivateDnsNameOptions });
    expect(await lookAtInstance(client, id)).toMatchObject({
      PrivateDnsName: `${id}.ec2.internal`,
      PrivateDnsNameOptions,
    });
    const PrivateDnsHostnameTypeOnLaunch = 'resource-name';
    await client.modifySubnetAttribute({ SubnetId: subnetId, PrivateDnsHostnameTypeOnLaunch });
    const second = await launchOne(client, { SubnetId: subnetId });
    expect((await lookAtInstance(client, second)).PrivateDnsName).toBe(`${second}.ec2.internal`);
  });
});
