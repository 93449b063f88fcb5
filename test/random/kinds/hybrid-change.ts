/** What happens to VPNs and sites in random clouds. */
import { reportSessions } from '../../../src/control/hybrid/bgp-report.ts';
import {
  createConnectionRoute,
  deleteConnectionRoute,
} from '../../../src/control/hybrid/connection-route.ts';
import { modifyConnectionOptions } from '../../../src/control/hybrid/modify-connection.ts';
import { removeSite, setSiteLinks } from '../../../src/control/hybrid/site.ts';
import {
  disableVgwPropagation,
  enableVgwPropagation,
} from '../../../src/control/hybrid/vgw-propagation.ts';
import { deleteVpnConnection } from '../../../src/control/hybrid/vpn-connection.ts';
import {
  attachVpnGateway,
  detachVpnGateway,
} from '../../../src/control/hybrid/vpn-gateway-attachment.ts';
import { modifyTransitGateway } from '../../../src/control/transit-gateway/modify-gateway.ts';
import type { LearnedRoute } from '../../../src/model/hybrid/learned-route.ts';
import type { SiteTunnelState } from '../../../src/model/hybrid/site.ts';
import { type Cidr4, cidrEquals } from '../../../src/net/cidr.ts';
import { formatIp } from '../../../src/net/ip.ts';
import { all, any, attempt, type Builder, block, type Changes, scopeOf } from '../builder.ts';
import { connect, ON_PREMISES, standUp } from './hybrid.ts';

const STATES: readonly SiteTunnelState[] = ['up', 'up', 'down', 'unreachable'];

/** One of a site's links goes down, is heard of no more, or comes back. */
export function changeLink(builder: Builder) {
  const { random } = builder;
  const site = any(builder, 'site');
  const linkIds = site === undefined ? [] : linksOf(builder, site.uplink.id);
  if (site === undefined || linkIds.length === 0) return undefined;
  const states = { [random.pick(linkIds)]: random.pick(STATES) };
  return attempt(builder, (tx) => setSiteLinks(tx, site.id, states));
}

/** A static connection's tunnels, which go by IPsec alone: silent, or down both. */
export function breakStatic(builder: Builder) {
  const { random, cloud } = builder;
  const connection = any(builder, 'vpn-connection', (one) => one.staticRoutesOnly);
  const site = cloud.model.first('site', 'uplink', connection?.customerGatewayId ?? '');
  if (connection === undefined || site === undefined) return undefined;
  const state = random.pick(['unreachable', 'down'] as const);
  const ids = connection.tunnels.map(
    ({ outsideAddress }) => `${connection.id}|${formatIp(outsideAddress)}`,
  );
  const states = Object.fromEntries(ids.map((id) => [id, state]));
  return attempt(builder, (tx) => setSiteLinks(tx, site.id, states));
}

function linksOf(builder: Builder, uplink: string): string[] {
  const connections = all(builder, 'vpn-connection').filter(
    ({ customerGatewayId, state }) => customerGatewayId === uplink && state !== 'deleted',
  );
  const tunnels = connections.flatMap(({ id, tunnels: pair }) =>
    pair.map(({ outsideAddress }) => `${id}|${formatIp(outsideAddress)}`),
  );
  return uplink.startsWith('cgw-') ? tunnels : [uplink];
}

/** A device tells of a prefix anew: with its number more often, or how much it likes the link. */
export function tellAnew(builder: Builder) {
  const { random } = builder;
  const route = any(builder, 'learned-route');
  const session = route && builder.cloud.model.get('bgp-session', route.sessionId);
  if (route === undefined || session === undefined) return undefined;
  const { attributes } = route.path;
  const [first] = attributes.asPath[0]?.asns ?? [];
  if (first === undefined) return undefined;
  const asns = Array.from({ length: 1 + random.below(3) }, () => first);
  const med = random.pick([undefined, 10, 50, 200]);
  const { med: _, ...rest } = attributes;
  const told = {
    ...rest,
    asPath: [{ kind: 'sequence', asns } as const],
    ...(med !== undefined && { med }),
  };
  const path = {
    ...route.path,
    attributes: told,
    length: asns.length,
    med: med ?? defaultMed(route.linkId),
  };
  const { destination } = route;
  // On one link, or on all of its links alike.
  const links = random.chance(0.3) ? [route.linkId] : linksOf(builder, uplinkOf(builder, route));
  const sessions = all(builder, 'learned-route')
    .filter((one) => links.includes(one.linkId) && cidrEquals(one.destination, destination))
    .map(({ sessionId }) => builder.cloud.model.get('bgp-session', sessionId)!);
  return attempt(builder, (tx) =>
    reportSessions(
      tx,
      sessions.map((one) => ({
        session: one,
        established: one.established,
        announced: [{ destination, path }],
        withdrawn: [],
      })),
    ),
  );
}

function uplinkOf({ cloud }: Builder, { linkId }: LearnedRoute): string {
  if (!linkId.startsWith('vpn-')) return linkId;
  return cloud.model.get('vpn-connection', linkId.split('|')[0]!)!.customerGatewayId;
}

/** C-065 */
function defaultMed(linkId: string): number {
  return linkId.startsWith('dxvif-') ? 0 : 100;
}

function endSite(builder: Builder) {
  const site = any(builder, 'site');
  return site && attempt(builder, (tx) => removeSite(tx, site.id));
}

function addBack(builder: Builder) {
  const { model } = builder.cloud;
  const free = any(
    builder,
    'customer-gateway',
    ({ id, state }) => state === 'available' && model.first('site', 'uplink', id) === undefined,
  );
  return free && standUp(builder, { kind: 'customer-gateway', id: free.id });
}

function endConnection(builder: Builder) {
  const connection = any(builder, 'vpn-connection');
  if (connection === undefined) return undefined;
  return attempt(builder, (tx) => deleteVpnConnection(tx, scopeOf(connection), connection.id));
}

async function addConnection(builder: Builder) {
  const kind = builder.random.pick(['vpn-gateway', 'transit-gateway'] as const);
  const gateway = any(builder, kind);
  if (gateway !== undefined) await connect(builder, scopeOf(gateway), { kind, id: gateway.id });
}

function changeSelectors(builder: Builder) {
  const { random } = builder;
  const connection = any(builder, 'vpn-connection', ({ insideFamily }) => insideFamily === 4);
  if (connection === undefined) return undefined;
  const localCidr = block(random.pick(['0.0.0.0/0', '0.0.0.0/0', '172.31.0.0/18']));
  const scope = scopeOf(connection);
  return attempt(builder, (tx) =>
    modifyConnectionOptions(tx, scope, connection.id, () => ({ localCidr })),
  );
}

function changeStaticRoute(builder: Builder) {
  const { random } = builder;
  const known = any(builder, 'vpn-connection-route');
  if (known !== undefined && random.chance(0.4)) {
    const { vpnConnectionId: id, destination } = known;
    const connection = builder.cloud.model.get('vpn-connection', id)!;
    return attempt(builder, (tx) =>
      deleteConnectionRoute(tx, scopeOf(connection), id, destination),
    );
  }
  const connection = any(builder, 'vpn-connection', (one) => one.staticRoutesOnly);
  const destination = random.pick(ON_PREMISES) as Cidr4;
  if (connection === undefined) return undefined;
  return attempt(builder, (tx) =>
    createConnectionRoute(tx, scopeOf(connection), connection.id, destination),
  );
}

function changePropagation(builder: Builder) {
  const { random, cloud } = builder;
  const gateway = any(builder, 'vpn-gateway');
  const vpcId = gateway?.attachment?.vpcId;
  if (gateway === undefined || vpcId === undefined) return undefined;
  const tables = cloud.model.by('route-table', 'vpc', vpcId);
  if (tables.length === 0) return undefined;
  const joint = { routeTableId: random.pick(tables).id, vpnGatewayId: gateway.id };
  const change = random.chance(0.6) ? enableVgwPropagation : disableVgwPropagation;
  return attempt(builder, (tx) => change(tx, scopeOf(gateway), joint));
}

function moveVirtualGateway(builder: Builder) {
  const gateway = any(builder, 'vpn-gateway');
  if (gateway === undefined) return undefined;
  const scope = scopeOf(gateway);
  const { id, attachment } = gateway;
  if (attachment?.state === 'attached') {
    return attempt(builder, (tx) => detachVpnGateway(tx, scope, id, attachment.vpcId));
  }
  const vpc = any(
    builder,
    'vpc',
    ({ account, region }) => account === scope.account && region === scope.region,
  );
  return vpc && attempt(builder, (tx) => attachVpnGateway(tx, scope, id, vpc.id));
}

/** C-101 */
function changeSharing(builder: Builder) {
  const gateway = any(builder, 'transit-gateway');
  if (gateway === undefined) return undefined;
  const options = { vpnEcmpSupport: !gateway.options.vpnEcmpSupport };
  const change = { options, addBlocks: [], removeBlocks: [] };
  return attempt(builder, (tx) => modifyTransitGateway(tx, scopeOf(gateway), gateway.id, change));
}

export const hybridChanges: Changes = [
  [5, changeLink],
  [1, breakStatic],
  [3, tellAnew],
  [1, endSite],
  [2, addBack],
  [1, endConnection],
  [1, addConnection],
  [1, changeSelectors],
  [2, changeStaticRoute],
  [2, changePropagation],
  [1, moveVirtualGateway],
  [1, changeSharing],
];
