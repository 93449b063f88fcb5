/**
 * From the model's changes to the compiled network, touching only what they feed. `FEEDS` is the
 * index "which record feeds which table"; `STEPS` the order in which tables are made again.
 */
import type { Change, Kind } from '../../model/schema.ts';
import type { VpcAttachment } from '../../model/transit-gateway/attachment.ts';
import { destinationKey } from '../../model/transit-gateway/route.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import { type Route, routeDestinationKey, routeTargetId } from '../../model/vpc/route-table.ts';
import { containsCidr } from '../../net/cidr.ts';
import { peersAt, terminationRules } from './connect-peer.ts';
import { compileCustomerLink } from './customer-link.ts';
import { compileDirectConnectGateway } from './direct-connect-gateway.ts';
import { Dirty, type Feed, feedTransit } from './dirty.ts';
import { compileEdgeTable } from './edge-table.ts';
import { compileEgressOnlyInternetGateway } from './egress-only-internet-gateway.ts';
import {
  feedLearned,
  feedLinksOf,
  feedVpnAttachments,
  feedVpnGateway,
  HYBRID_FEEDS,
} from './hybrid-feeds.ts';
import { compileInterfaces } from './interface.ts';
import {
  announceBlocks,
  announceUnmapped,
  compileInternetGateways,
  compilePublicAddresses,
} from './internet-gateway.ts';
import { compileLearnedPropagation, compileLearnedRoute, releaseLearned } from './learned-route.ts';
import {
  compileMulticastDomain,
  compileMulticastEntry,
  compileMulticastPort,
} from './multicast-domain.ts';
import { compileNetworkAcl } from './network-acl.ts';
import { compilePeering } from './peering.ts';
import { compilePrefixList } from './prefix-list.ts';
import { compilePrefixListRoutes, compileRoute, compileRouteTable } from './route-table.ts';
import { compileSecurityGroup } from './security-group.ts';
import { compileSite, compileSiteRoutes } from './site.ts';
import type { Network } from './state.ts';
import { compileSubnet } from './subnet.ts';
import { compileTransitLinks } from './transit-gateway-links.ts';
import { compileTransitPeering } from './transit-gateway-peering.ts';
import {
  compileTransitReferences,
  compileTransitRoute,
  compileTransitTable,
} from './transit-gateway-route-table.ts';
import { compileTransitVpc } from './transit-gateway-vpc.ts';
import { compileVpc } from './vpc.ts';
import { compileVpnGateway } from './vpn-gateway.ts';

/** Applies changes to the fabric's model and makes the tables they feed again. */
export function compile(network: Network, changes: readonly Change[]): void {
  const dirty = new Dirty();
  for (const change of changes) {
    network.model.apply(change);
    (ALL_FEEDS[change.kind] as Feed<Kind> | undefined)?.(
      dirty,
      network,
      change.before,
      change.after,
    );
    if (change.kind === 'vpc') dirty.blocks.push(change);
  }
  for (const step of STEPS) step(network, dirty);
}

const FEEDS: { readonly [K in Kind]?: Feed<K> } = {
  vpc: (dirty, network, before, after) => {
    const id = (after ?? before)!.id;
    dirty.vpcs.add(id);
    for (const { id: peering } of network.model.by('vpc-peering-connection', 'vpc', id)) {
      dirty.peerings.add(peering);
    }
    for (const gateway of network.model.by('vpn-gateway', 'vpc', id)) {
      feedVpnGateway(dirty, network, gateway);
    }
  },
  subnet: (dirty, _network, before, after) => dirty.subnets.add((after ?? before)!.id),
  'route-table': (dirty, _network, before, after) => dirty.routeTables.add((after ?? before)!.id),
  'route-table-association': (dirty, network, before, after) => {
    for (const association of [before, after]) {
      if (association?.subnetId !== undefined) dirty.subnets.add(association.subnetId);
      if (association?.gatewayId !== undefined) dirty.edges.add(association.gatewayId);
      if (!association?.main) continue;
      for (const { id } of network.model.by('subnet', 'vpc', association.vpcId)) {
        dirty.subnets.add(id);
      }
    }
  },
  route: (dirty, network, before, after) => {
    const route = (after ?? before)!;
    feedRoute(dirty, route);
    feedEdges(dirty, network, route.routeTableId);
    if (route.origin === 'CreateRouteTable') feedCovered(dirty, network, route);
  },
  // Versions are never changed: another number is what makes the list another one.
  'prefix-list': (dirty, _network, before, after) => {
    if (before?.version !== after?.version) dirty.prefixLists.add((after ?? before)!.id);
  },
  'prefix-list-route': (dirty, _network, before, after) => {
    const { routeTableId } = (after ?? before)!;
    dirty.listRoutes.add(routeTableId);
  },
  'network-acl': (dirty, network, before, after) => {
    const id = (after ?? before)!.id;
    dirty.acls.add(id);
    for (const { subnetId } of network.model.by('network-acl-association', 'acl', id)) {
      dirty.subnets.add(subnetId);
    }
  },
  'network-acl-association': (dirty, _network, before, after) =>
    dirty.subnets.add((after ?? before)!.subnetId),
  'security-group': (dirty, network, before, after) => {
    const { id } = (after ?? before)!;
    dirty.groups.add(id);
    for (const { groupId } of network.model.by('security-group-rule', 'references', id)) {
      dirty.groups.add(groupId);
    }
  },
  'security-group-rule': (dirty, _network, before, after) =>
    dirty.groups.add((after ?? before)!.groupId),
  'network-interface': (dirty, network, before, after) => {
    const { id } = (after ?? before)!;
    dirty.interfaces.add(id);
    for (const record of [before, after]) {
      // An appliance's address is where its Connect peers' tunnels end.
      for (const link of record ? peersAt(network.model, record) : []) {
        dirty.customerLinks.add(link.id);
      }
    }
    if (before === undefined || after === undefined) feedMulticastInterface(dirty, network, id);
    if (before?.attachment !== after?.attachment) {
      feedSiblings(dirty, network, before);
      feedSiblings(dirty, network, after);
    }
    const first = dirty.publicAddresses.get(id)?.before ?? before;
    dirty.publicAddresses.set(id, { before: first, after });
    feedRoutes(dirty, network, id);
    // Routes to a NAT gateway lead to its interface.
    for (const gateway of network.model.by('natgateway', 'interface', id)) {
      feedRoutes(dirty, network, gateway.id);
    }
  },
  instance: (dirty, network, before, after) => {
    for (const { id } of network.model.by('network-interface', 'instance', (after ?? before)!.id)) {
      dirty.interfaces.add(id);
      feedRoutes(dirty, network, id);
    }
  },
  'tag-set': (dirty, network, before, after) => {
    const { resourceType, resourceId } = (after ?? before)!;
    if (resourceType !== 'instance') return;
    for (const { id } of network.model.by('network-interface', 'instance', resourceId)) {
      dirty.interfaces.add(id);
    }
  },
  'elastic-ip': (dirty, _network, before, after) =>
    dirty.elasticAddresses.add((after ?? before)!.publicIp),
  natgateway: (dirty, network, before, after) => {
    const { id } = (after ?? before)!;
    for (const record of [before, after]) {
      if (record?.networkInterfaceId) dirty.interfaces.add(record.networkInterfaceId);
    }
    feedRoutes(dirty, network, id);
  },
  'egress-only-internet-gateway': (dirty, network, before, after) => {
    const { id } = (after ?? before)!;
    dirty.egressOnlyGateways.add(id);
    feedRoutes(dirty, network, id);
  },
  'internet-gateway': (dirty, network, before, after) => {
    for (const vpcId of [before, after].map((record) => record?.attachment?.vpcId)) {
      const beside = network.model.first('egress-only-internet-gateway', 'vpc', vpcId ?? '');
      if (beside) dirty.egressOnlyGateways.add(beside.id);
    }
    const { id } = (after ?? before)!;
    dirty.gateways.add(id);
    dirty.edges.add(id);
    feedRoutes(dirty, network, id);
  },
  'vpn-gateway': (dirty, network, before, after) => {
    feedRoutes(dirty, network, (after ?? before)!.id);
    feedVpnGateway(dirty, network, (after ?? before)!);
  },
  'vpc-peering-connection': (dirty, network, before, after) => {
    const { id, requester, accepter } = (after ?? before)!;
    dirty.peerings.add(id);
    feedRoutes(dirty, network, id);
    feedReferences(dirty, network, requester.vpcId, accepter.vpcId);
    feedReferences(dirty, network, accepter.vpcId, requester.vpcId);
  },
  'transit-gateway': (dirty, network, before, after) => {
    const { id } = (after ?? before)!;
    if (before?.options.vpnEcmpSupport !== after?.options.vpnEcmpSupport) {
      feedVpnAttachments(dirty, network, id);
      feedLearned(dirty, network, 'gateway', id);
    }
    const refers = (record: typeof before) => record?.options.securityGroupReferencingSupport;
    if (refers(before) === refers(after)) return;
    for (const attachment of network.model.by('transit-gateway-attachment', 'gateway', id)) {
      dirty.transitAttachments.add(attachment.id);
      if (attachment.resourceType === 'vpc') feedForeignGroups(dirty, network, attachment.vpcId);
    }
  },
  'transit-gateway-attachment': (dirty, network, before, after) => {
    for (const record of [before, after]) {
      if (record === undefined) continue;
      feedTransit(dirty, network, record);
      feedMulticast(dirty, network, 'attachment', record.id);
      feedLinksOf(dirty, network, record);
      if (record.resourceType !== 'vpc') continue;
      feedTransitRoutes(dirty, network, record);
      feedForeignGroups(dirty, network, record.vpcId);
    }
  },
  'transit-gateway-route-table': (dirty, _network, before, after) =>
    dirty.transitTables.add((after ?? before)!.id),
  'transit-gateway-route-table-association': (dirty, _network, before, after) =>
    dirty.transitAttachments.add((after ?? before)!.attachmentId),
  'transit-gateway-route': (dirty, _network, before, after) => {
    const route = (after ?? before)!;
    dirty.transitRoutes.set(destinationKey(route), route);
  },
  'transit-gateway-prefix-list-reference': (dirty, _network, before, after) =>
    dirty.transitReferences.add((after ?? before)!.routeTableId),
  'transit-gateway-multicast-domain': (dirty, network, before, after) => {
    if (before?.state === after?.state) return;
    const { id } = (after ?? before)!;
    dirty.multicastDomains.add(id);
    feedMulticast(dirty, network, 'domain', id);
    for (const entry of network.model.by('transit-gateway-multicast-group-entry', 'domain', id)) {
      dirty.multicastEntries.set(entry.id, entry);
    }
  },
  'transit-gateway-multicast-domain-association': (dirty, network, before, after) =>
    feedMulticastSubnet(dirty, network, (after ?? before)!.subnetId),
  'transit-gateway-multicast-group-entry': (dirty, _network, before, after) => {
    const entry = (after ?? before)!;
    dirty.multicastEntries.set(entry.id, entry);
  },
};

const ALL_FEEDS: { readonly [K in Kind]?: Feed<K> } = { ...FEEDS, ...HYBRID_FEEDS };

/** Subnets in multicast domains, and who of them is in a group, follow what joins them. */
function feedMulticast(
  dirty: Dirty,
  network: Network,
  index: 'attachment' | 'domain',
  id: string,
): void {
  const kind = 'transit-gateway-multicast-domain-association';
  for (const { subnetId } of network.model.by(kind, index, id)) {
    feedMulticastSubnet(dirty, network, subnetId);
  }
}

function feedMulticastSubnet(dirty: Dirty, network: Network, subnetId: string): void {
  dirty.multicastPorts.add(subnetId);
  for (const { id } of network.model.by('network-interface', 'subnet', subnetId)) {
    feedMulticastInterface(dirty, network, id);
  }
}

function feedMulticastInterface(dirty: Dirty, { model }: Network, id: string): void {
  for (const entry of model.by('transit-gateway-multicast-group-entry', 'interface', id)) {
    dirty.multicastEntries.set(entry.id, entry);
  }
}

/** Of one VPC's tables, the routes to a transit gateway. */
function feedTransitRoutes(
  dirty: Dirty,
  { model }: Network,
  { vpcId, transitGatewayId }: VpcAttachment,
): void {
  for (const { id: tableId } of model.by('route-table', 'vpc', vpcId)) {
    for (const route of model.by('route', 'table', tableId)) {
      if (routeTargetId(route.target) === transitGatewayId) feedRoute(dirty, route);
    }
    for (const { target } of model.by('prefix-list-route', 'table', tableId)) {
      if (target.id === transitGatewayId) dirty.listRoutes.add(tableId);
    }
  }
}

/** Rules of and about a VPC's groups that name groups of other VPCs (C-048). */
function feedForeignGroups(dirty: Dirty, { model }: Network, vpcId: string): void {
  for (const { id } of model.by('security-group', 'vpc', vpcId)) {
    const isNaming = model
      .by('security-group-rule', 'group', id)
      .some(({ peer }) => peer.kind === 'group' && peer.vpcId !== vpcId);
    if (isNaming) dirty.groups.add(id);
    for (const { groupId } of model.by('security-group-rule', 'references', id)) {
      if (model.get('security-group', groupId)?.vpcId !== vpcId) dirty.groups.add(groupId);
    }
  }
}

/** An instance may forward from one of its interfaces to another. */
function feedSiblings(
  dirty: Dirty,
  { model }: Network,
  record: NetworkInterface | undefined,
): void {
  if (record?.attachment === undefined) return;
  const { instanceId } = record.attachment;
  for (const { id } of model.by('network-interface', 'instance', instanceId)) {
    dirty.interfaces.add(id);
  }
}

/** The gateways that have a table as their own. */
function feedEdges(dirty: Dirty, { model }: Network, tableId: string): void {
  for (const { gatewayId } of model.by('route-table-association', 'table', tableId)) {
    if (gatewayId !== undefined) dirty.edges.add(gatewayId);
  }
}

function feedRoute(dirty: Dirty, route: Route): void {
  dirty.routes.set(routeDestinationKey(route), route);
}

/** what is propagated into a block of the VPC holds while that has no local route. */
function feedCovered(dirty: Dirty, { model }: Network, { routeTableId, destination }: Route): void {
  for (const route of model.by('route', 'propagated', routeTableId)) {
    if (containsCidr(destination, route.destination)) feedRoute(dirty, route);
  }
}

/** Routes follow the state of what they lead to. */
function feedRoutes(dirty: Dirty, network: Network, target: string): void {
  for (const route of network.model.by('route', 'target', target)) {
    feedRoute(dirty, route);
    feedEdges(dirty, network, route.routeTableId);
  }
  for (const { routeTableId } of network.model.by('prefix-list-route', 'target', target)) {
    dirty.listRoutes.add(routeTableId);
  }
}

/** Rules of one VPC that name groups of the other live and die with the peering. */
function feedReferences(dirty: Dirty, { model }: Network, vpcId: string, peerId: string): void {
  for (const { id } of model.by('security-group', 'vpc', peerId)) {
    for (const { groupId } of model.by('security-group-rule', 'references', id)) {
      if (model.get('security-group', groupId)?.vpcId === vpcId) dirty.groups.add(groupId);
    }
  }
}

const STEPS: readonly ((network: Network, dirty: Dirty) => void)[] = [
  (network, { vpcs }) => each(vpcs, network, compileVpc),
  (network, { prefixLists }) => each(prefixLists, network, compilePrefixList),
  (network, { routeTables }) => each(routeTables, network, compileRouteTable),
  (network, { acls }) => each(acls, network, compileNetworkAcl),
  (network, { subnets }) => each(subnets, network, compileSubnet),
  (network, { interfaces }) => compileInterfaces(network, interfaces),
  (network, { transitTables }) => each(transitTables, network, compileTransitTable),
  (network, { transitAttachments }) => each(transitAttachments, network, compileTransitAttachment),
  (network, { transitRoutes }) => {
    for (const route of transitRoutes.values()) compileTransitRoute(network, route);
  },
  (network, { transitTables, learnedPropagations, learnedRoutes }) => {
    each(transitTables, network, releaseLearned);
    for (const one of learnedPropagations.values()) compileLearnedPropagation(network, one);
    for (const route of learnedRoutes.values()) compileLearnedRoute(network, route);
  },
  (network, { transitReferences }) => each(transitReferences, network, compileTransitReferences),
  (network, { customerLinks }) => each(customerLinks, network, compileCustomerLink),
  (network, { sites, siteRoutes }) => {
    each(sites, network, compileSite);
    for (const [id, changed] of siteRoutes) {
      if (!sites.has(id)) compileSiteRoutes(network, id, changed.values());
    }
  },
  (network, { vpnGateways }) => each(vpnGateways, network, compileVpnGateway),
  (network, { directConnectGateways }) =>
    each(directConnectGateways, network, compileDirectConnectGateway),
  (network, { multicastDomains }) => each(multicastDomains, network, compileMulticastDomain),
  (network, { subnets, multicastPorts }) => {
    each(subnets.union(multicastPorts), network, compileMulticastPort);
  },
  (network, { multicastEntries }) => {
    for (const entry of multicastEntries.values()) compileMulticastEntry(network, entry);
  },
  (network, { gateways }) => compileInternetGateways(network, gateways),
  (network, { publicAddresses }) => {
    const records = [...publicAddresses.values()];
    const side = (name: 'before' | 'after') =>
      records.map((pair) => pair[name]).filter((record) => record !== undefined);
    compilePublicAddresses(network, side('before'), side('after'));
  },
  (network, { elasticAddresses }) => {
    for (const address of elasticAddresses) announceUnmapped(network, address);
  },
  (network, { blocks }) => {
    for (const { id, before } of blocks) {
      announceBlocks(
        network,
        id,
        before?.ipv6Cidrs.map(({ cidr }) => cidr),
      );
    }
  },
  (network, { egressOnlyGateways }) =>
    each(egressOnlyGateways, network, compileEgressOnlyInternetGateway),
  (network, { peerings }) => each(peerings, network, compilePeering),
  (network, { groups }) => each(groups, network, compileSecurityGroup),
  (network, { routes }) => {
    for (const route of routes.values()) compileRoute(network, route);
  },
  (network, { edges }) => each(edges, network, compileEdgeTable),
  (network, { listRoutes }) => each(listRoutes, network, compilePrefixListRoutes),
];

function compileTransitAttachment(network: Network, id: string): void {
  const record = network.model.get('transit-gateway-attachment', id);
  switch (record?.resourceType) {
    case undefined:
      network.transitVpcs.delete(id);
      network.transitPeerings.delete(id);
      network.transitLinks.delete(id);
      return;
    case 'vpc':
      compileTransitVpc(network, record!, terminationRules(network, record!));
      return;
    case 'peering':
      compileTransitPeering(network, record!);
      return;
    case 'vpn':
    case 'connect':
    case 'direct-connect-gateway':
      compileTransitLinks(network, record!, terminationRules(network, record!));
  }
}

function each(
  ids: Iterable<string>,
  network: Network,
  step: (network: Network, id: string) => void,
): void {
  for (const id of ids) step(network, id);
}
