import { describe, expect, it } from 'vitest';
import {
  addVpc,
  DAY,
  OTHER_SCOPE,
  peer,
  requestPeering,
  statusOf,
  vpcPair,
} from '../../../test/support/peering-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import { activePeeringBetween, peeringsOf } from '../../model/peering/peering-lookup.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import { parseCidr } from '../../net/cidr.ts';
import { onCidrAdded, onVpcDeleted } from './peering.ts';

type Test = Awaited<ReturnType<typeof testCloud>>;

const add = (test: Test, vpc: Vpc, block: string) =>
  test.cloud.execute((tx) => onCidrAdded(tx, vpc, parseCidr(block)!));
const remove = (test: Test, vpc: Vpc) =>
  test.cloud.execute((tx) => {
    onVpcDeleted(tx, vpc);
    tx.delete('vpc', vpc.id);
  });

describe('a block added to a peered VPC', () => {
  it('B-033 while active, by either side, unless it overlaps the peer', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await peer(pair);
    await add(test, pair.vpc, '10.2.0.0/16');
    await add(test, pair.peerVpc, '10.2.0.0/16');
    const refused = { code: 'CidrConflict', message: expect.stringContaining(id) };
    await expect(add(test, pair.vpc, '10.1.128.0/20')).rejects.toMatchObject(refused);
    await expect(add(test, pair.peerVpc, '10.0.0.0/15')).rejects.toMatchObject(refused);
    expect(await statusOf(pair.requester, id)).toBe('active');
  });

  it('B-033 counts IPv6 blocks too', async () => {
    const test = await testCloud();
    const pair = {
      requester: test.ec2(),
      accepter: test.ec2(OTHER_ACCOUNT),
      vpc: await addVpc(test.cloud, SCOPE, { ipv6Blocks: ['2600:1f00::/56'] }),
      peerVpc: await addVpc(test.cloud, OTHER_SCOPE, { blocks: ['10.1.0.0/16'] }),
    };
    await peer(pair);
    await expect(add(test, pair.peerVpc, '2600:1f00::/48')).rejects.toMatchObject({
      code: 'CidrConflict',
    });
    await add(test, pair.peerVpc, '2600:1f00:1::/56');
  });

  it('B-033 counts a block that is still associating, not one that is gone', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    await peer(pair);
    const peerVpc = await test.cloud.execute((tx) => {
      const extra = (text: string, state: 'associating' | 'disassociated') => ({
        associationId: tx.newId('vpc-cidr-association'),
        cidr: parseCidr(text) as Vpc['cidrs'][number]['cidr'],
        state,
      });
      return tx.update('vpc', pair.peerVpc, {
        cidrs: [
          ...pair.peerVpc.cidrs,
          extra('100.64.0.0/20', 'associating'),
          extra('100.65.0.0/20', 'disassociated'),
        ],
      });
    });
    expect(peerVpc.cidrs).toHaveLength(3);
    await expect(add(test, pair.vpc, '100.64.0.0/20')).rejects.toMatchObject({
      code: 'CidrConflict',
    });
    await add(test, pair.vpc, '100.65.0.0/20');
  });

  it('B-034 never by the requester while it waits', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await expect(add(test, pair.vpc, '192.168.0.0/16')).rejects.toMatchObject({
      code: 'OperationNotPermitted',
      message: expect.stringContaining(id),
    });
    await test.advance(7 * DAY);
    await add(test, pair.vpc, '192.168.0.0/16');
  });

  it('B-034 not before the request is delivered either; the accepter may', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test);
    await requestPeering(pair);
    await expect(add(test, pair.vpc, '192.168.0.0/16')).rejects.toMatchObject({
      code: 'OperationNotPermitted',
    });
    await add(test, pair.peerVpc, '192.168.0.0/16');
  });

  it('B-033 B-030 what is being provisioned counts as active', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await test.advance(60);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    expect(await statusOf(pair.requester, id)).toBe('provisioning');
    await expect(add(test, pair.peerVpc, '10.0.4.0/24')).rejects.toMatchObject({
      code: 'CidrConflict',
    });
    await expect(remove(test, pair.vpc)).rejects.toMatchObject({ code: 'DependencyViolation' });
  });

  it('B-035 by the accepter while it waits: an overlap fails the request', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await add(test, pair.peerVpc, '10.2.0.0/16');
    expect(await statusOf(pair.requester, id)).toBe('pending-acceptance');
    await add(test, pair.peerVpc, '10.0.4.0/24');
    expect(await statusOf(pair.requester, id)).toBe('failed');
    await test.advance(8 * DAY);
    expect(test.cloud.model.get('vpc-peering-connection', id)).toBeUndefined();
  });

  it('B-035 a refusal by one connection leaves the others as they were', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const pending = await requestPeering(pair);
    const third = await addVpc(test.cloud, SCOPE, { blocks: ['10.0.0.0/16'] });
    await peer({ ...pair, vpc: third });
    await expect(add(test, pair.peerVpc, '10.0.4.0/24')).rejects.toMatchObject({
      code: 'CidrConflict',
    });
    expect(await statusOf(pair.requester, pending)).toBe('pending-acceptance');
  });
});

describe('a VPC that is deleted', () => {
  it('B-029 another account’s request holds it until it is rejected', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await expect(remove(test, pair.peerVpc)).rejects.toMatchObject({
      code: 'DependencyViolation',
      message: `The vpc '${pair.peerVpc.id}' has dependencies and cannot be deleted.`,
    });
    await pair.accepter.rejectVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await remove(test, pair.peerVpc);
  });

  it.each(['requester', 'accepter'])('B-029 one’s own request goes with it: %s', async (end) => {
    const test = await testCloud();
    const pair = await vpcPair(test, SCOPE);
    const id = await requestPeering(pair);
    await remove(test, end === 'requester' ? pair.vpc : pair.peerVpc);
    expect(await statusOf(pair.requester, id)).toBe('deleted');
  });

  it('B-029 the requester’s VPC takes its request to another account along', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await remove(test, pair.vpc);
    const { status, deletedBy } = test.cloud.model.get('vpc-peering-connection', id)!;
    expect([status, deletedBy]).toEqual(['deleted', ACCOUNT]);
    expect(await statusOf(pair.accepter, id)).toBe('deleted');
  });

  it('B-030 an active connection holds both VPCs', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await peer(pair);
    for (const vpc of [pair.vpc, pair.peerVpc]) {
      await expect(remove(test, vpc)).rejects.toMatchObject({ code: 'DependencyViolation' });
    }
    await pair.accepter.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
    await remove(test, pair.vpc);
    await remove(test, pair.peerVpc);
  });

  it('B-022 a request on its way to a VPC that goes fails', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    await remove(test, pair.peerVpc);
    await test.advance(500);
    expect(await statusOf(pair.requester, id)).toBe('failed');
  });

  it('B-022 one who falsely names another’s VPC does not hold it', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await vpcPair(test);
    await pair.requester.createVpcPeeringConnection({
      VpcId: pair.vpc.id,
      PeerVpcId: pair.peerVpc.id,
      PeerOwnerId: '333333333333',
    });
    await add(test, pair.peerVpc, '10.0.4.0/24');
    await remove(test, pair.peerVpc);
  });
});

describe('look-ups', () => {
  it('finds the active connection between two VPCs, in either order', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const { model } = test.cloud;
    const [a, b] = [pair.vpc.id, pair.peerVpc.id];
    const rejected = await requestPeering(pair);
    expect(activePeeringBetween(model, a, b)).toBeUndefined();
    await pair.accepter.rejectVpcPeeringConnection({ VpcPeeringConnectionId: rejected });
    const active = await peer(pair);
    expect(activePeeringBetween(model, a, b)?.id).toBe(active);
    expect(activePeeringBetween(model, b, a)?.id).toBe(active);
    expect(activePeeringBetween(model, a, a)).toBeUndefined();
    expect(peeringsOf(model, b).map(({ id }) => id)).toEqual([rejected, active]);
    await pair.requester.deleteVpcPeeringConnection({ VpcPeeringConnectionId: active });
    expect(activePeeringBetween(model, a, b)).toBeUndefined();
  });
});
