/** Egress-only internet gateways: IPv6 out, and in only what answers. */
import { isIpv4 } from '../../src/net/ip.ts';
import {
  drop,
  fitInto,
  flowOf,
  isSameFlow,
  type Outcome,
  type Packet,
  reversed,
  type Step,
} from './packet.ts';
import { SPECIAL } from './space.ts';
import { interfaceWith, isIn, type World } from './world.ts';

const MTU_INTERNET = 1500;

/** Out, from interfaces of its own VPC. */
export function leaveByEgressOnly(
  world: World,
  gatewayId: string,
  vpcId: string,
  packet: Packet,
): Outcome | Step {
  const { destination, source } = packet;
  if (isIn(SPECIAL, destination)) return drop('NO_POSSIBLE_DESTINATION', gatewayId);
  const isOwn = !isIpv4(source) && interfaceWith(world, vpcId, source) !== undefined;
  if (!isOwn) return drop('GATEWAY_REJECTS_SPOOFED_TRAFFIC', gatewayId);
  const fitted = fitInto(packet, MTU_INTERNET, gatewayId);
  if ('disposition' in fitted) return fitted;
  world.outbound.push({ gatewayId, flow: flowOf(packet) });
  const outside = { ...fitted, sender: undefined, leftSubnet: undefined, cameByTransit: undefined };
  return { next: 'cross the internet', packet: outside };
}

/** Whether a packet from outside is of a flow that went out. */
export function answersOutbound({ outbound }: World, gatewayId: string, packet: Packet): boolean {
  return outbound.some((one) => {
    return one.gatewayId === gatewayId && isSameFlow(reversed(one.flow), packet);
  });
}

/** In, to the VPC's router at once: it has no table of its own. */
export function enterByEgressOnly(
  gatewayId: string,
  vpcId: string,
  packet: Packet,
): Outcome | Step {
  const fitted = fitInto(packet, MTU_INTERNET, gatewayId);
  if ('disposition' in fitted) return fitted;
  return { next: 'find in vpc', vpcId, packet: fitted };
}
