/** An attachment and the resource behind it, as answers about routes and tables name them. */
import type { ModelReader } from '../../../model/model.ts';
import { attachedResource } from '../../../model/transit-gateway/attachment.ts';
import type { AttachmentResourceType } from '../../../model/transit-gateway/route.ts';
import type { FiltersOf } from '../describe.ts';

export interface ResourceView {
  readonly ResourceId?: string;
  readonly ResourceType?: AttachmentResourceType;
}

/** An attachment, seen from one of its gateways. */
interface AttachmentPlace {
  readonly attachmentId: string;
  readonly transitGatewayId: string;
}

/** Nothing once the attachment is forgotten. */
export function resourceView(reader: ModelReader, place: AttachmentPlace): ResourceView {
  const attachment = reader.get('transit-gateway-attachment', place.attachmentId);
  if (attachment === undefined) return {};
  const { id } = attachedResource(attachment, place.transitGatewayId);
  return { ResourceId: id, ResourceType: attachment.resourceType };
}

/** How an attachment takes part in a table: what all answers about that have in common. */
export function memberView<State extends string>(
  reader: ModelReader,
  member: AttachmentPlace & { readonly state: State },
) {
  return {
    TransitGatewayAttachmentId: member.attachmentId,
    ...resourceView(reader, member),
    State: member.state,
  };
}

/** The filters of those answers, as their references list them. */
export function memberFilters(reader: ModelReader): FiltersOf<AttachmentPlace> {
  return {
    'resource-id': (member) => resourceView(reader, member).ResourceId,
    'resource-type': (member) => resourceView(reader, member).ResourceType,
    'transit-gateway-attachment-id': ({ attachmentId }) => attachmentId,
  };
}
