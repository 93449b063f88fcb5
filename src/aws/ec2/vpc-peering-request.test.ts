import { describe, expect, it } from 'vitest';
import {
  addVpc,
  DAY,
  FAR_SCOPE,
  lookAt,
  OTHER_SCOPE,
  peer,
  requestPeering,
  statusOf,
  vpcPair,
} from '../../../test/support/peering-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';

const FAILED = 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range';
const UNKNOWN_VPC = 'vpc-0123456789abcdef0';

describe('CreateVpcPeeringConnection', () => {
  it('B-001 G-046 answers initiating-request, which becomes pending-acceptance', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const { requester, accepter, vpc, peerVpc } = await vpcPair(test);
    const { VpcPeeringConnection } = await requester.createVpcPeeringConnection({
      VpcId: vpc.id,
      PeerVpcId: peerVpc.id,
      PeerOwnerId: OTHER_ACCOUNT,
    });
    const id = VpcPeeringConnection!.VpcPeeringConnectionId!;
    expect(id).toMatch(/^pcx-[0-9a-f]{17}$/);
    expect(VpcPeeringConnection).toMatchObject({
      Status: { Code: 'initiating-request', Message: `Initiating Request to ${OTHER_ACCOUNT}` },
      RequesterVpcInfo: { OwnerId: ACCOUNT, VpcId: vpc.id, Region: 'us-east-1' },
      AccepterVpcInfo: { OwnerId: OTHER_ACCOUNT, VpcId: peerVpc.id, Region: 'us-east-1' },
    });
    await expect(lookAt(accepter, id)).rejects.toMatchObject({
      name: 'InvalidVpcPeeringConnectionID.NotFound',
    });
    await test.advance(500);
    expect((await lookAt(accepter, id)).Status).toEqual({
      Code: 'pending-acceptance',
      Message: `Pending Acceptance by ${OTHER_ACCOUNT}`,
    });
  });

  it('B-007 a request shows when it expires: 168 hours after its creation', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const created = test.cloud.now();
    const id = await requestPeering(pair);
    const { ExpirationTime } = await lookAt(pair.accepter, id);
    expect(ExpirationTime?.getTime()).toBe(created + 168 * 3_600_000);
    await test.advance(7 * DAY - 1);
    expect(await statusOf(pair.requester, id)).toBe('pending-acceptance');
    await test.advance(1);
    expect(await statusOf(pair.requester, id)).toBe('expired');
    expect(await statusOf(pair.accepter, id)).toBe('expired');
  });

  it('B-007 what was accepted does not expire', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await peer(pair);
    expect((await lookAt(pair.requester, id)).ExpirationTime).toBeUndefined();
    await test.advance(400 * DAY);
    expect(await statusOf(pair.accepter, id)).toBe('active');
  });

  it('G-049 both sides see one id', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    for (const client of [pair.requester, pair.accepter]) {
      const { VpcPeeringConnections } = await client.describeVpcPeeringConnections({});
      expect(VpcPeeringConnections?.map((one) => one.VpcPeeringConnectionId)).toEqual([id]);
    }
  });

  it('B-023 the peer is of the caller’s account and Region unless the request says so', async () => {
    const test = await testCloud();
    const vpc = await addVpc(test.cloud, SCOPE);
    const near = await addVpc(test.cloud, SCOPE, { blocks: ['10.1.0.0/16'] });
    const far = await addVpc(test.cloud, FAR_SCOPE, { blocks: ['10.2.0.0/16'] });
    const statuses = [];
    for (const request of [
      { PeerVpcId: near.id },
      { PeerVpcId: far.id },
      { PeerVpcId: far.id, PeerRegion: far.region },
    ]) {
      const created = await test.ec2().createVpcPeeringConnection({ VpcId: vpc.id, ...request });
      const id = created.VpcPeeringConnection!.VpcPeeringConnectionId!;
      const { Status, AccepterVpcInfo } = await lookAt(test.ec2(), id);
      expect(AccepterVpcInfo?.OwnerId).toBe(ACCOUNT);
      statuses.push([AccepterVpcInfo?.Region, Status?.Code]);
    }
    expect(statuses).toEqual([
      ['us-east-1', 'pending-acceptance'],
      ['us-east-1', 'failed'],
      ['us-west-2', 'pending-acceptance'],
    ]);
  });

  it('B-054 DNS options are off at first', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const record = await lookAt(pair.requester, await peer(pair));
    for (const side of [record.RequesterVpcInfo, record.AccepterVpcInfo]) {
      expect(side?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc).toBe(false);
    }
  });

  it('DryRun makes nothing', async () => {
    const test = await testCloud();
    const { requester, vpc, peerVpc } = await vpcPair(test);
    const request = { VpcId: vpc.id, PeerVpcId: peerVpc.id, DryRun: true };
    await expect(requester.createVpcPeeringConnection(request)).rejects.toMatchObject({
      name: 'DryRunOperation',
    });
    const { VpcPeeringConnections } = await requester.describeVpcPeeringConnections({});
    expect(VpcPeeringConnections).toEqual([]);
  });
});

describe('a request that fails', () => {
  /** Asks, expecting the call itself to succeed; how the connection ends. */
  async function outcome(
    test: Awaited<ReturnType<typeof testCloud>>,
    request: { VpcId: string; PeerVpcId: string; PeerOwnerId?: string; PeerRegion?: string },
  ) {
    const { VpcPeeringConnection } = await test.ec2().createVpcPeeringConnection(request);
    expect(VpcPeeringConnection?.Status?.Code).toBe('initiating-request');
    return (await lookAt(test.ec2(), VpcPeeringConnection!.VpcPeeringConnectionId!)).Status;
  }

  it('B-022 for a wrong VPC, account or Region, or an overlap: one message for all', async () => {
    const test = await testCloud();
    const { vpc, peerVpc } = await vpcPair(test);
    const twin = await addVpc(test.cloud, OTHER_SCOPE, { blocks: ['10.0.128.0/20'] });
    const VpcId = vpc.id;
    const far = { PeerOwnerId: OTHER_ACCOUNT, PeerRegion: 'eu-west-1' };
    for (const request of [
      { VpcId, PeerVpcId: UNKNOWN_VPC, PeerOwnerId: OTHER_ACCOUNT },
      { VpcId, PeerVpcId: peerVpc.id, PeerOwnerId: '333333333333' },
      { VpcId, PeerVpcId: peerVpc.id, ...far },
      { VpcId, PeerVpcId: twin.id, PeerOwnerId: OTHER_ACCOUNT },
    ]) {
      expect(await outcome(test, request)).toEqual({ Code: 'failed', Message: FAILED });
    }
  });

  it('B-026 a VPC cannot be its own peer', async () => {
    const test = await testCloud();
    const { vpc } = await vpcPair(test);
    const status = await outcome(test, { VpcId: vpc.id, PeerVpcId: vpc.id });
    expect(status).toEqual({ Code: 'failed', Message: FAILED });
  });

  it.each([
    ['equal', ['10.0.0.0/16'], ['10.0.0.0/16']],
    ['inside', ['10.0.0.0/16'], ['10.0.5.0/24']],
    ['around', ['10.0.5.0/24'], ['10.0.0.0/16']],
    ['secondaries', ['10.0.0.0/16', '100.64.0.0/20'], ['10.9.0.0/16', '100.64.8.0/24']],
  ])('B-031 IPv4 blocks that overlap: %s', async (_title, blocks, peerBlocks) => {
    const test = await testCloud();
    const vpc = await addVpc(test.cloud, SCOPE, { blocks });
    const peerVpc = await addVpc(test.cloud, OTHER_SCOPE, { blocks: peerBlocks });
    const status = await outcome(test, {
      VpcId: vpc.id,
      PeerVpcId: peerVpc.id,
      PeerOwnerId: OTHER_ACCOUNT,
    });
    expect(status?.Code).toBe('failed');
  });

  it('B-031 the overlap counts even if only IPv6 would be used', async () => {
    const test = await testCloud();
    const vpc = await addVpc(test.cloud, SCOPE, { ipv6Blocks: ['2600:1f00::/56'] });
    const twin = await addVpc(test.cloud, SCOPE, { ipv6Blocks: ['2600:1f00:1::/56'] });
    const status = await outcome(test, { VpcId: vpc.id, PeerVpcId: twin.id });
    expect(status?.Code).toBe('failed');
  });

  it('B-032 IPv6 blocks that overlap', async () => {
    const test = await testCloud();
    const ipv6Blocks = ['2600:1f00:1:100::/56'];
    const vpc = await addVpc(test.cloud, SCOPE, { ipv6Blocks });
    const peerVpc = await addVpc(test.cloud, SCOPE, { blocks: ['10.1.0.0/16'], ipv6Blocks });
    const status = await outcome(test, { VpcId: vpc.id, PeerVpcId: peerVpc.id });
    expect(status?.Code).toBe('failed');
  });

  it('B-036 two peers of one VPC may overlap each other', async () => {
    const test = await testCloud();
    const hub = await addVpc(test.cloud, SCOPE);
    for (const scope of [OTHER_SCOPE, FAR_SCOPE]) {
      const spoke = await addVpc(test.cloud, scope, { blocks: ['10.1.0.0/16'] });
      const pair = {
        requester: test.ec2(),
        accepter: test.ec2(scope.account, scope.region),
        vpc: hub,
        peerVpc: spoke,
      };
      expect(await statusOf(test.ec2(), await peer(pair))).toBe('active');
    }
  });
});

describe('errors of CreateVpcPeeringConnection', () => {
  it('B-021 the requester VPC must be the caller’s own, here', async () => {
    const test = await testCloud();
    const { requester, peerVpc } = await vpcPair(test);
    const far = await addVpc(test.cloud, FAR_SCOPE, { blocks: ['10.7.0.0/16'] });
    for (const VpcId of [UNKNOWN_VPC, peerVpc.id, far.id]) {
      const call = requester.createVpcPeeringConnection({ VpcId, PeerVpcId: peerVpc.id });
      await expect(call).rejects.toMatchObject({
        name: 'InvalidVpcID.NotFound',
        message: `The vpc ID '${VpcId}' does not exist`,
      });
    }
  });

  it('B-017 an inter-Region request is made in the requester’s Region', async () => {
    const test = await testCloud();
    const { accepter, vpc, peerVpc } = await vpcPair(test, FAR_SCOPE);
    const call = accepter.createVpcPeeringConnection({
      VpcId: vpc.id,
      PeerVpcId: peerVpc.id,
      PeerRegion: peerVpc.region,
    });
    await expect(call).rejects.toMatchObject({ name: 'InvalidVpcID.NotFound' });
  });

  it.each([
    ['MissingParameter', { VpcId: undefined }],
    ['MissingParameter', { PeerVpcId: undefined }],
    ['InvalidVpcID.Malformed', { VpcId: 'vpc-X' }],
    ['InvalidVpcID.Malformed', { PeerVpcId: 'vpc-X' }],
    ['InvalidParameterValue', { PeerOwnerId: 'me' }],
    ['InvalidParameterValue', { PeerRegion: 'us-east-9' }],
    [
      'InvalidParameterValue',
      { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }] },
    ],
  ] as const)('B-021 %s for %j', async (name, members) => {
    const test = await testCloud();
    const { requester, vpc, peerVpc } = await vpcPair(test);
    const request = { VpcId: vpc.id, PeerVpcId: peerVpc.id, ...members };
    const call = requester.createVpcPeeringConnection(request as { VpcId: string });
    await expect(call).rejects.toMatchObject({ name });
  });

  it('B-024 one connection between two VPCs, whichever asks', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const back = {
      requester: pair.accepter,
      accepter: pair.requester,
      vpc: pair.peerVpc,
      peerVpc: pair.vpc,
    };
    const id = await requestPeering(pair);
    const error = {
      name: 'VpcPeeringConnectionAlreadyExists',
      message: `The vpc peering connection identified by ${id} already exists.`,
    };
    await expect(requestPeering(pair)).rejects.toMatchObject(error);
    await expect(requestPeering(back)).rejects.toMatchObject(error);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await expect(requestPeering(pair)).rejects.toMatchObject(error);
    await expect(requestPeering(back)).rejects.toMatchObject(error);
  });

  it('B-024 is no news of a VPC to someone who does not know whose it is', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    await requestPeering(pair);
    const { VpcPeeringConnection } = await pair.requester.createVpcPeeringConnection({
      VpcId: pair.vpc.id,
      PeerVpcId: pair.peerVpc.id,
      PeerOwnerId: '333333333333',
    });
    const id = VpcPeeringConnection!.VpcPeeringConnectionId!;
    expect(await statusOf(pair.requester, id)).toBe('failed');
  });

  it.each(['rejected', 'expired', 'deleted', 'failed'])('B-025 after %s a new id', async (end) => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    if (end === 'rejected') await pair.accepter.rejectVpcPeeringConnection(ids);
    if (end === 'expired') await test.advance(7 * DAY);
    if (end === 'deleted') await pair.requester.deleteVpcPeeringConnection(ids);
    if (end === 'failed') await failRequest(test.cloud, ids.VpcPeeringConnectionId);
    expect(await statusOf(pair.requester, ids.VpcPeeringConnectionId)).toBe(end);
    const next = await requestPeering(pair);
    expect(next).not.toBe(ids.VpcPeeringConnectionId);
    expect(await statusOf(pair.accepter, next)).toBe('pending-acceptance');
  });

  it('B-028 at most 25 requests wait for an answer', async () => {
    const test = await testCloud();
    const { requester, vpc } = await vpcPair(test);
    const ask = async (index: number) => {
      const block = `10.${index}.0.0/16`;
      const { id } = await addVpc(test.cloud, OTHER_SCOPE, { blocks: [block] });
      return requester.createVpcPeeringConnection({
        VpcId: vpc.id,
        PeerVpcId: id,
        PeerOwnerId: OTHER_ACCOUNT,
      });
    };
    const first = await ask(100);
    for (let index = 1; index < 25; index++) await ask(100 + index);
    await expect(ask(125)).rejects.toMatchObject({
      name: 'OutstandingVpcPeeringConnectionLimitExceeded',
    });
    const id = first.VpcPeeringConnection!.VpcPeeringConnectionId!;
    await requester.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect((await ask(126)).VpcPeeringConnection?.Status?.Code).toBe('initiating-request');
  });
});

it('B-028 requests of others do not count', async () => {
  const test = await testCloud();
  const { requester, accepter, vpc } = await vpcPair(test);
  for (let index = 0; index < 25; index++) {
    const blocks = [`10.${100 + index}.0.0/16`];
    const spoke = await addVpc(test.cloud, OTHER_SCOPE, { blocks });
    await requestPeering({ requester: accepter, accepter: requester, vpc: spoke, peerVpc: vpc });
  }
  const peerVpc = await addVpc(test.cloud, OTHER_SCOPE, { blocks: ['10.200.0.0/16'] });
  const id = await requestPeering({ requester, accepter, vpc, peerVpc });
  expect(await statusOf(accepter, id)).toBe('pending-acceptance');
});

/** As a block of the accepter's does (B-035). */
async function failRequest(
  cloud: Awaited<ReturnType<typeof testCloud>>['cloud'],
  id: string,
): Promise<void> {
  await cloud.execute((tx) => {
    const connection = tx.get('vpc-peering-connection', id)!;
    tx.update('vpc-peering-connection', connection, { status: 'failed', endedAt: tx.now });
  });
}
