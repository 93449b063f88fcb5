/** What is attached to transit gateways, of whatever kind, as every party sees it. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { owns, type Scope } from '../../../control/scope.ts';
import {
  findAttachment,
  visibleAttachments,
} from '../../../control/transit-gateway/visible-attachment.ts';
import type { ModelReader } from '../../../model/model.ts';
import {
  attachedResource,
  sidesOf,
  type TransitGatewayAttachment,
  type TransitGatewaySide,
} from '../../../model/transit-gateway/attachment.ts';
import { transitGatewayPolicyTableAssociationId } from '../../../model/transit-gateway/policy-table.ts';
import { transitGatewayAssociationId } from '../../../model/transit-gateway/route-table.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { tagList } from '../render.ts';
import { viewOf } from '../view.ts';

export const transitGatewayAttachmentHandlers = {
  DescribeTransitGatewayAttachments({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const ids = [...new Set(input.TransitGatewayAttachmentIds ?? [])];
    const records =
      ids.length === 0
        ? visibleAttachments(cloud.model, caller)
        : ids.map((id) => findAttachment(cloud.model, caller, id));
    const page = describe(input, {
      records: records.map((record) => seenBy(cloud.model, view.scope, record)),
      filters: FILTERS,
      tags: ({ id }) => view.tags(id),
    });
    return {
      TransitGatewayAttachments: page.records.map((seen) => ({
        ...attachmentView(seen),
        Tags: tagList(view.tags(seen.id)),
      })),
      NextToken: page.nextToken,
    };
  },
} satisfies Ec2HandlersOf<'DescribeTransitGatewayAttachments'>;

/** An attachment from one of its gateways. */
interface Seen {
  readonly id: string;
  readonly attachment: TransitGatewayAttachment;
  readonly gateway: { readonly id: string; readonly ownerId: string };
  /** Those of the caller. */
  readonly gatewayIds: readonly string[];
  readonly resource: { readonly id: string; readonly ownerId: string };
  readonly association: Sdk.TransitGatewayAttachmentAssociation | undefined;
}

/** From the caller's own gateway; who has both sides of a peering sees the requester's. */
function seenBy(reader: ModelReader, scope: Scope, attachment: TransitGatewayAttachment): Seen {
  const { id, resourceType, transitGatewayId, transitGatewayOwnerId } = attachment;
  const own = resourceType === 'peering' ? localSides(scope, attachment) : [];
  const gateway = {
    id: own[0]?.transitGatewayId ?? transitGatewayId,
    ownerId: own[0]?.account ?? transitGatewayOwnerId,
  };
  return {
    id,
    attachment,
    gateway,
    gatewayIds: own.length > 0 ? own.map((side) => side.transitGatewayId) : [transitGatewayId],
    resource: attachedResource(attachment, gateway.id),
    association: associationOf(reader, gateway.id, id),
  };
}

/** The gateways of an attachment that the caller owns, the requester's first. */
export function localSides(
  scope: Scope,
  attachment: TransitGatewayAttachment,
): readonly TransitGatewaySide[] {
  return sidesOf(attachment).filter((side) => owns(scope, side));
}

function associationOf(
  reader: ModelReader,
  transitGatewayId: string,
  attachmentId: string,
): Sdk.TransitGatewayAttachmentAssociation | undefined {
  const route = reader.get(
    'transit-gateway-route-table-association',
    transitGatewayAssociationId(transitGatewayId, attachmentId),
  );
  if (route !== undefined) {
    return { TransitGatewayRouteTableId: route.routeTableId, State: route.state };
  }
  const policy = reader.get(
    'transit-gateway-policy-table-association',
    transitGatewayPolicyTableAssociationId(transitGatewayId, attachmentId),
  );
  return policy && { TransitGatewayPolicyTableId: policy.policyTableId, State: policy.state };
}

/** The filters of DescribeTransitGatewayAttachments, as its reference lists them. */
const FILTERS: FiltersOf<Seen> = {
  'association.state': ({ association }) => association?.State,
  'association.transit-gateway-route-table-id': ({ association }) =>
    association?.TransitGatewayRouteTableId,
  'resource-id': ({ resource }) => resource.id,
  'resource-owner-id': ({ resource }) => resource.ownerId,
  'resource-type': ({ attachment }) => attachment.resourceType,
  state: ({ attachment }) => attachment.state,
  'transit-gateway-attachment-id': ({ id }) => id,
  'transit-gateway-id': ({ gatewayIds }) => gatewayIds,
  'transit-gateway-owner-id': ({ gateway }) => gateway.ownerId,
};

function attachmentView(seen: Seen): Sdk.TransitGatewayAttachment {
  const { id, attachment, gateway, resource, association } = seen;
  return {
    TransitGatewayAttachmentId: id,
    TransitGatewayId: gateway.id,
    TransitGatewayOwnerId: gateway.ownerId,
    ResourceOwnerId: resource.ownerId,
    ResourceType: attachment.resourceType,
    ResourceId: resource.id,
    State: attachment.state,
    Association: association,
    CreationTime: new Date(attachment.creationTime),
  };
}
