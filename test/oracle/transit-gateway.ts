/** Transit gateways: from the sender's zone, by the associated table, into one zone (C-032). */
import type {
  PeeringAttachment,
  TransitGatewayAttachment,
  VpcAttachment,
} from '../../src/model/transit-gateway/attachment.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Ip } from '../../src/net/ip.ts';
import { leaveTunnelAtGateway } from './hybrid/connect.ts';
import { judgeByAcl } from './network-acl.ts';
import {
  clampSegments,
  type Drop,
  drop,
  fitInto,
  flowOf,
  isSameFlow,
  type Outcome,
  type Packet,
  packetFamily,
  reversed,
  type Step,
} from './packet.ts';
import { isUpAttachment, linkOf, routeIn, tableOf } from './transit-route.ts';
import { isIn, subnetBlocks, type World } from './world.ts';

const MTU = 8500; // C-129

/** The attachment of a VPC to a gateway, where it carries packets. */
export function vpcOn(
  { model }: Pick<World, 'model'>,
  gatewayId: string,
  vpcId: string,
): VpcAttachment | undefined {
  for (const one of model.all('transit-gateway-attachment')) {
    if (one.resourceType !== 'vpc' || one.vpcId !== vpcId) continue;
    if (one.transitGatewayId === gatewayId && isUpAttachment(one)) return one;
  }
  return undefined;
}

/** The attachment that an interface belongs to. */
export function attachmentAt(
  { model }: World,
  { id }: NetworkInterface,
): VpcAttachment | undefined {
  for (const one of model.all('transit-gateway-attachment')) {
    if (one.resourceType !== 'vpc') continue;
    if (one.subnets.some(({ networkInterfaceId }) => networkInterfaceId === id)) return one;
  }
  return undefined;
}

/** What is addressed to a gateway's own interface: nobody answers there. */
export function stopAtInterface(attachment: VpcAttachment): Drop {
  return drop(isUpAttachment(attachment) ? 'PROTOCOL_RESTRICTION' : 'BAD_STATE', attachment.id);
}

/** Out of a VPC, by the attachment subnet of the zone that the packet is in (C-032, C-047). */
export function enterTransitGateway(
  world: World,
  gatewayId: string,
  vpcId: string,
  packet: Packet,
): Outcome | Step {
  const attachment = vpcOn(world, gatewayId, vpcId)!;
  const zone = world.model.get('subnet', packet.leftSubnet!)!.zoneId;
  const place = attachment.subnets.find(({ zoneId }) => zoneId === zone);
  if (place === undefined) return drop('TGW_ROUTE_AZ_RESTRICTION', attachment.id);
  // C-046: from within that subnet too.
  const denied = judgeByAcl(world, world.model.get('subnet', place.subnetId)!, false, packet);
  if (denied) return denied;
  const { ipv6Support } = attachment.options;
  if (!ipv6Support && packetFamily(packet) === 6) return noIpv6(attachment); // C-023
  const tunnelled = leaveTunnelAtGateway(world, attachment, zone, packet);
  if (tunnelled) return tunnelled;
  const sender = tellsGroups(world, attachment, zone) ? packet.sender : undefined;
  return arriveAtGateway(world, gatewayId, attachment, zone, { ...packet, sender });
}

function noIpv6({ id }: VpcAttachment): Drop {
  return drop('TGW_ATTACH_IPV6_NOT_SUPPORTED', id);
}

/** C-048: the gateway and the attachment both tell whose groups a sender has. */
function tellsGroups(
  { model }: World,
  { transitGatewayId, options }: VpcAttachment,
  zone?: string,
): boolean {
  if (zone === 'use1-az3') return false; // C-049
  const gateway = model.get('transit-gateway', transitGatewayId)!;
  return options.securityGroupReferencingSupport && gateway.options.securityGroupReferencingSupport;
}

/** From a customer's device, by a VPN connection, a Connect peer or Direct Connect. */
export function enterByAttachment(
  world: World,
  attachment: TransitGatewayAttachment,
  packet: Packet,
  zone?: string,
): Outcome | Step {
  if (!isUpAttachment(attachment)) return drop('BAD_STATE', attachment.id);
  return arriveAtGateway(world, attachment.transitGatewayId, attachment, zone, packet);
}

/** What has come to a gateway is routed by the table of the attachment it came by (C-052). */
function arriveAtGateway(
  world: World,
  gatewayId: string,
  from: TransitGatewayAttachment,
  zone: string | undefined,
  arrived: Packet,
): Outcome | Step {
  const tableId = tableOf(world, gatewayId, from);
  if (tableId === undefined) return drop('TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION', from.id);
  const fitted = fitInto(arrived, MTU, from.id);
  if ('disposition' in fitted) return fitted;
  if (fitted.ttl <= 1) return drop('TTL_EXPIRED', from.id);
  const packet = clampSegments({ ...fitted, ttl: fitted.ttl - 1 }, MTU);
  const route = routeIn(world, tableId, packet.destination);
  if (route === undefined) return drop('TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT', tableId);
  const to = world.model.get('transit-gateway-attachment', route.attachmentId ?? '');
  if (to === undefined || !isUpAttachment(to)) return drop('TGW_RTB_BAD_STATE_ROUTE', tableId);
  switch (to.resourceType) {
    case 'vpc':
      return enterVpc(world, to, zone, packet);
    case 'peering':
      return crossPeering(world, gatewayId, to, zone, packet);
    case 'vpn':
    case 'connect':
    case 'direct-connect-gateway': {
      const link = linkOf(world, to, route);
      if (link === undefined) return drop('TGW_BAD_STATE_VPN', to.id);
      return { next: 'cross to customer', link, zone, packet };
    }
  }
}

/** C-086: the other end's table routes on; nobody there knows the sender's groups (C-049). */
function crossPeering(
  world: World,
  fromId: string,
  peering: PeeringAttachment,
  zone: string | undefined,
  packet: Packet,
): Outcome | Step {
  const { transitGatewayId, accepter } = peering;
  const otherId = transitGatewayId === fromId ? accepter.transitGatewayId : transitGatewayId;
  return arriveAtGateway(world, otherId, peering, zone, { ...packet, sender: undefined });
}

/** Into a VPC by one of its attachment subnets, whose table routes on (C-034). */
export function enterVpc(
  world: World,
  to: VpcAttachment,
  zone: string | undefined,
  packet: Packet,
): Outcome | Step {
  if (!to.options.ipv6Support && packetFamily(packet) === 6) return noIpv6(to);
  const place = placeOf(world, to, zone, packet);
  const eni = world.model.get('network-interface', place.networkInterfaceId!)!;
  const sender = tellsGroups(world, to, place.zoneId) ? packet.sender : undefined;
  const entered = { ...packet, sender, leftSubnet: place.subnetId, cameByTransit: true } as const;
  return { next: 'send to router', eni, packet: entered };
}

/** C-036; with appliance mode C-037 and C-038. */
function placeOf(world: World, to: VpcAttachment, zone: string | undefined, packet: Packet) {
  const { subnets, options } = to;
  const inZone = (wanted: string | undefined) => subnets.find(({ zoneId }) => zoneId === wanted);
  if (!options.applianceModeSupport) return inZone(zone) ?? world.choose(subnets);
  const flow = flowOf(packet);
  const kept = world.pins.find(
    (pin) =>
      pin.attachmentId === to.id &&
      (isSameFlow(pin.flow, flow) || isSameFlow(pin.flow, reversed(flow))),
  );
  if (kept !== undefined) return inZone(kept.zoneId)!;
  const there = zoneOfDestination(world, to, packet.destination);
  const ends = subnets.filter(({ zoneId }) => zoneId === zone || zoneId === there);
  const place = world.choose(ends.length > 0 ? ends : subnets);
  world.pins.push({ attachmentId: to.id, flow, zoneId: place.zoneId });
  return place;
}

/** Where the destination is, as the table says that routes what comes back from the VPC. */
function zoneOfDestination(world: World, from: VpcAttachment, destination: Ip): string | undefined {
  const { model } = world;
  const tableId = tableOf(world, from.transitGatewayId, from);
  const route = tableId === undefined ? undefined : routeIn(world, tableId, destination);
  const to = model.get('transit-gateway-attachment', route?.attachmentId ?? '');
  if (to?.resourceType !== 'vpc') return undefined;
  for (const subnet of model.all('subnet')) {
    if (subnet.vpcId !== to.vpcId) continue;
    if (isIn(subnetBlocks(subnet), destination)) return subnet.zoneId;
  }
  return undefined;
}

/** C-041: whether a gateway tells one VPC of the private addresses of public names of another. */
export function joinsNames(world: World, a: string, b: string): boolean {
  for (const { id, options } of world.model.all('transit-gateway')) {
    const ends = [vpcOn(world, id, a), vpcOn(world, id, b)];
    if (options.dnsSupport && ends.every((one) => one?.options.dnsSupport)) return true;
  }
  return false;
}

/** C-048: whether a gateway tells one VPC of another's groups; `anyway`: or would, if asked. */
export function joinsGroups(world: World, a: string, b: string, anyway = false): boolean {
  for (const { id } of world.model.all('transit-gateway')) {
    const [own, other] = [vpcOn(world, id, a), vpcOn(world, id, b)];
    if (own === undefined || other === undefined) continue;
    if (anyway || (tellsGroups(world, own) && tellsGroups(world, other))) return true;
  }
  return false;
}
