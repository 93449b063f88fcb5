/** VPCs and subnets made through the API, for tests of what stands in them. */
import type { EC2, Subnet, Vpc } from '@aws-sdk/client-ec2';

/** What the API has answered once the resource is there. */
type Made<T, Required extends keyof T> = T & { [K in Required]-?: NonNullable<T[K]> };
export type MadeVpc = Made<Vpc, 'VpcId' | 'CidrBlock'>;
export type MadeSubnet = Made<Subnet, 'SubnetId' | 'VpcId' | 'AvailabilityZoneId'>;

export async function makeVpc(ec2: EC2, block = '10.0.0.0/16', ipv6 = false): Promise<MadeVpc> {
  const request = { CidrBlock: block, AmazonProvidedIpv6CidrBlock: ipv6 };
  const { Vpc } = await ec2.createVpc(request);
  return Vpc as MadeVpc;
}

export async function makeSubnet(ec2: EC2, vpcId: string, block: string): Promise<MadeSubnet> {
  const { Subnet } = await ec2.createSubnet({ VpcId: vpcId, CidrBlock: block });
  return Subnet as MadeSubnet;
}

/** A subnet in the zone of this letter. */
export async function makeSubnetIn(
  ec2: EC2,
  vpcId: string,
  block: string,
  letter: string,
): Promise<string> {
  const zone = `${await ec2.config.region()}${letter}`;
  const request = { VpcId: vpcId, CidrBlock: block, AvailabilityZone: zone };
  const { Subnet } = await ec2.createSubnet(request);
  return Subnet!.SubnetId!;
}

/** A VPC as DescribeVpcs shows it now. */
export async function lookAtVpc(ec2: EC2, vpcId: string): Promise<MadeVpc> {
  const { Vpcs } = await ec2.describeVpcs({ VpcIds: [vpcId] });
  return Vpcs![0] as MadeVpc;
}

/** A subnet as DescribeSubnets shows it now. */
export async function lookAtSubnet(ec2: EC2, subnetId: string): Promise<MadeSubnet> {
  const { Subnets } = await ec2.describeSubnets({ SubnetIds: [subnetId] });
  return Subnets![0] as MadeSubnet;
}

/** The VPC's IPv6 block, with its length replaced. */
export async function ipv6BlockOf(ec2: EC2, vpcId: string, length: number): Promise<string> {
  const { Ipv6CidrBlockAssociationSet } = await lookAtVpc(ec2, vpcId);
  return Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!.replace('/56', `/${length}`);
}
