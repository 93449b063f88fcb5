/** NAT gateways made through the API. */
import type {
  CreateNatGatewayRequest,
  EC2,
  NatGateway,
  NatGatewayAddress,
} from '@aws-sdk/client-ec2';
import { allocate } from './elastic-fixture.ts';

type MadeGateway = NatGateway & {
  readonly NatGatewayId: string;
  readonly NatGatewayAddresses: NatGatewayAddress[];
};

/** A public one with a new elastic address, as the call answers. */
export async function makeNat(
  ec2: EC2,
  subnetId: string,
  request: Partial<CreateNatGatewayRequest> = {},
): Promise<MadeGateway> {
  const { AllocationId } = await allocate(ec2);
  const made = await ec2.createNatGateway({ SubnetId: subnetId, AllocationId, ...request });
  return made.NatGateway as MadeGateway;
}

export async function makePrivateNat(
  ec2: EC2,
  subnetId: string,
  request: Partial<CreateNatGatewayRequest> = {},
): Promise<MadeGateway> {
  const ConnectivityType = 'private' as const;
  const made = await ec2.createNatGateway({ SubnetId: subnetId, ConnectivityType, ...request });
  return made.NatGateway as MadeGateway;
}

/** A NAT gateway as DescribeNatGateways shows it now. */
export async function lookAtNat(ec2: EC2, id: string): Promise<MadeGateway> {
  const { NatGateways } = await ec2.describeNatGateways({ NatGatewayIds: [id] });
  return NatGateways![0] as MadeGateway;
}
