/** Static routes of VPN connections that end at a virtual private gateway (H-009, H-032). */
import { awsError } from '../../model/error.ts';
import {
  noVpnConnectionRoute,
  type VpnConnection,
  type VpnConnectionRoute,
  vpnConnectionRouteId,
  vpnConnectionRouteMachine,
} from '../../model/hybrid/vpn-connection.ts';
import { transition } from '../../model/state-machine.ts';
import type { Cidr4 } from '../../net/cidr.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { availableConnection, findLive } from './find.ts';
import { propagateVgw } from './propagate-vgw.ts';

const KIND = 'vpn-connection-route';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 10, delete: 10 } as const;

/**
 * Asked for what already is, it changes nothing.
 * @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState,
 *   InvalidVpnConnection.InvalidType (H-009, C-062), RouteLimitExceeded (H-022),
 *   IncorrectState while the same route is being deleted
 */
export function createConnectionRoute(
  tx: Transaction,
  scope: Scope,
  vpnConnectionId: string,
  destination: Cidr4,
): void {
  const connection = availableConnection(tx, scope, vpnConnectionId);
  checkTakesRoutes(connection);
  const id = vpnConnectionRouteId(vpnConnectionId, destination);
  const existing = tx.get(KIND, id);
  if (existing?.state === 'deleting') {
    throw awsError('IncorrectState', `The route ${id} is being deleted.`);
  }
  if (existing !== undefined) return;
  if (tx.count(KIND, 'connection', vpnConnectionId) >= tx.quota('staticRoutesPerVpnConnection')) {
    const message = `The maximum number of static routes of ${vpnConnectionId} has been reached.`;
    throw awsError('RouteLimitExceeded', message);
  }
  tx.put(KIND, { id, vpnConnectionId, destination, state: 'pending' });
  tx.settle('vpn-connection-route.provision', id, USUAL_SECONDS.create);
}

function checkTakesRoutes({ id, staticRoutesOnly, gateway }: VpnConnection): void {
  if (staticRoutesOnly && gateway?.kind === 'vpn-gateway') return;
  const message = staticRoutesOnly
    ? `The vpnConnection '${id}' does not end at a virtual private gateway.`
    : `The vpnConnection '${id}' does not support static routes.`;
  throw awsError('InvalidVpnConnection.InvalidType', message);
}

/** @throws AwsError InvalidVpnConnectionID.*, InvalidRoute.NotFound */
export function deleteConnectionRoute(
  tx: Transaction,
  scope: Scope,
  vpnConnectionId: string,
  destination: Cidr4,
): void {
  findLive(tx, scope, 'vpn-connection', vpnConnectionId);
  const id = vpnConnectionRouteId(vpnConnectionId, destination);
  const route = tx.get(KIND, id);
  if (route === undefined) throw noVpnConnectionRoute(id);
  move(tx, route, 'delete');
  tx.settle('vpn-connection-route.finish', id, USUAL_SECONDS.delete);
}

/** The only writer of a static route's state. */
function move(tx: Transaction, route: VpnConnectionRoute, event: 'provision' | 'delete'): void {
  const state = transition(vpnConnectionRouteMachine, route.state, event, route.id);
  tx.unschedule(route.id);
  tx.update(KIND, route, { state });
  propagate(tx, route);
}

function propagate(tx: Transaction, { vpnConnectionId }: VpnConnectionRoute): void {
  const gatewayId = tx.get('vpn-connection', vpnConnectionId)?.gateway?.id;
  if (gatewayId !== undefined) propagateVgw(tx, gatewayId);
}

export const connectionRouteEvents: Record<string, TimedEvent> = {
  'vpn-connection-route.provision': (tx, id) => {
    const route = tx.get(KIND, id);
    if (route?.state === 'pending') move(tx, route, 'provision');
  },
  'vpn-connection-route.finish': (tx, id) => {
    if (tx.get(KIND, id)?.state === 'deleting') tx.delete(KIND, id);
  },
};
