import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { makeList } from '../../../../test/support/prefix-list-fixture.ts';
import {
  launch,
  lookAtTable,
  mainTable,
  makeGateway,
  makeTable,
} from '../../../../test/support/route-fixture.ts';
import { type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import { makeSubnet } from '../../../../test/support/vpc-fixture.ts';
import { attachNewGateway, makeVpnGateway } from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let GatewayId: string;
let VpcId: string;
let RouteTableId: string;
let NetworkInterfaceId: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  ({ vpnGatewayId: GatewayId, vpcId: VpcId } = await attachNewGateway(ec2));
  RouteTableId = await makeTable(ec2, VpcId);
  const { SubnetId } = await makeSubnet(ec2, VpcId, '10.0.1.0/24');
  NetworkInterfaceId = (await launch(ec2, SubnetId)).eni;
});

const associate = (table = RouteTableId, gateway = GatewayId) =>
  ec2.associateRouteTable({ RouteTableId: table, GatewayId: gateway });
const route = (DestinationCidrBlock: string, target: object = { NetworkInterfaceId }) =>
  ec2.createRoute({ RouteTableId, DestinationCidrBlock, ...target });

describe('the table of a virtual private gateway', () => {
  it('A-045 is associated with it, and shows it', async () => {
    const { AssociationId } = await associate();
    expect((await lookAtTable(ec2, RouteTableId)).Associations).toMatchObject([
      { RouteTableAssociationId: AssociationId, GatewayId, Main: false },
    ]);
    expect((await associate()).AssociationId).toBe(AssociationId);
    const other = await makeTable(ec2, VpcId);
    await expectError(associate(other), 'Resource.AlreadyAssociated');
    const { NewAssociationId } = await ec2.replaceRouteTableAssociation({
      AssociationId: AssociationId!,
      RouteTableId: other,
    });
    expect((await lookAtTable(ec2, other)).Associations).toMatchObject([{ GatewayId }]);
    await ec2.disassociateRouteTable({ AssociationId: NewAssociationId! });
    await associate();
  });

  it('A-045 needs a gateway that the VPC has', async () => {
    await expectError(associate(RouteTableId, await makeVpnGateway(ec2)), 'Gateway.NotAttached');
    const { vpnGatewayId } = await attachNewGateway(ec2, '10.1.0.0/16');
    await expectError(associate(RouteTableId, vpnGatewayId), 'InvalidParameterValue');
    const unknown = associate(RouteTableId, 'vgw-0123456789abcdef0');
    await expectError(unknown, 'InvalidGatewayID.NotFound');
    const main = await mainTable(ec2, VpcId);
    await expectError(associate(main.RouteTableId), 'InvalidParameterValue');
  });

  it('A-046 leads to interfaces and local only', async () => {
    const igw = await makeGateway(ec2, VpcId);
    await route('10.0.1.0/24');
    await associate();
    for (const gateway of [igw, GatewayId]) {
      await expectError(route('0.0.0.0/0', { GatewayId: gateway }), 'InvalidParameterValue');
    }
    const other = await makeTable(ec2, VpcId);
    const outside = { RouteTableId: other, DestinationCidrBlock: '0.0.0.0/0' };
    await ec2.createRoute({ ...outside, GatewayId });
    await expectError(associate(other), 'InvalidParameterValue');
  });

  it('A-048 has whole blocks of the VPC and of subnets only', async () => {
    await associate();
    await route('10.0.1.0/24');
    for (const block of ['10.0.1.0/25', '10.0.0.0/8', '192.168.0.0/16']) {
      await expectError(route(block), 'InvalidParameterValue');
    }
    const DestinationPrefixListId = await makeList(ec2, ['10.0.1.0/24']);
    const list = { RouteTableId, DestinationPrefixListId, NetworkInterfaceId };
    await expectError(ec2.createRoute(list), 'InvalidParameterValue');
    await ec2.replaceRoute({
      RouteTableId,
      DestinationCidrBlock: '10.0.0.0/16',
      NetworkInterfaceId,
    });
  });

  it('A-049 has nothing propagated to it', async () => {
    await ec2.enableVgwRoutePropagation({ RouteTableId, GatewayId });
    await expectError(associate(), 'InvalidParameterValue', /propagated/);
    const igw = await makeGateway(ec2, VpcId);
    await expectError(associate(RouteTableId, igw), 'InvalidParameterValue', /propagated/);
    await ec2.disableVgwRoutePropagation({ RouteTableId, GatewayId });
    await associate();
    const enable = ec2.enableVgwRoutePropagation({ RouteTableId, GatewayId });
    await expectError(enable, 'InvalidParameterValue');
  });

  it('H-046 is given back when the gateway is detached', async () => {
    await associate();
    await ec2.detachVpnGateway({ VpnGatewayId: GatewayId, VpcId });
    expect((await lookAtTable(ec2, RouteTableId)).Associations).toEqual([]);
    await ec2.deleteRouteTable({ RouteTableId });
  });
});
