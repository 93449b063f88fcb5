/**
 * Which route table each subnet uses: its own association's, else the main one. A
 * gateway's is associated the same way.
 */
import { awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { RouteTable, RouteTableAssociation } from '../../model/vpc/route-table.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { checkEdgeTable, checkNoEdgeTable } from './edge-table.ts';

/**
 * Gives a subnet a table of its own; asked for what already is, it answers the association there
 * is.
 * @throws AwsError InvalidRouteTableID.NotFound, InvalidSubnetID.NotFound, InvalidParameterValue
 *   for a table of another VPC, Resource.AlreadyAssociated
 */
export function associateRouteTable(
  tx: Transaction,
  scope: Scope,
  { routeTableId, subnetId }: { routeTableId: string; subnetId: string },
): RouteTableAssociation {
  const table = find(tx, scope, 'route-table', routeTableId);
  const subnet = find(tx, scope, 'subnet', subnetId);
  checkSameVpc(table, `subnet ${subnet.id}`, subnet.vpcId);
  const existing = tx.first('route-table-association', 'subnet', subnet.id);
  if (existing === undefined) return putAssociation(tx, table, { main: false, subnetId });
  if (existing.routeTableId === table.id) return existing;
  const message =
    `the specified association for route table ${table.id} ` +
    'conflicts with an existing association';
  throw awsError('Resource.AlreadyAssociated', message);
}

/**
 * Gives a subnet back to the main table, or takes a gateway its table.
 * @throws AwsError InvalidAssociationID.NotFound, InvalidParameterValue for the main association
 */
export function disassociateRouteTable(tx: Transaction, scope: Scope, associationId: string): void {
  const association = findAssociation(tx, scope, associationId);
  if (association.main) {
    const message = `cannot disassociate the main route table association ${association.id}`;
    throw awsError('InvalidParameterValue', message);
  }
  tx.delete('route-table-association', association.id);
}

/**
 * Gives what the association is about another table, under a new association id. Of the main
 * association it makes another table the main one, for every subnet without its own.
 * @throws AwsError InvalidAssociationID.NotFound, InvalidRouteTableID.NotFound,
 *   InvalidParameterValue for a table of another VPC, and for a gateway's as the main one
 */
export function replaceRouteTableAssociation(
  tx: Transaction,
  scope: Scope,
  { associationId, routeTableId }: { associationId: string; routeTableId: string },
): RouteTableAssociation {
  const association = findAssociation(tx, scope, associationId);
  const table = find(tx, scope, 'route-table', routeTableId);
  checkSameVpc(table, `association ${association.id}`, association.vpcId);
  if (association.routeTableId === table.id) return association;
  const { main, subnetId, gatewayId } = association;
  if (main) checkNoEdgeTable(tx, table);
  if (gatewayId !== undefined) checkEdgeTable(tx, table);
  tx.delete('route-table-association', association.id);
  return putAssociation(tx, table, {
    main,
    ...(subnetId === undefined ? {} : { subnetId }),
    ...(gatewayId === undefined ? {} : { gatewayId }),
  });
}

function findAssociation(tx: Transaction, scope: Scope, id: string): RouteTableAssociation {
  checkIdShape('route-table-association', id);
  const association = tx.get('route-table-association', id);
  const table = association && tx.get('route-table', association.routeTableId);
  if (association === undefined || table === undefined || !owns(scope, table)) {
    throw notFound('route-table-association', id);
  }
  return association;
}

function putAssociation(
  tx: Transaction,
  { id: routeTableId, vpcId }: RouteTable,
  what: Pick<RouteTableAssociation, 'main' | 'subnetId' | 'gatewayId'>,
): RouteTableAssociation {
  const id = tx.newId('route-table-association');
  return tx.put('route-table-association', { id, routeTableId, vpcId, ...what });
}

function checkSameVpc(table: RouteTable, subject: string, vpcId: string): void {
  if (table.vpcId === vpcId) return;
  const message = `route table ${table.id} and ${subject} belong to different networks`;
  throw awsError('InvalidParameterValue', message);
}
