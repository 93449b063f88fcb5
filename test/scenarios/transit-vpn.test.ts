/** VPN connections to a transit gateway: what its tables learn, tell and choose (C7, C4). */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  attach,
  blocksIn,
  defaultTable,
  makeTable,
  makeTransitGateway,
} from '../support/transit-fixture.ts';
import { connect } from '../support/vpn-fixture.ts';
import {
  kindsOf,
  newHost,
  newScene,
  newSubnet,
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
  sessionsAt,
  shownIn,
  takeBack,
  telemetryOf,
  tell,
  type VpnSite,
} from './site-scene.ts';

let scene: Scene;
let vpc: SceneVpc;
let host: SceneHost;
let gateway: { readonly TransitGatewayId: string };
let vpcAttachment: string;
let table: string;

async function begin(
  options: Parameters<typeof makeTransitGateway>[1] = {},
  { ipv6, ...cloud }: Parameters<typeof newScene>[0] & { readonly ipv6?: boolean } = {},
): Promise<void> {
  scene = await newScene(cloud);
  gateway = { TransitGatewayId: await makeTransitGateway(scene.ec2(), options) };
  ({ vpc, host, attachment: vpcAttachment } = await newSpoke('10.0.0.0/16', ipv6));
  table = await defaultTable(vpc.ec2, gateway.TransitGatewayId);
}

/** An attached VPC whose main table sends everything else to the gateway. */
async function newSpoke(block: string, ipv6 = false) {
  const one = await scene.vpc(block, { ipv6 });
  const subnet = await newSubnet(one, block.replace('/16', '/24'));
  const { TransitGatewayId } = gateway;
  const Ipv6Support = ipv6 ? 'enable' : 'disable';
  const id = await attach(one.ec2, TransitGatewayId, one.id, [subnet.id], { Ipv6Support });
  const RouteTableId = one.mainTable;
  const everything = { RouteTableId, TransitGatewayId };
  await one.ec2.createRoute({ ...everything, DestinationCidrBlock: '0.0.0.0/0' });
  if (ipv6) await one.ec2.createRoute({ ...everything, DestinationIpv6CidrBlock: '::/0' });
  return { vpc: one, host: await newHost(subnet), attachment: id };
}

beforeEach(() => begin());

async function attachmentOf({ connectionId }: VpnSite): Promise<string> {
  const { TransitGatewayAttachments } = await vpc.ec2.describeTransitGatewayAttachments({
    Filters: [{ Name: 'resource-id', Values: [connectionId] }],
  });
  return TransitGatewayAttachments![0]!.TransitGatewayAttachmentId!;
}

function addStatic(DestinationCidrBlock: string, TransitGatewayAttachmentId?: string, to = table) {
  return vpc.ec2.createTransitGatewayRoute({
    TransitGatewayRouteTableId: to,
    DestinationCidrBlock,
    ...(TransitGatewayAttachmentId ? { TransitGatewayAttachmentId } : { Blackhole: true }),
  });
}

function removeStatic(DestinationCidrBlock: string) {
  const route = { TransitGatewayRouteTableId: table, DestinationCidrBlock };
  return vpc.ec2.deleteTransitGatewayRoute(route);
}

/** The links that the packets of many flows leave AWS by. */
function waysTo(to: string): string[] {
  const ways = Array.from({ length: 48 }, (_, index) =>
    linksPassed(scene, { from: host.id, to, sourcePort: 20_000 + index * 7 }),
  );
  return [...new Set(ways.flat())].sort();
}

const told = (name: string) =>
  knownAt(scene, name).map(({ destination, asPath }) => `${destination} ${asPath}`);

describe('what is learned', () => {
  it('C-061 H-024 a BGP VPN fills the tables while a session is up', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    expect(await telemetryOf(scene, site)).toEqual(['UP 1 BGP ROUTES 1', 'UP 1 BGP ROUTES 1']);
    const all = ['10.0.0.0/16 propagated vpc', '192.168.0.0/16 propagated vpn'];
    expect(await shownIn(vpc.ec2, table)).toEqual(all);
    const answer = scene.ask({ from: host.id, to: site.host });
    expect(answer.reachable).toBe(true);
    expect(kindsOf(answer.forward).slice(-5)).toEqual([
      'transit-gateway-attachment egress',
      'transit-gateway-route-table egress',
      'transit-gateway-attachment egress',
      'vpn-connection egress',
      'site ingress',
    ]);
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    await hold(scene, site, 'down', 0);
    expect(await shownIn(vpc.ec2, table)).toEqual(all);
    await hold(scene, site, 'down', 1);
    expect(await shownIn(vpc.ec2, table)).toEqual(all.slice(0, 1));
    expect(scene.fate({ from: host.id, to: site.host })).toBe(
      `TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT at ${table}`,
    );
  });

  it('C-062 C-061 a static VPN fills nothing: its prefixes are added by hand', async () => {
    const site = await newStaticSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 0', 'UP IPSEC IS UP 0']);
    expect(await blocksIn(vpc.ec2, table)).toEqual(['10.0.0.0/16']);
    const route = { VpnConnectionId: site.connectionId, DestinationCidrBlock: '192.168.0.0/16' };
    await expect(vpc.ec2.createVpnConnectionRoute(route)).rejects.toMatchObject({
      name: 'InvalidVpnConnection.InvalidType',
    });
    await addStatic('192.168.0.0/16', await attachmentOf(site));
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    await hold(scene, site, 'down');
    expect(scene.fate({ from: host.id, to: site.host })).toMatch(/^TGW_BAD_STATE_VPN at /);
  });

  it('H-032 a static connection moves once its routes are gone, and is routed by hand there', async () => {
    const { VpnGateway } = await vpc.ec2.createVpnGateway({ Type: 'ipsec.1' });
    const VpnGatewayId = VpnGateway!.VpnGatewayId!;
    const prefixes = ['192.168.0.0/16'];
    const site = await newStaticSite(scene, 'dc1', { VpnGatewayId }, { prefixes });
    const VpnConnectionId = site.connectionId;
    const move = () => vpc.ec2.modifyVpnConnection({ VpnConnectionId, ...gateway });
    await expect(move()).rejects.toMatchObject({ name: 'IncorrectState' });
    const DestinationCidrBlock = prefixes[0]!;
    await vpc.ec2.deleteVpnConnectionRoute({ VpnConnectionId, DestinationCidrBlock });
    await move();
    expect(await blocksIn(vpc.ec2, table)).toEqual(['10.0.0.0/16']);
    await addStatic(DestinationCidrBlock, await attachmentOf(site));
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
  });

  it('H-080 C-097 with more than 1,000 prefixes a session ends, and all of its routes', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `172.${16 + (index >> 8)}.${index & 255}.0/24`);
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: many(1000) });
    const full = 'UP 1000 BGP ROUTES 1000';
    expect(await telemetryOf(scene, site)).toEqual([full, full]);
    const over = await newVpnSite(scene, 'dc2', gateway, { prefixes: many(1001), asn: 65_020 });
    const down = 'DOWN IPSEC IS UP 0';
    expect(await telemetryOf(scene, over)).toEqual([down, down]);
    expect((await scene.cloud.model.by('learned-route', 'link', over.links[0])).length).toBe(0);
    expect(await telemetryOf(scene, site)).toEqual([full, full]);
  });
});

describe('what is told', () => {
  it('C-103 H-049 the associated table, with one MED on both tunnels', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const ipv4 = { asPath: '64512', med: 100, links: [...site.links].sort() };
    expect(knownAt(scene, 'dc1')).toEqual([{ destination: '10.0.0.0/16', ...ipv4 }]);
    await addStatic('10.99.0.0/16', vpcAttachment);
    await addStatic('10.98.0.0/16');
    expect(told('dc1')).toEqual(['10.0.0.0/16 64512', '10.99.0.0/16 64512']);
    await removeStatic('10.99.0.0/16');
    await vpc.ec2.associateVpcCidrBlock({ VpcId: vpc.id, CidrBlock: '10.1.0.0/16' });
    expect(told('dc1')).toEqual(['10.0.0.0/16 64512', '10.1.0.0/16 64512']);
  });

  it('C-103 another table is associated: what it holds is told, and nothing else', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const TransitGatewayAttachmentId = await attachmentOf(site);
    const other = await makeTable(vpc.ec2, gateway.TransitGatewayId);
    await addStatic('10.77.0.0/16', vpcAttachment, other);
    const association = { TransitGatewayAttachmentId };
    await vpc.ec2.disassociateTransitGatewayRouteTable({
      ...association,
      TransitGatewayRouteTableId: table,
    });
    expect(told('dc1')).toEqual([]);
    await vpc.ec2.associateTransitGatewayRouteTable({
      ...association,
      TransitGatewayRouteTableId: other,
    });
    expect(told('dc1')).toEqual(['10.77.0.0/16 64512']);
    // What comes in is routed by it, too.
    expect(scene.fate({ from: site.place, to: host.address })).toBe(
      'NO_ROUTE_TO_DESTINATION at dc1',
    );
  });

  it('C-103 sites behind one gateway reach each other, and see each other’s systems', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.1.0/24'] });
    const other = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.2.0/24'],
      asn: 65_020,
    });
    expect(told('dc1')).toEqual(['10.0.0.0/16 64512', '192.168.2.0/24 64512 65020']);
    expect(scene.fate({ from: one.place, to: other.host })).toBe('reachable');
  });

  it('C-103 at most 5,000 routes, those that sort first', async () => {
    await begin({}, { quotas: false });
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const many = (length: number) =>
      Array.from({ length }, (_, index) => `172.${16 + (index >> 8)}.${index & 255}.0/24`);
    const source = await newVpnSite(scene, 'dc2', gateway, { prefixes: many(5_100), asn: 65_020 });
    expect((await telemetryOf(scene, source))[0]).toBe('UP 5100 BGP ROUTES 5100');
    const known = knownAt(scene, 'dc1').map(({ destination }) => destination);
    expect(known.length).toBe(5_000);
    expect([known.includes('172.16.0.0/24'), known.includes('172.35.235.0/24')]).toEqual([
      true,
      false,
    ]);
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established', 'Established']);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
  });
});

describe('the choice', () => {
  it('C-063 the longest prefix, black holes included', async () => {
    const wide = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const narrow = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.7.0/24'],
      asn: 65_020,
    });
    expect(waysTo(wide.host)[0]).toContain(wide.connectionId);
    expect(waysTo(narrow.host)[0]).toContain(narrow.connectionId);
    await addStatic('192.168.7.0/25');
    expect(scene.fate({ from: host.id, to: '192.168.7.10' })).toBe(
      `TGW_RTB_BAD_STATE_ROUTE at ${table}`,
    );
    expect(scene.fate({ from: host.id, to: wide.host })).toBe('reachable');
  });

  it('C-064 C-066 a VPC’s block goes before a VPN’s, which shows when that is gone', async () => {
    await newVpnSite(scene, 'dc1', gateway, { prefixes: ['10.5.0.0/16'] });
    expect(await shownIn(vpc.ec2, table)).toContain('10.5.0.0/16 propagated vpn');
    const spoke = await newSpoke('10.5.0.0/16');
    expect(await shownIn(vpc.ec2, table)).toContain('10.5.0.0/16 propagated vpc');
    expect(scene.fate({ from: host.id, to: spoke.host.address })).toBe('reachable');
    const TransitGatewayAttachmentId = spoke.attachment;
    await vpc.ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    expect(await shownIn(vpc.ec2, table)).toContain('10.5.0.0/16 propagated vpn');
    expect(scene.fate({ from: host.id, to: '10.5.0.10' })).toBe('reachable');
  });

  it('C-067 a static route hides the learned one until it is removed', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const other = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['172.20.0.0/16'],
      asn: 65_020,
    });
    await addStatic('192.168.0.0/16', await attachmentOf(other));
    expect(await shownIn(vpc.ec2, table)).toContain('192.168.0.0/16 static vpn');
    expect(waysTo(one.host).every((link) => other.links.includes(link))).toBe(true);
    await removeStatic('192.168.0.0/16');
    expect(await shownIn(vpc.ec2, table)).toContain('192.168.0.0/16 propagated vpn');
    expect(waysTo(one.host)).toEqual([...one.links].sort());
  });

  it('C-065 the shorter AS path, then the lower MED, then eBGP', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.1.0/24'] });
    const other = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.2.0/24'],
      asn: 65_020,
    });
    const block = '172.20.0.0/16';
    const by = () => {
      const { forward } = scene.ask({ from: host.id, to: '172.20.0.10', protocol: 'udp' });
      return forward.hops.find(({ kind }) => kind === 'vpn-connection')?.resource;
    };
    await tell(scene, one.links[0], { block, asns: [65_010, 65_099] });
    await tell(scene, other.links[0], { block, asns: [65_020] });
    expect(by()).toBe(other.connectionId);
    // Unlike A-029 also between neighbours; 100 is what a VPN's route has without one.
    await tell(scene, one.links[0], { block, asns: [65_010], med: 99 });
    expect(by()).toBe(one.connectionId);
    await tell(scene, one.links[0], { block, asns: [65_010], internal: true });
    expect(by()).toBe(other.connectionId);
    await takeBack(scene, other.links[0], block);
    expect(by()).toBe(one.connectionId);
  });

  it('C-066 H-088 only the preferred route is shown, the backup when it is withdrawn', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const other = await newVpnSite(scene, 'dc2', gateway, {
      prefixes: ['192.168.2.0/24'],
      asn: 65_020,
    });
    await tell(scene, other.links[0], { block: '192.168.0.0/16', asns: [65_020, 65_099] });
    const shown = async () => {
      const { Routes } = await vpc.ec2.searchTransitGatewayRoutes({
        TransitGatewayRouteTableId: table,
        Filters: [{ Name: 'route-search.exact-match', Values: ['192.168.0.0/16'] }],
      });
      return Routes!.flatMap(({ TransitGatewayAttachments }) =>
        TransitGatewayAttachments!.map(({ ResourceId }) => ResourceId),
      );
    };
    expect(await shown()).toEqual([one.connectionId]);
    await hold(scene, one, 'down');
    expect(await shown()).toEqual([other.connectionId]);
    await hold(scene, one, 'up');
    expect(await shown()).toEqual([one.connectionId]);
  });
});

describe('ECMP', () => {
  const prefixes = ['192.168.0.0/16'];
  const two = async () =>
    [
      await newVpnSite(scene, 'dc1', gateway, { prefixes }),
      await newVpnSite(scene, 'dc2', gateway, { prefixes }),
    ] as const;

  it('C-101 with BGP, equal AS paths share all tunnels of all connections', async () => {
    const [one, other] = await two();
    expect(waysTo(one.host)).toEqual([...one.links, ...other.links].sort());
    await hold(scene, other, 'down', 0);
    expect(waysTo(one.host)).toEqual([...one.links, other.links[1]].sort());
  });

  it('C-101 a flow keeps its tunnel while others come and go', async () => {
    const [one, other] = await two();
    const asked = { from: host.id, to: one.host, sourcePort: 20_007 };
    const [kept] = linksPassed(scene, asked);
    const rest = [one, other].flatMap((site) => site.links.map((link) => ({ site, link })));
    for (const { site, link } of rest.filter(({ link }) => link !== kept)) {
      await hold(scene, site, 'down', site.links.indexOf(link) as 0 | 1);
      expect(linksPassed(scene, asked)).toEqual([kept]);
    }
  });

  it('C-101 not between AS paths that differ, however long', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes });
    const other = await newVpnSite(scene, 'dc2', gateway, { prefixes, asn: 65_020 });
    const ways = waysTo(one.host);
    const ofOne = ways.every((link) => one.links.includes(link));
    const ofOther = ways.every((link) => other.links.includes(link));
    expect([ways.length, ofOne !== ofOther]).toEqual([2, true]);
  });

  it('C-101 not without the gateway’s option: one tunnel carries all', async () => {
    await begin({ VpnEcmpSupport: 'disable' });
    const [one] = await two();
    expect(waysTo(one.host).length).toBe(1);
  });

  it('C-101 never with static routes', async () => {
    const site = await newStaticSite(scene, 'dc1', gateway, { prefixes });
    await addStatic('192.168.0.0/16', await attachmentOf(site));
    const [chosen, ...others] = waysTo(site.host);
    expect(others).toEqual([]);
    await hold(scene, site, 'down', site.links.indexOf(chosen!) as 0 | 1);
    expect(waysTo(site.host)).toEqual(site.links.filter((link) => link !== chosen));
  });
});

describe('IPv6 inside', () => {
  beforeEach(() => begin({}, { ipv6: true }));

  it('C-102 H-013 the session and all packets are IPv6, over the /126', async () => {
    const options = { TunnelInsideIpVersion: 'ipv6' } as const;
    const site = await newVpnSite(scene, 'dc1', gateway, {
      prefixes: ['fd00:aa::/64', '192.168.0.0/16'],
      options,
    });
    expect(await telemetryOf(scene, site)).toEqual(['UP 1 BGP ROUTES 1', 'UP 1 BGP ROUTES 1']);
    const [session] = scene.cloud.model.by('bgp-session', 'link', site.links[0]);
    expect(session!.family).toBe(6);
    const { Ipv6CidrBlockAssociationSet } = (await vpc.ec2.describeVpcs({ VpcIds: [vpc.id] }))
      .Vpcs![0]!;
    const block = Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!;
    expect(told('dc1')).toEqual([`${block} 64512`]);
    const asked = { from: host.id, to: site.host, family: 6 } as const;
    expect(scene.fate(asked)).toBe('reachable');
    expect(scene.fate({ from: site.place, to: host.ipv6, family: 6 })).toBe('reachable');
    expect(scene.fate({ from: host.id, to: '192.168.0.10' })).toBe(
      `TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT at ${table}`,
    );
  });

  it('C-102 IPv4 packets of a static route are outside an IPv6 connection’s selectors', async () => {
    const options = { TunnelInsideIpVersion: 'ipv6' } as const;
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['fd00:aa::/64'], options });
    await addStatic('192.168.0.0/16', await attachmentOf(site));
    expect(scene.fate({ from: host.id, to: '192.168.0.10' })).toBe(
      `VPN_TRAFFIC_SELECTOR_MISMATCH at ${site.connectionId}`,
    );
  });

  it('C-102 H-052 IPv4 connections carry no IPv6', async () => {
    const prefixes = ['192.168.0.0/16', 'fd00:aa::/64'];
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes });
    expect(await telemetryOf(scene, site)).toEqual(['UP 1 BGP ROUTES 1', 'UP 1 BGP ROUTES 1']);
    expect(told('dc1')).toEqual(['10.0.0.0/16 64512']);
  });
});

describe('sizes and times', () => {
  const HEADERS = 20 + 8 + 'openvpc?'.length;

  it('C-129 H-038 8500 bytes reach the gateway, 1446 a VPN; of what a VPN drops nobody hears', async () => {
    const site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
    const ping = { from: host.id, to: site.host, dontFragment: true };
    expect(scene.fate({ ...ping, size: 1446 - HEADERS })).toBe('reachable');
    for (const size of [1447, 8500]) {
      const answer = scene.ask({ ...ping, size: size - HEADERS });
      expect([answer.forward.at, answer.return]).toEqual([site.connectionId, null]);
    }
    expect(scene.fate({ ...ping, size: 8501 - HEADERS })).toBe(`MTU_EXCEEDED at ${vpcAttachment}`);
  });

  it('H-019 H-088 a session that ends takes its routes from the tables and the other sites', async () => {
    const one = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.1.0/24'] });
    await newVpnSite(scene, 'dc2', gateway, { prefixes: ['192.168.2.0/24'], asn: 65_020 });
    await hold(scene, one, 'unreachable');
    scene.pass(60_000);
    expect(await blocksIn(vpc.ec2, table)).toEqual(['10.0.0.0/16', '192.168.2.0/24']);
    expect(told('dc2')).toEqual(['10.0.0.0/16 64512']);
    await hold(scene, one, 'up');
    scene.pass(60_000);
    expect(told('dc2')).toEqual(['10.0.0.0/16 64512', '192.168.1.0/24 64512 65010']);
  });
});

describe('who may', () => {
  it('C-100 the attachment is made in the account of the gateway alone', async () => {
    const other = scene.ec2('222222222222');
    await expect(connect(other, gateway)).rejects.toMatchObject({
      name: 'InvalidTransitGatewayID.NotFound',
    });
    expect([...scene.cloud.model.all('vpn-connection')]).toEqual([]);
  });
});
