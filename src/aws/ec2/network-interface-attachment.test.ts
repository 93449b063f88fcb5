import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  launchOne,
  lookAtInstance,
  lookAtInterface,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

async function withInstance(transitions: 'instant' | 'fast' = 'instant') {
  const test = await testCloud({ transitions });
  const client = test.ec2();
  const network = await makeNetwork(client);
  await test.advance(100);
  const InstanceId = await launchOne(client, { SubnetId: network.subnetId });
  await test.advance(100);
  const { NetworkInterfaceId } = await makeInterface(client, network.subnetId);
  await test.advance(100);
  const attach = async (DeviceIndex = 1, id = NetworkInterfaceId) => {
    const request = { InstanceId, NetworkInterfaceId: id, DeviceIndex };
    return (await client.attachNetworkInterface(request)).AttachmentId!;
  };
  return { ...test, client, ...network, InstanceId, NetworkInterfaceId, attach };
}

describe('AttachNetworkInterface', () => {
  it('passes through attaching to attached', async () => {
    const { client, InstanceId, NetworkInterfaceId, attach, advance } = await withInstance('fast');
    const AttachmentId = await attach();
    expect(AttachmentId).toMatch(/^eni-attach-[0-9a-f]{17}$/);
    expect(await lookAtInterface(client, NetworkInterfaceId)).toMatchObject({
      Status: 'in-use',
      Attachment: {
        AttachmentId,
        InstanceId,
        InstanceOwnerId: '111111111111',
        DeviceIndex: 1,
        NetworkCardIndex: 0,
        DeleteOnTermination: false,
        Status: 'attaching',
      },
    });
    await advance(100);
    const { Attachment } = await lookAtInterface(client, NetworkInterfaceId);
    expect(Attachment).toMatchObject({ Status: 'attached' });
    const { NetworkInterfaces } = await lookAtInstance(client, InstanceId);
    expect(NetworkInterfaces!.map((one) => one.Attachment!.DeviceIndex)).toEqual([0, 1]);
  });

  it('refuses an interface in use and a device index in use', async () => {
    const { client, subnetId, InstanceId, NetworkInterfaceId, attach } = await withInstance();
    await attach();
    await expectError(
      attach(2),
      'InvalidNetworkInterface.InUse',
      `Interface: [${NetworkInterfaceId}] in use.`,
    );
    const other = await makeInterface(client, subnetId);
    const message = `Instance '${InstanceId}' already has an interface attached at device index '1'.`;
    await expectError(attach(1, other.NetworkInterfaceId), 'InvalidParameterValue', message);
    await expectError(attach(-1, other.NetworkInterfaceId), 'InvalidParameterValue');
  });

  it('keeps to the limits of the instance type', async () => {
    const { client, subnetId, attach } = await withInstance();
    const large = await makeInterface(client, subnetId, { SecondaryPrivateIpAddressCount: 4 });
    const many = attach(1, large.NetworkInterfaceId);
    await expectError(many, 'PrivateIpAddressLimitExceeded');
    await attach(1);
    await attach(2, (await makeInterface(client, subnetId)).NetworkInterfaceId);
    const fourth = attach(3, (await makeInterface(client, subnetId)).NetworkInterfaceId);
    const message = 'Interface count 4 exceeds the limit for t3.small';
    await expectError(fourth, 'AttachmentLimitExceeded', message);
  });

  it('refuses an interface of another zone', async () => {
    const { client, vpcId, attach } = await withInstance();
    const { Subnet } = await client.createSubnet({
      VpcId: vpcId,
      CidrBlock: '10.0.5.0/24',
      AvailabilityZone: 'us-east-1b',
    });
    const other = await makeInterface(client, Subnet!.SubnetId!);
    await expectError(attach(1, other.NetworkInterfaceId), 'InvalidParameterCombination', /zone/);
  });

  it('G-020 wants an instance that runs or is stopped', async () => {
    const { client, subnetId, NetworkInterfaceId, advance } = await withInstance('fast');
    const InstanceId = await launchOne(client, { SubnetId: subnetId });
    const request = { InstanceId, NetworkInterfaceId, DeviceIndex: 1 };
    await expectError(client.attachNetworkInterface(request), 'IncorrectState');
    await advance(100);
    await client.stopInstances({ InstanceIds: [InstanceId] });
    await expectError(client.attachNetworkInterface(request), 'IncorrectState');
    await advance(100);
    await client.attachNetworkInterface(request);
  });

  it.each([-1, 256, 2 ** 31])('G-015 refuses the device index %d', async (index) => {
    const { attach } = await withInstance();
    await expectError(attach(index), 'InvalidParameterValue');
  });

  it('G-018 names what does not exist', async () => {
    const { client, ec2, InstanceId, NetworkInterfaceId, attach } = await withInstance();
    const unknown = attach(1, 'eni-00000000000000000');
    await expectError(unknown, 'InvalidNetworkInterfaceID.NotFound');
    const DeviceIndex = 1;
    const instance = { InstanceId: 'i-00000000000000000', NetworkInterfaceId, DeviceIndex };
    const call = client.attachNetworkInterface(instance);
    await expectError(call, 'InvalidInstanceID.NotFound');
    const stranger = ec2(OTHER_ACCOUNT).attachNetworkInterface({
      InstanceId,
      NetworkInterfaceId,
      DeviceIndex,
    });
    await expectError(stranger, 'InvalidNetworkInterfaceID.NotFound');
    const card = client.attachNetworkInterface({
      InstanceId,
      NetworkInterfaceId,
      DeviceIndex,
      NetworkCardIndex: 1,
    });
    await expectError(card, 'InvalidParameterValue');
    const dry = client.attachNetworkInterface({
      InstanceId,
      NetworkInterfaceId,
      DeviceIndex,
      DryRun: true,
    });
    await expectError(dry, 'DryRunOperation');
    expect((await lookAtInterface(client, NetworkInterfaceId)).Status).toBe('available');
  });
});

describe('DetachNetworkInterface', () => {
  it('passes through detaching to available', async () => {
    const { client, NetworkInterfaceId, attach, advance } = await withInstance('fast');
    const AttachmentId = await attach();
    await expectError(client.detachNetworkInterface({ AttachmentId }), 'IncorrectState');
    await advance(100);
    await client.detachNetworkInterface({ AttachmentId });
    expect(await lookAtInterface(client, NetworkInterfaceId)).toMatchObject({
      Status: 'in-use',
      Attachment: { Status: 'detaching' },
    });
    await expectError(client.detachNetworkInterface({ AttachmentId }), 'IncorrectState');
    await advance(100);
    const free = await lookAtInterface(client, NetworkInterfaceId);
    expect(free.Status).toBe('available');
    expect(free.Attachment).toBeUndefined();
    const gone = client.detachNetworkInterface({ AttachmentId });
    await expectError(gone, 'InvalidAttachmentID.NotFound');
  });

  it('does not wait when it is forced', async () => {
    const { client, NetworkInterfaceId, attach, advance } = await withInstance('fast');
    const first = await attach();
    await advance(100);
    await client.detachNetworkInterface({ AttachmentId: first, Force: true });
    expect((await lookAtInterface(client, NetworkInterfaceId)).Status).toBe('available');
    const second = await attach();
    await advance(100);
    await client.detachNetworkInterface({ AttachmentId: second });
    await client.detachNetworkInterface({ AttachmentId: second, Force: true });
    expect((await lookAtInterface(client, NetworkInterfaceId)).Status).toBe('available');
    const third = await attach();
    await advance(100);
    expect(await lookAtInterface(client, NetworkInterfaceId)).toMatchObject({
      Attachment: { AttachmentId: third, Status: 'attached' },
    });
  });

  it('G-021 never detaches the primary interface', async () => {
    const { client, InstanceId } = await withInstance();
    const { NetworkInterfaces } = await lookAtInstance(client, InstanceId);
    const { AttachmentId } = NetworkInterfaces![0]!.Attachment!;
    const call = client.detachNetworkInterface({ AttachmentId: AttachmentId! });
    await expectError(call, 'OperationNotPermitted');
  });

  it('G-025 finds attachments of the caller only', async () => {
    const { client, ec2, attach } = await withInstance();
    const AttachmentId = await attach();
    const stranger = ec2(OTHER_ACCOUNT).detachNetworkInterface({ AttachmentId });
    await expectError(stranger, 'InvalidAttachmentID.NotFound');
    const malformed = client.detachNetworkInterface({ AttachmentId: 'eni-1' });
    await expectError(malformed, 'InvalidAttachmentID.Malformed');
  });
});
