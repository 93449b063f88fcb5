/** Commands on the routes of a table. */
import { awsError } from '../../model/error.ts';
import { type Route, routeId } from '../../model/vpc/route-table.ts';
import { type Cidr, cidrFamily, formatCidr } from '../../net/cidr.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { checkRouteAtEdge } from './edge-table.ts';
import { checkRouteRoom } from './prefix-list-reference.ts';
import { isLocalRoute } from './route-table.ts';
import { checkDestination, resolveTarget, type TargetRequest } from './route-target.ts';

export interface RouteRequest {
  readonly routeTableId: string;
  readonly destination: Cidr;
  readonly target: TargetRequest;
}

/**
 * @throws AwsError InvalidRouteTableID.NotFound, the errors of targets and destinations,
 *   RouteAlreadyExists, RouteLimitExceeded
 */
export function createRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, destination, target: request }: RouteRequest,
): Route {
  const table = find(tx, scope, 'route-table', routeTableId);
  const target = resolveTarget(tx, scope, table, request);
  checkDestination(tx, tx.get('vpc', table.vpcId)!, destination, target);
  checkRouteAtEdge(tx, table, destination, target);
  const id = routeId(table.id, destination);
  if (tx.get('route', id) !== undefined) {
    const message = `The route identified by ${formatCidr(destination)} already exists.`;
    throw awsError('RouteAlreadyExists', message);
  }
  const route: Route = {
    id,
    routeTableId: table.id,
    destination,
    target,
    origin: 'CreateRoute',
  };
  checkRouteRoom(tx, table.id, cidrFamily(destination), 1);
  return tx.put('route', route);
}

/**
 * Leads an existing route elsewhere. A local one goes to an interface, or back home.
 * @throws AwsError InvalidRouteTableID.NotFound, the errors of targets and destinations,
 *   InvalidParameterValue where the table has no such route
 */
export function replaceRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, destination, target: request }: RouteRequest,
): Route {
  const table = find(tx, scope, 'route-table', routeTableId);
  const target = resolveTarget(tx, scope, table, request);
  const route = tx.get('route', routeId(table.id, destination));
  if (route === undefined) {
    const message =
      `There is no route defined for '${formatCidr(destination)}' in the route table. ` +
      'Use CreateRoute instead.';
    throw awsError('InvalidParameterValue', message);
  }
  if (target.kind === 'local' && !isLocalRoute(route)) {
    const message = `The route ${formatCidr(destination)} of ${table.id} has no default target.`;
    throw awsError('InvalidParameterValue', message);
  }
  checkDestination(tx, tx.get('vpc', table.vpcId)!, destination, target);
  checkRouteAtEdge(tx, table, destination, target);
  return tx.update('route', route, { target });
}

/**
 * @throws AwsError InvalidRouteTableID.NotFound, InvalidRoute.NotFound,
 *   InvalidParameterValue for a local route
 */
export function deleteRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, destination }: { routeTableId: string; destination: Cidr },
): void {
  const table = find(tx, scope, 'route-table', routeTableId);
  const route = tx.get('route', routeId(table.id, destination));
  const block = formatCidr(destination);
  if (route === undefined) {
    const message = `no route with destination-cidr-block ${block} in route table ${table.id}`;
    throw awsError('InvalidRoute.NotFound', message);
  }
  if (isLocalRoute(route)) {
    const message = `cannot remove local route ${block} in route table ${table.id}`;
    throw awsError('InvalidParameterValue', message);
  }
  tx.delete('route', route.id);
}
