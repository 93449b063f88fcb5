/** What changes leave to be made again, and how they say so. */
import type { SiteRoute } from '../../model/hybrid/site-route.ts';
import type { Change, Kind, Records } from '../../model/schema.ts';
import type { TransitGatewayAttachment } from '../../model/transit-gateway/attachment.ts';
import type { MulticastGroupEntry } from '../../model/transit-gateway/multicast-group.ts';
import {
  destinationKey,
  type LearnedTransitGatewayRoute,
  type TransitGatewayRoute,
} from '../../model/transit-gateway/route.ts';
import type { TransitGatewayPropagation } from '../../model/transit-gateway/route-table.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import type { Route } from '../../model/vpc/route-table.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Network } from './state.ts';

/** What has to be made again. */
export class Dirty {
  readonly vpcs = new Set<string>();
  readonly routeTables = new Set<string>();
  readonly acls = new Set<string>();
  readonly subnets = new Set<string>();
  readonly interfaces = new Set<string>();
  readonly gateways = new Set<string>();
  readonly egressOnlyGateways = new Set<string>();
  /** Gateways whose own tables change. */
  readonly edges = new Set<string>();
  readonly peerings = new Set<string>();
  readonly transitTables = new Set<string>();
  readonly transitAttachments = new Set<string>();
  /** One of the routes to a destination of a transit gateway's table. */
  readonly transitRoutes = new Map<string, TransitGatewayRoute>();
  /** Transit gateways' tables whose references to prefix lists change. */
  readonly transitReferences = new Set<string>();
  readonly learnedPropagations = new Map<string, TransitGatewayPropagation>();
  /** By id. */
  readonly learnedRoutes = new Map<string, LearnedTransitGatewayRoute>();
  readonly customerLinks = new Set<string>();
  readonly sites = new Set<string>();
  /** Learned routes of sites: by site, then by id. */
  readonly siteRoutes = new Map<string, Map<string, SiteRoute>>();
  readonly vpnGateways = new Set<string>();
  readonly directConnectGateways = new Set<string>();
  readonly multicastDomains = new Set<string>();
  /** Subnets whose way to a multicast domain changes. */
  readonly multicastPorts = new Set<string>();
  readonly multicastEntries = new Map<string, MulticastGroupEntry>();
  readonly groups = new Set<string>();
  /** One of the routes to a destination of a table. */
  readonly routes = new Map<string, Route>();
  readonly prefixLists = new Set<string>();
  /** Tables whose routes to prefix lists change. */
  readonly listRoutes = new Set<string>();
  /** Public addresses before and after, by interface. */
  readonly publicAddresses = new Map<
    string,
    { before: NetworkInterface | undefined; after: NetworkInterface | undefined }
  >();
  readonly elasticAddresses = new Set<Ipv4>();
  readonly blocks: Extract<Change, { kind: 'vpc' }>[] = [];
}

export type Feed<K extends Kind> = (
  dirty: Dirty,
  network: Network,
  before: Records[K] | undefined,
  after: Records[K] | undefined,
) => void;

/** A transit gateway's tables follow the state of what they lead to, as do the VPC's (C-043). */
export function feedTransit(
  dirty: Dirty,
  { model }: Network,
  attachment: TransitGatewayAttachment,
): void {
  const { id } = attachment;
  dirty.transitAttachments.add(id);
  for (const route of model.by('transit-gateway-route', 'attachment', id)) {
    dirty.transitRoutes.set(destinationKey(route), route);
  }
  const references = model.by('transit-gateway-prefix-list-reference', 'attachment', id);
  for (const { routeTableId } of references) dirty.transitReferences.add(routeTableId);
  if (attachment.resourceType !== 'vpc') return;
  for (const { networkInterfaceId } of attachment.subnets) {
    if (networkInterfaceId !== undefined) dirty.interfaces.add(networkInterfaceId);
  }
}
