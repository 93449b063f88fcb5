/** Which records of hybrid networks feed which tables. */
import {
  findLink,
  type Link,
  linksOfAttachment,
  linksOfSite,
  tunnelLinks,
  type VirtualInterfaceLink,
  virtualInterfaceLink,
} from '../../model/hybrid/link.ts';
import type { VpnConnection } from '../../model/hybrid/vpn-connection.ts';
import type { VpnGateway } from '../../model/hybrid/vpn-gateway.ts';
import type { Kind } from '../../model/schema.ts';
import type { TransitGatewayAttachment } from '../../model/transit-gateway/attachment.ts';
import { applianceId, peersOver, ridersOver, sitesWith } from './connect-peer.ts';
import { type Dirty, type Feed, feedTransit } from './dirty.ts';
import type { Network } from './state.ts';

export const HYBRID_FEEDS: { readonly [K in Kind]?: Feed<K> } = {
  'vpn-connection': (dirty, network, before, after) => {
    for (const record of [before, after]) if (record) feedConnection(dirty, network, record);
  },
  'vpn-connection-route': (dirty, { model }, before, after) => {
    const { vpnConnectionId } = (after ?? before)!;
    const { gateway } = model.get('vpn-connection', vpnConnectionId) ?? {};
    if (gateway?.kind === 'vpn-gateway') dirty.vpnGateways.add(gateway.id);
  },
  'bgp-session': (dirty, network, before, after) => {
    const { linkId } = (after ?? before)!;
    const link = findLink(network.model, linkId);
    // Whether it is up decides by which links static routes send.
    if (before?.established !== after?.established && link) feedGateways(dirty, network, link);
  },
  'learned-route': (dirty, { model }, before, after) => {
    const link = findLink(model, (after ?? before)!.linkId);
    // Which virtual interface a Connect peer's tunnel goes by, is learned (C-089).
    if (link?.kind === 'virtual-interface') feedTunnelsOver(dirty, model, link);
    // Of transit gateways the tables have routes of their own.
    if (link !== undefined) feedVpnGateways(dirty, model, link);
  },
  site: (dirty, network, before, after) => {
    dirty.sites.add((after ?? before)!.id);
    for (const record of [before, after]) {
      for (const link of record ? linksOfSite(network.model, record) : []) {
        feedEnds(dirty, network, link);
      }
      // Tunnels over Direct Connect end at a site's host.
      for (const link of record ? peersOver(network.model, record) : []) {
        feedEnds(dirty, network, link);
      }
    }
  },
  'site-route': ({ siteRoutes }, _network, before, after) => {
    const route = (after ?? before)!;
    const changed = siteRoutes.get(route.siteId) ?? new Map();
    siteRoutes.set(route.siteId, changed.set(route.id, route));
  },
  'direct-connect-virtual-interface': (dirty, network, before, after) => {
    for (const record of [before, after]) {
      if (record === undefined) continue;
      const link = virtualInterfaceLink(record);
      feedLink(dirty, network, link);
      feedTunnelsOver(dirty, network.model, link);
    }
  },
  'direct-connect-gateway-association': (dirty, _network, before, after) => {
    const { directConnectGatewayId, gateway } = (after ?? before)!;
    dirty.directConnectGateways.add(directConnectGatewayId);
    if (gateway.kind === 'vpn-gateway') dirty.vpnGateways.add(gateway.id);
  },
  'transit-gateway-learned-route': (dirty, _network, before, after) => {
    const route = (after ?? before)!;
    dirty.learnedRoutes.set(route.id, route);
  },
  'transit-gateway-route-table-propagation': (dirty, _network, before, after) => {
    const propagation = (after ?? before)!;
    dirty.learnedPropagations.set(propagation.id, propagation);
  },
  'transit-gateway-connect-peer': (dirty, network, before, after) => {
    const peer = (after ?? before)!;
    feedLink(dirty, network, { kind: 'connect-peer', id: peer.id, peer });
  },
};

function feedConnection(dirty: Dirty, network: Network, connection: VpnConnection): void {
  for (const link of tunnelLinks(connection)) feedLink(dirty, network, link);
}

/** A link, the site behind it, and the gateways that send by it. */
function feedLink(dirty: Dirty, network: Network, link: Link): void {
  feedEnds(dirty, network, link);
  const uplink = link.kind === 'vpn-tunnel' ? link.connection.customerGatewayId : link.id;
  for (const { id } of network.model.by('site', 'uplink', uplink)) dirty.sites.add(id);
  feedGateways(dirty, network, link);
}

/** The stations of a link; of a Connect peer those where its tunnel ends, too. */
function feedEnds(dirty: Dirty, { model }: Network, link: Link): void {
  dirty.customerLinks.add(link.id);
  if (link.kind !== 'connect-peer') return;
  const attachment = model.get('transit-gateway-attachment', link.peer.attachmentId);
  if (attachment?.resourceType !== 'connect') return;
  dirty.transitAttachments.add(attachment.transportAttachmentId);
  const appliance = applianceId(model, link.peer);
  if (appliance !== undefined) dirty.interfaces.add(appliance);
  for (const { id } of sitesWith(model, link.peer)) dirty.sites.add(id);
}

function feedTunnelsOver(
  dirty: Dirty,
  model: Network['model'],
  { virtualInterface: { gateway } }: VirtualInterfaceLink,
): void {
  for (const { id } of ridersOver(model, gateway?.id)) dirty.customerLinks.add(id);
}

function feedGateways(dirty: Dirty, network: Network, link: Link): void {
  feedVpnGateways(dirty, network.model, link);
  for (const attachment of attachmentsOf(network, link)) feedTransit(dirty, network, attachment);
}

function attachmentsOf({ model }: Network, link: Link): readonly TransitGatewayAttachment[] {
  switch (link.kind) {
    case 'vpn-tunnel':
      return model.by('transit-gateway-attachment', 'vpn', link.connection.id);
    case 'virtual-interface': {
      const { gateway } = link.virtualInterface;
      return model.by('transit-gateway-attachment', 'directConnectGateway', gateway?.id ?? '');
    }
    case 'connect-peer': {
      const attachment = model.get('transit-gateway-attachment', link.peer.attachmentId);
      return attachment === undefined ? [] : [attachment];
    }
  }
}

function feedVpnGateways(dirty: Dirty, model: Network['model'], link: Link): void {
  const gateway =
    link.kind === 'vpn-tunnel'
      ? link.connection.gateway
      : link.kind === 'virtual-interface'
        ? link.virtualInterface.gateway
        : undefined;
  if (gateway?.kind === 'vpn-gateway') dirty.vpnGateways.add(gateway.id);
  if (gateway?.kind !== 'direct-connect-gateway') return;
  for (const association of model.by(
    'direct-connect-gateway-association',
    'directConnectGateway',
    gateway.id,
  )) {
    if (association.gateway.kind === 'vpn-gateway') dirty.vpnGateways.add(association.gateway.id);
  }
}

/** A virtual private gateway, or the blocks of its VPC: all that leads there. */
export function feedVpnGateway(dirty: Dirty, { model }: Network, { id }: VpnGateway): void {
  dirty.vpnGateways.add(id);
  dirty.edges.add(id);
  for (const association of model.by('direct-connect-gateway-association', 'gateway', id)) {
    dirty.directConnectGateways.add(association.directConnectGatewayId);
  }
  for (const { customerGatewayId } of model.by('vpn-connection', 'gateway', id)) {
    for (const site of model.by('site', 'uplink', customerGatewayId)) dirty.sites.add(site.id);
  }
}

/** The ends of an attachment's links are where the attachment is; so are the routes by them. */
export function feedLinksOf(
  dirty: Dirty,
  { model }: Network,
  attachment: TransitGatewayAttachment,
): void {
  for (const { id } of linksOfAttachment(model, attachment)) dirty.customerLinks.add(id);
  for (const one of model.by(
    'transit-gateway-route-table-propagation',
    'attachment',
    attachment.id,
  )) {
    if (attachment.resourceType !== 'vpc') dirty.learnedPropagations.set(one.id, one);
  }
  if (attachment.resourceType === 'direct-connect-gateway') {
    dirty.directConnectGateways.add(attachment.directConnectGatewayId);
  }
}

/** C-101: whether VPNs share traffic is the gateway's option. */
export function feedVpnAttachments(dirty: Dirty, network: Network, gatewayId: string): void {
  for (const attachment of network.model.by('transit-gateway-attachment', 'gateway', gatewayId)) {
    if (attachment.resourceType === 'vpn') feedTransit(dirty, network, attachment);
  }
}

/** Which of the learned routes hold may be another question now. */
export function feedLearned(
  dirty: Dirty,
  { model }: Network,
  index: 'gateway' | 'attachment',
  id: string,
): void {
  for (const route of model.by('transit-gateway-learned-route', index, id)) {
    dirty.learnedRoutes.set(route.id, route);
  }
}
