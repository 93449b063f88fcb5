import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  launchOne,
  lookAtInstance,
  lookAtInterface,
  makeGroup,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

async function withInterface() {
  const { ec2 } = await testCloud();
  const client = ec2();
  const network = await makeNetwork(client);
  const { NetworkInterfaceId } = await makeInterface(client, network.subnetId);
  const look = () => lookAtInterface(client, NetworkInterfaceId);
  return { ec2, client, ...network, NetworkInterfaceId, look };
}

describe('ModifyNetworkInterfaceAttribute', () => {
  it('changes the description', async () => {
    const { client, NetworkInterfaceId, look } = await withInterface();
    await client.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Description: { Value: 'new' },
    });
    expect((await look()).Description).toBe('new');
    const Attribute = 'description';
    const answer = await client.describeNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Attribute,
    });
    expect(answer).toMatchObject({ NetworkInterfaceId, Description: { Value: 'new' } });
    expect(answer.SourceDestCheck).toBeUndefined();
  });

  it('refuses a description without end, here as at creation', async () => {
    const { client, subnetId, NetworkInterfaceId, look } = await withInterface();
    const Value = 'x'.repeat(256);
    const change = { NetworkInterfaceId, Description: { Value } };
    await expectError(client.modifyNetworkInterfaceAttribute(change), 'InvalidParameterValue');
    const creation = client.createNetworkInterface({ SubnetId: subnetId, Description: Value });
    // The message does not repeat all of it.
    await expectError(creation, 'InvalidParameterValue', /^.{256,400}$/);
    await client.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Description: { Value: Value.slice(1) },
    });
    expect((await look()).Description).toHaveLength(255);
  });

  it('A-087 source/destination check is on until it is switched off', async () => {
    const { client, NetworkInterfaceId, look } = await withInterface();
    expect((await look()).SourceDestCheck).toBe(true);
    await client.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId,
      SourceDestCheck: { Value: false },
    });
    const answer = await client.describeNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Attribute: 'sourceDestCheck',
    });
    expect(answer.SourceDestCheck).toEqual({ Value: false });
    await client.resetNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: 'true' });
    expect((await look()).SourceDestCheck).toBe(true);
    const nothing = client.resetNetworkInterfaceAttribute({ NetworkInterfaceId });
    await expectError(nothing, 'MissingParameter');
  });

  it('replaces the groups, which must be of its VPC', async () => {
    const { client, vpcId, NetworkInterfaceId, look } = await withInterface();
    const GroupId = await makeGroup(client, vpcId, 'web');
    await client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Groups: [GroupId] });
    const Groups = [{ GroupId, GroupName: 'web' }];
    expect((await look()).Groups).toEqual(Groups);
    const Attribute = 'groupSet';
    const answer = await client.describeNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Attribute,
    });
    expect(answer.Groups).toEqual(Groups);
    const { vpcId: elsewhere } = await makeNetwork(client);
    const foreign = await makeGroup(client, elsewhere, 'foreign');
    const call = client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Groups: [foreign] });
    await expectError(call, 'InvalidParameter', /belong to different networks/);
    expect((await look()).Groups).toEqual(Groups);
  });

  it('A-085 holds when groups are replaced', async () => {
    const { client, vpcId, NetworkInterfaceId } = await withInterface();
    const Groups = [];
    for (let count = 0; count < 6; count++) {
      Groups.push(await makeGroup(client, vpcId, `group-${count}`));
    }
    const call = client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Groups });
    await expectError(call, 'SecurityGroupsPerInterfaceLimitExceeded');
  });

  it('decides what becomes of an attached interface', async () => {
    const { client, subnetId } = await withInterface();
    const InstanceId = await launchOne(client, { SubnetId: subnetId });
    const [eni] = (await lookAtInstance(client, InstanceId)).NetworkInterfaces!;
    const NetworkInterfaceId = eni!.NetworkInterfaceId!;
    const AttachmentId = eni!.Attachment!.AttachmentId!;
    const Attachment = { AttachmentId, DeleteOnTermination: false };
    await client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Attachment });
    const Attribute = 'attachment';
    const answer = await client.describeNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Attribute,
    });
    expect(answer.Attachment).toMatchObject({ ...Attachment, InstanceId });
    const unknown = { AttachmentId: 'eni-attach-00000000', DeleteOnTermination: true };
    const call = client.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Attachment: unknown,
    });
    await expectError(call, 'InvalidAttachmentID.NotFound');
  });

  it.each([
    ['TcpEstablishedTimeout', 60, 432_000],
    ['UdpTimeout', 30, 60],
    ['UdpStreamTimeout', 60, 180],
  ] as const)('A-075 %s is between %i and %i seconds', async (name, min, max) => {
    const { client, subnetId, NetworkInterfaceId, look } = await withInterface();
    expect((await look()).ConnectionTrackingConfiguration).toBeUndefined();
    for (const value of [min, max]) {
      const ConnectionTrackingSpecification = { [name]: value };
      await client.modifyNetworkInterfaceAttribute({
        NetworkInterfaceId,
        ConnectionTrackingSpecification,
      });
      expect((await look()).ConnectionTrackingConfiguration).toEqual({ [name]: value });
    }
    for (const value of [min - 1, max + 1]) {
      const ConnectionTrackingSpecification = { [name]: value };
      const call = client.modifyNetworkInterfaceAttribute({
        NetworkInterfaceId,
        ConnectionTrackingSpecification,
      });
      await expectError(call, 'InvalidParameterValue');
      const made = makeInterface(client, subnetId, { ConnectionTrackingSpecification });
      await expectError(made, 'InvalidParameterValue');
    }
  });

  it('A-075 keeps the timeouts that a change does not mention', async () => {
    const { client, NetworkInterfaceId, look } = await withInterface();
    for (const ConnectionTrackingSpecification of [{ UdpTimeout: 45 }, { UdpStreamTimeout: 100 }]) {
      await client.modifyNetworkInterfaceAttribute({
        NetworkInterfaceId,
        ConnectionTrackingSpecification,
      });
    }
    expect((await look()).ConnectionTrackingConfiguration).toEqual({
      UdpTimeout: 45,
      UdpStreamTimeout: 100,
    });
  });

  it('takes one attribute a call', async () => {
    const { client, NetworkInterfaceId } = await withInterface();
    const none = client.modifyNetworkInterfaceAttribute({ NetworkInterfaceId });
    await expectError(none, 'InvalidParameterCombination', 'No attributes specified.');
    const two = client.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId,
      Description: { Value: 'x' },
      SourceDestCheck: { Value: false },
    });
    await expectError(two, 'InvalidParameterCombination', /description, sourceDestCheck/);
    const unsupported = client.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId,
      AssociatePublicIpAddress: true,
    });
    await expectError(unsupported, 'UnsupportedOperation', /AssociatePublicIpAddress/);
    const without = client.describeNetworkInterfaceAttribute({ NetworkInterfaceId });
    await expectError(without, 'MissingParameter');
  });

  it('G-025 G-028 touches nothing of another account, and nothing in a dry run', async () => {
    const { client, ec2, NetworkInterfaceId, look } = await withInterface();
    const Description = { Value: 'x' };
    const request = { NetworkInterfaceId, Description };
    const stranger = ec2(OTHER_ACCOUNT);
    const foreign = stranger.modifyNetworkInterfaceAttribute(request);
    await expectError(foreign, 'InvalidNetworkInterfaceID.NotFound');
    const Attribute = 'description';
    const looked = stranger.describeNetworkInterfaceAttribute({ NetworkInterfaceId, Attribute });
    await expectError(looked, 'InvalidNetworkInterfaceID.NotFound');
    const dry = client.modifyNetworkInterfaceAttribute({ ...request, DryRun: true });
    await expectError(dry, 'DryRunOperation');
    expect((await look()).Description).toBe('');
  });

  it('tells whether its instance asked for a public address', async () => {
    const { client, subnetId, NetworkInterfaceId } = await withInterface();
    const Attribute = 'associatePublicIpAddress';
    const free = await client.describeNetworkInterfaceAttribute({ NetworkInterfaceId, Attribute });
    expect(free.AssociatePublicIpAddress).toBe(false);
    const InstanceId = await launchOne(client, {
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }],
    });
    const [eni] = (await lookAtInstance(client, InstanceId)).NetworkInterfaces!;
    const answer = await client.describeNetworkInterfaceAttribute({
      NetworkInterfaceId: eni!.NetworkInterfaceId!,
      Attribute,
    });
    expect(answer.AssociatePublicIpAddress).toBe(true);
  });
});
