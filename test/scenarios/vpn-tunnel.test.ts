/** VPN tunnels: how they come up, are found dead, are changed, and what passes them (H2 to H5). */
import type { VpnTunnelOptionsSpecification } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { read16 } from '../../src/wire/bytes.ts';
import { defaultTable, makeTransitGateway } from '../support/transit-fixture.ts';
import {
  lookAtConnection,
  makeCustomerGateway,
  makeVpnGateway,
  outsideAddresses,
} from '../support/vpn-fixture.ts';
import {
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
  propagatedIn,
  type SiteOptions,
  sessionsAt,
  settle,
  shownIn,
  standUp,
  takeAway,
  telemetryOf,
  type VpnSite,
} from './site-scene.ts';

let scene: Scene;
let vpc: SceneVpc;
let host: SceneHost;
let gateway: { readonly VpnGatewayId: string };

async function begin(options: Parameters<typeof newScene>[0] = {}): Promise<void> {
  scene = await newScene(options);
  vpc = await scene.vpc('10.0.0.0/16');
  host = await newHost(await newSubnet(vpc, '10.0.1.0/24'));
  await settle(scene);
  gateway = { VpnGatewayId: await makeVpnGateway(vpc.ec2) };
  await settle(scene);
  await vpc.ec2.attachVpnGateway({ ...gateway, VpcId: vpc.id });
  await settle(scene);
  const propagation = { RouteTableId: vpc.mainTable, GatewayId: gateway.VpnGatewayId };
  await vpc.ec2.enableVgwRoutePropagation(propagation);
}

beforeEach(() => begin());

const PREFIXES = ['192.168.0.0/16'];
const BOTH_UP = ['UP 1 BGP ROUTES 1', 'UP 1 BGP ROUTES 1'];
const IPSEC_ALONE = 'DOWN IPSEC IS UP 0';
const DEAD = 'DOWN IPSEC IS DOWN 0';

const tunnels = (option: VpnTunnelOptionsSpecification) => ({ TunnelOptions: [option, option] });
const bgpSite = (more: Partial<SiteOptions> = {}) =>
  newVpnSite(scene, 'dc1', gateway, { prefixes: PREFIXES, ...more });
const staticSite = (more: Partial<SiteOptions> = {}) =>
  newStaticSite(scene, 'dc1', gateway, { prefixes: PREFIXES, ...more });

describe('telemetry', () => {
  it('H-023 H-024 H-025 H-026 a static tunnel is up with IPsec', async () => {
    const site = await staticSite({ prefixes: [...PREFIXES, '172.20.0.0/16'] });
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 2', 'UP IPSEC IS UP 2']);
    await scene.advance(60_000);
    await hold(scene, site, 'down', 0);
    expect(await telemetryOf(scene, site)).toEqual(['DOWN IPSEC IS DOWN 2', 'UP IPSEC IS UP 2']);
    const { VgwTelemetry, State } = await lookAtConnection(vpc.ec2, site.connectionId);
    const changes = VgwTelemetry!.map(({ LastStatusChange }) => LastStatusChange!.getTime());
    expect([State, Math.max(...changes) - Math.min(...changes)]).toEqual(['available', 60_000]);
    const outside = await outsideAddresses(vpc.ec2, site.connectionId);
    const shown = VgwTelemetry!.map(({ OutsideIpAddress }) => OutsideIpAddress);
    expect(shown.toSorted()).toEqual(outside.toSorted());
  });

  it('H-023 H-024 H-025 H-026 a BGP tunnel with its session, counting what that has accepted', async () => {
    const site = await bgpSite({ prefixes: [...PREFIXES, '172.20.0.0/16', '172.21.0.0/16'] });
    expect(await telemetryOf(scene, site)).toEqual(['UP 3 BGP ROUTES 3', 'UP 3 BGP ROUTES 3']);
    const since = await lastChanges(site);
    scene.pass(45_000);
    expect(await lastChanges(site)).toEqual(since);
    await hold(scene, site, 'unreachable', 1);
    scene.pass(60_000);
    expect(await telemetryOf(scene, site)).toEqual(['UP 3 BGP ROUTES 3', DEAD]);
    const [, moved] = await lastChanges(site);
    expect(moved).toBeGreaterThan(since[1]!);
  });
});

async function lastChanges({ connectionId }: VpnSite): Promise<number[]> {
  const { VgwTelemetry } = await lookAtConnection(vpc.ec2, connectionId);
  const outside = await outsideAddresses(vpc.ec2, connectionId);
  return outside.map((address) => {
    const entry = VgwTelemetry!.find(({ OutsideIpAddress }) => OutsideIpAddress === address);
    return entry!.LastStatusChange!.getTime();
  });
}

describe('a device that falls silent', () => {
  it('H-018 H-019 is found dead after the timeout: clear takes tunnel and routes away', async () => {
    const site = await staticSite({ options: tunnels({ DPDTimeoutSeconds: 45 }) });
    await hold(scene, site, 'unreachable');
    await scene.advance(44_999);
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 1', 'UP IPSEC IS UP 1']);
    expect(scene.fate({ from: host.id, to: site.host })).toBe(
      `VPN_PEER_UNREACHABLE at ${site.connectionId}`,
    );
    await scene.advance(1);
    expect(await telemetryOf(scene, site)).toEqual([
      'DOWN IPSEC IS DOWN 1',
      'DOWN IPSEC IS DOWN 1',
    ]);
    expect(await propagatedIn(vpc)).toEqual([]);
  });

  it('H-018 the timeout is 30 seconds unless it is chosen', async () => {
    const site = await staticSite();
    await hold(scene, site, 'unreachable');
    await scene.advance(29_999);
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 1', 'UP IPSEC IS UP 1']);
    await scene.advance(1);
    expect(await propagatedIn(vpc)).toEqual([]);
  });

  it('H-019 restart: AWS calls in vain, and is up as soon as the device is back', async () => {
    const site = await staticSite({ options: tunnels({ DPDTimeoutAction: 'restart' }) });
    await hold(scene, site, 'unreachable');
    await scene.advance(30_000);
    expect(await propagatedIn(vpc)).toEqual([]);
    await hold(scene, site, 'up');
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 1', 'UP IPSEC IS UP 1']);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
  });

  it('H-019 none: everything stays as it is, for IPsec', async () => {
    const site = await staticSite({ options: tunnels({ DPDTimeoutAction: 'none' }) });
    await hold(scene, site, 'unreachable');
    await scene.advance(600_000);
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 1', 'UP IPSEC IS UP 1']);
    await hold(scene, site, 'up');
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
  });

  it('H-018 one that is back in time is not missed', async () => {
    const site = await staticSite();
    await hold(scene, site, 'unreachable');
    await scene.advance(29_000);
    await hold(scene, site, 'up');
    await scene.advance(60_000);
    expect(await telemetryOf(scene, site)).toEqual(['UP IPSEC IS UP 1', 'UP IPSEC IS UP 1']);
  });

  it('H-078 H-088 the hold timer of 30 seconds ends its session, and IPsec stays with none', async () => {
    const site = await bgpSite({ options: tunnels({ DPDTimeoutAction: 'none' }) });
    // Established long enough for many keepalives: the last one is at most 10 seconds old.
    scene.pass(95_000);
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
    await hold(scene, site, 'unreachable');
    scene.pass(19_900);
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established', 'Established']);
    expect(await propagatedIn(vpc)).not.toEqual([]);
    scene.pass(10_100);
    expect(await telemetryOf(scene, site)).toEqual([IPSEC_ALONE, IPSEC_ALONE]);
    expect(await propagatedIn(vpc)).toEqual([]);
    await hold(scene, site, 'up');
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
  });

  it('H-078 a session survives a silence shorter than the hold time', async () => {
    const site = await bgpSite();
    scene.pass(60_000);
    const since = await lastChanges(site);
    await hold(scene, site, 'unreachable');
    scene.pass(4_000);
    await hold(scene, site, 'up');
    scene.pass(120_000);
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
    expect(await lastChanges(site)).toEqual(since);
  });

  it('H-019 H-088 dead peer detection ends the session, too', async () => {
    const site = await bgpSite();
    await hold(scene, site, 'unreachable', 0);
    await scene.advance(30_000);
    expect(await telemetryOf(scene, site)).toEqual([DEAD, 'UP 1 BGP ROUTES 1']);
    expect(linksPassed(scene, { from: host.id, to: site.host })).toEqual([site.links[1]]);
  });
});

describe('who begins', () => {
  it('H-020 the customer does: what AWS sends brings no tunnel up', async () => {
    const site = await staticSite({ options: tunnels({ StartupAction: 'add' }) });
    await hold(scene, site, 'down');
    await vpc.ec2.createRoute({
      RouteTableId: vpc.mainTable,
      DestinationCidrBlock: PREFIXES[0]!,
      ...{ GatewayId: gateway.VpnGatewayId },
    });
    expect(scene.fate({ from: host.id, to: site.host })).toBe(
      `NO_POSSIBLE_DESTINATION at ${gateway.VpnGatewayId}`,
    );
    await scene.advance(3_600_000);
    expect(await telemetryOf(scene, site)).toEqual([
      'DOWN IPSEC IS DOWN 1',
      'DOWN IPSEC IS DOWN 1',
    ]);
    await hold(scene, site, 'up', 1);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
  });
});

describe('changes', () => {
  beforeEach(() => begin({ transitions: 'fast' }));
  const comeUp = async () => {
    await settle(scene);
    scene.pass(10_000);
  };

  it('H-031 another gateway: both tunnels go down, addresses and options stay', async () => {
    const site = await bgpSite();
    await comeUp();
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
    const before = await lookAtConnection(vpc.ec2, site.connectionId);
    const VpnGatewayId = await makeVpnGateway(vpc.ec2, 64_999);
    await settle(scene);
    await vpc.ec2.modifyVpnConnection({ VpnConnectionId: site.connectionId, VpnGatewayId });
    expect(await telemetryOf(scene, site)).toEqual([DEAD, DEAD]);
    expect(await propagatedIn(vpc)).toEqual([]);
    const after = await lookAtConnection(vpc.ec2, site.connectionId);
    expect(after.Options!.TunnelOptions).toEqual(before.Options!.TunnelOptions);
    // The device expects the old ASN (2/2): its sessions stay down until it is set up anew.
    await comeUp();
    scene.pass(60_000);
    expect(await telemetryOf(scene, site)).toEqual([IPSEC_ALONE, IPSEC_ALONE]);
    await takeAway(scene, site);
    const behind = { kind: 'customer-gateway', id: site.customerGatewayId } as const;
    await standUp(scene, site.name, behind, PREFIXES);
    await comeUp();
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
  });

  it('H-031 to a transit gateway of the same ASN: the sessions come back, the routes are there', async () => {
    const site = await bgpSite();
    await comeUp();
    const TransitGatewayId = await makeTransitGateway(vpc.ec2);
    await settle(scene);
    await vpc.ec2.modifyVpnConnection({ VpnConnectionId: site.connectionId, TransitGatewayId });
    expect(await propagatedIn(vpc)).toEqual([]);
    await comeUp();
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
    const table = await defaultTable(vpc.ec2, TransitGatewayId);
    expect(await shownIn(vpc.ec2, table)).toEqual(['192.168.0.0/16 propagated vpn']);
    // The VPC is not attached there.
    expect(knownAt(scene, 'dc1')).toEqual([]);
  });

  it('H-031 another customer gateway: its site takes the tunnels over', async () => {
    const site = await bgpSite();
    await comeUp();
    const CustomerGatewayId = await makeCustomerGateway(vpc.ec2, '203.0.113.251', 65_020);
    await settle(scene);
    const behind = { kind: 'customer-gateway', id: CustomerGatewayId } as const;
    const { host: other } = await standUp(scene, 'dc2', behind, ['172.20.0.0/16']);
    const VpnConnectionId = site.connectionId;
    await vpc.ec2.modifyVpnConnection({ VpnConnectionId, CustomerGatewayId });
    expect(await telemetryOf(scene, site)).toEqual([DEAD, DEAD]);
    await comeUp();
    expect([sessionsAt(scene, 'dc1'), knownAt(scene, 'dc1')]).toEqual([[], []]);
    expect(sessionsAt(scene, 'dc2')).toEqual(['Established', 'Established']);
    expect(await propagatedIn(vpc)).toEqual([`172.20.0.0/16 ${gateway.VpnGatewayId} active`]);
    expect(scene.fate({ from: host.id, to: other })).toBe('reachable');
  });

  it('H-031 other selectors: both tunnels go down, and come back with the device', async () => {
    const site = await bgpSite();
    await comeUp();
    const selectors = { LocalIpv4NetworkCidr: '192.168.0.0/17' };
    const { connectionId } = site;
    await vpc.ec2.modifyVpnConnectionOptions({ VpnConnectionId: connectionId, ...selectors });
    expect(await telemetryOf(scene, site)).toEqual([DEAD, DEAD]);
    expect(await propagatedIn(vpc)).toEqual([]);
    await comeUp();
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
  });

  it('H-033 options of one tunnel interrupt that tunnel alone', async () => {
    const site = await bgpSite();
    await comeUp();
    const [VpnTunnelOutsideIpAddress] = await outsideAddresses(vpc.ec2, site.connectionId);
    await vpc.ec2.modifyVpnTunnelOptions({
      VpnConnectionId: site.connectionId,
      VpnTunnelOutsideIpAddress,
      TunnelOptions: { DPDTimeoutSeconds: 60 },
    });
    expect(await telemetryOf(scene, site)).toEqual([DEAD, 'UP 1 BGP ROUTES 1']);
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    expect(linksPassed(scene, { from: host.id, to: site.host })).toEqual([site.links[1]]);
    await comeUp();
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
  });

  it('H-034 lifecycle control alone interrupts nothing, a replaced endpoint its tunnel', async () => {
    const site = await bgpSite();
    await comeUp();
    const since = await lastChanges(site);
    const [VpnTunnelOutsideIpAddress] = await outsideAddresses(vpc.ec2, site.connectionId);
    const tunnel = { VpnConnectionId: site.connectionId, VpnTunnelOutsideIpAddress };
    await vpc.ec2.modifyVpnTunnelOptions({
      ...tunnel,
      TunnelOptions: { EnableTunnelLifecycleControl: true },
      SkipTunnelReplacement: true,
    });
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
    expect(await lastChanges(site)).toEqual(since);
    await vpc.ec2.replaceVpnTunnel({ ...tunnel, ApplyPendingMaintenance: true });
    expect(await telemetryOf(scene, site)).toEqual([DEAD, 'UP 1 BGP ROUTES 1']);
    await comeUp();
    expect(await telemetryOf(scene, site)).toEqual(BOTH_UP);
  });

  it('H-036 a deleted connection: sessions and routes end, both gateways stay', async () => {
    const site = await bgpSite();
    await comeUp();
    await vpc.ec2.deleteVpnConnection({ VpnConnectionId: site.connectionId });
    expect(await propagatedIn(vpc)).toEqual([]);
    expect(sessionsAt(scene, 'dc1')).toEqual([]);
    await settle(scene);
    expect((await lookAtConnection(vpc.ec2, site.connectionId)).State).toBe('deleted');
    expect([...scene.cloud.model.all('bgp-session')]).toEqual([]);
    const { VpnGateways } = await vpc.ec2.describeVpnGateways({});
    const { CustomerGateways } = await vpc.ec2.describeCustomerGateways({});
    expect([VpnGateways![0]!.State, CustomerGateways![0]!.State]).toEqual([
      'available',
      'available',
    ]);
  });
});

describe('packets', () => {
  it('H-014 outside the selectors they are dropped, both ways', async () => {
    const site = await bgpSite({
      prefixes: ['192.168.0.0/16', '172.20.0.0/16'],
      options: { LocalIpv4NetworkCidr: '192.168.0.0/16', RemoteIpv4NetworkCidr: '10.0.1.0/24' },
    });
    const refused = `VPN_TRAFFIC_SELECTOR_MISMATCH at ${site.connectionId}`;
    const other = await newHost(await newSubnet(vpc, '10.0.2.0/24'));
    expect(scene.fate({ from: host.id, to: site.host })).toBe('reachable');
    expect(scene.fate({ from: site.place, to: host.address })).toBe('reachable');
    expect(scene.fate({ from: host.id, to: '172.20.0.10' })).toBe(refused);
    expect(scene.fate({ from: other.id, to: site.host })).toBe(refused);
    expect(scene.fate({ from: 'site:dc1/172.20.0.10', to: host.address })).toBe(refused);
    expect(scene.fate({ from: site.place, to: other.address })).toBe(refused);
  });

  const HEADERS = 20 + 8 + 'openvpc?'.length;
  it.each([
    ['nothing chosen', {}, 1446],
    ['GCM', { Phase2EncryptionAlgorithms: [{ Value: 'AES256-GCM-16' }] }, 1446],
    ['CBC with SHA1', { Phase2EncryptionAlgorithms: [{ Value: 'AES128' }] }, 1438],
    ['CBC with SHA2-512', sha('SHA2-512'), 1422],
  ])('H-038 C-129 %s: what is larger is dropped, and nobody is told', async (_, option, mtu) => {
    const site = await bgpSite({ options: tunnels(option as VpnTunnelOptionsSpecification) });
    for (const [from, to] of [
      [host.id, site.host],
      [site.place, host.address],
    ] as const) {
      const ping = { from, to, dontFragment: true };
      expect(scene.fate({ ...ping, size: mtu - HEADERS })).toBe('reachable');
      expect(scene.fate({ ...ping, size: mtu + 1 - HEADERS })).toBe(
        `MTU_EXCEEDED at ${site.connectionId}`,
      );
      const { return: back } = scene.ask({ ...ping, size: mtu + 1 - HEADERS });
      expect(back).toBeNull();
    }
  });

  it('C-131 H-030 TCP passes all the same: its segments are kept small', async () => {
    const site = await bgpSite();
    for (const [from, to] of [
      [host.id, site.host],
      [site.place, host.address],
    ] as const) {
      expect(scene.fate({ from, to, protocol: 'tcp', size: 20_000 })).toBe('reachable');
    }
  });

  it('H-039 both tunnels take packets, whichever AWS sends by', async () => {
    const site = await bgpSite();
    await scene.advance(60_000);
    await hold(scene, site, 'down', 0);
    await hold(scene, site, 'up', 0);
    // AWS keeps to the tunnel that stayed up; the device goes by MED, to the first one.
    const { reachable, forward, return: back } = scene.ask({ from: host.id, to: site.host });
    const by = ({ hops }: typeof forward) =>
      hops.find(({ kind }) => kind === 'vpn-connection')?.rule?.outsideIpAddress;
    const [one, other] = await outsideAddresses(vpc.ec2, site.connectionId);
    expect([reachable, by(forward), by(back!)]).toEqual([true, other, one]);
  });

  it('H-079 BGP has a time to live of 1, from either side', async () => {
    const ttls = new Set<string>();
    const { fabric } = scene.lab;
    const { send } = fabric;
    fabric.send = (from, frame) => {
      const isIpv4 = read16(frame, 12) === 0x0800;
      if (isIpv4) ttls.add(`${from.kind} ${frame[14 + 8]}`);
      send.call(fabric, from, frame);
    };
    await bgpSite();
    scene.pass(30_000);
    expect([...ttls].sort()).toEqual(['link 1', 'site 1']);
  });
});

function sha(value: string) {
  return {
    Phase2EncryptionAlgorithms: [{ Value: 'AES128' }],
    Phase2IntegrityAlgorithms: [{ Value: value }],
  };
}

describe('limits', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => `192.${index >> 8}.${index & 255}.0/24`);

  it('H-080 with more than 100 prefixes the session ends, and all of its routes', async () => {
    const site = await bgpSite({ prefixes: many(100) });
    expect(await telemetryOf(scene, site)).toEqual([
      'UP 100 BGP ROUTES 100',
      'UP 100 BGP ROUTES 100',
    ]);
    await begin();
    const over = await bgpSite({ prefixes: many(101) });
    for (let count = 0; count < 20; count++) {
      expect(await propagatedIn(vpc)).toEqual([]);
      expect(await telemetryOf(scene, over)).toEqual([IPSEC_ALONE, IPSEC_ALONE]);
      scene.pass(7_000);
    }
  });

  it('H-080 without quotas nothing is limited', async () => {
    await begin({ quotas: false });
    const site = await bgpSite({ prefixes: many(300) });
    expect(await telemetryOf(scene, site)).toEqual([
      'UP 300 BGP ROUTES 300',
      'UP 300 BGP ROUTES 300',
    ]);
    expect((await propagatedIn(vpc)).length).toBe(300);
  });
});
