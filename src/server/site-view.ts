/** A site as its endpoint and the command line show it. */
import { type Link, linksOfSite } from '../model/hybrid/link.ts';
import type { Site } from '../model/hybrid/site.ts';
import { siteRoutes } from '../model/hybrid/site-route.ts';
import type { ModelReader } from '../model/model.ts';
import { formatCidr } from '../net/cidr.ts';
import { familyOf, formatIp } from '../net/ip.ts';
import type { BgpRouting } from './bgp/bgp-routing.ts';
import type { Lab } from './lab.ts';

const UPLINK_MEMBERS = {
  'customer-gateway': 'customerGatewayId',
  'virtual-interface': 'virtualInterfaceId',
  'transit-gateway-connect-peer': 'connectPeerId',
} as const;

export function siteView({ cloud: { model }, bgp: routing }: Lab, site: Site) {
  const { id, uplink, asn, prefixes, hosts, bgp, tap } = site;
  return {
    name: id,
    [UPLINK_MEMBERS[uplink.kind]]: uplink.id,
    asn,
    prefixes: prefixes.map(formatCidr),
    hosts: hosts.map(formatIp),
    ...(bgp !== undefined && { bgp: { connect: formatSocket(bgp) } }),
    ...(tap !== undefined && { tap }),
    links: linksOfSite(model, site).map((link) => linkView(model, routing, site, link)),
    routes: siteRoutes(model, site).map(({ destination, linkIds, ...rest }) => ({
      destination: formatCidr(destination),
      links: linkIds,
      ...('asPath' in rest && { asPath: rest.asPath }),
      ...('med' in rest && { med: rest.med }),
    })),
  };
}

function linkView(model: ModelReader, routing: BgpRouting, { links }: Site, link: Link) {
  return {
    id: link.id,
    state: links[link.id] ?? 'up',
    ...(link.kind === 'vpn-tunnel' && {
      outsideIpAddress: formatIp(link.tunnel.outsideAddress),
      ipsec: link.tunnel.status.ipsec ? 'up' : 'down',
    }),
    bgp: routing.sessionsOf(link.id).map(({ id, aws, customer }) => ({
      id,
      state: routing.state(id),
      awsAddress: formatIp(aws.address),
      customerAddress: formatIp(customer.address),
      awsAsn: aws.asn,
      acceptedRoutes: model.get('bgp-session', id)?.acceptedRoutes ?? 0,
    })),
  };
}

/** As it is asked for: an IPv6 address in brackets. */
function formatSocket({ address, port }: NonNullable<Site['bgp']>): string {
  const host = formatIp(address);
  return `${familyOf(address) === 6 ? `[${host}]` : host}:${port}`;
}
