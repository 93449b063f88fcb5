import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import {
  launch,
  lookAtTable,
  mainTable,
  makeGateway,
  makeTable,
} from '../../../../test/support/route-fixture.ts';
import { type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../../test/support/vpc-fixture.ts';
import {
  addRoute,
  attachNewGateway,
  connectStatic,
  makeCustomerGateway,
  makeVpnGateway,
  report,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let GatewayId: string;
let VpcId: string;
let RouteTableId: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  ({ vpnGatewayId: GatewayId, vpcId: VpcId } = await attachNewGateway(ec2));
  RouteTableId = await makeTable(ec2, VpcId);
});

const enable = (table = RouteTableId, gateway = GatewayId) =>
  ec2.enableVgwRoutePropagation({ RouteTableId: table, GatewayId: gateway });
const disable = (table = RouteTableId, gateway = GatewayId) =>
  ec2.disableVgwRoutePropagation({ RouteTableId: table, GatewayId: gateway });

/** A static connection of the gateway with a route, and its first tunnel up. */
async function connectUp(block = '192.168.0.0/16', address = '203.0.113.1'): Promise<string> {
  const CustomerGatewayId = await makeCustomerGateway(ec2, address);
  const id = await connectStatic(ec2, { VpnGatewayId: GatewayId, CustomerGatewayId });
  await addRoute(ec2, id, block);
  await report(test.cloud, id, 0, { ipsec: true });
  return id;
}

/** The destinations that a table has from a gateway. */
async function propagated(table = RouteTableId): Promise<(string | undefined)[]> {
  const { Routes } = await lookAtTable(ec2, table);
  expect(faultsOf(test.cloud.model)).toEqual([]);
  return Routes!
    .filter(({ Origin }) => Origin === 'EnableVgwRoutePropagation')
    .map(({ DestinationCidrBlock }) => DestinationCidrBlock);
}

describe('EnableVgwRoutePropagation', () => {
  it('H-043 the table lists the gateway, however often it is asked for', async () => {
    await enable();
    await enable();
    const { PropagatingVgws } = await lookAtTable(ec2, RouteTableId);
    expect(PropagatingVgws).toEqual([{ GatewayId }]);
    await disable();
    await disable();
    expect((await lookAtTable(ec2, RouteTableId)).PropagatingVgws).toEqual([]);
  });

  it('H-043 needs a gateway that the table’s VPC has', async () => {
    const { VpcId: elsewhere } = await makeVpc(ec2, '10.1.0.0/16');
    const table = await makeTable(ec2, elsewhere);
    await expectError(enable(table), 'Gateway.NotAttached');
    const loose = await makeVpnGateway(ec2);
    await expectError(enable(RouteTableId, loose), 'Gateway.NotAttached');
    await ec2.detachVpnGateway({ VpnGatewayId: GatewayId, VpcId });
    await expectError(enable(), 'Gateway.NotAttached');
  });

  it('H-043 has the errors of ids', async () => {
    for (const call of [enable, disable]) {
      await expectError(call('rtb-0123456789abcdef0'), 'InvalidRouteTableID.NotFound');
      const unknown = call(RouteTableId, 'vgw-0123456789abcdef0');
      await expectError(unknown, 'InvalidVpnGatewayID.NotFound');
      await expectError(call(RouteTableId, 'igw-1'), 'InvalidVpnGatewayID.Malformed');
    }
  });

  it('A-042 H-044 the routes of a tunnel that is up are in the table, and say whose they are', async () => {
    await connectUp();
    expect(await propagated()).toEqual([]);
    await enable();
    const { Routes } = await lookAtTable(ec2, RouteTableId);
    expect(Routes).toContainEqual({
      DestinationCidrBlock: '192.168.0.0/16',
      GatewayId,
      Origin: 'EnableVgwRoutePropagation',
      State: 'active',
    });
    expect(await propagated((await mainTable(ec2, VpcId)).RouteTableId)).toEqual([]);
  });

  it('H-044 a route goes with the last tunnel that it comes from', async () => {
    await enable();
    const one = await connectUp('192.168.0.0/16');
    const other = await connectUp('192.168.0.0/16', '203.0.113.2');
    await addRoute(ec2, other, '172.16.0.0/12');
    expect(await propagated()).toEqual(['192.168.0.0/16', '172.16.0.0/12']);
    await report(test.cloud, one, 1, { ipsec: true });
    await report(test.cloud, one, 0, { ipsec: false });
    await report(test.cloud, other, 0, { ipsec: false });
    expect(await propagated()).toEqual(['192.168.0.0/16']);
    await report(test.cloud, one, 1, { ipsec: false });
    expect(await propagated()).toEqual([]);
  });

  it('H-044 what is not yet available, or is on its way out, is not propagated', async () => {
    const fast = await testCloud({ transitions: 'fast' });
    test = fast;
    ec2 = fast.ec2();
    ({ VpcId } = await makeVpc(ec2));
    GatewayId = await makeVpnGateway(ec2);
    await makeCustomerGateway(ec2);
    await fast.advance(50);
    await ec2.attachVpnGateway({ VpnGatewayId: GatewayId, VpcId });
    RouteTableId = await makeTable(ec2, VpcId);
    await enable();
    const id = await connectStatic(ec2, { VpnGatewayId: GatewayId });
    await fast.advance(50);
    await report(fast.cloud, id, 0, { ipsec: true });
    await addRoute(ec2, id, '192.168.0.0/16');
    expect(await propagated()).toEqual([]);
    await fast.advance(50);
    expect(await propagated()).toEqual(['192.168.0.0/16']);
    const route = { VpnConnectionId: id, DestinationCidrBlock: '192.168.0.0/16' };
    await ec2.deleteVpnConnectionRoute(route);
    expect(await propagated()).toEqual([]);
    await fast.advance(50);
    await ec2.createVpnConnectionRoute(route);
    await fast.advance(50);
    expect(await propagated()).toEqual(['192.168.0.0/16']);
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    expect(await propagated()).toEqual([]);
  });

  it('H-041 H-044 routes come when the gateway is attached, and no earlier', async () => {
    const fast = await testCloud({ transitions: 'fast' });
    test = fast;
    ec2 = fast.ec2();
    ({ VpcId } = await makeVpc(ec2));
    GatewayId = await makeVpnGateway(ec2);
    const CustomerGatewayId = await makeCustomerGateway(ec2);
    await fast.advance(50);
    const id = await connectStatic(ec2, { VpnGatewayId: GatewayId, CustomerGatewayId });
    await fast.advance(50);
    await addRoute(ec2, id, '192.168.0.0/16');
    await fast.advance(50);
    await report(fast.cloud, id, 0, { ipsec: true });
    await ec2.attachVpnGateway({ VpnGatewayId: GatewayId, VpcId });
    RouteTableId = await makeTable(ec2, VpcId);
    await enable();
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock: '172.16.0.0/12', GatewayId });
    expect(await propagated()).toEqual([]);
    expect((await lookAtTable(ec2, RouteTableId)).Routes![1]!.State).toBe('blackhole');
    await fast.advance(50);
    expect(await propagated()).toEqual(['192.168.0.0/16']);
    expect((await lookAtTable(ec2, RouteTableId)).Routes![1]!.State).toBe('active');
  });

  it('H-045 they stay while the tunnel is up, whatever becomes of the packets', async () => {
    await enable();
    await connectUp();
    await test.advance(30 * 24 * 3_600_000);
    expect(await propagated()).toEqual(['192.168.0.0/16']);
  });

  it('A-026 stand beside a route that was made to the same block', async () => {
    await enable();
    const igw = await makeGateway(ec2, VpcId);
    const DestinationCidrBlock = '192.168.0.0/16';
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId: igw });
    await connectUp();
    const shown = async () =>
      (await lookAtTable(ec2, RouteTableId))
        .Routes!.filter((route) => route.DestinationCidrBlock === DestinationCidrBlock)
        .map((route) => [route.GatewayId, route.Origin]);
    expect(await shown()).toEqual([
      [igw, 'CreateRoute'],
      [GatewayId, 'EnableVgwRoutePropagation'],
    ]);
    await ec2.deleteRoute({ RouteTableId, DestinationCidrBlock });
    expect(await shown()).toEqual([[GatewayId, 'EnableVgwRoutePropagation']]);
    // What is propagated is nobody's to delete or to replace.
    const remove = ec2.deleteRoute({ RouteTableId, DestinationCidrBlock });
    await expectError(remove, 'InvalidRoute.NotFound');
    const replace = ec2.replaceRoute({ RouteTableId, DestinationCidrBlock, GatewayId: igw });
    await expectError(replace, 'InvalidParameterValue');
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId: igw });
    expect(await shown()).toHaveLength(2);
  });

  it('A-025 those inside the VPC are shown, and lead nowhere', async () => {
    await enable();
    await connectUp('10.0.5.0/24');
    expect(await propagated()).toEqual(['10.0.5.0/24']);
    const { SubnetId } = await makeSubnet(ec2, VpcId, '10.0.1.0/24');
    await ec2.associateRouteTable({ RouteTableId, SubnetId });
    const { eni: from } = await launch(ec2, SubnetId);
    const { forward } = test.lab.trace({ from, to: '10.0.5.77', protocol: 'icmp' });
    const hop = forward.hops.find(({ kind }) => kind === 'route-table');
    expect(hop!.rule).toMatchObject({ destinationCidrBlock: '10.0.0.0/16', target: 'local' });
  });

  it('A-037 a table takes a hundred of them', async () => {
    await enable();
    const id = await connectUp('192.168.0.0/24');
    for (let third = 1; third < 100; third++) await addRoute(ec2, id, `192.168.${third}.0/24`);
    const other = await connectUp('10.200.0.0/16', '203.0.113.2');
    const taken = await propagated();
    expect(taken).toHaveLength(100);
    expect(taken).toContain('10.200.0.0/16');
    expect(taken).not.toContain('192.168.99.0/24');
    await ec2.deleteVpnConnection({ VpnConnectionId: other });
    expect(await propagated()).toContain('192.168.99.0/24');
  });

  it('A-037 they do not count with the routes that are made', async () => {
    await enable();
    const id = await connectUp();
    for (let third = 0; third < 60; third++) await addRoute(ec2, id, `172.16.${third}.0/24`);
    for (let third = 0; third < 50; third++) {
      const DestinationCidrBlock = `172.17.${third}.0/24`;
      await ec2.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId });
    }
    const more = ec2.createRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
    await expectError(more, 'RouteLimitExceeded');
  });
});

describe('what ends it', () => {
  it('H-044 disabling takes what was propagated from that table, and nothing else', async () => {
    const second = await makeTable(ec2, VpcId);
    await enable();
    await enable(second);
    await connectUp();
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock: '172.16.0.0/12', GatewayId });
    await disable();
    expect(await propagated()).toEqual([]);
    expect(await propagated(second)).toEqual(['192.168.0.0/16']);
    const { Routes } = await lookAtTable(ec2, RouteTableId);
    expect(Routes).toContainEqual({
      DestinationCidrBlock: '172.16.0.0/12',
      GatewayId,
      Origin: 'CreateRoute',
      State: 'active',
    });
  });

  it('A-039 H-046 detaching takes them and the setting away, and leaves black holes', async () => {
    await enable();
    await connectUp();
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock: '172.16.0.0/12', GatewayId });
    await ec2.detachVpnGateway({ VpnGatewayId: GatewayId, VpcId });
    const { Routes, PropagatingVgws } = await lookAtTable(ec2, RouteTableId);
    expect(PropagatingVgws).toEqual([]);
    expect(Routes!.map(({ State, Origin }) => [Origin, State])).toEqual([
      ['CreateRouteTable', 'active'],
      ['CreateRoute', 'blackhole'],
    ]);
    await ec2.attachVpnGateway({ VpnGatewayId: GatewayId, VpcId });
    expect((await lookAtTable(ec2, RouteTableId)).Routes![1]!.State).toBe('active');
    expect(await propagated()).toEqual([]);
    await enable();
    expect(await propagated()).toEqual(['192.168.0.0/16']);
  });

  it('a table that is deleted takes its part away', async () => {
    await enable();
    await connectUp();
    await ec2.deleteRouteTable({ RouteTableId });
    expect([...test.cloud.model.all('vgw-route-propagation')]).toEqual([]);
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });
});

describe('routes to a virtual private gateway', () => {
  it('A-053 A-054 lead to one that the VPC has', async () => {
    const route = (id: string) =>
      ec2.createRoute({ RouteTableId, DestinationCidrBlock: '192.168.0.0/16', GatewayId: id });
    await expectError(route('vgw-0123456789abcdef0'), 'InvalidGatewayID.NotFound');
    await expectError(route(await makeVpnGateway(ec2)), 'Gateway.NotAttached');
    const { vpnGatewayId } = await attachNewGateway(ec2, '10.1.0.0/16');
    await expectError(route(vpnGatewayId), 'InvalidParameterValue');
    await route(GatewayId);
    const Filters = [{ Name: 'route.gateway-id', Values: [GatewayId] }];
    const { RouteTables } = await ec2.describeRouteTables({ Filters });
    expect(RouteTables!.map((table) => table.RouteTableId)).toEqual([RouteTableId]);
    const inside = ec2.createRoute({
      RouteTableId,
      DestinationCidrBlock: '10.0.1.0/24',
      GatewayId,
    });
    await expectError(inside, 'InvalidParameterValue');
  });

  it('A-041 one that is deleted leaves black holes', async () => {
    await ec2.createRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
    await ec2.detachVpnGateway({ VpnGatewayId: GatewayId, VpcId });
    await ec2.deleteVpnGateway({ VpnGatewayId: GatewayId });
    await test.advance(2 * 3_600_000);
    const { Routes } = await lookAtTable(ec2, RouteTableId);
    expect(Routes![1]).toMatchObject({ GatewayId, State: 'blackhole' });
    const again = ec2.createRoute({
      RouteTableId,
      DestinationCidrBlock: '192.168.0.0/16',
      GatewayId,
    });
    await expectError(again, 'InvalidGatewayID.NotFound');
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });
});
