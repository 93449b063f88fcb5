/** Other ends, selectors and bandwidth for a VPN connection (H-031, H-032). */
import { awsError } from '../../model/error.ts';
import type { VpnConnection, VpnTunnel } from '../../model/hybrid/vpn-connection.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import {
  checkFitting,
  type GatewayRequest,
  joinTransitGateway,
  leaveTransitGateway,
  requestedGateway,
} from './connection-gateway.ts';
import { beginModification } from './connection-life.ts';
import { availableConnection, availableCustomerGateway } from './find.ts';
import { forgetEndedLinks } from './site-links.ts';
import { withCredentials } from './tunnel.ts';
import { checkInsideBlock, checkInsideIpv6Block, takenBlocks } from './tunnel-address.ts';
import { bothInterrupted } from './tunnel-status.ts';
import type { SelectorRequest } from './vpn-connection.ts';

export interface ModifyConnection extends GatewayRequest {
  readonly customerGatewayId?: string;
}

/**
 * Both tunnels go down; AWS's addresses and the tunnels' options stay (H-031).
 * @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState, those of
 *   `requestedGateway` and `checkFitting`, InvalidCustomerGatewayID.*, InvalidCustomerGatewayState,
 *   IncorrectState where static routes would be lost (H-032), InvalidParameterValue where an inside
 *   block is in use at the new gateway, TransitGatewayAttachmentLimitExceeded
 */
export function modifyConnection(
  tx: Transaction,
  scope: Scope,
  id: string,
  { customerGatewayId, ...request }: ModifyConnection,
): VpnConnection {
  const connection = availableConnection(tx, scope, id);
  const gateway = requestedGateway(tx, scope, request) ?? connection.gateway;
  const customerGateway = availableCustomerGateway(
    tx,
    scope,
    customerGatewayId ?? connection.customerGatewayId,
  );
  const isMoved = gateway !== undefined && gateway.id !== connection.gateway?.id;
  if (isMoved && gateway.kind !== 'vpn-gateway') checkNoRoutes(tx, connection);
  const moved = { ...connection, ...(gateway !== undefined && { gateway }) };
  checkFitting(tx, moved, customerGateway);
  if (isMoved) checkInside(tx, moved);
  const setting = { customerGateway, owner: scope };
  const [one, other] = bothInterrupted(tx, connection.tunnels);
  const tunnels: [VpnTunnel, VpnTunnel] = [
    withCredentials(tx, setting, one),
    withCredentials(tx, setting, other),
  ];
  const modifying = beginModification(tx, connection, {
    ...moved,
    customerGatewayId: customerGateway.id,
    tunnels,
  });
  if (isMoved) {
    leaveTransitGateway(tx, connection);
    joinTransitGateway(tx, modifying);
  }
  forgetEndedLinks(tx, connection.customerGatewayId);
  return modifying;
}

/** H-032 */
function checkNoRoutes(tx: Transaction, { id }: VpnConnection): void {
  if (tx.count('vpn-connection-route', 'connection', id) === 0) return;
  const message = `The vpnConnection '${id}' has static routes. Delete them before it is moved.`;
  throw awsError('IncorrectState', message);
}

/** H-012: blocks that were nobody else's at the old gateway may be taken at the new one. */
function checkInside(tx: Transaction, { id, gateway, tunnels }: VpnConnection): void {
  const taken = takenBlocks(tx, gateway, { connectionId: id, beside: [] });
  for (const { insideCidr, insideIpv6Cidr } of tunnels) {
    checkInsideBlock(insideCidr, taken);
    if (insideIpv6Cidr !== undefined) checkInsideIpv6Block(insideIpv6Cidr, taken);
  }
}

export interface ModifyConnectionOptions extends SelectorRequest {
  readonly tunnelBandwidth?: VpnConnection['tunnelBandwidth'];
}

/**
 * @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState,
 *   InvalidParameterValue for a bandwidth that the gateway has not (H-022)
 */
export function modifyConnectionOptions(
  tx: Transaction,
  scope: Scope,
  id: string,
  changesOf: (connection: VpnConnection) => ModifyConnectionOptions,
): VpnConnection {
  const connection = availableConnection(tx, scope, id);
  const changes = changesOf(connection);
  const changed = { ...connection, ...changes };
  checkFitting(tx, changed, tx.get('customer-gateway', connection.customerGatewayId)!);
  const tunnels = bothInterrupted(tx, connection.tunnels);
  return beginModification(tx, connection, { ...changes, tunnels });
}
