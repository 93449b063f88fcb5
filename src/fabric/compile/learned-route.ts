/**
 * Learned routes of transit gateways. A table does not have them: it refers to what the attachments
 * that propagate to it have learned, and shares that with every table that takes the same.
 */
import {
  type LearnedTransitGatewayRoute,
  learnedDestinationKey,
  preferredRoutes,
  takes,
} from '../../model/transit-gateway/route.ts';
import type { TransitGatewayPropagation } from '../../model/transit-gateway/route-table.ts';
import { LearnedRoutes } from '../learned-routes.ts';
import type { Network } from './state.ts';
import { learnedRule, referToLearned } from './transit-gateway-route-table.ts';

/** Whether a table takes what an attachment has learned may be another. */
export function compileLearnedPropagation(
  network: Network,
  { routeTableId, attachmentId }: TransitGatewayPropagation,
): void {
  const taken = network.learnedOfTable.get(routeTableId)?.attachmentIds ?? new Set<string>();
  const isTaken =
    isLearning(network, attachmentId) && takes(network.model, routeTableId, attachmentId);
  if (isTaken === taken.has(attachmentId)) return;
  const others = [...taken].filter((id) => id !== attachmentId);
  bind(network, routeTableId, isTaken ? [...others, attachmentId] : others);
}

function isLearning({ model }: Network, attachmentId: string): boolean {
  const attachment = model.get('transit-gateway-attachment', attachmentId);
  return (
    attachment !== undefined &&
    attachment.resourceType !== 'vpc' &&
    attachment.resourceType !== 'peering'
  );
}

/** A table that is gone refers to nothing. */
export function releaseLearned(network: Network, routeTableId: string): void {
  if (!network.transitTables.has(routeTableId)) bind(network, routeTableId, []);
}

function bind(network: Network, routeTableId: string, attachmentIds: readonly string[]): void {
  const before = network.learnedOfTable.get(routeTableId);
  if (before !== undefined) {
    before.tableIds.delete(routeTableId);
    if (before.tableIds.size === 0) network.learnedRoutes.delete(keyOf([...before.attachmentIds]));
  }
  const after = attachmentIds.length === 0 ? undefined : sharedBy(network, attachmentIds);
  if (after === undefined) network.learnedOfTable.delete(routeTableId);
  else {
    after.tableIds.add(routeTableId);
    network.learnedOfTable.set(routeTableId, after);
  }
  const station = network.transitTables.get(routeTableId);
  if (station !== undefined) referToLearned(station, after);
}

function keyOf(attachmentIds: readonly string[]): string {
  return attachmentIds.toSorted().join('|');
}

function sharedBy(network: Network, attachmentIds: readonly string[]): LearnedRoutes {
  const key = keyOf(attachmentIds);
  const known = network.learnedRoutes.get(key);
  if (known !== undefined) return known;
  const made = new LearnedRoutes(new Set(attachmentIds));
  network.learnedRoutes.set(key, made);
  for (const id of attachmentIds) {
    for (const route of network.model.by('transit-gateway-learned-route', 'attachment', id)) {
      put(network, made, route);
    }
  }
  return made;
}

/** A prefix that an attachment has learned, or has learned otherwise, or no more. */
export function compileLearnedRoute(network: Network, route: LearnedTransitGatewayRoute): void {
  for (const shared of network.learnedRoutes.values()) {
    if (shared.attachmentIds.has(route.attachmentId)) put(network, shared, route);
  }
}

function put(network: Network, shared: LearnedRoutes, route: LearnedTransitGatewayRoute): void {
  const { model } = network;
  const rivals = model
    .by('transit-gateway-learned-route', 'destination', learnedDestinationKey(route))
    .filter(({ attachmentId }) => shared.attachmentIds.has(attachmentId));
  const preferred = preferredRoutes(model, rivals) as readonly LearnedTransitGatewayRoute[];
  shared.set(route.destination, learnedRule(network, preferred));
}
