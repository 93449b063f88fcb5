/** Making VPN connections and deleting them (H2, H-036). */
import { awsError } from '../../model/error.ts';
import { isLiveConnection, type VpnConnection } from '../../model/hybrid/vpn-connection.ts';
import { ANY_IPV4, ANY_IPV6, type Cidr } from '../../net/cidr.ts';
import { ownerKey, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import {
  checkFitting,
  type Fitting,
  type GatewayRequest,
  joinTransitGateway,
  leaveTransitGateway,
  requestedGateway,
} from './connection-gateway.ts';
import { moveConnection, putConnection, USUAL_SECONDS } from './connection-life.ts';
import { availableCustomerGateway, findLive } from './find.ts';
import { newTunnels, type TunnelRequest } from './tunnel.ts';
import { bothInterrupted } from './tunnel-status.ts';

const KIND = 'vpn-connection';

/** H-014: the ends of the traffic selectors, each of the inner family. */
export interface SelectorRequest {
  readonly localCidr?: Cidr;
  readonly remoteCidr?: Cidr;
}

export interface CreateVpnConnection
  extends GatewayRequest,
    SelectorRequest,
    Omit<Fitting, 'gateway' | 'id'> {
  readonly customerGatewayId: string;
  /** H-008: two at most, in order. */
  readonly tunnels: readonly TunnelRequest[];
  /** H-015: keys are named in place of being shown. */
  readonly hidesKeys: boolean;
  readonly tags: Tags;
}

/**
 * A connection in state `pending`, with both tunnels down and, at a transit gateway, an attachment.
 * @throws AwsError InvalidCustomerGatewayID.*, InvalidCustomerGatewayState, those of
 *   `requestedGateway` and `checkFitting`, InvalidParameterValue and InvalidParameterCombination
 *   for tunnels, VpnConnectionLimitExceeded (H-022), TransitGatewayAttachmentLimitExceeded
 */
export function createVpnConnection(
  tx: Transaction,
  scope: Scope,
  request: CreateVpnConnection,
): VpnConnection {
  const customerGateway = availableCustomerGateway(tx, scope, request.customerGatewayId);
  const gateway = requestedGateway(tx, scope, request);
  const { insideFamily, outsideFamily, staticRoutesOnly, enableAcceleration, tunnelBandwidth } =
    request;
  const options = {
    ...(gateway !== undefined && { gateway }),
    staticRoutesOnly,
    enableAcceleration,
    insideFamily,
    outsideFamily,
    tunnelBandwidth,
  };
  checkFitting(tx, options, customerGateway);
  checkQuotas(tx, scope, enableAcceleration);
  const { account, region } = scope;
  const everything = insideFamily === 4 ? ANY_IPV4 : ANY_IPV6;
  const id = tx.newId(KIND);
  const setting = { owner: { account, region }, customerGateway, gateway, insideFamily };
  const connection: VpnConnection = {
    id,
    account,
    region,
    state: 'pending',
    customerGatewayId: customerGateway.id,
    ...options,
    localCidr: request.localCidr ?? everything,
    remoteCidr: request.remoteCidr ?? everything,
    ...(request.hidesKeys && { preSharedKeyArn: newKeyArn(tx, scope, id) }),
    tunnels: newTunnels(tx, { ...setting, outsideFamily }, request.tunnels),
  };
  putConnection(tx, connection);
  putTags(tx, scope, KIND, id, request.tags);
  joinTransitGateway(tx, connection);
  tx.settle('vpn-connection.provision', id, USUAL_SECONDS.create);
  return connection;
}

/** H-022 */
function checkQuotas(tx: Transaction, scope: Scope, isAccelerated: boolean): void {
  const live = tx.by(KIND, 'owner', ownerKey(scope)).filter(isLiveConnection);
  const accelerated = live.filter(({ enableAcceleration }) => enableAcceleration);
  const isFull =
    live.length >= tx.quota('vpnConnectionsPerRegion') ||
    (isAccelerated && accelerated.length >= tx.quota('acceleratedVpnConnectionsPerRegion'));
  if (!isFull) return;
  const message = 'The maximum number of VPN connections has been reached.';
  throw awsError('VpnConnectionLimitExceeded', message);
}

/** Where AWS keeps keys that it does not show. */
export function newKeyArn({ random }: Transaction, { account, region }: Scope, id: string): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:s2svpn!${id}-${random.hex(6)}`;
}

/**
 * Both gateways stay (H-036); its attachment to a transit gateway goes with it.
 * @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState
 */
export function deleteVpnConnection(tx: Transaction, scope: Scope, id: string): void {
  const connection = findLive(tx, scope, KIND, id);
  const tunnels = bothInterrupted(tx, connection.tunnels);
  moveConnection(tx, connection, 'delete', { tunnels });
  leaveTransitGateway(tx, connection);
  tx.settle('vpn-connection.finish', id, USUAL_SECONDS.delete);
}
