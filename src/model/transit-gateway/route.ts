/** Routes of a transit gateway's table, and which of several to one destination holds (C-064). */
import { type Cidr, cidr, formatCidr } from '../../net/cidr.ts';
import { familyOf } from '../../net/ip.ts';
import { bestPaths, sharers } from '../hybrid/best-path.ts';
import type { LearnedPath } from '../hybrid/learned-route.ts';
import type { ModelReader } from '../model.ts';
import type { StateMachine } from '../state-machine.ts';
import { carriesPackets, type TransitGatewayAttachment } from './attachment.ts';
import { transitGatewayPropagationId } from './route-table.ts';
import { invalidState } from './transit-gateway.ts';

/** The kinds of resource an attachment may be of, as AWS spells them. */
export type AttachmentResourceType = TransitGatewayAttachment['resourceType'];

interface RouteBase {
  readonly id: string;
  readonly transitGatewayId: string;
  readonly routeTableId: string;
  readonly destination: Cidr;
}

/** Made by the table's owner. */
export interface StaticTransitGatewayRoute extends RouteBase {
  readonly type: 'static';
  /** Absent: a blackhole (C-069). */
  readonly attachmentId?: string;
}

/** A block of a VPC, which its attachment propagates. */
export interface VpcTransitGatewayRoute extends RouteBase {
  readonly type: 'propagated';
  readonly attachmentId: string;
  readonly resourceType: 'vpc';
  /**
   * C-044, C-137: it overlaps what another VPC propagated before, and is not installed until that
   * one is gone.
   */
  readonly suppressed: boolean;
}

/** The routes that stand in one table. */
export type TransitGatewayRoute = StaticTransitGatewayRoute | VpcTransitGatewayRoute;

/**
 * A prefix learned by BGP behind an attachment: once, whichever tables it is propagated to. Like
 * the sessions it goes with a restart.
 */
export interface LearnedTransitGatewayRoute {
  /** `ATTACHMENT|PREFIX` */
  readonly id: string;
  readonly transitGatewayId: string;
  readonly attachmentId: string;
  readonly resourceType: 'vpn' | 'connect' | 'direct-connect-gateway';
  readonly destination: Cidr;
  readonly path: LearnedPath;
  /** Those of the attachment that share the prefix's packets, at least one. */
  readonly linkIds: readonly string[];
}

export function learnedTransitRouteId(attachmentId: string, destination: Cidr): string {
  return `${attachmentId}|${formatCidr(destination)}`;
}

/** The key of the `destination` index: what a gateway's attachments have learned of one prefix. */
export function learnedDestinationKey({
  transitGatewayId,
  destination,
}: Pick<LearnedTransitGatewayRoute, 'transitGatewayId' | 'destination'>): string {
  return `${transitGatewayId}|${formatCidr(destination)}`;
}

/** Whatever may hold for a destination, prefix-list references aside. */
export type CandidateRoute = TransitGatewayRoute | LearnedTransitGatewayRoute;

export function isLearned(route: CandidateRoute): route is LearnedTransitGatewayRoute {
  return 'linkIds' in route;
}

/** As AWS's answers have it. */
export function routeType(route: CandidateRoute): 'static' | 'propagated' {
  return isLearned(route) ? 'propagated' : route.type;
}

export type TransitGatewayPrefixListReferenceState =
  | 'pending'
  | 'available'
  | 'modifying'
  | 'deleting';

/** C-075: a reference that is gone is deleted. */
export const transitGatewayPrefixListReferenceMachine: StateMachine<
  TransitGatewayPrefixListReferenceState,
  'provision' | 'modify' | 'delete'
> = {
  states: ['pending', 'available', 'modifying', 'deleting'],
  transitions: {
    pending: { provision: 'available' },
    available: { modify: 'modifying', delete: 'deleting' },
    modifying: { provision: 'available' },
    deleting: {},
  },
  illegal: invalidState,
};

/** C-074: one route per entry of a list, whatever it holds by then. */
export interface TransitGatewayPrefixListReference {
  /** `ROUTE-TABLE|PREFIX-LIST` */
  readonly id: string;
  readonly transitGatewayId: string;
  readonly routeTableId: string;
  readonly prefixListId: string;
  /** 12 digits, or `AWS`. */
  readonly prefixListOwnerId: string;
  readonly state: TransitGatewayPrefixListReferenceState;
  /** Absent: a blackhole. */
  readonly attachmentId?: string;
}

export function transitGatewayPrefixListReferenceId(
  routeTableId: string,
  prefixListId: string,
): string {
  return `${routeTableId}|${prefixListId}`;
}

/** Whether the entries of the list are routes now. */
export function isInForce({ state }: Pick<TransitGatewayPrefixListReference, 'state'>): boolean {
  return state === 'available' || state === 'modifying';
}

export function staticRouteId(routeTableId: string, destination: Cidr): string {
  return `${routeTableId}|${formatCidr(destination)}`;
}

export function propagatedRouteId(
  routeTableId: string,
  destination: Cidr,
  attachmentId: string,
): string {
  return `${staticRouteId(routeTableId, destination)}|${attachmentId}`;
}

/** The key of the `destination` index: all routes of a table to one block. */
export function destinationKey({
  routeTableId,
  destination,
}: Pick<RouteBase, 'routeTableId' | 'destination'>): string {
  return staticRouteId(routeTableId, destination);
}

/** Bits by which blocks of VPCs that overlap are alike: a VPC's are no larger. */
const VPC_BLOCK_BITS = { 4: 16, 6: 44 } as const;

/** The key of the `neighbourhood` index: where VPC blocks that overlap meet (C-137). */
export function neighbourhoodKey(routeTableId: string, { address, length }: Cidr): string {
  const bits = Math.min(length, VPC_BLOCK_BITS[familyOf(address)]);
  return `${routeTableId}|${formatCidr(cidr(address, bits))}`;
}

/** C-064, without the prefix-list references: those stand between static and propagated routes. */
const PREFERENCE: Readonly<
  Record<(VpcTransitGatewayRoute | LearnedTransitGatewayRoute)['resourceType'], number>
> = {
  vpc: 0,
  'direct-connect-gateway': 1,
  connect: 2,
  vpn: 3,
};

/**
 * Which of a table's routes to one destination hold (C-063, C-064, C-067): the static one, else the
 * best of those that are propagated, and those that share its packets (C-096, C-101, C-109). The
 * others are not shown (C-066).
 */
export function preferredRoutes(
  reader: ModelReader,
  routes: readonly CandidateRoute[],
): readonly CandidateRoute[] {
  let best: Propagated[] = [];
  for (const route of routes) {
    if (!isLearned(route)) {
      if (route.type === 'static') return [route];
      if (route.suppressed) continue;
    }
    const rank = best.length === 0 ? -1 : rankOf(route) - rankOf(best[0]!);
    if (rank < 0) best = [route];
    else if (rank === 0) best.push(route);
  }
  if (best.length < 2) return best;
  // C-065: beyond that the order is not guaranteed; here it does not depend on history.
  best.sort((a, b) => (a.attachmentId < b.attachmentId ? -1 : 1));
  return best.every(isLearned) ? preferredPaths(reader, best) : [best[0]!];
}

type Propagated = VpcTransitGatewayRoute | LearnedTransitGatewayRoute;

function rankOf({ resourceType }: Propagated): number {
  return PREFERENCE[resourceType];
}

function preferredPaths(
  reader: ModelReader,
  routes: readonly LearnedTransitGatewayRoute[],
): readonly LearnedTransitGatewayRoute[] {
  const equal = sharers(bestPaths(routes, 'all'));
  const { resourceType, transitGatewayId } = equal[0]!;
  return resourceType !== 'vpn' || hasVpnEcmp(reader, transitGatewayId) ? equal : [equal[0]!];
}

/** All that may hold for a destination of a table: its own routes, and what is propagated to it. */
export function candidateRoutes(
  reader: ModelReader,
  table: Pick<RouteBase, 'routeTableId' | 'transitGatewayId' | 'destination'>,
): readonly CandidateRoute[] {
  const own = reader.by('transit-gateway-route', 'destination', destinationKey(table));
  const key = learnedDestinationKey(table);
  const learned = reader.by('transit-gateway-learned-route', 'destination', key);
  if (learned.length === 0) return own;
  const { routeTableId } = table;
  return [...own, ...learned.filter((route) => takes(reader, routeTableId, route.attachmentId))];
}

/** Whether a table takes what an attachment has learned (C-052, C-054). */
export function takes(reader: ModelReader, routeTableId: string, attachmentId: string): boolean {
  const id = transitGatewayPropagationId(routeTableId, attachmentId);
  return reader.get('transit-gateway-route-table-propagation', id)?.state === 'enabled';
}

/** C-101 */
export function hasVpnEcmp(reader: ModelReader, transitGatewayId: string): boolean {
  return reader.get('transit-gateway', transitGatewayId)?.options.vpnEcmpSupport === true;
}

/** Whether a route leads anywhere now. Derived, never stored (C-043, C-073). */
export function transitGatewayRouteState(
  reader: ModelReader,
  { attachmentId }: { readonly attachmentId?: string },
): 'active' | 'blackhole' {
  const attachment =
    attachmentId === undefined ? undefined : reader.get('transit-gateway-attachment', attachmentId);
  return attachment !== undefined && carriesPackets(attachment) ? 'active' : 'blackhole';
}
