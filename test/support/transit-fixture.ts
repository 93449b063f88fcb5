/** Transit gateways and attached VPCs made through the API. */
import type {
  CreateTransitGatewayVpcAttachmentRequestOptions,
  EC2,
  TransitGateway,
  TransitGatewayRequestOptions,
  TransitGatewayVpcAttachment,
} from '@aws-sdk/client-ec2';
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
