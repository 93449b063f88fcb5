/** Route tables of transit gateways: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  createTransitGatewayRouteTable,
  deleteTransitGatewayRouteTable,
} from '../../../control/transit-gateway/route-table.ts';
import type { ModelReader } from '../../../model/model.ts';
import type { TransitGatewayRouteTable } from '../../../model/transit-gateway/route-table.ts';
import type { FiltersOf } from '../describe.ts';
import { describeOwned } from '../describe-owned.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { parseTagSpecifications } from '../parse.ts';
import { tagList } from '../render.ts';
import { type View, viewIn, viewOf } from '../view.ts';

const KIND = 'transit-gateway-route-table';

export const transitGatewayRouteTableHandlers = {
  async CreateTransitGatewayRouteTable({ input, caller, cloud, dryRun }) {
    const tags = parseTagSpecifications(input.TagSpecifications, KIND);
    const view = await cloud.execute(
      (tx) => {
        const id = input.TransitGatewayId;
        const table = createTransitGatewayRouteTable(tx, caller, id, tags);
        return tableView(viewIn(tx, caller), table);
      },
      { dryRun },
    );
    return { TransitGatewayRouteTable: view };
  },

  async DeleteTransitGatewayRouteTable({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayRouteTableId;
    const view = await cloud.execute(
      (tx) => tableView(viewIn(tx, caller), deleteTransitGatewayRouteTable(tx, caller, id)),
      { dryRun },
    );
    return { TransitGatewayRouteTable: view };
  },

  DescribeTransitGatewayRouteTables({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const { records, nextToken } = describeOwned(input, cloud.model, caller, {
      kind: KIND,
      ids: input.TransitGatewayRouteTableIds,
      filters: filters(cloud.model),
    });
    return {
      TransitGatewayRouteTables: records.map((record) => tableView(view, record)),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<
  `${'Create' | 'Delete'}TransitGatewayRouteTable` | 'DescribeTransitGatewayRouteTables'
>;

/** The filters of DescribeTransitGatewayRouteTables, as its reference lists them. */
function filters(reader: ModelReader): FiltersOf<TransitGatewayRouteTable> {
  return {
    'default-association-route-table': (table) => defaultsOf(reader, table).association,
    'default-propagation-route-table': (table) => defaultsOf(reader, table).propagation,
    state: ({ state }) => state,
    'transit-gateway-id': ({ transitGatewayId }) => transitGatewayId,
    'transit-gateway-route-table-id': ({ id }) => id,
  };
}

/** Whether new attachments get the table (C-055). */
function defaultsOf(reader: ModelReader, { id, transitGatewayId }: TransitGatewayRouteTable) {
  const options = reader.get('transit-gateway', transitGatewayId)?.options;
  return {
    association: options?.associationDefaultRouteTableId === id,
    propagation: options?.propagationDefaultRouteTableId === id,
  };
}

function tableView(
  { reader, tags }: View,
  table: TransitGatewayRouteTable,
): Sdk.TransitGatewayRouteTable {
  const { association, propagation } = defaultsOf(reader, table);
  return {
    TransitGatewayRouteTableId: table.id,
    TransitGatewayId: table.transitGatewayId,
    State: table.state,
    DefaultAssociationRouteTable: association,
    DefaultPropagationRouteTable: propagation,
    CreationTime: new Date(table.creationTime),
    Tags: tagList(tags(table.id)),
  };
}
