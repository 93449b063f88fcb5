/** Routes that the owner of a table makes (C-067 to C-072). */
import { type AwsError, awsError } from '../../model/error.ts';
import {
  type StaticTransitGatewayRoute,
  staticRouteId,
} from '../../model/transit-gateway/route.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { availableTable, routableAttachmentOf } from './find.ts';
import { checkRouteRoom } from './route-quota.ts';

export interface TransitGatewayRouteRequest {
  readonly routeTableId: string;
  readonly destination: Cidr;
  /** Absent: a blackhole. */
  readonly attachmentId?: string;
}

/**
 * @throws AwsError the Malformed and NotFound errors of tables and attachments, IncorrectState,
 *   UnsupportedOperation (C-072), RouteAlreadyExists (C-068), RouteLimitExceeded (C-015)
 */
export function createTransitGatewayRoute(
  tx: Transaction,
  scope: Scope,
  request: TransitGatewayRouteRequest,
): StaticTransitGatewayRoute {
  const { routeTableId, destination } = request;
  return putRoute(tx, scope, request, () => {
    if (tx.get('transit-gateway-route', staticRouteId(routeTableId, destination)) === undefined) {
      return;
    }
    const what = `Route ${formatCidr(destination)} already exists`;
    const message = `${what} in Transit Gateway Route Table ${routeTableId}.`;
    throw awsError('RouteAlreadyExists', message);
  });
}

/**
 * Makes the route where there is none (C-070).
 * @throws AwsError as `createTransitGatewayRoute`, without RouteAlreadyExists
 */
export function replaceTransitGatewayRoute(
  tx: Transaction,
  scope: Scope,
  request: TransitGatewayRouteRequest,
): StaticTransitGatewayRoute {
  return putRoute(tx, scope, request, () => {});
}

function putRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, destination, attachmentId }: TransitGatewayRouteRequest,
  checkExisting: () => void,
): StaticTransitGatewayRoute {
  const { transitGatewayId } = availableTable(tx, scope, routeTableId);
  if (attachmentId !== undefined) routableAttachmentOf(tx, transitGatewayId, attachmentId);
  checkExisting();
  const id = staticRouteId(routeTableId, destination);
  if (tx.get('transit-gateway-route', id) === undefined) checkRouteRoom(tx, transitGatewayId, 1);
  const route: StaticTransitGatewayRoute = {
    id,
    type: 'static',
    transitGatewayId,
    routeTableId,
    destination,
    ...(attachmentId !== undefined && { attachmentId }),
  };
  tx.put('transit-gateway-route', route);
  return route;
}

/**
 * A propagated route is nobody's to delete; one that the deleted route hid comes back (C-067).
 * @throws AwsError InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound, IncorrectState,
 *   InvalidRoute.NotFound (C-071)
 */
export function deleteTransitGatewayRoute(
  tx: Transaction,
  scope: Scope,
  { routeTableId, destination }: Omit<TransitGatewayRouteRequest, 'attachmentId'>,
): StaticTransitGatewayRoute {
  availableTable(tx, scope, routeTableId);
  const route = tx.get('transit-gateway-route', staticRouteId(routeTableId, destination));
  if (route?.type !== 'static') throw noRoute(routeTableId, destination);
  tx.delete('transit-gateway-route', route.id);
  return route;
}

function noRoute(routeTableId: string, destination: Cidr): AwsError {
  const what = `no static route with destination-cidr-block ${formatCidr(destination)}`;
  return awsError('InvalidRoute.NotFound', `${what} in ${routeTableId}`);
}
