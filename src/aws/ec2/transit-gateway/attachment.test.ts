import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTransitGateway,
  requestTransitPeering,
} from '../../../../test/support/transit-fixture.ts';

/** A gateway with an attached VPC, peered with another account's gateway. */
async function setUp() {
  const test = await testCloud();
  const [client, other] = [test.ec2(), test.ec2(OTHER_ACCOUNT)];
  const gateway = await makeTransitGateway(client);
  const vpc = await attachNewVpc(client, gateway, '10.0.0.0/16');
  const peer = await makeTransitGateway(other);
  const peering = await requestTransitPeering(client, gateway, peer, { account: OTHER_ACCOUNT });
  await other.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: peering });
  return { ...test, client, other, gateway, vpc, peer, peering };
}

describe('DescribeTransitGatewayAttachments', () => {
  it('C-052 C-138 shows every kind, with the association on the caller’s side', async () => {
    const { client, other, gateway, vpc, peer, peering } = await setUp();
    const { TransitGatewayAttachments } = await client.describeTransitGatewayAttachments({});
    const table = await defaultTable(client, gateway);
    const association = { TransitGatewayRouteTableId: table, State: 'associated' };
    const common = { State: 'available', CreationTime: expect.any(Date), Tags: [] };
    expect(TransitGatewayAttachments).toEqual([
      {
        ...common,
        TransitGatewayAttachmentId: vpc.attachmentId,
        TransitGatewayId: gateway,
        TransitGatewayOwnerId: ACCOUNT,
        ResourceOwnerId: ACCOUNT,
        ResourceType: 'vpc',
        ResourceId: vpc.vpcId,
        Association: association,
      },
      {
        ...common,
        TransitGatewayAttachmentId: peering,
        TransitGatewayId: gateway,
        TransitGatewayOwnerId: ACCOUNT,
        ResourceOwnerId: OTHER_ACCOUNT,
        ResourceType: 'peering',
        ResourceId: peer,
        Association: association,
      },
    ]);
    const theirs = await other.describeTransitGatewayAttachments({});
    expect(theirs.TransitGatewayAttachments).toEqual([
      {
        ...common,
        TransitGatewayAttachmentId: peering,
        TransitGatewayId: peer,
        TransitGatewayOwnerId: OTHER_ACCOUNT,
        ResourceOwnerId: ACCOUNT,
        ResourceType: 'peering',
        ResourceId: gateway,
        Association: {
          TransitGatewayRouteTableId: await defaultTable(other, peer),
          State: 'associated',
        },
      },
    ]);
  });

  it('C-138 shows a peering of two gateways of one account and Region once', async () => {
    const { client, gateway, peer, peering } = await setUp();
    const second = await makeTransitGateway(client);
    const own = await requestTransitPeering(client, gateway, second);
    const find = async (value: string) => {
      const Filters = [
        { Name: 'resource-type', Values: ['peering'] },
        { Name: 'transit-gateway-id', Values: [value] },
      ];
      const found = await client.describeTransitGatewayAttachments({ Filters });
      return found.TransitGatewayAttachments!.map((one) => one.TransitGatewayAttachmentId);
    };
    expect(await find(gateway)).toEqual([peering, own]);
    expect(await find(second)).toEqual([own]);
    expect(await find(peer)).toEqual([]);
  });

  it('G-037 filters by resource, association, state and owners', async () => {
    const { client, gateway, vpc, peer, peering } = await setUp();
    const gone = await attachNewVpc(client, gateway, '10.1.0.0/16');
    await client.deleteTransitGatewayVpcAttachment({
      TransitGatewayAttachmentId: gone.attachmentId,
    });
    await client.createTags({
      Resources: [vpc.attachmentId],
      Tags: [{ Key: 'Name', Value: 'first' }],
    });
    const table = await defaultTable(client, gateway);
    for (const [Name, value, found] of [
      ['association.state', 'associated', [vpc.attachmentId, peering]],
      ['association.transit-gateway-route-table-id', table, [vpc.attachmentId, peering]],
      ['resource-id', vpc.vpcId, [vpc.attachmentId]],
      ['resource-id', peer, [peering]],
      ['resource-owner-id', OTHER_ACCOUNT, [peering]],
      ['resource-type', 'vpc', [vpc.attachmentId, gone.attachmentId]],
      ['state', 'deleted', [gone.attachmentId]],
      ['transit-gateway-attachment-id', peering, [peering]],
      ['transit-gateway-owner-id', OTHER_ACCOUNT, []],
      ['tag:Name', 'first', [vpc.attachmentId]],
    ] as const) {
      const Filters = [{ Name, Values: [value] }];
      const { TransitGatewayAttachments } = await client.describeTransitGatewayAttachments({
        Filters,
      });
      const ids = TransitGatewayAttachments!.map((one) => one.TransitGatewayAttachmentId);
      expect([Name, ids]).toEqual([Name, found]);
    }
  });

  it('C-030 C-053 knows ids, and shows no association where there is none', async () => {
    const { client, vpc, gateway, ec2 } = await setUp();
    const ask = (id: string, from = client) =>
      from.describeTransitGatewayAttachments({ TransitGatewayAttachmentIds: [id] });
    await client.disassociateTransitGatewayRouteTable({
      TransitGatewayRouteTableId: await defaultTable(client, gateway),
      TransitGatewayAttachmentId: vpc.attachmentId,
    });
    const { TransitGatewayAttachments } = await ask(vpc.attachmentId);
    expect(TransitGatewayAttachments![0]!.Association).toBeUndefined();
    const unseen = 'InvalidTransitGatewayAttachmentID.NotFound';
    await expectError(ask('tgw-attach-0123456789abcdef0'), unseen);
    await expectError(ask(vpc.attachmentId, ec2('333333333333')), unseen);
    await expectError(ask('tgw-attach'), 'InvalidTransitGatewayAttachmentID.Malformed');
  });
});

describe('CreateTags', () => {
  it('G-034 tags each kind, for those who see it', async () => {
    const { client, gateway, vpc, peering, ec2 } = await setUp();
    const table = await defaultTable(client, gateway);
    const policy = await client.createTransitGatewayPolicyTable({ TransitGatewayId: gateway });
    const ids = [
      gateway,
      vpc.attachmentId,
      peering,
      table,
      policy.TransitGatewayPolicyTable!.TransitGatewayPolicyTableId!,
    ];
    const Tags = [{ Key: 'team', Value: 'net' }];
    await client.createTags({ Resources: ids, Tags });
    const shown = await client.describeTags({});
    expect(shown.Tags!.map(({ ResourceType }) => ResourceType)).toEqual([
      'transit-gateway',
      'transit-gateway-attachment',
      'transit-gateway-attachment',
      'transit-gateway-route-table',
      'transit-gateway-policy-table',
    ]);
    const stranger = ec2('333333333333');
    for (const id of ids) {
      const call = stranger.createTags({ Resources: [id], Tags });
      await expectError(call, `${codeOf(id)}.NotFound`);
    }
  });
});

/** The code of an id that is not found, without its end. */
function codeOf(id: string): string {
  if (id.startsWith('tgw-attach')) return 'InvalidTransitGatewayAttachmentID';
  if (id.startsWith('tgw-rtb')) return 'InvalidRouteTableID';
  return id.startsWith('tgw-ptb')
    ? 'InvalidTransitGatewayPolicyTableId'
    : 'InvalidTransitGatewayID';
}
