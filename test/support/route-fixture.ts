/** Route tables and peerings made through the API. */
import type { EC2, Route, RouteTable } from '@aws-sdk/client-ec2';
import { ACCOUNT } from './test-cloud.ts';

type MadeTable = RouteTable & { readonly RouteTableId: string };

export async function makeTable(ec2: EC2, vpcId: string): Promise<string> {
  const { RouteTable } = await ec2.createRouteTable({ VpcId: vpcId });
  return RouteTable!.RouteTableId!;
}

/** A table as DescribeRouteTables shows it now. */
export async function lookAtTable(ec2: EC2, id: string): Promise<MadeTable> {
  const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [id] });
  return RouteTables![0] as MadeTable;
}

export async function mainTable(ec2: EC2, vpcId: string): Promise<MadeTable> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'association.main', Values: ['true'] },
  ];
  const { RouteTables } = await ec2.describeRouteTables({ Filters });
  return RouteTables![0] as MadeTable;
}

/** The route of a table to a destination, as it is now. */
export async function lookAtRoute(ec2: EC2, id: string, block: string): Promise<Route | undefined> {
  const { Routes } = await lookAtTable(ec2, id);
  return Routes!.find(
    (route) => (route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock) === block,
  );
}

/** An internet gateway attached to a VPC. */
export async function makeGateway(ec2: EC2, vpcId: string): Promise<string> {
  const { InternetGateway } = await ec2.createInternetGateway({});
  const InternetGatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.attachInternetGateway({ InternetGatewayId, VpcId: vpcId });
  return InternetGatewayId;
}

export async function makeInterface(ec2: EC2, subnetId: string): Promise<string> {
  const { NetworkInterface } = await ec2.createNetworkInterface({ SubnetId: subnetId });
  return NetworkInterface!.NetworkInterfaceId!;
}

/** A running instance and its interface. */
export async function launch(ec2: EC2, subnetId: string): Promise<{ id: string; eni: string }> {
  const { Instances } = await ec2.runInstances({
    ImageId: 'ami-0123456789abcdef0',
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnetId,
  });
  const { InstanceId, NetworkInterfaces } = Instances![0]!;
  return { id: InstanceId!, eni: NetworkInterfaces![0]!.NetworkInterfaceId! };
}

/** A request for a peering, made by `ec2` to a VPC of an account in the same Region. */
export async function askToPeer(
  ec2: EC2,
  vpcId: string,
  peerVpcId: string,
  peerAccount = ACCOUNT,
): Promise<string> {
  const { VpcPeeringConnection } = await ec2.createVpcPeeringConnection({
    VpcId: vpcId,
    PeerVpcId: peerVpcId,
    PeerOwnerId: peerAccount,
  });
  return VpcPeeringConnection!.VpcPeeringConnectionId!;
}

export async function acceptPeering(ec2: EC2, id: string): Promise<void> {
  await ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
}

export async function deletePeering(ec2: EC2, id: string): Promise<void> {
  await ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: id });
}
