/** One packet's way from place to place, until it is dropped or delivered. */

import { crossToAws, crossToCustomer } from './hybrid/customer-link.ts';
import { enterDirectConnectGateway } from './hybrid/direct-connect.ts';
import { allLinks, endsOfLink } from './hybrid/link.ts';
import { arriveAtSite, leaveSite } from './hybrid/site.ts';
import { routeAtGateway } from './hybrid/virtual-gateway.ts';
import { arriveAtInterface, leaveInterface, sendOnLink, sendToRouter } from './interface.ts';
import { crossInternet, enterByGateway } from './internet.ts';
import { drop, type Outcome, type Packet, type Place, type Step } from './packet.ts';
import { leaveResolver } from './resolver.ts';
import { routerAddress } from './space.ts';
import { enterByAttachment, enterVpc } from './transit-gateway.ts';
import { interfaceWith, type World } from './world.ts';

/** Carries what someone at a place sends. `gatewayId`: which gateway a host outside aims at. */
export function carry(world: World, from: Place, packet: Packet, gatewayId?: string): Outcome {
  switch (from.kind) {
    case 'interface': {
      const eni = world.model.get('network-interface', from.id)!;
      return follow(world, { next: 'leave interface', eni, packet });
    }
    case 'resolver':
      return leaveResolver(world, from.vpcId, packet);
    case 'site':
      return follow(world, leaveSite(world, world.model.get('site', from.name)!, packet));
    case 'link':
      return carryFromLink(world, from.id, packet);
    case 'internet': {
      if (gatewayId === undefined) return follow(world, { next: 'cross the internet', packet });
      const { vpcId } = world.model.get('internet-gateway', gatewayId)!.attachment!;
      return follow(world, enterByGateway(world, gatewayId, vpcId, packet));
    }
  }
}

/** What AWS's own end of a link sends, to the customer's. */
function carryFromLink(world: World, id: string, packet: Packet): Outcome {
  const link = allLinks(world).find((one) => one.id === id)!;
  return follow(world, crossToCustomer(world, link, packet));
}

/** What the gateway at a Connect peer's end says to the sender of what came by the tunnel. */
export function carryFromTunnel(world: World, id: string, error: Packet): Outcome {
  const link = allLinks(world).find((one) => one.id === id)!;
  return carryFromLink(world, id, { ...error, source: endsOfLink(link).aws[0]! });
}

/** The router's word to the sender of a packet that was too big, from the subnet it had left. */
export function carryFromRouter(world: World, subnetId: string, error: Packet): Outcome {
  const subnet = world.model.get('subnet', subnetId)!;
  const source = routerAddress(subnet, error.destination);
  if (source === undefined) return drop('NO_POSSIBLE_DESTINATION', subnet.vpcId);
  const packet = { ...error, source };
  return follow(world, { next: 'find in vpc', vpcId: subnet.vpcId, packet });
}

/**
 * Ends: every circle has an instance, a NAT gateway or a transit gateway in it, and those count the
 * time to live down.
 */
function follow(world: World, first: Outcome | Step): Outcome {
  let now = first;
  while ('next' in now) now = go(world, now);
  return now;
}

function go(world: World, step: Step): Outcome | Step {
  switch (step.next) {
    case 'leave interface':
      return leaveInterface(world, step.eni, step.packet);
    case 'send on link':
      return sendOnLink(world, step.eni, step.packet);
    case 'send to router':
      return sendToRouter(world, step.eni, step.packet);
    case 'arrive at interface':
      return arriveAtInterface(world, step.eni, step.packet);
    case 'find in vpc': {
      const { packet, vpcId } = step;
      const eni = interfaceWith(world, vpcId, packet.destination);
      if (eni === undefined) return drop('NO_POSSIBLE_DESTINATION', vpcId);
      return { next: 'arrive at interface', eni, packet };
    }
    case 'cross the internet':
      return crossInternet(world, step.packet);
    case 'cross to customer':
      return crossToCustomer(world, step.link, step.packet, step.zone);
    case 'cross to aws':
      return crossToAws(world, step.link, step.packet);
    case 'arrive at site':
      return arriveAtSite(world, step.site, step.packet);
    case 'route at gateway':
      return routeAtGateway(world, step.gatewayId, step.scope, step.packet);
    case 'enter direct connect gateway':
      return enterDirectConnectGateway(world, step.gatewayId, step.packet);
    case 'enter by attachment':
      return enterByAttachment(world, step.attachment, step.packet, step.zone);
    case 'leave by attachment':
      return enterVpc(world, step.attachment, step.zone, step.packet);
  }
}
