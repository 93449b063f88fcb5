import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { lookAtRoute, makeTable } from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'eigw-0123456789abcdef0';

async function made() {
  const cloud = await testCloud();
  const ec2 = cloud.ec2();
  const { VpcId } = await makeVpc(ec2, '10.0.0.0/16', true);
  return { ...cloud, client: ec2, VpcId, id: await makeOne(ec2, VpcId) };
}

async function makeOne(ec2: EC2, VpcId: string): Promise<string> {
  const { EgressOnlyInternetGateway } = await ec2.createEgressOnlyInternetGateway({ VpcId });
  return EgressOnlyInternetGateway!.EgressOnlyInternetGatewayId!;
}

async function listed(ec2: EC2, request = {}) {
  const { EgressOnlyInternetGateways } = await ec2.describeEgressOnlyInternetGateways(request);
  return EgressOnlyInternetGateways!;
}

describe('CreateEgressOnlyInternetGateway', () => {
  it('G-030 G-032 G-047 makes one that is attached, once a token', async () => {
    const { ec2 } = await testCloud();
    const { VpcId } = await makeVpc(ec2());
    const Tags = [{ Key: 'Name', Value: 'a' }];
    const request = {
      VpcId,
      ClientToken: 'once',
      TagSpecifications: [{ ResourceType: 'egress-only-internet-gateway' as const, Tags }],
    };
    const first = await ec2().createEgressOnlyInternetGateway(request);
    expect(first.ClientToken).toBe('once');
    expect(first.EgressOnlyInternetGateway).toEqual({
      EgressOnlyInternetGatewayId: expect.stringMatching(/^eigw-[0-9a-f]{17}$/),
      Attachments: [{ VpcId, State: 'attached' }],
      Tags,
    });
    const again = await ec2().createEgressOnlyInternetGateway(request);
    expect(again.EgressOnlyInternetGateway).toEqual(first.EgressOnlyInternetGateway);
    const other = ec2().createEgressOnlyInternetGateway({ VpcId, ClientToken: 'once' });
    await expectError(other, 'IdempotentParameterMismatch');
  });

  it('A-092 a VPC has one, a Region five', async () => {
    const { client, VpcId } = await made();
    await expectError(makeOne(client, VpcId), 'InvalidParameterValue');
    for (let count = 1; count <= 3; count++) {
      await makeOne(client, (await makeVpc(client, `10.${count}.0.0/16`)).VpcId);
    }
    await expectError(makeOne(client, 'vpc-0123456789abcdef0'), 'InvalidVpcID.NotFound');
    const dryRun = client.createEgressOnlyInternetGateway({ VpcId, DryRun: true });
    await expectError(dryRun, 'InvalidParameterValue');
  });

  it('G-023 stops at the quota', async () => {
    const { cloud, ec2 } = await testCloud({ quotas: false });
    for (let count = 0; count < 5; count++) {
      await makeOne(ec2(), (await makeVpc(ec2(), `10.${count}.0.0/16`)).VpcId);
    }
    const strict = await testCloud({ seed: 2 });
    const records = [...cloud.model.all('egress-only-internet-gateway')];
    await strict.cloud.execute((tx) => {
      for (const record of records) tx.put('egress-only-internet-gateway', record);
    });
    const { VpcId } = await makeVpc(strict.ec2());
    await expectError(makeOne(strict.ec2(), VpcId), 'EgressOnlyInternetGatewayLimitExceeded');
  });
});

describe('DeleteEgressOnlyInternetGateway', () => {
  it('A-039 G-019 leaves routes as black holes; its VPC waits for it', async () => {
    const { client, VpcId, id } = await made();
    const RouteTableId = await makeTable(client, VpcId);
    const request = { RouteTableId, EgressOnlyInternetGatewayId: id };
    await client.createRoute({ ...request, DestinationIpv6CidrBlock: '::/0' });
    expect(await lookAtRoute(client, RouteTableId, '::/0')).toMatchObject({
      EgressOnlyInternetGatewayId: id,
      State: 'active',
    });
    const Filters = [{ Name: 'route.egress-only-internet-gateway-id', Values: [id] }];
    const { RouteTables } = await client.describeRouteTables({ Filters });
    expect(RouteTables).toHaveLength(1);
    await client.deleteRouteTable({ RouteTableId }).catch(() => {});
    await expectError(client.deleteVpc({ VpcId }), 'DependencyViolation');
    const second = await makeTable(client, VpcId);
    await client.createRoute({
      RouteTableId: second,
      EgressOnlyInternetGatewayId: id,
      DestinationIpv6CidrBlock: '::/0',
    });
    const deletion = await client.deleteEgressOnlyInternetGateway({
      EgressOnlyInternetGatewayId: id,
    });
    expect(deletion.ReturnCode).toBe(true);
    expect((await lookAtRoute(client, second, '::/0'))?.State).toBe('blackhole');
    await client.deleteRouteTable({ RouteTableId: second });
    await client.deleteVpc({ VpcId });
  });

  it('G-016 G-025 names what is wrong with an id', async () => {
    const { ec2, id } = await made();
    const remove = (EgressOnlyInternetGatewayId: string, account?: string) =>
      ec2(account).deleteEgressOnlyInternetGateway({ EgressOnlyInternetGatewayId });
    await expectError(remove(UNKNOWN), 'InvalidEgressOnlyInternetGatewayId.NotFound');
    await expectError(remove('eigw-1'), 'InvalidEgressOnlyInternetGatewayId.Malformed');
    await expectError(remove(id, OTHER_ACCOUNT), 'InvalidEgressOnlyInternetGatewayId.NotFound');
  });
});

describe('DescribeEgressOnlyInternetGateways', () => {
  it('G-040 G-041 by id and by tag', async () => {
    const { client, id, VpcId } = await made();
    await makeOne(client, (await makeVpc(client, '10.1.0.0/16')).VpcId);
    await client.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'here' }] });
    const Filters = [{ Name: 'tag:Name', Values: ['here'] }];
    const [found, ...more] = await listed(client, { Filters });
    expect([found!.EgressOnlyInternetGatewayId, more]).toEqual([id, []]);
    expect(found!.Attachments).toEqual([{ VpcId, State: 'attached' }]);
    expect(await listed(client)).toHaveLength(2);
    const unknown = listed(client, { EgressOnlyInternetGatewayIds: [id, UNKNOWN] });
    await expectError(unknown, 'InvalidEgressOnlyInternetGatewayId.NotFound');
    await expectError(listed(client, { MaxResults: 256 }), 'InvalidParameterValue');
  });
});

describe('routes to an egress-only internet gateway', () => {
  it('A-053 A-093 are IPv6, in its own VPC', async () => {
    const { client, VpcId, id } = await made();
    const own = { RouteTableId: await makeTable(client, VpcId), EgressOnlyInternetGatewayId: id };
    await expectError(
      client.createRoute({ ...own, DestinationCidrBlock: '0.0.0.0/0' }),
      'InvalidParameterValue',
    );
    const other = await makeVpc(client, '10.1.0.0/16');
    const foreign = { ...own, RouteTableId: await makeTable(client, other.VpcId) };
    await expectError(
      client.createRoute({ ...foreign, DestinationIpv6CidrBlock: '::/0' }),
      'InvalidParameterValue',
    );
    await client.createRoute({ ...own, DestinationIpv6CidrBlock: '::/0' });
    await client.replaceRoute({ ...own, DestinationIpv6CidrBlock: '::/0' });
  });
});
