/** Instances and network interfaces made through the API, and looked at again. */
import type {
  CreateNetworkInterfaceRequest,
  EC2,
  Instance,
  NetworkInterface,
  RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { makeSubnet, makeVpc } from './vpc-fixture.ts';

export const IMAGE = 'ami-0123456789abcdef0';

export interface Network {
  readonly vpcId: string;
  readonly subnetId: string;
  /** The VPC's default group. */
  readonly groupId: string;
}

/** A VPC 10.0.0.0/16 with a subnet 10.0.0.0/24; with `ipv6` both have IPv6 blocks. */
export async function makeNetwork(ec2: EC2, ipv6 = false): Promise<Network> {
  const { VpcId: vpcId } = await makeVpc(ec2, '10.0.0.0/16', ipv6);
  const { SubnetId: subnetId } = await makeSubnet(ec2, vpcId, '10.0.0.0/24');
  if (ipv6) {
    const { Vpcs } = await ec2.describeVpcs({ VpcIds: [vpcId] });
    const block = Vpcs![0]!.Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!;
    const Ipv6CidrBlock = block.replace('/56', '/64');
    await ec2.associateSubnetCidrBlock({ SubnetId: subnetId, Ipv6CidrBlock });
  }
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const { SecurityGroups } = await ec2.describeSecurityGroups({ Filters });
  return { vpcId, subnetId, groupId: SecurityGroups![0]!.GroupId! };
}

export async function makeGroup(ec2: EC2, vpcId: string, name: string): Promise<string> {
  const request = { VpcId: vpcId, GroupName: name, Description: name };
  return (await ec2.createSecurityGroup(request)).GroupId!;
}

/** Launches instances of a type with room for three interfaces, and answers their ids. */
export async function launch(
  ec2: EC2,
  request: Partial<RunInstancesRequest> = {},
): Promise<string[]> {
  const { Instances } = await ec2.runInstances(launchRequest(request));
  return Instances!.map(({ InstanceId }) => InstanceId!);
}

export function launchRequest(request: Partial<RunInstancesRequest> = {}): RunInstancesRequest {
  return { ImageId: IMAGE, InstanceType: 't3.small', MinCount: 1, MaxCount: 1, ...request };
}

export async function launchOne(
  ec2: EC2,
  request: Partial<RunInstancesRequest> = {},
): Promise<string> {
  return (await launch(ec2, request))[0]!;
}

export async function lookAtInstance(ec2: EC2, id: string): Promise<Instance> {
  const { Reservations } = await ec2.describeInstances({ InstanceIds: [id] });
  return Reservations![0]!.Instances![0]!;
}

export async function makeInterface(
  ec2: EC2,
  subnetId: string,
  request: Partial<CreateNetworkInterfaceRequest> = {},
): Promise<NetworkInterface & { NetworkInterfaceId: string }> {
  const made = await ec2.createNetworkInterface({ SubnetId: subnetId, ...request });
  return made.NetworkInterface as NetworkInterface & { NetworkInterfaceId: string };
}

export async function lookAtInterface(ec2: EC2, id: string): Promise<NetworkInterface> {
  const { NetworkInterfaces } = await ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [id] });
  return NetworkInterfaces![0]!;
}

/** The private addresses of an interface, the primary one first. */
export function addressesOf({
  PrivateIpAddresses,
}: Pick<NetworkInterface, 'PrivateIpAddresses'>): (string | undefined)[] {
  return PrivateIpAddresses!.map(({ PrivateIpAddress }) => PrivateIpAddress);
}
