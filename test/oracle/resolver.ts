/** The VPC's resolver, which neither groups nor ACLs stand before. */
import { drop, type Outcome, type Packet } from './packet.ts';
import { interfaceWith, isWorking, type World } from './world.ts';

const DNS_PORT = 53;

export function askResolver({ model }: World, vpcId: string, packet: Packet): Outcome {
  if (!model.get('vpc', vpcId)!.enableDnsSupport) return drop('VPC_DNS_SUPPORT_DISABLED', vpcId);
  if (packet.icmp || packet.port !== DNS_PORT) return drop('PROTOCOL_RESTRICTION', vpcId);
  return { disposition: 'delivered', place: { kind: 'resolver', vpcId }, packet };
}

/** Its answers come back as the question went: past groups and ACLs. */
export function leaveResolver(world: World, vpcId: string, packet: Packet): Outcome {
  const eni = interfaceWith(world, vpcId, packet.destination);
  if (eni === undefined) return drop('NO_POSSIBLE_DESTINATION', vpcId);
  if (!isWorking(world, eni)) return drop('BAD_STATE', eni.id);
  return { disposition: 'delivered', place: { kind: 'interface', id: eni.id }, packet };
}
