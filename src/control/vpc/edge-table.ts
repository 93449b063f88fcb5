/** Edge tables: route tables of gateways, which steer what enters by them. */
import { type AwsError, awsError } from '../../model/error.ts';
import { propagatingGateways } from '../../model/hybrid/vpn-gateway.ts';
import type { ModelReader } from '../../model/model.ts';
import type {
  RouteTable,
  RouteTableAssociation,
  RouteTarget,
} from '../../model/vpc/route-table.ts';
import { type Cidr, containsCidr, formatCidr } from '../../net/cidr.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { attachedGateway, vpcBlocks } from './route-target.ts';

/**
 * Gives a gateway a table of its own; asked for what already is, it answers the association there
 * is.
 * @throws AwsError InvalidRouteTableID.NotFound, InvalidGatewayID.NotFound, Gateway.NotAttached,
 *   InvalidParameterValue for a gateway of another VPC, the main table and routes that no
 *   edge table may have, Resource.AlreadyAssociated
 */
export function associateGateway(
  tx: Transaction,
  scope: Scope,
  { routeTableId, gatewayId }: { routeTableId: string; gatewayId: string },
): RouteTableAssociation {
  const table = find(tx, scope, 'route-table', routeTableId);
  attachedGateway(tx, scope, table, gatewayId);
  checkEdgeTable(tx, table);
  const existing = tx.first('route-table-association', 'gateway', gatewayId);
  if (existing === undefined) {
    const id = tx.newId('route-table-association');
    const { vpcId } = table;
    return tx.put('route-table-association', { id, routeTableId, vpcId, main: false, gatewayId });
  }
  if (existing.routeTableId === table.id) return existing;
  const message =
    `the specified association for route table ${table.id} ` +
    'conflicts with an existing association';
  throw awsError('Resource.AlreadyAssociated', message);
}

/** Throws unless a gateway may have the table as it is now. */
export function checkEdgeTable(tx: Transaction, table: RouteTable): void {
  const associations = tx.by('route-table-association', 'table', table.id);
  if (associations.some(({ main }) => main)) throw mainTable(table);
  for (const { destination, target } of tx.by('route', 'table', table.id)) {
    checkEdgeRoute(tx, table, destination, target);
  }
  for (const { prefixListId } of tx.by('prefix-list-route', 'table', table.id)) {
    throw badDestination(prefixListId, 'A prefix list is not supported there.');
  }
  const [vpnGatewayId] = propagatingGateways(tx, table.id);
  if (vpnGatewayId === undefined) return;
  const message = `Route table ${table.id} has routes propagated by ${vpnGatewayId}.`;
  throw awsError('InvalidParameterValue', message);
}

/** Throws when a gateway has the table, so that the VPC cannot have it as its main one. */
export function checkNoEdgeTable(reader: ModelReader, table: RouteTable): void {
  if (isEdgeTable(reader, table)) throw mainTable(table);
}

/** Whether a gateway has the table. */
export function isEdgeTable(reader: ModelReader, { id }: RouteTable): boolean {
  return reader
    .by('route-table-association', 'table', id)
    .some(({ gatewayId }) => gatewayId !== undefined);
}

/** Throws when a gateway has the table and may not have such a route in it. */
export function checkRouteAtEdge(
  reader: ModelReader,
  table: RouteTable,
  destination: Cidr | string,
  target: RouteTarget,
): void {
  if (!isEdgeTable(reader, table)) return;
  if (typeof destination === 'string') {
    throw badDestination(destination, 'A prefix list is not supported there.');
  }
  checkEdgeRoute(reader, table, destination, target);
}

function checkEdgeRoute(
  reader: ModelReader,
  { vpcId }: RouteTable,
  destination: Cidr,
  target: RouteTarget,
): void {
  if (target.kind !== 'local' && target.kind !== 'network-interface') {
    const message =
      `Route table contains unsupported route target: ${target.id}. ` +
      'The table of a gateway leads to network interfaces and local only.';
    throw awsError('InvalidParameterValue', message);
  }
  // Inside the VPC every route to an interface is to a whole block or subnet already.
  const inside = vpcBlocks(reader.get('vpc', vpcId)!).some((block) =>
    containsCidr(block, destination),
  );
  if (!inside) throw badDestination(formatCidr(destination), 'It is not in the VPC.');
}

function badDestination(destination: string, why: string): AwsError {
  const message = `Route table contains unsupported route destination: ${destination}. ${why}`;
  return awsError('InvalidParameterValue', message);
}

function mainTable({ id }: RouteTable): AwsError {
  const message = `The main route table ${id} cannot be associated with a gateway.`;
  return awsError('InvalidParameterValue', message);
}

/** A gateway that its VPC has no more steers nothing by its table. */
export function removeEdgeTable(tx: Transaction, gatewayId: string): void {
  const association = tx.first('route-table-association', 'gateway', gatewayId);
  if (association !== undefined) tx.delete('route-table-association', association.id);
}
