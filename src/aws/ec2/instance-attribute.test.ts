import type { InstanceAttributeName } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  launchOne,
  lookAtInstance,
  makeGroup,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

async function withInstance() {
  const { ec2 } = await testCloud();
  const client = ec2();
  const network = await makeNetwork(client);
  const InstanceId = await launchOne(client, { SubnetId: network.subnetId });
  const attribute = async (Attribute: InstanceAttributeName) => {
    const { $metadata: _, ...answer } = await client.describeInstanceAttribute({
      InstanceId,
      Attribute,
    });
    return answer;
  };
  const look = () => lookAtInstance(client, InstanceId);
  const stop = () => client.stopInstances({ InstanceIds: [InstanceId] });
  return { ec2, client, ...network, InstanceId, attribute, look, stop };
}

describe('ModifyInstanceAttribute', () => {
  it('A-087 switches the source/destination check of an only interface', async () => {
    const { client, InstanceId, attribute, look } = await withInstance();
    const SourceDestCheck = { Value: false };
    expect((await look()).SourceDestCheck).toBe(true);
    await client.modifyInstanceAttribute({ InstanceId, SourceDestCheck });
    expect(await look()).toMatchObject({
      SourceDestCheck: false,
      NetworkInterfaces: [{ SourceDestCheck: false }],
    });
    expect(await attribute('sourceDestCheck')).toEqual({ InstanceId, SourceDestCheck });
    await client.resetInstanceAttribute({ InstanceId, Attribute: 'sourceDestCheck' });
    expect((await look()).SourceDestCheck).toBe(true);
  });

  it('A-088 wants an interface named where there are several', async () => {
    const { client, InstanceId, subnetId, groupId, attribute } = await withInstance();
    const { NetworkInterfaceId } = await makeInterface(client, subnetId);
    await client.attachNetworkInterface({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 });
    for (const change of [{ SourceDestCheck: { Value: false } }, { Groups: [groupId] }]) {
      const call = client.modifyInstanceAttribute({ InstanceId, ...change });
      const message = `There are multiple interfaces attached to instance '${InstanceId}'. Please specify an interface ID for the operation instead.`;
      await expectError(call, 'InvalidInstanceID', message);
    }
    await expectError(attribute('sourceDestCheck'), 'InvalidInstanceID');
  });

  it('replaces the groups of the instance', async () => {
    const { client, vpcId, InstanceId, attribute, look } = await withInstance();
    const web = await makeGroup(client, vpcId, 'web');
    await client.modifyInstanceAttribute({ InstanceId, Groups: [web] });
    const Groups = [{ GroupId: web, GroupName: 'web' }];
    expect(await attribute('groupSet')).toEqual({ InstanceId, Groups });
    expect((await look()).SecurityGroups).toEqual(Groups);
    const unknown = client.modifyInstanceAttribute({ InstanceId, Groups: ['sg-00000000'] });
    await expectError(unknown, 'InvalidGroup.NotFound');
  });

  it('changes what may change at any time', async () => {
    const { client, InstanceId, attribute } = await withInstance();
    const cases = [
      [{ DisableApiTermination: { Value: true } }, 'disableApiTermination'],
      [{ DisableApiStop: { Value: true } }, 'disableApiStop'],
      [
        { InstanceInitiatedShutdownBehavior: { Value: 'terminate' } },
        'instanceInitiatedShutdownBehavior',
      ],
    ] as const;
    for (const [change, name] of cases) {
      await client.modifyInstanceAttribute({ InstanceId, ...change });
      expect(await attribute(name)).toEqual({ InstanceId, ...change });
    }
  });

  it('takes an attribute by name too', async () => {
    const { client, InstanceId, attribute } = await withInstance();
    const Attribute = 'disableApiTermination';
    await client.modifyInstanceAttribute({ InstanceId, Attribute, Value: 'true' });
    expect(await attribute(Attribute)).toMatchObject({ DisableApiTermination: { Value: true } });
    const odd = client.modifyInstanceAttribute({ InstanceId, Attribute, Value: 'yes' });
    await expectError(odd, 'InvalidParameterValue');
    const without = client.modifyInstanceAttribute({ InstanceId, Attribute });
    await expectError(without, 'MissingParameter');
    const groups = { InstanceId, Attribute: 'groupSet', Value: 'sg-00000000' } as const;
    await expectError(client.modifyInstanceAttribute(groups), 'InvalidParameterValue', /GroupId/);
    const kernel = { InstanceId, Attribute: 'kernel', Value: 'aki-1' } as const;
    await expectError(client.modifyInstanceAttribute(kernel), 'UnsupportedOperation', /kernel/);
  });

  it('changes type, user data and EBS optimization of a stopped instance only', async () => {
    const { client, InstanceId, attribute, stop } = await withInstance();
    const changes = [
      { InstanceType: { Value: 'm5.large' } },
      { EbsOptimized: { Value: true } },
      { UserData: { Value: Buffer.from('#!/bin/sh') } },
    ];
    for (const change of changes) {
      const call = client.modifyInstanceAttribute({ InstanceId, ...change });
      await expectError(call, 'IncorrectInstanceState', /'stopped'/);
    }
    await stop();
    for (const change of changes) await client.modifyInstanceAttribute({ InstanceId, ...change });
    expect(await attribute('instanceType')).toMatchObject({ InstanceType: { Value: 'm5.large' } });
    expect(await attribute('ebsOptimized')).toMatchObject({ EbsOptimized: { Value: true } });
    const Value = Buffer.from('#!/bin/sh').toString('base64');
    expect(await attribute('userData')).toMatchObject({ UserData: { Value } });
  });

  it('refuses a type of no shape and one without room for the interfaces', async () => {
    const { client, InstanceId, subnetId, stop } = await withInstance();
    await stop();
    const type = (Value: string) =>
      client.modifyInstanceAttribute({ InstanceId, InstanceType: { Value } });
    await expectError(type('huge'), 'InvalidParameterValue', /huge/);
    for (const DeviceIndex of [1, 2]) {
      const { NetworkInterfaceId } = await makeInterface(client, subnetId);
      await client.attachNetworkInterface({ NetworkInterfaceId, InstanceId, DeviceIndex });
    }
    await expectError(type('t3.micro'), 'AttachmentLimitExceeded');
    await type('t3.medium');
  });

  it('takes one attribute a call, of an instance that is not gone', async () => {
    const { client, InstanceId } = await withInstance();
    await expectError(
      client.modifyInstanceAttribute({ InstanceId }),
      'InvalidParameterCombination',
    );
    const two = client.modifyInstanceAttribute({
      InstanceId,
      SourceDestCheck: { Value: false },
      DisableApiStop: { Value: true },
    });
    await expectError(two, 'InvalidParameterCombination', /sourceDestCheck, disableApiStop/);
    const DisableApiStop = { Value: true };
    const dry = client.modifyInstanceAttribute({ InstanceId, DisableApiStop, DryRun: true });
    await expectError(dry, 'DryRunOperation');
    const enclave = { InstanceId, EnclaveOptions: { Enabled: true } } as object;
    const unsupported = client.modifyInstanceAttribute(enclave as { InstanceId: string });
    await expectError(unsupported, 'UnsupportedOperation');
    await client.terminateInstances({ InstanceIds: [InstanceId] });
    const gone = client.modifyInstanceAttribute({ InstanceId, DisableApiStop });
    await expectError(gone, 'IncorrectInstanceState');
  });
});

describe('DescribeInstanceAttribute', () => {
  it('answers the attribute that is asked for', async () => {
    const { InstanceId, attribute } = await withInstance();
    expect(await attribute('instanceType')).toEqual({
      InstanceId,
      InstanceType: { Value: 't3.small' },
    });
    expect(await attribute('rootDeviceName')).toMatchObject({ RootDeviceName: {} });
    expect(await attribute('blockDeviceMapping')).toEqual({ InstanceId, BlockDeviceMappings: [] });
    expect(await attribute('productCodes')).toEqual({ InstanceId, ProductCodes: [] });
    expect(await attribute('kernel')).toEqual({ InstanceId, KernelId: {} });
    expect(await attribute('ramdisk')).toEqual({ InstanceId, RamdiskId: {} });
    expect(await attribute('userData')).toEqual({ InstanceId, UserData: {} });
    const EnclaveOptions = { Enabled: false };
    expect(await attribute('enclaveOptions')).toEqual({ InstanceId, EnclaveOptions });
    await expectError(attribute('sriovNetSupport'), 'UnsupportedOperation', /sriovNetSupport/);
  });

  it('G-025 is the owner’s', async () => {
    const { ec2, InstanceId, client } = await withInstance();
    const Attribute = 'instanceType';
    const stranger = ec2(OTHER_ACCOUNT).describeInstanceAttribute({ InstanceId, Attribute });
    await expectError(stranger, 'InvalidInstanceID.NotFound');
    const reset = client.resetInstanceAttribute({ InstanceId, Attribute: 'kernel' });
    await expectError(reset, 'UnsupportedOperation');
  });
});
