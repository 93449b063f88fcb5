import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, REGION, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  defaultTable,
  lookAtPeering,
  makeTable,
  makeTransitGateway,
  peerGateways,
  requestTransitPeering,
  routesOf,
} from '../../../../test/support/transit-fixture.ts';
import type { PeeringAttachment } from '../../../model/transit-gateway/attachment.ts';

const FAR = 'us-west-2';
const HOUR = 3_600_000;
const UNSEEN = 'InvalidTransitGatewayAttachmentID.NotFound';

/** Gateways of two owners, and a request from the first to the second. */
async function request(peer = { account: OTHER_ACCOUNT, region: FAR }) {
  const test = await testCloud({ transitions: 'fast' });
  const requester = test.ec2();
  const accepter = test.ec2(peer.account, peer.region);
  const gateway = await makeTransitGateway(requester);
  const peerGateway = await makeTransitGateway(accepter);
  await test.advance(50);
  const id = await requestTransitPeering(requester, gateway, peerGateway, peer);
  return { ...test, requester, accepter, gateway, peerGateway, id, peer };
}

const states = (clients: Parameters<typeof lookAtPeering>[0][], id: string) =>
  Promise.all(clients.map(async (client) => (await lookAtPeering(client, id)).State));

describe('CreateTransitGatewayPeeringAttachment', () => {
  it('C-014 requests of others fill no more than the quota, and the last ones fail', async () => {
    const { ec2, cloud } = await testCloud();
    const peerGateway = await makeTransitGateway(ec2());
    const owners = ['333333333333', '444444444444', '555555555555'];
    for (const owner of owners) {
      for (let index = 0; index < 5; index++) {
        const own = await makeTransitGateway(ec2(owner));
        const peer = { account: ACCOUNT, region: REGION };
        await requestTransitPeering(ec2(owner), own, peerGateway, peer);
      }
    }
    const states = [...cloud.model.all('transit-gateway-attachment')].map(({ state }) => state);
    expect(states.filter((state) => state === 'pendingAcceptance')).toHaveLength(10);
    expect(states.filter((state) => state === 'failed')).toHaveLength(5);
  });

  it.each([
    ['another account and Region', { account: OTHER_ACCOUNT, region: FAR }],
    ['another account', { account: OTHER_ACCOUNT, region: REGION }],
    ['another Region', { account: ACCOUNT, region: FAR }],
  ])('C-082 C-085 C-138 waits for its accepter, under one id: %s', async (_what, peer) => {
    const { requester, accepter, id, gateway, peerGateway, advance } = await request(peer);
    expect(await lookAtPeering(requester, id)).toEqual({
      TransitGatewayAttachmentId: id,
      AccepterTransitGatewayAttachmentId: id,
      State: 'initiatingRequest',
      RequesterTgwInfo: { TransitGatewayId: gateway, OwnerId: ACCOUNT, Region: REGION },
      AccepterTgwInfo: {
        TransitGatewayId: peerGateway,
        OwnerId: peer.account,
        Region: peer.region,
      },
      Options: { DynamicRouting: 'disable' },
      CreationTime: expect.any(Date),
      Tags: [],
    });
    await expectError(lookAtPeering(accepter, id), UNSEEN);
    expect(
      (await accepter.describeTransitGatewayPeeringAttachments({}))
        .TransitGatewayPeeringAttachments,
    ).toEqual([]);
    await advance(50);
    expect(await states([requester, accepter], id)).toEqual([
      'pendingAcceptance',
      'pendingAcceptance',
    ]);
    await advance(HOUR);
    expect((await lookAtPeering(requester, id)).State).toBe('pendingAcceptance');
  });

  it('C-082 in one account and Region it takes an accept, too', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const id = await makeTransitGateway(client);
    const peering = await requestTransitPeering(client, id, await makeTransitGateway(client));
    expect((await lookAtPeering(client, peering)).State).toBe('pendingAcceptance');
    await client.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: peering });
    expect((await lookAtPeering(client, peering)).State).toBe('available');
  });

  it('C-088 keeps what is asked of dynamic routing', async () => {
    const { ec2 } = await testCloud();
    const { TransitGatewayPeeringAttachment } = await ec2().createTransitGatewayPeeringAttachment({
      TransitGatewayId: await makeTransitGateway(ec2()),
      PeerTransitGatewayId: await makeTransitGateway(ec2()),
      PeerAccountId: ACCOUNT,
      PeerRegion: REGION,
      Options: { DynamicRouting: 'enable' },
      TagSpecifications: [
        { ResourceType: 'transit-gateway-attachment', Tags: [{ Key: 'Name', Value: 'p' }] },
      ],
    });
    expect(TransitGatewayPeeringAttachment).toMatchObject({
      Options: { DynamicRouting: 'enable' },
      Tags: [{ Key: 'Name', Value: 'p' }],
    });
  });

  it.each([
    ['a gateway of nobody', { gateway: 'tgw-0123456789abcdef0' }],
    ['the wrong account', { account: '333333333333' }],
    ['the wrong Region', { region: 'eu-west-1' }],
  ])('C-082 fails in time, and only its requester sees it: %s', async (_what, wrong) => {
    const { requester, accepter, gateway, peer, advance, ec2 } = await request();
    const own = await makeTransitGateway(accepter);
    await advance(50);
    const { gateway: named = own, ...place } = wrong as { gateway?: string };
    const id = await requestTransitPeering(requester, gateway, named, { ...peer, ...place });
    await advance(50);
    expect(await states([requester], id)).toEqual(['failing']);
    await advance(50);
    expect(await states([requester], id)).toEqual(['failed']);
    for (const client of [accepter, ec2('333333333333', FAR), ec2(OTHER_ACCOUNT, 'eu-west-1')]) {
      await expectError(lookAtPeering(client, id), UNSEEN);
    }
    const remove = requester.deleteTransitGatewayPeeringAttachment({
      TransitGatewayAttachmentId: id,
    });
    await expectError(remove, 'IncorrectState');
    await advance(2 * HOUR);
    await expectError(lookAtPeering(requester, id), UNSEEN);
  });

  it('C-082 a request that names a stranger’s gateway is nothing to its owner', async () => {
    const { requester, accepter, gateway, advance } = await request();
    const peerGateway = await makeTransitGateway(accepter);
    await advance(50);
    const place = { account: '333333333333', region: FAR };
    const third = await makeTransitGateway(requester);
    await advance(50);
    await requestTransitPeering(requester, third, peerGateway, place);
    await accepter.deleteTransitGateway({ TransitGatewayId: peerGateway });
    expect(gateway).not.toBe(third);
  });

  it('C-085 peers two gateways once, whoever asks', async () => {
    const { requester, accepter, gateway, peerGateway, peer, id, advance } = await request();
    const again = () => requestTransitPeering(requester, gateway, peerGateway, peer);
    await expectError(again(), 'DuplicateTransitGatewayAttachment');
    await advance(50);
    const back = () => requestTransitPeering(accepter, peerGateway, gateway);
    await expectError(back(), 'DuplicateTransitGatewayAttachment');
    await requester.deleteTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: id });
    await advance(50);
    expect(await again()).not.toBe(id);
  });

  it('C-085 of two requests that cross, the second fails', async () => {
    const { requester, accepter, gateway, peerGateway, id, advance } = await request();
    const other = await requestTransitPeering(accepter, peerGateway, gateway);
    await advance(50);
    const all = await Promise.all([states([requester], id), states([accepter], other)]);
    expect(all.flat().sort()).toEqual(['failing', 'pendingAcceptance']);
  });

  it.each([
    ['pendingAcceptance', 10, /10 pending peering attachments/],
    ['available', 50, /50 peering attachments/],
  ] as const)('C-014 C-085 of peerings that are %s there are %d', async (state, most, message) => {
    const { ec2, cloud } = await testCloud();
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    const peer = await makeTransitGateway(client);
    const last = await requestTransitPeering(client, gateway, peer);
    await cloud.execute((tx) => {
      const sample = tx.get('transit-gateway-attachment', last) as PeeringAttachment;
      tx.delete('transit-gateway-attachment', last);
      for (let count = 0; count < most; count++) {
        const id = tx.newId('transit-gateway-attachment');
        const accepter = { ...sample.accepter, transitGatewayId: `tgw-${count}` };
        tx.put('transit-gateway-attachment', { ...sample, id, state, accepter });
      }
    });
    const call = requestTransitPeering(client, gateway, peer);
    await expectError(call, 'TransitGatewayAttachmentLimitExceeded', message);
  });

  it('C-013 needs the caller’s own gateway, available, and another', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    const peer = await makeTransitGateway(client);
    await expectError(requestTransitPeering(client, gateway, peer), 'IncorrectState');
    await advance(50);
    const unknown = 'tgw-0123456789abcdef0';
    const call = (from: string, to: string, place = {}) =>
      requestTransitPeering(client, from, to, place);
    await expectError(call(unknown, peer), 'InvalidTransitGatewayID.NotFound');
    await expectError(call('tgw', peer), 'InvalidTransitGatewayID.Malformed');
    await expectError(call(gateway, 'tgw'), 'InvalidTransitGatewayID.Malformed');
    await expectError(call(gateway, gateway), 'InvalidParameterValue');
    await expectError(call(gateway, peer, { account: 'me' }), 'InvalidParameterValue');
    await expectError(call(gateway, peer, { region: 'mars' }), 'InvalidParameterValue');
    const stranger = requestTransitPeering(ec2(OTHER_ACCOUNT), gateway, peer);
    await expectError(stranger, 'InvalidTransitGatewayID.NotFound');
  });
});

describe('an answer to a peering request', () => {
  it('C-084 accepted, it is pending and then available', async () => {
    const { requester, accepter, id, advance } = await request();
    await advance(50);
    const accepted = await accepter.acceptTransitGatewayPeeringAttachment({
      TransitGatewayAttachmentId: id,
    });
    expect(accepted.TransitGatewayPeeringAttachment!.State).toBe('pending');
    await advance(50);
    expect(await states([requester, accepter], id)).toEqual(['available', 'available']);
  });

  it('C-084 rejected, it is rejecting and then rejected, shown for two hours', async () => {
    const { requester, accepter, id, advance } = await request();
    await advance(50);
    const rejected = await accepter.rejectTransitGatewayPeeringAttachment({
      TransitGatewayAttachmentId: id,
    });
    expect(rejected.TransitGatewayPeeringAttachment!.State).toBe('rejecting');
    await advance(50);
    expect(await states([requester, accepter], id)).toEqual(['rejected', 'rejected']);
    await advance(2 * HOUR);
    await expectError(lookAtPeering(requester, id), UNSEEN);
  });

  it('C-083 the requester does not give it', async () => {
    const { requester, id, advance } = await request();
    const ids = { TransitGatewayAttachmentId: id };
    await advance(50);
    await expectError(
      requester.acceptTransitGatewayPeeringAttachment(ids),
      'InvalidParameterValue',
      `Cannot accept ${id} as the source of the peering request.`,
    );
    await expectError(
      requester.rejectTransitGatewayPeeringAttachment(ids),
      'InvalidParameterValue',
      `Cannot reject ${id} as the source of the peering request.`,
    );
    expect((await lookAtPeering(requester, id)).State).toBe('pendingAcceptance');
  });

  it('C-082 it is given in the accepter’s Region, by the accepter', async () => {
    const { ec2, id, advance } = await request();
    const ids = { TransitGatewayAttachmentId: id };
    await expectError(ec2(OTHER_ACCOUNT, FAR).acceptTransitGatewayPeeringAttachment(ids), UNSEEN);
    await advance(50);
    for (const client of [ec2(OTHER_ACCOUNT), ec2('333333333333', FAR), ec2(ACCOUNT, FAR)]) {
      await expectError(client.acceptTransitGatewayPeeringAttachment(ids), UNSEEN);
      await expectError(client.rejectTransitGatewayPeeringAttachment(ids), UNSEEN);
    }
  });

  it('C-084 it is given once', async () => {
    const { accepter, id, advance } = await request();
    const ids = { TransitGatewayAttachmentId: id };
    await advance(50);
    await accepter.acceptTransitGatewayPeeringAttachment(ids);
    for (const millis of [0, 50]) {
      await advance(millis);
      await expectError(accepter.acceptTransitGatewayPeeringAttachment(ids), 'IncorrectState');
      await expectError(accepter.rejectTransitGatewayPeeringAttachment(ids), 'IncorrectState');
    }
  });
});

describe('DeleteTransitGatewayPeeringAttachment', () => {
  it.each(['requester', 'accepter'] as const)('C-084 by the %s', async (party) => {
    const scene = await request();
    const ids = { TransitGatewayAttachmentId: scene.id };
    await scene.advance(50);
    await scene.accepter.acceptTransitGatewayPeeringAttachment(ids);
    await scene.advance(50);
    const deleted = await scene[party].deleteTransitGatewayPeeringAttachment(ids);
    expect(deleted.TransitGatewayPeeringAttachment!.State).toBe('deleting');
    await scene.advance(50);
    const { requester, accepter } = scene;
    expect(await states([requester, accepter], scene.id)).toEqual(['deleted', 'deleted']);
    await expectError(requester.deleteTransitGatewayPeeringAttachment(ids), 'IncorrectState');
    await scene.advance(2 * HOUR);
    await expectError(lookAtPeering(accepter, scene.id), UNSEEN);
  });

  it.each(['requester', 'accepter'] as const)('C-084 while it waits, by the %s', async (party) => {
    const scene = await request();
    const ids = { TransitGatewayAttachmentId: scene.id };
    await expectError(scene.requester.deleteTransitGatewayPeeringAttachment(ids), 'IncorrectState');
    await scene.advance(50);
    await scene[party].deleteTransitGatewayPeeringAttachment(ids);
    await expectError(scene.accepter.acceptTransitGatewayPeeringAttachment(ids), 'IncorrectState');
  });

  it('C-030 a VPC’s attachment is no peering, and the other way round', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const peering = await peerGateways(
      client,
      await makeTransitGateway(client),
      await makeTransitGateway(client),
    );
    const ids = { TransitGatewayAttachmentId: peering };
    await expectError(client.deleteTransitGatewayVpcAttachment(ids), UNSEEN);
    await expectError(client.acceptTransitGatewayVpcAttachment(ids), UNSEEN);
    const found = await client.describeTransitGatewayVpcAttachments({});
    expect(found.TransitGatewayVpcAttachments).toEqual([]);
  });
});

describe('routes over a peering', () => {
  it('C-086 are static, on both sides', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const [one, two] = [await makeTransitGateway(client), await makeTransitGateway(client)];
    const peering = await peerGateways(client, one, two);
    for (const [gateway, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const TransitGatewayRouteTableId = await defaultTable(client, gateway);
      expect(await routesOf(client, TransitGatewayRouteTableId)).toEqual([]);
      const { Route } = await client.createTransitGatewayRoute({
        TransitGatewayRouteTableId,
        TransitGatewayAttachmentId: peering,
        DestinationCidrBlock: '10.0.0.0/8',
      });
      expect(Route).toEqual({
        DestinationCidrBlock: '10.0.0.0/8',
        TransitGatewayAttachments: [
          { TransitGatewayAttachmentId: peering, ResourceId: other, ResourceType: 'peering' },
        ],
        Type: 'static',
        State: 'active',
      });
    }
  });

  it('C-061 C-086 are propagated by neither side', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    const peering = await peerGateways(client, gateway, await makeTransitGateway(client));
    const call = client.enableTransitGatewayRouteTablePropagation({
      TransitGatewayRouteTableId: await makeTable(client, gateway),
      TransitGatewayAttachmentId: peering,
    });
    await expectError(call, 'UnsupportedOperation');
    const { TransitGatewayAttachmentPropagations } =
      await client.getTransitGatewayAttachmentPropagations({ TransitGatewayAttachmentId: peering });
    expect(TransitGatewayAttachmentPropagations).toEqual([]);
  });

  it('C-055 it is associated with the default table of each gateway', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const one = await makeTransitGateway(client);
    const two = await makeTransitGateway(client, { DefaultRouteTableAssociation: 'disable' });
    const peering = await peerGateways(client, one, two);
    const associations = async (TransitGatewayRouteTableId: string) =>
      (await client.getTransitGatewayRouteTableAssociations({ TransitGatewayRouteTableId }))
        .Associations;
    expect(await associations(await defaultTable(client, one))).toEqual([
      {
        TransitGatewayAttachmentId: peering,
        ResourceId: two,
        ResourceType: 'peering',
        State: 'associated',
      },
    ]);
    const table = await makeTable(client, two);
    expect(await associations(table)).toEqual([]);
    await client.associateTransitGatewayRouteTable({
      TransitGatewayRouteTableId: table,
      TransitGatewayAttachmentId: peering,
    });
    expect(await associations(table)).toMatchObject([{ ResourceId: one, State: 'associated' }]);
  });
});

describe('DescribeTransitGatewayPeeringAttachments', () => {
  it('G-037 filters by what is local and what is remote', async () => {
    const { requester, accepter, gateway, peerGateway, id, advance } = await request();
    await advance(50);
    const find = async (client: typeof requester, Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const found = await client.describeTransitGatewayPeeringAttachments({ Filters });
      return found.TransitGatewayPeeringAttachments!.map((one) => one.TransitGatewayAttachmentId);
    };
    expect(await find(requester, 'local-owner-id', ACCOUNT)).toEqual([id]);
    expect(await find(requester, 'remote-owner-id', OTHER_ACCOUNT)).toEqual([id]);
    expect(await find(accepter, 'local-owner-id', OTHER_ACCOUNT)).toEqual([id]);
    expect(await find(accepter, 'remote-owner-id', ACCOUNT)).toEqual([id]);
    expect(await find(requester, 'transit-gateway-id', gateway)).toEqual([id]);
    expect(await find(requester, 'transit-gateway-id', peerGateway)).toEqual([]);
    expect(await find(accepter, 'transit-gateway-id', peerGateway)).toEqual([id]);
    expect(await find(accepter, 'state', 'pendingAcceptance')).toEqual([id]);
    expect(await find(accepter, 'transit-gateway-attachment-id', id)).toEqual([id]);
    const Tags = [{ Key: 'Name', Value: 'far' }];
    await accepter.createTags({ Resources: [id], Tags });
    expect(await find(accepter, 'tag:Name', 'far')).toEqual([id]);
    expect(await find(requester, 'tag:Name', 'far')).toEqual([]);
  });
});
