/** What is known of VPN tunnels: interrupted by AWS, reported by the device at the other end. */
import {
  carriesTunnels,
  type VpnConnection,
  type VpnTunnel,
} from '../../model/hybrid/vpn-connection.ts';
import type { Transaction } from '../transaction.ts';
import { putConnection } from './connection-life.ts';

/** A tunnel whose endpoint is built anew: down until the customer's device has come back. */
export function interrupted(tx: Transaction, tunnel: VpnTunnel): VpnTunnel {
  const { status } = tunnel;
  if (!status.ipsec) return tunnel;
  return { ...tunnel, status: { ipsec: false, lastChange: tx.now } };
}

/** Both tunnels, interrupted. */
export function bothInterrupted(
  tx: Transaction,
  [one, other]: VpnConnection['tunnels'],
): [VpnTunnel, VpnTunnel] {
  return [interrupted(tx, one), interrupted(tx, other)];
}

/**
 * The only way a tunnel's IPsec comes up. A connection that carries no tunnels takes no report;
 * what is interrupted has to be reported anew (H-023, H-044).
 */
export function reportTunnel(
  tx: Transaction,
  connection: VpnConnection,
  tunnel: VpnTunnel,
  ipsec: boolean,
): VpnConnection {
  if (!carriesTunnels(connection) || tunnel.status.ipsec === ipsec) return connection;
  const reported = { ...tunnel, status: { ipsec, lastChange: tx.now } };
  return putConnection(tx, {
    ...connection,
    tunnels: replaceTunnel(connection, tunnel, reported),
  });
}

/** The tunnels with another in place of one. */
export function replaceTunnel(
  { tunnels: [one, other] }: VpnConnection,
  old: VpnTunnel,
  tunnel: VpnTunnel,
): [VpnTunnel, VpnTunnel] {
  return old === one ? [tunnel, other] : [one, tunnel];
}
