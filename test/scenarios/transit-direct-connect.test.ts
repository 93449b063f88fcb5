/** Direct Connect to transit gateways (C7, H9). */
import { beforeEach, describe, expect, it } from 'vitest';
import { addPeer, attachConnect } from '../support/connect-fixture.ts';
import { associate, makeGateway, REFUSED } from '../support/direct-connect-fixture.ts';
import { attach, defaultTable, makeTransitGateway } from '../support/transit-fixture.ts';
import { type DxScene, type DxSite, newDxScene } from './direct-connect-scene.ts';
import { kindsOf, newHost, newSubnet, type Scene, type SceneHost, type SceneVpc } from './scene.ts';
import {
  hold,
  newVpnSite,
  sessionsAt,
  shownIn,
  standUp,
  takeAway,
  takeBack,
  tell,
} from './site-scene.ts';

let scene: Scene;
let dx: DxScene['dx'];
let newDxSite: DxScene['site'];
let told: DxScene['told'];
let waysTo: DxScene['waysTo'];

async function begin(): Promise<void> {
  ({ scene, dx, told, waysTo, site: newDxSite } = await newDxScene());
}

beforeEach(() => begin());

const HEADERS = 20 + 8 + 'openvpc?'.length;

describe('a Direct Connect gateway with transit gateways', () => {
  let transit: string;
  let table: string;
  let vpc: SceneVpc;
  let host: SceneHost;

  async function beginTransit(): Promise<void> {
    transit = await makeTransitGateway(scene.ec2(), {
      TransitGatewayCidrBlocks: ['10.200.0.0/24'],
    });
    table = await defaultTable(scene.ec2(), transit);
    vpc = await scene.vpc('10.0.0.0/16');
    const subnet = await newSubnet(vpc, '10.0.0.0/24');
    host = await newHost(subnet);
    await attach(vpc.ec2, transit, vpc.id, [subnet.id]);
    const route = { RouteTableId: vpc.mainTable, DestinationCidrBlock: '0.0.0.0/0' };
    await vpc.ec2.createRoute({ ...route, TransitGatewayId: transit });
  }

  beforeEach(beginTransit);

  it('C-061 C-104 C-106 H-069 learned prefixes go into its tables, the allowed ones are told', async () => {
    const gateway = await makeGateway(dx);
    const behind = { directConnectGatewayId: gateway };
    const site = await newDxSite('dc1', behind, { type: 'transit' });
    await associate(dx, gateway, transit, ['10.0.0.0/8', '172.31.0.0/16']);
    expect(told('dc1')).toEqual(['10.0.0.0/8 64600', '172.31.0.0/16 64600']);
    expect(await shownIn(vpc.ec2, table)).toContain(
      '192.168.0.0/16 propagated direct-connect-gateway',
    );
    const { reachable, forward } = scene.ask({ from: host.id, to: site.host });
    expect(reachable).toBe(true);
    expect(kindsOf(forward).slice(-4)).toEqual([
      'transit-gateway-attachment egress',
      'direct-connect-gateway egress',
      'virtual-interface egress',
      'site ingress',
    ]);
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    // What is told is not what there is: the gateway's table decides.
    expect(scene.fate({ from: site.place, to: '10.77.0.1' })).toBe(
      `TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT at ${table}`,
    );
    await hold(scene, site, 'down', 0);
    expect(await shownIn(vpc.ec2, table)).toEqual(['10.0.0.0/16 propagated vpc']);
  });

  it('C-104 one ASN at both gateways is refused', async () => {
    const gateway = await makeGateway(dx, 64_512);
    await expect(associate(dx, gateway, transit, ['10.0.0.0/8'])).rejects.toMatchObject({
      name: REFUSED,
    });
  });

  it('C-107 C-106 two transit gateways announce what does not overlap, each its own', async () => {
    const gateway = await makeGateway(dx);
    const behind = { directConnectGatewayId: gateway };
    const site = await newDxSite('dc1', behind, { type: 'transit' });
    await associate(dx, gateway, transit, ['10.0.0.0/16']);
    const other = await makeTransitGateway(scene.ec2(), { AmazonSideAsn: 64_700 });
    const refused = associate(dx, gateway, other, ['10.0.0.0/8']);
    await expect(refused).rejects.toMatchObject({ name: REFUSED });
    await associate(dx, gateway, other, ['10.9.0.0/16']);
    expect(told('dc1')).toEqual(['10.0.0.0/16 64600', '10.9.0.0/16 64600']);
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    // H-074: no way from one transit gateway to the other.
    expect(scene.fate({ from: host.id, to: '10.9.0.1' })).toBe(
      `TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT at ${table}`,
    );
  });

  it('C-108 three and more Direct Connect gateways of one transit gateway work at once', async () => {
    const sites: DxSite[] = [];
    for (const [index, block] of ['172.20.0.0/16', '172.21.0.0/16', '172.22.0.0/16'].entries()) {
      const gateway = await makeGateway(dx, 64_600 + index);
      await associate(dx, gateway, transit, ['10.0.0.0/16']);
      const behind = { directConnectGatewayId: gateway };
      sites.push(await newDxSite(`dc${index}`, behind, { type: 'transit', prefixes: [block] }));
    }
    for (const site of sites) {
      expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    }
  });

  it('C-109 attachments share where prefix and AS path are equal, never with another kind', async () => {
    const two: DxSite[] = [];
    for (const [index, asn] of [65_010, 65_010].entries()) {
      const gateway = await makeGateway(dx, 64_600 + index);
      await associate(dx, gateway, transit, ['10.0.0.0/16']);
      const behind = { directConnectGatewayId: gateway };
      two.push(await newDxSite(`dc${index}`, behind, { type: 'transit', asn }));
    }
    const target = { TransitGatewayId: transit };
    const vpn = await newVpnSite(scene, 'vpn', target, { prefixes: ['192.168.0.0/16'] });
    expect(waysTo(host.id, two[0]!.host)).toEqual(two.map(({ id }) => id).sort());
    await tell(scene, two[1]!.id, { block: '192.168.0.0/16', asns: [65_010, 65_099] });
    expect(waysTo(host.id, two[0]!.host)).toEqual([two[0]!.id]);
    for (const site of two) await hold(scene, site, 'down', 0);
    expect(waysTo(host.id, vpn.host).every((link) => vpn.links.includes(link))).toBe(true);
  });

  it('C-064 C-066 a VPC goes before Direct Connect, that before Connect, that before a VPN', async () => {
    const block = '10.5.0.0/16';
    const shown = async () =>
      (await shownIn(vpc.ec2, table)).filter((route) => route.startsWith(block));
    const vpn = await newVpnSite(
      scene,
      'vpn',
      { TransitGatewayId: transit },
      { prefixes: [block] },
    );
    expect(await shown()).toEqual([`${block} propagated vpn`]);
    const gateway = await makeGateway(dx);
    await associate(dx, gateway, transit, ['10.0.0.0/16', '10.200.0.0/24']);
    const behind = { directConnectGatewayId: gateway };
    const direct = await newDxSite('dc1', behind, {
      type: 'transit',
      prefixes: [block, '172.20.0.0/16'],
      asn: 65_020,
    });
    expect(await shown()).toEqual([`${block} propagated direct-connect-gateway`]);
    const id = await tunnelTo('172.20.0.10');
    await standUp(scene, 'sdwan', { kind: 'transit-gateway-connect-peer', id }, [
      block,
      '10.66.0.0/16',
    ]);
    expect(sessionsAt(scene, 'sdwan')).toEqual(['Established', 'Established']);
    expect(await shown()).toEqual([`${block} propagated direct-connect-gateway`]);
    expect(waysTo(host.id, '10.66.0.10')).toContain(id);
    await takeBack(scene, direct.id, block);
    expect(await shown()).toEqual([`${block} propagated connect`]);
    expect(vpn.host).toBe('10.5.0.10');
  });

  it('C-089 a tunnel ends at the site behind its transport, whoever else has the address', async () => {
    const address = '172.20.0.0/16';
    // First in every order: by VPN, and behind a virtual interface of another gateway.
    const target = { TransitGatewayId: await makeTransitGateway(scene.ec2()) };
    await newVpnSite(scene, 'a-thief', target, { prefixes: [address] });
    const other = { directConnectGatewayId: await makeGateway(dx, 64_700) };
    await newDxSite('b-thief', other, { type: 'transit', prefixes: [address] });
    const gateway = await makeGateway(dx);
    await associate(dx, gateway, transit, ['10.0.0.0/16', '10.200.0.0/24']);
    const behind = { directConnectGatewayId: gateway };
    await newDxSite('dc1', behind, { type: 'transit', prefixes: [address], asn: 65_020 });
    const peer = await tunnelTo('172.20.0.10');
    const uplink = { kind: 'transit-gateway-connect-peer', id: peer } as const;
    const { host: far, place } = await standUp(scene, 'sdwan', uplink, ['10.66.0.0/16']);
    expect(sessionsAt(scene, 'sdwan')).toEqual(['Established', 'Established']);
    expect(scene.fate({ from: place, to: host.address })).toBe('reachable');
    const { forward } = scene.ask({ from: place, to: host.address });
    const sites = forward.hops.filter(({ kind }) => kind === 'site').map((hop) => hop.resource);
    expect(sites).toEqual(['sdwan', 'dc1']);
    expect(waysTo(host.id, far)).toContain(peer);
    // Without it, nobody has the tunnel's end.
    await takeAway(scene, { name: 'dc1' });
    expect(scene.fate({ from: place, to: host.address })).toBe(`VPN_PEER_UNREACHABLE at ${peer}`);
  });

  /** A Connect peer over the gateway's attachment of Direct Connect. */
  async function tunnelTo(PeerAddress: string): Promise<string> {
    const { TransitGatewayAttachments } = await vpc.ec2.describeTransitGatewayAttachments({
      Filters: [{ Name: 'resource-type', Values: ['direct-connect-gateway'] }],
    });
    const over = TransitGatewayAttachments![0]!.TransitGatewayAttachmentId!;
    const connect = await attachConnect(vpc.ec2, over);
    const BgpOptions = { PeerAsn: 65_030 };
    const made = await addPeer(vpc.ec2, connect, { PeerAddress, BgpOptions });
    return made.TransitGatewayConnectPeerId!;
  }

  it('C-129 8500 bytes through a transit interface', async () => {
    const gateway = await makeGateway(dx);
    await associate(dx, gateway, transit, ['10.0.0.0/16']);
    const behind = { directConnectGatewayId: gateway };
    const site = await newDxSite('dc1', behind, { type: 'transit', mtu: 8500 });
    const ping = { from: site.place, to: host.address, dontFragment: true };
    expect(scene.fate({ ...ping, size: 8500 - HEADERS })).toBe('reachable');
    expect(scene.fate({ ...ping, size: 8501 - HEADERS })).toMatch(/^MTU_EXCEEDED at /);
  });
});
