/** What happens at a network interface, on the way out and on the way in. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { RouteTarget } from '../../src/model/vpc/route-table.ts';
import { leaveByEgressOnly } from './egress-only.ts';
import { forwardByInstance } from './forwarder.ts';
import { leaveTunnelAtAppliance } from './hybrid/connect.ts';
import { leaveByVirtualGateway } from './hybrid/virtual-gateway.ts';
import { leaveByGateway } from './internet.ts';
import { passNatGateway } from './nat-gateway.ts';
import { judgeByAcl } from './network-acl.ts';
import { drop, fitInto, type Outcome, type Packet, type Step } from './packet.ts';
import { crossPeering } from './peering.ts';
import { askResolver } from './resolver.ts';
import { routeFrom } from './route-table.ts';
import { judgeByGroups } from './security-group.ts';
import { isResolver, isToMany } from './space.ts';
import { attachmentAt, enterTransitGateway, stopAtInterface } from './transit-gateway.ts';
import { answeredFlow } from './translation.ts';
import {
  interfaceWith,
  isIn,
  isWorking,
  natGatewayAt,
  owns,
  subnetBlocks,
  subnetOf,
  type World,
} from './world.ts';

const MTU = 9001;

/** A packet that the instance behind an interface sends, its own or one it forwards. */
export function leaveInterface(world: World, eni: NetworkInterface, sent: Packet): Outcome | Step {
  const own = owns(eni, sent.source);
  // Nobody stands behind a gateway's interface.
  const service = natGatewayAt(world, eni) ?? attachmentAt(world, eni) ?? eni;
  if (!isWorking(world, eni)) return drop('BAD_STATE', service.id);
  if (eni.sourceDestCheck && !own) return drop('ENI_SOURCE_DEST_CHECK_RESTRICTION', eni.id);
  const { id: subnetId } = subnetOf(world, eni);
  const told = { ...sent, toldBy: subnetId, toldByLink: undefined };
  const packet = fitInto(told, MTU, eni.id);
  if ('disposition' in packet) return packet;
  // neither groups nor ACLs see what goes to the resolver; A-106: not for others.
  if (own && isResolver(world, eni.vpcId, packet.destination)) {
    return askResolver(world, eni.vpcId, packet);
  }
  const refused = judgeByGroups(world, eni, true, packet);
  if (refused) return refused;
  const cameByTransit = own ? undefined : packet.cameByTransit;
  return sendOnLink(world, eni, { ...packet, sender: own ? eni.id : undefined, cameByTransit });
}

/** A packet that stands on the link of its subnet: for a neighbor, or for the router. */
export function sendOnLink(world: World, eni: NetworkInterface, sent: Packet): Outcome | Step {
  const subnet = subnetOf(world, eni);
  const packet = { ...sent, leftSubnet: subnet.id, toldBy: subnet.id, toldByLink: undefined };
  const neighbor = interfaceWith(world, eni.vpcId, packet.destination);
  if (neighbor?.subnetId === subnet.id && !isToMany(subnet, packet.destination)) {
    return { next: 'arrive at interface', eni: neighbor, packet };
  }
  return sendToRouter(world, eni, packet);
}

/** What is not for a neighbor goes to the VPC's router. */
export function sendToRouter(world: World, eni: NetworkInterface, packet: Packet): Outcome | Step {
  const subnet = subnetOf(world, eni);
  if (isToMany(subnet, packet.destination)) return drop('MULTICAST_NOT_SUPPORTED', subnet.id);
  const { vpcId } = eni;
  const routing = routeFrom(world, subnet, packet.destination);
  const { target, verdict } = routing;
  const gateway = target && interfaceBehind(world, target);
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
    case 'nat-gateway':
      return { next: 'arrive at interface', eni: gateway!, packet };
    case 'vpc-peering-connection':
      return crossPeering(world, target.id, vpcId, packet);
    case 'internet-gateway':
      return leaveByGateway(world, target.id, vpcId, packet);
    case 'egress-only-internet-gateway':
      return leaveByEgressOnly(world, target.id, vpcId, packet);
    case 'vpn-gateway':
      return leaveByVirtualGateway(world, target.id, vpcId, packet, routing.isPropagated);
    case 'transit-gateway':
      return enterTransitGateway(world, target.id, vpcId, packet);
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
  const natGateway = natGatewayAt(world, eni);
  if (natGateway) return passNatGateway(world, natGateway, eni, packet);
  const attachment = attachmentAt(world, eni);
  if (attachment) return stopAtInterface(attachment);
  const refused = judgeByGroups(world, eni, false, packet);
  if (refused) return refused;
  if (!isWorking(world, eni)) return drop('BAD_STATE', eni.id);
  const own = owns(eni, packet.destination);
  const taken = own ? leaveTunnelAtAppliance(world, eni, packet) : undefined;
  if (taken) return taken;
  //
  if (eni.sourceDestCheck && !own) return drop('ENI_SOURCE_DEST_CHECK_RESTRICTION', eni.id);
  if (!own || answeredFlow(world, eni.id, packet)) return forwardByInstance(world, eni, packet);
  return { disposition: 'delivered', place: { kind: 'interface', id: eni.id }, packet };
}

/** The interface that a route leads to: an instance's, or a NAT gateway's. */
function interfaceBehind({ model }: World, target: RouteTarget): NetworkInterface | undefined {
  if (target.kind === 'network-interface') return model.get('network-interface', target.id);
  if (target.kind !== 'nat-gateway') return undefined;
  const id = model.get('natgateway', target.id)?.networkInterfaceId;
  return id === undefined ? undefined : model.get('network-interface', id);
}
