/** The shape of every kind of record: what an imported state is checked against. */
import { z } from 'zod';
import type { Records } from '../../model/schema.ts';
import type { LastingKind } from '../../model/volatile.ts';
import { TIMED_EVENTS } from '../timed-events.ts';
import { directConnectGatewayAssociation, virtualInterface } from './direct-connect-shapes.ts';
import {
  customerGateway,
  site,
  vgwRoutePropagation,
  vpnConnection,
  vpnConnectionRoute,
  vpnGateway,
} from './hybrid-shapes.ts';
import { instance } from './instance-shape.ts';
import {
  igmpHost,
  multicastAssociation,
  multicastDomain,
  multicastGroupEntry,
} from './multicast-shapes.ts';
import {
  addressCursor,
  addressTransfer,
  dhcpOptions,
  egressOnlyInternetGateway,
  elasticAddress,
  internetGateway,
  natGateway,
  networkAcl,
  networkAclAssociation,
  networkInterface,
  prefixListRoute,
  route,
  routeTable,
  routeTableAssociation,
  securityGroup,
  securityGroupRule,
  subnet,
  vpc,
} from './network-shapes.ts';
import { prefixList, prefixListVersion } from './prefix-list-shapes.ts';
import {
  resourceShare,
  resourceShareAssociation,
  resourceShareInvitation,
} from './sharing-shapes.ts';
import {
  transitGateway,
  transitGatewayAssociation,
  transitGatewayAttachment,
  transitGatewayConnectPeer,
  transitGatewayPolicyTable,
  transitGatewayPolicyTableAssociation,
  transitGatewayPrefixListReference,
  transitGatewayPropagation,
  transitGatewayRoute,
  transitGatewayRouteTable,
} from './transit-gateway-shapes.ts';
import { account, name, owned, text, time } from './values.ts';

const side = z.strictObject({
  account,
  region: name,
  vpcId: name,
  allowDnsResolutionFromRemoteVpc: z.boolean(),
});

/** A kind that is kept without its shape does not compile. */
export const SHAPES: { readonly [K in LastingKind]: z.ZodType<Records[K]> } = {
  vpc,
  subnet,
  'address-cursor': addressCursor,
  'route-table': routeTable,
  'route-table-association': routeTableAssociation,
  route,
  'prefix-list': prefixList,
  'prefix-list-version': prefixListVersion,
  'prefix-list-route': prefixListRoute,
  'network-acl': networkAcl,
  'network-acl-association': networkAclAssociation,
  'security-group': securityGroup,
  'security-group-rule': securityGroupRule,
  'network-interface': networkInterface,
  instance,
  'elastic-ip': elasticAddress,
  'address-transfer': addressTransfer,
  natgateway: natGateway,
  'egress-only-internet-gateway': egressOnlyInternetGateway,
  'internet-gateway': internetGateway,
  'dhcp-options': dhcpOptions,
  'vpc-peering-connection': z.strictObject({
    ...owned,
    requester: side,
    accepter: side,
    status: z.enum([
      'initiating-request',
      'pending-acceptance',
      'provisioning',
      'active',
      'deleting',
      'deleted',
      'rejected',
      'expired',
      'failed',
    ]),
    expirationTime: time.exactOptional(),
    endedAt: time.exactOptional(),
    deletedBy: account.exactOptional(),
  }),
  'customer-gateway': customerGateway,
  'vpn-gateway': vpnGateway,
  'vgw-route-propagation': vgwRoutePropagation,
  'vpn-connection': vpnConnection,
  'vpn-connection-route': vpnConnectionRoute,
  'transit-gateway': transitGateway,
  'transit-gateway-attachment': transitGatewayAttachment,
  'transit-gateway-route-table': transitGatewayRouteTable,
  'transit-gateway-route-table-association': transitGatewayAssociation,
  'transit-gateway-route-table-propagation': transitGatewayPropagation,
  'transit-gateway-route': transitGatewayRoute,
  'transit-gateway-prefix-list-reference': transitGatewayPrefixListReference,
  'transit-gateway-policy-table': transitGatewayPolicyTable,
  'transit-gateway-policy-table-association': transitGatewayPolicyTableAssociation,
  'resource-share': resourceShare,
  'resource-share-association': resourceShareAssociation,
  'resource-share-invitation': resourceShareInvitation,
  'transit-gateway-connect-peer': transitGatewayConnectPeer,
  'direct-connect-virtual-interface': virtualInterface,
  'direct-connect-gateway-association': directConnectGatewayAssociation,
  site,
  'transit-gateway-multicast-domain': multicastDomain,
  'transit-gateway-multicast-domain-association': multicastAssociation,
  'transit-gateway-multicast-group-entry': multicastGroupEntry,
  'transit-gateway-igmp-host': igmpHost,
  'tag-set': z.strictObject({
    ...owned,
    resourceId: name,
    resourceType: name,
    tags: z.record(z.string().max(128), z.string().max(256)),
  }),
  timer: z.strictObject({
    id: name,
    at: time,
    event: z.string().refine((event) => Object.hasOwn(TIMED_EVENTS, event), {
      error: 'must be an event that openvpc knows',
    }),
    target: name,
  }),
  idempotency: z.strictObject({ id: name, digest: text, resourceId: name }),
  credential: z.strictObject({
    id: name,
    account,
    secretAccessKey: name,
    sessionToken: name,
    arn: name,
    userId: name,
    expiration: time,
  }),
  setting: z.strictObject({ id: name, value: z.unknown() }),
};
