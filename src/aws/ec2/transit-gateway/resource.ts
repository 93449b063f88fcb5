/** The resource behind an attachment, as answers about routes and tables name it. */
import type { ModelReader } from '../../../model/model.ts';
import { attachedResource } from '../../../model/transit-gateway/attachment.ts';
import type { AttachmentResourceType } from '../../../model/transit-gateway/route.ts';

export interface ResourceView {
  readonly ResourceId?: string;
  readonly ResourceType?: AttachmentResourceType;
}

/** Seen from one of the attachment's gateways; nothing once the attachment is forgotten. */
export function resourceView(
  reader: ModelReader,
  place: { readonly attachmentId: string; readonly transitGatewayId: string },
): ResourceView {
  const attachment = reader.get('transit-gateway-attachment', place.attachmentId);
  if (attachment === undefined) return {};
  const { id } = attachedResource(attachment, place.transitGatewayId);
  return { ResourceId: id, ResourceType: attachment.resourceType };
}
