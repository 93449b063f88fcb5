import { expect, it } from 'vitest';
import { expectError } from './expect-error.ts';
import { testCloud } from './test-cloud.ts';

it('carries a call to the door and its answer back', async () => {
  const { ec2 } = await testCloud();
  const { Regions } = await ec2().describeRegions({ RegionNames: ['eu-west-1'] });
  expect(Regions).toMatchObject([{ RegionName: 'eu-west-1' }]);
});

it('carries an error back under its code', async () => {
  const { ec2 } = await testCloud();
  await expectError(ec2().describeSpotPriceHistory({}), 'UnsupportedOperation');
  await expect(ec2().describeSpotPriceHistory({})).rejects.toMatchObject({
    $metadata: { httpStatusCode: 400 },
  });
});

it('gives each account and Region resources of its own', async () => {
  const { ec2 } = await testCloud();
  const owners = async (account: string, region: string) => {
    const { Vpcs } = await ec2(account, region).describeVpcs({});
    return Vpcs!.map(({ OwnerId, VpcId }) => ({ OwnerId, VpcId }));
  };
  const here = await owners('111111111111', 'us-east-1');
  const there = await owners('111111111111', 'eu-west-1');
  const others = await owners('222222222222', 'us-east-1');
  expect([here, there, others].map((vpcs) => vpcs[0]!.OwnerId)).toEqual([
    '111111111111',
    '111111111111',
    '222222222222',
  ]);
  expect(new Set([here, there, others].map((vpcs) => vpcs[0]!.VpcId)).size).toBe(3);
});
