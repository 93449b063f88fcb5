/** VPN connections of both kinds, with sites behind them, and prefixes that several announce. */

import { createConnectionRoute } from '../../../src/control/hybrid/connection-route.ts';
import { createCustomerGateway } from '../../../src/control/hybrid/customer-gateway.ts';
import { addSite } from '../../../src/control/hybrid/site.ts';
import { enableVgwPropagation } from '../../../src/control/hybrid/vgw-propagation.ts';
import { createVpnConnection } from '../../../src/control/hybrid/vpn-connection.ts';
import { createVpnGateway } from '../../../src/control/hybrid/vpn-gateway.ts';
import { attachVpnGateway } from '../../../src/control/hybrid/vpn-gateway-attachment.ts';
import type { Scope } from '../../../src/control/scope.ts';
import { enablePropagation } from '../../../src/control/transit-gateway/propagation.ts';
import { createTransitGatewayRoute } from '../../../src/control/transit-gateway/route.ts';
import type { SiteUplink } from '../../../src/model/hybrid/site.ts';
import type { TunnelOptions } from '../../../src/model/hybrid/tunnel-options.ts';
import type {
  VpnConnection,
  VpnConnectionGateway,
} from '../../../src/model/hybrid/vpn-connection.ts';
import { vpnAttachment } from '../../../src/model/transit-gateway/attachment.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { type Cidr, type Cidr4, cidrEquals, cidrFamily } from '../../../src/net/cidr.ts';
import { addToIp, type Family, parseIp } from '../../../src/net/ip.ts';
import { all, any, attempt, type Builder, block, scopeOf, setRoute } from '../builder.ts';
import { vpcAttachments } from './transit-gateway.ts';

/** What lies on premises: few, so that several sites announce the same. */
export const ON_PREMISES = [
  ...['172.31.0.0/24', '172.31.1.0/24', '172.31.2.0/24', '172.31.3.0/24'],
  ...['172.31.0.0/16', '172.31.64.0/24', '172.31.65.0/24'],
].map(block);
/** What is tried to be reached over other VPCs' gateways. */
export const TRANSIT = ON_PREMISES.at(-1)!;
export const ON_PREMISES6 = ['fd77:1::/64', 'fd77:2::/64', 'fd77::/32'].map(block);

const CUSTOMERS = [65_010, 65_010, 65_020, 65_030];

/** Gateways at some VPCs, connections to them and to transit gateways, and sites. */
export async function buildVpns(builder: Builder): Promise<void> {
  const { random, cloud } = builder;
  for (const vpc of all(builder, 'vpc')) {
    if (random.chance(0.55)) await addVirtualGateway(builder, vpc);
  }
  await cloud.advance(1000);
  for (const { id, state, ...owner } of all(builder, 'vpn-gateway')) {
    if (state !== 'available') continue;
    for (let count = 2 + random.below(2); count > 0; count--) {
      await connect(builder, scopeOf(owner), { kind: 'vpn-gateway', id });
    }
  }
  for (const { id, ...owner } of all(builder, 'transit-gateway')) {
    for (let count = 2 + random.below(2); count > 0; count--) {
      await connect(builder, scopeOf(owner), { kind: 'transit-gateway', id });
    }
  }
  await cloud.advance(10_000);
  for (const { id, state } of all(builder, 'customer-gateway')) {
    if (state === 'available') await standUp(builder, { kind: 'customer-gateway', id });
  }
  await cloud.advance(10_000);
  for (const connection of all(builder, 'vpn-connection')) {
    if (connection.staticRoutesOnly) await routeStatically(builder, connection);
  }
}

async function addVirtualGateway(builder: Builder, vpc: Vpc): Promise<void> {
  const { cloud, random } = builder;
  const scope = scopeOf(vpc);
  const amazonSideAsn = 64_600 + random.below(100);
  const made = await attempt(builder, (tx) =>
    createVpnGateway(tx, scope, { amazonSideAsn, tags: {} }),
  );
  await cloud.advance(1000);
  if (made === undefined) return;
  await attempt(builder, (tx) => attachVpnGateway(tx, scope, made.id, vpc.id));
  await cloud.advance(1000);
  for (const { id } of cloud.model.by('route-table', 'vpc', vpc.id)) {
    const joint = { routeTableId: id, vpnGatewayId: made.id };
    if (random.chance(0.75)) await attempt(builder, (tx) => enableVgwPropagation(tx, scope, joint));
  }
}

const ALGORITHMS: readonly Partial<TunnelOptions>[] = [
  {},
  {},
  { phase2EncryptionAlgorithms: ['AES256'], phase2IntegrityAlgorithms: ['SHA2-512'] },
  { phase2EncryptionAlgorithms: ['AES256', 'AES128'], phase2IntegrityAlgorithms: ['SHA2-256'] },
  { phase2EncryptionAlgorithms: ['AES256-GCM-16'] },
];

/** To a device that is there already, or a new one. */
export async function connect(
  builder: Builder,
  scope: Scope,
  gateway: VpnConnectionGateway,
): Promise<VpnConnection | undefined> {
  const { random, cloud } = builder;
  const customerGatewayId = await customerGateway(builder, scope);
  if (customerGatewayId === undefined) return undefined;
  const isTransit = gateway.kind === 'transit-gateway';
  const insideFamily: Family = isTransit && random.chance(0.25) ? 6 : 4;
  const staticRoutesOnly = random.chance(0.35);
  const tunnels = [0, 1].map(() => ({ options: random.pick(ALGORITHMS) }));
  const made = await attempt(builder, (tx) =>
    createVpnConnection(tx, scope, {
      customerGatewayId,
      ...(isTransit ? { transitGatewayId: gateway.id } : { vpnGatewayId: gateway.id }),
      ...{ staticRoutesOnly, insideFamily, outsideFamily: 4, tunnelBandwidth: 'standard' },
      enableAcceleration: isTransit && random.chance(0.15),
      ...(insideFamily === 4 && random.chance(0.15) ? selectors(builder) : {}),
      ...{ tunnels, hidesKeys: false, tags: {} },
    }),
  );
  await cloud.advance(10_000);
  return made;
}

/** H-014: of the customer's side or AWS's, a part. */
function selectors({ random }: Builder): { localCidr?: Cidr; remoteCidr?: Cidr } {
  return random.chance(0.5)
    ? { localCidr: block('172.31.0.0/18') }
    : { remoteCidr: block(random.pick(['10.0.0.0/16', '10.0.0.0/8', '172.16.0.0/12'])) };
}

async function customerGateway(builder: Builder, scope: Scope): Promise<string | undefined> {
  const { random, cloud } = builder;
  const known = any(
    builder,
    'customer-gateway',
    ({ account, region, state }) =>
      account === scope.account && region === scope.region && state === 'available',
  );
  if (known !== undefined && random.chance(0.3)) return known.id;
  const ipAddress = parseIp(`203.0.113.${1 + random.below(250)}`)!;
  const device = { bgpAsn: random.pick(CUSTOMERS), ipAddress, tags: {} };
  const made = await attempt(builder, (tx) => createCustomerGateway(tx, scope, device));
  await cloud.advance(1000);
  return made?.id;
}

/** C-062, H-009: to what is there, mostly. */
async function routeStatically(builder: Builder, connection: VpnConnection): Promise<void> {
  const { random, cloud } = builder;
  const { id, gateway, insideFamily, customerGatewayId } = connection;
  const scope = scopeOf(connection);
  const there = cloud.model.first('site', 'uplink', customerGatewayId)?.prefixes ?? [];
  const blocks = [...ON_PREMISES, ...ON_PREMISES6].filter(
    (one) => cidrFamily(one) === insideFamily && random.chance(there.includes(one) ? 0.9 : 0.03),
  );
  if (gateway?.kind === 'vpn-gateway') {
    for (const destination of blocks) {
      await attempt(builder, (tx) => createConnectionRoute(tx, scope, id, destination as Cidr4));
    }
    return;
  }
  const attachment = vpnAttachment(cloud.model, id);
  if (attachment === undefined) return;
  const { id: attachmentId, transitGatewayId } = attachment;
  for (const table of cloud.model.by('transit-gateway-route-table', 'gateway', transitGatewayId)) {
    for (const destination of blocks) {
      const route = { routeTableId: table.id, destination, attachmentId };
      await attempt(builder, (tx) => createTransitGatewayRoute(tx, scope, route));
    }
  }
}

/** A site with one or two prefixes, of each family at times, and hosts in each. */
export function standUp(builder: Builder, uplink: SiteUplink) {
  const { random } = builder;
  const count = all(builder, 'site').length;
  // Few, so that many lie in several places.
  const common = random.chance(0.6) ? ON_PREMISES.slice(0, 2) : ON_PREMISES;
  const prefixes = new Set<Cidr>([random.pick(common)]);
  if (random.chance(0.4)) prefixes.add(random.pick(ON_PREMISES));
  if (random.chance(0.7)) prefixes.add(random.pick(ON_PREMISES6));
  const hosts = [...prefixes].flatMap(({ address }) =>
    [10, 20 + count].map((offset) => addToIp(address, offset)),
  );
  const name = `dc${random.below(1_000_000)}`;
  return attempt(builder, (tx) => addSite(tx, { name, uplink, prefixes: [...prefixes], hosts }));
}

/** Propagation to most tables of transit gateways, and routes of VPCs. */
export async function leadToSites(builder: Builder): Promise<void> {
  const { random, cloud } = builder;
  for (const attachment of all(builder, 'transit-gateway-attachment')) {
    const { id: attachmentId, transitGatewayId } = attachment;
    if (attachment.resourceType === 'vpc' || attachment.resourceType === 'peering') continue;
    for (const table of cloud.model.by(
      'transit-gateway-route-table',
      'gateway',
      transitGatewayId,
    )) {
      const joint = { routeTableId: table.id, attachmentId };
      if (random.chance(0.3)) continue;
      await attempt(builder, (tx) => enablePropagation(tx, scopeOf(table), joint));
    }
  }
  for (const { vpcId, transitGatewayId: id } of vpcAttachments(builder)) {
    await routeToSites(builder, vpcId, { kind: 'transit-gateway', id }, 0.9);
    await transitToSites(builder, vpcId, id);
  }
  for (const { id, attachment } of all(builder, 'vpn-gateway')) {
    if (attachment?.state !== 'attached') continue;
    await routeToSites(builder, attachment.vpcId, { kind: 'gateway', id }, 0.3);
  }
}

async function routeToSites(
  builder: Builder,
  vpcId: string,
  target: { readonly kind: 'transit-gateway' | 'gateway'; readonly id: string },
  share: number,
): Promise<void> {
  const { random, cloud } = builder;
  const hasGateway = cloud.model.first('vpn-gateway', 'vpc', vpcId) !== undefined;
  const wanted = hasGateway && target.kind === 'transit-gateway' ? 0.12 : share;
  for (const table of cloud.model.by('route-table', 'vpc', vpcId)) {
    for (const destination of [...ON_PREMISES, ...ON_PREMISES6]) {
      if (cidrFamily(destination) === 6 && target.kind === 'gateway') continue;
      if (!random.chance(wanted) || (hasGateway && cidrEquals(destination, TRANSIT))) continue;
      await attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
    }
  }
}

/** some try to reach a VPC's own gateway over a transit gateway. */
async function transitToSites(builder: Builder, vpcId: string, gatewayId: string): Promise<void> {
  const { random, cloud } = builder;
  const own = cloud.model.first('vpn-gateway', 'vpc', vpcId);
  if (own === undefined || random.chance(0.2)) return;
  for (const { id: table } of cloud.model.by('route-table', 'vpc', vpcId)) {
    const target = { kind: 'gateway', id: own.id } as const;
    await attempt(builder, (tx) => setRoute(tx, table, TRANSIT, target));
  }
  const attachment = vpcAttachments(builder).find(
    (one) => one.vpcId === vpcId && one.transitGatewayId === gatewayId,
  )!;
  for (const table of cloud.model.by('transit-gateway-route-table', 'gateway', gatewayId)) {
    const route = { routeTableId: table.id, destination: TRANSIT, attachmentId: attachment.id };
    await attempt(builder, (tx) => createTransitGatewayRoute(tx, scopeOf(table), route));
  }
}
