/** Connect attachments and peers made through the API. */
import type {
  CreateTransitGatewayConnectPeerRequest,
  EC2,
  TransitGatewayConnect,
  TransitGatewayConnectPeer,
} from '@aws-sdk/client-ec2';
import { attachNewVpc, makeTransitGateway } from './transit-fixture.ts';

/** A Connect attachment on another attachment, as the call answers; its id. */
export async function attachConnect(
  ec2: EC2,
  TransportTransitGatewayAttachmentId: string,
): Promise<string> {
  const { TransitGatewayConnect } = await ec2.createTransitGatewayConnect({
    TransportTransitGatewayAttachmentId,
    Options: { Protocol: 'gre' },
  });
  return TransitGatewayConnect!.TransitGatewayAttachmentId!;
}

export const PEER_ADDRESS = '10.0.0.10';
export const INSIDE = '169.254.6.0/29';

type PeerRequest = Partial<CreateTransitGatewayConnectPeerRequest>;

/** A peer of a Connect attachment, as the call answers. */
export async function addPeer(
  ec2: EC2,
  TransitGatewayAttachmentId: string,
  request: PeerRequest = {},
): Promise<TransitGatewayConnectPeer> {
  const { TransitGatewayConnectPeer } = await ec2.createTransitGatewayConnectPeer({
    TransitGatewayAttachmentId,
    PeerAddress: PEER_ADDRESS,
    InsideCidrBlocks: [INSIDE],
    ...request,
  });
  return TransitGatewayConnectPeer!;
}

/** A gateway with blocks of its own, a VPC attached to it, and a Connect attachment on that. */
export async function makeConnect(ec2: EC2, blocks = ['10.200.0.0/24', '2001:db8:200::/64']) {
  const gateway = await makeTransitGateway(ec2, { TransitGatewayCidrBlocks: blocks });
  const vpc = await attachNewVpc(ec2, gateway, '10.0.0.0/16');
  const connect = await attachConnect(ec2, vpc.attachmentId);
  return { gateway, vpc, transport: vpc.attachmentId, connect };
}

/** A Connect attachment as the API shows it now. */
export async function lookAtConnect(ec2: EC2, id: string): Promise<TransitGatewayConnect> {
  const { TransitGatewayConnects } = await ec2.describeTransitGatewayConnects({
    TransitGatewayAttachmentIds: [id],
  });
  return TransitGatewayConnects![0]!;
}

/** A peer as the API shows it now. */
export async function lookAtPeer(ec2: EC2, id: string): Promise<TransitGatewayConnectPeer> {
  const { TransitGatewayConnectPeers } = await ec2.describeTransitGatewayConnectPeers({
    TransitGatewayConnectPeerIds: [id],
  });
  return TransitGatewayConnectPeers![0]!;
}
