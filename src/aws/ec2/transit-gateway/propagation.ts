/** Which tables an attachment fills with its routes: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { availableTable } from '../../../control/transit-gateway/find.ts';
import {
  disablePropagation,
  enablePropagation,
} from '../../../control/transit-gateway/propagation.ts';
import { findManagedAttachment } from '../../../control/transit-gateway/visible-attachment.ts';
import type { ModelReader } from '../../../model/model.ts';
import type { TransitGatewayPropagation } from '../../../model/transit-gateway/route-table.ts';
import { describe } from '../describe.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { refuseUnsupported, required } from '../parse.ts';
import { scopeOf } from '../view.ts';
import { memberFilters, memberView } from './resource.ts';

const KIND = 'transit-gateway-route-table-propagation';

export const transitGatewayPropagationHandlers = {
  EnableTransitGatewayRouteTablePropagation: (call) => change(call, enablePropagation),
  DisableTransitGatewayRouteTablePropagation: (call) => change(call, disablePropagation),

  GetTransitGatewayRouteTablePropagations({ input, caller, cloud: { model } }) {
    const { id } = availableTable(model, scopeOf(caller), input.TransitGatewayRouteTableId);
    const { records, nextToken } = describe(input, {
      records: model.by(KIND, 'table', id),
      filters: memberFilters(model),
    });
    return {
      TransitGatewayRouteTablePropagations: records.map((record) => memberView(model, record)),
      NextToken: nextToken,
    };
  },

  GetTransitGatewayAttachmentPropagations({ input, caller, cloud: { model } }) {
    const scope = scopeOf(caller);
    const { id } = findManagedAttachment(model, scope, input.TransitGatewayAttachmentId);
    const { records, nextToken } = describe(input, {
      records: model.by(KIND, 'attachment', id),
      filters: { 'transit-gateway-route-table-id': ({ routeTableId }) => routeTableId },
    });
    return {
      TransitGatewayAttachmentPropagations: records.map(({ routeTableId, state }) => ({
        TransitGatewayRouteTableId: routeTableId,
        State: state,
      })),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  | `${Change}TransitGatewayRouteTablePropagation`
  | 'GetTransitGatewayRouteTablePropagations'
  | 'GetTransitGatewayAttachmentPropagations'
>;

type Change = 'Enable' | 'Disable';

async function change(
  { input, caller, cloud, dryRun }: Ec2Call<`${Change}TransitGatewayRouteTablePropagation`>,
  command: typeof enablePropagation,
) {
  refuseUnsupported(input, ['TransitGatewayRouteTableAnnouncementId']); // C-088
  const joint = {
    routeTableId: input.TransitGatewayRouteTableId,
    attachmentId: required('TransitGatewayAttachmentId', input.TransitGatewayAttachmentId),
  };
  const view = await cloud.execute((tx) => propagationView(tx, command(tx, caller, joint)), {
    dryRun,
  });
  return { Propagation: view };
}

function propagationView(
  reader: ModelReader,
  propagation: TransitGatewayPropagation,
): Sdk.TransitGatewayPropagation {
  const TransitGatewayRouteTableId = propagation.routeTableId;
  return { TransitGatewayRouteTableId, ...memberView(reader, propagation) };
}
