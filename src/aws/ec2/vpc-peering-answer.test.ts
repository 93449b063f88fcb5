import { describe, expect, it } from 'vitest';
import {
  addVpc,
  DAY,
  FAR_SCOPE,
  lookAt,
  OTHER_REGION,
  OTHER_SCOPE,
  peer,
  requestPeering,
  statusOf,
  vpcPair,
} from '../../../test/support/peering-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';

const UNKNOWN = 'pcx-0123456789abcdef0';

describe('AcceptVpcPeeringConnection', () => {
  it('B-002 B-003 provisioning, then active', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await test.advance(500);
    const { VpcPeeringConnection } = await pair.accepter.acceptVpcPeeringConnection({
      VpcPeeringConnectionId: id,
    });
    expect(VpcPeeringConnection?.Status).toEqual({ Code: 'provisioning', Message: 'Provisioning' });
    expect(await statusOf(pair.requester, id)).toBe('provisioning');
    await test.advance(500);
    for (const client of [pair.requester, pair.accepter]) {
      expect((await lookAt(client, id)).Status).toEqual({ Code: 'active', Message: 'Active' });
    }
  });

  it('B-009 inside one account it takes an accept too', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test, SCOPE);
    const id = await requestPeering(pair);
    await test.advance(DAY);
    expect(await statusOf(pair.requester, id)).toBe('pending-acceptance');
    await pair.requester.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(await statusOf(pair.requester, id)).toBe('active');
  });

  it('B-015 the requester may neither accept nor reject', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const VpcPeeringConnectionId = await requestPeering(pair);
    for (const [verb, call] of [
      ['accept', pair.requester.acceptVpcPeeringConnection({ VpcPeeringConnectionId })],
      ['reject', pair.requester.rejectVpcPeeringConnection({ VpcPeeringConnectionId })],
    ] as const) {
      await expect(call).rejects.toMatchObject({
        name: 'OperationNotPermitted',
        message: `User ${ACCOUNT} cannot ${verb} peering ${VpcPeeringConnectionId}`,
      });
    }
    expect(await statusOf(pair.accepter, VpcPeeringConnectionId)).toBe('pending-acceptance');
  });

  it.each([
    ['one account', FAR_SCOPE],
    ['two accounts', { account: OTHER_ACCOUNT, region: OTHER_REGION }],
  ])('B-017 it is answered in the accepter’s Region: %s', async (_title, scope) => {
    const test = await testCloud();
    const pair = await vpcPair(test, scope);
    const id = await requestPeering(pair);
    const ids = { VpcPeeringConnectionId: id };
    const here = test.ec2(scope.account, SCOPE.region);
    const wrong = 'Incorrect region (us-east-1) specified for this request. VPC peering connection';
    await expect(here.acceptVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'OperationNotPermitted',
      message: `${wrong} ${id} must be accepted in region us-west-2`,
    });
    await expect(here.rejectVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'OperationNotPermitted',
      message: `${wrong} ${id} must be accepted or rejected in region us-west-2`,
    });
    await pair.accepter.acceptVpcPeeringConnection(ids);
    expect(await statusOf(pair.requester, id)).toBe('active');
  });

  it('G-025 nobody else knows of it', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    const name = 'InvalidVpcPeeringConnectionID.NotFound';
    for (const [account, region] of [
      ['333333333333', SCOPE.region],
      [OTHER_ACCOUNT, OTHER_REGION],
      [ACCOUNT, OTHER_REGION],
    ] as const) {
      const stranger = test.ec2(account, region);
      await expect(stranger.acceptVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
      await expect(stranger.rejectVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
      await expect(stranger.deleteVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
    }
  });

  it.each(['active', 'rejected', 'expired', 'deleted'])('B-018 not when %s', async (status) => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const VpcPeeringConnectionId = await requestPeering(pair);
    const ids = { VpcPeeringConnectionId };
    if (status === 'active') await pair.accepter.acceptVpcPeeringConnection(ids);
    if (status === 'rejected') await pair.accepter.rejectVpcPeeringConnection(ids);
    if (status === 'expired') await test.advance(7 * DAY);
    if (status === 'deleted') await pair.requester.deleteVpcPeeringConnection(ids);
    const subject = `Invalid state transition for ${VpcPeeringConnectionId}`;
    const prefix = `${subject}, attempted to transition`;
    await expect(pair.accepter.acceptVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'InvalidStateTransition',
      message: `${prefix} from ${status} to provisioning`,
    });
    await expect(pair.accepter.rejectVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'InvalidStateTransition',
      message: `${prefix} from ${status} to rejected`,
    });
    expect(await statusOf(pair.accepter, VpcPeeringConnectionId)).toBe(status);
  });

  it('B-018 not before the request is delivered', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test, SCOPE);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    await expect(pair.requester.acceptVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'InvalidStateTransition',
    });
  });

  it('B-017 G-025 the accepter’s Region knows nothing of it before', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test, FAR_SCOPE);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    await expect(pair.accepter.acceptVpcPeeringConnection(ids)).rejects.toMatchObject({
      name: 'InvalidVpcPeeringConnectionID.NotFound',
    });
  });

  it('B-020 unknown and malformed ids', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const calls = (VpcPeeringConnectionId: string) => [
      client.acceptVpcPeeringConnection({ VpcPeeringConnectionId }),
      client.rejectVpcPeeringConnection({ VpcPeeringConnectionId }),
      client.deleteVpcPeeringConnection({ VpcPeeringConnectionId }),
      client.describeVpcPeeringConnections({ VpcPeeringConnectionIds: [VpcPeeringConnectionId] }),
      client.modifyVpcPeeringConnectionOptions({
        VpcPeeringConnectionId,
        RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: true },
      }),
    ];
    for (const call of calls(UNKNOWN)) {
      await expect(call).rejects.toMatchObject({
        name: 'InvalidVpcPeeringConnectionID.NotFound',
        message: `The vpcPeeringConnection ID '${UNKNOWN}' does not exist`,
      });
    }
    for (const call of calls('pcx-xyz')) {
      await expect(call).rejects.toMatchObject({ name: 'InvalidVpcPeeringConnectionId.Malformed' });
    }
  });

  it.each(['requester', 'accepter'])('B-027 fifty active connections of the %s', async (full) => {
    const test = await testCloud();
    const hub = await addVpc(test.cloud, SCOPE);
    const connect = async (index: number) => {
      const blocks = [`10.${index + 1}.0.0/16`];
      const spoke = await addVpc(test.cloud, OTHER_SCOPE, { blocks });
      const [own, other] = [test.ec2(), test.ec2(OTHER_ACCOUNT)];
      return peer(
        full === 'requester'
          ? { requester: own, accepter: other, vpc: hub, peerVpc: spoke }
          : { requester: other, accepter: own, vpc: spoke, peerVpc: hub },
      );
    };
    const first = await connect(0);
    for (let index = 1; index < 50; index++) await connect(index);
    await expect(connect(50)).rejects.toMatchObject({
      name: 'ActiveVpcPeeringConnectionPerVpcLimitExceeded',
    });
    await test.ec2().deleteVpcPeeringConnection({ VpcPeeringConnectionId: first });
    expect(await statusOf(test.ec2(), await connect(51))).toBe('active');
  });

  it('B-027 counts what is being provisioned', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const hub = await addVpc(test.cloud, SCOPE);
    const ids: string[] = [];
    for (let index = 0; index <= 50; index++) {
      const blocks = [`10.${index + 1}.0.0/16`];
      const spoke = await addVpc(test.cloud, OTHER_SCOPE, { blocks });
      const [requester, accepter] = [test.ec2(OTHER_ACCOUNT), test.ec2()];
      ids.push(await requestPeering({ requester, accepter, vpc: spoke, peerVpc: hub }));
      if (index % 20 === 19) await acceptAll(ids);
    }
    await expect(acceptAll(ids)).rejects.toMatchObject({
      name: 'ActiveVpcPeeringConnectionPerVpcLimitExceeded',
    });
    expect(ids).toEqual([]);

    /** Leaves them provisioning. */
    async function acceptAll(waiting: string[]): Promise<void> {
      await test.advance(60);
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        await test.ec2().acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
      }
    }
  });

  it('B-027 no limit with the quotas off', async () => {
    const test = await testCloud({ quotas: false });
    const hub = await addVpc(test.cloud, SCOPE);
    const [requester, accepter] = [test.ec2(), test.ec2(OTHER_ACCOUNT)];
    for (let index = 0; index <= 50; index++) {
      const blocks = [`10.${index + 1}.0.0/16`];
      const peerVpc = await addVpc(test.cloud, OTHER_SCOPE, { blocks });
      await peer({ requester, accepter, vpc: hub, peerVpc });
    }
    const { VpcPeeringConnections } = await requester.describeVpcPeeringConnections({
      Filters: [{ Name: 'status-code', Values: ['active'] }],
    });
    expect(VpcPeeringConnections).toHaveLength(51);
  });

  it('DryRun leaves the request waiting', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const VpcPeeringConnectionId = await requestPeering(pair);
    const ids = { VpcPeeringConnectionId, DryRun: true };
    const name = 'DryRunOperation';
    await expect(pair.accepter.acceptVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
    await expect(pair.accepter.rejectVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
    await expect(pair.requester.deleteVpcPeeringConnection(ids)).rejects.toMatchObject({ name });
    expect(await statusOf(pair.requester, VpcPeeringConnectionId)).toBe('pending-acceptance');
  });
});

describe('RejectVpcPeeringConnection', () => {
  it('B-002 B-012 the request is rejected', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    const answer = await pair.accepter.rejectVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(answer.Return).toBe(true);
    for (const client of [pair.requester, pair.accepter]) {
      expect((await lookAt(client, id)).Status).toEqual({
        Code: 'rejected',
        Message: `Rejected by ${OTHER_ACCOUNT}`,
      });
    }
  });
});
