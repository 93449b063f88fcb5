/** Static routes of VPN connections: requests to commands. */
import {
  createConnectionRoute,
  deleteConnectionRoute,
} from '../../../control/hybrid/connection-route.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { parseCidr4Parameter } from '../parse.ts';

export const vpnConnectionRouteHandlers = {
  async CreateVpnConnectionRoute({ input, caller, cloud, dryRun }) {
    const destination = parseCidr4Parameter('destinationCidrBlock', input.DestinationCidrBlock);
    const id = input.VpnConnectionId;
    await cloud.execute((tx) => createConnectionRoute(tx, caller, id, destination), { dryRun });
    return {};
  },

  async DeleteVpnConnectionRoute({ input, caller, cloud, dryRun }) {
    const destination = parseCidr4Parameter('destinationCidrBlock', input.DestinationCidrBlock);
    const id = input.VpnConnectionId;
    await cloud.execute((tx) => deleteConnectionRoute(tx, caller, id, destination), { dryRun });
    return {};
  },
} satisfies Ec2HandlersOf<`${'Create' | 'Delete'}VpnConnectionRoute`>;
