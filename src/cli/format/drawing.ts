/** What a drawing shows of a topology: VPCs with their subnets and hosts, and what joins them. */
import type { Topology, TopologyEdge, TopologyResource } from '../../server/topology.ts';

export interface Box {
  readonly id: string;
  readonly label: readonly string[];
  readonly boxes: readonly Box[];
}

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Carries nothing now. */
  readonly broken: boolean;
}

export interface Drawing {
  /** VPCs; in them subnets; in them instances and interfaces without one. */
  readonly boxes: readonly Box[];
  /** Gateways, peering and VPN connections, sites. */
  readonly nodes: readonly Box[];
  readonly lines: readonly Line[];
}

export function drawingOf({ resources, edges }: Topology): Drawing {
  const children = new Map<string, TopologyResource[]>();
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  for (const { from, to, type } of edges) {
    const child = byId.get(from);
    if (type !== 'in' || child === undefined || isTable(child)) continue;
    children.set(to, [...(children.get(to) ?? []), child]);
  }
  const attached = new Set(
    edges
      .filter(({ from, type }) => type === 'attached' && from.startsWith('eni-'))
      .map(({ from }) => from),
  );
  const addresses = addressesByInstance({ resources, edges });
  const box = (resource: TopologyResource): Box => ({
    id: resource.id,
    label: labelOf(resource, addresses.get(resource.id) ?? []),
    boxes: (children.get(resource.id) ?? []).filter(({ id }) => !attached.has(id)).map(box),
  });
  const joints = new Set([
    'internet-gateway',
    'egress-only-internet-gateway',
    'vpn-gateway',
    'customer-gateway',
    'vpn-connection',
    'direct-connect-gateway',
    'direct-connect-virtual-interface',
    'site',
    'vpc-peering-connection',
    'transit-gateway',
    'transit-gateway-attachment',
    'transit-gateway-connect-peer',
  ]);
  return {
    boxes: resources.filter(({ type }) => type === 'vpc').map(box),
    nodes: resources.filter(({ type }) => joints.has(type)).map(box),
    lines: edges
      .filter(({ from, to, type }) => {
        return type !== 'uses' && joints.has(byId.get(from)?.type ?? '') && byId.has(to);
      })
      .map(lineOf),
  };
}

function lineOf({ from, to, state, address }: TopologyEdge): Line {
  const broken = state !== undefined && !CARRYING.has(state);
  const parts = [address, broken ? state : undefined].filter((part) => part !== undefined);
  return { from, to, label: parts.join(' '), broken };
}

/** States in which packets pass, of peering connections, attachments, associations and links. */
const CARRYING: ReadonlySet<string> = new Set([
  'active',
  'associated',
  'available',
  'modifying',
  'rollingBack',
  'up',
  'updating',
]);

const TABLES = new Set([
  'route-table',
  'transit-gateway-route-table',
  'transit-gateway-multicast-domain',
]);

/** Tables would hide what they are for. */
function isTable({ type }: TopologyResource): boolean {
  return TABLES.has(type);
}

/** What interfaces are attached to. */
const HOSTS = new Set(['instance', 'natgateway']);

function addressesByInstance({ resources, edges }: Topology): Map<string, readonly string[]> {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const found = new Map<string, readonly string[]>();
  for (const { from, to, type } of edges) {
    if (type !== 'attached' || !HOSTS.has(byId.get(to)?.type ?? '')) continue;
    const { addresses = [], publicAddresses = [] } = byId.get(from) ?? {};
    found.set(to, [...(found.get(to) ?? []), ...addresses, ...publicAddresses]);
  }
  return found;
}

function labelOf(resource: TopologyResource, inherited: readonly string[]): string[] {
  const { id, name, cidrs = [], addresses = [] } = resource;
  return [...(name === undefined ? [] : [name]), id, ...cidrs, ...addresses, ...inherited];
}
