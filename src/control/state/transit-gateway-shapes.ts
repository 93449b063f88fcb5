/** Shapes of transit gateways and their parts. */
import { z } from 'zod';
import { TRANSIT_GATEWAY_CIDR_BLOCKS } from '../../model/limits.ts';
import type { Records } from '../../model/schema.ts';
import { attachmentMachine } from '../../model/transit-gateway/attachment.ts';
import { connectPeerMachine } from '../../model/transit-gateway/connect-peer.ts';
import { transitGatewayPolicyTableMachine } from '../../model/transit-gateway/policy-table.ts';
import { transitGatewayPrefixListReferenceMachine } from '../../model/transit-gateway/route.ts';
import {
  transitGatewayAssociationMachine,
  transitGatewayPropagationMachine,
  transitGatewayRouteTableMachine,
} from '../../model/transit-gateway/route-table.ts';
import { transitGatewayMachine } from '../../model/transit-gateway/transit-gateway.ts';
import {
  account,
  anyCidr,
  asn,
  cidr4,
  cidr6,
  ipValue,
  name,
  owned,
  text,
  time,
  whole,
} from './values.ts';

export const transitGateway: z.ZodType<Records['transit-gateway']> = z.strictObject({
  ...owned,
  state: z.enum(transitGatewayMachine.states),
  description: text,
  creationTime: time,
  options: z.strictObject({
    amazonSideAsn: whole(0xffff_ffff),
    cidrBlocks: z.array(anyCidr).max(TRANSIT_GATEWAY_CIDR_BLOCKS),
    autoAcceptSharedAttachments: z.boolean(),
    defaultRouteTableAssociation: z.boolean(),
    defaultRouteTablePropagation: z.boolean(),
    associationDefaultRouteTableId: name.exactOptional(),
    propagationDefaultRouteTableId: name.exactOptional(),
    vpnEcmpSupport: z.boolean(),
    dnsSupport: z.boolean(),
    securityGroupReferencingSupport: z.boolean(),
    multicastSupport: z.boolean(),
    encryptionSupport: z.boolean(),
  }),
});

const attachmentBase = {
  ...owned,
  state: z.enum(attachmentMachine.states),
  transitGatewayId: name,
  transitGatewayOwnerId: account,
  creationTime: time,
  endedAt: time.exactOptional(),
};

const vpcAttachment = z.strictObject({
  ...attachmentBase,
  resourceType: z.literal('vpc'),
  vpcId: name,
  subnets: z.array(
    z.strictObject({ subnetId: name, zoneId: name, networkInterfaceId: name.exactOptional() }),
  ),
  options: z.strictObject({
    dnsSupport: z.boolean(),
    securityGroupReferencingSupport: z.boolean(),
    ipv6Support: z.boolean(),
    applianceModeSupport: z.boolean(),
  }),
});

const peeringAttachment = z.strictObject({
  ...attachmentBase,
  resourceType: z.literal('peering'),
  accepter: z.strictObject({ account, region: owned.region, transitGatewayId: name }),
  dynamicRouting: z.boolean(),
});

const vpnAttachment = z.strictObject({
  ...attachmentBase,
  resourceType: z.literal('vpn'),
  vpnConnectionId: name,
});

const connectAttachment = z.strictObject({
  ...attachmentBase,
  resourceType: z.literal('connect'),
  transportAttachmentId: name,
});

const directConnectGatewayAttachment = z.strictObject({
  ...attachmentBase,
  resourceType: z.literal('direct-connect-gateway'),
  directConnectGatewayId: name,
});

export const transitGatewayAttachment: z.ZodType<Records['transit-gateway-attachment']> =
  z.discriminatedUnion('resourceType', [
    vpcAttachment,
    peeringAttachment,
    vpnAttachment,
    connectAttachment,
    directConnectGatewayAttachment,
  ]);

export const transitGatewayConnectPeer: z.ZodType<Records['transit-gateway-connect-peer']> =
  z.strictObject({
    ...owned,
    state: z.enum(connectPeerMachine.states),
    attachmentId: name,
    transitGatewayId: name,
    transitGatewayAddress: ipValue,
    peerAddress: ipValue,
    insideCidr: cidr4,
    insideIpv6Cidr: cidr6.exactOptional(),
    peerAsn: asn,
    creationTime: time,
    endedAt: time.exactOptional(),
  });

export const transitGatewayRouteTable: z.ZodType<Records['transit-gateway-route-table']> =
  z.strictObject({
    ...owned,
    transitGatewayId: name,
    state: z.enum(transitGatewayRouteTableMachine.states),
    creationTime: time,
  });

export const transitGatewayPolicyTable: z.ZodType<Records['transit-gateway-policy-table']> =
  z.strictObject({
    ...owned,
    transitGatewayId: name,
    state: z.enum(transitGatewayPolicyTableMachine.states),
    creationTime: time,
  });

export const transitGatewayPolicyTableAssociation: z.ZodType<
  Records['transit-gateway-policy-table-association']
> = z.strictObject({
  id: name,
  transitGatewayId: name,
  policyTableId: name,
  attachmentId: name,
  state: z.enum(transitGatewayAssociationMachine.states),
});

const joint = { id: name, transitGatewayId: name, routeTableId: name, attachmentId: name };

export const transitGatewayAssociation: z.ZodType<
  Records['transit-gateway-route-table-association']
> = z.strictObject({ ...joint, state: z.enum(transitGatewayAssociationMachine.states) });

export const transitGatewayPropagation: z.ZodType<
  Records['transit-gateway-route-table-propagation']
> = z.strictObject({ ...joint, state: z.enum(transitGatewayPropagationMachine.states) });

const routeBase = { id: name, transitGatewayId: name, routeTableId: name, destination: anyCidr };

export const transitGatewayRoute: z.ZodType<Records['transit-gateway-route']> =
  z.discriminatedUnion('type', [
    z.strictObject({
      ...routeBase,
      type: z.literal('static'),
      attachmentId: name.exactOptional(),
    }),
    z.strictObject({
      ...routeBase,
      type: z.literal('propagated'),
      attachmentId: name,
      resourceType: z.literal('vpc'),
      suppressed: z.boolean(),
    }),
  ]);

export const transitGatewayPrefixListReference: z.ZodType<
  Records['transit-gateway-prefix-list-reference']
> = z.strictObject({
  id: name,
  transitGatewayId: name,
  routeTableId: name,
  prefixListId: name,
  prefixListOwnerId: z.union([account, z.literal('AWS')]),
  state: z.enum(transitGatewayPrefixListReferenceMachine.states),
  attachmentId: name.exactOptional(),
});
