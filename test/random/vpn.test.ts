/**
 * Random lives of VPNs: whatever is asked for, the model stays whole, what is propagated is what a
 * plain scan expects, and the tables that grew by it answer as a plain look through all routes.
 */
import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { ModelReader } from '../../src/model/model.ts';
import { isRunning } from '../../src/model/vpc/instance.ts';
import type { Route } from '../../src/model/vpc/route-table.ts';
import { type Cidr, containsCidr, containsIp, formatCidr } from '../../src/net/cidr.ts';
import { parseIp } from '../../src/net/ip.ts';
import { Random } from '../../src/net/random.ts';
import { faultsOf } from '../support/invariants.ts';
import { launch, makeTable } from '../support/route-fixture.ts';
import { type TestCloud, testCloud } from '../support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../support/vpc-fixture.ts';
import { makeCustomerGateway, makeVpnGateway, report } from '../support/vpn-fixture.ts';

const SEEDS = [1, 2, 3, 4];
const STEPS = 150;
const BLOCKS = ['10.0.0.0/8', '10.0.0.0/16', '10.0.1.0/24', '10.7.0.0/16', '10.7.7.0/24'];
const ADDRESSES = ['10.0.200.1', '10.7.7.7', '10.7.8.1', '10.200.0.1', '11.0.0.1'];

interface World {
  readonly test: TestCloud;
  readonly ec2: EC2;
  readonly random: Random;
  readonly vpcIds: readonly string[];
  readonly gatewayIds: readonly string[];
  readonly tableIds: readonly string[];
  readonly customerGatewayIds: readonly string[];
  /** An interface whose subnet uses the first table. */
  readonly from: string;
}

async function makeWorld(seed: number): Promise<World> {
  const test = await testCloud({ seed });
  const ec2 = test.ec2();
  const vpcs = [await makeVpc(ec2, '10.0.0.0/16'), await makeVpc(ec2, '10.9.0.0/16')];
  const [one, other] = vpcs.map(({ VpcId }) => VpcId) as [string, string];
  const tableIds = [
    await makeTable(ec2, one),
    await makeTable(ec2, one),
    await makeTable(ec2, other),
  ];
  const { SubnetId } = await makeSubnet(ec2, one, '10.0.1.0/24');
  await ec2.associateRouteTable({ RouteTableId: tableIds[0]!, SubnetId });
  const { eni: from } = await launch(ec2, SubnetId);
  const gatewayIds = [await makeVpnGateway(ec2), await makeVpnGateway(ec2)];
  await ec2.attachVpnGateway({ VpnGatewayId: gatewayIds[0]!, VpcId: one });
  return {
    test,
    ec2,
    random: new Random(seed),
    vpcIds: [one, other],
    gatewayIds,
    tableIds,
    customerGatewayIds: [
      await makeCustomerGateway(ec2, '203.0.113.1'),
      await makeCustomerGateway(ec2, '203.0.113.2'),
    ],
    from,
  };
}

/** One call, which may well be refused. */
async function step(world: World): Promise<void> {
  const { ec2, random, vpcIds, gatewayIds, tableIds, customerGatewayIds, test } = world;
  const VpnGatewayId = random.pick(gatewayIds);
  const RouteTableId = random.pick(tableIds);
  const block = random.pick(BLOCKS);
  const connections = [...test.cloud.model.all('vpn-connection')];
  const VpnConnectionId = connections.length === 0 ? 'vpn-00000000' : random.pick(connections).id;
  const attachment = { VpnGatewayId, VpcId: random.pick(vpcIds) };
  const propagation = { RouteTableId, GatewayId: VpnGatewayId };
  const route = { VpnConnectionId, DestinationCidrBlock: block };
  const calls: (() => Promise<unknown>)[] = [
    () => ec2.attachVpnGateway(attachment),
    () => ec2.attachVpnGateway(attachment),
    () => (random.chance(0.25) ? ec2.detachVpnGateway(attachment) : Promise.resolve()),
    () => ec2.enableVgwRoutePropagation(propagation),
    () => ec2.enableVgwRoutePropagation(propagation),
    () => ec2.disableVgwRoutePropagation(propagation),
    () =>
      ec2.createVpnConnection({
        Type: 'ipsec.1',
        CustomerGatewayId: random.pick(customerGatewayIds),
        VpnGatewayId,
        Options: { StaticRoutesOnly: true },
      }),
    () => (random.chance(0.3) ? ec2.deleteVpnConnection({ VpnConnectionId }) : Promise.resolve()),
    () => ec2.modifyVpnConnection({ VpnConnectionId, VpnGatewayId }),
    () => ec2.createVpnConnectionRoute(route),
    () => ec2.createVpnConnectionRoute(route),
    () => ec2.deleteVpnConnectionRoute(route),
    () => ec2.createRoute({ RouteTableId, DestinationCidrBlock: block, GatewayId: VpnGatewayId }),
    () => ec2.deleteRoute({ RouteTableId, DestinationCidrBlock: block }),
    () => ec2.associateVpcCidrBlock({ VpcId: vpcIds[0]!, CidrBlock: '10.7.0.0/16' }),
    () => forgetBlock(world),
  ];
  const up = () => report(test.cloud, VpnConnectionId, 0, { ipsec: random.chance(0.75) });
  const isKnown = connections.length > 0;
  const call = isKnown && random.chance(0.3) ? up : random.pick(calls);
  await call().catch((error: Error) => {
    // Anything but an answer of AWS's is a defect.
    if (!('$fault' in error)) throw error;
  });
}

async function forgetBlock({ ec2, test, vpcIds }: World): Promise<void> {
  const [, second] = test.cloud.model.get('vpc', vpcIds[0]!)!.cidrs;
  const AssociationId = second?.associationId ?? 'vpc-cidr-assoc-00000000';
  await ec2.disassociateVpcCidrBlock({ AssociationId });
}

/** H-044, as it reads: `TABLE BLOCK GATEWAY` of everything that should be propagated. */
function expectedRoutes(model: ModelReader): string[] {
  const expected = new Set<string>();
  for (const { routeTableId, vpnGatewayId } of model.all('vgw-route-propagation')) {
    const attachment = model.get('vpn-gateway', vpnGatewayId)!.attachment!;
    const { vpcId } = model.get('route-table', routeTableId)!;
    if (attachment.state !== 'attached' || attachment.vpcId !== vpcId) continue;
    for (const { vpnConnectionId, destination } of model.all('vpn-connection-route')) {
      const { gateway, tunnels, state } = model.get('vpn-connection', vpnConnectionId)!;
      if (gateway?.id !== vpnGatewayId || state !== 'available') continue;
      if (!tunnels.some(({ status }) => status.ipsec)) continue;
      expected.add(`${routeTableId} ${formatCidr(destination)} ${vpnGatewayId}`);
    }
  }
  return [...expected].sort();
}

function propagatedRoutes(model: ModelReader): string[] {
  const propagated = [...model.all('route')].filter(
    ({ origin }) => origin === 'EnableVgwRoutePropagation',
  );
  return propagated
    .map((route) => `${route.routeTableId} ${formatCidr(route.destination)} ${targetOf(route)}`)
    .sort();
}

const targetOf = ({ target }: Route) => (target.kind === 'local' ? 'local' : target.id);

/** as they read: which route decides for an address. */
function expectedRoute(model: ModelReader, tableId: string, address: string): string | undefined {
  const routes = [...model.all('route')].filter(({ routeTableId }) => routeTableId === tableId);
  const local: Cidr[] = routes
    .filter(({ origin }) => origin === 'CreateRouteTable')
    .map(({ destination }) => destination);
  const usable = routes
    .filter(({ destination }) => containsIp(destination, parseIp(address)!))
    .filter(
      ({ origin, destination }) =>
        origin !== 'EnableVgwRoutePropagation' ||
        !local.some((block) => containsCidr(block, destination)),
    );
  const rank = ({ origin }: Route) => Number(origin === 'EnableVgwRoutePropagation');
  usable.sort((a, b) => b.destination.length - a.destination.length || rank(a) - rank(b));
  const [best] = usable;
  return best && `${formatCidr(best.destination)} ${targetOf(best)} ${best.origin}`;
}

describe.each(SEEDS)('seed %i', (seed) => {
  it('H-044 A-024 A-025 A-026 propagation follows, and the tables with it', async () => {
    const world = await makeWorld(seed);
    const { test, tableIds, from } = world;
    const { model } = test.cloud;
    expect(isRunning([...model.all('instance')][0])).toBe(true);
    let propagated = 0;
    for (let count = 0; count < STEPS; count++) {
      await step(world);
      expect(faultsOf(model)).toEqual([]);
      const expected = expectedRoutes(model);
      expect(propagatedRoutes(model)).toEqual(expected);
      propagated += expected.length;
      for (const to of ADDRESSES) {
        const { forward } = test.lab.trace({ from, to, protocol: 'icmp' });
        const rule = forward.hops.find(({ kind }) => kind === 'route-table')?.rule;
        const decided = rule && `${rule.destinationCidrBlock} ${rule.target} ${rule.origin}`;
        expect(decided).toBe(expectedRoute(model, tableIds[0]!, to));
      }
    }
    expect(propagated).toBeGreaterThan(STEPS / 2);
  });
});
