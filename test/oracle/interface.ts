/** What happens at a network interface, on the way out and on the way in. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { forwardByInstance, translationFor } from './forwarder.ts';
import { leaveByGateway } from './internet.ts';
import { judgeByAcl } from './network-acl.ts';
import { drop, type Outcome, type Packet, type Step, tooBig } from './packet.ts';
import { crossPeering } from './peering.ts';
import { askResolver } from './resolver.ts';
import { routeFrom } from './route-table.ts';
import { judgeByGroups } from './security-group.ts';
import { isResolver, isToMany } from './space.ts';
import {
  interfaceWith,
  isIn,
  isWorking,
  owns,
  subnetBlocks,
  subnetOf,
  type World,
} from './world.ts';

const MTU = 9001;

/** A packet that the instance behind an interface sends, its own or one it forwards. */
export function leaveInterface(world: World, eni: NetworkInterface, sent: Packet): Outcome | Step {
  const subnet = subnetOf(world, eni);
  const own = owns(eni, sent.source);
  const packet = { ...sent, sender: own ? eni.id : undefined, leftSubnet: subnet.id };
  const { destination } = packet;
  if (!isWorking(world, eni)) return drop('BAD_STATE', eni.id);
  if (eni.sourceDestCheck && !own) return drop('ENI_SOURCE_DEST_CHECK_RESTRICTION', eni.id);
  const big = tooBig(packet, MTU, eni.id);
  if (big) return big;
  // neither groups nor ACLs see what goes to the resolver.
  if (isResolver(world, eni.vpcId, destination)) return askResolver(world, eni.vpcId, packet);
  const refused = judgeByGroups(world, eni, true, packet);
  if (refused) return refused;
  if (isToMany(subnet, destination)) return drop('MULTICAST_NOT_SUPPORTED', subnet.id);
  const neighbor = interfaceWith(world, eni.vpcId, destination);
  if (neighbor?.subnetId === subnet.id) {
    return { next: 'arrive at interface', eni: neighbor, packet };
  }
  return leaveByRouter(world, eni, packet);
}

/** What is not for a neighbor goes to the VPC's router. */
function leaveByRouter(world: World, eni: NetworkInterface, packet: Packet): Outcome | Step {
  const subnet = subnetOf(world, eni);
  const { vpcId } = eni;
  const { target, verdict } = routeFrom(world, subnet, packet.destination);
  const via = target?.kind === 'network-interface' ? target.id : undefined;
  const gateway = via === undefined ? undefined : world.model.get('network-interface', via);
  const onLink = isIn(subnetBlocks(subnet), packet.destination);
  // the ACL stands at the subnet's border.
  if (!onLink && gateway?.subnetId !== subnet.id) {
    const denied = judgeByAcl(world, subnet, true, packet);
    if (denied) return denied;
  }
  if (verdict !== undefined) return verdict;
  switch (target.kind) {
    case 'local':
      return { next: 'find in vpc', vpcId, packet };
    case 'network-interface':
      return { next: 'arrive at interface', eni: gateway!, packet };
    case 'vpc-peering-connection':
      return crossPeering(world, target.id, vpcId, packet);
    case 'nat-gateway':
      throw new Error('the oracle has no NAT gateways yet');
    case 'internet-gateway':
      return leaveByGateway(world, target.id, vpcId, packet);
    default:
      throw new Error(`the oracle knows no route like ${JSON.stringify(target)}`);
  }
}

/** A packet that comes to an interface, addressed to it or routed to it. */
export function arriveAtInterface(
  world: World,
  eni: NetworkInterface,
  packet: Packet,
): Outcome | Step {
  const subnet = subnetOf(world, eni);
  const denied =
    packet.leftSubnet === subnet.id ? undefined : judgeByAcl(world, subnet, false, packet);
  if (denied) return denied;
  const refused = judgeByGroups(world, eni, false, packet);
  if (refused) return refused;
  if (!isWorking(world, eni)) return drop('BAD_STATE', eni.id);
  const own = owns(eni, packet.destination);
  //
  if (eni.sourceDestCheck && !own) return drop('ENI_SOURCE_DEST_CHECK_RESTRICTION', eni.id);
  if (!own || translationFor(world, eni, packet)) return forwardByInstance(world, eni, packet);
  return { disposition: 'delivered', place: { kind: 'interface', id: eni.id }, packet };
}
