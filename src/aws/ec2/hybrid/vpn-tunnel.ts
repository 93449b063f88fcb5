/** Single tunnels of VPN connections: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { findLive, tunnelAt } from '../../../control/hybrid/find.ts';
import {
  modifyTunnel,
  renewTunnelCertificate,
  replaceVpnTunnel,
} from '../../../control/hybrid/modify-tunnel.ts';
import type { Scope } from '../../../control/scope.ts';
import { effectiveOptions } from '../../../model/hybrid/tunnel-options.ts';
import type { VpnConnection, VpnTunnel } from '../../../model/hybrid/vpn-connection.ts';
import type { ModelReader } from '../../../model/model.ts';
import { formatIp } from '../../../net/ip.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { viewIn } from '../view.ts';
import { parseTunnel } from './tunnel-request.ts';
import { hidesKeys } from './vpn-connection.ts';
import { vpnConnectionView } from './vpn-connection-view.ts';

export const vpnTunnelHandlers = {
  async ModifyVpnTunnelOptions({ input, caller, cloud, dryRun }) {
    const name = parseName(input);
    const isHidden = hidesKeys(input.PreSharedKeyStorage);
    const change = {
      request: parseTunnel(input.TunnelOptions),
      skipReplacement: input.SkipTunnelReplacement ?? false,
      ...(isHidden !== undefined && { hidesKeys: isHidden }),
    };
    const view = await cloud.execute(
      (tx) => vpnConnectionView(viewIn(tx, caller), modifyTunnel(tx, caller, name, change)),
      { dryRun },
    );
    return { VpnConnection: view };
  },

  async ModifyVpnTunnelCertificate({ input, caller, cloud, dryRun }) {
    const name = parseName(input);
    const view = await cloud.execute(
      (tx) => vpnConnectionView(viewIn(tx, caller), renewTunnelCertificate(tx, caller, name)),
      { dryRun },
    );
    return { VpnConnection: view };
  },

  async ReplaceVpnTunnel({ input, caller, cloud, dryRun }) {
    const name = parseName(input);
    const applies = input.ApplyPendingMaintenance ?? false;
    await cloud.execute((tx) => replaceVpnTunnel(tx, caller, name, applies), { dryRun });
    return { Return: true };
  },

  GetVpnTunnelReplacementStatus({ input, caller, cloud }) {
    const { connection, tunnel } = findTunnel(cloud.model, caller, input);
    const { gateway, customerGatewayId, id } = connection;
    const { lastMaintenance } = tunnel;
    return {
      VpnConnectionId: id,
      CustomerGatewayId: customerGatewayId,
      ...(gateway?.kind === 'vpn-gateway' && { VpnGatewayId: gateway.id }),
      ...(gateway?.kind === 'transit-gateway' && { TransitGatewayId: gateway.id }),
      VpnTunnelOutsideIpAddress: formatIp(tunnel.outsideAddress),
      MaintenanceDetails: {
        // Nothing here ever waits for maintenance.
        PendingMaintenance: 'NONE',
        ...(lastMaintenance !== undefined && {
          LastMaintenanceApplied: new Date(lastMaintenance),
        }),
      },
    };
  },

  GetActiveVpnTunnelStatus({ input, caller, cloud }) {
    const { connection, tunnel } = findTunnel(cloud.model, caller, input);
    return { ActiveVpnTunnelStatus: activeView(connection, tunnel) };
  },
} satisfies Ec2HandlersOf<
  | `ModifyVpnTunnel${'Options' | 'Certificate'}`
  | 'ReplaceVpnTunnel'
  | 'GetVpnTunnelReplacementStatus'
  | 'GetActiveVpnTunnelStatus'
>;

interface NameInput {
  readonly VpnConnectionId: string;
  readonly VpnTunnelOutsideIpAddress: string;
}

function parseName({ VpnConnectionId, VpnTunnelOutsideIpAddress }: NameInput) {
  return { vpnConnectionId: VpnConnectionId, outsideAddress: VpnTunnelOutsideIpAddress };
}

function findTunnel(reader: ModelReader, scope: Scope, input: NameInput) {
  const connection = findLive(reader, scope, 'vpn-connection', input.VpnConnectionId);
  return { connection, tunnel: tunnelAt(connection, input.VpnTunnelOutsideIpAddress) };
}

/** H-016: AWS tries its own list from the lowest value up, and so that is what is agreed. */
function activeView(
  { state }: VpnConnection,
  { options, status }: VpnTunnel,
): Sdk.ActiveVpnTunnelStatus {
  const isPending = state === 'pending' || state === 'modifying';
  const provisioning = { ProvisioningStatus: isPending ? 'pending' : 'available' } as const;
  if (!status.ipsec) return provisioning;
  const chosen = effectiveOptions(options);
  return {
    ...provisioning,
    IkeVersion: chosen.ikeVersions[0],
    Phase1EncryptionAlgorithm: chosen.phase1EncryptionAlgorithms[0],
    Phase1IntegrityAlgorithm: chosen.phase1IntegrityAlgorithms[0],
    Phase1DHGroup: chosen.phase1DhGroupNumbers[0],
    Phase2EncryptionAlgorithm: chosen.phase2EncryptionAlgorithms[0],
    Phase2IntegrityAlgorithm: chosen.phase2IntegrityAlgorithms[0],
    Phase2DHGroup: chosen.phase2DhGroupNumbers[0],
  };
}
