/** Transit gateways and attached VPCs made through the API. */
import type {
  CreateTransitGatewayVpcAttachmentRequestOptions,
  EC2,
  TransitGateway,
  TransitGatewayPeeringAttachment,
  TransitGatewayRequestOptions,
  TransitGatewayRoute,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
} from '@aws-sdk/client-ec2';
import { ACCOUNT, REGION } from './test-cloud.ts';
import { makeSubnet, makeVpc } from './vpc-fixture.ts';

/** A gateway, as the call answers; its id. */
export async function makeTransitGateway(
  ec2: EC2,
  Options: TransitGatewayRequestOptions = {},
): Promise<string> {
  const { TransitGateway } = await ec2.createTransitGateway({ Options });
  return TransitGateway!.TransitGatewayId!;
}

/** A gateway as DescribeTransitGateways shows it now. */
export async function lookAtTransitGateway(ec2: EC2, id: string): Promise<TransitGateway> {
  const { TransitGateways } = await ec2.describeTransitGateways({ TransitGatewayIds: [id] });
  return TransitGateways![0]!;
}

/** The table that new attachments are associated with. */
export async function defaultTable(ec2: EC2, id: string): Promise<string> {
  return (await lookAtTransitGateway(ec2, id)).Options!.AssociationDefaultRouteTableId!;
}

export interface AttachedVpc {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly attachmentId: string;
}

/** A new VPC with one subnet, attached. */
export async function attachNewVpc(
  ec2: EC2,
  transitGatewayId: string,
  block: string,
  options: CreateTransitGatewayVpcAttachmentRequestOptions = {},
): Promise<AttachedVpc> {
  const { VpcId: vpcId } = await makeVpc(ec2, block);
  const subnetBlock = block.replace(/\/\d+$/, '/24');
  const { SubnetId: subnetId } = await makeSubnet(ec2, vpcId, subnetBlock);
  const attachmentId = await attach(ec2, transitGatewayId, vpcId, [subnetId], options);
  return { vpcId, subnetId, attachmentId };
}

/** Attaches a VPC; the attachment's id. */
export async function attach(
  ec2: EC2,
  TransitGatewayId: string,
  VpcId: string,
  SubnetIds: string[],
  Options: CreateTransitGatewayVpcAttachmentRequestOptions = {},
): Promise<string> {
  const { TransitGatewayVpcAttachment } = await ec2.createTransitGatewayVpcAttachment({
    TransitGatewayId,
    VpcId,
    SubnetIds,
    Options,
  });
  return TransitGatewayVpcAttachment!.TransitGatewayAttachmentId!;
}

/** An attachment of a VPC as the API shows it now. */
export async function lookAtAttachment(ec2: EC2, id: string): Promise<TransitGatewayVpcAttachment> {
  const { TransitGatewayVpcAttachments } = await ec2.describeTransitGatewayVpcAttachments({
    TransitGatewayAttachmentIds: [id],
  });
  return TransitGatewayVpcAttachments![0]!;
}

/** A table of a gateway. */
export async function makeTable(ec2: EC2, TransitGatewayId: string): Promise<string> {
  const { TransitGatewayRouteTable } = await ec2.createTransitGatewayRouteTable({
    TransitGatewayId,
  });
  return TransitGatewayRouteTable!.TransitGatewayRouteTableId!;
}

/** The tables of a gateway as the API shows them now. */
export async function tablesOf(ec2: EC2, id: string): Promise<TransitGatewayRouteTable[]> {
  const Filters = [{ Name: 'transit-gateway-id', Values: [id] }];
  const { TransitGatewayRouteTables } = await ec2.describeTransitGatewayRouteTables({ Filters });
  return TransitGatewayRouteTables!;
}

/** Asks for a peering of two gateways; the attachment's id. */
export async function requestTransitPeering(
  ec2: EC2,
  TransitGatewayId: string,
  PeerTransitGatewayId: string,
  { account = ACCOUNT, region = REGION } = {},
): Promise<string> {
  const { TransitGatewayPeeringAttachment } = await ec2.createTransitGatewayPeeringAttachment({
    TransitGatewayId,
    PeerTransitGatewayId,
    PeerAccountId: account,
    PeerRegion: region,
  });
  return TransitGatewayPeeringAttachment!.TransitGatewayAttachmentId!;
}

/** Peers two gateways of one account and Region; the attachment's id. */
export async function peerGateways(ec2: EC2, id: string, peerId: string): Promise<string> {
  const TransitGatewayAttachmentId = await requestTransitPeering(ec2, id, peerId);
  await ec2.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId });
  return TransitGatewayAttachmentId;
}

/** A peering as the API shows it now. */
export async function lookAtPeering(
  ec2: EC2,
  id: string,
): Promise<TransitGatewayPeeringAttachment> {
  const { TransitGatewayPeeringAttachments } = await ec2.describeTransitGatewayPeeringAttachments({
    TransitGatewayAttachmentIds: [id],
  });
  return TransitGatewayPeeringAttachments![0]!;
}

/** The routes of a table that a search finds; all that there are without one. */
export async function routesOf(
  ec2: EC2,
  TransitGatewayRouteTableId: string,
  Filters: { Name: string; Values: string[] }[] = [{ Name: 'state', Values: ['*'] }],
): Promise<TransitGatewayRoute[]> {
  const { Routes } = await ec2.searchTransitGatewayRoutes({ TransitGatewayRouteTableId, Filters });
  return Routes!;
}

/** The blocks that have a route in a table, sorted. */
export async function blocksIn(ec2: EC2, table: string): Promise<string[]> {
  const routes = await routesOf(ec2, table);
  return routes.map((route) => route.DestinationCidrBlock!).sort();
}
