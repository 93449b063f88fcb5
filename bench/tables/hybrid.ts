/** How long routes that a site announces take into a transit gateway's tables, and a failover. */
import { createCustomerGateway } from '../../src/control/hybrid/customer-gateway.ts';
import { addSite, removeSite, setSiteLinks } from '../../src/control/hybrid/site.ts';
import { createVpnConnection } from '../../src/control/hybrid/vpn-connection.ts';
import { enablePropagation } from '../../src/control/transit-gateway/propagation.ts';
import { createTransitGatewayRoute } from '../../src/control/transit-gateway/route.ts';
import { ShownRoutes } from '../../src/control/transit-gateway/shown-route.ts';
import { createRoute } from '../../src/control/vpc/route.ts';
import { tunnelLinks } from '../../src/model/hybrid/link.ts';
import { vpnAttachment } from '../../src/model/transit-gateway/attachment.ts';
import { type Cidr4, cidr } from '../../src/net/cidr.ts';
import { ipv4 } from '../../src/net/ipv4.ts';
import { buildHub, type Hub } from '../support/hub.ts';
import { openLab, SCOPE } from '../support/lab.ts';
import { digits, millisOf, ratio, spreadOf } from '../support/measure.ts';
import type { Bench, Figures } from '../support/table.ts';

const SIZES = [
  { routes: 250, tables: 1, others: 0 },
  { routes: 5000, tables: 1, others: 0 },
  { routes: 5000, tables: 20, others: 0 },
  { routes: 4500, tables: 1, others: 40 },
];
const ROUNDS = 5;
const SITE = 'dc1';

export const hybrid: Bench = {
  name: 'hybrid',
  title: 'A site behind a VPN',
  about:
    'A site with BGP on both tunnels of a VPN connection announces so many IPv4 prefixes to a ' +
    'transit gateway, which propagates them to so many route tables: from the call that stands the ' +
    'site up until every table has them, the session over the simulated tunnel included; from the ' +
    'call that takes it away until none has. Failover: from the loss of one tunnel until a packet ' +
    'to the site has arrived by the other. Told: from a new route of the gateway until every site ' +
    'knows it, which are so many others more.',
  run,
};

async function run(): Promise<Figures> {
  const rows: string[][] = [];
  let base: readonly number[] | undefined;
  for (const { routes, tables, others } of SIZES) {
    const figures = await measure(routes, tables, others);
    const beside = base ?? figures;
    base ??= figures;
    const cells = figures.map((value, index) => {
      return `${digits(value)} (${ratio(value, beside[index]!)})`;
    });
    rows.push([routes.toLocaleString('en-US'), String(tables), String(others), ...cells]);
  }
  const columns = ['routes', 'tables', 'others', 'learned, ms', 'withdrawn, ms', 'failover, ms'];
  return { columns: [...columns, 'told, ms'], rows };
}

async function measure(routes: number, tables: number, others: number): Promise<number[]> {
  const hub = await buildHub(await openLab(), 1);
  const { lab, tableIds, spokes } = hub;
  const { customerGatewayId, connectionId } = await connectSite(hub, tables);
  for (let index = 0; index < others; index++) await addOther(hub, index);
  const { cloud } = lab;
  const stand = () =>
    cloud.execute((tx) =>
      addSite(tx, {
        name: SITE,
        uplink: { kind: 'customer-gateway', id: customerGatewayId },
        prefixes: prefixesOf(routes),
        hosts: [HOST],
      }),
    );
  const counted = () =>
    tableIds.reduce((sum, id) => sum + new ShownRoutes(cloud.model, id).all(() => true).length, 0);
  const before = counted();
  const expect = (more: number) => {
    const found = counted() - before;
    if (found !== more) throw new Error(`${found} routes in place of ${more}`);
  };
  const learned: number[] = [];
  const withdrawn: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    learned.push(...(await millisOf(1, stand)));
    expect(routes * tables);
    withdrawn.push(...(await millisOf(1, () => cloud.execute((tx) => removeSite(tx, SITE)))));
    expect(0);
  }
  await stand();
  const failover = await failovers(hub, connectionId, spokes[0]!.hosts[0]!.id);
  const told = await tellings(hub);
  return [learned, withdrawn, failover, told].map((samples) => spreadOf(samples).median);
}

/** 192.168.0.0/24 of as many as are asked for. */
function prefixesOf(count: number): Cidr4[] {
  return Array.from({ length: count }, (_, index) => cidr(ipv4(0xc0a8_0000 + index * 256), 24));
}

const HOST = ipv4(0xc0a8_000a);

/** A VPN connection with BGP whose attachment propagates to the first of the hub's tables. */
async function connectSite(
  { lab, transitGatewayId, tableIds, spokes }: Hub,
  tables: number,
  bgpAsn = 65_010,
) {
  const { cloud } = lab;
  const device = { bgpAsn, ipAddress: ipv4(0xcb00_7101), tags: {} };
  const { id: customerGatewayId } = await cloud.execute((tx) =>
    createCustomerGateway(tx, SCOPE, device),
  );
  const { id: connectionId } = await cloud.execute((tx) =>
    createVpnConnection(tx, SCOPE, {
      ...{ customerGatewayId, transitGatewayId, staticRoutesOnly: false },
      ...{ insideFamily: 4, outsideFamily: 4, enableAcceleration: false, hidesKeys: false },
      ...{ tunnelBandwidth: 'standard', tunnels: [], tags: {} },
    }),
  );
  const attachment = vpnAttachment(cloud.model, connectionId)!;
  for (const routeTableId of tableIds.slice(1, tables)) {
    const joint = { routeTableId, attachmentId: attachment.id };
    await cloud.execute((tx) => enablePropagation(tx, SCOPE, joint));
  }
  if (tables === 1 && bgpAsn !== 65_010) return { customerGatewayId, connectionId };
  await cloud.execute((tx) => {
    const target = { kind: 'transit-gateway', id: transitGatewayId } as const;
    const destination = cidr(ipv4(0xc000_0000), 8);
    createRoute(tx, SCOPE, { routeTableId: spokes[0]!.routeTableId, destination, target });
  });
  return { customerGatewayId, connectionId };
}

/** Another site with a connection and a prefix of its own. */
async function addOther(hub: Hub, index: number): Promise<void> {
  const { cloud } = hub.lab;
  const { customerGatewayId: id } = await connectSite(hub, 1, 65_100 + index);
  const prefixes = [cidr(ipv4(0xac10_0000 + index * 256), 24)];
  const uplink = { kind: 'customer-gateway', id } as const;
  await cloud.execute((tx) => addSite(tx, { name: `other-${index}`, uplink, prefixes, hosts: [] }));
}

/** Routes of the gateway's, one after the other, each until the first site knows it. */
async function tellings({ lab: { cloud }, tableIds }: Hub): Promise<number[]> {
  const [attachment] = cloud.model.all('transit-gateway-attachment');
  const [routeTableId] = tableIds;
  const size = () => cloud.model.count('site-route', 'site', SITE);
  return millisOf(ROUNDS, async (index) => {
    const before = size();
    const destination = cidr(ipv4(0x6440_0000 + index * 256), 24);
    const request = { routeTableId: routeTableId!, destination, attachmentId: attachment!.id };
    await cloud.execute((tx) => createTransitGatewayRoute(tx, SCOPE, request));
    if (size() !== before + 1) throw new Error('the site was not told');
  });
}

/** One tunnel after the other is lost, the packet goes by the other, and the first comes back. */
async function failovers({ lab }: Hub, connectionId: string, from: string): Promise<number[]> {
  const { cloud } = lab;
  const links = tunnelLinks(cloud.model.get('vpn-connection', connectionId)!);
  const set = (id: string, state: 'up' | 'down') =>
    cloud.execute((tx) => setSiteLinks(tx, SITE, { [id]: state }));
  const samples: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const { id } = links[round % 2]!;
    const [millis] = await millisOf(1, async () => {
      await set(id, 'down');
      const { forward } = lab.probe({ from, to: `site:${SITE}/192.168.0.10` });
      if (forward.disposition !== 'delivered') throw new Error(forward.message);
    });
    samples.push(millis!);
    await set(id, 'up');
  }
  return samples;
}
