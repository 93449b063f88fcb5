import { expect, it } from 'vitest';
import { SCOPE, testCloud } from '../../test/support/test-cloud.ts';
import { makeVpc } from '../../test/support/vpc-fixture.ts';
import { CLIENT_TOKEN_MILLIS } from '../model/limits.ts';
import { resetAccount } from './state/reset-account.ts';

async function setUp() {
  const { cloud, ec2, advance } = await testCloud();
  const client = ec2();
  const { VpcId } = await makeVpc(client);
  const make = async (ClientToken = 'once') => {
    const { RouteTable } = await client.createRouteTable({ VpcId, ClientToken });
    return RouteTable!.RouteTableId!;
  };
  const left = () => [...cloud.model.all('idempotency'), ...cloud.model.all('timer')];
  return { cloud, client, advance, make, left };
}

it('G-030 a token is known for a day, then makes a new resource', async () => {
  const { advance, make, left } = await setUp();
  const first = await make();
  await advance(CLIENT_TOKEN_MILLIS - 1);
  expect(await make()).toBe(first);
  await advance(1);
  expect(left()).toEqual([]);
  expect(await make()).not.toBe(first);
});

it('a token goes with what it made, and nothing is due for it any more', async () => {
  const { client, make, left } = await setUp();
  const RouteTableId = await make();
  expect(left()).toHaveLength(2);
  await client.deleteRouteTable({ RouteTableId });
  expect(left()).toEqual([]);
});

it('an account that is reset leaves no token and no timer', async () => {
  const { cloud, make, left } = await setUp();
  await make();
  await make('twice');
  await cloud.execute((tx) => resetAccount(tx, SCOPE.account));
  expect(left()).toEqual([]);
});
