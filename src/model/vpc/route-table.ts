import { type Cidr, cidrFamily, formatCidr } from '../../net/cidr.ts';
import type { Owned } from '../resource.ts';

export interface RouteTable extends Owned {
  readonly vpcId: string;
}

export interface RouteTableAssociation {
  /** rtbassoc-… */
  readonly id: string;
  readonly routeTableId: string;
  readonly vpcId: string;
  /** The implicit association of every subnet without its own. */
  readonly main: boolean;
  readonly subnetId?: string;
  /** An internet or virtual private gateway: an edge table. */
  readonly gatewayId?: string;
}

/** One kind a target; further kinds of connectivity add theirs here. */
export type RouteTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'internet-gateway'; readonly id: string }
  | { readonly kind: 'vpn-gateway'; readonly id: string }
  | { readonly kind: 'network-interface'; readonly id: string }
  | { readonly kind: 'nat-gateway'; readonly id: string }
  | { readonly kind: 'egress-only-internet-gateway'; readonly id: string }
  | { readonly kind: 'vpc-peering-connection'; readonly id: string }
  | { readonly kind: 'transit-gateway'; readonly id: string };

/** */
export type RouteOrigin = 'CreateRouteTable' | 'CreateRoute' | 'EnableVgwRoutePropagation';

export interface Route {
  /**
   * `ROUTE-TABLE|DESTINATION`, of a propagated one `ROUTE-TABLE|DESTINATION|GATEWAY`: a table may
   * hold both to one destination, and shows both. `preferredRoute` says which of them holds.
   */
  readonly id: string;
  readonly routeTableId: string;
  readonly destination: Cidr;
  readonly target: RouteTarget;
  readonly origin: RouteOrigin;
}

/** A route to every entry of a prefix list, whatever the list holds by then. */
export interface PrefixListRoute {
  /** `ROUTE-TABLE|PREFIX-LIST` */
  readonly id: string;
  readonly routeTableId: string;
  readonly prefixListId: string;
  readonly target: Exclude<RouteTarget, { kind: 'local' }>;
}

export function prefixListRouteId(routeTableId: string, prefixListId: string): string {
  return `${routeTableId}|${prefixListId}`;
}

export function routeId(routeTableId: string, destination: Cidr): string {
  return `${routeTableId}|${formatCidr(destination)}`;
}

/** The id of the route that a virtual private gateway propagates. */
export function propagatedRouteId(
  routeTableId: string,
  destination: Cidr,
  vpnGatewayId: string,
): string {
  return `${routeId(routeTableId, destination)}|${vpnGatewayId}`;
}

export function isPropagated({ origin }: Pick<Route, 'origin'>): boolean {
  return origin === 'EnableVgwRoutePropagation';
}

/** The key of the `destination` index: all routes of a table to one block. */
export function routeDestinationKey(route: Route): string {
  return isPropagated(route) ? routeId(route.routeTableId, route.destination) : route.id;
}

/** The resource a route leads to, or undefined for `local`. */
export function routeTargetId(target: RouteTarget): string | undefined {
  return target.kind === 'local' ? undefined : target.id;
}

/** the index key under which a table's made routes of one family count, else undefined. */
export function routeQuotaKey(
  route: Pick<Route, 'routeTableId' | 'destination' | 'origin'>,
): string | undefined {
  if (route.origin !== 'CreateRoute') return undefined;
  return `${route.routeTableId}|${cidrFamily(route.destination)}`;
}
