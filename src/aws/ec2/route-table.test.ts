import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  lookAtTable,
  mainTable,
  makeGateway,
  makeTable,
} from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { ipv6BlockOf, makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const UNKNOWN = 'rtb-0123456789abcdef0';

/** A VPC with one subnet. */
async function setUp(options = {}) {
  const cloud = await testCloud(options);
  const ec2 = cloud.ec2();
  const { VpcId } = await makeVpc(ec2);
  const { SubnetId } = await makeSubnet(ec2, VpcId, '10.0.1.0/24');
  return { ...cloud, client: ec2, VpcId, SubnetId };
}

describe('CreateRouteTable', () => {
  it('A-022 A-042 answers a table with the local routes of every block', async () => {
    const { client } = await setUp();
    const { VpcId } = await makeVpc(client, '10.1.0.0/16', true);
    await client.associateVpcCidrBlock({ VpcId, CidrBlock: '100.64.0.0/16' });
    const { RouteTable } = await client.createRouteTable({ VpcId });
    expect(RouteTable).toMatchObject({
      VpcId,
      OwnerId: '111111111111',
      Associations: [],
      PropagatingVgws: [],
      Tags: [],
    });
    expect(RouteTable?.RouteTableId).toMatch(/^rtb-[0-9a-f]{17}$/);
    const local = { GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
    expect(RouteTable?.Routes).toEqual([
      { ...local, DestinationCidrBlock: '10.1.0.0/16' },
      { ...local, DestinationCidrBlock: '100.64.0.0/16' },
      { ...local, DestinationIpv6CidrBlock: await ipv6BlockOf(client, VpcId, 56) },
    ]);
  });

  it('A-011 every table gains a local route with a block, and loses it with it', async () => {
    const { client, VpcId } = await setUp();
    const tables = [(await mainTable(client, VpcId)).RouteTableId, await makeTable(client, VpcId)];
    const destinations = async () => {
      const views = await Promise.all(tables.map((id) => lookAtTable(client, id)));
      return views.map(({ Routes }) => Routes!.map((route) => route.DestinationCidrBlock));
    };
    const request = { VpcId, CidrBlock: '100.64.0.0/16' };
    const { CidrBlockAssociation } = await client.associateVpcCidrBlock(request);
    expect(await destinations()).toEqual(tables.map(() => ['10.0.0.0/16', '100.64.0.0/16']));
    const AssociationId = CidrBlockAssociation?.AssociationId;
    await client.disassociateVpcCidrBlock({ AssociationId });
    expect(await destinations()).toEqual(tables.map(() => ['10.0.0.0/16']));
  });

  it('G-016 G-017 G-025 tells malformed, unknown and foreign ids apart', async () => {
    const { client, ec2, VpcId } = await setUp();
    await expectError(client.createRouteTable({ VpcId: 'vpc-x' }), 'InvalidVpcID.Malformed');
    const other = ec2(OTHER_ACCOUNT);
    await expectError(other.createRouteTable({ VpcId }), 'InvalidVpcID.NotFound');
    const describe = (id: string) => client.describeRouteTables({ RouteTableIds: [id] });
    await expectError(describe('rtb-1'), 'InvalidRouteTableId.Malformed');
    const message = `The routeTable ID '${UNKNOWN}' does not exist`;
    await expectError(describe(UNKNOWN), 'InvalidRouteTableID.NotFound', message);
    const { RouteTableId } = await mainTable(client, VpcId);
    const foreign = other.describeRouteTables({ RouteTableIds: [RouteTableId] });
    await expectError(foreign, 'InvalidRouteTableID.NotFound');
    const far = ec2('111111111111', 'eu-west-1').deleteRouteTable({ RouteTableId });
    await expectError(far, 'InvalidRouteTableID.NotFound');
  });

  it('G-030 G-032 makes one table for one client token', async () => {
    const { client, VpcId } = await setUp();
    const request = { VpcId, ClientToken: 'once' };
    const first = await client.createRouteTable(request);
    expect(first.ClientToken).toBe('once');
    const again = await client.createRouteTable(request);
    expect(again.RouteTable?.RouteTableId).toBe(first.RouteTable?.RouteTableId);
    const { VpcId: other } = await makeVpc(client, '10.9.0.0/16');
    const mismatch = client.createRouteTable({ ...request, VpcId: other });
    await expectError(mismatch, 'IdempotentParameterMismatch');
    // Once the table is gone its token makes another.
    await client.deleteRouteTable({ RouteTableId: first.RouteTable!.RouteTableId! });
    const later = await client.createRouteTable(request);
    expect(later.RouteTable?.RouteTableId).not.toBe(first.RouteTable?.RouteTableId);
  });

  it('G-028 G-033 takes tags of its own type, and with DryRun does nothing', async () => {
    const { client, VpcId } = await setUp();
    const tags = (ResourceType: 'route-table' | 'vpc') => ({
      VpcId,
      TagSpecifications: [{ ResourceType, Tags: [{ Key: 'Name', Value: 'private' }] }],
    });
    await expectError(client.createRouteTable(tags('vpc')), 'InvalidParameterValue');
    const dry = client.createRouteTable({ ...tags('route-table'), DryRun: true });
    await expectError(dry, 'DryRunOperation');
    expect((await client.describeRouteTables({})).RouteTables).toHaveLength(2);
    const { RouteTable } = await client.createRouteTable(tags('route-table'));
    expect(RouteTable?.Tags).toEqual([{ Key: 'Name', Value: 'private' }]);
  });

  it('G-023 stops at 200 tables in a VPC, the main one counted', async () => {
    const { client, VpcId } = await setUp();
    for (let count = 1; count < 200; count++) await makeTable(client, VpcId);
    await expectError(client.createRouteTable({ VpcId }), 'RouteTableLimitExceeded');
    const { client: lifted, VpcId: wide } = await setUp({ quotas: false });
    for (let count = 0; count < 200; count++) await makeTable(lifted, wide);
  });
});

describe('DeleteRouteTable', () => {
  it('A-018 refuses the main table', async () => {
    const { client, VpcId } = await setUp();
    const { RouteTableId } = await mainTable(client, VpcId);
    const message = `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`;
    await expectError(client.deleteRouteTable({ RouteTableId }), 'DependencyViolation', message);
  });

  it('A-021 G-019 refuses a table that a subnet uses, and deletes it after', async () => {
    const { client, VpcId, SubnetId } = await setUp();
    const RouteTableId = await makeTable(client, VpcId);
    const { AssociationId } = await client.associateRouteTable({ RouteTableId, SubnetId });
    await expectError(client.deleteRouteTable({ RouteTableId }), 'DependencyViolation');
    await client.disassociateRouteTable({ AssociationId });
    await client.deleteRouteTable({ RouteTableId });
    await expectError(lookAtTable(client, RouteTableId), 'InvalidRouteTableID.NotFound');
    await expectError(client.deleteRouteTable({ RouteTableId }), 'InvalidRouteTableID.NotFound');
  });

  it('leaves nothing behind', async () => {
    const { client, cloud, VpcId } = await setUp();
    const before = cloud.snapshot().length;
    const { RouteTable } = await client.createRouteTable({
      VpcId,
      ClientToken: 'token',
      TagSpecifications: [{ ResourceType: 'route-table', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    expect(cloud.snapshot().length).toBe(before + 5);
    await client.deleteRouteTable({ RouteTableId: RouteTable!.RouteTableId! });
    expect(cloud.snapshot().length).toBe(before);
  });
});

describe('route table associations', () => {
  it('A-020 a subnet has one table, and a table many subnets', async () => {
    const { client, VpcId, SubnetId } = await setUp();
    const second = await makeSubnet(client, VpcId, '10.0.2.0/24');
    const RouteTableId = await makeTable(client, VpcId);
    const { AssociationId, AssociationState } = await client.associateRouteTable({
      RouteTableId,
      SubnetId,
    });
    expect(AssociationId).toMatch(/^rtbassoc-[0-9a-f]{17}$/);
    expect(AssociationState).toEqual({ State: 'associated' });
    await client.associateRouteTable({ RouteTableId, SubnetId: second.SubnetId });
    expect((await lookAtTable(client, RouteTableId)).Associations).toMatchObject([
      { Main: false, RouteTableAssociationId: AssociationId, RouteTableId, SubnetId },
      { Main: false, SubnetId: second.SubnetId },
    ]);
    // The same again is no second one; another table is refused.
    const again = await client.associateRouteTable({ RouteTableId, SubnetId });
    expect(again.AssociationId).toBe(AssociationId);
    const other = client.associateRouteTable({
      RouteTableId: await makeTable(client, VpcId),
      SubnetId,
    });
    await expectError(other, 'Resource.AlreadyAssociated');
  });

  it('A-018 A-019 replacing the main association makes another table the main one', async () => {
    const { client, VpcId } = await setUp();
    const before = await mainTable(client, VpcId);
    const RouteTableId = await makeTable(client, VpcId);
    const AssociationId = before.Associations![0]!.RouteTableAssociationId!;
    const { NewAssociationId, AssociationState } = await client.replaceRouteTableAssociation({
      AssociationId,
      RouteTableId,
    });
    expect(NewAssociationId).not.toBe(AssociationId);
    expect(AssociationState).toEqual({ State: 'associated' });
    const main = await mainTable(client, VpcId);
    expect(main.RouteTableId).toBe(RouteTableId);
    expect(main.Associations).toMatchObject([
      { Main: true, RouteTableAssociationId: NewAssociationId },
    ]);
    // The old one is like any other now.
    await client.deleteRouteTable({ RouteTableId: before.RouteTableId });
    await expectError(client.deleteRouteTable({ RouteTableId }), 'DependencyViolation');
  });

  it('replaces the table of a subnet under a new id, and leaves the same table be', async () => {
    const { client, VpcId, SubnetId } = await setUp();
    const [first, second] = [await makeTable(client, VpcId), await makeTable(client, VpcId)];
    const made = await client.associateRouteTable({ RouteTableId: first, SubnetId });
    const AssociationId = made.AssociationId!;
    const same = await client.replaceRouteTableAssociation({ AssociationId, RouteTableId: first });
    expect(same.NewAssociationId).toBe(AssociationId);
    const replace = () =>
      client.replaceRouteTableAssociation({ AssociationId, RouteTableId: second });
    const { NewAssociationId } = await replace();
    expect((await lookAtTable(client, first)).Associations).toEqual([]);
    expect((await lookAtTable(client, second)).Associations).toMatchObject([
      { RouteTableAssociationId: NewAssociationId, SubnetId },
    ]);
    await expectError(replace(), 'InvalidAssociationID.NotFound');
  });

  it('A-019 the main association is replaced, never taken away', async () => {
    const { client, VpcId } = await setUp();
    const { Associations } = await mainTable(client, VpcId);
    const AssociationId = Associations![0]!.RouteTableAssociationId!;
    const call = client.disassociateRouteTable({ AssociationId });
    await expectError(call, 'InvalidParameterValue', /cannot disassociate the main route table/);
  });

  it('A-020 refuses tables of another VPC, and goes away with its subnet', async () => {
    const { client, cloud, VpcId, SubnetId } = await setUp();
    const { VpcId: elsewhere } = await makeVpc(client, '10.1.0.0/16');
    const foreign = await makeTable(client, elsewhere);
    const message = `route table ${foreign} and subnet ${SubnetId} belong to different networks`;
    const associate = client.associateRouteTable({ RouteTableId: foreign, SubnetId });
    await expectError(associate, 'InvalidParameterValue', message);
    const RouteTableId = await makeTable(client, VpcId);
    const { AssociationId } = await client.associateRouteTable({ RouteTableId, SubnetId });
    const replace = client.replaceRouteTableAssociation({
      AssociationId,
      RouteTableId: foreign,
    });
    await expectError(replace, 'InvalidParameterValue', /belong to different networks/);
    await client.deleteSubnet({ SubnetId });
    expect(cloud.model.get('route-table-association', AssociationId!)).toBeUndefined();
    await client.deleteRouteTable({ RouteTableId });
  });

  it('G-015 G-016 G-018 tells what is wrong with a request', async () => {
    const { client, ec2, VpcId, SubnetId } = await setUp();
    const { RouteTableId, Associations } = await mainTable(client, VpcId);
    const disassociate = (AssociationId: string, by = client) =>
      by.disassociateRouteTable({ AssociationId });
    await expectError(disassociate('rtbassoc-1'), 'InvalidAssociationID.Malformed');
    const unknown = disassociate('rtbassoc-0123456789abcdef0');
    await expectError(unknown, 'InvalidAssociationID.NotFound');
    const foreign = disassociate(Associations![0]!.RouteTableAssociationId!, ec2(OTHER_ACCOUNT));
    await expectError(foreign, 'InvalidAssociationID.NotFound');
    const bare = client.associateRouteTable({ RouteTableId });
    await expectError(bare, 'MissingParameter', /subnetId/);
    const noSubnet = { RouteTableId, SubnetId: 'subnet-0123456789abcdef0' };
    await expectError(client.associateRouteTable(noSubnet), 'InvalidSubnetID.NotFound');
    const noTable = { RouteTableId: UNKNOWN, SubnetId };
    await expectError(client.associateRouteTable(noTable), 'InvalidRouteTableID.NotFound');
    const dry = client.associateRouteTable({ RouteTableId, SubnetId, DryRun: true });
    await expectError(dry, 'DryRunOperation');
  });

  it('refuses tables of address pools by name', async () => {
    const { client, VpcId } = await setUp();
    const RouteTableId = await makeTable(client, VpcId);
    const pool = client.associateRouteTable({ RouteTableId, PublicIpv4Pool: 'ipv4pool-ec2-1' });
    await expectError(pool, 'UnsupportedOperation', /PublicIpv4Pool/);
  });
});

describe('DescribeRouteTables', () => {
  it('G-037 filters by what tables, associations and routes say', async () => {
    const { client, VpcId, SubnetId } = await setUp();
    const RouteTableId = await makeTable(client, VpcId);
    const { AssociationId } = await client.associateRouteTable({ RouteTableId, SubnetId });
    const GatewayId = await makeGateway(client, VpcId);
    await client.createRoute({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
    await client.createRoute({ RouteTableId, DestinationIpv6CidrBlock: '::/0', GatewayId });
    await client.createTags({ Resources: [RouteTableId], Tags: [{ Key: 'tier', Value: 'web' }] });
    const found = async (Name: string, value: string) => {
      const Filters = [
        { Name, Values: [value] },
        { Name: 'vpc-id', Values: [VpcId] },
      ];
      const { RouteTables } = await client.describeRouteTables({ Filters });
      return RouteTables!.map((table) => table.RouteTableId);
    };
    for (const [name, value] of [
      ['association.route-table-association-id', AssociationId!],
      ['association.route-table-id', RouteTableId],
      ['association.subnet-id', SubnetId],
      ['association.main', 'false'],
      ['route-table-id', RouteTableId],
      ['route.destination-cidr-block', '0.0.0.0/0'],
      ['route.destination-ipv6-cidr-block', '::/0'],
      ['route.gateway-id', GatewayId],
      ['route.origin', 'CreateRoute'],
      ['tag:tier', 'web'],
      ['tag-key', 'tier'],
    ] as const) {
      expect(await found(name, value), name).toEqual([RouteTableId]);
    }
    for (const name of [
      'association.gateway-id',
      'route.destination-prefix-list-id',
      'route.egress-only-internet-gateway-id',
      'route.instance-id',
      'route.nat-gateway-id',
      'route.transit-gateway-id',
      'route.vpc-peering-connection-id',
    ]) {
      expect(await found(name, '*'), name).toEqual([]);
    }
    expect(await found('route.state', 'active')).toHaveLength(2);
    expect(await found('route.state', 'blackhole')).toEqual([]);
    expect(await found('owner-id', '111111111111')).toHaveLength(2);
    const bad = client.describeRouteTables({ Filters: [{ Name: 'colour', Values: ['red'] }] });
    await expectError(bad, 'InvalidParameterValue', /colour/);
  });

  it('G-041 G-042 G-043 pages of 5 to 100', async () => {
    const { client, VpcId } = await setUp();
    for (let count = 0; count < 6; count++) await makeTable(client, VpcId);
    const first = await client.describeRouteTables({ MaxResults: 5 });
    expect(first.RouteTables).toHaveLength(5);
    const NextToken = first.NextToken!;
    const second = await client.describeRouteTables({ MaxResults: 5, NextToken });
    // With the default VPC's and this one's main table there are eight.
    expect(second.RouteTables).toHaveLength(3);
    expect(second.NextToken).toBeUndefined();
    for (const MaxResults of [4, 101]) {
      await expectError(client.describeRouteTables({ MaxResults }), 'InvalidParameterValue');
    }
    const token = client.describeRouteTables({ NextToken: 'x' });
    await expectError(token, 'InvalidNextToken');
    const { RouteTableId } = await mainTable(client, VpcId);
    const some = client.describeRouteTables({ RouteTableIds: [RouteTableId, UNKNOWN] });
    await expectError(some, 'InvalidRouteTableID.NotFound');
  });
});
