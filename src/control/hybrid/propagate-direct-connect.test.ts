import { beforeEach, describe, expect, it } from 'vitest';
import {
  associate,
  establish,
  FAR,
  LOCATION,
  learnOver,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
} from '../../../test/support/direct-connect-fixture.ts';
import { mainTable } from '../../../test/support/route-fixture.ts';
import { ACCOUNT, REGION, type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import { attachNewGateway, learned } from '../../../test/support/vpn-fixture.ts';
import { virtualInterfaceLink } from '../../model/hybrid/link.ts';
import { learnedTransitRouteId } from '../../model/transit-gateway/route.ts';
import { propagatedRouteId } from '../../model/vpc/route-table.ts';
import { type Cidr, parseCidr4 } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';
import { reportSessions } from './bgp-report.ts';
import { propagateDirectConnect, propagateLink } from './propagate-link.ts';

/** Nobody offers it: whoever propagates anew takes it out again. */
const STALE: Cidr = parseCidr4('192.0.2.0/24')!;

let test: TestCloud;
beforeEach(async () => {
  test = await testCloud();
});

/** A VPC's table with a route that its gateway does not offer. */
async function staleVpcRoute(): Promise<{ gateway: string; plant: (tx: Transaction) => string }> {
  const ec2 = test.ec2();
  const { vpnGatewayId: id, vpcId } = await attachNewGateway(ec2);
  const { RouteTableId } = await mainTable(ec2, vpcId);
  await ec2.enableVgwRoutePropagation({ RouteTableId, GatewayId: id });
  const routeTableId = RouteTableId!;
  const plant = (tx: Transaction) =>
    tx.put('route', {
      id: propagatedRouteId(routeTableId, STALE, id),
      routeTableId,
      destination: STALE,
      target: { kind: 'vpn-gateway', id },
      origin: 'EnableVgwRoutePropagation',
    }).id;
  return { gateway: id, plant };
}

const routes = () => [...test.cloud.model.all('route')].map(({ id }) => id);

it('H-082 each transit gateway prefers the location of its own Region', async () => {
  const dx = test.directConnect();
  const gateway = await makeGateway(dx);
  const regions = [REGION, FAR.region] as const;
  const links: string[] = [];
  for (const [index, region] of regions.entries()) {
    const ec2 = test.ec2(ACCOUNT, region);
    const transit = await makeTransitGateway(ec2, { AmazonSideAsn: 64_700 + index });
    await associate(dx, gateway, transit, [`10.${index}.0.0/16`]);
    const there = test.directConnect(ACCOUNT, region);
    const location = index === 0 ? LOCATION : FAR.location;
    const line = await makeConnection(there, '1Gbps', location);
    const made = await makeTransit(there, line, { directConnectGatewayId: gateway });
    links.push(made.virtualInterfaceId!);
    await learnOver(test, made.virtualInterfaceId!, ['192.168.0.0/16']);
  }
  const chosen = () =>
    regions.map((region) => {
      const mine = [...test.cloud.model.all('transit-gateway-learned-route')].filter(
        ({ transitGatewayId }) =>
          test.cloud.model.get('transit-gateway', transitGatewayId)?.region === region,
      );
      return mine.flatMap(({ linkIds }) => linkIds);
    });
  expect(chosen()).toEqual([[links[0]], [links[1]]]);
  const before = [...test.cloud.model.all('transit-gateway-learned-route')];
  await test.cloud.execute((tx) => propagateDirectConnect(tx, gateway));
  // Nothing is written anew where nothing is another.
  const after = [...test.cloud.model.all('transit-gateway-learned-route')];
  expect(after.every((route, index) => route === before[index])).toBe(true);
  await test.cloud.execute((tx) => {
    const [session] = tx.by('bgp-session', 'link', links[0]!);
    reportSessions(tx, [{ session: session!, established: false, announced: [], withdrawn: [] }]);
  });
  expect(chosen()).toEqual([[links[1]], [links[1]]]);
});

describe('what follows when Direct Connect has something else', () => {
  it('a virtual private gateway of the Direct Connect gateway propagates anew', async () => {
    const { gateway, plant } = await staleVpcRoute();
    const dx = test.directConnect();
    const id = await makeGateway(dx);
    await associate(dx, id, gateway);
    const stale = await test.cloud.execute(plant);
    expect(routes()).toContain(stale);
    await test.cloud.execute((tx) => propagateDirectConnect(tx, id));
    expect(routes()).not.toContain(stale);
  });

  it('so does one that a virtual interface leads to by itself', async () => {
    const { gateway: virtualGatewayId, plant } = await staleVpcRoute();
    const dx = test.directConnect();
    const one = await makePrivate(dx, await makeConnection(dx), { virtualGatewayId });
    const stale = await test.cloud.execute(plant);
    await establish(test, one.virtualInterfaceId!);
    await test.cloud.execute((tx) =>
      propagateLink(
        tx,
        virtualInterfaceLink(tx.get('direct-connect-virtual-interface', one.virtualInterfaceId!)!),
      ),
    );
    expect(routes()).not.toContain(stale);
  });

  it('so does the attachment to a transit gateway', async () => {
    const ec2 = test.ec2();
    const dx = test.directConnect();
    const transitGatewayId = await makeTransitGateway(ec2);
    const id = await makeGateway(dx);
    await associate(dx, id, transitGatewayId, ['10.0.0.0/8']);
    const [attachment] = [...test.cloud.model.all('transit-gateway-attachment')];
    const attachmentId = attachment!.id;
    const resourceType = 'direct-connect-gateway';
    const place = { transitGatewayId, attachmentId, resourceType, destination: STALE } as const;
    const { path } = learned(STALE);
    const stale = {
      id: learnedTransitRouteId(attachmentId, STALE),
      ...place,
      path,
      linkIds: ['x'],
    };
    await test.cloud.execute((tx) => tx.put('transit-gateway-learned-route', stale));
    await test.cloud.execute((tx) => propagateDirectConnect(tx, id));
    expect([...test.cloud.model.all('transit-gateway-learned-route')]).toEqual([]);
  });
});
