/** Hybrid networks in a drawing: gateways of VPNs, what joins them, and sites with their links. */
import { associationsOf } from '../model/direct-connect/gateway-association.ts';
import { isDown, isLiveInterface } from '../model/direct-connect/virtual-interface.ts';
import { isLinkUp, type Link, linksOfSite } from '../model/hybrid/link.ts';
import type { Site } from '../model/hybrid/site.ts';
import { isLiveConnection } from '../model/hybrid/vpn-connection.ts';
import { vpcOfVpnGateway } from '../model/hybrid/vpn-gateway.ts';
import type { ModelReader } from '../model/model.ts';
import { formatCidr } from '../net/cidr.ts';
import { formatIp } from '../net/ip.ts';
import { attached, drawing, type TopologyEdge } from './topology-drawing.ts';

export const HYBRID_DRAWINGS = {
  'vpn-gateway': drawing('vpn-gateway', {
    details: ({ state }) => ({ state }),
    edges: (gateway) => attached(gateway.id, vpcOfVpnGateway(gateway)),
  }),
  'customer-gateway': drawing('customer-gateway', {
    details: ({ state, ipAddress }) => ({
      state,
      ...(ipAddress !== undefined && { addresses: [formatIp(ipAddress)] }),
    }),
    edges: () => [],
  }),
  'vpn-connection': drawing('vpn-connection', {
    details: ({ state }) => ({ state }),
    edges: (connection) => {
      const { id, customerGatewayId, gateway } = connection;
      if (!isLiveConnection(connection)) return [];
      return [...attached(id, customerGatewayId), ...attached(id, gateway?.id)];
    },
  }),
  'direct-connect-gateway': drawing('direct-connect-gateway', {
    details: ({ state, name }) => ({ state, name }),
    // Transit gateways have an attachment in between.
    edges: ({ id }, reader) =>
      associationsOf(reader, id).flatMap(({ gateway, state }): TopologyEdge[] =>
        gateway.kind === 'vpn-gateway'
          ? [{ from: id, to: gateway.id, type: 'attached', state }]
          : [],
      ),
  }),
  'direct-connect-virtual-interface': drawing('direct-connect-virtual-interface', {
    details: (one, reader) => ({
      state: isDown(reader, one) ? 'down' : one.state,
      name: one.name,
    }),
    edges: (one) => (isLiveInterface(one) ? attached(one.id, one.gateway?.id) : []),
  }),
  site: drawing('site', {
    id: siteId,
    details: ({ prefixes, hosts }) => ({
      cidrs: prefixes.map(formatCidr),
      addresses: hosts.map(formatIp),
    }),
    edges: (site, reader) => [
      ...(site.uplink.kind === 'customer-gateway' ? attached(siteId(site), site.uplink.id) : []),
      ...linksOfSite(reader, site).map((link) => linkEdge(site, link, reader)),
    ],
  }),
};

/** A name alone may be anything's; questions say `site:NAME/ADDRESS`. */
function siteId({ id }: Site): string {
  return `site:${id}`;
}

function linkEdge(site: Site, link: Link, reader: ModelReader): TopologyEdge {
  const state = isLinkUp(reader, link) ? 'up' : 'down';
  const edge = { from: siteId(site), type: 'link', state } as const;
  if (link.kind !== 'vpn-tunnel') return { ...edge, to: link.id };
  const { connection, tunnel } = link;
  return { ...edge, to: connection.id, address: formatIp(tunnel.outsideAddress) };
}
