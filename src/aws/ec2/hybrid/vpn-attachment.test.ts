import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import { launch } from '../../../../test/support/route-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type TestCloud,
  testCloud,
} from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTable,
  makeTransitGateway,
  routesOf,
} from '../../../../test/support/transit-fixture.ts';
import {
  connect,
  connectStatic,
  makeCustomerGateway,
  report,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let TransitGatewayId: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  TransitGatewayId = await makeTransitGateway(ec2);
});

const attachmentsOf = (id: string) => test.cloud.model.by('transit-gateway-attachment', 'vpn', id);
const attachmentOf = (id: string) => attachmentsOf(id)[0]!.id;
const joined = (kind: 'association' | 'propagation', id: string) =>
  test.cloud.model
    .by(`transit-gateway-route-table-${kind}`, 'attachment', attachmentOf(id))
    .map(({ routeTableId, state }) => [routeTableId, state]);

describe('the attachment of a VPN connection to a transit gateway', () => {
  it('C-025 C-055 is made with the connection, and joins the default table', async () => {
    test = await testCloud({ transitions: 'fast' });
    ec2 = test.ec2();
    TransitGatewayId = await makeTransitGateway(ec2);
    const CustomerGatewayId = await makeCustomerGateway(ec2);
    await test.advance(50);
    const id = (await connect(ec2, { TransitGatewayId, CustomerGatewayId })).VpnConnectionId!;
    const table = await defaultTable(ec2, TransitGatewayId);
    expect(attachmentsOf(id)).toMatchObject([
      { resourceType: 'vpn', state: 'pending', transitGatewayId: TransitGatewayId },
    ]);
    expect(joined('association', id)).toEqual([[table, 'associating']]);
    expect(joined('propagation', id)).toEqual([[table, 'enabling']]);
    await test.advance(50);
    expect(attachmentsOf(id)).toMatchObject([{ state: 'available' }]);
    expect(joined('association', id)).toEqual([[table, 'associated']]);
    expect(joined('propagation', id)).toEqual([[table, 'enabled']]);
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    expect(attachmentsOf(id)).toMatchObject([{ state: 'deleting' }]);
    await test.advance(50);
    expect(attachmentsOf(id)).toMatchObject([{ state: 'deleted' }]);
    expect(joined('association', id)).toEqual([]);
    expect(faultsOf(test.cloud.model)).toEqual([]);
    await test.advance(2 * 3_600_000);
    expect(attachmentsOf(id)).toEqual([]);
  });

  it('C-055 joins nothing where the gateway has no default tables', async () => {
    const own = await makeTransitGateway(ec2, {
      DefaultRouteTableAssociation: 'disable',
      DefaultRouteTablePropagation: 'disable',
    });
    const id = await connectStatic(ec2, { TransitGatewayId: own });
    expect([joined('association', id), joined('propagation', id)]).toEqual([[], []]);
  });

  it('C-061 C-062 a static one propagates nothing; static routes may lead to it', async () => {
    const id = await connectStatic(ec2, { TransitGatewayId });
    await report(test.cloud, id, 0, { ipsec: true });
    const table = await defaultTable(ec2, TransitGatewayId);
    expect(test.cloud.model.by('transit-gateway-route', 'table', table)).toEqual([]);
    const { Route } = await ec2.createTransitGatewayRoute({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '192.168.0.0/16',
      TransitGatewayAttachmentId: attachmentOf(id),
    });
    expect(Route).toMatchObject({
      Type: 'static',
      State: 'active',
      TransitGatewayAttachments: [{ ResourceType: 'vpn', ResourceId: id }],
    });
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    const replaced = await ec2.replaceTransitGatewayRoute({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '10.0.0.0/8',
      Blackhole: true,
    });
    expect(replaced.Route!.State).toBe('blackhole');
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });

  it('drops what is led to it: no tunnel is up', async () => {
    const id = await connectStatic(ec2, { TransitGatewayId });
    const { vpcId, subnetId } = await attachNewVpc(ec2, TransitGatewayId, '10.0.0.0/16');
    const table = await defaultTable(ec2, TransitGatewayId);
    await ec2.createTransitGatewayRoute({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '192.168.0.0/16',
      TransitGatewayAttachmentId: attachmentOf(id),
    });
    const main = test.cloud.model.first('route-table-association', 'main', vpcId)!;
    await ec2.createRoute({
      RouteTableId: main.routeTableId,
      DestinationCidrBlock: '192.168.0.0/16',
      TransitGatewayId,
    });
    const { eni: from } = await launch(ec2, subnetId);
    const { forward } = test.lab.trace({ from, to: '192.168.1.1', protocol: 'icmp' });
    expect(forward).toMatchObject({ reason: 'TGW_BAD_STATE_VPN', at: attachmentOf(id) });
  });

  it('C-011 keeps its gateway from being deleted', async () => {
    const id = await connectStatic(ec2, { TransitGatewayId });
    const remove = () => ec2.deleteTransitGateway({ TransitGatewayId });
    await expectError(
      remove(),
      'IncorrectState',
      `${TransitGatewayId} has non-deleted VPN Attachments: ${attachmentOf(id)}.`,
    );
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    await remove();
  });

  it('C-100 is the gateway owner’s to make', async () => {
    const stranger = connect(test.ec2(OTHER_ACCOUNT), { TransitGatewayId });
    await expectError(stranger, 'InvalidTransitGatewayID.NotFound');
  });

  it('is shown among all attachments, and is none of a VPC', async () => {
    const id = await connectStatic(ec2, { TransitGatewayId });
    const table = await defaultTable(ec2, TransitGatewayId);
    const all = await ec2.describeTransitGatewayVpcAttachments({});
    expect(all.TransitGatewayVpcAttachments).toEqual([]);
    const Filters = [
      { Name: 'resource-id', Values: [id] },
      { Name: 'resource-type', Values: ['vpn'] },
      { Name: 'transit-gateway-id', Values: [TransitGatewayId] },
    ];
    const found = await ec2.describeTransitGatewayAttachments({ Filters });
    expect(found.TransitGatewayAttachments).toMatchObject([
      {
        TransitGatewayAttachmentId: attachmentOf(id),
        TransitGatewayId,
        TransitGatewayOwnerId: ACCOUNT,
        ResourceOwnerId: ACCOUNT,
        ResourceType: 'vpn',
        ResourceId: id,
        State: 'available',
        Association: { TransitGatewayRouteTableId: table, State: 'associated' },
      },
    ]);
    const { Associations } = await ec2.getTransitGatewayRouteTableAssociations({
      TransitGatewayRouteTableId: table,
    });
    expect(Associations).toMatchObject([{ ResourceType: 'vpn', ResourceId: id }]);
  });

  it('C-066 C-067 its static route is the one that a search finds', async () => {
    const id = await connectStatic(ec2, { TransitGatewayId });
    await attachNewVpc(ec2, TransitGatewayId, '10.0.0.0/16');
    const table = await defaultTable(ec2, TransitGatewayId);
    await ec2.createTransitGatewayRoute({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '10.0.0.0/16',
      TransitGatewayAttachmentId: attachmentOf(id),
    });
    const routes = await routesOf(ec2, table);
    expect(routes).toMatchObject([
      { Type: 'static', State: 'active', TransitGatewayAttachments: [{ ResourceId: id }] },
    ]);
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    expect(await routesOf(ec2, table)).toMatchObject([{ Type: 'static', State: 'blackhole' }]);
  });

  it('C-051 C-054 may be moved to other tables', async () => {
    const id = await connectStatic(ec2, { TransitGatewayId });
    const TransitGatewayRouteTableId = await makeTable(ec2, TransitGatewayId);
    const first = await defaultTable(ec2, TransitGatewayId);
    const TransitGatewayAttachmentId = attachmentOf(id);
    const to = { TransitGatewayRouteTableId, TransitGatewayAttachmentId };
    const again = ec2.associateTransitGatewayRouteTable(to);
    await expectError(again, 'Resource.AlreadyAssociated');
    await ec2.disassociateTransitGatewayRouteTable({ ...to, TransitGatewayRouteTableId: first });
    await ec2.associateTransitGatewayRouteTable(to);
    await ec2.enableTransitGatewayRouteTablePropagation(to);
    expect(joined('association', id)).toEqual([[TransitGatewayRouteTableId, 'associated']]);
    expect(joined('propagation', id)).toHaveLength(2);
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });

  it('C-005 keeps its gateway’s number as it is', async () => {
    const change = (AmazonSideAsn: number) =>
      ec2.modifyTransitGateway({ TransitGatewayId, Options: { AmazonSideAsn } });
    await change(65_001);
    const id = await connectStatic(ec2, { TransitGatewayId });
    await expectError(change(65_002), 'IncorrectState', new RegExp(attachmentOf(id)));
    await change(65_001);
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    await change(65_002);
  });

  it('is deleted with its connection only', async () => {
    const id = await connectStatic(ec2, { TransitGatewayId });
    const TransitGatewayAttachmentId = attachmentOf(id);
    const remove = ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    await expectError(remove, 'InvalidTransitGatewayAttachmentID.NotFound');
  });
});
