/** Sites behind VPNs and a Connect peer whose server is killed while others are stood up. */
import { rmSync } from 'node:fs';
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, describe, expect, it } from 'vitest';
import { addPeer, attachConnect } from '../support/connect-fixture.ts';
import { launchOne, lookAtInstance } from '../support/instance-fixture.ts';
import { clientOf, untilKilled } from '../support/kill-rounds.ts';
import { type ServerProcess, startServer, temporaryFolder } from '../support/server-process.ts';
import {
  type AttachedVpc,
  attachNewVpc,
  blocksIn,
  defaultTable,
  makeTransitGateway,
} from '../support/transit-fixture.ts';
import {
  addRoute,
  connect,
  connectStatic,
  lookAtConnection,
  makeCustomerGateway,
  makeVpnGateway,
} from '../support/vpn-fixture.ts';

const folder = temporaryFolder();
let server: ServerProcess | undefined;
afterAll(async () => {
  await server?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const ROUNDS = 4;
const WRITERS = 4;
/** How many sites have been acknowledged when the kill comes. */
const SITES_PER_ROUND = 10;

async function start(): Promise<EC2> {
  const flags = ['--data', folder, '--quotas', 'off', '--transitions', 'instant'];
  server = await startServer([...flags, '--log-level', 'error']);
  return clientOf(server.url);
}

/** One of openvpc's own endpoints. */
async function own<T>(method: string, path: string, body?: object): Promise<T> {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(`${server!.url}/_openvpc/${path}`, init);
  const answer = (await response.json()) as T;
  if (response.ok) return answer;
  // As the SDK's errors say it: a refusal is not the end of the server.
  const $metadata = { httpStatusCode: response.status };
  throw Object.assign(new Error(`${method} ${path}: ${JSON.stringify(answer)}`), { $metadata });
}

const standUp = (name: string, uplink: object, prefix: string) =>
  own('POST', 'sites', {
    ...{ name, ...uplink, prefixes: [`${prefix}.0/24`] },
    hosts: [`${prefix}.10`],
  });

interface Scene {
  /** BGP at a transit gateway, static at a virtual private gateway. */
  readonly connections: readonly [string, string];
  readonly table: string;
  readonly instance: string;
}

/** A VPC with a site behind everything that takes one. */
async function makeScene(ec2: EC2): Promise<Scene> {
  const TransitGatewayId = await makeTransitGateway(ec2, {
    TransitGatewayCidrBlocks: ['10.200.0.0/24'],
  });
  const spoke = await attachNewVpc(ec2, TransitGatewayId, '10.0.0.0/16');
  const instance = await launchOne(ec2, { SubnetId: spoke.subnetId });
  await openUp(ec2, instance);
  const VpnGatewayId = await makeVpnGateway(ec2);
  await ec2.attachVpnGateway({ VpnGatewayId, VpcId: spoke.vpcId });
  await route(ec2, spoke, TransitGatewayId, VpnGatewayId);
  const CustomerGatewayId = await makeCustomerGateway(ec2, '203.0.113.1');
  const bgp = (await connect(ec2, { TransitGatewayId, CustomerGatewayId })).VpnConnectionId!;
  await standUp('bgp', { customerGatewayId: CustomerGatewayId }, '192.168.1');
  const other = await makeCustomerGateway(ec2, '203.0.113.2');
  const fixed = await connectStatic(ec2, { VpnGatewayId, CustomerGatewayId: other });
  await addRoute(ec2, fixed, '192.168.2.0/24');
  await standUp('static', { customerGatewayId: other }, '192.168.2');
  const attachment = await attachConnect(ec2, spoke.attachmentId);
  const peer = await addPeer(ec2, attachment, {
    PeerAddress: (await lookAtInstance(ec2, instance)).PrivateIpAddress!,
    BgpOptions: { PeerAsn: 65_030 },
  });
  await standUp('sdwan', { connectPeerId: peer.TransitGatewayConnectPeerId! }, '192.168.3');
  const table = await defaultTable(ec2, TransitGatewayId);
  return { connections: [bgp, fixed], table, instance };
}

/** Its group lets everyone in. */
async function openUp(ec2: EC2, id: string): Promise<void> {
  const { SecurityGroups } = await lookAtInstance(ec2, id);
  await ec2.authorizeSecurityGroupIngress({
    GroupId: SecurityGroups![0]!.GroupId!,
    IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });
}

/** The static site by the virtual private gateway, all else by the transit gateway. */
async function route(
  ec2: EC2,
  { vpcId }: AttachedVpc,
  TransitGatewayId: string,
  GatewayId: string,
): Promise<void> {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const { RouteTables } = await ec2.describeRouteTables({ Filters });
  const RouteTableId = RouteTables![0]!.RouteTableId!;
  await ec2.enableVgwRoutePropagation({ RouteTableId, GatewayId });
  const DestinationCidrBlock = '0.0.0.0/0';
  await ec2.createRoute({ RouteTableId, DestinationCidrBlock, TransitGatewayId });
}

interface ShownSite {
  readonly name: string;
  readonly links: readonly { readonly bgp: readonly { readonly state: string }[] }[];
}

async function sites(): Promise<readonly ShownSite[]> {
  return (await own<{ sites: ShownSite[] }>('GET', 'sites')).sites;
}

/** What has come back: sessions, tunnels, learned prefixes, and who answers. */
async function look(ec2: EC2, { connections, table, instance }: Scene) {
  const shown = await sites();
  const sessions = ['bgp', 'static', 'sdwan'].map((name) =>
    shown
      .find((site) => site.name === name)
      ?.links.flatMap(({ bgp }) => bgp.map(({ state }) => state)),
  );
  const tunnels = await Promise.all(
    connections.map(async (id) =>
      (await lookAtConnection(ec2, id)).VgwTelemetry!.map(({ Status }) => Status),
    ),
  );
  const blocks = await blocksIn(ec2, table);
  const reached = await Promise.all(
    ['192.168.1.10', '192.168.2.10', '192.168.3.10'].map(async (to) => {
      const question = { from: instance, to, account: '111111111111', region: 'us-east-1' };
      return (await own<{ reachable: boolean }>('POST', 'probe', question)).reachable;
    }),
  );
  return { sessions, tunnels, blocks, reached };
}

const WHOLE = {
  sessions: [['Established', 'Established'], [], ['Established', 'Established']],
  tunnels: [
    ['UP', 'UP'],
    ['UP', 'UP'],
  ],
  blocks: ['10.0.0.0/16', '192.168.1.0/24', '192.168.3.0/24'],
  reached: [true, true, true],
};

/** Stands up sites, and takes every third away, until the server is gone. */
async function write(
  ec2: EC2,
  writer: number,
  present: Set<string>,
  onAcknowledged: () => void,
): Promise<void> {
  await untilKilled(async (count) => {
    const address = `198.51.${writer}.${count}`;
    const customerGatewayId = await makeCustomerGateway(ec2, address);
    const site = `load-${writer}-${count}`;
    await standUp(site, { customerGatewayId }, '172.20.0');
    if (count % 3 === 2) await own('DELETE', `sites/${site}`);
    else present.add(site);
    onAcknowledged();
  });
}

async function killUnderLoad(ec2: EC2, round: number): Promise<Set<string>> {
  let acknowledged = 0;
  let stopped: Promise<unknown> | undefined;
  const present = new Set<string>();
  const count = () => {
    acknowledged += 1;
    if (acknowledged >= SITES_PER_ROUND) stopped ??= server!.stop('SIGKILL');
  };
  const writers = Array.from({ length: WRITERS }, (_, index) =>
    write(ec2, round * WRITERS + index, present, count),
  );
  await Promise.all(writers);
  await stopped;
  return present;
}

describe('SIGKILL while sites are stood up', () => {
  it('H-024 H-044 H-088 C-061 tunnels, sessions and learned routes come back by themselves', async () => {
    let ec2 = await start();
    const scene = await makeScene(ec2);
    const until = { timeout: 60_000, interval: 100 };
    await expect.poll(() => look(ec2, scene), until).toEqual(WHOLE);
    for (let round = 0; round < ROUNDS; round++) {
      const present = await killUnderLoad(ec2, round);
      ec2 = await start();
      await expect.poll(() => look(ec2, scene), until).toEqual(WHOLE);
      const names = (await sites()).map(({ name }) => name);
      expect(present.size).toBeGreaterThan(0);
      expect(names).toEqual(expect.arrayContaining(['bgp', 'static', 'sdwan', ...present]));
      for (const name of names.filter((one) => one.startsWith('load-'))) {
        await own('DELETE', `sites/${name}`);
      }
    }
  }, 180_000);
});
