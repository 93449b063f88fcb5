/** Virtual private gateways: VPNs between a VPC and sites (H6), and its route tables. */
import { beforeEach, describe, expect, it } from 'vitest';
import { connect, makeVpnGateway } from '../support/vpn-fixture.ts';
import {
  kindsOf,
  newGateway,
  newHost,
  newScene,
  newSubnet,
  peer,
  routeTo,
  type Scene,
  type SceneHost,
  type SceneVpc,
} from './scene.ts';
import {
  hold,
  knownAt,
  linksPassed,
  newStaticSite,
  newVpnSite,
  propagatedIn,
  sessionsAt,
  takeAway,
  telemetryOf,
  tell,
} from './site-scene.ts';

let scene: Scene;
let vpc: SceneVpc;
let host: SceneHost;
let gateway: { readonly VpnGatewayId: string };
let vgw: string;

beforeEach(async () => {
  scene = await newScene();
  vpc = await scene.vpc('10.0.0.0/16', { ipv6: true });
  host = await newHost(await newSubnet(vpc, '10.0.1.0/24'));
  vgw = await makeVpnGateway(vpc.ec2);
  gateway = { VpnGatewayId: vgw };
  await vpc.ec2.attachVpnGateway({ ...gateway, VpcId: vpc.id });
  await propagate(vpc, vgw);
});

function propagate({ ec2, mainTable }: SceneVpc, GatewayId: string) {
  return ec2.enableVgwRoutePropagation({ RouteTableId: mainTable, GatewayId });
}

/** The links that the packets of many flows leave AWS by. */
function waysTo(to: string, from = host.id): string[] {
  const ways = Array.from({ length: 24 }, (_, index) =>
    linksPassed(scene, { from, to, sourcePort: 20_000 + index * 7 }),
  );
  return [...new Set(ways.flat())].sort();
}

describe('propagation', () => {
  it('H-044 static prefixes are in the table while a tunnel is up', async () => {
    const site = await newStaticSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const there = [`192.168.0.0/16 ${vgw} active`];
    expect(await propagatedIn(vpc)).toEqual(there);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    await hold(scene, site, 'down', 0);
    expect(await propagatedIn(vpc)).toEqual(there);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    await hold(scene, site, 'down', 1);
    expect(await propagatedIn(vpc)).toEqual([]);
    expect(scene.fate({ from: host.id, to: site.host })).toBe(
      `NO_ROUTE_TO_DESTINATION at ${vpc.mainTable}`,
    );
    await hold(scene, site, 'up', 0);
    expect(await propagatedIn(vpc)).toEqual(there);
  });

  it('H-044 H-088 learned prefixes go with the last session that has them', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const there = [`192.168.0.0/16 ${vgw} active`];
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established', 'Established']);
    expect(await propagatedIn(vpc)).toEqual(there);
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    await hold(scene, site, 'down', 1);
    expect(await propagatedIn(vpc)).toEqual(there);
    await hold(scene, site, 'down', 0);
    expect(await propagatedIn(vpc)).toEqual([]);
    await hold(scene, site, 'up');
    expect(await propagatedIn(vpc)).toEqual(there);
    await takeAway(scene, site);
    expect(await propagatedIn(vpc)).toEqual([]);
  });

  it('H-044 one source of two goes: the route stays, by the other', async () => {
    const prefixes = ['192.168.0.0/16'];
    const one = await newStaticSite(scene, 'dc1', gateway, { prefixes });
    const other = await newVpnSite(scene, 'dc2', gateway, { prefixes, asn: 65_020 });
    await hold(scene, one, 'down');
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
    expect(other.links).toContain(waysTo(other.host)[0]);
    await hold(scene, other, 'down');
    expect(await propagatedIn(vpc)).toEqual([]);
  });

  it('H-044 disabled, static routes to the gateway carry on alone', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, {
      prefixes: ['192.168.0.0/16', '172.20.0.0/16'],
    });
    await routeTo(vpc, vpc.mainTable, '192.168.0.0/16', { GatewayId: vgw });
    await vpc.ec2.disableVgwRoutePropagation({ RouteTableId: vpc.mainTable, GatewayId: vgw });
    expect(await propagatedIn(vpc)).toEqual([]);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    expect(scene.fate({ from: host.id, to: '172.20.0.10' })).toBe(
      `NO_ROUTE_TO_DESTINATION at ${vpc.mainTable}`,
    );
  });

  it('H-045 what is broken beyond a tunnel that stays up takes no route away', async () => {
    const TunnelOptions = [{ DPDTimeoutAction: 'none' }, { DPDTimeoutAction: 'none' }];
    const site = await newStaticSite(scene, 'dc1', gateway, {
      prefixes: ['192.168.0.0/16'],
      options: { TunnelOptions },
    });
    await hold(scene, site, 'unreachable');
    await scene.advance(3_600_000);
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 1', 'UP IPSEC IS UP 1']);
    expect(scene.fate({ from: host.id, to: site.host })).toBe(
      `VPN_PEER_UNREACHABLE at ${site.connectionId}`,
    );
  });

  it('H-046 a detached gateway: its routes vanish, static ones are black holes', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    await routeTo(vpc, vpc.mainTable, '172.20.0.0/16', { GatewayId: vgw });
    await vpc.ec2.detachVpnGateway({ ...gateway, VpcId: vpc.id });
    expect(await propagatedIn(vpc)).toEqual([]);
    expect(scene.fate({ from: host.id, to: site.host })).toBe(
      `NO_ROUTE_TO_DESTINATION at ${vpc.mainTable}`,
    );
    expect(scene.fate({ from: host.id, to: '172.20.0.10' })).toBe(
      `BAD_STATE_ROUTE at ${vpc.mainTable}`,
    );
    // The site is told that the VPC is no more, and its session goes on.
    expect(knownAt(scene, 'dc1')).toEqual([]);
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established', 'Established']);
  });
});

describe('the gateway’s own table', () => {
  it('H-047 a route of the VPC’s alone opens no path', async () => {
    await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    await routeTo(vpc, vpc.mainTable, '0.0.0.0/0', { GatewayId: vgw });
    expect(scene.fate({ from: host.id, to: '192.168.0.10' })).toBe('reachable');
    expect(scene.fate({ from: host.id, to: '172.20.0.10' })).toBe(
      `NO_POSSIBLE_DESTINATION at ${vgw}`,
    );
    expect(scene.fate({ from: host.id, to: '8.8.8.8' })).toBe(`NO_POSSIBLE_DESTINATION at ${vgw}`);
  });

  it('H-048 one tunnel carries a prefix, the same until it fails', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const [chosen, ...others] = waysTo(site.host);
    expect(others).toEqual([]);
    const index = site.links.indexOf(chosen!) as 0 | 1;
    const spare = (1 - index) as 0 | 1;
    await scene.advance(60_000);
    await hold(scene, site, 'down', spare);
    await hold(scene, site, 'up', spare);
    expect(waysTo(site.host)).toEqual([chosen]);
    await hold(scene, site, 'down', index);
    expect(waysTo(site.host)).toEqual([site.links[spare]]);
    // What is back does not take over.
    await scene.advance(60_000);
    await hold(scene, site, 'up', index);
    expect(waysTo(site.host)).toEqual([site.links[spare]]);
  });

  it('H-048 never two connections at once, however equal', async () => {
    const prefixes = ['192.168.0.0/16'];
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes });
    const other = await newVpnSite(scene, 'dc2', gateway, { prefixes });
    const ways = waysTo(one.host);
    expect(ways.length).toBe(1);
    expect([...one.links, ...other.links]).toContain(ways[0]);
  });

  it('H-048 a static connection with both tunnels up sends by one of them', async () => {
    const site = await newStaticSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const [chosen, ...others] = waysTo(site.host);
    expect([others, site.links.includes(chosen!)]).toEqual([[], true]);
    await hold(scene, site, 'down', site.links.indexOf(chosen!) as 0 | 1);
    expect(waysTo(site.host)).toEqual(site.links.filter((id) => id !== chosen));
  });

  it('H-048 A-024 the longest prefix goes first, whatever the source', async () => {
    const wide = await newStaticSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const narrow = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.7.0/24'],
      asn: 65_020,
    });
    expect(waysTo(wide.host)[0]).toContain(wide.connectionId);
    expect(waysTo(narrow.host)[0]).toContain(narrow.connectionId);
  });

  it('A-029 of one prefix the static connection goes before BGP', async () => {
    const prefixes = ['192.168.0.0/16'];
    const bgp = await newVpnSite(scene, 'dc2', gateway, { prefixes, asn: 65_020 });
    expect(waysTo(bgp.host)[0]).toContain(bgp.connectionId);
    const fixed = await newStaticSite(scene, 'dc1', gateway, { prefixes });
    expect(waysTo(bgp.host)[0]).toContain(fixed.connectionId);
    await hold(scene, fixed, 'down');
    expect(waysTo(bgp.host)[0]).toContain(bgp.connectionId);
  });

  it('A-029 then the shorter AS path, then the lower MED of one neighbour', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.1.0/24'] });
    const other = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.2.0/24'],
      asn: 65_020,
    });
    const by = () => {
      const { forward } = scene.ask({ from: host.id, to: '172.20.0.10', protocol: 'udp' });
      return forward.hops.find(({ kind }) => kind === 'vpn-connection')?.resource;
    };
    await routeTo(vpc, vpc.mainTable, '0.0.0.0/0', { GatewayId: vgw });
    const block = '172.20.0.0/16';
    await tell(scene, one.links[0], { block, asns: [65_010, 65_099] });
    await tell(scene, other.links[1], { block, asns: [65_020] });
    expect(by()).toBe(other.connectionId);
    await tell(scene, other.links[1], { block, asns: [65_020, 65_099], med: 1 });
    await tell(scene, one.links[0], { block, asns: [65_010, 65_099], med: 50 });
    // MEDs of two neighbours are not compared: who was there first keeps it.
    const kept = by();
    await tell(scene, other.links[1], { block, asns: [65_020, 65_099], med: 99 });
    expect(by()).toBe(kept);
    await tell(scene, one.links[0], { block, asns: [65_077, 65_099], med: 50 });
    await tell(scene, other.links[1], { block, asns: [65_077, 65_099], med: 40 });
    expect(by()).toBe(other.connectionId);
    await tell(scene, one.links[0], { block, asns: [65_077, 65_099], med: 30 });
    expect(by()).toBe(one.connectionId);
  });
});

describe('what it advertises', () => {
  it('H-049 the VPC’s IPv4 blocks as they are now, with MEDs of 100 and 200', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const routes = (med: number, link: string, ...blocks: string[]) =>
      blocks.map((destination) => ({ destination, links: [link], asPath: '64512', med }));
    expect(knownAt(scene, 'dc1')).toEqual(routes(100, site.links[0], '10.0.0.0/16'));
    await vpc.ec2.associateVpcCidrBlock({ VpcId: vpc.id, CidrBlock: '10.1.0.0/16' });
    const both = ['10.0.0.0/16', '10.1.0.0/16'];
    expect(knownAt(scene, 'dc1')).toEqual(routes(100, site.links[0], ...both));
    await hold(scene, site, 'down', 0);
    expect(knownAt(scene, 'dc1')).toEqual(routes(200, site.links[1], ...both));
  });

  it('H-050 CloudHub: a site learns of another, and packets pass between them', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.1.0/24'] });
    const other = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.2.0/24'],
      asn: 65_020,
    });
    const learned = knownAt(scene, 'dc1').map(({ destination, asPath }) => [destination, asPath]);
    expect(learned).toEqual([
      ['10.0.0.0/16', '64512'],
      ['192.168.2.0/24', '64512 65020'],
    ]);
    const { reachable, forward } = scene.ask({ from: one.place, to: other.host });
    expect(reachable).toBe(true);
    expect(kindsOf(forward)).toEqual([
      'site egress',
      'vpn-connection ingress',
      'vpn-gateway ingress',
      'vpn-connection egress',
      'site ingress',
    ]);
    // With no VPC at all, too.
    await vpc.ec2.detachVpnGateway({ ...gateway, VpcId: vpc.id });
    expect(scene.fate({ from: other.place, to: one.host })).toBe('reachable');
    await hold(scene, other, 'down');
    expect(scene.fate({ from: one.place, to: other.host })).toBe('NO_ROUTE_TO_DESTINATION at dc1');
  });

  it('H-050 H-101 sites of one ASN see it in the path: no route, and the sessions stay', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.1.0/24'] });
    const other = await newVpnSite(scene, 'dc2', gateway, { prefixes: ['192.168.2.0/24'] });
    expect(knownAt(scene, 'dc1').map(({ destination }) => destination)).toEqual(['10.0.0.0/16']);
    expect(scene.fate({ from: one.place, to: other.host })).toBe('NO_ROUTE_TO_DESTINATION at dc1');
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established', 'Established']);
    expect(scene.fate({ from: host.id, to: other.host })).toBe('reachable');
  });

  it('H-050 a static site is not told of, and cannot tell', async () => {
    const fixed = await newStaticSite(scene, 'dc1', gateway, { prefixes: ['192.168.1.0/24'] });
    const bgp = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.2.0/24'],
      asn: 65_020,
    });
    expect(knownAt(scene, 'dc2').map(({ destination }) => destination)).toEqual(['10.0.0.0/16']);
    expect(scene.fate({ from: bgp.place, to: fixed.host })).toBe('NO_ROUTE_TO_DESTINATION at dc2');
  });

  it('H-051 A-110 nothing else is passed: no peer, no internet, no other gateway', async () => {
    const site = await newStaticSite(scene, 'dc1', gateway, {
      prefixes: ['192.168.0.0/16'],
      options: { LocalIpv4NetworkCidr: '0.0.0.0/0' },
    });
    const other = await scene.vpc('10.9.0.0/16');
    const far = await newHost(await newSubnet(other, '10.9.1.0/24'));
    const PeeringId = await peer(vpc, other);
    const peering = { VpcPeeringConnectionId: PeeringId };
    await routeTo(vpc, vpc.mainTable, '10.9.0.0/16', peering);
    await routeTo(other, other.mainTable, '192.168.0.0/16', peering);
    await newGateway(vpc);
    // Its router sends all it has no other way for: the VPC widens so that it reaches the gateway.
    await vpc.ec2.associateVpcCidrBlock({ VpcId: vpc.id, CidrBlock: '10.1.0.0/16' });
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    expect(scene.fate({ from: site.place, to: '10.1.0.77' })).toBe(
      `VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at ${vgw}`,
    );
    expect(scene.fate({ from: site.place, to: far.address })).toBe(
      'NO_ROUTE_TO_DESTINATION at dc1',
    );
    expect(scene.fate({ from: far.id, to: site.host })).toBe(
      `PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${PeeringId}`,
    );
  });

  it('H-052 no IPv6: neither tunnels for it, nor the VPC’s block, nor packets', async () => {
    const ipv6 = connect(vpc.ec2, { ...gateway, Options: { TunnelInsideIpVersion: 'ipv6' } });
    await expect(ipv6).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16', 'fd00:1::/64'] });
    expect(knownAt(scene, 'dc1').map(({ destination }) => destination)).toEqual(['10.0.0.0/16']);
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
    const asked = { from: host.id, to: 'fd00:1::10', family: 6 } as const;
    expect(scene.fate(asked)).toBe(`NO_ROUTE_TO_DESTINATION at ${vpc.mainTable}`);
    await routeTo(vpc, vpc.mainTable, '::/0', { GatewayId: vgw });
    expect(scene.fate(asked)).toBe(`NO_POSSIBLE_DESTINATION at ${vgw}`);
  });
});

describe('a route table with propagated routes', () => {
  const decided = (to: string) => {
    const { forward } = scene.ask({ from: host.id, to });
    const rule = forward.hops.find(({ kind }) => kind === 'route-table')?.rule;
    return `${rule?.destinationCidrBlock} ${rule?.target}`;
  };

  it('A-024 the longest prefix, propagated or not', async () => {
    await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.7.0/24'] });
    const box = await newHost(await newSubnet(vpc, '10.0.2.0/24', 1), { forwards: true });
    await routeTo(vpc, vpc.mainTable, '192.168.0.0/16', { NetworkInterfaceId: box.eni });
    expect(decided('192.168.7.10')).toBe(`192.168.7.0/24 ${vgw}`);
    expect(decided('192.168.8.10')).toBe(`192.168.0.0/16 ${box.eni}`);
  });

  it('A-025 local goes before what is propagated within it', async () => {
    await newVpnSite(scene, 'dc1', gateway, { prefixes: ['10.0.1.0/24', '10.0.0.0/8'] });
    const neighbour = await newHost(await newSubnet(vpc, '10.0.3.0/24', 1));
    expect(decided(neighbour.address)).toBe('10.0.0.0/16 local');
    expect(scene.fate({ from: neighbour.id, to: host.address })).toBe('reachable');
    expect(decided('10.77.0.1')).toBe(`10.0.0.0/8 ${vgw}`);
  });

  it('A-026 static goes before propagated of the same prefix, until it is removed', async () => {
    await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const box = await newHost(await newSubnet(vpc, '10.0.2.0/24', 1), { forwards: true });
    await routeTo(vpc, vpc.mainTable, '192.168.0.0/16', { NetworkInterfaceId: box.eni });
    expect(decided('192.168.0.10')).toBe(`192.168.0.0/16 ${box.eni}`);
    const route = { RouteTableId: vpc.mainTable, DestinationCidrBlock: '192.168.0.0/16' };
    await vpc.ec2.deleteRoute(route);
    expect(decided('192.168.0.10')).toBe(`192.168.0.0/16 ${vgw}`);
    expect(scene.fate({ from: host.id, to: '192.168.0.10' })).toBe('reachable');
  });

  it('A-027 a prefix list goes before propagated of the same prefix', async () => {
    await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16', '192.168.7.0/24'] });
    const box = await newHost(await newSubnet(vpc, '10.0.2.0/24', 1), { forwards: true });
    const { PrefixList } = await vpc.ec2.createManagedPrefixList({
      PrefixListName: 'sites',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '192.168.0.0/16' }],
    });
    await vpc.ec2.createRoute({
      RouteTableId: vpc.mainTable,
      DestinationPrefixListId: PrefixList!.PrefixListId!,
      NetworkInterfaceId: box.eni,
    });
    const targets = ['192.168.0.10', '192.168.7.10'].map((to) => decided(to).split(' ')[1]);
    expect(targets).toEqual([box.eni, vgw]);
  });
});
