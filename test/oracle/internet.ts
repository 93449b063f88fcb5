/** Internet gateways and what lies behind them. */
import { type Ip, isIpv4 } from '../../src/net/ip.ts';
import { answersOutbound, enterByEgressOnly } from './egress-only.ts';
import {
  drop,
  fitInto,
  type Outcome,
  type Packet,
  type Step,
  withDestination,
  withSource,
} from './packet.ts';
import { edgeTableOf, routeIn } from './route-table.ts';
import { isPrivate, isShared, SPECIAL } from './space.ts';
import {
  blocksOf,
  egressOnlyOf,
  gatewayOf,
  interfaceWith,
  isIn,
  isKept,
  publicOwner,
  type World,
} from './world.ts';

const MTU_INTERNET = 1500;

/** Out of a VPC: the destination must exist outside, the source must be known there. */
export function leaveByGateway(
  world: World,
  gatewayId: string,
  vpcId: string,
  packet: Packet,
): Outcome | Step {
  const { destination, source } = packet;
  if (isPrivate(destination)) {
    return drop('IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS', gatewayId);
  }
  if (isShared(destination)) {
    return drop('IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS', gatewayId);
  }
  if (isIn(SPECIAL, destination)) return drop('NO_POSSIBLE_DESTINATION', gatewayId);
  const known = outsideName(world, vpcId, source);
  if (known === undefined) return drop('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS', gatewayId);
  const fitted = fitInto(packet, MTU_INTERNET, gatewayId);
  if ('disposition' in fitted) return fitted;
  const outside = {
    ...withSource(fitted, known),
    sender: undefined,
    leftSubnet: undefined,
    cameByTransit: undefined,
  };
  return { next: 'cross the internet', packet: outside };
}

/** A source's public address, or its own IPv6 address. */
function outsideName(world: World, vpcId: string, source: Ip): Ip | undefined {
  const eni = interfaceWith(world, vpcId, source);
  if (eni === undefined || !isIpv4(source)) return eni && source;
  return eni.addresses.find(({ address }) => address === source)?.publicAddress;
}

/** Between gateways: to the one whose VPC has the destination, else to a host outside. */
export function crossInternet(world: World, packet: Packet): Outcome | Step {
  const { destination } = packet;
  if (isPrivate(destination) || isShared(destination) || isIn(SPECIAL, destination)) {
    return drop('NO_POSSIBLE_DESTINATION', 'internet');
  }
  const vpcId = vpcBehind(world, destination);
  if (vpcId === undefined) {
    // Whose owner has mapped it to nothing leads nowhere.
    if (isKept(world, destination)) return drop('NO_POSSIBLE_DESTINATION', 'internet');
    return { disposition: 'delivered', place: { kind: 'internet' }, packet };
  }
  const egressOnly = isIpv4(destination) ? undefined : egressOnlyOf(world, vpcId);
  if (egressOnly !== undefined && answersOutbound(world, egressOnly, packet)) {
    return enterByEgressOnly(egressOnly, vpcId, packet);
  }
  // beside an internet gateway, what is no reply enters there.
  const gatewayId = gatewayOf(world, vpcId);
  if (gatewayId !== undefined) return enterByGateway(world, gatewayId, vpcId, packet);
  if (egressOnly !== undefined) return drop('EIGW_REQUIRES_OUTBOUND_FLOW', egressOnly);
  return drop('NO_POSSIBLE_DESTINATION', 'internet');
}

function vpcBehind(world: World, address: Ip): string | undefined {
  if (isIpv4(address)) return publicOwner(world, address)?.eni.vpcId;
  for (const vpc of world.model.all('vpc')) if (isIn(blocksOf(vpc), address)) return vpc.id;
  return undefined;
}

/** Into a VPC: then the subnet's ACL and the groups see private addresses. */
export function enterByGateway(
  world: World,
  gatewayId: string,
  vpcId: string,
  packet: Packet,
): Outcome | Step {
  const { source, destination } = packet;
  if (isPrivate(source)) return drop('IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS', gatewayId);
  if (isShared(source)) return drop('IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS', gatewayId);
  const inside = isIpv4(destination)
    ? publicOwner(world, destination)?.address
    : interfaceWith(world, vpcId, destination) && destination;
  if (inside === undefined) return drop('IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', gatewayId);
  const fitted = fitInto(packet, MTU_INTERNET, gatewayId);
  if ('disposition' in fitted) return fitted;
  const entered = withDestination(fitted, inside);
  const edge = edgeTableOf(world, gatewayId);
  if (edge === undefined) return { next: 'find in vpc', vpcId, packet: entered };
  return steer(world, edge, vpcId, entered);
}

/** the gateway's own table, after translation, before the subnet's ACL. */
function steer(world: World, edge: string, vpcId: string, packet: Packet): Outcome | Step {
  const { target, verdict } = routeIn(world, edge, vpcId, packet.destination);
  if (verdict !== undefined) return verdict;
  if (target.kind !== 'network-interface') return { next: 'find in vpc', vpcId, packet };
  const eni = world.model.get('network-interface', target.id)!;
  const known = isIpv4(packet.destination)
    ? eni.addresses.some(({ publicAddress }) => publicAddress !== undefined)
    : eni.ipv6Addresses.length > 0;
  if (!known) return drop('INGRESS_RTB_NO_PUBLIC_IP', edge);
  return { next: 'arrive at interface', eni, packet };
}
