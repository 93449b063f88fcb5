/** Connect: GRE to an appliance in a VPC, BGP inside, a network behind it (C6). */
import { beforeEach, describe, expect, it } from 'vitest';
import { read16 } from '../../src/wire/bytes.ts';
import { addPeer, attachConnect, lookAtPeer } from '../support/connect-fixture.ts';
import { attach, defaultTable, makeTransitGateway } from '../support/transit-fixture.ts';
import {
  kindsOf,
  newAcl,
  newHost,
  newScene,
  newSubnet,
  type Scene,
  type SceneHost,
  type SceneSubnet,
  type SceneVpc,
} from './scene.ts';
import {
  hold,
  knownAt,
  linksPassed,
  newVpnSite,
  sessionsAt,
  shownIn,
  standUp,
  tell,
} from './site-scene.ts';

const GATEWAY_BLOCK = '10.200.0.0/24';

let scene: Scene;
let gateway: string;
let table: string;
let spoke: { readonly vpc: SceneVpc; readonly host: SceneHost };
let hub: SceneVpc;
let subnet: SceneSubnet;
let transport: string;
let connect: string;

async function begin(cloud: Parameters<typeof newScene>[0] = {}): Promise<void> {
  scene = await newScene(cloud);
  const ec2 = scene.ec2();
  gateway = await makeTransitGateway(ec2, {
    TransitGatewayCidrBlocks: [GATEWAY_BLOCK, '2001:db8:200::/64'],
  });
  table = await defaultTable(ec2, gateway);
  const vpc = await scene.vpc('10.1.0.0/16', { ipv6: true });
  const spokeSubnet = await newSubnet(vpc, '10.1.0.0/24');
  const Ipv6Support = 'enable';
  await attach(ec2, gateway, vpc.id, [spokeSubnet.id], { Ipv6Support });
  await sendAll(vpc);
  spoke = { vpc, host: await newHost(spokeSubnet) };
  hub = await scene.vpc('10.0.0.0/16');
  subnet = await newSubnet(hub, '10.0.0.0/24');
  transport = await attach(ec2, gateway, hub.id, [subnet.id]);
  await toGateway(hub, GATEWAY_BLOCK);
  connect = await attachConnect(ec2, transport);
}

beforeEach(() => begin());

async function sendAll(vpc: SceneVpc): Promise<void> {
  await toGateway(vpc, '0.0.0.0/0');
  const RouteTableId = vpc.mainTable;
  const route = { RouteTableId, TransitGatewayId: gateway };
  await vpc.ec2.createRoute({ ...route, DestinationIpv6CidrBlock: '::/0' });
}

function toGateway({ ec2, mainTable }: SceneVpc, DestinationCidrBlock: string) {
  const RouteTableId = mainTable;
  return ec2.createRoute({ RouteTableId, DestinationCidrBlock, TransitGatewayId: gateway });
}

interface BranchOptions {
  readonly prefixes?: readonly string[];
  /** The gateway's own unless given: iBGP. */
  readonly asn?: number;
  readonly block?: number;
  readonly ipv6?: boolean;
  readonly to?: string;
}

interface Branch {
  readonly name: string;
  readonly peerId: string;
  readonly appliance: SceneHost;
  readonly place: string;
  readonly host: string;
}

/** An appliance, a peer that names it, and a network behind it. */
async function newBranch(name: string, options: BranchOptions = {}): Promise<Branch> {
  const { prefixes = ['192.168.0.0/16'], asn = 65_010, block = 0, ipv6 = false } = options;
  const appliance = await newHost(subnet);
  const inside = [`169.254.6.${8 * block}/29`, ...(ipv6 ? [`fd00::${8 * block}/125`] : [])];
  const { TransitGatewayConnectPeerId } = await addPeer(hub.ec2, options.to ?? connect, {
    PeerAddress: appliance.address,
    InsideCidrBlocks: inside,
    ...(asn !== 64_512 && { BgpOptions: { PeerAsn: asn } }),
  });
  const peerId = TransitGatewayConnectPeerId!;
  const behind = { kind: 'transit-gateway-connect-peer', id: peerId } as const;
  return { name, peerId, appliance, ...(await standUp(scene, name, behind, prefixes)) };
}

async function statusOf({ peerId }: Branch): Promise<string[]> {
  const { ConnectPeerConfiguration } = await lookAtPeer(hub.ec2, peerId);
  return ConnectPeerConfiguration!.BgpConfigurations!.map(
    ({ TransitGatewayAddress, PeerAddress, BgpStatus }) =>
      `${TransitGatewayAddress} ${PeerAddress} ${BgpStatus}`,
  );
}

const told = (name: string) =>
  knownAt(scene, name).map(({ destination, asPath }) => `${destination} ${asPath}`);

function waysTo(to: string): string[] {
  const ways = Array.from({ length: 48 }, (_, index) =>
    linksPassed(scene, { from: spoke.host.id, to, sourcePort: 20_000 + index * 7 }),
  );
  return [...new Set(ways.flat())].sort();
}

describe('a Connect peer', () => {
  it('C-089 H-085 two sessions inside GRE over the transport, and packets by it', async () => {
    const branch = await newBranch('sdwan');
    expect(await statusOf(branch)).toEqual([
      '169.254.6.2 169.254.6.1 up',
      '169.254.6.3 169.254.6.1 up',
    ]);
    expect(await shownIn(hub.ec2, table)).toContain('192.168.0.0/16 propagated connect');
    const answer = scene.ask({ from: spoke.host.id, to: branch.host });
    expect(answer.reachable).toBe(true);
    expect(kindsOf(answer.forward).slice(-9)).toEqual([
      'transit-gateway-attachment egress',
      'transit-gateway-route-table egress',
      'transit-gateway-attachment egress',
      'transit-gateway-connect-peer egress',
      'transit-gateway-attachment ingress',
      'route-table egress',
      'security-group ingress',
      'network-interface ingress',
      'site ingress',
    ]);
    expect(scene.fate({ from: branch.place, to: spoke.host.address })).toBe('reachable');
  });

  it('C-099 the transport VPC needs a route to the gateway’s block', async () => {
    const branch = await newBranch('sdwan');
    const RouteTableId = hub.mainTable;
    await hub.ec2.deleteRoute({ RouteTableId, DestinationCidrBlock: GATEWAY_BLOCK });
    expect(scene.fate({ from: branch.place, to: spoke.host.address })).toBe(
      `NO_ROUTE_TO_DESTINATION at ${hub.mainTable}`,
    );
    scene.pass(40_000);
    expect((await statusOf(branch)).map((text) => text.split(' ')[2])).toEqual(['down', 'down']);
    expect(await shownIn(hub.ec2, table)).not.toContain('192.168.0.0/16 propagated connect');
    await toGateway(hub, GATEWAY_BLOCK);
    scene.pass(130_000);
    expect((await statusOf(branch)).map((text) => text.split(' ')[2])).toEqual(['up', 'up']);
    expect(scene.fate({ from: branch.place, to: spoke.host.address })).toBe('reachable');
  });

  it('C-094 eBGP with a time to live of 2, a hold time of 30 seconds', async () => {
    const ttls = new Set<string>();
    const { fabric } = scene.lab;
    const { send } = fabric;
    fabric.send = (from, frame) => {
      const isIpv4 = read16(frame, 12) === 0x0800;
      if (isIpv4) ttls.add(`${from.kind} ${frame[14 + 8]}`);
      send.call(fabric, from, frame);
    };
    const branch = await newBranch('sdwan');
    scene.pass(95_000);
    expect([...ttls].sort()).toEqual(['link 2', 'site 2']);
    await hold(scene, { name: branch.name, links: [branch.peerId, branch.peerId] }, 'unreachable');
    scene.pass(19_900);
    expect(sessionsAt(scene, branch.name)).toEqual(['Established', 'Established']);
    scene.pass(10_100);
    expect((await statusOf(branch)).map((text) => text.split(' ')[2])).toEqual(['down', 'down']);
  });

  it('C-094 C-095 the ASN of the gateway makes it iBGP: routes of its own are not taken', async () => {
    const branch = await newBranch('sdwan', { asn: 64_512 });
    expect((await statusOf(branch)).map((text) => text.split(' ')[2])).toEqual(['up', 'up']);
    const { ConnectPeerConfiguration } = await lookAtPeer(hub.ec2, branch.peerId);
    expect(ConnectPeerConfiguration!.BgpConfigurations![0]!.PeerAsn).toBe(64_512);
    // The appliance has them from nobody: no eBGP peer has originated them.
    expect(await shownIn(hub.ec2, table)).not.toContain('192.168.0.0/16 propagated connect');
    expect(told('sdwan')).toContain('10.1.0.0/16 ');
  });

  it('C-136 H-049 it is told of the associated table, with one MED on both sessions', async () => {
    await newBranch('sdwan');
    expect(
      told('sdwan')
        .filter((text) => !text.includes(':'))
        .sort(),
    ).toEqual(['10.0.0.0/16 64512', '10.1.0.0/16 64512']);
    expect(
      new Set(knownAt(scene, 'sdwan').map((route) => ('med' in route ? route.med : 0))),
    ).toEqual(new Set([100]));
    const static_ = { TransitGatewayRouteTableId: table, DestinationCidrBlock: '10.77.0.0/16' };
    await hub.ec2.createTransitGatewayRoute({
      ...static_,
      TransitGatewayAttachmentId: transport,
    });
    expect(told('sdwan')).toContain('10.77.0.0/16 64512');
    await hub.ec2.deleteTransitGatewayRoute(static_);
    expect(told('sdwan')).not.toContain('10.77.0.0/16 64512');
  });

  it('C-136 C-103 peers and VPNs of one gateway learn of each other', async () => {
    const branch = await newBranch('sdwan');
    const site = await newVpnSite(
      scene,
      'dc1',
      { TransitGatewayId: gateway },
      { prefixes: ['172.20.0.0/16'], asn: 65_020 },
    );
    expect(told('sdwan')).toContain('172.20.0.0/16 64512 65020');
    expect(told('dc1')).toContain('192.168.0.0/16 64512 65010');
    expect(scene.fate({ from: branch.place, to: site.host })).toBe('reachable');
    expect(scene.fate({ from: site.place, to: branch.host })).toBe('reachable');
  });

  it('H-085 one session is lost: no route changes while the other has it', async () => {
    const branch = await newBranch('sdwan');
    const before = await shownIn(hub.ec2, table);
    // What the appliance sends to the first address is not let through any more.
    await dropTo(branch, '169.254.6.2');
    scene.pass(60_000);
    expect(await statusOf(branch)).toEqual([
      '169.254.6.2 169.254.6.1 down',
      '169.254.6.3 169.254.6.1 up',
    ]);
    expect(await shownIn(hub.ec2, table)).toEqual(before);
    expect(scene.fate({ from: spoke.host.id, to: branch.host })).toBe('reachable');
  });
});

/** From now on nothing of the site's reaches one of AWS's addresses. */
async function dropTo({ name }: Branch, address: string): Promise<void> {
  const { fabric } = scene.lab;
  const { send } = fabric;
  fabric.send = (from, frame) => {
    const destination = [...frame.subarray(14 + 16, 14 + 20)].join('.');
    const isDropped = from.kind === 'site' && from.name === name && destination === address;
    if (!isDropped) send.call(fabric, from, frame);
  };
}

describe('ECMP', () => {
  it('C-096 peers and Connect attachments share, where prefix and AS path are equal', async () => {
    const other = await attachConnect(hub.ec2, transport);
    const branches = [
      await newBranch('one', { block: 0 }),
      await newBranch('two', { block: 1 }),
      await newBranch('three', { block: 2, to: other }),
    ];
    expect(waysTo(branches[0]!.host)).toEqual(branches.map(({ peerId }) => peerId).sort());
    await tell(scene, branches[1]!.peerId, {
      block: '192.168.0.0/16',
      asns: [65_010, 65_099],
    });
    // It is one session of two that says so: by the other the peer still has the equal path.
    expect(waysTo(branches[0]!.host).length).toBe(3);
  });

  it('C-096 not the two sessions of one peer: all is one tunnel', async () => {
    const branch = await newBranch('one');
    expect(waysTo(branch.host)).toEqual([branch.peerId]);
  });

  it('C-096 not between AS paths that differ', async () => {
    const one = await newBranch('one', { block: 0 });
    const two = await newBranch('two', { block: 1, asn: 65_020 });
    const ways = waysTo(one.host);
    expect(ways.length).toBe(1);
    expect([one.peerId, two.peerId]).toContain(ways[0]);
  });

  it('C-064 C-096 never with a VPN: Connect goes before it', async () => {
    const branch = await newBranch('sdwan');
    const target = { TransitGatewayId: gateway };
    await newVpnSite(scene, 'dc1', target, { prefixes: ['192.168.0.0/16'] });
    expect(waysTo(branch.host)).toEqual([branch.peerId]);
    expect(await shownIn(hub.ec2, table)).toContain('192.168.0.0/16 propagated connect');
    await hold(scene, { name: 'sdwan', links: [branch.peerId, branch.peerId] }, 'down');
    scene.pass(60_000);
    expect(await shownIn(hub.ec2, table)).toContain('192.168.0.0/16 propagated vpn');
    expect(scene.fate({ from: spoke.host.id, to: branch.host })).toBe('reachable');
  });
});

describe('IPv6', () => {
  it('C-095 H-106 MP-BGP over the IPv4 sessions, the next hop from the /125', async () => {
    const prefixes = ['192.168.0.0/16', 'fd00:aa::/64'];
    const branch = await newBranch('sdwan', { prefixes, ipv6: true });
    const { model } = scene.cloud;
    const routes = [...model.all('learned-route')];
    expect(routes.length).toBe(4);
    const sessions = [...model.all('bgp-session')].map(({ family }) => family);
    expect(sessions).toEqual([4, 4]);
    const asked = { from: spoke.host.id, to: 'fd00:aa::10', family: 6 } as const;
    expect(scene.fate(asked)).toBe('reachable');
    expect(told('sdwan').filter((text) => text.includes(':')).length).toBe(1);
    const back = { from: 'site:sdwan/fd00:aa::10', to: spoke.host.ipv6, family: 6 } as const;
    expect(scene.fate(back)).toBe('reachable');
    expect(branch.place).toBe('site:sdwan/192.168.0.10');
  });

  it('H-106 without a /125 the next hop is the IPv4 one, mapped, and it works', async () => {
    await newBranch('sdwan', { prefixes: ['192.168.0.0/16', 'fd00:aa::/64'] });
    const asked = { from: spoke.host.id, to: 'fd00:aa::10', family: 6 } as const;
    expect(scene.fate(asked)).toBe('reachable');
  });
});

describe('limits', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => `172.${16 + (index >> 8)}.${index & 255}.0/24`);

  it('C-097 H-080 1,000 prefixes are taken, one more ends the sessions', async () => {
    await newBranch('full', { prefixes: many(1_000) });
    const over = await newBranch('over', { prefixes: many(1_001), block: 1, asn: 65_020 });
    expect(sessionsAt(scene, 'full')).toEqual(['Established', 'Established']);
    expect((await statusOf(over)).map((text) => text.split(' ')[2])).toEqual(['down', 'down']);
    expect(scene.cloud.model.by('learned-route', 'link', over.peerId)).toEqual([]);
  });
});

describe('packets', () => {
  // Which packet the 8500 bytes are of, the rulebook leaves open: here the one inside.
  it('C-129 8500 bytes inside GRE, either way; what is larger is dropped', async () => {
    const branch = await newBranch('sdwan');
    const HEADERS = 20 + 8 + 'openvpc?'.length;
    for (const [from, to] of [
      [spoke.host.id, branch.host],
      [branch.place, spoke.host.address],
    ] as const) {
      const ping = { from, to, dontFragment: true };
      expect(scene.fate({ ...ping, size: 8500 - HEADERS })).toBe('reachable');
      expect(scene.fate({ ...ping, size: 8501 - HEADERS })).toMatch(/^MTU_EXCEEDED at /);
    }
  });

  it('C-046 H-086 the ACL of the appliance’s subnet judges GRE, not what is inside', async () => {
    const branch = await newBranch('sdwan');
    const asked = { from: branch.place, to: spoke.host.address };
    const open = [
      [100, 'in', 'allow', '-1', '0.0.0.0/0'],
      [100, 'out', 'allow', '-1', '0.0.0.0/0'],
    ] as const;
    await newAcl(subnet, [...open, [90, 'out', 'deny', '-1', '10.1.0.0/16']]);
    expect(scene.fate(asked)).toBe('reachable');
    const acl = await newAcl(subnet, [...open, [90, 'out', 'deny', '-1', GATEWAY_BLOCK]]);
    expect(scene.fate(asked)).toMatch(new RegExp(`at ${acl}$`));
  });
});
