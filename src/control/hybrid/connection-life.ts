/** How a VPN connection comes to carry packets, is interrupted, and ends (H-007, H-031, H-036). */
import { tunnelLinks } from '../../model/hybrid/link.ts';
import {
  type VpnConnection,
  type VpnConnectionEvent,
  vpnConnectionMachine,
} from '../../model/hybrid/vpn-connection.ts';
import { transition } from '../../model/state-machine.ts';
import type { Transaction } from '../transaction.ts';
import { propagateLink } from './propagate-link.ts';
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
  if (before !== undefined && before !== connection.gateway?.id) propagateVgw(tx, before);
  propagateLink(tx, tunnelLinks(connection)[0]!);
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
