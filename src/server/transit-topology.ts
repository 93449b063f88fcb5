/** Transit gateways in a drawing: what is attached to them, and where their tables lead. */
import type { ModelReader } from '../model/model.ts';
import {
  attachedResource,
  hasEnded,
  sidesOf,
  type TransitGatewayAttachment,
} from '../model/transit-gateway/attachment.ts';
import { isLivePeer } from '../model/transit-gateway/connect-peer.ts';
import { isEndedAssociation } from '../model/transit-gateway/multicast-domain.ts';
import { transitGatewayRouteState } from '../model/transit-gateway/route.ts';
import { formatCidr } from '../net/cidr.ts';
import { formatIp } from '../net/ip.ts';
import { drawing, type TopologyEdge } from './topology-drawing.ts';

export const TRANSIT_GATEWAY_DRAWINGS = {
  'transit-gateway': drawing('transit-gateway', {
    details: ({ state, options }) => ({ state, cidrs: options.cidrBlocks.map(formatCidr) }),
    edges: () => [],
  }),
  'transit-gateway-attachment': drawing('transit-gateway-attachment', {
    details: ({ state }) => ({ state }),
    edges: attachmentEdges,
  }),
  'transit-gateway-connect-peer': drawing('transit-gateway-connect-peer', {
    details: ({ state, transitGatewayAddress, peerAddress }) => ({
      state,
      addresses: [transitGatewayAddress, peerAddress].map(formatIp),
    }),
    edges: (peer) => {
      const { id, attachmentId, state } = peer;
      return isLivePeer(peer) ? [{ from: id, to: attachmentId, type: 'attached', state }] : [];
    },
  }),
  'transit-gateway-route-table': drawing('transit-gateway-route-table', {
    details: ({ state }) => ({ state }),
    edges: ({ id, transitGatewayId }, reader) => [
      { from: id, to: transitGatewayId, type: 'in' },
      ...reader
        .by('transit-gateway-route-table-association', 'table', id)
        .map(({ attachmentId }): TopologyEdge => ({ from: attachmentId, to: id, type: 'uses' })),
      ...routeEdges(reader, id, transitGatewayId),
    ],
  }),
  'transit-gateway-multicast-domain': drawing('transit-gateway-multicast-domain', {
    details: ({ state }) => ({ state }),
    edges: ({ id, transitGatewayId, state }, reader) => [
      ...(state === 'deleted' ? [] : [{ from: id, to: transitGatewayId, type: 'in' as const }]),
      ...reader
        .by('transit-gateway-multicast-domain-association', 'domain', id)
        .filter((one) => !isEndedAssociation(one))
        .map(({ subnetId, state }): TopologyEdge => {
          return { from: subnetId, to: id, type: 'uses', state };
        }),
    ],
  }),
};

/** To its gateway, and to what is attached; a Connect attachment's is its transport. */
function attachmentEdges(attachment: TransitGatewayAttachment): TopologyEdge[] {
  if (hasEnded(attachment)) return [];
  const { id, state } = attachment;
  if (attachment.resourceType === 'peering') {
    return sidesOf(attachment).map((side) => ({
      from: id,
      to: side.transitGatewayId,
      type: 'peers',
      state,
    }));
  }
  return [
    { from: id, to: attachment.transitGatewayId, type: 'attached', state },
    {
      from: id,
      to: attachedResource(attachment, attachment.transitGatewayId).id,
      type: 'attached',
      state,
    },
  ];
}

/** A blackhole leads nowhere: to the gateway itself. */
function routeEdges(reader: ModelReader, id: string, gateway: string): TopologyEdge[] {
  const edge = (destination: string, route: { readonly attachmentId?: string }): TopologyEdge => ({
    from: id,
    to: route.attachmentId ?? gateway,
    type: 'route',
    destination,
    state: transitGatewayRouteState(reader, route),
  });
  return [
    ...reader
      .by('transit-gateway-route', 'table', id)
      .filter((route) => route.type === 'static' || !route.suppressed)
      .map((route) => edge(formatCidr(route.destination), route)),
    ...reader
      .by('transit-gateway-prefix-list-reference', 'table', id)
      .map((reference) => edge(reference.prefixListId, reference)),
  ];
}
