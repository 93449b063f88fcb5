/** Routes of transit gateways' tables: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  createTransitGatewayRoute,
  deleteTransitGatewayRoute,
  replaceTransitGatewayRoute,
  type TransitGatewayRouteRequest,
} from '../../../control/transit-gateway/route.ts';
import { awsError } from '../../../model/error.ts';
import type { ModelReader } from '../../../model/model.ts';
import { attachedResource } from '../../../model/transit-gateway/attachment.ts';
import {
  type TransitGatewayRoute,
  transitGatewayRouteState,
} from '../../../model/transit-gateway/route.ts';
import { formatCidr } from '../../../net/cidr.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { parseCidrParameter, required } from '../parse.ts';

export const transitGatewayRouteHandlers = {
  async CreateTransitGatewayRoute({ input, caller, cloud, dryRun }) {
    const request = parseRoute(input);
    const view = await cloud.execute(
      (tx) => routeView(tx, createTransitGatewayRoute(tx, caller, request)),
      { dryRun },
    );
    return { Route: view };
  },

  async ReplaceTransitGatewayRoute({ input, caller, cloud, dryRun }) {
    const request = parseRoute(input);
    const view = await cloud.execute(
      (tx) => routeView(tx, replaceTransitGatewayRoute(tx, caller, request)),
      { dryRun },
    );
    return { Route: view };
  },

  async DeleteTransitGatewayRoute({ input, caller, cloud, dryRun }) {
    const request = {
      routeTableId: input.TransitGatewayRouteTableId,
      destination: parseCidrParameter('destinationCidrBlock', input.DestinationCidrBlock),
    };
    const view = await cloud.execute(
      (tx) => routeView(tx, deleteTransitGatewayRoute(tx, caller, request)),
      { dryRun },
    );
    return { Route: { ...view, State: 'deleted' } };
  },
} satisfies Ec2HandlersOf<`${'Create' | 'Replace' | 'Delete'}TransitGatewayRoute`>;

function parseRoute(
  input: Ec2Call<'CreateTransitGatewayRoute' | 'ReplaceTransitGatewayRoute'>['input'],
): TransitGatewayRouteRequest {
  const attachmentId = parseTarget(input);
  return {
    routeTableId: input.TransitGatewayRouteTableId,
    destination: parseCidrParameter('destinationCidrBlock', input.DestinationCidrBlock),
    ...(attachmentId !== undefined && { attachmentId }),
  };
}

/** C-069: an attachment, or a blackhole, which has none. */
export function parseTarget({
  Blackhole,
  TransitGatewayAttachmentId,
}: {
  readonly Blackhole?: boolean;
  readonly TransitGatewayAttachmentId?: string;
}): string | undefined {
  if (!Blackhole) return required('TransitGatewayAttachmentId', TransitGatewayAttachmentId);
  if (TransitGatewayAttachmentId === undefined) return undefined;
  const message =
    'The parameters Blackhole and TransitGatewayAttachmentId cannot be used together.';
  throw awsError('InvalidParameterCombination', message);
}

function routeView(reader: ModelReader, route: TransitGatewayRoute): Sdk.TransitGatewayRoute {
  return {
    DestinationCidrBlock: formatCidr(route.destination),
    TransitGatewayAttachments: routeAttachments(reader, route),
    Type: route.type,
    State: transitGatewayRouteState(reader, route),
  };
}

/** A blackhole that was asked for has none (C-069); one whose attachment is gone names it. */
function routeAttachments(
  reader: ModelReader,
  { attachmentId, transitGatewayId }: TransitGatewayRoute,
): Sdk.TransitGatewayRouteAttachment[] | undefined {
  if (attachmentId === undefined) return undefined;
  const attachment = reader.get('transit-gateway-attachment', attachmentId);
  return [
    {
      TransitGatewayAttachmentId: attachmentId,
      ...(attachment && {
        ResourceId: attachedResource(attachment, transitGatewayId).id,
        ResourceType: attachment.resourceType,
      }),
    },
  ];
}
