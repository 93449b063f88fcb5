/** Questions to on-premises sites, and from them. */
import type { Site } from '../../src/model/hybrid/site.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Route } from '../../src/model/vpc/route-table.ts';
import { type Cidr, cidrEquals, cidrFamily, containsIp, overlaps } from '../../src/net/cidr.ts';
import { addToIp, type Family, familyOf, formatIp, type Ip } from '../../src/net/ip.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { any, type Builder, tableOf } from './builder.ts';
import { isOpen } from './interface-state.ts';
import { ON_PREMISES, ON_PREMISES6, TRANSIT } from './kinds/hybrid.ts';

type Ends = Pick<QuestionInput, 'from' | 'to' | 'family'>;

/** A host of a site, mostly where a route of the asker's subnet leads. */
export function siteFor(
  builder: Builder,
  asker: NetworkInterface,
  family: Family,
): { to: string } | undefined {
  const { random } = builder;
  if (family === 4 && random.chance(0.05)) return { to: formatIp(addToIp(TRANSIT.address, 10)) };
  const routes = routesToSites(builder, asker).filter(
    ({ destination }) => cidrFamily(destination) === family,
  );
  const route = random.chance(0.85) ? random.pick(routes) : undefined;
  const isThere = ({ prefixes }: Site) =>
    route === undefined || prefixes.some((one) => overlaps(one, route.destination));
  const own =
    route?.target.kind === 'local' || route === undefined
      ? gatewaysOfVpc(builder, asker.vpcId)
      : [route.target.id];
  const isNear = (site: Site) => gatewaysOfSite(builder, site).some((id) => own.includes(id));
  const healthy = random.chance(0.75);
  const site =
    any(builder, 'site', (one) => isThere(one) && isNear(one) && isHealthy(one) === healthy) ??
    any(builder, 'site', (one) => isThere(one) && isNear(one)) ??
    any(builder, 'site');
  const host = site && hostOf(builder, site, family);
  return host === undefined ? undefined : { to: host };
}

/** Whether all of its links are up. */
function isHealthy({ links }: Site): boolean {
  return Object.values(links).every((state) => state === 'up');
}

function isOnPremises(destination: Cidr): boolean {
  return [...ON_PREMISES, ...ON_PREMISES6].some((block) => cidrEquals(block, destination));
}

function routesToSites(builder: Builder, { subnetId, vpcId }: NetworkInterface): readonly Route[] {
  const { model } = builder.cloud;
  return model
    .by('route', 'table', tableOf(builder, { subnetId, vpcId }))
    .filter(({ target, destination }) => {
      if (target.kind === 'vpn-gateway') return true;
      return target.kind === 'transit-gateway' && isOnPremises(destination);
    });
}

/** Its name, or its address, as others know it. */
function hostOf({ random }: Builder, site: Site, family: Family): string | undefined {
  const hosts = site.hosts.filter((host) => familyOf(host) === family);
  if (hosts.length === 0) return undefined;
  const host = random.chance(0.7) ? hosts[0]! : random.pick(hosts);
  if (random.chance(0.05)) return formatIp(addToIp(host, 100));
  return random.chance(0.3) ? `site:${site.id}/${formatIp(host)}` : formatIp(host);
}

export function fromSite(builder: Builder): Ends | undefined {
  const { random } = builder;
  const healthy = random.chance(0.8);
  const site =
    any(builder, 'site', (one) => isHealthy(one) === healthy && knowsSomething(builder, one)) ??
    any(builder, 'site');
  if (site === undefined) return undefined;
  const source = askerIn(builder, site);
  const family = familyOf(source);
  const from = `site:${site.id}/${formatIp(source)}`;
  const to =
    (random.chance(healthy ? 0.8 : 0.5) ? toVpc(builder, site, family) : undefined) ??
    toSite(builder, site, family);
  return to === undefined ? undefined : { from, to };
}

function knowsSomething({ cloud: { model } }: Builder, site: Site): boolean {
  const connections = model.by('vpn-connection', 'customerGateway', site.uplink.id);
  return (
    model.count('site-route', 'site', site.id) > 0 ||
    connections.some(({ staticRoutesOnly }) => staticRoutesOnly)
  );
}

/** Of a family that the site has routes of, as a rule. */
function askerIn({ random, cloud }: Builder, site: Site): Ip {
  const routes = cloud.model.by('site-route', 'site', site.id);
  const families = routes.map(({ destination }) => cidrFamily(destination));
  const wanted = random.chance(0.95) ? (random.pick(families) ?? 4) : 6;
  const hosts = site.hosts.filter((host) => familyOf(host) === wanted);
  return random.chance(0.7) ? (hosts[0] ?? site.hosts[0]!) : random.pick(site.hosts);
}

/** CloudHub, over a transit gateway, or in vain; AWS's own end of a link at times. */
function toSite(builder: Builder, site: Site, family: Family): string | undefined {
  const { random } = builder;
  const { uplink } = site;
  if (random.chance(isHealthy(site) ? 0.15 : 0.6) && family === 4) {
    const connection = any(
      builder,
      'vpn-connection',
      ({ customerGatewayId }) => customerGatewayId === uplink.id,
    );
    const tunnel = connection && random.pick(connection.tunnels);
    if (tunnel) return formatIp(addToIp(tunnel.insideCidr.address, 1 + random.below(2)));
  }
  const routes = builder.cloud.model.by('site-route', 'site', site.id);
  const isKnown = ({ prefixes }: Site) =>
    prefixes.some((block) => routes.some(({ destination }) => cidrEquals(destination, block)));
  const other =
    (random.chance(0.8) ? any(builder, 'site', isKnown) : undefined) ??
    any(builder, 'site', ({ hosts }) => hosts.some((host) => familyOf(host) === family));
  return other && hostOf(builder, other, family);
}

function toVpc(builder: Builder, site: Site, family: Family): string | undefined {
  const { random } = builder;
  const isKnown = knownTo(builder, site);
  const isNear = (eni: NetworkInterface) => {
    const [first] = addressesOf(eni, family);
    return first !== undefined && isKnown(first, eni.vpcId);
  };
  const eni =
    (random.chance(0.85)
      ? any(builder, 'network-interface', (one) => isNear(one) && isOpen(builder, one))
      : undefined) ??
    any(builder, 'network-interface', isNear) ??
    (random.chance(0.1)
      ? any(builder, 'network-interface', (one) => addressesOf(one, family).length > 0)
      : undefined);
  if (eni === undefined) return undefined;
  const address = random.pick(addressesOf(eni, family));
  if (random.chance(0.08)) return formatIp(addToIp(address, 30));
  return random.chance(0.3) && family === 4 ? eni.id : formatIp(address);
}

/** What the site has learned a route to; of static connections, what is at the same gateway. */
function knownTo(builder: Builder, site: Site): (address: Ip, vpcId: string) => boolean {
  const { model } = builder.cloud;
  const blocks = model.by('site-route', 'site', site.id).map(({ destination }) => destination);
  const fixed = model
    .by('vpn-connection', 'customerGateway', site.uplink.id)
    .flatMap(({ staticRoutesOnly, gateway }) => (staticRoutesOnly && gateway ? [gateway.id] : []));
  return (address, vpcId) =>
    blocks.some((block) => containsIp(block, address)) ||
    gatewaysOfVpc(builder, vpcId).some((id) => fixed.includes(id));
}

function addressesOf(
  { addresses, ipv6Addresses }: NetworkInterface,
  family: Family,
): readonly Ip[] {
  return family === 6 ? ipv6Addresses : addresses.map(({ address }) => address);
}

function gatewaysOfVpc({ cloud: { model } }: Builder, vpcId: string): string[] {
  return [
    ...model.by('transit-gateway-attachment', 'vpc', vpcId).map((one) => one.transitGatewayId),
    ...model.by('vpn-gateway', 'vpc', vpcId).map(({ id }) => id),
  ];
}

function gatewaysOfSite({ cloud: { model } }: Builder, { uplink }: Site): string[] {
  const peer = model.get('transit-gateway-connect-peer', uplink.id);
  const circuit = model.get('direct-connect-virtual-interface', uplink.id);
  const associated = model.by(
    'direct-connect-gateway-association',
    'directConnectGateway',
    circuit?.gateway?.id ?? '',
  );
  return [
    ...model.by('vpn-connection', 'customerGateway', uplink.id).map(({ gateway }) => gateway?.id),
    ...associated.map(({ gateway }) => gateway.id),
    peer?.transitGatewayId,
    circuit?.gateway?.id,
  ].filter((id) => id !== undefined);
}
