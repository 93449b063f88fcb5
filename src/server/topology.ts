/** Resources and edges, for drawing. */
import type { Cloud } from '../control/cloud.ts';
import type { ModelReader } from '../model/model.ts';
import { tagSetId } from '../model/resource.ts';
import type { Records } from '../model/schema.ts';
import { isLive } from '../model/vpc/nat-gateway.ts';
import { routeState } from '../model/vpc/route-state.ts';
import { routeTargetId } from '../model/vpc/route-table.ts';
import { formatCidr } from '../net/cidr.ts';
import { formatIp } from '../net/ip.ts';
import { HYBRID_DRAWINGS } from './hybrid-topology.ts';
import {
  attached,
  type Drawing,
  drawing,
  type TopologyEdge,
  type TopologyResource,
} from './topology-drawing.ts';
import { TRANSIT_GATEWAY_DRAWINGS } from './transit-topology.ts';

export type { TopologyEdge, TopologyResource };

export interface Topology {
  readonly resources: readonly TopologyResource[];
  readonly edges: readonly TopologyEdge[];
}

export interface TopologyFilter {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** `account` and `region` leave out what others own; edges to it stay. */
export function topologyOf({ model }: Cloud, filter: TopologyFilter): Topology {
  const resources: TopologyResource[] = [];
  const edges: TopologyEdge[] = [];
  for (const kind of DRAWN) drawKind(model, kind, filter, resources, edges);
  return { resources, edges };
}

type Drawn = keyof typeof DRAWINGS;

const DRAWINGS = {
  vpc: drawing('vpc', {
    details: ({ cidrs, ipv6Cidrs, state }) => ({
      cidrs: [...cidrs, ...ipv6Cidrs].map(({ cidr }) => formatCidr(cidr)),
      state,
    }),
    edges: () => [],
  }),
  subnet: drawing('subnet', {
    details: ({ cidr, ipv6Cidrs, state, zoneId }) => ({
      cidrs: [...(cidr ? [cidr] : []), ...ipv6Cidrs.map((one) => one.cidr)].map(formatCidr),
      state,
      zone: zoneId,
    }),
    edges: ({ id, vpcId }) => [{ from: id, to: vpcId, type: 'in' }],
  }),
  'network-interface': drawing('network-interface', {
    details: ({ addresses, ipv6Addresses, status }) => ({
      addresses: [...addresses.map(({ address }) => address), ...ipv6Addresses].map(formatIp),
      publicAddresses: addresses.flatMap(({ publicAddress }) =>
        publicAddress === undefined ? [] : [formatIp(publicAddress)],
      ),
      state: status,
    }),
    edges: ({ id, subnetId, attachment }, reader) => [
      { from: id, to: subnetId, type: 'in' },
      ...attached(id, holderOf(reader, id, attachment?.instanceId)),
    ],
  }),
  instance: drawing('instance', {
    details: ({ state }) => ({ state }),
    edges: ({ id, subnetId, state }) =>
      state === 'terminated' ? [] : [{ from: id, to: subnetId, type: 'in' }],
  }),
  natgateway: drawing('natgateway', {
    details: ({ state }) => ({ state }),
    edges: (gateway) =>
      isLive(gateway) ? [{ from: gateway.id, to: gateway.subnetId, type: 'in' }] : [],
  }),
  'egress-only-internet-gateway': drawing('egress-only-internet-gateway', {
    details: () => ({}),
    edges: ({ id, vpcId }) => attached(id, vpcId),
  }),
  'internet-gateway': drawing('internet-gateway', {
    details: () => ({}),
    edges: ({ id, attachment }) => attached(id, attachment?.vpcId),
  }),
  ...HYBRID_DRAWINGS,
  'vpc-peering-connection': drawing('vpc-peering-connection', {
    details: ({ status }) => ({ state: status }),
    edges: ({ id, requester, accepter, status }) => [
      { from: id, to: requester.vpcId, type: 'peers', state: status },
      { from: id, to: accepter.vpcId, type: 'peers', state: status },
    ],
  }),
  ...TRANSIT_GATEWAY_DRAWINGS,
  'route-table': drawing('route-table', {
    details: () => ({}),
    edges: ({ id, vpcId }, reader) => [
      { from: id, to: vpcId, type: 'in' },
      ...reader
        .by('route-table-association', 'table', id)
        .map((one): TopologyEdge => usedBy(one.subnetId ?? one.gatewayId ?? one.vpcId, id)),
      ...reader.by('route', 'table', id).map((route): TopologyEdge => {
        const to = routeTargetId(route.target) ?? vpcId;
        const destination = formatCidr(route.destination);
        return { from: id, to, type: 'route', destination, state: routeState(reader, route) };
      }),
      ...reader.by('prefix-list-route', 'table', id).map((route): TopologyEdge => {
        const { prefixListId: destination, target } = route;
        const state = routeState(reader, route);
        return { from: id, to: target.id, type: 'route', destination, state };
      }),
    ],
  }),
};
const DRAWN = Object.keys(DRAWINGS) as Drawn[];

/** What has an interface: an instance, or a service that made it. */
function holderOf(reader: ModelReader, id: string, instanceId?: string): string | undefined {
  return (
    instanceId ??
    reader.first('natgateway', 'interface', id)?.id ??
    reader.first('transit-gateway-attachment', 'interface', id)?.id
  );
}

function usedBy(from: string, to: string): TopologyEdge {
  return { from, to, type: 'uses' };
}

function drawKind<K extends Drawn>(
  reader: ModelReader,
  kind: K,
  { account, region }: TopologyFilter,
  resources: TopologyResource[],
  edges: TopologyEdge[],
): void {
  const { id, details, edges: edgesOf } = DRAWINGS[kind] as Drawing<Records[K]>;
  for (const record of reader.all(kind)) {
    if (account !== undefined && record.account !== account) continue;
    if (region !== undefined && record.region !== region) continue;
    const name = reader.get('tag-set', tagSetId(record.account, record.region, record.id))?.tags
      .Name;
    resources.push({
      id: id?.(record) ?? record.id,
      type: kind,
      account: record.account,
      region: record.region,
      ...(name !== undefined && { name }),
      ...details(record, reader),
    });
    for (const edge of edgesOf(record, reader)) edges.push(edge);
  }
}
