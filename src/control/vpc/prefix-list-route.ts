/** Commands on the routes of a table whose destination is a prefix list. */
import { awsError } from '../../model/error.ts';
import { prefixListContent } from '../../model/vpc/prefix-list.ts';
import {
  type PrefixListRoute,
  prefixListRouteId,
  type RouteTable,
} from '../../model/vpc/route-table.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { checkRouteAtEdge } from './edge-table.ts';
import { checkReferable } from './prefix-list.ts';
import { checkRouteRoom } from './prefix-list-reference.ts';
import { checkDestination, resolveTarget, type TargetRequest } from './route-target.ts';

export interface PrefixListRouteRequest {
  readonly routeTableId: string;
  readonly prefixListId: string;
  readonly target: TargetRequest;
}

/**
 * @throws AwsError InvalidRouteTableID.NotFound, InvalidPrefixListID.NotFound, IncorrectState, the
 *   errors of targets and, for what the list holds now, of destinations,
 *   RouteAlreadyExists, RouteLimitExceeded
 */
export function createPrefixListRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, prefixListId, target: request }: PrefixListRouteRequest,
): PrefixListRoute {
  const table = find(tx, scope, 'route-table', routeTableId);
  checkReferable(tx, scope, prefixListId);
  const target = targetOf(tx, scope, table, prefixListId, request);
  const id = prefixListRouteId(table.id, prefixListId);
  if (tx.get('prefix-list-route', id) !== undefined) {
    const message = `The route identified by ${prefixListId} already exists.`;
    throw awsError('RouteAlreadyExists', message);
  }
  const { family, weight } = prefixListContent(tx, prefixListId)!;
  checkRouteRoom(tx, table.id, family, weight);
  return tx.put('prefix-list-route', { id, routeTableId: table.id, prefixListId, target });
}

/**
 * @throws AwsError InvalidRouteTableID.NotFound, InvalidPrefixListID.NotFound, the errors of
 *   targets and destinations, InvalidParameterValue where the table has no such route
 */
export function replacePrefixListRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, prefixListId, target: request }: PrefixListRouteRequest,
): PrefixListRoute {
  const table = find(tx, scope, 'route-table', routeTableId);
  checkReferable(tx, scope, prefixListId);
  const target = targetOf(tx, scope, table, prefixListId, request);
  const route = tx.get('prefix-list-route', prefixListRouteId(table.id, prefixListId));
  if (route === undefined) {
    const message =
      `There is no route defined for '${prefixListId}' in the route table. ` +
      'Use CreateRoute instead.';
    throw awsError('InvalidParameterValue', message);
  }
  return tx.update('prefix-list-route', route, { target });
}

/**
 * Also of a list that is no longer shared: what refers to it stays until it is deleted.
 * @throws AwsError InvalidRouteTableID.NotFound, InvalidPrefixListID.NotFound,
 *   InvalidRoute.NotFound
 */
export function deletePrefixListRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, prefixListId }: { routeTableId: string; prefixListId: string },
): void {
  const table = find(tx, scope, 'route-table', routeTableId);
  const id = prefixListRouteId(table.id, prefixListId);
  if (tx.get('prefix-list-route', id) === undefined) {
    checkReferable(tx, scope, prefixListId);
    const message = `no route with destination-prefix-list-id ${prefixListId} in route table ${table.id}`;
    throw awsError('InvalidRoute.NotFound', message);
  }
  tx.delete('prefix-list-route', id);
}

/** What holds for a route to a block holds for one to each entry that the list has now. */
function targetOf(
  tx: Transaction,
  scope: Scope,
  table: RouteTable,
  prefixListId: string,
  request: TargetRequest,
): PrefixListRoute['target'] {
  const target = resolveTarget(tx, scope, table, request);
  if (target.kind === 'local') {
    const message = `The route ${prefixListId} of ${table.id} has no default target.`;
    throw awsError('InvalidParameterValue', message);
  }
  checkRouteAtEdge(tx, table, prefixListId, target);
  const vpc = tx.get('vpc', table.vpcId)!;
  for (const { cidr } of prefixListContent(tx, prefixListId)!.entries) {
    checkDestination(tx, vpc, cidr, target);
  }
  return target;
}
