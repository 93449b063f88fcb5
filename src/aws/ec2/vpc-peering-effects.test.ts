/** What a peering means for the resources of both VPCs, and they for it. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  DAY,
  expectUnseen,
  lookAt,
  type Pair,
  requestPeering,
  statusOf,
} from '../../../test/support/peering-fixture.ts';
import { OTHER_ACCOUNT, type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';

/** Two real VPCs of two accounts. */
async function realPair(test: TestCloud, account = OTHER_ACCOUNT): Promise<Pair> {
  const [requester, accepter] = [test.ec2(), test.ec2(account)];
  const create = async (client: EC2, CidrBlock: string) => {
    const options = { CidrBlock, AmazonProvidedIpv6CidrBlock: true };
    const { Vpc } = await client.createVpc(options);
    return test.cloud.model.get('vpc', Vpc!.VpcId!)!;
  };
  return {
    requester,
    accepter,
    vpc: await create(requester, '10.4.0.0/16'),
    peerVpc: await create(accepter, '10.5.0.0/16'),
  };
}

/** The main route table of a VPC, and its routes that are not local: destination and state. */
async function routesOf(client: EC2, vpcId: string) {
  const { RouteTables } = await client.describeRouteTables({
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
  });
  const [table] = RouteTables!;
  const routes = table!
    .Routes!.filter(({ GatewayId }) => GatewayId !== 'local')
    .map((route) => [
      route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock,
      route.VpcPeeringConnectionId,
      route.State,
    ]);
  return { RouteTableId: table!.RouteTableId!, routes };
}

describe('routes to a peering connection', () => {
  it('B-038 accepting installs none; each side adds its own', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const id = await requestPeering(pair);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    const { RouteTableId, routes } = await routesOf(pair.requester, pair.vpc.id);
    expect(routes).toEqual([]);
    await pair.requester.createRoute({
      RouteTableId,
      DestinationCidrBlock: '10.5.0.0/16',
      VpcPeeringConnectionId: id,
    });
    expect((await routesOf(pair.requester, pair.vpc.id)).routes).toHaveLength(1);
    expect((await routesOf(pair.accepter, pair.peerVpc.id)).routes).toEqual([]);
  });

  it('B-039 B-047 they name all or part of the peer, of both families', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const id = await requestPeering(pair);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    const { Ipv6CidrBlockSet } = (await lookAt(pair.requester, id)).AccepterVpcInfo!;
    const block = Ipv6CidrBlockSet![0]!.Ipv6CidrBlock!;
    const { RouteTableId } = await routesOf(pair.requester, pair.vpc.id);
    const destinations = [
      { DestinationCidrBlock: '10.5.0.0/16' },
      { DestinationCidrBlock: '10.5.0.7/32' },
      { DestinationIpv6CidrBlock: block },
      { DestinationIpv6CidrBlock: block.replace('/56', '/128') },
    ];
    for (const destination of destinations) {
      await pair.requester.createRoute({
        RouteTableId,
        ...destination,
        VpcPeeringConnectionId: id,
      });
    }
    const { routes } = await routesOf(pair.requester, pair.vpc.id);
    expect(routes.map(([, target, state]) => [target, state])).toEqual(
      destinations.map(() => [id, 'active']),
    );
  });

  it('B-045 B-046 blackhole before it is active and after it is deleted', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const pair = await realPair(test);
    const id = await requestPeering(pair);
    const ids = { VpcPeeringConnectionId: id };
    await test.advance(500);
    const sides = [
      [pair.requester, pair.vpc.id, '10.5.0.0/16'],
      [pair.accepter, pair.peerVpc.id, '10.4.0.0/16'],
    ] as const;
    for (const [client, vpcId, DestinationCidrBlock] of sides) {
      const { RouteTableId } = await routesOf(client, vpcId);
      await client.createRoute({ RouteTableId, DestinationCidrBlock, ...ids });
    }
    const expectState = async (state: string) => {
      for (const [client, vpcId, block] of sides) {
        expect((await routesOf(client, vpcId)).routes).toEqual([[block, id, state]]);
      }
    };
    await expectState('blackhole');
    await pair.accepter.acceptVpcPeeringConnection(ids);
    await expectState('blackhole');
    await test.advance(500);
    await expectState('active');
    await pair.accepter.deleteVpcPeeringConnection(ids);
    await expectState('blackhole');
    await test.advance(3 * DAY);
    await expectUnseen(pair.requester, id);
    await expectState('blackhole');
  });
});

describe('changes of a peered VPC', () => {
  it('B-033 AssociateVpcCidrBlock refuses what overlaps the peer', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const id = await requestPeering(pair);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    const add = (client: EC2, VpcId: string, CidrBlock: string) =>
      client.associateVpcCidrBlock({ VpcId, CidrBlock });
    await add(pair.requester, pair.vpc.id, '10.6.0.0/16');
    await expect(add(pair.accepter, pair.peerVpc.id, '10.6.1.0/24')).rejects.toMatchObject({
      name: 'CidrConflict',
    });
    expect((await lookAt(pair.accepter, id)).RequesterVpcInfo?.CidrBlockSet).toEqual([
      { CidrBlock: '10.4.0.0/16' },
      { CidrBlock: '10.6.0.0/16' },
    ]);
  });

  it('B-034 B-035 while pending: not by the requester; an overlap by the accepter fails it', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const id = await requestPeering(pair);
    const CidrBlock = '10.4.9.0/24';
    await expect(
      pair.requester.associateVpcCidrBlock({ VpcId: pair.vpc.id, CidrBlock: '10.6.0.0/16' }),
    ).rejects.toMatchObject({ name: 'OperationNotPermitted' });
    await pair.accepter.associateVpcCidrBlock({ VpcId: pair.peerVpc.id, CidrBlock });
    expect(await statusOf(pair.requester, id)).toBe('failed');
    await expectUnseen(pair.accepter, id);
  });

  it('B-060 a block that is taken away is the VPC’s no longer', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const { CidrBlockAssociation } = await pair.accepter.associateVpcCidrBlock({
      VpcId: pair.peerVpc.id,
      CidrBlock: '10.6.0.0/16',
    });
    const id = await requestPeering(pair);
    await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
    const { RouteTableId } = await routesOf(pair.requester, pair.vpc.id);
    await pair.requester.createRoute({
      RouteTableId,
      DestinationCidrBlock: '10.6.0.0/16',
      VpcPeeringConnectionId: id,
    });
    await pair.accepter.disassociateVpcCidrBlock({
      AssociationId: CidrBlockAssociation!.AssociationId!,
    });
    expect((await lookAt(pair.requester, id)).AccepterVpcInfo?.CidrBlockSet).toEqual([
      { CidrBlock: '10.5.0.0/16' },
    ]);
    const { routes } = await routesOf(pair.requester, pair.vpc.id);
    expect(routes).toEqual([['10.6.0.0/16', id, 'active']]);
  });

  it('B-029 DeleteVpc waits for the answer to another account’s request', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    const { id: VpcId } = pair.peerVpc;
    await expect(pair.accepter.deleteVpc({ VpcId })).rejects.toMatchObject({
      name: 'DependencyViolation',
    });
    await pair.accepter.rejectVpcPeeringConnection(ids);
    await pair.accepter.deleteVpc({ VpcId });
    expect(await statusOf(pair.requester, ids.VpcPeeringConnectionId)).toBe('rejected');
  });

  it('B-029 DeleteVpc takes the VPC’s own request along', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const id = await requestPeering(pair);
    await pair.requester.deleteVpc({ VpcId: pair.vpc.id });
    expect(await statusOf(pair.accepter, id)).toBe('deleted');
  });

  it('B-030 DeleteVpc is refused while the VPC is peered', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const ids = { VpcPeeringConnectionId: await requestPeering(pair) };
    await pair.accepter.acceptVpcPeeringConnection(ids);
    for (const [client, { id: VpcId }] of [
      [pair.requester, pair.vpc],
      [pair.accepter, pair.peerVpc],
    ] as const) {
      await expect(client.deleteVpc({ VpcId })).rejects.toMatchObject({
        name: 'DependencyViolation',
      });
    }
    expect(await statusOf(pair.requester, ids.VpcPeeringConnectionId)).toBe('active');
  });
});

describe('tags of a peering connection', () => {
  it('B-058 CreateTags by either side, for itself alone', async () => {
    const test = await testCloud();
    const pair = await realPair(test);
    const id = await requestPeering(pair);
    await pair.requester.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'ours' }] });
    await pair.accepter.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'theirs' }] });
    expect((await lookAt(pair.requester, id)).Tags).toEqual([{ Key: 'Name', Value: 'ours' }]);
    expect((await lookAt(pair.accepter, id)).Tags).toEqual([{ Key: 'Name', Value: 'theirs' }]);
    const stranger = test.ec2('333333333333');
    const call = stranger.createTags({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] });
    await expect(call).rejects.toMatchObject({ name: 'InvalidVpcPeeringConnectionID.NotFound' });
  });
});
