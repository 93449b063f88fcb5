/** Which route tables take what a virtual private gateway has learned (H-043, H-044). */
import { awsError } from '../../model/error.ts';
import { attachedVpc, vgwRoutePropagationId } from '../../model/hybrid/vpn-gateway.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { isEdgeTable } from '../vpc/edge-table.ts';
import { gatewayNotAttached } from '../vpc/route-target.ts';
import { findLive } from './find.ts';
import { propagateVgw } from './propagate-vgw.ts';

const KIND = 'vgw-route-propagation';

/** A table and a gateway whose routes it takes. */
export interface VgwPropagationRequest {
  readonly routeTableId: string;
  readonly vpnGatewayId: string;
}

/**
 * May be repeated (H-043).
 * @throws AwsError InvalidRouteTableID.*, InvalidVpnGatewayID.*, Gateway.NotAttached unless the
 *   table's VPC has the gateway, InvalidParameterValue for the table of a gateway
 */
export function enableVgwPropagation(
  tx: Transaction,
  scope: Scope,
  { routeTableId, vpnGatewayId }: VgwPropagationRequest,
): void {
  const table = find(tx, scope, 'route-table', routeTableId);
  const gateway = findLive(tx, scope, 'vpn-gateway', vpnGatewayId);
  if (attachedVpc(gateway) !== table.vpcId) throw gatewayNotAttached(table, vpnGatewayId);
  if (isEdgeTable(tx, table)) {
    const message = `Route table ${routeTableId} is that of a gateway: nothing is propagated to it.`;
    throw awsError('InvalidParameterValue', message);
  }
  const id = vgwRoutePropagationId(routeTableId, vpnGatewayId);
  if (tx.get(KIND, id) === undefined) tx.put(KIND, { id, routeTableId, vpnGatewayId });
  propagateVgw(tx, vpnGatewayId);
}

/**
 * Takes what was propagated out of the table; routes that were made stay (H-044). May be repeated.
 * @throws AwsError InvalidRouteTableID.*, InvalidVpnGatewayID.*
 */
export function disableVgwPropagation(
  tx: Transaction,
  scope: Scope,
  { routeTableId, vpnGatewayId }: VgwPropagationRequest,
): void {
  find(tx, scope, 'route-table', routeTableId);
  findLive(tx, scope, 'vpn-gateway', vpnGatewayId);
  tx.delete(KIND, vgwRoutePropagationId(routeTableId, vpnGatewayId));
  propagateVgw(tx, vpnGatewayId);
}
