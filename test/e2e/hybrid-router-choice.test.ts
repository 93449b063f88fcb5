/** Two real routers announce the same prefixes to a transit gateway: which of them it takes. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { BIRD, FRR, type Router } from '../support/bgp-router.ts';
import { RoutedCloud } from '../support/routed-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTransitGateway,
  routesOf,
} from '../support/transit-fixture.ts';
import { connect, makeCustomerGateway } from '../support/vpn-fixture.ts';

const needs = BIRD.needs ?? FRR.needs;
const what = 'a prefix that BIRD and FRR both announce';
const title = needs === undefined ? what : `skipped: needs ${needs}: ${what}`;

const [BIRD_ASN, FRR_ASN] = [65_010, 65_020];
const SHORTER = '10.100.0.0/24';
const LOWER = '10.101.0.0/24';
const ABOVE_DEFAULT = '10.102.0.0/24';
const BELOW_DEFAULT = '10.103.0.0/24';
const BIRD_ONLY = '10.104.0.0/24';

// What FRR announces has MED 0 unless it is told another; BIRD's has none.
const OF_BIRD = [
  { prefix: SHORTER, med: 500 },
  { prefix: LOWER, med: 30 },
  { prefix: ABOVE_DEFAULT },
  { prefix: BELOW_DEFAULT },
  { prefix: BIRD_ONLY },
];
const OF_FRR = [
  { prefix: SHORTER, med: 1, through: 65_099 },
  { prefix: LOWER, med: 20 },
  { prefix: ABOVE_DEFAULT, med: 101 },
  { prefix: BELOW_DEFAULT, med: 99 },
];

describe.skipIf(needs !== undefined)(title, () => {
  let cloud: RoutedCloud;
  let bird: Router;
  let frr: Router;
  let table: string;
  /** The connections' ids, by whose they are. */
  const connections = new Map<string, string>();

  beforeAll(async () => {
    cloud = await RoutedCloud.open();
    const { ec2 } = cloud;
    const gateway = await makeTransitGateway(ec2);
    await attachNewVpc(ec2, gateway, '10.1.0.0/16');
    table = await defaultTable(ec2, gateway);
    const stand = async (kind: typeof BIRD, asn: number, routes: typeof OF_BIRD) => {
      const customerGatewayId = await makeCustomerGateway(ec2, '203.0.113.1', asn);
      const request = { CustomerGatewayId: customerGatewayId, TransitGatewayId: gateway };
      const { VpnConnectionId } = await connect(ec2, request);
      connections.set(VpnConnectionId!, kind.name);
      return cloud.stand(kind, { name: kind.name, customerGatewayId, asn, routes });
    };
    bird = await stand(BIRD, BIRD_ASN, OF_BIRD);
    frr = await stand(FRR, FRR_ASN, OF_FRR);
  });
  afterAll(() => cloud.close());

  /** Whose each prefix is, by the gateway's table. */
  async function owners(): Promise<Record<string, string>> {
    const routes = await routesOf(cloud.ec2, table, [
      { Name: 'attachment.resource-type', Values: ['vpn'] },
    ]);
    return Object.fromEntries(
      routes.map(({ DestinationCidrBlock, TransitGatewayAttachments = [] }) => [
        DestinationCidrBlock!,
        TransitGatewayAttachments.map(({ ResourceId }) => connections.get(ResourceId!)).join(' '),
      ]),
    );
  }

  it('C-065 is of the shorter AS path, then of the lower MED, 100 where there is none', async () => {
    await cloud.until(
      {
        [SHORTER]: 'BIRD',
        [LOWER]: 'FRR',
        [ABOVE_DEFAULT]: 'BIRD',
        [BELOW_DEFAULT]: 'FRR',
        [BIRD_ONLY]: 'BIRD',
      },
      owners,
    );
  });

  it('C-103 H-103 is told to the other one, with the path it came by and without its MED', async () => {
    const told = async (router: Router) =>
      Object.entries(await router.learned())
        .map(([prefix, { path, med }]) => `${prefix}: ${path}, MED ${med}`)
        .sort();
    const vpc = '10.1.0.0/16: 64512, MED 100';
    const birds = [SHORTER, ABOVE_DEFAULT, BIRD_ONLY].map((prefix) => {
      return `${prefix}: 64512 ${BIRD_ASN}, MED 100`;
    });
    await cloud.until([vpc, ...birds].sort(), () => told(frr));
    const frrs = [LOWER, BELOW_DEFAULT].map((prefix) => `${prefix}: 64512 ${FRR_ASN}, MED 100`);
    await cloud.until([vpc, ...frrs].sort(), () => told(bird));
  });

  it('C-066 goes to the other one when the first is killed', async () => {
    await bird.stop('SIGKILL');
    await cloud.until(
      { [SHORTER]: 'FRR', [LOWER]: 'FRR', [ABOVE_DEFAULT]: 'FRR', [BELOW_DEFAULT]: 'FRR' },
      owners,
    );
    await cloud.until(['10.1.0.0/16'], async () => Object.keys(await frr.learned()));
  });
});
