/** Questions to on-premises sites, and from them. */
import type { Site } from '../../src/model/hybrid/site.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { addToIp, type Family, familyOf, formatIp, type Ip } from '../../src/net/ip.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { all, any, type Builder } from './builder.ts';

type Ends = Pick<QuestionInput, 'from' | 'to' | 'family'>;

/** A host of a site, mostly of one that the asker's VPC has a gateway in common with. */
export function siteFor(
  builder: Builder,
  { vpcId }: NetworkInterface,
  family: Family,
): { to: string } | undefined {
  const { random } = builder;
  const sites = all(builder, 'site');
  const own = gatewaysOfVpc(builder, vpcId);
  const near = sites.filter((site) => gatewaysOfSite(builder, site).some((id) => own.includes(id)));
  const site = random.pick(near.length > 0 && random.chance(0.9) ? near : sites);
  const host = site && hostOf(builder, site, family);
  return host === undefined ? undefined : { to: host };
}

/** Its name, or its address, as others know it. */
function hostOf({ random }: Builder, site: Site, family: Family): string | undefined {
  const hosts = site.hosts.filter((host) => familyOf(host) === family);
  if (hosts.length === 0) return undefined;
  const host = random.pick(hosts);
  if (random.chance(0.05)) return formatIp(addToIp(host, 100));
  return random.chance(0.3) ? `site:${site.id}/${formatIp(host)}` : formatIp(host);
}

export function fromSite(builder: Builder): Ends | undefined {
  const { random } = builder;
  const site = any(builder, 'site', ({ hosts }) => hosts.length > 0);
  if (site === undefined) return undefined;
  const source = random.pick(site.hosts);
  const family = familyOf(source);
  const from = `site:${site.id}/${formatIp(source)}`;
  const to = random.chance(0.25)
    ? toSite(builder, site, family)
    : (toVpc(builder, site, family) ?? toSite(builder, site, family));
  return to === undefined ? undefined : { from, to };
}

/** CloudHub, over a transit gateway, or in vain; AWS's own end of a link at times. */
function toSite(builder: Builder, { uplink }: Site, family: Family): string | undefined {
  const { random } = builder;
  if (random.chance(0.3) && family === 4) {
    const connection = any(
      builder,
      'vpn-connection',
      ({ customerGatewayId }) => customerGatewayId === uplink.id,
    );
    const tunnel = connection && random.pick(connection.tunnels);
    if (tunnel) return formatIp(addToIp(tunnel.insideCidr.address, 1 + random.below(2)));
  }
  const other = any(builder, 'site', ({ hosts }) =>
    hosts.some((host) => familyOf(host) === family),
  );
  return other && hostOf(builder, other, family);
}

function toVpc(builder: Builder, site: Site, family: Family): string | undefined {
  const { random } = builder;
  const gateways = gatewaysOfSite(builder, site);
  const near = any(builder, 'network-interface', (eni) => {
    if (addressesOf(eni, family).length === 0) return false;
    return gatewaysOfVpc(builder, eni.vpcId).some((id) => gateways.includes(id));
  });
  const eni =
    near ?? any(builder, 'network-interface', (one) => addressesOf(one, family).length > 0);
  if (eni === undefined) return undefined;
  const address = random.pick(addressesOf(eni, family));
  if (random.chance(0.08)) return formatIp(addToIp(address, 30));
  return random.chance(0.3) && family === 4 ? eni.id : formatIp(address);
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
