/** The prefixes that attachments have learned by BGP, for the tables that take them (C-061). */
import { bestPaths, bySteadiness, sharers } from '../../model/hybrid/best-path.ts';
import { seenFrom } from '../../model/hybrid/community-preference.ts';
import type { LearnedRoute } from '../../model/hybrid/learned-route.ts';
import { isLinkOpen, type Link, linksOfAttachment } from '../../model/hybrid/link.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  carriesPackets,
  type PeeringAttachment,
  type TransitGatewayAttachment,
  type VpcAttachment,
} from '../../model/transit-gateway/attachment.ts';
import {
  hasVpnEcmp,
  type LearnedTransitGatewayRoute,
  learnedTransitRouteId,
} from '../../model/transit-gateway/route.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';

const KIND = 'transit-gateway-learned-route';

type LearningAttachment = Exclude<TransitGatewayAttachment, VpcAttachment | PeeringAttachment>;

export function isLearning(attachment: TransitGatewayAttachment): attachment is LearningAttachment {
  return attachment.resourceType !== 'vpc' && attachment.resourceType !== 'peering';
}

/** All of an attachment's prefixes: for whenever it or its links are others. */
export function propagateLearned(tx: Transaction, attachment: LearningAttachment): void {
  const prefixes = new Map<string, Cidr>();
  for (const { id } of workingLinks(tx, attachment)) {
    for (const { destination } of tx.by('learned-route', 'link', id)) {
      prefixes.set(formatCidr(destination), destination);
    }
  }
  for (const { destination } of tx.by(KIND, 'attachment', attachment.id)) {
    prefixes.set(formatCidr(destination), destination);
  }
  if (prefixes.size > 0) propagatePrefixes(tx, attachment, prefixes.values());
}

/** Some prefixes of an attachment: whose routes on its links have changed. */
export function propagatePrefixes(
  tx: Transaction,
  attachment: LearningAttachment,
  prefixes: Iterable<Cidr>,
): void {
  const links = workingLinks(tx, attachment);
  for (const destination of prefixes) {
    const id = learnedTransitRouteId(attachment.id, destination);
    const before = tx.get(KIND, id);
    const learned = learnedOf(tx, attachment, links, destination);
    if (learned === undefined) tx.delete(KIND, id);
    else if (before === undefined || !isSame(before, learned)) {
      const { id: attachmentId, transitGatewayId, resourceType } = attachment;
      const place = { transitGatewayId, attachmentId, resourceType };
      tx.put(KIND, { id, ...place, destination, ...learned });
    }
  }
}

function workingLinks(reader: ModelReader, attachment: LearningAttachment): readonly Link[] {
  if (!carriesPackets(attachment)) return [];
  return linksOfAttachment(reader, attachment).filter(isLinkOpen);
}

type Learned = Pick<LearnedTransitGatewayRoute, 'path' | 'linkIds'>;

/** C-096, C-101, C-109: which links share the packets, where several have learned the prefix. */
function learnedOf(
  reader: ModelReader,
  { resourceType, transitGatewayId }: LearningAttachment,
  links: readonly Link[],
  destination: Cidr,
): Learned | undefined {
  const region = reader.get('transit-gateway', transitGatewayId)?.region;
  const routes: LearnedRoute[] = [];
  const block = formatCidr(destination);
  for (const { id } of links) {
    const learned = reader.by('learned-route', 'destination', `${id}|${block}`);
    routes.push(...learned.map((route) => seenFrom(reader, region, route)));
  }
  if (routes.length === 0) return undefined;
  const best = sharers(bySteadiness(reader, bestPaths(routes, 'all')));
  const shares = resourceType !== 'vpn' || hasVpnEcmp(reader, transitGatewayId);
  const sharing = shares ? best : [best[0]!];
  const linkIds = [...new Set(sharing.map(({ linkId }) => linkId))].sort();
  return { path: best[0]!.path, linkIds };
}

/** What a session tells anew has attributes of its own; how it is seen is made anew each time. */
function isSame(a: Learned, b: Learned): boolean {
  return (
    a.path.attributes === b.path.attributes &&
    a.path.localPreference === b.path.localPreference &&
    a.linkIds.join() === b.linkIds.join()
  );
}
