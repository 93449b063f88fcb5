/** How a VPN connection comes to carry packets, is interrupted, and ends (H-007, H-031, H-036). */
import {
  carriesTunnels,
  type TunnelStatus,
  type VpnConnection,
  type VpnConnectionEvent,
  type VpnTunnel,
  vpnConnectionMachine,
} from '../../model/hybrid/vpn-connection.ts';
import { HYBRID_VISIBLE_MILLIS } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import { dropTags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { propagateVgw } from './propagate-vgw.ts';

const KIND = 'vpn-connection';

/** AWS's usual times, in seconds. */
export const USUAL_SECONDS = { create: 300, modify: 300, delete: 120 } as const;

/**
 * The only writer of a connection's state. Whatever was due for its old state no longer is; what
 * its gateways propagate follows.
 * @throws AwsError InvalidVpnConnection.InvalidState
 */
export function moveConnection(
  tx: Transaction,
  connection: VpnConnection,
  event: VpnConnectionEvent,
  members: Partial<VpnConnection> = {},
): VpnConnection {
  const state = transition(vpnConnectionMachine, connection.state, event, connection.id);
  tx.unschedule(connection.id);
  return putConnection(tx, { ...connection, ...members, state }, connection.gateway?.id);
}

/** Writes a connection; `before` is the gateway that it ended at. */
export function putConnection(
  tx: Transaction,
  connection: VpnConnection,
  before = connection.gateway?.id,
): VpnConnection {
  tx.put(KIND, connection);
  for (const id of new Set([before, connection.gateway?.id])) {
    if (id !== undefined) propagateVgw(tx, id);
  }
  return connection;
}

/** Changes what the caller has asked for, and is `modifying` for a while. */
export function beginModification(
  tx: Transaction,
  connection: VpnConnection,
  members: Partial<VpnConnection>,
): VpnConnection {
  const modifying = moveConnection(tx, connection, 'modify', members);
  tx.settle('vpn-connection.provision', connection.id, USUAL_SECONDS.modify);
  return modifying;
}

/** A tunnel whose endpoint is built anew: down until the customer's device has come back. */
export function interrupted(tx: Transaction, tunnel: VpnTunnel): VpnTunnel {
  const { status } = tunnel;
  if (!status.ipsec && !status.bgp) return tunnel;
  return { ...tunnel, status: { ipsec: false, bgp: false, bgpRoutes: 0, lastChange: tx.now } };
}

/** Both tunnels, interrupted. */
export function bothInterrupted(
  tx: Transaction,
  [one, other]: VpnConnection['tunnels'],
): [VpnTunnel, VpnTunnel] {
  return [interrupted(tx, one), interrupted(tx, other)];
}

/** What the device behind a customer gateway has made of a tunnel. */
export type TunnelReport = Pick<TunnelStatus, 'ipsec' | 'bgp' | 'bgpRoutes'>;

/**
 * The only way a tunnel comes up: to be called whenever its IPsec or BGP is another, or the number
 * of prefixes accepted on it. A connection that carries no tunnels takes no report; what is
 * interrupted has to be reported anew (H-023 to H-026, H-044).
 */
export function reportTunnel(
  tx: Transaction,
  connection: VpnConnection,
  tunnel: VpnTunnel,
  report: TunnelReport,
): VpnConnection {
  if (!carriesTunnels(connection)) return connection;
  const { status } = tunnel;
  const isSame = status.ipsec === report.ipsec && status.bgp === report.bgp;
  const lastChange = isSame ? status.lastChange : tx.now;
  const reported = { ...tunnel, status: { ...report, lastChange } };
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

export const connectionEvents: Record<string, TimedEvent> = {
  'vpn-connection.provision': (tx, id) => {
    const connection = tx.get(KIND, id);
    if (connection?.state !== 'pending' && connection?.state !== 'modifying') return;
    moveConnection(tx, connection, 'provision');
  },
  'vpn-connection.finish': (tx, id) => {
    const connection = tx.get(KIND, id);
    if (connection?.state !== 'deleting') return;
    for (const route of tx.by('vpn-connection-route', 'connection', id)) {
      tx.unschedule(route.id);
      tx.delete('vpn-connection-route', route.id);
    }
    moveConnection(tx, connection, 'finish');
    tx.schedule('vpn-connection.forget', id, tx.now + HYBRID_VISIBLE_MILLIS);
  },
  'vpn-connection.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
