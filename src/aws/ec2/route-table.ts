/** Route tables: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { find, owned, type Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import { associateGateway } from '../../control/vpc/edge-table.ts';
import { createRouteTable, deleteRouteTable } from '../../control/vpc/route-table.ts';
import {
  associateRouteTable,
  disassociateRouteTable,
  replaceRouteTableAssociation,
} from '../../control/vpc/route-table-association.ts';
import { awsError } from '../../model/error.ts';
import { propagatingGateways } from '../../model/hybrid/vpn-gateway.ts';
import type { ModelReader } from '../../model/model.ts';
import { routeState, type TargetedRoute } from '../../model/vpc/route-state.ts';
import type {
  PrefixListRoute,
  Route,
  RouteTable,
  RouteTableAssociation,
} from '../../model/vpc/route-table.ts';
import { formatCidr, isCidr4 } from '../../net/cidr.ts';
import { clientTokenOf } from './client-token.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { parseTagSpecifications, refuseUnsupported, required } from './parse.ts';
import { tagList } from './render.ts';

/** There are no transitional states here: AWS, too, answers with the last one at once. */
const ASSOCIATED = { State: 'associated' } as const;

export const routeTableHandlers = {
  async CreateRouteTable({ input, caller, cloud, dryRun }) {
    const clientToken = clientTokenOf('CreateRouteTable', input);
    const request = {
      vpcId: input.VpcId,
      tags: parseTagSpecifications(input.TagSpecifications, 'route-table'),
      clientToken,
    };
    const view = await cloud.execute(
      (tx) => routeTableView(tx, caller, createRouteTable(tx, caller, request)),
      { dryRun },
    );
    return { RouteTable: view, ClientToken: clientToken.token };
  },

  async DeleteRouteTable({ input, caller, cloud, dryRun }) {
    await cloud.execute((tx) => deleteRouteTable(tx, caller, input.RouteTableId), { dryRun });
    return {};
  },

  DescribeRouteTables: describeRouteTables,

  async AssociateRouteTable({ input, caller, cloud, dryRun }) {
    if (input.GatewayId !== undefined && input.SubnetId !== undefined) {
      const message = 'The parameters SubnetId and GatewayId cannot be used together.';
      throw awsError('InvalidParameterCombination', message);
    }
    refuseUnsupported(input, ['PublicIpv4Pool']);
    const { RouteTableId: routeTableId, GatewayId: gatewayId } = input;
    const subnetId = gatewayId === undefined ? required('subnetId', input.SubnetId) : '';
    const { id } = await cloud.execute(
      (tx) =>
        gatewayId === undefined
          ? associateRouteTable(tx, caller, { routeTableId, subnetId })
          : associateGateway(tx, caller, { routeTableId, gatewayId }),
      { dryRun },
    );
    return { AssociationId: id, AssociationState: ASSOCIATED };
  },

  async DisassociateRouteTable({ input, caller, cloud, dryRun }) {
    await cloud.execute((tx) => disassociateRouteTable(tx, caller, input.AssociationId), {
      dryRun,
    });
    return {};
  },

  async ReplaceRouteTableAssociation({ input, caller, cloud, dryRun }) {
    const request = { associationId: input.AssociationId, routeTableId: input.RouteTableId };
    const { id } = await cloud.execute((tx) => replaceRouteTableAssociation(tx, caller, request), {
      dryRun,
    });
    return { NewAssociationId: id, AssociationState: ASSOCIATED };
  },
} satisfies Ec2HandlersOf<
  | `${'Create' | 'Delete' | 'Associate' | 'Disassociate'}RouteTable`
  | 'DescribeRouteTables'
  | 'ReplaceRouteTableAssociation'
>;

function describeRouteTables({ input, caller, cloud: { model } }: Ec2Call<'DescribeRouteTables'>) {
  const ids = [...new Set(input.RouteTableIds ?? [])];
  const { records, nextToken } = describe(input, {
    records:
      ids.length === 0
        ? owned(model, caller, 'route-table')
        : ids.map((id) => find(model, caller, 'route-table', id)),
    filters: routeTableFilters(model),
    tags: ({ id }) => tagsOf(model, caller, id),
    page: { min: 5, max: 100 },
  });
  return {
    RouteTables: records.map((record) => routeTableView(model, caller, record)),
    NextToken: nextToken,
  };
}

function routeTableFilters(model: ModelReader): FiltersOf<RouteTable> {
  type OfAssociation = (association: RouteTableAssociation) => string | boolean | undefined;
  const associations = (value: OfAssociation) => (table: RouteTable) =>
    model.by('route-table-association', 'table', table.id).map(value);
  const routes = (value: (route: Sdk.Route) => string | undefined) => (table: RouteTable) =>
    routeViews(model, table.id).map(value);
  return {
    'association.gateway-id': associations(({ gatewayId }) => gatewayId),
    'association.main': associations(({ main }) => main),
    'association.route-table-association-id': associations(({ id }) => id),
    'association.route-table-id': associations(({ routeTableId }) => routeTableId),
    'association.subnet-id': associations(({ subnetId }) => subnetId),
    'owner-id': ({ account }) => account,
    'route-table-id': ({ id }) => id,
    'route.destination-cidr-block': routes((route) => route.DestinationCidrBlock),
    'route.destination-ipv6-cidr-block': routes((route) => route.DestinationIpv6CidrBlock),
    'route.destination-prefix-list-id': routes((route) => route.DestinationPrefixListId),
    'route.egress-only-internet-gateway-id': routes((route) => route.EgressOnlyInternetGatewayId),
    'route.gateway-id': routes((route) => route.GatewayId),
    'route.instance-id': routes((route) => route.InstanceId),
    'route.nat-gateway-id': routes((route) => route.NatGatewayId),
    'route.origin': routes((route) => route.Origin),
    'route.state': routes((route) => route.State),
    'route.transit-gateway-id': () => undefined,
    'route.vpc-peering-connection-id': routes((route) => route.VpcPeeringConnectionId),
    'vpc-id': ({ vpcId }) => vpcId,
  };
}

function routeTableView(reader: ModelReader, scope: Scope, table: RouteTable): Sdk.RouteTable {
  return {
    Associations: reader
      .by('route-table-association', 'table', table.id)
      .map((association) => associationView(association)),
    OwnerId: table.account,
    PropagatingVgws: propagatingGateways(reader, table.id).map((GatewayId) => ({ GatewayId })),
    RouteTableId: table.id,
    Routes: routeViews(reader, table.id),
    Tags: tagList(tagsOf(reader, scope, table.id)),
    VpcId: table.vpcId,
  };
}

function associationView(association: RouteTableAssociation): Sdk.RouteTableAssociation {
  return {
    AssociationState: ASSOCIATED,
    GatewayId: association.gatewayId,
    Main: association.main,
    RouteTableAssociationId: association.id,
    RouteTableId: association.routeTableId,
    SubnetId: association.subnetId,
  };
}

function routeViews(reader: ModelReader, tableId: string): Sdk.Route[] {
  return [
    ...reader.by('route', 'table', tableId).map((route) => routeView(reader, route)),
    ...reader
      .by('prefix-list-route', 'table', tableId)
      .map((route) => prefixListRouteView(reader, route)),
  ];
}

function prefixListRouteView(reader: ModelReader, route: PrefixListRoute): Sdk.Route {
  return {
    DestinationPrefixListId: route.prefixListId,
    ...targetView(reader, route),
    Origin: 'CreateRoute',
    State: routeState(reader, route),
  };
}

function routeView(reader: ModelReader, route: Route): Sdk.Route {
  const destination = formatCidr(route.destination);
  return {
    ...(isCidr4(route.destination)
      ? { DestinationCidrBlock: destination }
      : { DestinationIpv6CidrBlock: destination }),
    ...targetView(reader, route),
    Origin: route.origin,
    State: routeState(reader, route),
  };
}

function targetView(reader: ModelReader, { target }: TargetedRoute): Sdk.Route {
  switch (target.kind) {
    case 'local':
      return { GatewayId: 'local' };
    case 'internet-gateway':
    case 'vpn-gateway':
      return { GatewayId: target.id };
    case 'nat-gateway':
      return { NatGatewayId: target.id };
    case 'egress-only-internet-gateway':
      return { EgressOnlyInternetGatewayId: target.id };
    case 'vpc-peering-connection':
      return { VpcPeeringConnectionId: target.id };
    case 'transit-gateway':
      return { TransitGatewayId: target.id };
    case 'network-interface': {
      // The instance is the one that has the interface now, however the route was made.
      const instanceId = reader.get('network-interface', target.id)?.attachment?.instanceId;
      const instance = instanceId === undefined ? undefined : reader.get('instance', instanceId);
      return {
        NetworkInterfaceId: target.id,
        InstanceId: instance?.id,
        InstanceOwnerId: instance?.account,
      };
    }
  }
}
