import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  makeTable,
  makeTransitGateway,
  peerGateways,
} from '../../../../test/support/transit-fixture.ts';

const HOUR = 3_600_000;
const UNKNOWN = 'tgw-ptb-0123456789abcdef0';

/** Two peered gateways that associate nothing by themselves, and a policy table of the first. */
async function setUp() {
  const test = await testCloud();
  const client = test.ec2();
  const off = { DefaultRouteTableAssociation: 'disable' } as const;
  const gateway = await makeTransitGateway(client, off);
  const peer = await makeTransitGateway(client, off);
  const peering = await peerGateways(client, gateway, peer);
  const made = await client.createTransitGatewayPolicyTable({ TransitGatewayId: gateway });
  const table = made.TransitGatewayPolicyTable!.TransitGatewayPolicyTableId!;
  const ids = { TransitGatewayPolicyTableId: table, TransitGatewayAttachmentId: peering };
  return { ...test, client, gateway, peer, peering, table, ids };
}

describe('a policy table', () => {
  it('C-127 is pending, available, deleting, and deleted for a while', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const TransitGatewayId = await makeTransitGateway(client);
    const create = () =>
      client.createTransitGatewayPolicyTable({
        TransitGatewayId,
        TagSpecifications: [
          { ResourceType: 'transit-gateway-policy-table', Tags: [{ Key: 'a', Value: 'b' }] },
        ],
      });
    await expectError(create(), 'IncorrectState');
    await advance(50);
    const made = await create();
    expect(made.TransitGatewayPolicyTable).toEqual({
      TransitGatewayPolicyTableId: expect.stringMatching(/^tgw-ptb-0/),
      TransitGatewayId,
      State: 'pending',
      CreationTime: expect.any(Date),
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    const id = made.TransitGatewayPolicyTable!.TransitGatewayPolicyTableId!;
    const remove = () =>
      client.deleteTransitGatewayPolicyTable({ TransitGatewayPolicyTableId: id });
    const state = async () => {
      const found = await client.describeTransitGatewayPolicyTables({
        TransitGatewayPolicyTableIds: [id],
      });
      return found.TransitGatewayPolicyTables![0]!.State;
    };
    await expectError(remove(), 'IncorrectState');
    await advance(50);
    expect(await state()).toBe('available');
    await remove();
    expect(await state()).toBe('deleting');
    await advance(50);
    expect(await state()).toBe('deleted');
    await expectError(remove(), 'IncorrectState');
    await advance(2 * HOUR);
    await expectError(state(), 'InvalidTransitGatewayPolicyTableId.NotFound');
  });

  it('C-127 is associated with peerings, and with nothing else', async () => {
    const { client, ids, peer, gateway, table, peering } = await setUp();
    const { Association } = await client.associateTransitGatewayPolicyTable(ids);
    const shown = {
      ...ids,
      ResourceId: peer,
      ResourceType: 'peering',
    };
    expect(Association).toEqual({ ...shown, State: 'associating' });
    const list = async () =>
      (
        await client.getTransitGatewayPolicyTableAssociations({
          TransitGatewayPolicyTableId: table,
        })
      ).Associations;
    expect(await list()).toEqual([{ ...shown, State: 'associated' }]);
    const { TransitGatewayAttachments } = await client.describeTransitGatewayAttachments({
      TransitGatewayAttachmentIds: [peering],
    });
    expect(TransitGatewayAttachments![0]!.Association).toEqual({
      TransitGatewayPolicyTableId: table,
      State: 'associated',
    });
    const remove = () =>
      client.deleteTransitGatewayPolicyTable({ TransitGatewayPolicyTableId: table });
    await expectError(remove(), 'IncorrectState');
    await client.disassociateTransitGatewayPolicyTable(ids);
    expect(await list()).toEqual([]);
    const { attachmentId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    await expectError(
      client.associateTransitGatewayPolicyTable({
        ...ids,
        TransitGatewayAttachmentId: attachmentId,
      }),
      'UnsupportedOperation',
    );
    await remove();
  });

  it('C-051 stands instead of a route table', async () => {
    const { client, ids, gateway, peering } = await setUp();
    const routes = {
      TransitGatewayRouteTableId: await makeTable(client, gateway),
      TransitGatewayAttachmentId: peering,
    };
    const associated = 'Resource.AlreadyAssociated';
    await client.associateTransitGatewayPolicyTable(ids);
    await expectError(client.associateTransitGatewayPolicyTable(ids), associated);
    await expectError(client.associateTransitGatewayRouteTable(routes), associated, /policy table/);
    await client.disassociateTransitGatewayPolicyTable(ids);
    await client.associateTransitGatewayRouteTable(routes);
    await expectError(client.associateTransitGatewayPolicyTable(ids), associated, /route table/);
  });

  it('C-056 passes through the states of an association', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const gateway = await makeTransitGateway(client, { DefaultRouteTableAssociation: 'disable' });
    const peer = await makeTransitGateway(client);
    await advance(50);
    const made = await client.createTransitGatewayPolicyTable({ TransitGatewayId: gateway });
    const requested = await client.createTransitGatewayPeeringAttachment({
      TransitGatewayId: gateway,
      PeerTransitGatewayId: peer,
      PeerAccountId: '111111111111',
      PeerRegion: 'us-east-1',
    });
    const TransitGatewayAttachmentId =
      requested.TransitGatewayPeeringAttachment!.TransitGatewayAttachmentId!;
    const ids = {
      TransitGatewayPolicyTableId: made.TransitGatewayPolicyTable!.TransitGatewayPolicyTableId!,
      TransitGatewayAttachmentId,
    };
    await expectError(client.associateTransitGatewayPolicyTable(ids), 'IncorrectState');
    await advance(50);
    await client.acceptTransitGatewayPeeringAttachment(ids);
    await advance(50);
    const states: (string | undefined)[] = [];
    const look = async () => {
      const found = await client.getTransitGatewayPolicyTableAssociations(ids);
      states.push(found.Associations![0]?.State);
    };
    await client.associateTransitGatewayPolicyTable(ids);
    await look();
    await expectError(client.disassociateTransitGatewayPolicyTable(ids), 'IncorrectState');
    await advance(50);
    await look();
    await client.disassociateTransitGatewayPolicyTable(ids);
    await look();
    await advance(50);
    await look();
    expect(states).toEqual(['associating', 'associated', 'disassociating', undefined]);
  });

  it('C-043 loses its peering when that is deleted', async () => {
    const { client, ids, cloud, peering } = await setUp();
    await client.associateTransitGatewayPolicyTable(ids);
    const TransitGatewayAttachmentId = peering;
    await client.deleteTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId });
    expect([...cloud.model.all('transit-gateway-policy-table-association')]).toEqual([]);
  });

  it('C-127 has no entries: those are Cloud WAN’s', async () => {
    const { client, table } = await setUp();
    const ask = (Filters: { Name: string; Values: string[] }[]) =>
      client.getTransitGatewayPolicyTableEntries({ TransitGatewayPolicyTableId: table, Filters });
    expect((await ask([])).TransitGatewayPolicyTableEntries).toEqual([]);
    const known = await ask([{ Name: 'policy-rule-number', Values: ['1'] }]);
    expect(known.TransitGatewayPolicyTableEntries).toEqual([]);
    await expectError(ask([{ Name: 'colour', Values: ['red'] }]), 'InvalidParameterValue');
  });

  it('C-057 C-060 what is not there is not found', async () => {
    const { client, ids, ec2, gateway, peer, table } = await setUp();
    const wrong = { ...ids, TransitGatewayPolicyTableId: UNKNOWN };
    const unseen = 'InvalidTransitGatewayPolicyTableId.NotFound';
    await expectError(client.associateTransitGatewayPolicyTable(wrong), unseen);
    await expectError(client.getTransitGatewayPolicyTableAssociations(wrong), unseen);
    await expectError(client.getTransitGatewayPolicyTableEntries(wrong), unseen);
    await expectError(client.deleteTransitGatewayPolicyTable(wrong), unseen);
    const stranger = ec2(OTHER_ACCOUNT);
    await expectError(stranger.deleteTransitGatewayPolicyTable(ids), unseen);
    await expectError(
      stranger.createTransitGatewayPolicyTable({ TransitGatewayId: gateway }),
      'InvalidTransitGatewayID.NotFound',
    );
    await expectError(client.disassociateTransitGatewayPolicyTable(ids), 'InvalidParameterValue');
    const third = await makeTransitGateway(client);
    const elsewhere = await peerGateways(client, peer, third);
    await expectError(
      client.associateTransitGatewayPolicyTable({ ...ids, TransitGatewayAttachmentId: elsewhere }),
      'InvalidTransitGatewayAttachmentID.NotFound',
    );
    const { TransitGatewayPolicyTables } = await client.describeTransitGatewayPolicyTables({
      Filters: [
        { Name: 'transit-gateway-id', Values: [gateway] },
        { Name: 'transit-gateway-policy-table-id', Values: [table] },
        { Name: 'state', Values: ['available'] },
      ],
    });
    expect(TransitGatewayPolicyTables).toHaveLength(1);
  });
});

describe('announcements of route tables', () => {
  it('C-088 are Cloud WAN’s', async () => {
    const { client, gateway, peering } = await setUp();
    const TransitGatewayRouteTableId = await makeTable(client, gateway);
    for (const call of [
      client.createTransitGatewayRouteTableAnnouncement({
        TransitGatewayRouteTableId,
        PeeringAttachmentId: peering,
      }),
      client.deleteTransitGatewayRouteTableAnnouncement({
        TransitGatewayRouteTableAnnouncementId: 'tgw-rtb-ann-0123456789abcdef0',
      }),
      client.describeTransitGatewayRouteTableAnnouncements({}),
    ]) {
      await expectError(call, 'UnsupportedOperation', /Cloud WAN/);
    }
  });
});
