/** Multicast domains made through the API, and looked at again. */
import type {
  CreateTransitGatewayMulticastDomainRequestOptions,
  EC2,
  TransitGatewayMulticastDomainAssociation,
  TransitGatewayMulticastGroup,
} from '@aws-sdk/client-ec2';
import { makeInterface } from './instance-fixture.ts';
import { makeSubnet, makeVpc } from './vpc-fixture.ts';

export async function makeMulticastGateway(ec2: EC2): Promise<string> {
  const { TransitGateway } = await ec2.createTransitGateway({
    Options: { MulticastSupport: 'enable' },
  });
  return TransitGateway!.TransitGatewayId!;
}

export async function makeDomain(
  ec2: EC2,
  TransitGatewayId: string,
  Options: CreateTransitGatewayMulticastDomainRequestOptions = {},
): Promise<string> {
  const made = await ec2.createTransitGatewayMulticastDomain({ TransitGatewayId, Options });
  return made.TransitGatewayMulticastDomain!.TransitGatewayMulticastDomainId!;
}

/** A VPC of an account, attached, with the subnets that are asked for. */
export interface AttachedVpc {
  readonly vpcId: string;
  readonly attachmentId: string;
  readonly subnetIds: readonly string[];
}

/** `10.N.0.0/16` with subnets `10.N.0.0/24`, `10.N.1.0/24` …; attached in the first. */
export async function attachNumberedVpc(
  ec2: EC2,
  TransitGatewayId: string,
  number: number,
  subnets = 1,
): Promise<AttachedVpc> {
  const { VpcId } = await makeVpc(ec2, `10.${number}.0.0/16`);
  const subnetIds: string[] = [];
  for (let index = 0; index < subnets; index++) {
    const { SubnetId } = await makeSubnet(ec2, VpcId, `10.${number}.${index}.0/24`);
    subnetIds.push(SubnetId);
  }
  const request = { TransitGatewayId, VpcId, SubnetIds: [subnetIds[0]!] };
  const { TransitGatewayVpcAttachment: made } =
    await ec2.createTransitGatewayVpcAttachment(request);
  return { vpcId: VpcId, attachmentId: made!.TransitGatewayAttachmentId!, subnetIds };
}

/** The states of the subnets, as the call answers. */
export async function joinDomain(
  ec2: EC2,
  TransitGatewayMulticastDomainId: string,
  { attachmentId, subnetIds }: Pick<AttachedVpc, 'attachmentId' | 'subnetIds'>,
): Promise<(string | undefined)[]> {
  const { Associations } = await ec2.associateTransitGatewayMulticastDomain({
    TransitGatewayMulticastDomainId,
    TransitGatewayAttachmentId: attachmentId,
    SubnetIds: [...subnetIds],
  });
  return Associations!.Subnets!.map(({ State }) => State);
}

export interface MulticastScene {
  readonly gatewayId: string;
  readonly domainId: string;
  readonly vpc: AttachedVpc;
  /** One in each subnet. */
  readonly enis: readonly string[];
}

/** A domain with a VPC whose subnets are all in it, an interface in each. */
export async function makeMulticastScene(
  ec2: EC2,
  options: CreateTransitGatewayMulticastDomainRequestOptions = {},
  subnets = 1,
): Promise<MulticastScene> {
  const gatewayId = await makeMulticastGateway(ec2);
  const domainId = await makeDomain(ec2, gatewayId, options);
  const vpc = await attachNumberedVpc(ec2, gatewayId, 1, subnets);
  await joinDomain(ec2, domainId, vpc);
  const enis: string[] = [];
  for (const subnetId of vpc.subnetIds) {
    enis.push((await makeInterface(ec2, subnetId)).NetworkInterfaceId);
  }
  return { gatewayId, domainId, vpc, enis };
}

/** What SearchTransitGatewayMulticastGroups shows, with these filters. */
export async function searchGroups(
  ec2: EC2,
  TransitGatewayMulticastDomainId: string,
  filters: Readonly<Record<string, string>> = {},
): Promise<TransitGatewayMulticastGroup[]> {
  const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
  const { MulticastGroups } = await ec2.searchTransitGatewayMulticastGroups({
    TransitGatewayMulticastDomainId,
    Filters,
  });
  return MulticastGroups!;
}

/** The same, in short: `GROUP INTERFACE member static`. */
export async function groupLines(
  ec2: EC2,
  domainId: string,
  filters: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  return (await searchGroups(ec2, domainId, filters)).map((one) => {
    const role = one.GroupMember ? 'member' : 'source';
    const type = one.MemberType ?? one.SourceType;
    return `${one.GroupIpAddress} ${one.NetworkInterfaceId} ${role} ${type}`;
  });
}

export async function domainAssociations(
  ec2: EC2,
  TransitGatewayMulticastDomainId: string,
): Promise<TransitGatewayMulticastDomainAssociation[]> {
  const { MulticastDomainAssociations } = await ec2.getTransitGatewayMulticastDomainAssociations({
    TransitGatewayMulticastDomainId,
  });
  return MulticastDomainAssociations!;
}
