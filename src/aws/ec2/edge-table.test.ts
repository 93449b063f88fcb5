import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import {
  launch,
  lookAtTable,
  mainTable,
  makeGateway,
  makeTable,
} from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let VpcId: string;
let SubnetId: string;
let RouteTableId: string;
let GatewayId: string;
let NetworkInterfaceId: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  VpcId = (await makeVpc(ec2)).VpcId;
  SubnetId = (await makeSubnet(ec2, VpcId, '10.0.1.0/24')).SubnetId;
  RouteTableId = await makeTable(ec2, VpcId);
  GatewayId = await makeGateway(ec2, VpcId);
  NetworkInterfaceId = (await launch(ec2, SubnetId)).eni;
});

const associate = () => ec2.associateRouteTable({ RouteTableId, GatewayId });
const route = (DestinationCidrBlock: string, target: object = { NetworkInterfaceId }) =>
  ec2.createRoute({ RouteTableId, DestinationCidrBlock, ...target });

describe('AssociateRouteTable with a gateway', () => {
  it('A-045 gives the gateway the table, which shows it', async () => {
    const { AssociationId, AssociationState } = await associate();
    expect(AssociationState).toEqual({ State: 'associated' });
    expect((await lookAtTable(ec2, RouteTableId)).Associations).toEqual([
      {
        RouteTableAssociationId: AssociationId,
        RouteTableId,
        GatewayId,
        Main: false,
        AssociationState: { State: 'associated' },
      },
    ]);
    const Filters = [{ Name: 'association.gateway-id', Values: [GatewayId] }];
    const { RouteTables } = await ec2.describeRouteTables({ Filters });
    expect(RouteTables!.map((table) => table.RouteTableId)).toEqual([RouteTableId]);
    expect((await associate()).AssociationId).toBe(AssociationId);
  });

  it('is one table a gateway, until that is taken away', async () => {
    const { AssociationId } = await associate();
    const other = await makeTable(ec2, VpcId);
    await expectError(
      ec2.associateRouteTable({ RouteTableId: other, GatewayId }),
      'Resource.AlreadyAssociated',
    );
    const replaced = await ec2.replaceRouteTableAssociation({
      AssociationId: AssociationId!,
      RouteTableId: other,
    });
    expect((await lookAtTable(ec2, other)).Associations).toMatchObject([{ GatewayId }]);
    await ec2.disassociateRouteTable({ AssociationId: replaced.NewAssociationId! });
    await associate();
    await expectError(ec2.deleteRouteTable({ RouteTableId }), 'DependencyViolation');
  });

  it('A-018 never takes the main table, and the main one is never a gateway’s', async () => {
    const main = await mainTable(ec2, VpcId);
    await expectError(
      ec2.associateRouteTable({ RouteTableId: main.RouteTableId, GatewayId }),
      'InvalidParameterValue',
      /main route table/,
    );
    await associate();
    await expectError(
      ec2.replaceRouteTableAssociation({
        AssociationId: main.Associations![0]!.RouteTableAssociationId!,
        RouteTableId,
      }),
      'InvalidParameterValue',
      /main route table/,
    );
  });

  it('A-046 A-049 refuses a table that leads to anything but interfaces', async () => {
    await route('0.0.0.0/0', { GatewayId });
    const why = new RegExp(`unsupported route target: ${GatewayId}`);
    await expectError(associate(), 'InvalidParameterValue', why);
  });

  it('A-048 A-049 refuses a table with destinations outside the VPC, and lists', async () => {
    await route('192.0.2.0/24');
    await expectError(associate(), 'InvalidParameterValue', /destination: 192.0.2.0\/24/);
    await ec2.deleteRoute({ RouteTableId, DestinationCidrBlock: '192.0.2.0/24' });
    const list = await makeList(ec2, ['192.0.2.0/24']);
    const DestinationPrefixListId = list;
    await ec2.createRoute({ RouteTableId, DestinationPrefixListId, NetworkInterfaceId });
    await expectError(associate(), 'InvalidParameterValue', new RegExp(`destination: ${list}`));
    await ec2.deleteRoute({ RouteTableId, DestinationPrefixListId });
    await associate();
  });

  it('A-049 holds for the table that takes another’s place', async () => {
    const { AssociationId } = await associate();
    const other = await makeTable(ec2, VpcId);
    const open = { DestinationCidrBlock: '0.0.0.0/0', NetworkInterfaceId };
    await ec2.createRoute({ RouteTableId: other, ...open });
    await expectError(
      ec2.replaceRouteTableAssociation({ AssociationId: AssociationId!, RouteTableId: other }),
      'InvalidParameterValue',
    );
  });

  it('needs a gateway of the VPC, and not a subnet with it', async () => {
    const elsewhere = await makeGateway(ec2, (await makeVpc(ec2, '10.9.0.0/16')).VpcId);
    await expectError(
      ec2.associateRouteTable({ RouteTableId, GatewayId: elsewhere }),
      'InvalidParameterValue',
      /different networks/,
    );
    const { InternetGateway } = await ec2.createInternetGateway({});
    const loose = InternetGateway!.InternetGatewayId!;
    await expectError(
      ec2.associateRouteTable({ RouteTableId, GatewayId: loose }),
      'Gateway.NotAttached',
    );
    await expectError(
      ec2.associateRouteTable({ RouteTableId, GatewayId: 'igw-00000000' }),
      'InvalidGatewayID.NotFound',
    );
    await expectError(
      test.ec2(OTHER_ACCOUNT).associateRouteTable({ RouteTableId, GatewayId }),
      'InvalidRouteTableID.NotFound',
    );
    await expectError(
      ec2.associateRouteTable({ RouteTableId, GatewayId, SubnetId }),
      'InvalidParameterCombination',
    );
    await expectError(ec2.associateRouteTable({ RouteTableId }), 'MissingParameter');
  });

  it('ends with the gateway’s attachment', async () => {
    await associate();
    await ec2.detachInternetGateway({ InternetGatewayId: GatewayId, VpcId });
    expect((await lookAtTable(ec2, RouteTableId)).Associations).toEqual([]);
  });
});

describe('routes of a gateway’s table', () => {
  beforeEach(associate);

  it('A-048 lead to interfaces, from a whole subnet or, instead of local, a whole block', async () => {
    await route('10.0.1.0/24');
    const local = { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' };
    await ec2.replaceRoute({ ...local, NetworkInterfaceId });
    await ec2.replaceRoute({ ...local, LocalTarget: true });
    await expectError(route('10.0.1.0/25'), 'InvalidParameterValue');
    await expectError(route('192.0.2.0/24'), 'InvalidParameterValue', /not in the VPC/);
    await expectError(route('0.0.0.0/0'), 'InvalidParameterValue', /not in the VPC/);
    const DestinationPrefixListId = await makeList(ec2, []);
    await expectError(
      ec2.createRoute({ RouteTableId, DestinationPrefixListId, NetworkInterfaceId }),
      'InvalidParameterValue',
      /prefix list/,
    );
  });

  it('A-046 lead to nothing else', async () => {
    await expectError(route('0.0.0.0/0', { GatewayId }), 'InvalidParameterValue', /target/);
    await expectError(
      ec2.replaceRoute({ RouteTableId, DestinationCidrBlock: '10.0.0.0/16', GatewayId }),
      'InvalidParameterValue',
    );
  });
});
