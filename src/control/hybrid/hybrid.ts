/** What the rest of control needs of VPNs. */
import type { TimedEvent } from '../timed-event.ts';
import { connectionEvents } from './connection-events.ts';
import { connectionRouteEvents } from './connection-route.ts';
import { customerGatewayEvents } from './customer-gateway.ts';
import { tunnelNegotiationEvents } from './tunnel-negotiation.ts';
import { vpnGatewayEvents } from './vpn-gateway.ts';
import { vpnGatewayAttachmentEvents } from './vpn-gateway-attachment.ts';

/** What happens to VPNs by itself. */
export const hybridEvents: Record<string, TimedEvent> = {
  ...customerGatewayEvents,
  ...vpnGatewayEvents,
  ...vpnGatewayAttachmentEvents,
  ...connectionEvents,
  ...connectionRouteEvents,
  ...tunnelNegotiationEvents,
};
