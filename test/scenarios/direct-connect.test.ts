/** Direct Connect to virtual private gateways, at once or by a gateway of its own (H8, H9, H11). */
import { beforeEach, describe, expect, it } from 'vitest';
import { associate, blocks, makeGateway, REFUSED } from '../support/direct-connect-fixture.ts';
import { makeTransitGateway } from '../support/transit-fixture.ts';
import { makeVpnGateway } from '../support/vpn-fixture.ts';
import { type DxScene, newDxScene } from './direct-connect-scene.ts';
import { kindsOf, newHost, newSubnet, routeTo, type Scene } from './scene.ts';
import { hold, newStaticSite, newVpnSite, propagatedIn, sessionsAt, tell } from './site-scene.ts';

let scene: Scene;
let dx: DxScene['dx'];
let newSpoke: DxScene['spoke'];
let newDxSite: DxScene['site'];
let told: DxScene['told'];
let lookAt: DxScene['lookAt'];
let waysTo: DxScene['waysTo'];

async function begin(options: Parameters<typeof newDxScene>[0] = {}): Promise<void> {
  const made = await newDxScene(options);
  ({ scene, dx, told, lookAt, waysTo } = made);
  ({ spoke: newSpoke, site: newDxSite } = made);
}

beforeEach(() => begin());

const HEADERS = 20 + 8 + 'openvpc?'.length;

describe('a private virtual interface on a virtual private gateway', () => {
  it('H-044 H-064 its session brings routes both ways, and packets pass', async () => {
    const { vpc, host, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw });
    const { virtualInterfaceState, bgpPeers } = await lookAt(site);
    expect(virtualInterfaceState).toBe('available');
    expect(bgpPeers).toMatchObject([{ bgpPeerState: 'available', bgpStatus: 'up' }]);
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
    expect(told('dc1')).toEqual(['10.0.0.0/16 64512']);
    const { reachable, forward } = scene.ask({ from: host.id, to: site.host });
    expect(reachable).toBe(true);
    expect(kindsOf(forward).slice(-3)).toEqual([
      'vpn-gateway egress',
      'virtual-interface egress',
      'site ingress',
    ]);
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    await hold(scene, site, 'down', 0);
    expect((await lookAt(site)).virtualInterfaceState).toBe('down');
    expect((await lookAt(site)).bgpPeers).toMatchObject([
      { bgpPeerState: 'available', bgpStatus: 'down' },
    ]);
    expect(await propagatedIn(vpc)).toEqual([]);
  });

  it('H-078 the hold timer of 90 seconds finds that the device is silent', async () => {
    const { vpc, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw });
    scene.pass(300_000);
    await hold(scene, site, 'unreachable', 0);
    scene.pass(59_000);
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established']);
    scene.pass(31_000);
    expect(sessionsAt(scene, 'dc1')).not.toContain('Established');
    expect(await propagatedIn(vpc)).toEqual([]);
    await hold(scene, site, 'up', 0);
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
  });

  it('H-064 H-052 IPv6 has a peer, a session and packets of its own', async () => {
    const { vpc, host, vgw } = await newSpoke('10.0.0.0/16', { ipv6: true });
    const prefixes = ['192.168.0.0/16', 'fd00:aa::/64'];
    const site = await newDxSite('dc1', { virtualGatewayId: vgw }, { prefixes });
    expect((await propagatedIn(vpc)).length).toBe(1);
    await dx.createBGPPeer({
      virtualInterfaceId: site.id,
      newBGPPeer: { addressFamily: 'ipv6', asn: 65_010 },
    });
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established', 'Established']);
    const families = [...scene.cloud.model.all('bgp-session')].map(({ family }) => family);
    expect(families.sort()).toEqual([4, 6]);
    expect(await propagatedIn(vpc)).toEqual([
      `192.168.0.0/16 ${vgw} active`,
      `fd00:aa::/64 ${vgw} active`,
    ]);
    const asked = { from: host.id, to: 'fd00:aa::10', family: 6 } as const;
    expect(scene.fate(asked)).toBe('reachable');
    const back = { from: 'site:dc1/fd00:aa::10', to: host.ipv6, family: 6 } as const;
    expect(scene.fate(back)).toBe('reachable');
  });

  it('A-029 Direct Connect goes before static VPNs, and those before BGP', async () => {
    const { host, vgw } = await newSpoke('10.0.0.0/16');
    const prefixes = ['192.168.0.0/16'];
    const target = { VpnGatewayId: vgw };
    const bgp = await newVpnSite(scene, 'bgp', target, { prefixes, asn: 65_020 });
    const fixed = await newStaticSite(scene, 'fixed', target, { prefixes });
    const direct = await newDxSite('dc1', { virtualGatewayId: vgw }, { asn: 65_030 });
    expect(waysTo(host.id, bgp.host)).toEqual([direct.id]);
    await hold(scene, direct, 'down', 0);
    expect(waysTo(host.id, bgp.host)[0]).toContain(fixed.connectionId);
    await hold(scene, fixed, 'down');
    expect(waysTo(host.id, bgp.host)[0]).toContain(bgp.connectionId);
  });

  it('H-050 a VPN site and one behind a private interface reach each other', async () => {
    const { vgw } = await newSpoke('10.0.0.0/16');
    const vpn = await newVpnSite(
      scene,
      'vpn',
      { VpnGatewayId: vgw },
      { prefixes: ['172.20.0.0/16'], asn: 65_020 },
    );
    const direct = await newDxSite('dc1', { virtualGatewayId: vgw });
    expect(told('dc1')).toEqual(['10.0.0.0/16 64512', '172.20.0.0/16 64512 65020']);
    expect(scene.fate({ from: direct.place, to: vpn.host })).toBe('reachable');
    expect(scene.fate({ from: vpn.place, to: direct.host })).toBe('reachable');
  });

  it('H-081 with more than 100 prefixes of a family the session goes down', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `192.168.${index}.0/24`);
    const { vpc, vgw } = await newSpoke('10.0.0.0/16');
    const full = await newDxSite('dc1', { virtualGatewayId: vgw }, { prefixes: many(100) });
    expect((await lookAt(full)).virtualInterfaceState).toBe('available');
    await hold(scene, full, 'down', 0);
    const over = await newDxSite('dc2', { virtualGatewayId: vgw }, { prefixes: many(101) });
    expect((await lookAt(over)).virtualInterfaceState).toBe('down');
    expect(await propagatedIn(vpc)).toEqual([]);
  });
});

describe('what decides between virtual interfaces', () => {
  it('H-082 the higher preference first, whatever the AS path', async () => {
    const { host, vgw } = await newSpoke('10.0.0.0/16');
    const block = '172.20.0.0/16';
    const one = await newDxSite('dc1', { virtualGatewayId: vgw }, { prefixes: ['192.168.1.0/24'] });
    const two = await newDxSite('dc2', { virtualGatewayId: vgw }, { prefixes: ['192.168.2.0/24'] });
    await tell(scene, one.id, { block, asns: [65_010] });
    await tell(scene, two.id, { block, asns: [65_010, 65_010], preference: 200 });
    const by = () => {
      const { forward } = scene.ask({ from: host.id, to: '172.20.0.10', protocol: 'udp' });
      return forward.hops.find(({ kind }) => kind === 'virtual-interface')?.resource;
    };
    expect(by()).toBe(two.id);
    await tell(scene, two.id, { block, asns: [65_010, 65_010] });
    expect(by()).toBe(one.id);
    await tell(scene, one.id, { block, asns: [65_010], preference: 50 });
    expect(by()).toBe(two.id);
  });
});

describe('sizes', () => {
  it.each([1500, 9001])('H-065 A-108 a private interface carries %d bytes', async (mtu) => {
    const { host, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw }, { mtu });
    for (const [from, to] of [
      [host.id, site.host],
      [site.place, host.address],
    ] as const) {
      const ping = { from, to, dontFragment: true };
      expect(scene.fate({ ...ping, size: mtu - HEADERS })).toBe('reachable');
      expect(scene.fate({ ...ping, size: mtu + 1 - HEADERS })).toMatch(/^MTU_EXCEEDED at /);
    }
  });

  it('H-065 the MTU may be raised', async () => {
    const { host, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw });
    const ping = { from: host.id, to: site.host, dontFragment: true, size: 9001 - HEADERS };
    expect(scene.fate(ping)).toBe(`MTU_EXCEEDED at ${site.id}`);
    await dx.updateVirtualInterfaceAttributes({ virtualInterfaceId: site.id, mtu: 9001 });
    expect(scene.fate(ping)).toBe('reachable');
  });

  it('H-066 a static route to the gateway sends at 1500', async () => {
    const { vpc, host, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw }, { mtu: 9001 });
    const ping = { from: host.id, to: site.host, dontFragment: true };
    expect(scene.fate({ ...ping, size: 9001 - HEADERS })).toBe('reachable');
    await routeTo(vpc, vpc.mainTable, '192.168.0.0/16', { GatewayId: vgw });
    expect(scene.fate({ ...ping, size: 1500 - HEADERS })).toBe('reachable');
    expect(scene.fate({ ...ping, size: 1501 - HEADERS })).toBe(`MTU_EXCEEDED at ${vgw}`);
  });

  it('H-066 interfaces of two MTUs with one prefix: 1500', async () => {
    const { host, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw }, { mtu: 9001 });
    const ping = { from: host.id, to: site.host, dontFragment: true, size: 1501 - HEADERS };
    expect(scene.fate(ping)).toBe('reachable');
    const other = await newDxSite('dc2', { virtualGatewayId: vgw }, { mtu: 1500 });
    expect(scene.fate(ping)).toBe(`MTU_EXCEEDED at ${vgw}`);
    await hold(scene, other, 'down', 0);
    expect(scene.fate(ping)).toBe('reachable');
    const third = await newDxSite('dc3', { virtualGatewayId: vgw }, { mtu: 9001 });
    expect(scene.fate({ ...ping, to: third.host })).toBe('reachable');
  });

  it('H-066 an interface and a VPN with one prefix: 1500', async () => {
    const { host, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw }, { mtu: 9001 });
    const target = { VpnGatewayId: vgw };
    const prefixes = ['192.168.0.0/16'];
    const vpn = await newVpnSite(scene, 'vpn', target, { prefixes, asn: 65_020 });
    const ping = { from: host.id, to: site.host, dontFragment: true, size: 1501 - HEADERS };
    expect(scene.fate(ping)).toBe(`MTU_EXCEEDED at ${vgw}`);
    await hold(scene, vpn, 'down');
    expect(scene.fate(ping)).toBe('reachable');
  });
});

describe('a failover test', () => {
  it('H-067 holds the sessions down while it runs', async () => {
    const { vpc, vgw } = await newSpoke('10.0.0.0/16');
    const site = await newDxSite('dc1', { virtualGatewayId: vgw });
    await dx.startBgpFailoverTest({ virtualInterfaceId: site.id, testDurationInMinutes: 10 });
    expect((await lookAt(site)).virtualInterfaceState).toBe('testing');
    expect(await propagatedIn(vpc)).toEqual([]);
    expect(sessionsAt(scene, 'dc1')).toEqual([]);
    scene.pass(9 * 60_000);
    expect(await propagatedIn(vpc)).toEqual([]);
    scene.pass(60_000);
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established']);
    expect((await lookAt(site)).virtualInterfaceState).toBe('available');
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
    await dx.startBgpFailoverTest({ virtualInterfaceId: site.id });
    expect(await propagatedIn(vpc)).toEqual([]);
    await dx.stopBgpFailoverTest({ virtualInterfaceId: site.id });
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
  });
});

describe('a Direct Connect gateway with virtual private gateways', () => {
  it('H-069 H-070 allowed prefixes filter the VPC’s blocks', async () => {
    const { vpc, host, vgw } = await newSpoke('10.0.0.0/16');
    await vpc.ec2.associateVpcCidrBlock({ VpcId: vpc.id, CidrBlock: '10.1.0.0/16' });
    const gateway = await makeGateway(dx);
    const site = await newDxSite('dc1', { directConnectGatewayId: gateway });
    expect(told('dc1')).toEqual([]);
    const { associationId } = await associate(dx, gateway, vgw);
    expect(told('dc1')).toEqual(['10.0.0.0/16 64600', '10.1.0.0/16 64600']);
    expect(await propagatedIn(vpc)).toEqual([`192.168.0.0/16 ${vgw} active`]);
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    await dx.updateDirectConnectGatewayAssociation({
      associationId: associationId!,
      addAllowedPrefixesToDirectConnectGateway: blocks(['10.0.0.0/15', '10.1.0.0/24']),
    });
    expect(told('dc1')).toEqual(['10.0.0.0/16 64600', '10.1.0.0/16 64600']);
    await dx.updateDirectConnectGatewayAssociation({
      associationId: associationId!,
      addAllowedPrefixesToDirectConnectGateway: blocks(['10.1.0.0/16']),
      removeAllowedPrefixesToDirectConnectGateway: blocks(['10.0.0.0/15', '10.1.0.0/24']),
    });
    expect(told('dc1')).toEqual(['10.1.0.0/16 64600']);
    // What the VPC gains and loses later is judged likewise.
    await vpc.ec2.associateVpcCidrBlock({ VpcId: vpc.id, CidrBlock: '10.2.0.0/16' });
    expect(told('dc1')).toEqual(['10.1.0.0/16 64600']);
    const { Vpcs } = await vpc.ec2.describeVpcs({ VpcIds: [vpc.id] });
    const block = Vpcs![0]!.CidrBlockAssociationSet!.find((one) => one.CidrBlock === '10.1.0.0/16');
    await vpc.ec2.disassociateVpcCidrBlock({ AssociationId: block!.AssociationId! });
    expect(told('dc1')).toEqual([]);
    expect(scene.fate({ from: site.place, to: host.address })).toBe(
      'NO_ROUTE_TO_DESTINATION at dc1',
    );
  });

  it('H-071 traffic flows from associated on, and while untouched prefixes stay', async () => {
    await begin({ transitions: 'fast' });
    const wait = async () => {
      await scene.advance(2_000);
      scene.pass(10_000);
    };
    const vpc = await scene.vpc('10.0.0.0/16');
    const host = await newHost(await newSubnet(vpc, '10.0.0.0/24'));
    const vgw = await makeVpnGateway(vpc.ec2);
    const gateway = await makeGateway(dx);
    await wait();
    await vpc.ec2.attachVpnGateway({ VpnGatewayId: vgw, VpcId: vpc.id });
    await wait();
    await vpc.ec2.enableVgwRoutePropagation({ RouteTableId: vpc.mainTable, GatewayId: vgw });
    const site = await newDxSite('dc1', { directConnectGatewayId: gateway });
    await wait();
    const { associationId } = await associate(dx, gateway, vgw);
    expect([told('dc1'), await propagatedIn(vpc)]).toEqual([[], []]);
    await wait();
    expect(told('dc1')).toEqual(['10.0.0.0/16 64600']);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    await dx.deleteDirectConnectGatewayAssociation({ associationId: associationId! });
    expect([told('dc1'), await propagatedIn(vpc)]).toEqual([[], []]);
  });

  it('H-072 H-046 a detached gateway loses its association, and the routes with it', async () => {
    const { vpc, vgw } = await newSpoke('10.0.0.0/16');
    const gateway = await makeGateway(dx);
    await newDxSite('dc1', { directConnectGatewayId: gateway });
    await associate(dx, gateway, vgw);
    expect(told('dc1')).toEqual(['10.0.0.0/16 64600']);
    await vpc.ec2.detachVpnGateway({ VpnGatewayId: vgw, VpcId: vpc.id });
    expect(told('dc1')).toEqual([]);
    const { directConnectGatewayAssociations } = await dx.describeDirectConnectGatewayAssociations({
      directConnectGatewayId: gateway,
    });
    expect(directConnectGatewayAssociations).toEqual([]);
  });

  it('H-073 an association of another account’s gateway begins when the proposal is accepted', async () => {
    const other = '222222222222';
    const vpc = await scene.vpc('10.0.0.0/16', { account: other });
    const host = await newHost(await newSubnet(vpc, '10.0.0.0/24'));
    const vgw = await makeVpnGateway(vpc.ec2);
    await vpc.ec2.attachVpnGateway({ VpnGatewayId: vgw, VpcId: vpc.id });
    await vpc.ec2.enableVgwRoutePropagation({ RouteTableId: vpc.mainTable, GatewayId: vgw });
    const gateway = await makeGateway(dx);
    const site = await newDxSite('dc1', { directConnectGatewayId: gateway });
    const made = await scene.directConnect(other).createDirectConnectGatewayAssociationProposal({
      directConnectGatewayId: gateway,
      directConnectGatewayOwnerAccount: '111111111111',
      gatewayId: vgw,
    });
    expect(told('dc1')).toEqual([]);
    await dx.acceptDirectConnectGatewayAssociationProposal({
      directConnectGatewayId: gateway,
      proposalId: made.directConnectGatewayAssociationProposal!.proposalId!,
      associatedGatewayOwnerAccount: other,
    });
    expect(told('dc1')).toEqual(['10.0.0.0/16 64600']);
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
  });

  it('H-074 no interface reaches another, no gateway another', async () => {
    const [left, right] = [await newSpoke('10.1.0.0/16'), await newSpoke('10.2.0.0/16')];
    const gateway = await makeGateway(dx);
    await associate(dx, gateway, left.vgw);
    await associate(dx, gateway, right.vgw);
    const one = await newDxSite('dc1', { directConnectGatewayId: gateway });
    const two = await newDxSite(
      'dc2',
      { directConnectGatewayId: gateway },
      { prefixes: ['172.20.0.0/16'], asn: 65_020 },
    );
    expect(told('dc1')).toEqual(['10.1.0.0/16 64600', '10.2.0.0/16 64600']);
    expect(scene.fate({ from: one.place, to: two.host })).toBe('NO_ROUTE_TO_DESTINATION at dc1');
    await routeTo(left.vpc, left.vpc.mainTable, '10.2.0.0/16', { GatewayId: left.vgw });
    expect(scene.fate({ from: left.host.id, to: right.host.address })).toBe(
      `NO_POSSIBLE_DESTINATION at ${left.vgw}`,
    );
    expect(scene.fate({ from: left.host.id, to: two.host })).toBe('reachable');
  });

  it('H-074 VPCs inside a supernet announced on premises reach each other through it', async () => {
    const [left, right] = [await newSpoke('10.1.0.0/16'), await newSpoke('10.2.0.0/16')];
    const gateway = await makeGateway(dx);
    await associate(dx, gateway, left.vgw);
    await associate(dx, gateway, right.vgw);
    await newDxSite('dc1', { directConnectGatewayId: gateway }, { prefixes: ['10.0.0.0/8'] });
    expect(scene.fate({ from: left.host.id, to: right.host.address })).toBe('reachable');
  });

  it('H-051 no way between a VPN and an interface that comes by a Direct Connect gateway', async () => {
    const { vgw } = await newSpoke('10.0.0.0/16');
    const gateway = await makeGateway(dx);
    await associate(dx, gateway, vgw);
    const direct = await newDxSite('dc1', { directConnectGatewayId: gateway });
    const vpn = await newVpnSite(
      scene,
      'vpn',
      { VpnGatewayId: vgw },
      { prefixes: ['172.20.0.0/16'], asn: 65_020 },
    );
    expect([told('dc1'), told('vpn')]).toEqual([['10.0.0.0/16 64600'], ['10.0.0.0/16 64512']]);
    expect(scene.fate({ from: direct.place, to: vpn.host })).toBe('NO_ROUTE_TO_DESTINATION at dc1');
    expect(scene.fate({ from: vpn.place, to: direct.host })).toBe('NO_ROUTE_TO_DESTINATION at vpn');
  });

  it('C-105 H-058 a gateway with private interfaces takes no transit gateway', async () => {
    const gateway = await makeGateway(dx);
    await newDxSite('dc1', { directConnectGatewayId: gateway });
    const transit = await makeTransitGateway(scene.ec2());
    await expect(associate(dx, gateway, transit, ['10.0.0.0/8'])).rejects.toMatchObject({
      name: REFUSED,
    });
  });
});
