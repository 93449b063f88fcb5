import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { makeList } from '../../../../test/support/prefix-list-fixture.ts';
import { testCloud } from '../../../../test/support/test-cloud.ts';
import {
  type AttachedVpc,
  attachNewVpc,
  defaultTable,
  makeTable,
  makeTransitGateway,
  peerGateways,
  routesOf,
} from '../../../../test/support/transit-fixture.ts';

let client: EC2;
let table: string;
let empty: string;
let vpc: AttachedVpc;
let peering: string;
let peer: string;
let list: string;

beforeAll(async () => {
  const { ec2 } = await testCloud();
  client = ec2();
  const gateway = await makeTransitGateway(client);
  peer = await makeTransitGateway(client);
  table = await defaultTable(client, gateway);
  empty = await makeTable(client, gateway);
  vpc = await attachNewVpc(client, gateway, '10.0.0.0/16');
  peering = await peerGateways(client, gateway, peer);
  const TransitGatewayRouteTableId = table;
  for (const [DestinationCidrBlock, TransitGatewayAttachmentId] of [
    ['0.0.0.0/0', peering],
    ['10.0.0.0/8', peering],
    ['10.0.4.0/24', undefined],
    ['2001:db8::/32', peering],
  ] as const) {
    await client.createTransitGatewayRoute({
      TransitGatewayRouteTableId,
      DestinationCidrBlock,
      ...(TransitGatewayAttachmentId ? { TransitGatewayAttachmentId } : { Blackhole: true }),
    });
  }
  // One entry is hidden by a static route, one hides a propagated route.
  list = await makeList(client, ['10.0.0.0/8', '10.0.0.0/16', '192.168.0.0/16']);
  await client.createTransitGatewayPrefixListReference({
    TransitGatewayRouteTableId,
    PrefixListId: list,
    TransitGatewayAttachmentId: peering,
  });
});

async function find(...filters: readonly (readonly [name: string, ...values: string[]])[]) {
  const Filters = filters.map(([Name, ...Values]) => ({ Name, Values }));
  const routes = await routesOf(client, table, Filters);
  return routes.map((route) => route.DestinationCidrBlock).sort();
}

const exact = 'route-search.exact-match';
const longest = 'route-search.longest-prefix-match';
const inside = 'route-search.subnet-of-match';
const around = 'route-search.supernet-of-match';
const ALL = [
  '0.0.0.0/0',
  '10.0.0.0/16',
  '10.0.0.0/8',
  '10.0.4.0/24',
  '192.168.0.0/16',
  '2001:db8::/32',
];

describe('SearchTransitGatewayRoutes', () => {
  it('C-066 shows of each destination the route that holds', async () => {
    expect(await find(['state', '*'])).toEqual(ALL);
    expect(await find(['state', 'active', 'blackhole'])).toEqual(ALL);
  });

  it('C-064 a static route before a list’s, a list’s before a propagated one', async () => {
    const routes = await routesOf(client, table);
    const kind = (block: string) => {
      const route = routes.find((one) => one.DestinationCidrBlock === block)!;
      return [route.Type, route.PrefixListId];
    };
    expect(kind('10.0.0.0/8')).toEqual(['static', undefined]);
    expect(kind('10.0.0.0/16')).toEqual(['propagated', list]);
    expect(kind('192.168.0.0/16')).toEqual(['propagated', list]);
  });

  it.each<[string, string[], string[]]>([
    ['one', ['10.0.0.0/16'], ['10.0.0.0/16']],
    ['the static one of several', ['10.0.0.0/8'], ['10.0.0.0/8']],
    ['neither larger nor smaller ones', ['10.0.0.0/12'], []],
    ['any of several values', ['0.0.0.0/0', '10.0.4.0/24'], ['0.0.0.0/0', '10.0.4.0/24']],
    ['of IPv6', ['2001:db8::/32'], ['2001:db8::/32']],
    ['host bits apart', ['10.0.4.9/24'], ['10.0.4.0/24']],
  ])('C-077 exact: %s', async (_what, values, found) => {
    expect(await find([exact, ...values])).toEqual(found);
  });

  it.each<[string, string[]]>([
    ['10.0.0.0/8', ['10.0.0.0/16', '10.0.0.0/8', '10.0.4.0/24']],
    ['10.0.0.0/16', ['10.0.0.0/16', '10.0.4.0/24']],
    ['10.0.5.0/24', []],
    ['0.0.0.0/0', ALL.slice(0, -1)],
    ['::/0', ['2001:db8::/32']],
  ])('C-077 subnets of %s', async (block, found) => {
    expect(await find([inside, block])).toEqual(found);
  });

  it.each<[string, string[]]>([
    ['10.0.4.0/24', ['0.0.0.0/0', '10.0.0.0/16', '10.0.0.0/8', '10.0.4.0/24']],
    ['10.0.0.0/8', ['0.0.0.0/0', '10.0.0.0/8']],
    ['10.200.0.0/16', ['0.0.0.0/0', '10.0.0.0/8']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['2001:db8:1::/48', ['2001:db8::/32']],
    ['2001:db9::/48', []],
  ])('C-077 supernets of %s', async (block, found) => {
    expect(await find([around, block])).toEqual(found);
  });

  it.each<[string, string[]]>([
    ['10.0.4.7', ['10.0.4.0/24']],
    ['10.0.5.7', ['10.0.0.0/16']],
    ['10.9.0.1', ['10.0.0.0/8']],
    ['8.8.8.8', ['0.0.0.0/0']],
    ['2001:db8::7', ['2001:db8::/32']],
    ['2001:db9::7', []],
    ['10.0.0.0/12', ['10.0.0.0/8']],
  ])('C-063 C-078 the longest prefix that holds %s', async (value, found) => {
    expect(await find([longest, value])).toEqual(found);
  });

  it.each<[string, string, string[]]>([
    ['by state', 'state=blackhole', ['10.0.4.0/24']],
    ['by type', 'type=static', ['0.0.0.0/0', '10.0.0.0/8', '10.0.4.0/24', '2001:db8::/32']],
    ['by type', 'type=propagated', ['10.0.0.0/16', '192.168.0.0/16']],
    ['by resource type', 'attachment.resource-type=vpc', []],
    ['by resource type', 'attachment.resource-type=peering', ALL.toSpliced(3, 1)],
  ])('C-076 filters %s: %s', async (_what, filter, found) => {
    const [name, value] = filter.split('=') as [string, string];
    expect(await find([name, value])).toEqual(found);
  });

  it('C-076 filters by attachment, resource and list', async () => {
    const all = ALL.toSpliced(3, 1);
    expect(await find(['attachment.transit-gateway-attachment-id', peering])).toEqual(all);
    expect(await find(['attachment.transit-gateway-attachment-id', vpc.attachmentId])).toEqual([]);
    expect(await find(['attachment.resource-id', peer])).toEqual(all);
    expect(await find(['prefix-list-id', list])).toEqual(['10.0.0.0/16', '192.168.0.0/16']);
  });

  it('G-037 joins filters of different names', async () => {
    expect(await find([inside, '10.0.0.0/8'], ['type', 'static'])).toEqual([
      '10.0.0.0/8',
      '10.0.4.0/24',
    ]);
    expect(await find([inside, '10.0.0.0/8'], [around, '10.0.0.0/16'])).toEqual([
      '10.0.0.0/16',
      '10.0.0.0/8',
    ]);
    expect(await find([longest, '10.0.4.7'], ['state', 'active'])).toEqual([]);
    expect(await find([exact, '10.0.0.0/8'], [exact, '10.0.0.0/16'])).toEqual([]);
  });

  it('C-079 knows no other filter, and only blocks', async () => {
    await expectError(find(['colour', 'red']), 'InvalidParameterValue');
    for (const name of [exact, longest, inside, around]) {
      await expectError(find([name, 'ten']), 'InvalidParameterValue');
    }
    const call = client.searchTransitGatewayRoutes({
      TransitGatewayRouteTableId: table,
      Filters: undefined as never,
    });
    await expectError(call, 'MissingParameter');
  });

  it('G-039 has an end of filters and of their values', async () => {
    const values = Array.from({ length: 201 }, (_, third) => `10.0.${third}.0/24`);
    await expectError(find([exact, ...values]), 'FilterLimitExceeded');
    const filters = Array.from({ length: 51 }, () => [exact, '10.0.0.0/8'] as const);
    await expectError(find(...filters), 'FilterLimitExceeded');
  });

  it('C-080 gives pages and says that there is more', async () => {
    const request = {
      TransitGatewayRouteTableId: table,
      Filters: [{ Name: 'state', Values: ['*'] }],
      MaxResults: 5,
    };
    const first = await client.searchTransitGatewayRoutes(request);
    expect([first.Routes!.length, first.AdditionalRoutesAvailable]).toEqual([5, true]);
    const second = await client.searchTransitGatewayRoutes({
      ...request,
      NextToken: first.NextToken!,
    });
    expect([second.Routes!.length, second.AdditionalRoutesAvailable]).toEqual([1, false]);
    const blocks = [...first.Routes!, ...second.Routes!].map((one) => one.DestinationCidrBlock);
    expect(blocks.sort()).toEqual(ALL);
    for (const MaxResults of [4, 1001]) {
      const wrong = client.searchTransitGatewayRoutes({ ...request, MaxResults });
      await expectError(wrong, 'InvalidParameterValue');
    }
  });

  it('C-080 gives a thousand unless asked for another number', async () => {
    const { ec2, cloud } = await testCloud();
    const own = ec2();
    const gateway = await makeTransitGateway(own);
    const TransitGatewayRouteTableId = await makeTable(own, gateway);
    await cloud.execute((tx) => {
      for (let count = 0; count < 1001; count++) {
        const destination = { address: (0x0a00_0000 + count * 256) as never, length: 24 };
        const second = Math.floor(count / 256);
        tx.put('transit-gateway-route', {
          id: `${TransitGatewayRouteTableId}|10.${second}.${count % 256}.0/24`,
          type: 'static',
          transitGatewayId: gateway,
          routeTableId: TransitGatewayRouteTableId,
          destination,
        });
      }
    });
    const found = await own.searchTransitGatewayRoutes({
      TransitGatewayRouteTableId,
      Filters: [{ Name: 'type', Values: ['static'] }],
    });
    expect([found.Routes!.length, found.AdditionalRoutesAvailable]).toEqual([1000, true]);
  });

  it('C-059 needs a table', async () => {
    expect(await routesOf(client, empty)).toEqual([]);
    const unknown = routesOf(client, 'tgw-rtb-0123456789abcdef0');
    await expectError(unknown, 'InvalidRouteTableID.NotFound');
  });
});

describe('ExportTransitGatewayRoutes', () => {
  it('says that there is no bucket', async () => {
    const call = (TransitGatewayRouteTableId: string) =>
      client.exportTransitGatewayRoutes({ TransitGatewayRouteTableId, S3Bucket: 'b' });
    await expectError(call(table), 'UnsupportedOperation', /'b'.*SearchTransitGatewayRoutes/);
    await expectError(call('tgw-rtb-0123456789abcdef0'), 'InvalidRouteTableID.NotFound');
  });
});
