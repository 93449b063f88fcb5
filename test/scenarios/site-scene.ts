/** The stage's other half: on-premises sites behind VPN connections and Connect peers. */
import type { EC2, VpnConnectionOptionsSpecification } from '@aws-sdk/client-ec2';
import { reportSessions } from '../../src/control/hybrid/bgp-report.ts';
import { addSite, removeSite, setSiteLinks } from '../../src/control/hybrid/site.ts';
import { findLink, linksOfSite } from '../../src/model/hybrid/link.ts';
import type { SiteTunnelState, SiteUplink } from '../../src/model/hybrid/site.ts';
import { parseCidr } from '../../src/net/cidr.ts';
import { parseIp } from '../../src/net/ip.ts';
import type { SessionError } from '../../src/server/bgp/session-errors.ts';
import { siteView } from '../../src/server/site-view.ts';
import type { Origin } from '../../src/wire/bgp/path-attributes.ts';
import { routesOf } from '../support/transit-fixture.ts';
import { connect, learned, lookAtConnection, makeCustomerGateway } from '../support/vpn-fixture.ts';
import type { Scene, SceneVpc } from './scene.ts';

/** AWS's end of a connection. */
export type VpnTarget = { readonly VpnGatewayId: string } | { readonly TransitGatewayId: string };

export interface SiteOptions {
  /** The tenth address of each of the first has a host. */
  readonly prefixes: readonly string[];
  readonly asn?: number;
  readonly options?: VpnConnectionOptionsSpecification;
  /** Of the device; another one for every site of a scene unless given. */
  readonly address?: string;
}

export interface VpnSite {
  readonly name: string;
  readonly customerGatewayId: string;
  readonly connectionId: string;
  /** Both tunnels, in the order of the connection. */
  readonly links: readonly [string, string];
  /** `site:NAME/ADDRESS` and the address alone. */
  readonly place: string;
  readonly host: string;
}

let devices = 0;

/** Whatever is on its way arrives, where states take their time; and what waits for it. */
export async function settle(scene: Scene): Promise<void> {
  for (let count = 0; count < 3; count++) await scene.advance(1_000);
}

/** A connection, and a site that holds both its tunnels up. */
export async function newVpnSite(
  scene: Scene,
  name: string,
  target: VpnTarget,
  { prefixes, asn = 65_010, options, address }: SiteOptions,
): Promise<VpnSite> {
  const ec2 = scene.ec2();
  devices = (devices % 250) + 1;
  const device = address ?? `203.0.113.${devices}`;
  const customerGatewayId = await makeCustomerGateway(ec2, device, asn);
  await settle(scene);
  const made = await connect(ec2, {
    CustomerGatewayId: customerGatewayId,
    ...target,
    ...(options !== undefined && { Options: options }),
  });
  await settle(scene);
  const host = await standUp(scene, name, uplink('customer-gateway', customerGatewayId), prefixes);
  const site = scene.cloud.model.get('site', name)!;
  const [one, other] = linksOfSite(scene.cloud.model, site).map(({ id }) => id);
  return {
    ...{ name, customerGatewayId, connectionId: made.VpnConnectionId!, ...host },
    links: [one!, other!],
  };
}

/** The same with static routes, which the virtual private gateway is told of. */
export async function newStaticSite(
  scene: Scene,
  name: string,
  target: VpnTarget,
  request: SiteOptions,
): Promise<VpnSite> {
  const options = { ...request.options, StaticRoutesOnly: true };
  const site = await newVpnSite(scene, name, target, { ...request, options });
  if (!('VpnGatewayId' in target)) return site;
  for (const DestinationCidrBlock of request.prefixes) {
    const route = { VpnConnectionId: site.connectionId, DestinationCidrBlock };
    await scene.ec2().createVpnConnectionRoute(route);
  }
  return site;
}

function uplink(kind: SiteUplink['kind'], id: string): SiteUplink {
  return { kind, id };
}

const HOSTS_MAX = 4;

/** A network behind anything that takes one; its first host. */
export async function standUp(
  { cloud }: Scene,
  name: string,
  behind: SiteUplink,
  prefixes: readonly string[],
  more: { readonly asn?: number } = {},
): Promise<{ readonly host: string; readonly place: string }> {
  const hosts = prefixes.slice(0, HOSTS_MAX).map(tenth);
  await cloud.execute((tx) =>
    addSite(tx, {
      ...{ name, uplink: behind, ...more },
      prefixes: prefixes.map((block) => parseCidr(block)!),
      hosts: hosts.map((host) => parseIp(host)!),
    }),
  );
  return { host: hosts[0]!, place: `site:${name}/${hosts[0]}` };
}

function tenth(block: string): string {
  const [network] = block.split('/') as [string];
  return network.includes(':') ? `${network}10` : network.replace(/\d+$/, '10');
}

export function takeAway({ cloud }: Scene, { name }: { readonly name: string }): Promise<void> {
  return cloud.execute((tx) => removeSite(tx, name));
}

/** Has the device hold a link, or both of a connection, some other way. */
export async function hold(
  { cloud }: Scene,
  { name, links }: Pick<VpnSite, 'name' | 'links'>,
  state: SiteTunnelState,
  ...indexes: (0 | 1)[]
): Promise<void> {
  const chosen = indexes.length === 0 ? [0, 1] : indexes;
  const states = Object.fromEntries(chosen.map((index) => [links[index as 0 | 1], state]));
  await cloud.execute((tx) => setSiteLinks(tx, name, states));
}

/** Each tunnel as DescribeVpnConnections has it, in the order of the connection. */
export async function telemetryOf(scene: Scene, { connectionId }: VpnSite): Promise<string[]> {
  const { VgwTelemetry, Options } = await lookAtConnection(scene.ec2(), connectionId);
  return Options!.TunnelOptions!.map(({ OutsideIpAddress }) => {
    const entry = VgwTelemetry!.find((one) => one.OutsideIpAddress === OutsideIpAddress)!;
    return `${entry.Status} ${entry.StatusMessage} ${entry.AcceptedRouteCount}`;
  });
}

/** What the site's router knows, as its endpoint shows it. */
export function knownAt({ lab }: Scene, name: string) {
  return siteView(lab, lab.cloud.model.get('site', name)!).routes;
}

/** How AWS's ends of the sessions over a site's links are. */
export function sessionsAt({ lab }: Scene, name: string): string[] {
  const { links } = siteView(lab, lab.cloud.model.get('site', name)!);
  return links.flatMap(({ bgp }) => bgp.map(({ state }) => state));
}

/** Why each of them went down the last time, if it did. */
export function errorsAt({ lab }: Scene, name: string): (SessionError | undefined)[] {
  const { links } = siteView(lab, lab.cloud.model.get('site', name)!);
  return links.flatMap(({ bgp }) => bgp.map(({ lastError }) => lastError));
}

/** The ways out of AWS that a packet took: the links, by their outside address or id. */
export function linksPassed(
  scene: Scene,
  question: { readonly from: string; readonly to: string; readonly sourcePort?: number },
): string[] {
  const { forward } = scene.ask({ protocol: 'udp', ...question });
  const kinds = ['vpn-connection', 'transit-gateway-connect-peer', 'virtual-interface'];
  return forward.hops
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ resource, rule }) => {
      const address = (rule as { outsideIpAddress?: string } | undefined)?.outsideIpAddress;
      return address === undefined ? resource : `${resource}|${address}`;
    });
}

/** What a table of a VPC has taken over from gateways. */
export async function propagatedIn({ ec2, mainTable }: SceneVpc): Promise<string[]> {
  const { RouteTables } = await ec2.describeRouteTables({ RouteTableIds: [mainTable] });
  return RouteTables![0]!
    .Routes!.filter(({ Origin }) => Origin === 'EnableVgwRoutePropagation')
    .map((route) => `${blockOf(route)} ${route.GatewayId} ${route.State}`)
    .sort();
}

function blockOf(route: {
  readonly DestinationCidrBlock?: string | undefined;
  readonly DestinationIpv6CidrBlock?: string | undefined;
}): string {
  return route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? '';
}

/** `BLOCK TYPE RESOURCE-TYPE ...` of a transit gateway's table. */
export async function shownIn(ec2: EC2, table: string): Promise<string[]> {
  const routes = await routesOf(ec2, table);
  return routes
    .map(({ DestinationCidrBlock, Type, TransitGatewayAttachments = [] }) => {
      const kinds = TransitGatewayAttachments.map(({ ResourceType }) => ResourceType);
      return [DestinationCidrBlock, Type, ...kinds].join(' ');
    })
    .sort();
}

/** A prefix as a session would tell of it: what no site of ours announces. */
export interface Told {
  readonly block: string;
  readonly asns?: readonly number[];
  readonly med?: number;
  readonly internal?: boolean;
  readonly origin?: Origin;
  /** What the device's communities make of it (H-082). */
  readonly preference?: number;
}

/** A device says more on a link's session, which is Established, than its site does. */
export async function tell({ cloud }: Scene, linkId: string, ...told: Told[]): Promise<void> {
  await cloud.execute((tx) => {
    const [session] = tx.by('bgp-session', 'link', linkId);
    if (session === undefined || findLink(tx, linkId) === undefined) {
      throw new Error(`${linkId} has no session`);
    }
    const announced = told.map(({ block, asns, preference: localPreference = 100, ...path }) => {
      const route = learned(parseCidr(block)!, asns);
      const { origin = route.path.attributes.origin, ...rest } = path;
      const attributes = { ...route.path.attributes, origin };
      return { ...route, path: { ...route.path, ...rest, localPreference, attributes } };
    });
    reportSessions(tx, [{ session, established: true, announced, withdrawn: [] }]);
  });
}

/** It takes back what it has said. */
export async function takeBack({ cloud }: Scene, linkId: string, ...blocks: string[]) {
  await cloud.execute((tx) => {
    const [session] = tx.by('bgp-session', 'link', linkId);
    const withdrawn = blocks.map((block) => parseCidr(block)!);
    reportSessions(tx, [{ session: session!, established: true, announced: [], withdrawn }]);
  });
}
