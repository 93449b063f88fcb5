/** Commands on route tables as a whole, and the `local` routes every table carries. */
import assert from 'node:assert';
import { awsError } from '../../model/error.ts';
import { type Route, type RouteTable, routeId } from '../../model/vpc/route-table.ts';
import { activeCidrs, type Vpc } from '../../model/vpc/vpc.ts';
import type { Cidr } from '../../net/cidr.ts';
import { type ClientToken, forgetTokens, idempotent } from '../idempotency.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';

export interface CreateRouteTable {
  readonly vpcId: string;
  readonly tags: Tags;
  readonly clientToken: ClientToken;
}

/**
 * A table with the VPC's local routes and no association.
 * @throws AwsError InvalidVpcID.NotFound, RouteTableLimitExceeded, those of client tokens
 */
export function createRouteTable(
  tx: Transaction,
  scope: Scope,
  { vpcId, tags, clientToken }: CreateRouteTable,
): RouteTable {
  const vpc = find(tx, scope, 'vpc', vpcId);
  const id = idempotent(tx, scope, clientToken, () => {
    if (tx.count('route-table', 'vpc', vpc.id) >= tx.quota('routeTablesPerVpc')) {
      const message = 'The maximum number of route tables has been reached.';
      throw awsError('RouteTableLimitExceeded', message);
    }
    const table = putTable(tx, scope, vpc.id);
    putTags(tx, scope, 'route-table', table.id, tags);
    return table.id;
  });
  return tx.get('route-table', id)!;
}

/** The main table of a new VPC, with its local routes. The VPC's record exists already. */
export function createMainRouteTable(tx: Transaction, scope: Scope, vpcId: string): RouteTable {
  assert(tx.first('route-table-association', 'main', vpcId) === undefined, 'one main table');
  const table = putTable(tx, scope, vpcId);
  const id = tx.newId('route-table-association');
  tx.put('route-table-association', { id, routeTableId: table.id, vpcId, main: true });
  return table;
}

/**
 * Deletes a table that nothing is associated with.
 * @throws AwsError InvalidRouteTableID.NotFound, DependencyViolation
 */
export function deleteRouteTable(tx: Transaction, scope: Scope, id: string): void {
  const table = find(tx, scope, 'route-table', id);
  if (tx.count('route-table-association', 'table', table.id) > 0) {
    const message = `The routeTable '${table.id}' has dependencies and cannot be deleted.`;
    throw awsError('DependencyViolation', message);
  }
  removeTable(tx, table.id);
}

/** Takes the main table away with its VPC. */
export function deleteMainRouteTable(tx: Transaction, vpcId: string): void {
  const main = tx.first('route-table-association', 'main', vpcId);
  if (main === undefined) return;
  tx.delete('route-table-association', main.id);
  removeTable(tx, main.routeTableId);
}

function putTable(tx: Transaction, { account, region }: Scope, vpcId: string): RouteTable {
  const id = tx.newId('route-table');
  const table = tx.put('route-table', { id, account, region, vpcId });
  putLocalRoutes(tx, id, tx.get('vpc', vpcId)!);
  return table;
}

function removeTable(tx: Transaction, id: string): void {
  for (const route of tx.by('route', 'table', id)) tx.delete('route', route.id);
  for (const route of tx.by('prefix-list-route', 'table', id)) {
    tx.delete('prefix-list-route', route.id);
  }
  for (const propagation of tx.by('vgw-route-propagation', 'table', id)) {
    tx.delete('vgw-route-propagation', propagation.id);
  }
  dropTags(tx, id);
  forgetTokens(tx, id);
  tx.delete('route-table', id);
}

/** Whether AWS made this route with the VPC's block, wherever it leads by now. */
export function isLocalRoute(route: Route): boolean {
  return route.origin === 'CreateRouteTable';
}

/** Puts the local route of a newly associated block into every table of the VPC. */
export function addLocalRoutes(tx: Transaction, vpc: Vpc, block: Cidr): void {
  for (const { id } of tx.by('route-table', 'vpc', vpc.id)) putLocalRoute(tx, id, block);
}

/** Takes the local route of a block, retargeted or not, out of every table of the VPC. */
export function removeLocalRoutes(tx: Transaction, vpc: Vpc, block: Cidr): void {
  for (const { id } of tx.by('route-table', 'vpc', vpc.id)) {
    const route = tx.get('route', routeId(id, block));
    if (route !== undefined && isLocalRoute(route)) tx.delete('route', route.id);
  }
}

/** Fills a new table with the local routes of the blocks the VPC has now. */
function putLocalRoutes(tx: Transaction, routeTableId: string, vpc: Vpc): void {
  for (const block of activeCidrs(vpc)) putLocalRoute(tx, routeTableId, block);
}

function putLocalRoute(tx: Transaction, routeTableId: string, destination: Cidr): void {
  tx.put('route', {
    id: routeId(routeTableId, destination),
    routeTableId,
    destination,
    target: { kind: 'local' },
    origin: 'CreateRouteTable',
  });
}
