/** The routes that attachments have learned by BGP, in the tables that take them (C-061). */
import { bestPaths, bySteadiness, sharers } from '../../model/hybrid/best-path.ts';
import type { LearnedRoute } from '../../model/hybrid/learned-route.ts';
import { isLinkOpen, type Link, linksOfAttachment } from '../../model/hybrid/link.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  carriesPackets,
  type TransitGatewayAttachment,
  type VpcAttachment,
} from '../../model/transit-gateway/attachment.ts';
import {
  hasVpnEcmp,
  isLearned,
  type LearnedTransitGatewayRoute,
  propagatedRouteId,
} from '../../model/transit-gateway/route.ts';
import type { TransitGatewayPropagation } from '../../model/transit-gateway/route-table.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';

type LearningAttachment = Exclude<TransitGatewayAttachment, VpcAttachment>;

/** What holds of one prefix behind an attachment. */
type Learned = Pick<LearnedTransitGatewayRoute, 'destination' | 'path' | 'linkIds'>;

/** All of an attachment's prefixes: for whenever it, its links or its propagations are others. */
export function propagateLearned(tx: Transaction, attachment: LearningAttachment): void {
  if (attachment.resourceType === 'peering') return;
  const links = workingLinks(tx, attachment);
  const prefixes = new Map<string, Cidr>();
  for (const { id } of links) {
    for (const { destination } of tx.by('learned-route', 'link', id)) {
      prefixes.set(formatCidr(destination), destination);
    }
  }
  for (const route of tx.by('transit-gateway-route', 'attachment', attachment.id)) {
    if (isLearned(route)) prefixes.set(formatCidr(route.destination), route.destination);
  }
  if (prefixes.size > 0) putPrefixes(tx, attachment, links, [...prefixes.values()]);
}

/** Some prefixes of an attachment: whose routes on its links have changed. */
export function propagatePrefixes(
  tx: Transaction,
  attachment: LearningAttachment,
  prefixes: readonly Cidr[],
): void {
  if (attachment.resourceType === 'peering') return;
  putPrefixes(tx, attachment, workingLinks(tx, attachment), prefixes);
}

/** The tables that take an attachment's routes now. */
export function filledTables(
  reader: ModelReader,
  attachmentId: string,
): readonly TransitGatewayPropagation[] {
  return reader
    .by('transit-gateway-route-table-propagation', 'attachment', attachmentId)
    .filter(({ state }) => state === 'enabled');
}

function workingLinks(reader: ModelReader, attachment: LearningAttachment): readonly Link[] {
  if (!carriesPackets(attachment)) return [];
  return linksOfAttachment(reader, attachment).filter(isLinkOpen);
}

function putPrefixes(
  tx: Transaction,
  attachment: LearningAttachment,
  links: readonly Link[],
  prefixes: readonly Cidr[],
): void {
  const tables = new Set(filledTables(tx, attachment.id).map(({ routeTableId }) => routeTableId));
  for (const destination of prefixes) {
    const learned = learnedOf(tx, attachment, links, destination);
    if (learned !== undefined) {
      for (const routeTableId of tables) putRoute(tx, attachment, routeTableId, learned);
    }
    removeRoutes(tx, attachment, destination, learned === undefined ? NONE : tables);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** C-096, C-101, C-109: which links share the packets, where several have learned the prefix. */
function learnedOf(
  reader: ModelReader,
  { resourceType, transitGatewayId }: LearningAttachment,
  links: readonly Link[],
  destination: Cidr,
): Learned | undefined {
  const routes: LearnedRoute[] = [];
  const block = formatCidr(destination);
  for (const { id } of links) {
    routes.push(...reader.by('learned-route', 'destination', `${id}|${block}`));
  }
  if (routes.length === 0) return undefined;
  const best = sharers(bySteadiness(reader, bestPaths(routes, 'all')));
  const shares = resourceType !== 'vpn' || hasVpnEcmp(reader, transitGatewayId);
  const sharing = shares ? best : [best[0]!];
  const linkIds = [...new Set(sharing.map(({ linkId }) => linkId))].sort();
  return { destination, path: best[0]!.path, linkIds };
}

function putRoute(
  tx: Transaction,
  { id: attachmentId, transitGatewayId, resourceType }: LearningAttachment,
  routeTableId: string,
  learned: Learned,
): void {
  if (resourceType === 'peering') return;
  const id = propagatedRouteId(routeTableId, learned.destination, attachmentId);
  const before = tx.get('transit-gateway-route', id);
  if (before !== undefined && isLearned(before) && isSame(before, learned)) return;
  const place = { transitGatewayId, routeTableId, attachmentId, resourceType };
  const route = { id, type: 'propagated', ...place, ...learned, suppressed: false } as const;
  tx.put('transit-gateway-route', route);
}

function isSame(a: Learned, b: Learned): boolean {
  return a.path === b.path && a.linkIds.join() === b.linkIds.join();
}

/** From every table but those that take it. */
function removeRoutes(
  tx: Transaction,
  { id, transitGatewayId }: LearningAttachment,
  destination: Cidr,
  tables: ReadonlySet<string>,
): void {
  for (const table of tx.by('transit-gateway-route-table', 'gateway', transitGatewayId)) {
    if (tables.has(table.id)) continue;
    tx.delete('transit-gateway-route', propagatedRouteId(table.id, destination, id));
  }
}
