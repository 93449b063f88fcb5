/** Routes to prefix lists: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { availableTable } from '../../../control/transit-gateway/find.ts';
import {
  createPrefixListReference,
  deletePrefixListReference,
  modifyPrefixListReference,
} from '../../../control/transit-gateway/prefix-list-reference.ts';
import type { ModelReader } from '../../../model/model.ts';
import type { TransitGatewayPrefixListReference } from '../../../model/transit-gateway/route.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { scopeOf } from '../view.ts';
import { resourceView } from './resource.ts';
import { parseTarget } from './route.ts';

export const prefixListReferenceHandlers = {
  CreateTransitGatewayPrefixListReference: (call) => change(call, createPrefixListReference),
  ModifyTransitGatewayPrefixListReference: (call) => change(call, modifyPrefixListReference),

  async DeleteTransitGatewayPrefixListReference({ input, caller, cloud, dryRun }) {
    const request = {
      routeTableId: input.TransitGatewayRouteTableId,
      prefixListId: input.PrefixListId,
    };
    const view = await cloud.execute(
      (tx) => referenceView(tx, deletePrefixListReference(tx, scopeOf(caller), request)),
      { dryRun },
    );
    return { TransitGatewayPrefixListReference: view };
  },

  GetTransitGatewayPrefixListReferences({ input, caller, cloud: { model } }) {
    const { id } = availableTable(model, scopeOf(caller), input.TransitGatewayRouteTableId);
    const { records, nextToken } = describe(input, {
      records: model.by('transit-gateway-prefix-list-reference', 'table', id),
      filters: filters(model),
    });
    return {
      TransitGatewayPrefixListReferences: records.map((record) => referenceView(model, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${Change | 'Delete'}TransitGatewayPrefixListReference` | 'GetTransitGatewayPrefixListReferences'
>;

type Change = 'Create' | 'Modify';

async function change(
  { input, caller, cloud, dryRun }: Ec2Call<`${Change}TransitGatewayPrefixListReference`>,
  command: typeof createPrefixListReference,
) {
  const attachmentId = parseTarget(input);
  const request = {
    routeTableId: input.TransitGatewayRouteTableId,
    prefixListId: input.PrefixListId,
    ...(attachmentId !== undefined && { attachmentId }),
  };
  const view = await cloud.execute(
    (tx) => referenceView(tx, command(tx, scopeOf(caller), request)),
    { dryRun },
  );
  return { TransitGatewayPrefixListReference: view };
}

/** The filters of GetTransitGatewayPrefixListReferences, as its reference lists them. */
function filters(reader: ModelReader): FiltersOf<TransitGatewayPrefixListReference> {
  return {
    'attachment.resource-id': (record) => attachmentView(reader, record)?.ResourceId,
    'attachment.resource-type': (record) => attachmentView(reader, record)?.ResourceType,
    'attachment.transit-gateway-attachment-id': ({ attachmentId }) => attachmentId,
    'is-blackhole': ({ attachmentId }) => attachmentId === undefined,
    'prefix-list-id': ({ prefixListId }) => prefixListId,
    'prefix-list-owner-id': ({ prefixListOwnerId }) => prefixListOwnerId,
    state: ({ state }) => state,
  };
}

function referenceView(
  reader: ModelReader,
  reference: TransitGatewayPrefixListReference,
): Sdk.TransitGatewayPrefixListReference {
  return {
    TransitGatewayRouteTableId: reference.routeTableId,
    PrefixListId: reference.prefixListId,
    PrefixListOwnerId: reference.prefixListOwnerId,
    State: reference.state,
    Blackhole: reference.attachmentId === undefined,
    TransitGatewayAttachment: attachmentView(reader, reference),
  };
}

function attachmentView(
  reader: ModelReader,
  { attachmentId, transitGatewayId }: TransitGatewayPrefixListReference,
): Sdk.TransitGatewayPrefixListAttachment | undefined {
  if (attachmentId === undefined) return undefined;
  const resource = resourceView(reader, { attachmentId, transitGatewayId });
  return { TransitGatewayAttachmentId: attachmentId, ...resource };
}
