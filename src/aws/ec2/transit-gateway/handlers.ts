import { transitGatewayHandlers } from './gateway.ts';
import { transitGatewayRouteHandlers } from './route.ts';
import { transitGatewayRouteTableHandlers } from './route-table.ts';
import { vpcAttachmentHandlers } from './vpc-attachment.ts';

/** Every operation of transit gateways, by topic. */
export const transitGatewayFamilyHandlers = {
  ...transitGatewayHandlers,
  ...vpcAttachmentHandlers,
  ...transitGatewayRouteTableHandlers,
  ...transitGatewayRouteHandlers,
};
