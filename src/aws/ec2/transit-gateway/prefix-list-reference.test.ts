import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { changeList, lookAtList, makeList } from '../../../../test/support/prefix-list-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  blocksIn,
  makeTable,
  makeTransitGateway,
  routesOf,
} from '../../../../test/support/transit-fixture.ts';

const UNKNOWN = 'pl-0123456789abcdef0';

/** An attached VPC, a table without routes, and a list of two blocks. */
async function setUp(transitions: 'fast' | 'instant' = 'instant') {
  const test = await testCloud({ transitions });
  const client = test.ec2();
  const gateway = await makeTransitGateway(client);
  const list = await makeList(client, ['192.168.0.0/16', '172.16.0.0/12']);
  await test.advance(50);
  const { attachmentId, vpcId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
  const table = await makeTable(client, gateway);
  await test.advance(50);
  const ids = { TransitGatewayRouteTableId: table, PrefixListId: list };
  const to = { ...ids, TransitGatewayAttachmentId: attachmentId };
  const find = async (Filters: { Name: string; Values: string[] }[] = []) => {
    const request = { TransitGatewayRouteTableId: table, Filters };
    const found = await client.getTransitGatewayPrefixListReferences(request);
    return found.TransitGatewayPrefixListReferences!;
  };
  return { ...test, client, gateway, table, list, attachmentId, vpcId, ids, to, find };
}

describe('a reference to a prefix list', () => {
  it('C-075 is pending, then available', async () => {
    const { client, to, ids, find, attachmentId, vpcId, advance, table } = await setUp('fast');
    const made = await client.createTransitGatewayPrefixListReference(to);
    const shown = {
      ...ids,
      PrefixListOwnerId: ACCOUNT,
      Blackhole: false,
      TransitGatewayAttachment: {
        TransitGatewayAttachmentId: attachmentId,
        ResourceId: vpcId,
        ResourceType: 'vpc',
      },
    };
    expect(made.TransitGatewayPrefixListReference).toEqual({ ...shown, State: 'pending' });
    expect(await blocksIn(client, table)).toEqual([]);
    await expectError(client.modifyTransitGatewayPrefixListReference(to), 'IncorrectState');
    await expectError(client.deleteTransitGatewayPrefixListReference(ids), 'IncorrectState');
    await advance(50);
    expect(await find()).toEqual([{ ...shown, State: 'available' }]);
    expect(await blocksIn(client, table)).toEqual(['172.16.0.0/12', '192.168.0.0/16']);
  });

  it('C-074 is a route for each entry, all to one attachment', async () => {
    const { client, to, table, list, attachmentId, vpcId } = await setUp();
    await client.createTransitGatewayPrefixListReference(to);
    expect(await routesOf(client, table)).toEqual(
      ['192.168.0.0/16', '172.16.0.0/12'].map((DestinationCidrBlock) => ({
        DestinationCidrBlock,
        PrefixListId: list,
        TransitGatewayAttachments: [
          {
            TransitGatewayAttachmentId: attachmentId,
            ResourceId: vpcId,
            ResourceType: 'vpc',
          },
        ],
        Type: 'propagated',
        State: 'active',
      })),
    );
  });

  it('C-074 or a black hole for each', async () => {
    const { client, ids, table, find } = await setUp();
    await client.createTransitGatewayPrefixListReference({ ...ids, Blackhole: true });
    const [reference] = await find();
    expect(reference).toMatchObject({ Blackhole: true });
    expect(reference!.TransitGatewayAttachment).toBeUndefined();
    const routes = await routesOf(client, table);
    expect(routes.map(({ State }) => State)).toEqual(['blackhole', 'blackhole']);
  });

  it('C-074 follows the list', async () => {
    const { client, to, table, list } = await setUp();
    await client.createTransitGatewayPrefixListReference(to);
    await changeList(client, list, { add: ['100.64.0.0/10'], remove: ['172.16.0.0/12'] });
    expect(await blocksIn(client, table)).toEqual(['100.64.0.0/10', '192.168.0.0/16']);
    const call = client.deleteTransitGatewayRoute({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '192.168.0.0/16',
    });
    await expectError(call, 'InvalidRoute.NotFound');
  });

  it('C-075 is modifying, then available, and leads elsewhere', async () => {
    const { client, to, ids, table, find, advance } = await setUp('fast');
    await client.createTransitGatewayPrefixListReference(to);
    await advance(50);
    const { TransitGatewayPrefixListReference } =
      await client.modifyTransitGatewayPrefixListReference({ ...ids, Blackhole: true });
    expect(TransitGatewayPrefixListReference).toMatchObject({
      State: 'modifying',
      Blackhole: true,
    });
    expect((await routesOf(client, table)).map(({ State }) => State)).toEqual([
      'blackhole',
      'blackhole',
    ]);
    await expectError(client.modifyTransitGatewayPrefixListReference(to), 'IncorrectState');
    await advance(50);
    expect(await find()).toMatchObject([{ State: 'available', Blackhole: true }]);
    await client.modifyTransitGatewayPrefixListReference(to);
    expect(await find()).toMatchObject([{ State: 'modifying', Blackhole: false }]);
  });

  it('C-075 is deleting, then gone', async () => {
    const { client, to, ids, table, find, advance } = await setUp('fast');
    await client.createTransitGatewayPrefixListReference(to);
    await advance(50);
    const gone = await client.deleteTransitGatewayPrefixListReference(ids);
    expect(gone.TransitGatewayPrefixListReference!.State).toBe('deleting');
    expect(await routesOf(client, table)).toEqual([]);
    await expectError(client.deleteTransitGatewayPrefixListReference(ids), 'IncorrectState');
    await advance(50);
    expect(await find()).toEqual([]);
    const call = client.deleteTransitGatewayPrefixListReference(ids);
    await expectError(call, 'InvalidPrefixListID.NotFound');
  });

  it('C-043 is a black hole when its attachment has ended', async () => {
    const { client, to, table, find } = await setUp();
    await client.createTransitGatewayPrefixListReference(to);
    await client.deleteTransitGatewayVpcAttachment(to);
    const routes = await routesOf(client, table);
    expect(routes.map(({ State }) => State)).toEqual(['blackhole', 'blackhole']);
    expect(await find()).toMatchObject([{ State: 'available', Blackhole: false }]);
  });

  it('C-074 is refused twice, and where something is missing', async () => {
    const { client, to, ids, table, ec2 } = await setUp();
    const create = (more: object) =>
      client.createTransitGatewayPrefixListReference({ ...to, ...more });
    await expectError(create({ PrefixListId: UNKNOWN }), 'InvalidPrefixListID.NotFound');
    await expectError(create({ PrefixListId: 'pl' }), 'InvalidPrefixListId.Malformed');
    await expectError(create({ Blackhole: true }), 'InvalidParameterCombination');
    await expectError(client.createTransitGatewayPrefixListReference(ids), 'MissingParameter');
    const unknown = { TransitGatewayAttachmentId: 'tgw-attach-0123456789abcdef0' };
    await expectError(create(unknown), 'InvalidTransitGatewayAttachmentID.NotFound');
    const stranger = ec2(OTHER_ACCOUNT);
    const foreign = await makeList(stranger, ['10.0.0.0/8']);
    await expectError(create({ PrefixListId: foreign }), 'InvalidPrefixListID.NotFound');
    await expectError(
      stranger.createTransitGatewayPrefixListReference(to),
      'InvalidRouteTableID.NotFound',
    );
    await create({});
    await expectError(create({}), 'InvalidParameterValue');
    expect(await blocksIn(client, table)).toHaveLength(2);
  });

  it('C-075 that is not there is neither modified nor deleted', async () => {
    const { client, to, ids } = await setUp();
    const missing = 'InvalidPrefixListID.NotFound';
    await expectError(client.modifyTransitGatewayPrefixListReference(to), missing);
    await expectError(client.deleteTransitGatewayPrefixListReference(ids), missing);
    const wrong = client.deleteTransitGatewayPrefixListReference({ ...ids, PrefixListId: 'pl' });
    await expectError(wrong, 'InvalidPrefixListId.Malformed');
  });

  it('C-074 may be to a list of AWS’s own', async () => {
    const { client, to, find, table } = await setUp();
    const { PrefixLists } = await client.describeManagedPrefixLists({
      Filters: [{ Name: 'owner-id', Values: ['AWS'] }],
    });
    const PrefixListId = PrefixLists![0]!.PrefixListId!;
    await client.createTransitGatewayPrefixListReference({ ...to, PrefixListId });
    expect(await find()).toMatchObject([{ PrefixListId, PrefixListOwnerId: 'AWS' }]);
    expect(await blocksIn(client, table)).not.toEqual([]);
  });

  it('A-028 of two lists with one entry the lower id holds', async () => {
    const { client, to, ids, table, list } = await setUp();
    const other = await makeList(client, ['192.168.0.0/16']);
    await client.createTransitGatewayPrefixListReference(to);
    await client.createTransitGatewayPrefixListReference({
      ...ids,
      PrefixListId: other,
      Blackhole: true,
    });
    const Filters = [{ Name: 'route-search.exact-match', Values: ['192.168.0.0/16'] }];
    const [lower] = [list, other].sort();
    expect(await routesOf(client, table, Filters)).toMatchObject([{ PrefixListId: lower }]);
    expect(await blocksIn(client, table)).toHaveLength(2);
  });

  it('C-015 counts with the size its list may grow to', async () => {
    const { client, to, cloud, gateway, table, list } = await setUp();
    await cloud.execute((tx) => {
      for (let count = 0; count < 9980; count++) {
        tx.put('transit-gateway-route', {
          id: `${table}|${count}`,
          type: 'static',
          transitGatewayId: gateway,
          routeTableId: 'tgw-rtb-0',
          destination: { address: 0 as never, length: 0 },
        });
      }
    });
    await client.createTransitGatewayPrefixListReference(to);
    // One propagated route, 9,980 others, and a list of 10: 9 are left.
    const grow = (MaxEntries: number) =>
      client.modifyManagedPrefixList({ PrefixListId: list, MaxEntries });
    await grow(20);
    expect(await lookAtList(client, list)).toMatchObject({
      State: 'modify-failed',
      StateMessage: expect.stringContaining(gateway),
    });
    await grow(19);
    expect(await lookAtList(client, list)).toMatchObject({
      State: 'modify-complete',
      MaxEntries: 19,
    });
  });

  it('C-074 shows in the list’s associations and keeps it from being deleted', async () => {
    const { client, to, ids, list, table } = await setUp();
    await client.createTransitGatewayPrefixListReference(to);
    const { PrefixListAssociations } = await client.getManagedPrefixListAssociations({
      PrefixListId: list,
    });
    expect(PrefixListAssociations).toEqual([{ ResourceId: table, ResourceOwner: ACCOUNT }]);
    const remove = () => client.deleteManagedPrefixList({ PrefixListId: list });
    await expectError(remove(), 'DependencyViolation');
    await client.deleteTransitGatewayPrefixListReference(ids);
    await remove();
  });

  it('G-037 is filtered by what it is and leads to', async () => {
    const { client, to, ids, find, list, attachmentId, vpcId } = await setUp();
    const other = await makeList(client, ['198.18.0.0/15']);
    await client.createTransitGatewayPrefixListReference(to);
    await client.createTransitGatewayPrefixListReference({
      ...ids,
      PrefixListId: other,
      Blackhole: true,
    });
    const lists = async (Name: string, value: string) =>
      (await find([{ Name, Values: [value] }])).map((one) => one.PrefixListId);
    expect(await lists('attachment.resource-id', vpcId)).toEqual([list]);
    expect(await lists('attachment.resource-type', 'vpc')).toEqual([list]);
    expect(await lists('attachment.transit-gateway-attachment-id', attachmentId)).toEqual([list]);
    expect(await lists('is-blackhole', 'true')).toEqual([other]);
    expect(await lists('prefix-list-id', list)).toEqual([list]);
    expect(await lists('prefix-list-owner-id', ACCOUNT)).toEqual([list, other]);
    expect(await lists('state', 'available')).toEqual([list, other]);
  });
});
