/** Connect attachments of transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  createConnectAttachment,
  deleteConnectAttachment,
} from '../../../control/transit-gateway/connect-attachment.ts';
import {
  findConnectAttachment,
  visibleConnectAttachments,
} from '../../../control/transit-gateway/visible-attachment.ts';
import type { ConnectAttachment } from '../../../model/transit-gateway/attachment.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { parseChoice, parseTagSpecifications } from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';

const TYPE = 'transit-gateway-attachment';

/** C-098: the only one there is. */
export const CONNECT_PROTOCOL = 'gre';

export const connectAttachmentHandlers = {
  async CreateTransitGatewayConnect({ input, caller, cloud, dryRun }) {
    parseChoice('protocol', input.Options.Protocol, [CONNECT_PROTOCOL]);
    const request = {
      transportAttachmentId: input.TransportTransitGatewayAttachmentId,
      tags: parseTagSpecifications(input.TagSpecifications, TYPE),
    };
    const view = await cloud.execute(
      (tx) => connectView(viewIn(tx, caller), createConnectAttachment(tx, caller, request)),
      { dryRun },
    );
    return { TransitGatewayConnect: view };
  },

  async DeleteTransitGatewayConnect({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayAttachmentId;
    const view = await cloud.execute(
      (tx) => connectView(viewIn(tx, caller), deleteConnectAttachment(tx, caller, id)),
      { dryRun },
    );
    return { TransitGatewayConnect: view };
  },

  DescribeTransitGatewayConnects({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const ids = [...new Set(input.TransitGatewayAttachmentIds ?? [])];
    const { records, nextToken } = describe(input, {
      records:
        ids.length === 0
          ? visibleConnectAttachments(cloud.model, caller)
          : ids.map((id) => findConnectAttachment(cloud.model, caller, id)),
      filters: FILTERS,
      tags: ({ id }) => view.tags(id),
    });
    return {
      TransitGatewayConnects: records.map((record) => connectView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Delete'}TransitGatewayConnect` | 'DescribeTransitGatewayConnects'
>;

/** The filters of DescribeTransitGatewayConnects, as its reference lists them. */
const FILTERS: FiltersOf<ConnectAttachment> = {
  'options.protocol': () => CONNECT_PROTOCOL,
  state: ({ state }) => state,
  'transit-gateway-attachment-id': ({ id }) => id,
  'transit-gateway-id': ({ transitGatewayId }) => transitGatewayId,
  'transport-transit-gateway-attachment-id': ({ transportAttachmentId }) => transportAttachmentId,
};

function connectView({ tags }: View, attachment: ConnectAttachment): Sdk.TransitGatewayConnect {
  const { id, transportAttachmentId, transitGatewayId, state, creationTime } = attachment;
  return {
    TransitGatewayAttachmentId: id,
    TransportTransitGatewayAttachmentId: transportAttachmentId,
    TransitGatewayId: transitGatewayId,
    State: state,
    CreationTime: new Date(creationTime),
    Options: { Protocol: CONNECT_PROTOCOL },
    Tags: tagList(tags(id)),
  };
}
