/** The routes that attachments propagate: kept in step with what they have to offer (C-061). */
import type { ModelReader } from '../../model/model.ts';
import {
  carriesPackets,
  type TransitGatewayAttachment,
  type VpcAttachment,
} from '../../model/transit-gateway/attachment.ts';
import {
  neighbourhoodKey,
  propagatedRouteId,
  type VpcTransitGatewayRoute,
} from '../../model/transit-gateway/route.ts';
import { activeCidrs } from '../../model/vpc/vpc.ts';
import { type Cidr, isCidr4, overlaps } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';
import { isLearning, propagateLearned } from './propagate-learned.ts';

/**
 * To be called whenever what an attachment propagates, or where, may be another: its state, its
 * propagations, its options, its VPC's blocks. Compares what should be there with what is there.
 */
export function propagate(tx: Transaction, attachment: TransitGatewayAttachment): void {
  if (attachment.resourceType === 'vpc') propagateVpc(tx, attachment);
  else if (isLearning(attachment)) propagateLearned(tx, attachment);
}

function propagateVpc(tx: Transaction, attachment: VpcAttachment): void {
  const wanted = wantedRoutes(tx, attachment);
  const gone = propagatedBy(tx, attachment.id).filter(({ id }) => !wanted.has(id));
  for (const { id } of gone) tx.delete('transit-gateway-route', id);
  for (const route of wanted.values()) {
    if (tx.get('transit-gateway-route', route.id) !== undefined) continue;
    tx.put('transit-gateway-route', { ...route, suppressed: isInTheWay(tx, route) });
  }
  for (const route of gone) if (!route.suppressed) release(tx, route);
}

function propagatedBy(reader: ModelReader, attachmentId: string): VpcTransitGatewayRoute[] {
  return reader
    .by('transit-gateway-route', 'attachment', attachmentId)
    .filter((route) => route.type === 'propagated');
}

/** By id: what an attachment should have in the tables it fills. */
function wantedRoutes(
  reader: ModelReader,
  attachment: VpcAttachment,
): ReadonlyMap<string, VpcTransitGatewayRoute> {
  const wanted = new Map<string, VpcTransitGatewayRoute>();
  const { id: attachmentId, resourceType } = attachment;
  const blocks = offeredBlocks(reader, attachment);
  if (blocks.length === 0) return wanted;
  for (const { transitGatewayId, routeTableId, state } of reader.by(
    'transit-gateway-route-table-propagation',
    'attachment',
    attachmentId,
  )) {
    if (state !== 'enabled') continue;
    for (const destination of blocks) {
      const id = propagatedRouteId(routeTableId, destination, attachmentId);
      const place = { transitGatewayId, routeTableId, destination, attachmentId };
      wanted.set(id, { id, type: 'propagated', ...place, resourceType, suppressed: false });
    }
  }
  return wanted;
}

/** C-061: a VPC's blocks as they are; C-135: IPv6 only where the attachment carries it. */
function offeredBlocks(reader: ModelReader, attachment: VpcAttachment): readonly Cidr[] {
  if (!carriesPackets(attachment)) return [];
  const vpc = reader.get('vpc', attachment.vpcId);
  if (vpc === undefined) return [];
  const { ipv6Support } = attachment.options;
  return activeCidrs(vpc).filter((block) => ipv6Support || isCidr4(block));
}

/** C-044, C-137: whether another VPC's block that is installed overlaps. */
function isInTheWay(reader: ModelReader, route: VpcTransitGatewayRoute): boolean {
  return neighboursOf(reader, route).some(
    (other) =>
      !other.suppressed &&
      other.attachmentId !== route.attachmentId &&
      overlaps(other.destination, route.destination),
  );
}

/** What a route kept out until now is judged again, the oldest first. */
function release(tx: Transaction, gone: VpcTransitGatewayRoute): void {
  for (const route of neighboursOf(tx, gone)) {
    if (overlaps(route.destination, gone.destination)) judgeAgain(tx, route);
  }
}

/** Installs a route unless another is still in its way. */
export function judgeAgain(tx: Transaction, route: VpcTransitGatewayRoute): void {
  if (!route.suppressed || isInTheWay(tx, route)) return;
  tx.put('transit-gateway-route', { ...route, suppressed: false });
}

/** The propagated VPC blocks among which everything is that overlaps a route. */
function neighboursOf(
  reader: ModelReader,
  { routeTableId, destination }: VpcTransitGatewayRoute,
): readonly VpcTransitGatewayRoute[] {
  const key = neighbourhoodKey(routeTableId, destination);
  // The index files nothing else.
  const routes = reader.by('transit-gateway-route', 'neighbourhood', key);
  return routes as readonly VpcTransitGatewayRoute[];
}
