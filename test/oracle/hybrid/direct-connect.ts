/** Direct Connect gateways: between a virtual interface and an associated gateway (H-074). */
import { containsIp } from '../../../src/net/cidr.ts';
import { drop, type Outcome, type Packet, type Step } from '../packet.ts';
import type { World } from '../world.ts';
import { allowedBy, carryingAssociations } from './attached.ts';

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
  if (gateway.kind === 'vpn-gateway') {
    return { next: 'route at gateway', gatewayId: gateway.id, scope: 'vpc only', packet };
  }
  const attachment = world.model.get('transit-gateway-attachment', attachmentId!)!;
  return { next: 'enter by attachment', attachment, packet };
}
