/** Virtual private gateways: between a VPC and VPN connections or Direct Connect (H6). */
import { containsIp } from '../../../src/net/cidr.ts';
import { drop, fitInto, type Outcome, type Packet, type Step } from '../packet.ts';
import { edgeTableOf, routeIn } from '../route-table.ts';
import { blocksOf, interfaceWith, isIn, type World } from '../world.ts';
import { servedVpc } from './attached.ts';
import { isMixed, knownPrefixes, linkOf, type Scope } from './known.ts';

/** H-066: of what is not propagated. */
const MTU = 1500;

/** Out of the VPC: what is its own. */
export function leaveByVirtualGateway(
  world: World,
  gatewayId: string,
  vpcId: string,
  packet: Packet,
  isPropagated: boolean,
): Outcome | Step {
  const vpc = world.model.get('vpc', vpcId)!;
  if (packet.cameByTransit || !isIn(blocksOf(vpc), packet.source)) {
    return drop('VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS', gatewayId);
  }
  const fitted = isPropagated ? packet : fitInto(packet, MTU, gatewayId);
  if ('disposition' in fitted) return fitted;
  const outside = { ...fitted, sender: undefined, leftSubnet: undefined, cameByTransit: undefined };
  return routeAtGateway(world, gatewayId, 'vpc', outside);
}

/** H-047, H-048, H-051: the longest prefix that it knows, of equal ones the VPC's own. */
export function routeAtGateway(
  world: World,
  gatewayId: string,
  scope: Scope | 'vpc only',
  packet: Packet,
): Outcome | Step {
  const { destination } = packet;
  const vpc = servedVpc(world, gatewayId);
  const own = (vpc ? blocksOf(vpc) : []).filter((block) => containsIp(block, destination));
  const inside = Math.max(-1, ...own.map(({ length }) => length));
  const known = scope === 'vpc only' ? [] : knownPrefixes(world, gatewayId, scope, destination);
  const longest = known.toSorted((a, b) => b.length - a.length)[0];
  if (scope !== 'vpc only' && longest !== undefined && longest.length > inside) {
    const mixed = isMixed(world, gatewayId, scope, longest);
    const fitted = mixed ? fitInto(packet, MTU, gatewayId) : packet;
    if ('disposition' in fitted) return fitted;
    const link = linkOf(world, gatewayId, scope, longest);
    return { next: 'cross to customer', link, packet: fitted };
  }
  if (vpc === undefined || inside < 0) return drop('NO_POSSIBLE_DESTINATION', gatewayId);
  return enterVpc(world, gatewayId, vpc.id, packet);
}

/** To an interface alone, by the gateway's own table where it has one. */
function enterVpc(world: World, gatewayId: string, vpcId: string, arrived: Packet): Outcome | Step {
  const packet = { ...arrived, sender: undefined, leftSubnet: undefined, cameByTransit: undefined };
  if (interfaceWith(world, vpcId, packet.destination) === undefined) {
    return drop('VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', gatewayId);
  }
  const edge = edgeTableOf(world, gatewayId);
  if (edge === undefined) return { next: 'find in vpc', vpcId, packet };
  const { target, verdict } = routeIn(world, edge, vpcId, packet.destination);
  if (verdict !== undefined) return verdict;
  if (target.kind !== 'network-interface') return { next: 'find in vpc', vpcId, packet };
  const eni = world.model.get('network-interface', target.id)!;
  return { next: 'arrive at interface', eni, packet };
}
