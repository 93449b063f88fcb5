/** BIRD and FRR behind VPN connections and Connect peers of a server: routes both ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BIRD, FRR, freePort, type Router } from '../support/bgp-router.ts';
import { addPeer, lookAtPeer, makeConnect } from '../support/connect-fixture.ts';
import { RoutedCloud } from '../support/routed-cloud.ts';
import { ROOT } from '../support/server-process.ts';
import type { Sites } from '../support/site-fixture.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTable,
  makeTransitGateway,
  routesOf,
} from '../support/transit-fixture.ts';
import {
  attachNewGateway,
  connect,
  lookAtConnection,
  makeCustomerGateway,
  tunnelsOf,
} from '../support/vpn-fixture.ts';

const ASN = 65_010;
const HOME = { prefix: '192.168.0.0/16' };
const BRANCH = { prefix: '172.20.0.0/24', through: 65_011, med: 77 };

let cloud: RoutedCloud;
let ec2: EC2;
let sites: Sites;
beforeAll(async () => {
  cloud = await RoutedCloud.open();
  ({ ec2, sites } = cloud);
});
afterEach(() => cloud.clear());
afterAll(() => cloud.close());

/** Addresses differ from test to test: no two customer gateways may be one (H-004). */
let devices = 0;
const device = () => makeCustomerGateway(ec2, `203.0.113.${++devices}`, ASN);

/** A connection to a new device; its ids, and AWS's inside address of each tunnel. */
async function newConnection(to: { VpnGatewayId: string } | { TransitGatewayId: string }) {
  const CustomerGatewayId = await device();
  const id = (await connect(ec2, { CustomerGatewayId, ...to })).VpnConnectionId!;
  const tunnels = await tunnelsOf(ec2, id);
  const nextHops = tunnels.map(({ TunnelInsideCidr }) => insideAddress(TunnelInsideCidr!, 1));
  return { id, customerGatewayId: CustomerGatewayId, nextHops };
}

/** H-012, H-085: an address of an inside block, by its place. */
function insideAddress(block: string, place: number): string {
  return block.replace(/(\d+)\/\d+$/, (_, last) => `${Number(last) + place}`);
}

async function attachmentOf(resourceId: string): Promise<string> {
  const Filters = [{ Name: 'resource-id', Values: [resourceId] }];
  const { TransitGatewayAttachments } = await ec2.describeTransitGatewayAttachments({ Filters });
  return TransitGatewayAttachments![0]!.TransitGatewayAttachmentId!;
}

/** `BLOCK RESOURCE…` of each route that is active. */
async function searched(table: string): Promise<string[]> {
  const routes = await routesOf(ec2, table, [{ Name: 'state', Values: ['active'] }]);
  return routes
    .map(({ DestinationCidrBlock, TransitGatewayAttachments = [] }) => {
      return [DestinationCidrBlock, ...TransitGatewayAttachments.map((one) => one.ResourceId)];
    })
    .map((words) => words.join(' '))
    .sort();
}

async function telemetry(id: string): Promise<string[]> {
  const { VgwTelemetry } = await lookAtConnection(ec2, id);
  return VgwTelemetry!
    .map((one) => `${one.Status} ${one.AcceptedRouteCount} ${one.StatusMessage}`)
    .sort();
}

/** A VPN on a gateway of which it has the default table, with a VPC beside it. */
async function simpleVpn() {
  const gateway = await makeTransitGateway(ec2);
  const vpc = await attachNewVpc(ec2, gateway, '10.1.0.0/16');
  const vpn = await newConnection({ TransitGatewayId: gateway });
  return { gateway, vpc, vpn, table: await defaultTable(ec2, gateway) };
}

describe.each([BIRD, FRR])('$name', (kind) => {
  const { needs, name } = kind;
  const title = (text: string) => (needs === undefined ? text : `skipped: needs ${needs}: ${text}`);

  it.skipIf(needs)(
    title('C-103 C-136 H-049 is told exactly the table that its VPN is associated with'),
    async () => {
      const gateway = await makeTransitGateway(ec2, {
        DefaultRouteTableAssociation: 'disable',
        DefaultRouteTablePropagation: 'disable',
      });
      const near = await attachNewVpc(ec2, gateway, '10.1.0.0/16');
      const far = await attachNewVpc(ec2, gateway, '10.2.0.0/16');
      const vpn = await newConnection({ TransitGatewayId: gateway });
      const [own, other] = [await makeTable(ec2, gateway), await makeTable(ec2, gateway)];
      const attachment = await attachmentOf(vpn.id);
      const propagate = (
        TransitGatewayRouteTableId: string,
        TransitGatewayAttachmentId: string,
      ) => {
        const request = { TransitGatewayRouteTableId, TransitGatewayAttachmentId };
        return ec2.enableTransitGatewayRouteTablePropagation(request);
      };
      await ec2.associateTransitGatewayRouteTable({
        TransitGatewayRouteTableId: own,
        TransitGatewayAttachmentId: attachment,
      });
      await propagate(own, near.attachmentId);
      await propagate(own, attachment);
      await propagate(other, far.attachmentId);
      await propagate(other, attachment);
      const statics = { TransitGatewayRouteTableId: own, DestinationCidrBlock: '10.50.0.0/16' };
      await ec2.createTransitGatewayRoute({
        ...statics,
        TransitGatewayAttachmentId: far.attachmentId,
      });
      await ec2.createTransitGatewayRoute({
        TransitGatewayRouteTableId: own,
        DestinationCidrBlock: '10.66.0.0/16',
        Blackhole: true,
      });

      const { customerGatewayId, nextHops } = vpn;
      const routes = [HOME, BRANCH];
      const router = await cloud.stand(kind, { name: 'dc', customerGatewayId, asn: ASN, routes });
      const told = { path: '64512', nextHop: nextHops[0]!, med: 100 };
      const both = { '10.1.0.0/16': told, '10.50.0.0/16': told };
      await cloud.until(both, () => router.learned());
      const learned = [`172.20.0.0/24 ${vpn.id}`, `192.168.0.0/16 ${vpn.id}`];
      await cloud.until([`10.2.0.0/16 ${far.vpcId}`, ...learned], () => searched(other));
      expect(await searched(own)).toEqual([
        `10.1.0.0/16 ${near.vpcId}`,
        `10.50.0.0/16 ${far.vpcId}`,
        ...learned,
      ]);
      expect(await telemetry(vpn.id)).toEqual(['DOWN 0 IPSEC IS UP', 'UP 2 2 BGP ROUTES']);

      await propagate(own, far.attachmentId);
      await cloud.until({ ...both, '10.2.0.0/16': told }, () => router.learned());
      await ec2.deleteTransitGatewayRoute(statics);
      await ec2.disableTransitGatewayRouteTablePropagation({
        TransitGatewayRouteTableId: own,
        TransitGatewayAttachmentId: near.attachmentId,
      });
      await cloud.until({ '10.2.0.0/16': told }, () => router.learned());
    },
  );

  it.skipIf(needs)(
    title('H-044 H-049 is told the blocks of a virtual private gateway’s VPC, by one MED a tunnel'),
    async () => {
      const { vpnGatewayId, vpcId } = await attachNewGateway(ec2, '10.3.0.0/16');
      await ec2.associateVpcCidrBlock({ VpcId: vpcId, CidrBlock: '10.4.0.0/16' });
      const { RouteTables } = await ec2.describeRouteTables({
        Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
      });
      const RouteTableId = RouteTables![0]!.RouteTableId!;
      await ec2.enableVgwRoutePropagation({ RouteTableId, GatewayId: vpnGatewayId });
      const propagated = async () => {
        const tables = await ec2.describeRouteTables({ RouteTableIds: [RouteTableId] });
        return tables
          .RouteTables![0]!.Routes!.filter(({ GatewayId }) => GatewayId === vpnGatewayId)
          .map((route) => `${route.DestinationCidrBlock} ${route.Origin} ${route.State}`)
          .sort();
      };
      const vpn = await newConnection({ VpnGatewayId: vpnGatewayId });
      const { customerGatewayId, nextHops } = vpn;
      const routes = [HOME, BRANCH];
      const router = await cloud.stand(kind, { name: 'dc', customerGatewayId, asn: ASN, routes });
      const learned = [BRANCH, HOME].map(({ prefix }) => {
        return `${prefix} EnableVgwRoutePropagation active`;
      });
      await cloud.until(learned, propagated);
      const by = (tunnel: 0 | 1) => {
        const told = { path: '64512', nextHop: nextHops[tunnel]!, med: tunnel === 0 ? 100 : 200 };
        return { '10.3.0.0/16': told, '10.4.0.0/16': told };
      };
      await cloud.until(by(0), () => router.learned());

      // One program has one session: by the first tunnel that is open.
      const [first, second] = (await sites.look('dc')).links;
      await sites.setLinks('dc', { [first!.id]: 'down' });
      await cloud.until(by(1), () => router.learned());
      await cloud.until(learned, propagated);
      await sites.setLinks('dc', { [second!.id]: 'down' });
      await cloud.until({}, () => router.learned());
      expect(await propagated()).toEqual([]);
      expect(await telemetry(vpn.id)).toEqual(['DOWN 0 IPSEC IS DOWN', 'DOWN 0 IPSEC IS DOWN']);
    },
  );

  it.skipIf(needs)(
    title('C-094 C-095 exchanges both families with a Connect peer over IPv4'),
    async () => {
      const { gateway, connect: attachment, vpc } = await makeConnect(ec2);
      const inside = { InsideCidrBlocks: ['169.254.6.0/29', 'fd00:6::/125'] };
      const peer = await addPeer(ec2, attachment, { ...inside, BgpOptions: { PeerAsn: ASN } });
      const connectPeerId = peer.TransitGatewayConnectPeerId!;
      const table = await defaultTable(ec2, gateway);
      await ec2.createTransitGatewayRoute({
        TransitGatewayRouteTableId: table,
        DestinationCidrBlock: '2001:db8:5::/48',
        TransitGatewayAttachmentId: vpc.attachmentId,
      });
      const six = { prefix: '2001:db8:f::/48' };
      const routes = [HOME, BRANCH, six];
      const nextHop6 = 'fd00:6::1';
      const wish = { name: 'appliance', connectPeerId, asn: ASN, routes, nextHop6 };
      const router = await cloud.stand(kind, wish);
      await cloud.until(
        {
          '10.0.0.0/16': { path: '64512', nextHop: '169.254.6.2', med: 100 },
          '2001:db8:5::/48': { path: '64512', nextHop: 'fd00:6::2', med: 100 },
        },
        () => router.learned(),
      );
      await cloud.until(['up', 'down'], async () => {
        const { ConnectPeerConfiguration } = await lookAtPeer(ec2, connectPeerId);
        return ConnectPeerConfiguration!.BgpConfigurations!.map(({ BgpStatus }) => BgpStatus!);
      });
      await cloud.until(
        [
          `10.0.0.0/16 ${vpc.vpcId}`,
          `172.20.0.0/24 ${vpc.attachmentId}`,
          `192.168.0.0/16 ${vpc.attachmentId}`,
          `2001:db8:5::/48 ${vpc.vpcId}`,
          `2001:db8:f::/48 ${vpc.attachmentId}`,
        ],
        () => searched(table),
      );
      expect((await sites.sessions('appliance')).map((one) => one.acceptedRoutes)).toEqual([3]);
    },
  );

  it.skipIf(needs)(
    title('C-095 over iBGP a Connect peer takes what another system has told the router'),
    async () => {
      const { gateway, connect: attachment, vpc } = await makeConnect(ec2);
      const peer = await addPeer(ec2, attachment);
      const connectPeerId = peer.TransitGatewayConnectPeerId!;
      const routes = [HOME, BRANCH];
      const router = await cloud.stand(kind, {
        name: 'appliance',
        connectPeerId,
        asn: 64_512,
        routes,
      });
      const told = { '10.0.0.0/16': { path: '', nextHop: '169.254.6.2', med: 100 } };
      await cloud.until(told, () => router.learned());
      const found = [`10.0.0.0/16 ${vpc.vpcId}`, `172.20.0.0/24 ${vpc.attachmentId}`];
      const table = await defaultTable(ec2, gateway);
      await cloud.until(found, () => searched(table));
    },
  );

  const ENDS: [string, (router: Router) => Promise<unknown>][] = [
    ['its operator shuts it down', (router) => router.shutDown()],
    ['it is stopped', (router) => router.stop()],
    ['it is killed', (router) => router.stop('SIGKILL')],
    [
      'its site’s links go down',
      async () => {
        const { links } = await sites.look('dc');
        await sites.setLinks('dc', Object.fromEntries(links.map(({ id }) => [id, 'down'])));
      },
    ],
    ['its site is removed', () => sites.remove('dc')],
  ];
  it.skipIf(needs).each(ENDS)(
    title('H-088 loses and forgets all routes when %s'),
    async (_, end) => {
      const { vpn, vpc, table } = await simpleVpn();
      const { customerGatewayId } = vpn;
      const wish = { name: 'dc', customerGatewayId, asn: ASN, routes: [HOME] };
      const router = await cloud.stand(kind, wish);
      const own = `10.1.0.0/16 ${vpc.vpcId}`;
      await cloud.until([own, `192.168.0.0/16 ${vpn.id}`], () => searched(table));
      await cloud.until(['10.1.0.0/16'], async () => Object.keys(await router.learned()));
      await cloud.until(1, async () => (await sites.look('dc')).routes.length);
      await end(router);
      await cloud.until([own], () => searched(table));
      expect((await telemetry(vpn.id)).every((tunnel) => tunnel.startsWith('DOWN 0'))).toBe(true);
      const there = (await sites.list()).find(({ name }) => name === 'dc');
      expect(there?.routes ?? []).toEqual([]);
      if (router.running) await cloud.until({}, () => router.learned());
    },
  );

  it.skipIf(needs)(title('is called over IPv6 of this machine as well'), async () => {
    const { vpn, vpc, table } = await simpleVpn();
    const { customerGatewayId } = vpn;
    const wish = { name: 'dc', customerGatewayId, asn: ASN, routes: [HOME] };
    const place = { address: '::1', caller: '::1' };
    const router = await cloud.stand(kind, { ...wish, place, nextHop4: '192.0.2.1' });
    const routes = [`10.1.0.0/16 ${vpc.vpcId}`, `192.168.0.0/16 ${vpn.id}`];
    await cloud.until(routes, () => searched(table));
    await cloud.until(['10.1.0.0/16'], async () => Object.keys(await router.learned()));
    expect((await sites.look('dc')).bgp!.connect).toMatch(/^\[::1\]:\d+$/);
  });

  it.skipIf(needs)(title('is found again after it was away'), async () => {
    const { vpn, table, vpc } = await simpleVpn();
    const { customerGatewayId } = vpn;
    const wish = { name: 'dc', customerGatewayId, asn: ASN, routes: [HOME] };
    const router = await cloud.stand(kind, wish);
    const routes = [`10.1.0.0/16 ${vpc.vpcId}`, `192.168.0.0/16 ${vpn.id}`];
    await cloud.until(routes, () => searched(table));
    await router.shutDown();
    await cloud.until(routes.slice(0, 1), () => searched(table));
    await router.comeBack();
    await cloud.until(routes, () => searched(table));
    await cloud.until(['10.1.0.0/16'], async () => Object.keys(await router.learned()));
  });

  it.skipIf(needs)(title('works with the configuration that the documentation has'), async () => {
    const page = readFileSync(join(ROOT, 'docs/sites.md'), 'utf8');
    const fence = new RegExp(`\`\`\`${name.toLowerCase()}\\n(.*?)\`\`\``, 's');
    const port = await freePort('127.0.0.1');
    // Its port is free on this machine, and the protocol has the name that the test asks for.
    const configuration = fence
      .exec(page)![1]!
      .replace('port 1790', `port ${port}`)
      .replace('bgp aws', 'bgp openvpc');
    const { vpn, vpc, table } = await simpleVpn();
    const own = `10.1.0.0/16 ${vpc.vpcId}`;
    const peer = { asn: 64_512, address: '127.0.0.1', port: 179 };
    const router = await kind.start({
      ...{ asn: ASN, address: '127.0.0.1', port, peer, routes: [], configuration },
    });
    try {
      const bgp = { connect: `127.0.0.1:${port}` };
      await sites.add({ name: 'dc', customerGatewayId: vpn.customerGatewayId, bgp });
      await cloud.until([own, `192.168.0.0/16 ${vpn.id}`], () => searched(table));
      await cloud.until(['10.1.0.0/16'], async () => Object.keys(await router.learned()));
    } finally {
      await router.stop();
    }
  });
});
