/** Route tables of transit gateways (C4). */
import { awsError } from '../../model/error.ts';
import { TRANSIT_GATEWAY_VISIBLE_MILLIS } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import {
  type TransitGatewayRouteTable,
  transitGatewayRouteTableMachine,
} from '../../model/transit-gateway/route-table.ts';
import type { TransitGateway } from '../../model/transit-gateway/transit-gateway.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { availableGateway } from './find.ts';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 10, delete: 10 } as const;

/**
 * @throws AwsError InvalidTransitGatewayID.Malformed, InvalidTransitGatewayID.NotFound,
 *   IncorrectState, TransitGatewayRouteTableLimitExceeded (C-014)
 */
export function createTransitGatewayRouteTable(
  tx: Transaction,
  scope: Scope,
  transitGatewayId: string,
  tags: Tags,
): TransitGatewayRouteTable {
  return createTable(tx, availableGateway(tx, scope, transitGatewayId), tags);
}

/** @throws AwsError TransitGatewayRouteTableLimitExceeded */
export function createTable(
  tx: Transaction,
  { id: transitGatewayId, account, region }: TransitGateway,
  tags: Tags,
): TransitGatewayRouteTable {
  const live = tx
    .by('transit-gateway-route-table', 'gateway', transitGatewayId)
    .filter(({ state }) => state !== 'deleted');
  if (live.length >= tx.quota('routeTablesPerTransitGateway')) {
    const message = `The maximum number of route tables of ${transitGatewayId} has been reached.`;
    throw awsError('TransitGatewayRouteTableLimitExceeded', message);
  }
  const table = tx.put('transit-gateway-route-table', {
    id: tx.newId('transit-gateway-route-table'),
    account,
    region,
    transitGatewayId,
    state: 'pending',
    creationTime: tx.now,
  });
  putTags(tx, { account, region }, 'transit-gateway-route-table', table.id, tags);
  tx.settle('transit-gateway-route-table.provision', table.id, USUAL_SECONDS.create);
  return table;
}

/**
 * @throws AwsError InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound,
 *   IncorrectState (C-058)
 */
export function deleteTransitGatewayRouteTable(
  tx: Transaction,
  scope: Scope,
  id: string,
): TransitGatewayRouteTable {
  const table = find(tx, scope, 'transit-gateway-route-table', id);
  const fault = inUse(tx, table);
  if (fault !== undefined) throw awsError('IncorrectState', `${id} ${fault}`);
  const state = transition(transitGatewayRouteTableMachine, table.state, 'delete', id);
  const deleting = tx.update('transit-gateway-route-table', table, { state });
  emptyTable(tx, id);
  tx.settle('transit-gateway-route-table.finish', id, USUAL_SECONDS.delete);
  return deleting;
}

/** C-058 */
function inUse(tx: Transaction, { id, transitGatewayId }: TransitGatewayRouteTable) {
  const options = tx.get('transit-gateway', transitGatewayId)?.options;
  if (options?.associationDefaultRouteTableId === id) {
    return 'is the default association route table of its transit gateway.';
  }
  if (options?.propagationDefaultRouteTableId === id) {
    return 'is the default propagation route table of its transit gateway.';
  }
  const [association] = tx.by('transit-gateway-route-table-association', 'table', id);
  return association && `has an association with ${association.attachmentId}.`;
}

/** Takes everything out of a table. */
function emptyTable(tx: Transaction, id: string): void {
  for (const route of tx.by('transit-gateway-route', 'table', id)) {
    tx.delete('transit-gateway-route', route.id);
  }
  for (const reference of tx.by('transit-gateway-prefix-list-reference', 'table', id)) {
    tx.unschedule(reference.id);
    tx.delete('transit-gateway-prefix-list-reference', reference.id);
  }
  for (const propagation of tx.by('transit-gateway-route-table-propagation', 'table', id)) {
    tx.unschedule(propagation.id);
    tx.delete('transit-gateway-route-table-propagation', propagation.id);
  }
}

/** Takes a table away, with everything in it. */
export function removeTable(tx: Transaction, { id }: TransitGatewayRouteTable): void {
  emptyTable(tx, id);
  tx.unschedule(id);
  dropTags(tx, id);
  tx.delete('transit-gateway-route-table', id);
}

export const routeTableEvents: Record<string, TimedEvent> = {
  'transit-gateway-route-table.provision': (tx, id) => {
    move(tx, id, 'pending', 'provision');
  },
  'transit-gateway-route-table.finish': (tx, id) => {
    if (!move(tx, id, 'deleting', 'finish')) return;
    const forgotten = tx.now + TRANSIT_GATEWAY_VISIBLE_MILLIS;
    tx.schedule('transit-gateway-route-table.forget', id, forgotten);
  },
  'transit-gateway-route-table.forget': (tx, id) => {
    const table = tx.get('transit-gateway-route-table', id);
    if (table !== undefined) removeTable(tx, table);
  },
};

function move(
  tx: Transaction,
  id: string,
  from: TransitGatewayRouteTable['state'],
  event: 'provision' | 'finish',
): boolean {
  const table = tx.get('transit-gateway-route-table', id);
  if (table?.state !== from) return false;
  const state = transition(transitGatewayRouteTableMachine, from, event, id);
  tx.update('transit-gateway-route-table', table, { state });
  return true;
}
