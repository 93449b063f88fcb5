/** The parts of a VPN that a command may be about: the caller's, and not deleted. */
import { awsError } from '../../model/error.ts';
import {
  type CustomerGateway,
  invalidCustomerGatewayState,
} from '../../model/hybrid/customer-gateway.ts';
import {
  invalidVpnConnectionState,
  type VpnConnection,
  type VpnTunnel,
} from '../../model/hybrid/vpn-connection.ts';
import { invalidVpnGatewayState, type VpnGateway } from '../../model/hybrid/vpn-gateway.ts';
import { notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Records } from '../../model/schema.ts';
import { ipEquals, parseIp } from '../../net/ip.ts';
import { find, type Scope } from '../scope.ts';

type HybridKind = 'customer-gateway' | 'vpn-gateway' | 'vpn-connection';

/**
 * One of the caller's: a deleted one is as good as none, if still shown.
 * @throws AwsError the kind's Malformed and NotFound errors
 */
export function findLive<K extends HybridKind>(
  reader: ModelReader,
  scope: Scope,
  kind: K,
  id: string,
): Records[K] {
  const record = find(reader, scope, kind, id);
  if (record.state === 'deleted') throw notFound(kind, id);
  return record;
}

/** @throws AwsError InvalidCustomerGatewayID.*, InvalidCustomerGatewayState (H-001) */
export function availableCustomerGateway(
  reader: ModelReader,
  scope: Scope,
  id: string,
): CustomerGateway {
  const gateway = findLive(reader, scope, 'customer-gateway', id);
  if (gateway.state !== 'available') throw invalidCustomerGatewayState(id);
  return gateway;
}

/** @throws AwsError InvalidVpnGatewayID.*, InvalidVpnGatewayState (H-042) */
export function availableVpnGateway(reader: ModelReader, scope: Scope, id: string): VpnGateway {
  const gateway = findLive(reader, scope, 'vpn-gateway', id);
  if (gateway.state !== 'available') throw invalidVpnGatewayState(id);
  return gateway;
}

/** @throws AwsError InvalidVpnConnectionID.*, InvalidVpnConnection.InvalidState (H-009) */
export function availableConnection(reader: ModelReader, scope: Scope, id: string): VpnConnection {
  const connection = findLive(reader, scope, 'vpn-connection', id);
  if (connection.state !== 'available') throw invalidVpnConnectionState(id);
  return connection;
}

/**
 * The tunnel of a connection by AWS's address (H-033).
 * @throws AwsError InvalidParameterValue
 */
export function tunnelAt({ id, tunnels }: VpnConnection, address: string): VpnTunnel {
  const wanted = parseIp(address);
  const tunnel = tunnels.find(
    ({ outsideAddress }) => wanted !== undefined && ipEquals(outsideAddress, wanted),
  );
  if (tunnel !== undefined) return tunnel;
  const message = `The tunnel outside IP address '${address}' is not one of ${id}.`;
  throw awsError('InvalidParameterValue', message);
}
