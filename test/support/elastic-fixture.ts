/** Elastic addresses made through the API, in a VPC that has a gateway. */
import type { Address, EC2 } from '@aws-sdk/client-ec2';
import { makeNetwork, type Network } from './instance-fixture.ts';
import { mainTable, makeGateway } from './route-fixture.ts';

export interface PublicNetwork extends Network {
  readonly gatewayId: string;
}

/** The instance fixture's network with a gateway, and a default route to it. */
export async function makePublicNetwork(ec2: EC2, ipv6 = false): Promise<PublicNetwork> {
  const network = await makeNetwork(ec2, ipv6);
  const gatewayId = await makeGateway(ec2, network.vpcId);
  const { RouteTableId } = await mainTable(ec2, network.vpcId);
  await ec2.createRoute({
    RouteTableId,
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: gatewayId,
  });
  return { ...network, gatewayId };
}

export interface Allocation {
  readonly AllocationId: string;
  readonly PublicIp: string;
}

export async function allocate(ec2: EC2): Promise<Allocation> {
  const { AllocationId, PublicIp } = await ec2.allocateAddress({ Domain: 'vpc' });
  return { AllocationId: AllocationId!, PublicIp: PublicIp! };
}

/** An elastic address as DescribeAddresses shows it now. */
export async function lookAtAddress(ec2: EC2, allocationId: string): Promise<Address> {
  const { Addresses } = await ec2.describeAddresses({ AllocationIds: [allocationId] });
  return Addresses![0]!;
}
