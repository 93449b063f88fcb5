/** The routes that a virtual private gateway propagates into its VPC's tables (H-044). */
import { servesVpc } from '../../model/hybrid/vpn-gateway.ts';
import { vpnGatewayRoutes } from '../../model/hybrid/vpn-gateway-route.ts';
import type { ModelReader } from '../../model/model.ts';
import { isPropagated, propagatedRouteId, type Route } from '../../model/vpc/route-table.ts';
import type { Transaction } from '../transaction.ts';

/**
 * To be called whenever what a gateway offers, or where, may be another: its attachment, the tables
 * that take its routes, its connections' tunnels and routes. Compares what should be there with
 * what is there. Whether a route holds is another question (`preferredRoute`).
 */
export function propagateVgw(tx: Transaction, vpnGatewayId: string): void {
  const wanted = wantedRoutes(tx, vpnGatewayId);
  for (const route of tx.by('route', 'target', vpnGatewayId)) {
    if (isPropagated(route) && !wanted.has(route.id)) tx.delete('route', route.id);
  }
  for (const route of wanted.values()) {
    if (tx.get('route', route.id) === undefined) tx.put('route', route);
  }
}

/** By id. A-037: a table takes so many, and those that sort first. */
function wantedRoutes(tx: Transaction, vpnGatewayId: string): ReadonlyMap<string, Route> {
  const wanted = new Map<string, Route>();
  const tables = fedTables(tx, vpnGatewayId);
  if (tables.length === 0) return wanted;
  const offered = vpnGatewayRoutes(tx, vpnGatewayId).slice(0, tx.quota('propagatedRoutesPerTable'));
  for (const routeTableId of tables) {
    for (const { destination } of offered) {
      const id = propagatedRouteId(routeTableId, destination, vpnGatewayId);
      wanted.set(id, {
        id,
        routeTableId,
        destination,
        target: { kind: 'vpn-gateway', id: vpnGatewayId },
        origin: 'EnableVgwRoutePropagation',
      });
    }
  }
  return wanted;
}

/** The tables that take a gateway's routes: of the VPC that has it. */
function fedTables(reader: ModelReader, vpnGatewayId: string): readonly string[] {
  const gateway = reader.get('vpn-gateway', vpnGatewayId);
  if (gateway === undefined) return [];
  return reader
    .by('vgw-route-propagation', 'gateway', vpnGatewayId)
    .map(({ routeTableId }) => routeTableId)
    .filter((id) => servesVpc(gateway, reader.get('route-table', id)?.vpcId ?? ''));
}
