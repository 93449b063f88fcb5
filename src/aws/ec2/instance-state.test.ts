import {
  waitUntilInstanceRunning,
  waitUntilInstanceStatusOk,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
  waitUntilNetworkInterfaceAvailable,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  launch,
  launchOne,
  lookAtInstance,
  lookAtInterface,
  makeGroup,
  makeInterface,
  makeNetwork,
} from '../../../test/support/instance-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

async function running(transitions: 'instant' | 'fast' = 'instant') {
  const test = await testCloud({ transitions });
  const client = test.ec2();
  const id = await launchOne(client);
  await test.advance(100);
  return {
    ...test,
    client,
    id,
    InstanceIds: [id],
    look: () => lookAtInstance(client, id),
    state: async () => (await lookAtInstance(client, id)).State!.Name,
  };
}

describe('StopInstances and StartInstances', () => {
  it('pass through stopping and pending', async () => {
    const { client, InstanceIds, id, state, look, advance } = await running('fast');
    const { StoppingInstances } = await client.stopInstances({ InstanceIds });
    expect(StoppingInstances).toEqual([
      {
        InstanceId: id,
        PreviousState: { Code: 16, Name: 'running' },
        CurrentState: { Code: 64, Name: 'stopping' },
      },
    ]);
    expect(await state()).toBe('stopping');
    await advance(100);
    expect(await look()).toMatchObject({
      State: { Code: 80, Name: 'stopped' },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
      StateTransitionReason: 'User initiated (2026-01-01 00:00:00 GMT)',
    });
    const { StartingInstances } = await client.startInstances({ InstanceIds });
    expect(StartingInstances).toMatchObject([
      { PreviousState: { Name: 'stopped' }, CurrentState: { Name: 'pending' } },
    ]);
    await advance(100);
    const started = await look();
    expect(started).toMatchObject({ State: { Name: 'running' }, StateTransitionReason: '' });
    expect(started.StateReason).toBeUndefined();
    expect(started.LaunchTime!.getTime()).toBeGreaterThan(Date.UTC(2026, 0, 1));
  });

  it('release the public address at a stop and give a new one at a start', async () => {
    const { client, InstanceIds, look } = await running();
    const before = await look();
    await client.stopInstances({ InstanceIds });
    const stopped = await look();
    expect(stopped.PublicIpAddress).toBeUndefined();
    expect(stopped.PublicDnsName).toBe('');
    expect(stopped.PrivateIpAddress).toBe(before.PrivateIpAddress);
    expect(stopped.NetworkInterfaces).toMatchObject([{ Attachment: { Status: 'attached' } }]);
    await client.startInstances({ InstanceIds });
    const after = await look();
    expect(after.PublicIpAddress).toBeDefined();
    expect(after.PublicIpAddress).not.toBe(before.PublicIpAddress);
  });

  it('give no public address at a start to an instance with several interfaces', async () => {
    const { client, InstanceIds, id, look } = await running();
    const { NetworkInterfaceId } = await makeInterface(client, (await look()).SubnetId!);
    await client.attachNetworkInterface({ NetworkInterfaceId, InstanceId: id, DeviceIndex: 1 });
    await client.stopInstances({ InstanceIds });
    await client.startInstances({ InstanceIds });
    expect((await look()).PublicIpAddress).toBeUndefined();
  });

  it('change nothing where the state is reached already', async () => {
    const { client, InstanceIds } = await running();
    const started = await client.startInstances({ InstanceIds });
    expect(started.StartingInstances).toMatchObject([
      { PreviousState: { Name: 'running' }, CurrentState: { Name: 'running' } },
    ]);
    await client.stopInstances({ InstanceIds });
    const stopped = await client.stopInstances({ InstanceIds });
    expect(stopped.StoppingInstances).toMatchObject([
      { PreviousState: { Name: 'stopped' }, CurrentState: { Name: 'stopped' } },
    ]);
  });

  it('G-020 refuse what the state does not allow, and then change no instance', async () => {
    const { client, InstanceIds, id, advance, state } = await running('fast');
    const pending = await launchOne(client);
    const early = client.stopInstances({ InstanceIds: [id, pending] });
    const message = `Instance '${pending}' cannot be stopped as it has never reached the 'running' state.`;
    await expectError(early, 'IncorrectInstanceState', message);
    expect(await state()).toBe('running');
    const tooEarly = client.rebootInstances({ InstanceIds: [pending] });
    await expectError(tooEarly, 'IncorrectInstanceState', /rebooted/);
    await client.stopInstances({ InstanceIds });
    const starting = client.startInstances({ InstanceIds });
    await expectError(starting, 'IncorrectInstanceState', /started/);
    await advance(100);
    const reboot = client.rebootInstances({ InstanceIds });
    await expectError(reboot, 'IncorrectInstanceState');
    await client.terminateInstances({ InstanceIds });
    const gone = [client.startInstances({ InstanceIds }), client.stopInstances({ InstanceIds })];
    for (const call of gone) await expectError(call, 'IncorrectInstanceState');
  });

  it('do not hibernate', async () => {
    const { client, InstanceIds, state } = await running();
    const call = client.stopInstances({ InstanceIds, Hibernate: true });
    await expectError(call, 'UnsupportedHibernationConfiguration');
    expect(await state()).toBe('running');
  });
});

describe('RebootInstances', () => {
  it('changes nothing of a running instance', async () => {
    const { client, InstanceIds, look } = await running();
    const before = await look();
    await client.rebootInstances({ InstanceIds });
    expect(await look()).toEqual(before);
  });
});

describe('TerminateInstances', () => {
  it('deletes the interfaces that say so and frees the others', async () => {
    const { client, InstanceIds, id, look, advance } = await running('fast');
    const { NetworkInterfaces, SubnetId } = await look();
    const primary = NetworkInterfaces![0]!.NetworkInterfaceId!;
    const { NetworkInterfaceId } = await makeInterface(client, SubnetId!);
    await client.attachNetworkInterface({ NetworkInterfaceId, InstanceId: id, DeviceIndex: 1 });
    await advance(100);
    const { TerminatingInstances } = await client.terminateInstances({ InstanceIds });
    expect(TerminatingInstances).toMatchObject([
      { PreviousState: { Name: 'running' }, CurrentState: { Code: 32, Name: 'shutting-down' } },
    ]);
    expect((await lookAtInterface(client, primary)).Status).toBe('in-use');
    await advance(100);
    await expectError(lookAtInterface(client, primary), 'InvalidNetworkInterfaceID.NotFound');
    const kept = await lookAtInterface(client, NetworkInterfaceId);
    expect(kept.Status).toBe('available');
    expect(kept.Attachment).toBeUndefined();
  });

  it('leaves the instance visible for an hour, without a network', async () => {
    const { client, InstanceIds, look, advance } = await running();
    await client.createTags({ Resources: InstanceIds, Tags: [{ Key: 'a', Value: 'b' }] });
    await client.terminateInstances({ InstanceIds });
    const terminated = await look();
    expect(terminated).toMatchObject({
      State: { Code: 48, Name: 'terminated' },
      StateReason: { Message: 'Client.UserInitiatedShutdown: User initiated shutdown' },
      NetworkInterfaces: [],
      SecurityGroups: [],
      PrivateDnsName: '',
      PublicDnsName: '',
    });
    for (const member of ['VpcId', 'SubnetId', 'PrivateIpAddress', 'PublicIpAddress'] as const) {
      expect(terminated[member]).toBeUndefined();
    }
    await advance(3_599_999);
    expect((await look()).State!.Name).toBe('terminated');
    await advance(1);
    await expectError(look(), 'InvalidInstanceID.NotFound');
    expect((await client.describeTags({})).Tags).toEqual([]);
  });

  it('may be said again, and at any time', async () => {
    const { client, InstanceIds, state, advance } = await running('fast');
    await client.stopInstances({ InstanceIds });
    await client.terminateInstances({ InstanceIds });
    expect(await state()).toBe('shutting-down');
    await client.terminateInstances({ InstanceIds });
    await advance(100);
    expect(await state()).toBe('terminated');
    const again = await client.terminateInstances({ InstanceIds });
    expect(again.TerminatingInstances).toMatchObject([{ CurrentState: { Name: 'terminated' } }]);
    const pending = await launchOne(client);
    await client.terminateInstances({ InstanceIds: [pending] });
    await advance(100);
    expect((await lookAtInstance(client, pending)).State!.Name).toBe('terminated');
  });

  it('of a stopped instance is done at once', async () => {
    const { client, InstanceIds, advance, look } = await running('fast');
    await client.stopInstances({ InstanceIds });
    await advance(100);
    const { TerminatingInstances } = await client.terminateInstances({ InstanceIds });
    expect(TerminatingInstances).toMatchObject([{ CurrentState: { Name: 'terminated' } }]);
    expect((await look()).NetworkInterfaces).toEqual([]);
  });

  it('G-021 spares protected instances and those named with them', async () => {
    const { client, id, state } = await running();
    const guarded = await launchOne(client, { DisableApiTermination: true });
    const call = client.terminateInstances({ InstanceIds: [id, guarded] });
    const message = `The instance '${guarded}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
    await expectError(call, 'OperationNotPermitted', message);
    expect(await state()).toBe('running');
    const DisableApiTermination = { Value: false };
    await client.modifyInstanceAttribute({ InstanceId: guarded, DisableApiTermination });
    await client.terminateInstances({ InstanceIds: [id, guarded] });
    expect(await state()).toBe('terminated');
  });

  it('G-021 is refused by stop protection, as a stop is', async () => {
    const { client } = await running();
    const guarded = await launchOne(client, { DisableApiStop: true });
    const request = { InstanceIds: [guarded] };
    await expectError(client.stopInstances(request), 'OperationNotPermitted', /disableApiStop/);
    const terminate = client.terminateInstances(request);
    await expectError(terminate, 'OperationNotPermitted', /disableApiStop/);
  });

  it('G-019 frees the subnet and the groups', async () => {
    const { client } = await running();
    const { vpcId, subnetId } = await makeNetwork(client);
    const GroupId = await makeGroup(client, vpcId, 'used');
    const request = { SubnetId: subnetId, SecurityGroupIds: [GroupId] };
    const InstanceIds = await launch(client, request);
    await expectError(client.deleteSubnet({ SubnetId: subnetId }), 'DependencyViolation');
    await client.terminateInstances({ InstanceIds });
    await client.deleteSecurityGroup({ GroupId });
    await client.deleteSubnet({ SubnetId: subnetId });
    await client.deleteVpc({ VpcId: vpcId });
  });
});

describe('calls on instances by id', () => {
  it('G-016 G-017 G-025 G-041 name every unknown id and change nothing', async () => {
    const { client, ec2, InstanceIds, id, state } = await running();
    const unknown = ['i-00000000000000001', 'i-00000000000000002'];
    for (const call of [
      client.stopInstances({ InstanceIds: [id, ...unknown] }),
      client.terminateInstances({ InstanceIds: [id, ...unknown] }),
      client.describeInstances({ InstanceIds: [id, ...unknown] }),
    ]) {
      const message = `The instance IDs '${unknown.join(', ')}' do not exist`;
      await expectError(call, 'InvalidInstanceID.NotFound', message);
    }
    const malformed = client.stopInstances({ InstanceIds: ['i-1', ...unknown] });
    await expectError(malformed, 'InvalidInstanceID.Malformed');
    const stranger = ec2(OTHER_ACCOUNT).terminateInstances({ InstanceIds });
    const message = `The instance ID '${id}' does not exist`;
    await expectError(stranger, 'InvalidInstanceID.NotFound', message);
    expect(await state()).toBe('running');
  });

  it('G-028 change nothing in a dry run', async () => {
    const { client, InstanceIds, state } = await running();
    const request = { InstanceIds, DryRun: true };
    for (const call of [
      client.stopInstances(request),
      client.startInstances(request),
      client.rebootInstances(request),
      client.terminateInstances(request),
    ]) {
      await expectError(call, 'DryRunOperation');
    }
    expect(await state()).toBe('running');
  });

  it('need an id', async () => {
    const { client } = await running();
    await expectError(client.stopInstances({ InstanceIds: [] }), 'MissingParameter');
  });
});

describe('waiters of the SDK', () => {
  it('end', async () => {
    const { client, InstanceIds, id, look } = await running();
    const waiter = { client, maxWaitTime: 2, minDelay: 1, maxDelay: 1 };
    const { state: first } = await waitUntilInstanceRunning(waiter, { InstanceIds });
    const { state: second } = await waitUntilInstanceStatusOk(waiter, { InstanceIds });
    const { NetworkInterfaceId } = await makeInterface(client, (await look()).SubnetId!);
    const NetworkInterfaceIds = [NetworkInterfaceId];
    const { state: third } = await waitUntilNetworkInterfaceAvailable(waiter, {
      NetworkInterfaceIds,
    });
    await client.stopInstances({ InstanceIds: [id] });
    const { state: fourth } = await waitUntilInstanceStopped(waiter, { InstanceIds });
    await client.terminateInstances({ InstanceIds: [id] });
    const { state: fifth } = await waitUntilInstanceTerminated(waiter, { InstanceIds });
    expect(new Set([first, second, third, fourth, fifth])).toEqual(new Set(['SUCCESS']));
  });
});
