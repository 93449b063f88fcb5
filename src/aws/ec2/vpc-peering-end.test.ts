import { waitUntilVpcPeeringConnectionDeleted } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  addVpc,
  DAY,
  expectUnseen,
  FAR_SCOPE,
  HOUR,
  lookAt,
  peer,
  requestPeering,
  statusOf,
  vpcPair,
} from '../../../test/support/peering-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';

describe('DeleteVpcPeeringConnection', () => {
  it.each([
    ['inside a Region', { account: OTHER_ACCOUNT, region: SCOPE.region }],
    ['between Regions', FAR_SCOPE],
  ])('B-004 B-005 deleting, then deleted: %s', async (_title, scope) => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test, scope);
    const id = await requestPeering(pair);
    await test.advance(500);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await test.advance(500);
    const answer = await pair.requester.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(answer.Return).toBe(true);
    expect(await statusOf(pair.accepter, id)).toBe('deleting');
    await test.advance(500);
    expect((await lookAt(pair.accepter, id)).Status).toEqual({
      Code: 'deleted',
      Message: `Deleted by ${ACCOUNT}`,
    });
  });

  it.each(['requester', 'accepter'] as const)('B-016 the %s may delete it', async (name) => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await peer(pair);
    await pair[name].deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(await statusOf(pair.requester, id)).toBe('deleted');
    expect(await statusOf(pair.accepter, id)).toBe('deleted');
  });

  it('B-016 a pending one only the requester may delete', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    await expect(pair.accepter.deleteVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'OperationNotPermitted',
    });
    await pair.requester.deleteVpcPeeringConnection(ids);
    expect(await statusOf(pair.accepter, ids.VpcPeeringConnectionId)).toBe('deleted');
  });

  it.each(['rejected', 'expired', 'failed', 'deleted'])('B-019 not when %s', async (status) => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    if (status === 'failed') {
      const { cidrs } = pair.vpc;
      await test.cloud.execute((tx) => tx.update('vpc', pair.peerVpc, { cidrs }));
    }
    const VpcPeeringConnectionId = await requestPeering(pair);
    const ids = { VpcPeeringConnectionId };
    if (status === 'rejected') await pair.accepter.rejectVpcPeeringConnection(ids);
    if (status === 'expired') await test.advance(7 * DAY);
    if (status === 'deleted') await pair.requester.deleteVpcPeeringConnection(ids);
    const subject = `Invalid state transition for ${VpcPeeringConnectionId}`;
    await expect(pair.requester.deleteVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'InvalidStateTransition',
      message: `${subject}, attempted to transition from ${status} to deleting`,
    });
  });

  it('B-006 nothing moves what has ended', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test, SCOPE);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    await pair.accepter.rejectVpcPeeringConnection(ids);
    const name = 'InvalidStateTransition';
    await expect(pair.accepter.acceptVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
    await expect(pair.accepter.rejectVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
    await expect(pair.accepter.deleteVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
    const options = {
      RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: true },
    };
    await expect(
      pair.accepter.modifyVpcPeeringConnectionOptions({ ...ids, ...options }),
    ).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    expect(await statusOf(pair.requester, ids.VpcPeeringConnectionId)).toBe('rejected');
  });

  it('the SDK’s waiter finishes', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await peer(pair);
    await pair.accepter.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    const { state } = await waitUntilVpcPeeringConnectionDeleted(
      { client: pair.requester, maxWaitTime: 20 },
      { VpcPeeringConnectionIds: [id] },
    );
    expect(state).toBe('SUCCESS');
  });
});

describe('visibility after the end', () => {
  it('B-010 B-014 failed: the requester’s for 2 hours, never the accepter’s', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const twin = await addVpc(test.cloud, pair.peerVpc);
    const id = await requestPeering({ ...pair, peerVpc: twin });
    expect(await statusOf(pair.requester, id)).toBe('failed');
    await expectUnseen(pair.accepter, id);
    await test.advance(2 * HOUR - 1);
    expect(await statusOf(pair.requester, id)).toBe('failed');
    await test.advance(1);
    await expectUnseen(pair.requester, id);
  });

  it('B-011 B-014 expired: both sides’ for 2 days', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await test.advance(9 * DAY - 1);
    expect(await statusOf(pair.requester, id)).toBe('expired');
    expect(await statusOf(pair.accepter, id)).toBe('expired');
    await test.advance(1);
    await expectUnseen(pair.requester, id);
    await expectUnseen(pair.accepter, id);
  });

  it('B-012 B-014 rejected: 2 days the requester’s, 2 hours the accepter’s', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await pair.accepter.rejectVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await test.advance(2 * HOUR - 1);
    expect(await statusOf(pair.accepter, id)).toBe('rejected');
    await test.advance(1);
    await expectUnseen(pair.accepter, id);
    expect(await statusOf(pair.requester, id)).toBe('rejected');
    await test.advance(2 * DAY - 2 * HOUR);
    await expectUnseen(pair.requester, id);
  });

  it('B-013 B-014 deleted: 2 hours the deleter’s, 2 days the other side’s', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await peer(pair);
    await pair.accepter.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await test.advance(2 * HOUR);
    await expectUnseen(pair.accepter, id);
    expect(await statusOf(pair.requester, id)).toBe('deleted');
    await test.advance(2 * DAY - 2 * HOUR - 1);
    expect(await statusOf(pair.requester, id)).toBe('deleted');
    await test.advance(1);
    await expectUnseen(pair.requester, id);
  });

  it.each(['rejected', 'deleted'])('B-012 B-013 one account: %s for 2 hours', async (status) => {
    const test = await testCloud();
    const pair = await vpcPair(test, FAR_SCOPE);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    if (status === 'rejected') await pair.accepter.rejectVpcPeeringConnection(ids);
    else await pair.requester.deleteVpcPeeringConnection(ids);
    await test.advance(2 * HOUR - 1);
    for (const client of [pair.requester, pair.accepter]) {
      expect(await statusOf(client, ids.VpcPeeringConnectionId)).toBe(status);
    }
    await test.advance(1);
    await expectUnseen(pair.requester, ids.VpcPeeringConnectionId);
    await expectUnseen(pair.accepter, ids.VpcPeeringConnectionId);
  });

  it('B-014 after the last window nothing of it is left', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await peer(pair);
    const { model } = test.cloud;
    expect(model.by('timer', 'target', id)).toEqual([]);
    await pair.accepter.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'ours' }] });
    await pair.requester.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(model.by('tag-set', 'resource', id)).toHaveLength(1);
    await test.advance(2 * DAY);
    expect(model.get('vpc-peering-connection', id)).toBeUndefined();
    expect(model.by('timer', 'target', id)).toEqual([]);
    expect(model.by('tag-set', 'resource', id)).toEqual([]);
  });
});
