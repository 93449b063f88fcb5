/** How many routes a gateway may have, over all its tables (C-015). */
import { awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { prefixListWeight } from '../../model/vpc/prefix-list.ts';
import type { Transaction } from '../transaction.ts';

/** A prefix list counts the entries that it may have. */
export function gatewayRouteWeight(reader: ModelReader, transitGatewayId: string): number {
  let weight = reader.count('transit-gateway-route', 'gateway', transitGatewayId);
  for (const { id } of reader.by('transit-gateway-route-table', 'gateway', transitGatewayId)) {
    for (const reference of reader.by('transit-gateway-prefix-list-reference', 'table', id)) {
      weight += prefixListWeight(reader, reference.prefixListId);
    }
  }
  return weight;
}

/** @throws AwsError RouteLimitExceeded unless the gateway can have so many routes more */
export function checkRouteRoom(tx: Transaction, transitGatewayId: string, weight: number): void {
  const quota = tx.quota('routesPerTransitGateway');
  if (gatewayRouteWeight(tx, transitGatewayId) + weight <= quota) return;
  const message = `The maximum number of routes of ${transitGatewayId} has been reached.`;
  throw awsError('RouteLimitExceeded', message);
}
