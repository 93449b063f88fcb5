/** Changing one tunnel of a VPN connection; the other one stays up (H-033, H-034). */
import { awsError } from '../../model/error.ts';
import type { VpnConnection } from '../../model/hybrid/vpn-connection.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { beginModification, putConnection } from './connection-life.ts';
import { availableConnection, tunnelAt } from './find.ts';
import { changedTunnel, newCertificateArn, type TunnelRequest } from './tunnel.ts';
import { interrupted, replaceTunnel } from './tunnel-status.ts';
import { newKeyArn } from './vpn-connection.ts';

/** A tunnel as calls name it. */
export interface TunnelName {
  readonly vpnConnectionId: string;
  /** AWS's address. */
  readonly outsideAddress: string;
}

export interface ModifyTunnel {
  readonly request: TunnelRequest;
  /** H-034: nothing is interrupted; for the switch of lifecycle control alone. */
  readonly skipReplacement: boolean;
  /** H-015: whether keys are named or shown from now on; absent: as before. */
  readonly hidesKeys?: boolean;
}

/**
 * @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState,
 *   InvalidParameterValue for an address that is not one of the connection's and for options,
 *   InvalidParameterCombination
 */
export function modifyTunnel(
  tx: Transaction,
  scope: Scope,
  { vpnConnectionId, outsideAddress }: TunnelName,
  { request, skipReplacement, hidesKeys }: ModifyTunnel,
): VpnConnection {
  const connection = availableConnection(tx, scope, vpnConnectionId);
  const tunnel = tunnelAt(connection, outsideAddress);
  const { account, region, gateway, insideFamily, outsideFamily, customerGatewayId } = connection;
  const setting = {
    owner: { account, region },
    customerGateway: tx.get('customer-gateway', customerGatewayId)!,
    gateway,
    insideFamily,
    outsideFamily,
    connectionId: connection.id,
  };
  const changed = changedTunnel(tx, setting, connection.tunnels, tunnel, request);
  if (skipReplacement) {
    checkLifecycleOnly(request, hidesKeys);
    const tunnels = replaceTunnel(connection, tunnel, changed);
    return putConnection(tx, { ...connection, tunnels });
  }
  const { preSharedKeyArn, ...rest } = connection;
  const isHidden = hidesKeys ?? preSharedKeyArn !== undefined;
  const kept = isHidden && {
    preSharedKeyArn: preSharedKeyArn ?? newKeyArn(tx, scope, connection.id),
  };
  const tunnels = replaceTunnel(connection, tunnel, interrupted(tx, changed));
  return beginModification(tx, { ...rest, ...kept }, { tunnels });
}

function checkLifecycleOnly(
  { options, lifecycleControl, ...others }: TunnelRequest,
  hidesKeys: boolean | undefined,
): void {
  const isAlone = Object.keys(options).length + Object.keys(others).length === 0;
  if (lifecycleControl !== undefined && isAlone && hidesKeys === undefined) return;
  const message = 'SkipTunnelReplacement is for EnableTunnelLifecycleControl alone.';
  throw awsError('InvalidParameterCombination', message);
}

/**
 * Builds the tunnel's endpoint anew (H-034).
 * @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState,
 *   InvalidParameterValue
 */
export function replaceVpnTunnel(
  tx: Transaction,
  scope: Scope,
  { vpnConnectionId, outsideAddress }: TunnelName,
  appliesMaintenance: boolean,
): VpnConnection {
  const connection = availableConnection(tx, scope, vpnConnectionId);
  const tunnel = tunnelAt(connection, outsideAddress);
  const replaced = {
    ...interrupted(tx, tunnel),
    ...(appliesMaintenance && { lastMaintenance: tx.now }),
  };
  return beginModification(tx, connection, {
    tunnels: replaceTunnel(connection, tunnel, replaced),
  });
}

/**
 * Gives AWS's end of a tunnel another certificate (H-034).
 * @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState,
 *   InvalidParameterValue also where keys authenticate
 */
export function renewTunnelCertificate(
  tx: Transaction,
  scope: Scope,
  { vpnConnectionId, outsideAddress }: TunnelName,
): VpnConnection {
  const connection = availableConnection(tx, scope, vpnConnectionId);
  const tunnel = tunnelAt(connection, outsideAddress);
  if (tunnel.certificateArn === undefined) {
    const message = `The tunnel ${outsideAddress} of ${connection.id} is authenticated by a key.`;
    throw awsError('InvalidParameterValue', message);
  }
  const certificateArn = newCertificateArn(tx.random, scope);
  const renewed = { ...interrupted(tx, tunnel), certificateArn };
  return beginModification(tx, connection, {
    tunnels: replaceTunnel(connection, tunnel, renewed),
  });
}
