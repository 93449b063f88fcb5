/** A server with real routers behind its links, each the control plane of a site. */
import type { EC2 } from '@aws-sdk/client-ec2';
import {
  freePort,
  type Router,
  type RouterKernel,
  type RouterKind,
  type RouterRoute,
  waitUntil,
} from './bgp-router.ts';
import { clientOf } from './kill-rounds.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { Sites, type SiteWish } from './site-fixture.ts';

/** Where the server calls from: what the machine takes for addresses of its loopback. */
const CALLER = '127.0.0.1';
/** It takes no calls; no program is told this number in earnest. */
const BGP_PORT = 179;
/** A router in a namespace of its own has all ports. */
const PORT_INSIDE = 1790;
const FLAGS = ['--ephemeral', '--transitions', 'instant', '--log-level', 'error'];

export interface StandWish extends Omit<SiteWish, 'bgp'> {
  readonly asn: number;
  /** The number of AWS's end; that of a new gateway unless given. */
  readonly awsAsn?: number;
  readonly routes: readonly RouterRoute[];
  readonly nextHop4?: string;
  readonly nextHop6?: string;
  /** Where it runs if not on this machine's loopback. */
  readonly place?: RouterPlace;
}

export interface RouterPlace {
  readonly kernel?: RouterKernel;
  readonly address: string;
  /** From where the server calls it. */
  readonly caller: string;
}

/** What tests look at of a probe's answer. */
export interface ShownProbe {
  readonly reachable: boolean;
  readonly forward: {
    readonly hops: readonly { readonly kind: string; readonly resource: string }[];
  };
}

export class RoutedCloud {
  readonly server: ServerProcess;
  readonly ec2: EC2;
  readonly sites: Sites;
  readonly #routers = new Map<string, Router>();
  #made = 0;

  private constructor(server: ServerProcess) {
    this.server = server;
    this.ec2 = clientOf(server.url);
    this.sites = new Sites(server.url);
  }

  static async open(): Promise<RoutedCloud> {
    return new RoutedCloud(await startServer(FLAGS));
  }

  async close(): Promise<void> {
    await this.clear();
    await this.server.stop();
  }

  /** Takes everything away and ends the routers. */
  async clear(): Promise<void> {
    await fetch(`${this.server.url}/_openvpc/reset`, { method: 'POST' });
    await Promise.all([...this.#routers.values()].map((router) => router.stop()));
    this.#routers.clear();
  }

  /** Starts a router and stands a site up behind a link; the session is Established then. */
  async stand(kind: RouterKind, wish: StandWish): Promise<Router> {
    const { routes, awsAsn = 64_512, nextHop4, nextHop6, place, ...site } = wish;
    const address = place?.address ?? `127.0.0.${2 + (this.#made++ % 200)}`;
    const inside = place?.kernel !== undefined;
    const port = inside ? PORT_INSIDE : await freePort(address);
    const peer = { asn: awsAsn, address: place?.caller ?? CALLER, port: BGP_PORT };
    const router = await kind.start({
      ...{ asn: wish.asn, address, port, peer, routes },
      ...(nextHop4 !== undefined && { nextHop4 }),
      ...(nextHop6 !== undefined && { nextHop6 }),
      ...(place?.kernel !== undefined && { kernel: place.kernel }),
      passive: true,
    });
    this.#routers.set(wish.name, router);
    await this.sites.add({ ...site, bgp: { connect: socketOf(address, port) } });
    await waitUntil(
      `a session of ${wish.name} is Established`,
      async () => (await this.#states(wish.name)).includes('Established'),
      () => router.log(),
    );
    return router;
  }

  /** An instance in a subnet whose VPC's main table has these routes; its id. */
  async instance(subnetId: string, routes: Readonly<Record<string, string>>): Promise<string> {
    const { ec2 } = this;
    const { Subnets } = await ec2.describeSubnets({ SubnetIds: [subnetId] });
    const Filters = [{ Name: 'vpc-id', Values: [Subnets![0]!.VpcId!] }];
    const { RouteTables } = await ec2.describeRouteTables({ Filters });
    for (const [DestinationCidrBlock, TransitGatewayId] of Object.entries(routes)) {
      const RouteTableId = RouteTables![0]!.RouteTableId!;
      await ec2.createRoute({ RouteTableId, DestinationCidrBlock, TransitGatewayId });
    }
    const { SecurityGroups } = await ec2.describeSecurityGroups({ Filters });
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    const GroupId = SecurityGroups![0]!.GroupId!;
    await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
    const one = { ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1, SubnetId: subnetId };
    const { Instances } = await ec2.runInstances(one);
    return Instances![0]!.InstanceId!;
  }

  async probe(question: { readonly from: string; readonly to: string }): Promise<ShownProbe> {
    const url = `${this.server.url}/_openvpc/probe`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(question) });
    return (await response.json()) as ShownProbe;
  }

  /** Waits until what is asked for again and again is this, and shows how it differs if not. */
  async until<T>(expected: T, ask: () => T | Promise<T>): Promise<void> {
    let last: T | undefined;
    await waitUntil(
      `it is ${JSON.stringify(expected)}`,
      async () => {
        last = await ask();
        return JSON.stringify(sorted(last)) === JSON.stringify(sorted(expected));
      },
      () => `but it is ${JSON.stringify(last)}`,
    );
  }

  async #states(name: string): Promise<string[]> {
    return (await this.sites.sessions(name)).map(({ state }) => state);
  }
}

/** With the members of objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}

function socketOf(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
