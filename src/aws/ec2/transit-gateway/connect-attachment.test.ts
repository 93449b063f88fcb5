import { describe, expect, it } from 'vitest';
import {
  addPeer,
  attachConnect,
  lookAtConnect,
  makeConnect,
} from '../../../../test/support/connect-fixture.ts';
import { associate, makeGateway } from '../../../../test/support/direct-connect-fixture.ts';
import { expectError } from '../../../../test/support/expect-error.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import { makeList } from '../../../../test/support/prefix-list-fixture.ts';
import { shareGateways } from '../../../../test/support/sharing-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  lookAtAttachment,
  makeTable,
  makeTransitGateway,
  peerGateways,
} from '../../../../test/support/transit-fixture.ts';
import { connect as connectVpn } from '../../../../test/support/vpn-fixture.ts';

const UNKNOWN = 'tgw-attach-0123456789abcdef0';
const NOT_FOUND = 'InvalidTransitGatewayAttachmentID.NotFound';
const TWO_HOURS = 2 * 3_600_000;
const GRE = { Protocol: 'gre' } as const;

async function setUp() {
  const test = await testCloud();
  const client = test.ec2();
  return { ...test, client, ...(await makeConnect(client)) };
}

describe('CreateTransitGatewayConnect', () => {
  it('C-089 C-098 rides on a VPC’s attachment, pending and then available', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const TransitGatewayId = await makeTransitGateway(client);
    await advance(50);
    const { attachmentId } = await attachNewVpc(client, TransitGatewayId, '10.0.0.0/16');
    const create = () =>
      client.createTransitGatewayConnect({
        TransportTransitGatewayAttachmentId: attachmentId,
        Options: GRE,
        TagSpecifications: [
          { ResourceType: 'transit-gateway-attachment', Tags: [{ Key: 'Name', Value: 'c' }] },
        ],
      });
    await expectError(create(), 'IncorrectState', `${attachmentId} is in invalid state`);
    await advance(50);
    const { TransitGatewayConnect: made } = await create();
    const id = made!.TransitGatewayAttachmentId!;
    const shown = {
      TransitGatewayAttachmentId: expect.stringMatching(/^tgw-attach-0[0-9a-f]{16}$/),
      TransportTransitGatewayAttachmentId: attachmentId,
      TransitGatewayId,
      CreationTime: expect.any(Date),
      Options: GRE,
      Tags: [{ Key: 'Name', Value: 'c' }],
    };
    expect(made).toEqual({ ...shown, State: 'pending' });
    await advance(50);
    expect(await lookAtConnect(client, id)).toEqual({ ...shown, State: 'available' });
  });

  it('C-055 joins the default tables, and may leave and join others', async () => {
    const { client, gateway, connect } = await setUp();
    const first = await defaultTable(client, gateway);
    const member = {
      TransitGatewayAttachmentId: connect,
      ResourceType: 'connect',
    };
    const associations = async (TransitGatewayRouteTableId: string) => {
      const asked = { TransitGatewayRouteTableId };
      return (await client.getTransitGatewayRouteTableAssociations(asked)).Associations;
    };
    const propagations = async (TransitGatewayRouteTableId: string) => {
      const asked = { TransitGatewayRouteTableId };
      const found = await client.getTransitGatewayRouteTablePropagations(asked);
      return found.TransitGatewayRouteTablePropagations;
    };
    const associated = expect.objectContaining({ ...member, State: 'associated' });
    const enabled = expect.objectContaining({ ...member, State: 'enabled' });
    expect(await associations(first)).toContainEqual(associated);
    expect(await propagations(first)).toContainEqual(enabled);
    const second = await makeTable(client, gateway);
    const joint = (TransitGatewayRouteTableId: string) => {
      return { TransitGatewayRouteTableId, TransitGatewayAttachmentId: connect };
    };
    await client.disassociateTransitGatewayRouteTable(joint(first));
    await client.disableTransitGatewayRouteTablePropagation(joint(first));
    await client.associateTransitGatewayRouteTable(joint(second));
    await client.enableTransitGatewayRouteTablePropagation(joint(second));
    expect(await associations(second)).toEqual([associated]);
    expect(await propagations(second)).toEqual([enabled]);
    expect(await associations(first)).not.toContainEqual(associated);
    expect(await propagations(first)).not.toContainEqual(enabled);
  });

  it('C-089 is shown among all attachments, with its transport as the resource', async () => {
    const { client, transport, connect } = await setUp();
    const { TransitGatewayAttachments } = await client.describeTransitGatewayAttachments({
      Filters: [{ Name: 'resource-type', Values: ['connect'] }],
    });
    expect(TransitGatewayAttachments).toMatchObject([
      { TransitGatewayAttachmentId: connect, ResourceId: transport, State: 'available' },
    ]);
  });

  it('C-089 there may be several on one transport', async () => {
    const { client, transport, connect } = await setUp();
    expect(await attachConnect(client, transport)).not.toBe(connect);
  });

  it('C-005 C-089 rides on a Direct Connect gateway’s attachment, too', async () => {
    const { ec2, cloud, directConnect } = await testCloud();
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    const dx = directConnect();
    await associate(dx, await makeGateway(dx), gateway, ['10.0.0.0/8']);
    const [attachment] = cloud.model.all('transit-gateway-attachment');
    const { id } = attachment!;
    const change = () =>
      client.modifyTransitGateway({
        TransitGatewayId: gateway,
        Options: { AmazonSideAsn: 65_001 },
      });
    await expectError(change(), 'IncorrectState', new RegExp(id));
    const connect = await attachConnect(client, id);
    expect(await lookAtConnect(client, connect)).toMatchObject({
      TransportTransitGatewayAttachmentId: id,
      State: 'available',
    });
    expect(faultsOf(cloud.model)).toEqual([]);
  });

  it('C-014 counts as an attachment of its gateway', async () => {
    const { client, cloud, transport, connect } = await setUp();
    await cloud.execute((tx) => {
      const one = tx.get('transit-gateway-attachment', connect)!;
      for (let count = 2; count < 5000; count += 1) {
        const id = tx.newId('transit-gateway-attachment');
        tx.put('transit-gateway-attachment', { ...one, id });
      }
    });
    const full = 'TransitGatewayAttachmentLimitExceeded';
    await expectError(attachConnect(client, transport), full);
    await client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId: connect });
    await attachConnect(client, transport);
  });

  it('C-089 rides on nothing but VPCs’ and Direct Connect gateways’ attachments', async () => {
    const { client, gateway, connect } = await setUp();
    const peering = await peerGateways(client, gateway, await makeTransitGateway(client));
    await connectVpn(client, { TransitGatewayId: gateway });
    const asked = { Filters: [{ Name: 'resource-type', Values: ['vpn'] }] };
    const { TransitGatewayAttachments } = await client.describeTransitGatewayAttachments(asked);
    const vpn = TransitGatewayAttachments![0]!.TransitGatewayAttachmentId!;
    for (const id of [connect, peering, vpn]) {
      await expectError(attachConnect(client, id), 'InvalidParameterValue', new RegExp(id));
    }
    await expectError(attachConnect(client, UNKNOWN), NOT_FOUND);
    await expectError(
      attachConnect(client, 'tgw-attach-1'),
      'InvalidTransitGatewayAttachmentID.Malformed',
    );
  });

  it('C-098 knows no protocol but gre', async () => {
    const { client, transport } = await setUp();
    await expectError(
      client.createTransitGatewayConnect({
        TransportTransitGatewayAttachmentId: transport,
        Options: { Protocol: 'ipip' as 'gre' },
      }),
      'InvalidParameterValue',
      /ipip/,
    );
  });

  it('C-002 waits until its gateway is not being modified', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    await advance(50);
    const { attachmentId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    await advance(50);
    await client.modifyTransitGateway({ TransitGatewayId: gateway, Description: 'new' });
    const message = `${gateway} is in invalid state`;
    await expectError(attachConnect(client, attachmentId), 'IncorrectState', message);
  });

  it('C-016 stands beside no encryption, whichever comes first', async () => {
    const { client, gateway, transport, connect } = await setUp();
    const encrypt = () =>
      client.modifyTransitGateway({
        TransitGatewayId: gateway,
        Options: { EncryptionSupport: 'enable' },
      });
    await expectError(encrypt(), 'IncorrectState', new RegExp(connect));
    await client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId: connect });
    await encrypt();
    await expectError(attachConnect(client, transport), 'IncorrectState', /encryption/);
  });

  it('C-005 holds its gateway’s ASN', async () => {
    const { client, gateway, connect } = await setUp();
    const change = () =>
      client.modifyTransitGateway({
        TransitGatewayId: gateway,
        Options: { AmazonSideAsn: 65_001 },
      });
    await expectError(change(), 'IncorrectState', new RegExp(connect));
    await client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId: connect });
    expect((await change()).TransitGateway!.Options!.AmazonSideAsn).toBe(65_001);
  });

  it('G-028 does nothing on a dry run', async () => {
    const { client, transport } = await setUp();
    await expectError(
      client.createTransitGatewayConnect({
        TransportTransitGatewayAttachmentId: transport,
        Options: GRE,
        DryRun: true,
      }),
      'DryRunOperation',
    );
    const { TransitGatewayConnects } = await client.describeTransitGatewayConnects({});
    expect(TransitGatewayConnects).toHaveLength(1);
  });
});

describe('a shared gateway’s Connect attachments', () => {
  it('C-110 are its owner’s, also on another account’s VPC', async () => {
    const test = await testCloud();
    const owner = test.ec2();
    const consumer = test.ec2(OTHER_ACCOUNT);
    const gateway = await makeTransitGateway(owner, { AutoAcceptSharedAttachments: 'enable' });
    await shareGateways(test, gateway);
    const { attachmentId } = await attachNewVpc(consumer, gateway, '10.0.0.0/16');
    await expectError(attachConnect(consumer, attachmentId), NOT_FOUND);
    const connect = await attachConnect(owner, attachmentId);
    expect((await lookAtConnect(owner, connect)).State).toBe('available');
    await expectError(lookAtConnect(consumer, connect), NOT_FOUND);
    const TransitGatewayAttachmentId = connect;
    await expectError(
      consumer.deleteTransitGatewayConnect({ TransitGatewayAttachmentId }),
      NOT_FOUND,
    );
    await expectError(
      consumer.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId }),
      'IncorrectState',
      `${attachmentId} has non-deleted Connect attachments: ${connect}.`,
    );
  });
});

describe('routes', () => {
  it('C-072 cannot be made to a Connect attachment', async () => {
    const { client, gateway, transport, connect } = await setUp();
    const table = await makeTable(client, gateway);
    const to = (TransitGatewayAttachmentId: string) => ({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '192.168.0.0/16',
      TransitGatewayAttachmentId,
    });
    const refused = 'UnsupportedOperation';
    const message = `${connect} is a connect attachment, which static routes cannot lead to.`;
    await expectError(client.createTransitGatewayRoute(to(connect)), refused, message);
    await client.createTransitGatewayRoute(to(transport));
    await expectError(client.replaceTransitGatewayRoute(to(connect)), refused, message);
    const { Routes } = await client.searchTransitGatewayRoutes({
      TransitGatewayRouteTableId: table,
      Filters: [{ Name: 'type', Values: ['static'] }],
    });
    expect(Routes![0]!.TransitGatewayAttachments![0]!.TransitGatewayAttachmentId).toBe(transport);
  });

  it('C-072 nor can the entries of a prefix list', async () => {
    const { client, gateway, transport, connect } = await setUp();
    const list = await makeList(client, ['192.168.0.0/16']);
    const to = async (TransitGatewayAttachmentId: string) => ({
      TransitGatewayRouteTableId: await defaultTable(client, gateway),
      PrefixListId: list,
      TransitGatewayAttachmentId,
    });
    const refused = 'UnsupportedOperation';
    const [over, carrier] = [await to(connect), await to(transport)];
    await expectError(client.createTransitGatewayPrefixListReference(over), refused);
    await client.createTransitGatewayPrefixListReference(carrier);
    await expectError(client.modifyTransitGatewayPrefixListReference(over), refused);
  });
});

describe('DeleteTransitGatewayConnect', () => {
  it('C-028 is deleting, and deleted for a while', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const client = ec2();
    const gateway = await makeTransitGateway(client);
    await advance(50);
    const { attachmentId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    await advance(50);
    const TransitGatewayAttachmentId = await attachConnect(client, attachmentId);
    const remove = () => client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId });
    const state = async () => (await lookAtConnect(client, TransitGatewayAttachmentId)).State;
    await expectError(remove(), 'IncorrectState');
    await advance(50);
    expect((await remove()).TransitGatewayConnect!.State).toBe('deleting');
    await advance(50);
    expect(await state()).toBe('deleted');
    await expectError(remove(), 'IncorrectState');
    await advance(TWO_HOURS);
    await expectError(state(), NOT_FOUND);
  });

  it('C-089 its transport goes after it', async () => {
    const { client, transport, connect } = await setUp();
    const carrier = { TransitGatewayAttachmentId: transport };
    await expectError(
      client.deleteTransitGatewayVpcAttachment(carrier),
      'IncorrectState',
      `${transport} has non-deleted Connect attachments: ${connect}.`,
    );
    expect((await lookAtAttachment(client, transport)).State).toBe('available');
    await client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId: connect });
    await client.deleteTransitGatewayVpcAttachment(carrier);
    expect((await lookAtAttachment(client, transport)).State).toBe('deleted');
  });

  it('C-090 waits for its peers', async () => {
    const { client, connect } = await setUp();
    const { TransitGatewayConnectPeerId } = await addPeer(client, connect);
    const remove = () =>
      client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId: connect });
    await expectError(
      remove(),
      'IncorrectState',
      `${connect} has non-deleted Connect peers: ${TransitGatewayConnectPeerId}.`,
    );
    await client.deleteTransitGatewayConnectPeer({ TransitGatewayConnectPeerId });
    expect((await remove()).TransitGatewayConnect!.State).toBe('deleting');
  });

  it('C-011 before its gateway, which names it before its transport', async () => {
    const { client, gateway, connect, transport } = await setUp();
    const remove = () => client.deleteTransitGateway({ TransitGatewayId: gateway });
    const named = `${gateway} has non-deleted Connect Attachments: ${connect}.`;
    await expectError(remove(), 'IncorrectState', named);
    await client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId: connect });
    await expectError(remove(), 'IncorrectState', new RegExp(`VPC Attachments: ${transport}`));
  });

  it('C-030 is for Connect attachments alone', async () => {
    const { client, transport } = await setUp();
    for (const TransitGatewayAttachmentId of [transport, UNKNOWN]) {
      const call = client.deleteTransitGatewayConnect({ TransitGatewayAttachmentId });
      await expectError(call, NOT_FOUND);
    }
  });
});

describe('DescribeTransitGatewayConnects', () => {
  it('C-089 finds by every filter of its reference, and by tag', async () => {
    const { client, gateway, transport, connect } = await setUp();
    await client.createTags({ Resources: [connect], Tags: [{ Key: 'Name', Value: 'sdwan' }] });
    const find = async (Name: string, value: string) => {
      const asked = { Filters: [{ Name, Values: [value] }] };
      const { TransitGatewayConnects } = await client.describeTransitGatewayConnects(asked);
      return TransitGatewayConnects!.map((one) => one.TransitGatewayAttachmentId);
    };
    for (const [name, value] of [
      ['options.protocol', 'gre'],
      ['state', 'available'],
      ['transit-gateway-attachment-id', connect],
      ['transit-gateway-id', gateway],
      ['transport-transit-gateway-attachment-id', transport],
      ['tag:Name', 'sdwan'],
    ] as const) {
      expect(await find(name, value)).toEqual([connect]);
      expect(await find(name, 'other')).toEqual([]);
    }
    await expectError(find('colour', 'red'), 'InvalidParameterValue');
  });

  it('G-042 comes in pages', async () => {
    const { client, transport, connect } = await setUp();
    const ids = [connect];
    for (let count = 0; count < 5; count += 1) ids.push(await attachConnect(client, transport));
    const first = await client.describeTransitGatewayConnects({ MaxResults: 5 });
    const { NextToken } = first;
    const second = await client.describeTransitGatewayConnects({ MaxResults: 5, NextToken });
    const shown = [...first.TransitGatewayConnects!, ...second.TransitGatewayConnects!];
    expect(first.TransitGatewayConnects).toHaveLength(5);
    expect(shown.map((one) => one.TransitGatewayAttachmentId)).toEqual(ids);
    expect(second.NextToken).toBeUndefined();
  });
});
