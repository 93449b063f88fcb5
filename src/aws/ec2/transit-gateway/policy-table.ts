/** Policy tables and announcements of transit gateways, as far as they go without Cloud WAN. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, type Scope } from '../../../control/scope.ts';
import {
  associatePolicyTable,
  createPolicyTable,
  deletePolicyTable,
  disassociatePolicyTable,
} from '../../../control/transit-gateway/policy-table.ts';
import { awsError } from '../../../model/error.ts';
import type { ModelReader } from '../../../model/model.ts';
import type {
  TransitGatewayPolicyTable,
  TransitGatewayPolicyTableAssociation,
} from '../../../model/transit-gateway/policy-table.ts';
import { describe, type FiltersOf } from '../describe.ts';
import { describeOwned } from '../describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import { parseTagSpecifications } from '../parse.ts';
import { tagList } from '../render.ts';
import { NOTHING, scopeOf, type View, viewIn, viewOf } from '../view.ts';
import { memberView } from './resource.ts';

const KIND = 'transit-gateway-policy-table';

export const policyTableHandlers = {
  async CreateTransitGatewayPolicyTable({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayId;
    const tags = parseTagSpecifications(input.TagSpecifications, KIND);
    const view = await cloud.execute(
      (tx) => tableView(viewIn(tx, caller), createPolicyTable(tx, caller, id, tags)),
      { dryRun },
    );
    return { TransitGatewayPolicyTable: view };
  },

  async DeleteTransitGatewayPolicyTable({ input, caller, cloud, dryRun }) {
    const id = input.TransitGatewayPolicyTableId;
    const view = await cloud.execute(
      (tx) => tableView(viewIn(tx, caller), deletePolicyTable(tx, caller, id)),
      { dryRun },
    );
    return { TransitGatewayPolicyTable: view };
  },

  DescribeTransitGatewayPolicyTables({ input, caller, cloud }) {
    const view = viewOf(cloud, caller);
    const { records, nextToken } = describeOwned(input, cloud.model, caller, {
      kind: KIND,
      ids: input.TransitGatewayPolicyTableIds,
      filters: TABLE_FILTERS,
    });
    return {
      TransitGatewayPolicyTables: records.map((record) => tableView(view, record)),
      NextToken: nextToken,
    };
  },

  AssociateTransitGatewayPolicyTable: (call) => change(call, associatePolicyTable),
  DisassociateTransitGatewayPolicyTable: (call) => change(call, disassociatePolicyTable),

  GetTransitGatewayPolicyTableAssociations({ input, caller, cloud: { model } }) {
    const table = tableOf(model, scopeOf(caller), input.TransitGatewayPolicyTableId);
    const { records, nextToken } = describe(input, {
      records: model.by('transit-gateway-policy-table-association', 'table', table.id),
      filters: {},
    });
    return {
      Associations: records.map((record) => associationView(model, record)),
      NextToken: nextToken,
    };
  },

  /** There are none: Cloud WAN alone makes them (C-127). */
  GetTransitGatewayPolicyTableEntries({ input, caller, cloud: { model } }) {
    tableOf(model, scopeOf(caller), input.TransitGatewayPolicyTableId);
    const { nextToken } = describe(input, { records: [], filters: ENTRY_FILTERS });
    return { TransitGatewayPolicyTableEntries: [], NextToken: nextToken };
  },

  CreateTransitGatewayRouteTableAnnouncement: refuseAnnouncement,
  DeleteTransitGatewayRouteTableAnnouncement: refuseAnnouncement,
  DescribeTransitGatewayRouteTableAnnouncements: refuseAnnouncement,
} satisfies Ec2HandlersOf<
  | `${'Create' | 'Delete' | Change}TransitGatewayPolicyTable`
  | 'DescribeTransitGatewayPolicyTables'
  | 'GetTransitGatewayPolicyTableAssociations'
  | 'GetTransitGatewayPolicyTableEntries'
  | `${'Create' | 'Delete'}TransitGatewayRouteTableAnnouncement`
  | 'DescribeTransitGatewayRouteTableAnnouncements'
>;

/** C-088 */
function refuseAnnouncement(): never {
  const message = 'Route tables are announced to Cloud WAN only, which openvpc does not have.';
  throw awsError('UnsupportedOperation', message);
}

type Change = 'Associate' | 'Disassociate';

async function change(
  { input, caller, cloud, dryRun }: Ec2Call<`${Change}TransitGatewayPolicyTable`>,
  command: typeof associatePolicyTable,
) {
  const joint = {
    policyTableId: input.TransitGatewayPolicyTableId,
    attachmentId: input.TransitGatewayAttachmentId,
  };
  const view = await cloud.execute((tx) => associationView(tx, command(tx, caller, joint)), {
    dryRun,
  });
  return { Association: view };
}

function tableOf(reader: ModelReader, scope: Scope, id: string): TransitGatewayPolicyTable {
  return find(reader, scope, KIND, id);
}

const TABLE_FILTERS: FiltersOf<TransitGatewayPolicyTable> = {
  state: ({ state }) => state,
  'transit-gateway-id': ({ transitGatewayId }) => transitGatewayId,
  'transit-gateway-policy-table-id': ({ id }) => id,
};

/** The filters of GetTransitGatewayPolicyTableEntries, as its reference lists them. */
const ENTRY_FILTERS: FiltersOf<{ readonly id: string }> = {
  'policy-rule-number': NOTHING,
  'policy-rule.destination-ip': NOTHING,
  'policy-rule.destination-port': NOTHING,
  'policy-rule.meta-data.key': NOTHING,
  'policy-rule.meta-data.value': NOTHING,
  'policy-rule.protocol': NOTHING,
  'policy-rule.source-ip': NOTHING,
  'policy-rule.source-port': NOTHING,
  'target-route-table-id': NOTHING,
};

function tableView(
  { tags }: View,
  { id, transitGatewayId, state, creationTime }: TransitGatewayPolicyTable,
): Sdk.TransitGatewayPolicyTable {
  return {
    TransitGatewayPolicyTableId: id,
    TransitGatewayId: transitGatewayId,
    State: state,
    CreationTime: new Date(creationTime),
    Tags: tagList(tags(id)),
  };
}

function associationView(
  reader: ModelReader,
  association: TransitGatewayPolicyTableAssociation,
): Sdk.TransitGatewayPolicyTableAssociation {
  return {
    TransitGatewayPolicyTableId: association.policyTableId,
    ...memberView(reader, association),
  };
}
