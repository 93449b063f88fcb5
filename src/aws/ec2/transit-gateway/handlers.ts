import { transitGatewayAssociationHandlers } from './association.ts';
import { transitGatewayAttachmentHandlers } from './attachment.ts';
import { connectAttachmentHandlers } from './connect-attachment.ts';
import { connectPeerHandlers } from './connect-peer.ts';
import { transitGatewayHandlers } from './gateway.ts';
import { multicastAssociationHandlers } from './multicast-association.ts';
import { multicastDomainHandlers } from './multicast-domain.ts';
import { multicastGroupHandlers } from './multicast-group.ts';
import { peeringAttachmentHandlers } from './peering-attachment.ts';
import { policyTableHandlers } from './policy-table.ts';
import { prefixListReferenceHandlers } from './prefix-list-reference.ts';
import { transitGatewayPropagationHandlers } from './propagation.ts';
import { transitGatewayRouteHandlers } from './route.ts';
import { transitGatewayRouteSearchHandlers } from './route-search.ts';
import { transitGatewayRouteTableHandlers } from './route-table.ts';
import { vpcAttachmentHandlers } from './vpc-attachment.ts';

/** Every operation of transit gateways, by topic. */
export const transitGatewayFamilyHandlers = {
  ...transitGatewayHandlers,
  ...transitGatewayAttachmentHandlers,
  ...vpcAttachmentHandlers,
  ...peeringAttachmentHandlers,
  ...connectAttachmentHandlers,
  ...connectPeerHandlers,
  ...transitGatewayRouteTableHandlers,
  ...transitGatewayAssociationHandlers,
  ...transitGatewayPropagationHandlers,
  ...transitGatewayRouteHandlers,
  ...transitGatewayRouteSearchHandlers,
  ...prefixListReferenceHandlers,
  ...policyTableHandlers,
  ...multicastDomainHandlers,
  ...multicastAssociationHandlers,
  ...multicastGroupHandlers,
};
