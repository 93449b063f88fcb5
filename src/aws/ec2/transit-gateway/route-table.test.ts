import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  blocksIn,
  defaultTable,
  lookAtAttachment,
  makeTable,
  makeTransitGateway,
  tablesOf,
} from '../../../../test/support/transit-fixture.ts';

const UNKNOWN = 'tgw-rtb-0123456789abcdef0';
const UNKNOWN_ATTACHMENT = 'tgw-attach-0123456789abcdef0';
const HOUR = 3_600_000;

/** A gateway without default tables, a table and an attached VPC. */
async function setUp(transitions: 'fast' | 'instant' = 'fast') {
  const test = await testCloud({ transitions });
  const client = test.ec2();
  const gateway = await makeTransitGateway(client, {
    DefaultRouteTableAssociation: 'disable',
    DefaultRouteTablePropagation: 'disable',
  });
  await test.advance(50);
  const table = await makeTable(client, gateway);
  const { attachmentId, vpcId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
  await test.advance(50);
  const ids = { TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: attachmentId };
  return { ...test, client, gateway, table, attachmentId, vpcId, ids };
}
type Scene = Awaited<ReturnType<typeof setUp>>;

const associationsOf = async ({ client }: Scene, TransitGatewayRouteTableId: string) =>
  (await client.getTransitGatewayRouteTableAssociations({ TransitGatewayRouteTableId }))
    .Associations;
const propagationsOf = async ({ client }: Scene, TransitGatewayRouteTableId: string) =>
  (await client.getTransitGatewayRouteTablePropagations({ TransitGatewayRouteTableId }))
    .TransitGatewayRouteTablePropagations;

describe('a route table of a transit gateway', () => {
  it('C-056 is pending, then available', async () => {
    const { client, gateway, advance } = await setUp();
    const { TransitGatewayRouteTable } = await client.createTransitGatewayRouteTable({
      TransitGatewayId: gateway,
      TagSpecifications: [
        { ResourceType: 'transit-gateway-route-table', Tags: [{ Key: 'Name', Value: 't' }] },
      ],
    });
    expect(TransitGatewayRouteTable).toEqual({
      TransitGatewayRouteTableId: expect.stringMatching(/^tgw-rtb-0[0-9a-f]{16}$/),
      TransitGatewayId: gateway,
      State: 'pending',
      DefaultAssociationRouteTable: false,
      DefaultPropagationRouteTable: false,
      CreationTime: expect.any(Date),
      Tags: [{ Key: 'Name', Value: 't' }],
    });
    await advance(50);
    const [, table] = await tablesOf(client, gateway);
    expect(table!.State).toBe('available');
  });

  it('C-056 cannot be used before', async () => {
    const scene = await setUp();
    const { client, gateway, attachmentId: TransitGatewayAttachmentId } = scene;
    const TransitGatewayRouteTableId = await makeTable(client, gateway);
    const ids = { TransitGatewayRouteTableId, TransitGatewayAttachmentId };
    const message = `${TransitGatewayRouteTableId} is in invalid state`;
    for (const call of [
      client.associateTransitGatewayRouteTable(ids),
      client.enableTransitGatewayRouteTablePropagation(ids),
      client.createTransitGatewayRoute({ ...ids, DestinationCidrBlock: '0.0.0.0/0' }),
      client.deleteTransitGatewayRouteTable(ids),
    ]) {
      await expectError(call, 'IncorrectState', message);
    }
  });

  it('C-056 is deleting, then deleted and shown for a while, and empty', async () => {
    const scene = await setUp();
    const { client, gateway, table, ids, cloud, advance } = scene;
    await client.enableTransitGatewayRouteTablePropagation(ids);
    await client.createTransitGatewayRoute({ ...ids, DestinationCidrBlock: '0.0.0.0/0' });
    await advance(50);
    const remove = () => client.deleteTransitGatewayRouteTable(ids);
    const { TransitGatewayRouteTable } = await remove();
    expect(TransitGatewayRouteTable!.State).toBe('deleting');
    await expectError(remove(), 'IncorrectState');
    await expectError(blocksIn(client, table), 'IncorrectState');
    await advance(50);
    expect(await tablesOf(client, gateway)).toMatchObject([{ State: 'deleted' }]);
    await expectError(blocksIn(client, table), 'InvalidRouteTableID.NotFound');
    await expectError(remove(), 'IncorrectState');
    expect([...cloud.model.all('transit-gateway-route')]).toEqual([]);
    expect([...cloud.model.all('transit-gateway-route-table-propagation')]).toEqual([]);
    await advance(2 * HOUR);
    expect(await tablesOf(client, gateway)).toEqual([]);
    expect([...cloud.model.all('timer')]).toEqual([]);
  });

  it('C-058 stays while it is a default table or has associations', async () => {
    const scene = await setUp();
    const { client, gateway, ids, advance } = scene;
    await client.associateTransitGatewayRouteTable(ids);
    const remove = () => client.deleteTransitGatewayRouteTable(ids);
    await expectError(remove(), 'IncorrectState', new RegExp(scene.attachmentId));
    await advance(50);
    await client.disassociateTransitGatewayRouteTable(ids);
    await expectError(remove(), 'IncorrectState');
    await advance(50);
    for (const name of ['AssociationDefaultRouteTableId', 'PropagationDefaultRouteTableId']) {
      const isAssociation = name.startsWith('Association');
      const on = isAssociation ? 'DefaultRouteTableAssociation' : 'DefaultRouteTablePropagation';
      const modify = (value: 'enable' | 'disable', more = {}) =>
        client.modifyTransitGateway({
          TransitGatewayId: gateway,
          Options: { [on]: value, ...more },
        });
      await modify('enable', { [name]: scene.table });
      await advance(50);
      await expectError(remove(), 'IncorrectState', /default/);
      await modify('disable');
      await advance(50);
    }
    await remove();
  });

  it('C-013 C-014 is of a gateway of the caller’s, which has twenty', async () => {
    const { client, gateway, ec2 } = await setUp('instant');
    const make = (id: string) => makeTable(client, id);
    await expectError(make('tgw-0123456789abcdef0'), 'InvalidTransitGatewayID.NotFound');
    await expectError(makeTable(ec2(OTHER_ACCOUNT), gateway), 'InvalidTransitGatewayID.NotFound');
    for (let count = 1; count < 20; count++) await make(gateway);
    await expectError(make(gateway), 'TransitGatewayRouteTableLimitExceeded');
    const [, last] = await tablesOf(client, gateway);
    await client.deleteTransitGatewayRouteTable({
      TransitGatewayRouteTableId: last!.TransitGatewayRouteTableId!,
    });
    await make(gateway);
  });

  it('C-002 is made of a gateway that is available', async () => {
    const { client } = await setUp();
    const pending = await makeTransitGateway(client);
    await expectError(makeTable(client, pending), 'IncorrectState');
  });

  it('C-059 is found by its owner, in its Region', async () => {
    const { client, table, ec2 } = await setUp();
    const remove = (id: string, from = client) =>
      from.deleteTransitGatewayRouteTable({ TransitGatewayRouteTableId: id });
    await expectError(remove(UNKNOWN), 'InvalidRouteTableID.NotFound');
    await expectError(remove('rtb-0123456789abcdef0'), 'InvalidRouteTableId.Malformed');
    for (const stranger of [ec2(OTHER_ACCOUNT), ec2(ACCOUNT, 'us-west-2')]) {
      await expectError(remove(table, stranger), 'InvalidRouteTableID.NotFound');
      const { TransitGatewayRouteTables } = await stranger.describeTransitGatewayRouteTables({});
      expect(TransitGatewayRouteTables).toEqual([]);
    }
  });

  it('G-037 is filtered by defaults, state and ids', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    const first = await defaultTable(client, gateway);
    const second = await makeTable(client, gateway);
    const find = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const found = await client.describeTransitGatewayRouteTables({ Filters });
      return found.TransitGatewayRouteTables!.map((one) => one.TransitGatewayRouteTableId);
    };
    expect(await find('default-association-route-table', 'true')).toEqual([first]);
    expect(await find('default-propagation-route-table', 'false')).toEqual([second]);
    expect(await find('state', 'available')).toEqual([first, second]);
    expect(await find('transit-gateway-id', gateway)).toEqual([first, second]);
    expect(await find('transit-gateway-route-table-id', second)).toEqual([second]);
  });
});

describe('an association', () => {
  it('C-052 C-056 is associating, then associated', async () => {
    const scene = await setUp();
    const { client, ids, table, vpcId, attachmentId, advance } = scene;
    const { Association } = await client.associateTransitGatewayRouteTable(ids);
    const shown = {
      TransitGatewayAttachmentId: attachmentId,
      ResourceId: vpcId,
      ResourceType: 'vpc',
    };
    expect(Association).toEqual({
      TransitGatewayRouteTableId: table,
      ...shown,
      State: 'associating',
    });
    expect(await associationsOf(scene, table)).toEqual([{ ...shown, State: 'associating' }]);
    await expectError(client.disassociateTransitGatewayRouteTable(ids), 'IncorrectState');
    await advance(50);
    expect(await associationsOf(scene, table)).toEqual([{ ...shown, State: 'associated' }]);
    expect(await blocksIn(client, table)).toEqual([]);
  });

  it('C-056 is disassociating, then gone', async () => {
    const scene = await setUp();
    const { client, ids, table, advance } = scene;
    await client.associateTransitGatewayRouteTable(ids);
    await advance(50);
    const { Association } = await client.disassociateTransitGatewayRouteTable(ids);
    expect(Association!.State).toBe('disassociating');
    await expectError(client.disassociateTransitGatewayRouteTable(ids), 'IncorrectState');
    expect(await associationsOf(scene, table)).toMatchObject([{ State: 'disassociating' }]);
    await advance(50);
    expect(await associationsOf(scene, table)).toEqual([]);
    await client.associateTransitGatewayRouteTable(ids);
  });

  it('C-051 is one of an attachment', async () => {
    const { client, ids, gateway, advance } = await setUp();
    const other = await makeTable(client, gateway);
    await advance(50);
    await client.associateTransitGatewayRouteTable(ids);
    const message = `Transit Gateway Attachment ${ids.TransitGatewayAttachmentId} is already associated to a route table.`;
    for (const TransitGatewayRouteTableId of [ids.TransitGatewayRouteTableId, other]) {
      await expectError(
        client.associateTransitGatewayRouteTable({ ...ids, TransitGatewayRouteTableId }),
        'Resource.AlreadyAssociated',
        message,
      );
    }
  });

  it('C-057 that is not there cannot be undone', async () => {
    const { client, ids, gateway, advance } = await setUp();
    const undo = (TransitGatewayRouteTableId = ids.TransitGatewayRouteTableId) =>
      client.disassociateTransitGatewayRouteTable({ ...ids, TransitGatewayRouteTableId });
    await expectError(undo(), 'InvalidParameterValue');
    const other = await makeTable(client, gateway);
    await advance(50);
    await client.associateTransitGatewayRouteTable(ids);
    await advance(50);
    await expectError(undo(other), 'InvalidParameterValue');
  });

  it('C-059 C-060 joins a table and an attachment of one gateway', async () => {
    const { client, ids, advance } = await setUp();
    const elsewhere = await makeTransitGateway(client);
    await advance(50);
    const foreign = await attachNewVpc(client, elsewhere, '10.7.0.0/16');
    await advance(50);
    const unseen = 'InvalidTransitGatewayAttachmentID.NotFound';
    for (const call of [
      (one: typeof ids) => client.associateTransitGatewayRouteTable(one),
      (one: typeof ids) => client.disassociateTransitGatewayRouteTable(one),
      (one: typeof ids) => client.enableTransitGatewayRouteTablePropagation(one),
      (one: typeof ids) => client.disableTransitGatewayRouteTablePropagation(one),
    ]) {
      await expectError(call({ ...ids, TransitGatewayAttachmentId: foreign.attachmentId }), unseen);
      await expectError(call({ ...ids, TransitGatewayAttachmentId: UNKNOWN_ATTACHMENT }), unseen);
      await expectError(
        call({ ...ids, TransitGatewayAttachmentId: 'attach' }),
        'InvalidTransitGatewayAttachmentID.Malformed',
      );
      await expectError(
        call({ ...ids, TransitGatewayRouteTableId: UNKNOWN }),
        'InvalidRouteTableID.NotFound',
      );
    }
  });

  it('C-056 needs an attachment that is available', async () => {
    const { client, table, gateway, advance } = await setUp();
    const { attachmentId } = await attachNewVpc(client, gateway, '10.8.0.0/16');
    const ids = { TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: attachmentId };
    const message = `${attachmentId} is in invalid state`;
    const associate = () => client.associateTransitGatewayRouteTable(ids);
    const enable = () => client.enableTransitGatewayRouteTablePropagation(ids);
    await expectError(associate(), 'IncorrectState', message);
    await expectError(enable(), 'IncorrectState', message);
    await advance(50);
    await client.deleteTransitGatewayVpcAttachment(ids);
    await expectError(associate(), 'IncorrectState', message);
    await expectError(enable(), 'IncorrectState', message);
  });

  it('C-043 ends with its attachment', async () => {
    const scene = await setUp();
    const { client, ids, table, advance } = scene;
    await client.associateTransitGatewayRouteTable(ids);
    await client.enableTransitGatewayRouteTablePropagation(ids);
    await advance(50);
    await client.deleteTransitGatewayVpcAttachment(ids);
    expect(await associationsOf(scene, table)).toMatchObject([{ State: 'disassociating' }]);
    expect(await propagationsOf(scene, table)).toMatchObject([{ State: 'disabling' }]);
    await advance(50);
    expect(await associationsOf(scene, table)).toEqual([]);
    expect(await propagationsOf(scene, table)).toEqual([]);
  });

  it('C-043 that was on its way ends with its attachment, too', async () => {
    const scene = await setUp();
    const { client, ids, table, advance, cloud } = scene;
    await client.associateTransitGatewayRouteTable(ids);
    await client.enableTransitGatewayRouteTablePropagation(ids);
    await client.deleteTransitGatewayVpcAttachment(ids);
    await advance(50);
    expect(await associationsOf(scene, table)).toEqual([]);
    expect(await propagationsOf(scene, table)).toEqual([]);
    await advance(2 * HOUR);
    expect([...cloud.model.all('timer')]).toEqual([]);
  });

  it('C-055 comes with the attachment where the gateway has a default table', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const client = test.ec2();
    const gateway = await makeTransitGateway(client);
    await test.advance(50);
    const table = await defaultTable(client, gateway);
    const { attachmentId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const scene = { client } as Scene;
    expect(await associationsOf(scene, table)).toMatchObject([{ State: 'associating' }]);
    expect(await propagationsOf(scene, table)).toMatchObject([{ State: 'enabling' }]);
    await test.advance(50);
    expect((await lookAtAttachment(client, attachmentId)).State).toBe('available');
    expect(await associationsOf(scene, table)).toMatchObject([{ State: 'associated' }]);
    expect(await propagationsOf(scene, table)).toMatchObject([{ State: 'enabled' }]);
  });

  it.each([
    ['enable', 'disable'],
    ['disable', 'enable'],
  ] as const)('C-055 each default by itself: %s, %s', async (association, propagation) => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const gateway = await makeTransitGateway(client, {
      DefaultRouteTableAssociation: association,
      DefaultRouteTablePropagation: propagation,
    });
    await attachNewVpc(client, gateway, '10.0.0.0/16');
    const [table] = await tablesOf(client, gateway);
    const scene = { client } as Scene;
    const id = table!.TransitGatewayRouteTableId!;
    expect(await associationsOf(scene, id)).toHaveLength(association === 'enable' ? 1 : 0);
    expect(await propagationsOf(scene, id)).toHaveLength(propagation === 'enable' ? 1 : 0);
  });

  it('G-037 is filtered by resource and attachment', async () => {
    const { ec2 } = await testCloud();
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    const one = await attachNewVpc(client, gateway, '10.0.0.0/16');
    await attachNewVpc(client, gateway, '10.1.0.0/16');
    const TransitGatewayRouteTableId = await defaultTable(client, gateway);
    for (const [Name, value, count] of [
      ['resource-id', one.vpcId, 1],
      ['transit-gateway-attachment-id', one.attachmentId, 1],
      ['resource-type', 'vpc', 2],
      ['resource-type', 'vpn', 0],
    ] as const) {
      const request = { TransitGatewayRouteTableId, Filters: [{ Name, Values: [value] }] };
      const { Associations } = await client.getTransitGatewayRouteTableAssociations(request);
      expect(Associations).toHaveLength(count);
      const { TransitGatewayRouteTablePropagations } =
        await client.getTransitGatewayRouteTablePropagations(request);
      expect(TransitGatewayRouteTablePropagations).toHaveLength(count);
    }
  });
});

describe('a propagation', () => {
  it('C-056 is enabling, then enabled and there', async () => {
    const scene = await setUp();
    const { client, ids, table, vpcId, attachmentId, advance } = scene;
    const { Propagation } = await client.enableTransitGatewayRouteTablePropagation(ids);
    const shown = {
      TransitGatewayAttachmentId: attachmentId,
      ResourceId: vpcId,
      ResourceType: 'vpc',
    };
    expect(Propagation).toEqual({
      TransitGatewayRouteTableId: table,
      ...shown,
      State: 'enabling',
    });
    expect(await blocksIn(client, table)).toEqual([]);
    await expectError(client.disableTransitGatewayRouteTablePropagation(ids), 'IncorrectState');
    await advance(50);
    expect(await propagationsOf(scene, table)).toEqual([{ ...shown, State: 'enabled' }]);
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16']);
  });

  it('C-056 is disabling, then gone; its routes at once', async () => {
    const scene = await setUp();
    const { client, ids, table, advance } = scene;
    await client.enableTransitGatewayRouteTablePropagation(ids);
    await advance(50);
    const { Propagation } = await client.disableTransitGatewayRouteTablePropagation(ids);
    expect(Propagation!.State).toBe('disabling');
    expect(await blocksIn(client, table)).toEqual([]);
    await expectError(client.disableTransitGatewayRouteTablePropagation(ids), 'IncorrectState');
    await advance(50);
    expect(await propagationsOf(scene, table)).toEqual([]);
    await client.enableTransitGatewayRouteTablePropagation(ids);
  });

  it('C-054 goes to many tables, once to each', async () => {
    const { client, ids, gateway, advance } = await setUp();
    const other = await makeTable(client, gateway);
    await advance(50);
    const enable = (TransitGatewayRouteTableId: string) =>
      client.enableTransitGatewayRouteTablePropagation({ ...ids, TransitGatewayRouteTableId });
    await enable(ids.TransitGatewayRouteTableId);
    await enable(other);
    const message = `Propagation ${ids.TransitGatewayAttachmentId} already exists in Transit Gateway Route Table ${other}.`;
    await expectError(enable(other), 'TransitGatewayRouteTablePropagation.Duplicate', message);
    const list = async (Filters: { Name: string; Values: string[] }[]) =>
      (await client.getTransitGatewayAttachmentPropagations({ ...ids, Filters }))
        .TransitGatewayAttachmentPropagations;
    expect(await list([])).toEqual([
      { TransitGatewayRouteTableId: ids.TransitGatewayRouteTableId, State: 'enabling' },
      { TransitGatewayRouteTableId: other, State: 'enabling' },
    ]);
    const filter = { Name: 'transit-gateway-route-table-id', Values: [other] };
    expect(await list([filter])).toHaveLength(1);
  });

  it('C-057 that is not there cannot be disabled', async () => {
    const { client, ids } = await setUp();
    const call = client.disableTransitGatewayRouteTablePropagation(ids);
    await expectError(call, 'InvalidParameterValue');
  });

  it('C-088 names an attachment; announcements are Cloud WAN’s', async () => {
    const { client, ids } = await setUp();
    const { TransitGatewayRouteTableId } = ids;
    const enable = (more: object) =>
      client.enableTransitGatewayRouteTablePropagation({ TransitGatewayRouteTableId, ...more });
    await expectError(enable({}), 'MissingParameter');
    const announced = { TransitGatewayRouteTableAnnouncementId: 'tgw-rtb-ann-1' };
    await expectError(enable({ ...ids, ...announced }), 'UnsupportedOperation');
  });
});
