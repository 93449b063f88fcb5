/** Direct Connect gateways: between a virtual interface and an associated gateway (H-074). */
import type { DirectConnectGatewayAssociation } from '../../../src/model/direct-connect/gateway-association.ts';
import { type Cidr, containsCidr, containsIp } from '../../../src/net/cidr.ts';
import { drop, type Outcome, type Packet, type Step } from '../packet.ts';
import { enterByAttachment } from '../transit-gateway.ts';
import { blocksOf, type World } from '../world.ts';
import { routeAtGateway, servedVpc } from './virtual-gateway.ts';

/** H-071: those that packets pass. */
export function carryingAssociations(
  { model }: World,
  gatewayId: string | undefined,
): DirectConnectGatewayAssociation[] {
  return [...model.all('direct-connect-gateway-association')].filter(
    ({ directConnectGatewayId, state }) =>
      directConnectGatewayId === gatewayId && (state === 'associated' || state === 'updating'),
  );
}

export function isAssociatedWith(
  world: World,
  directConnectGatewayId: string | undefined,
  gatewayId: string,
): boolean {
  return carryingAssociations(world, directConnectGatewayId).some(
    ({ gateway }) => gateway.id === gatewayId,
  );
}

/** H-069, H-070, C-106: a filter over the VPC's blocks, or the prefixes as they are. */
export function allowedBy(
  world: World,
  { gateway, allowedPrefixes }: DirectConnectGatewayAssociation,
): readonly Cidr[] {
  if (gateway.kind === 'transit-gateway') return allowedPrefixes;
  const vpc = servedVpc(world, gateway.id);
  const blocks = vpc ? blocksOf(vpc) : [];
  if (allowedPrefixes.length === 0) return blocks;
  return blocks.filter((block) => allowedPrefixes.some((entry) => containsCidr(entry, block)));
}

/** From a virtual interface: to the gateway that what is allowed leads to. */
export function enterDirectConnectGateway(
  world: World,
  gatewayId: string,
  packet: Packet,
): Outcome | Step {
  const ways = carryingAssociations(world, gatewayId).flatMap((association) =>
    allowedBy(world, association)
      .filter((block) => containsIp(block, packet.destination))
      .map((block) => ({ association, length: block.length })),
  );
  const [way] = ways.toSorted((a, b) => b.length - a.length);
  if (way === undefined) return drop('NO_POSSIBLE_DESTINATION', gatewayId);
  const { gateway, attachmentId } = way.association;
  if (gateway.kind === 'vpn-gateway') return routeAtGateway(world, gateway.id, 'vpc only', packet);
  const attachment = world.model.get('transit-gateway-attachment', attachmentId!)!;
  return enterByAttachment(world, attachment, packet);
}
