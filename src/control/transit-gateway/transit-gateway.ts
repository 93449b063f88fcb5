/** What the rest of control needs of transit gateways. */
import type { TimedEvent } from '../timed-event.ts';
import { associationEvents } from './association.ts';
import { attachmentEvents } from './attachment-life.ts';
import { connectPeerEvents } from './connect-peer.ts';
import { gatewayEvents } from './gateway.ts';
import { multicastAssociationEvents } from './multicast-association.ts';
import { multicastDomainEvents } from './multicast-domain.ts';
import { multicastIgmpEvents } from './multicast-igmp.ts';
import { peeringAttachmentEvents } from './peering-attachment.ts';
import { policyTableEvents } from './policy-table.ts';
import { prefixListReferenceEvents } from './prefix-list-reference.ts';
import { propagationEvents } from './propagation.ts';
import { routeTableEvents } from './route-table.ts';

/** What happens to transit gateways by itself. */
export const transitGatewayEvents: Record<string, TimedEvent> = {
  ...gatewayEvents,
  ...attachmentEvents,
  ...peeringAttachmentEvents,
  ...connectPeerEvents,
  ...routeTableEvents,
  ...associationEvents,
  ...propagationEvents,
  ...prefixListReferenceEvents,
  ...policyTableEvents,
  ...multicastDomainEvents,
  ...multicastAssociationEvents,
  ...multicastIgmpEvents,
};
