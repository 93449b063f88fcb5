/** A site as its endpoint and the command line show it. */
import type { PlannedSession } from '../control/hybrid/session-plan.ts';
import { type Link, linksOfSite } from '../model/hybrid/link.ts';
import { type Site, type SiteTunnelState, stateOfLink } from '../model/hybrid/site.ts';
import { siteRoutes } from '../model/hybrid/site-route.ts';
import type { ModelReader } from '../model/model.ts';
import { formatCidr } from '../net/cidr.ts';
import { familyOf, formatIp } from '../net/ip.ts';
import type { BgpState } from '../services/bgp/fsm.ts';
import type { BgpRouting } from './bgp/bgp-routing.ts';
import type { SessionError } from './bgp/session-errors.ts';
import type { Lab } from './lab.ts';

const UPLINK_MEMBERS = {
  'customer-gateway': 'customerGatewayId',
  'virtual-interface': 'virtualInterfaceId',
  'transit-gateway-connect-peer': 'connectPeerId',
} as const;

export interface SiteView {
  readonly name: string;
  /** What it stands behind: one of them. */
  readonly customerGatewayId?: string;
  readonly virtualInterfaceId?: string;
  readonly connectPeerId?: string;
  readonly asn: number;
  readonly prefixes: readonly string[];
  readonly hosts: readonly string[];
  readonly bgp?: { readonly connect: string };
  readonly tap?: string;
  readonly links: readonly LinkView[];
  /** What its router knows of AWS. */
  readonly routes: readonly RouteView[];
}

export interface LinkView {
  readonly id: string;
  /** How the device holds it. */
  readonly state: SiteTunnelState;
  readonly outsideIpAddress?: string;
  readonly ipsec?: 'up' | 'down';
  readonly bgp: readonly SessionView[];
}

export interface SessionView {
  readonly id: string;
  readonly state: BgpState;
  readonly awsAddress: string;
  readonly customerAddress: string;
  readonly awsAsn: number;
  /** By AWS. */
  readonly acceptedRoutes: number;
  /** Why it went down or was refused the last time. */
  readonly lastError?: SessionError;
}

export interface RouteView {
  readonly destination: string;
  readonly links: readonly string[];
  readonly asPath?: string;
  readonly med?: number;
}

export function siteView({ cloud: { model }, bgp: routing }: Lab, site: Site): SiteView {
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
    routes: siteRoutes(model, site).map(({ destination, linkIds, asPath, med }) => ({
      destination: formatCidr(destination),
      links: linkIds,
      ...(asPath !== undefined && { asPath }),
      ...(med !== undefined && { med }),
    })),
  };
}

function linkView(model: ModelReader, routing: BgpRouting, site: Site, link: Link): LinkView {
  return {
    id: link.id,
    state: stateOfLink(site, link.id),
    ...(link.kind === 'vpn-tunnel' && {
      outsideIpAddress: formatIp(link.tunnel.outsideAddress),
      ipsec: link.tunnel.status.ipsec ? 'up' : 'down',
    }),
    bgp: routing.sessionsOf(link.id).map((plan) => sessionView(model, routing, plan)),
  };
}

function sessionView(
  model: ModelReader,
  routing: BgpRouting,
  { id, aws, customer }: PlannedSession,
): SessionView {
  const lastError = routing.lastError(id);
  return {
    id,
    state: routing.state(id),
    awsAddress: formatIp(aws.address),
    customerAddress: formatIp(customer.address),
    awsAsn: aws.asn,
    acceptedRoutes: model.get('bgp-session', id)?.acceptedRoutes ?? 0,
    ...(lastError !== undefined && { lastError }),
  };
}

/** As it is asked for: an IPv6 address in brackets. */
function formatSocket({ address, port }: NonNullable<Site['bgp']>): string {
  const host = formatIp(address);
  return `${familyOf(address) === 6 ? `[${host}]` : host}:${port}`;
}
