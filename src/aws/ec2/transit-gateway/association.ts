/** Which table routes what comes in by an attachment: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { Transaction } from '../../../control/transaction.ts';
import {
  associateTransitGatewayRouteTable,
  disassociateTransitGatewayRouteTable,
} from '../../../control/transit-gateway/association.ts';
import { availableTable } from '../../../control/transit-gateway/find.ts';
import type { ModelReader } from '../../../model/model.ts';
import type { TransitGatewayAssociation } from '../../../model/transit-gateway/route-table.ts';
import { describe } from '../describe.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { scopeOf } from '../view.ts';
import { memberFilters, memberView } from './resource.ts';

export const transitGatewayAssociationHandlers = {
  AssociateTransitGatewayRouteTable: (call) => change(call, associateTransitGatewayRouteTable),
  DisassociateTransitGatewayRouteTable: (call) =>
    change(call, disassociateTransitGatewayRouteTable),

  GetTransitGatewayRouteTableAssociations({ input, caller, cloud: { model } }) {
    const { id } = availableTable(model, scopeOf(caller), input.TransitGatewayRouteTableId);
    const { records, nextToken } = describe(input, {
      records: model.by('transit-gateway-route-table-association', 'table', id),
      filters: memberFilters(model),
    });
    return {
      Associations: records.map((record) => memberView(model, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${Change}TransitGatewayRouteTable` | 'GetTransitGatewayRouteTableAssociations'
>;

type Change = 'Associate' | 'Disassociate';

async function change(
  { input, caller, cloud, dryRun }: Ec2Call<`${Change}TransitGatewayRouteTable`>,
  command: typeof associateTransitGatewayRouteTable,
) {
  const joint = {
    routeTableId: input.TransitGatewayRouteTableId,
    attachmentId: input.TransitGatewayAttachmentId,
  };
  const view = await cloud.execute(
    (tx: Transaction) => associationView(tx, command(tx, caller, joint)),
    { dryRun },
  );
  return { Association: view };
}

function associationView(
  reader: ModelReader,
  association: TransitGatewayAssociation,
): Sdk.TransitGatewayAssociation {
  const TransitGatewayRouteTableId = association.routeTableId;
  return { TransitGatewayRouteTableId, ...memberView(reader, association) };
}
