/** Routes of transit gateways' tables: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  createTransitGatewayRoute,
  deleteTransitGatewayRoute,
  replaceTransitGatewayRoute,
  type TransitGatewayRouteRequest,
} from '../../../control/transit-gateway/route.ts';
import type { ShownRoute } from '../../../control/transit-gateway/shown-route.ts';
import { awsError } from '../../../model/error.ts';
import type { ModelReader } from '../../../model/model.ts';
import {
  type StaticTransitGatewayRoute,
  transitGatewayRouteState,
} from '../../../model/transit-gateway/route.ts';
import { formatCidr } from '../../../net/cidr.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { parseCidrParameter, required } from '../parse.ts';
import { resourceView } from './resource.ts';

export const transitGatewayRouteHandlers = {
  async CreateTransitGatewayRoute({ input, caller, cloud, dryRun }) {
    const request = parseRoute(input);
    const view = await cloud.execute(
      (tx) => madeView(tx, createTransitGatewayRoute(tx, caller, request)),
      { dryRun },
    );
    return { Route: view };
  },

  async ReplaceTransitGatewayRoute({ input, caller, cloud, dryRun }) {
    const request = parseRoute(input);
    const view = await cloud.execute(
      (tx) => madeView(tx, replaceTransitGatewayRoute(tx, caller, request)),
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
      (tx) => madeView(tx, deleteTransitGatewayRoute(tx, caller, request)),
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

function madeView(reader: ModelReader, route: StaticTransitGatewayRoute): Sdk.TransitGatewayRoute {
  const { attachmentId } = route;
  return routeView(reader, { ...route, attachmentIds: attachmentId ? [attachmentId] : [] });
}

/** A blackhole that was asked for has no attachment (C-069); one whose attachment is gone has. */
export function routeView(
  reader: ModelReader,
  route: Omit<ShownRoute, 'id'>,
): Sdk.TransitGatewayRoute {
  const { attachmentIds, transitGatewayId, prefixListId } = route;
  return {
    DestinationCidrBlock: formatCidr(route.destination),
    ...(prefixListId !== undefined && { PrefixListId: prefixListId }),
    ...(attachmentIds.length > 0 && {
      TransitGatewayAttachments: attachmentIds.map((attachmentId) => ({
        TransitGatewayAttachmentId: attachmentId,
        ...resourceView(reader, { attachmentId, transitGatewayId }),
      })),
    }),
    Type: route.type,
    State: shownState(reader, route),
  };
}

export function shownState(
  reader: ModelReader,
  { attachmentIds: [attachmentId] }: Pick<ShownRoute, 'attachmentIds'>,
): 'active' | 'blackhole' {
  return transitGatewayRouteState(reader, attachmentId === undefined ? {} : { attachmentId });
}
