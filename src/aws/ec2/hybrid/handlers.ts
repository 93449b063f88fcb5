import { customerGatewayHandlers } from './customer-gateway.ts';
import { vpnConnectionHandlers } from './vpn-connection.ts';
import { vpnConnectionRouteHandlers } from './vpn-connection-route.ts';
import { vpnDeviceHandlers } from './vpn-device.ts';
import { vpnGatewayHandlers } from './vpn-gateway.ts';
import { vpnTunnelHandlers } from './vpn-tunnel.ts';

/** Every operation of customer gateways, virtual private gateways and VPN connections. */
export const hybridHandlers = {
  ...customerGatewayHandlers,
  ...vpnGatewayHandlers,
  ...vpnConnectionHandlers,
  ...vpnConnectionRouteHandlers,
  ...vpnTunnelHandlers,
  ...vpnDeviceHandlers,
};
