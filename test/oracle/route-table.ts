/** Route tables: the longest prefix decides, a blackhole drops. */
import type { RouteTarget } from '../../src/model/vpc/route-table.ts';
import type { Subnet } from '../../src/model/vpc/subnet.ts';
import { type Cidr, containsCidr, containsIp, parseCidr } from '../../src/net/cidr.ts';
import type { Ip } from '../../src/net/ip.ts';
import { knownPrefixes } from './hybrid/known.ts';
import { type Drop, drop } from './packet.ts';
import { vpcOn } from './transit-gateway.ts';
import { entriesOf, gatewayOf, isWorking, natGatewayAt, type World } from './world.ts';

/** no route leads there. */
const RESERVED = [parseCidr('169.254.168.0/22')!, parseCidr('fd00:ec2::/32')!];

/** What the table of a subnet says of an address. */
export function routeFrom(world: World, subnet: Subnet, destination: Ip): Routing {
  return routeIn(world, tableOf(world, subnet), subnet.vpcId, destination);
}

/** the table that steers what enters by a gateway. */
export function edgeTableOf({ model }: World, gatewayId: string): string | undefined {
  for (const association of model.all('route-table-association')) {
    if (association.gatewayId === gatewayId) return association.routeTableId;
  }
  return undefined;
}

/** What a table says of an address: where to, or, of a blackhole too, why not. */
export function routeIn(world: World, tableId: string, vpcId: string, destination: Ip): Routing {
  const route = longestMatch(world, tableId, destination);
  const isReserved = RESERVED.some((block) => containsIp(block, destination));
  if (route === undefined || isReserved) {
    return { verdict: drop('NO_ROUTE_TO_DESTINATION', tableId) };
  }
  const { target } = route;
  if (isBlackhole(world, vpcId, target))
    return { target, verdict: drop('BAD_STATE_ROUTE', tableId) };
  return { target, isPropagated: route.isPropagated === true };
}

type Routing =
  | {
      readonly target: RouteTarget;
      readonly verdict?: undefined;
      readonly isPropagated: boolean;
    }
  | { readonly target: RouteTarget; readonly verdict: Drop }
  | { readonly target?: undefined; readonly verdict: Drop };

/** the subnet's own table, else the main one. */
function tableOf({ model }: World, subnet: Subnet): string {
  let main: string | undefined;
  for (const association of model.all('route-table-association')) {
    if (association.subnetId === subnet.id) return association.routeTableId;
    if (association.main && association.vpcId === subnet.vpcId) main = association.routeTableId;
  }
  return main!;
}

/** Of equal prefixes the route to a block beats one to a prefix list. */
function longestMatch(world: World, tableId: string, destination: Ip): Way | undefined {
  let best: Way | undefined;
  for (const way of waysOf(world, tableId, destination)) {
    if (!containsIp(way.destination, destination)) continue;
    if (best === undefined || way.destination.length > best.destination.length) best = way;
  }
  return best;
}

interface Way {
  readonly destination: Cidr;
  readonly target: RouteTarget;
  readonly isPropagated?: true;
}

/**
 * The routes of a table that were made, then each entry of each prefix list that it leads to, then
 * what is propagated outside the VPC's blocks.
 */
function waysOf(world: World, tableId: string, address: Ip): Way[] {
  const { model } = world;
  const routes = [...model.all('route')].filter(({ routeTableId }) => routeTableId === tableId);
  const ways: Way[] = routes.filter(({ origin }) => origin !== 'EnableVgwRoutePropagation');
  for (const { routeTableId, prefixListId, target } of model.all('prefix-list-route')) {
    if (routeTableId !== tableId) continue;
    for (const destination of entriesOf(model, prefixListId)) ways.push({ destination, target });
  }
  const local = routes.filter(({ origin }) => origin === 'CreateRouteTable');
  const isLocal = ({ destination }: Way) =>
    local.some((block) => containsCidr(block.destination, destination));
  return [...ways, ...propagated(world, tableId, address).filter((way) => !isLocal(way))];
}

/** H-044: all that a gateway knows, in the tables of its VPC that take it. */
function propagated(world: World, tableId: string, address: Ip): Way[] {
  const { model } = world;
  const { vpcId } = model.get('route-table', tableId)!;
  const ways: Way[] = [];
  for (const { routeTableId, vpnGatewayId: id } of model.all('vgw-route-propagation')) {
    if (routeTableId !== tableId || !isAttached(world, id, vpcId)) continue;
    for (const destination of knownPrefixes(world, id, 'vpc', address)) {
      ways.push({ destination, target: { kind: 'vpn-gateway', id }, isPropagated: true });
    }
  }
  return ways;
}

function isAttached({ model }: World, id: string, vpcId: string): boolean {
  const { attachment } = model.get('vpn-gateway', id) ?? {};
  return attachment?.state === 'attached' && attachment.vpcId === vpcId;
}

/** the target is gone, detached, or not in a state to carry anything. */
function isBlackhole(world: World, vpcId: string, target: RouteTarget): boolean {
  const { model } = world;
  switch (target.kind) {
    case 'local':
      return false;
    case 'internet-gateway':
      return gatewayOf(world, vpcId) !== target.id;
    case 'network-interface': {
      const eni = model.get('network-interface', target.id);
      return eni === undefined || !(isWorking(world, eni) || natGatewayAt(world, eni));
    }
    case 'nat-gateway':
      return model.get('natgateway', target.id)?.state !== 'available';
    case 'egress-only-internet-gateway':
      return model.get(target.kind, target.id) === undefined;
    case 'vpc-peering-connection': // B-045, B-046
      return model.get('vpc-peering-connection', target.id)?.status !== 'active';
    case 'vpn-gateway': // H-046
      return !isAttached(world, target.id, vpcId);
    case 'transit-gateway':
      return vpcOn(world, target.id, vpcId) === undefined;
  }
}
