/** Peering connections: into the peer VPC and no further (B-040, B-044). */
import { drop, fitInto, type Outcome, type Packet, type Step } from './packet.ts';
import { blocksOf, isIn, type World } from './world.ts';

const MTU = 9001;
const MTU_INTER_REGION = 8500; // B-061

export function crossPeering(
  { model }: World,
  id: string,
  fromVpc: string,
  packet: Packet,
): Outcome | Step {
  //
  if (packet.cameByTransit) return drop('PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', id);
  const { requester, accepter } = model.get('vpc-peering-connection', id)!;
  const receiver = requester.vpcId === fromVpc ? accepter : requester;
  const vpc = model.get('vpc', receiver.vpcId)!;
  if (!isIn(blocksOf(vpc), packet.destination)) return drop('PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', id);
  const interRegion = requester.region !== accepter.region;
  const fitted = fitInto(packet, interRegion ? MTU_INTER_REGION : MTU, id);
  if ('disposition' in fitted) return fitted;
  const sender = interRegion ? undefined : packet.sender; // B-056
  const entered = { ...fitted, sender, leftSubnet: undefined };
  return { next: 'find in vpc', vpcId: vpc.id, packet: entered };
}
