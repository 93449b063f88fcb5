/** A Linux interface as a site's data plane: real hosts behind it reach instances, and back. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BIRD, type Router } from '../support/bgp-router.ts';
import { clientOf } from '../support/kill-rounds.ts';
import { linuxNeeds, Namespace } from '../support/linux-peer.ts';
import { RoutedCloud } from '../support/routed-cloud.ts';
import { startServer, temporaryFolder } from '../support/server-process.ts';
import { Sites } from '../support/site-fixture.ts';
import { attachNewVpc, makeTransitGateway } from '../support/transit-fixture.ts';
import { connect, makeCustomerGateway, tunnelsOf } from '../support/vpn-fixture.ts';

const needs = linuxNeeds() ?? BIRD.needs;
const titled = (what: string) => (needs === undefined ? what : `skipped: needs ${needs}: ${what}`);

const ASN = 65_010;
const HOME = '192.168.0.0/16';
/** Played by openvpc; the others are Linux's. */
const PLAYED = ['192.168.77.7', 'fd00:5:7::7'];
const TAP = `ovs${process.pid % 100_000}`;
const CONTROL = `ovc${process.pid % 100_000}`;
const [CALLER, ROUTER] = ['10.255.255.1', '10.255.255.2'];

/** The second address of a tunnel's inside block, with its mask (H-012). */
function customerAddress(block: string): string {
  return block.replace(/(\d+)\/30$/, (_, last) => `${Number(last) + 2}/30`);
}

describe.skipIf(needs !== undefined)(titled('a site with a tap, BIRD as its router'), () => {
  let cloud: RoutedCloud;
  let linux: Namespace;
  let router: Router;
  let instance: string;
  let address: string;

  beforeAll(async () => {
    cloud = await RoutedCloud.open();
    const { ec2 } = cloud;
    linux = new Namespace(`openvpc-${process.pid}-site`);
    execFileSync(
      'ip',
      `link add ${CONTROL} type veth peer name control netns ${linux.name}`.split(' '),
    );
    execFileSync('ip', ['addr', 'add', `${CALLER}/30`, 'dev', CONTROL]);
    execFileSync('ip', ['link', 'set', CONTROL, 'up']);
    linux.ip('addr', 'add', `${ROUTER}/30`, 'dev', 'control');
    linux.ip('link', 'set', 'control', 'up');

    const gateway = await makeTransitGateway(ec2);
    const vpc = await attachNewVpc(ec2, gateway, '10.1.0.0/16');
    instance = await cloud.instance(vpc.subnetId, { [HOME]: gateway });
    const { Reservations } = await ec2.describeInstances({ InstanceIds: [instance] });
    address = Reservations![0]!.Instances![0]!.PrivateIpAddress!;
    const customerGatewayId = await makeCustomerGateway(ec2, '203.0.113.1', ASN);
    const request = { CustomerGatewayId: customerGatewayId, TransitGatewayId: gateway };
    const { VpnConnectionId } = await connect(ec2, request);
    router = await cloud.stand(BIRD, {
      ...{ name: 'dc', customerGatewayId, asn: ASN, tap: TAP },
      prefixes: [HOME, 'fd00:5::/32'],
      hosts: PLAYED,
      routes: [{ prefix: HOME }],
      place: {
        kernel: { namespace: linux.name, source: '192.168.1.1' },
        ...{ address: ROUTER, caller: CALLER },
      },
    });
    const [first] = await tunnelsOf(ec2, VpnConnectionId!);
    execFileSync('ip', ['link', 'set', TAP, 'netns', linux.name]);
    linux.ip('addr', 'add', '192.168.1.1/24', 'dev', TAP);
    linux.ip('addr', 'add', customerAddress(first!.TunnelInsideCidr!), 'dev', TAP);
    linux.ip('addr', 'add', 'fd00:5:1::1/64', 'dev', TAP, 'nodad');
    // What a device behind a VPN has to do: nobody is told that a packet is too large (H-038).
    linux.ip('link', 'set', TAP, 'mtu', '1400', 'up');
    linux.ip('route', 'add', `${PLAYED[0]}/32`, 'dev', TAP);
    linux.ip('route', 'add', `${PLAYED[1]}/128`, 'dev', TAP);
    const learned = () => linux.ip('route', 'show', '10.1.0.0/16');
    await cloud.until(true, () => learned().includes(`dev ${TAP} proto bird`));
  });
  afterAll(async () => {
    await cloud?.close();
    linux?.remove();
  });

  it('its Linux pings an instance, by the route that BIRD has learned', async () => {
    expect(linux.ip('route', 'show', '10.1.0.0/16')).toContain('via 169.254.');
    expect(await linux.run('ping', address, 56, 1000)).toEqual(['56', '1000']);
    const { ok, said } = await linux.exec('ping', '-c', '2', address);
    expect(said).toContain('2 received');
    expect(ok).toBe(true);
  });

  it('its Linux exchanges 200 kB with an instance over TCP, and datagrams', async () => {
    expect(await linux.run('echo', address, 80, 200_000)).toEqual(['200000']);
    expect(await linux.run('datagrams', address, 53, 1, 1000)).toEqual(['1', '1000']);
  });

  it('hosts that openvpc plays stay, and are reached from both sides', async () => {
    const [four, six] = PLAYED as [string, string];
    expect(await linux.run('ping', four, 100)).toEqual(['100']);
    expect(await linux.run('ping', six, 100)).toEqual(['100']);
    expect(await linux.run('echo', six, 80, 1000)).toEqual(['1000']);
    expect((await cloud.probe({ from: instance, to: four })).reachable).toBe(true);
  });

  it('nobody answers for addresses of its own link', async () => {
    const { ok } = await linux.exec('ping', '-c', '1', '-W', '1', '192.168.1.99');
    expect(ok).toBe(false);
    expect(linux.ip('neigh', 'show', '192.168.1.99')).not.toContain('lladdr');
  });

  it('what has no route there does not arrive', async () => {
    linux.ip('route', 'add', '10.9.0.0/16', 'dev', TAP);
    expect((await linux.exec('ping', '-c', '1', '-W', '1', '10.9.0.1')).ok).toBe(false);
  });

  it('H-088 nothing comes back once BIRD is killed', async () => {
    await router.stop('SIGKILL');
    const { sites } = cloud;
    await cloud.until(0, async () => (await sites.look('dc')).routes.length);
    const { ok, said } = await linux.exec('ping', '-c', '1', '-W', '1', address);
    expect(said).toContain('0 received');
    expect(ok).toBe(false);
  });

  it('goes with its site', async () => {
    await cloud.sites.remove('dc');
    await cloud.until(false, () => linux.ip('link').includes(TAP));
  });
});

describe.skipIf(needs !== undefined)(titled('a tap'), () => {
  const folder = temporaryFolder();
  const flags = ['--data', folder, '--transitions', 'instant', '--log-level', 'warn'];
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const links = () => execFileSync('ip', ['-o', 'link']).toString();

  it('is refused where it cannot be, and nothing is changed', async () => {
    const server = await startServer(['--ephemeral', '--transitions', 'instant']);
    try {
      const ec2 = clientOf(server.url);
      const sites = new Sites(server.url);
      const customerGatewayId = await makeCustomerGateway(ec2);
      const other = await makeCustomerGateway(ec2, '203.0.113.2');
      const wish = { name: 'dc', customerGatewayId, tap: 'lo' };
      const refused = await sites.call('POST', '', wish);
      expect(refused).toMatchObject({ status: 400, body: { error: { code: 'TapUnavailable' } } });
      expect(JSON.stringify(refused.body)).toContain(
        "The tap of the site 'dc' cannot be opened: lo is refused",
      );
      expect(await sites.list()).toEqual([]);
      await sites.add({ ...wish, tap: TAP });
      expect(links()).toContain(TAP);
      const second = { name: 'dc2', customerGatewayId: other, tap: TAP };
      expect(await sites.call('POST', '', second)).toMatchObject({
        status: 409,
        body: { error: { code: 'SiteTapInUse' } },
      });
      // Its name is free at once.
      await sites.remove('dc');
      await sites.add(second);
      expect(links()).toContain(TAP);
    } finally {
      await server.stop();
    }
    expect(links()).not.toContain(TAP);
  });

  it('is there again after a start, and where it cannot be the site is without', async () => {
    let server = await startServer(flags);
    const sites = () => new Sites(server.url);
    try {
      const customerGatewayId = await makeCustomerGateway(clientOf(server.url));
      await sites().add({ name: 'dc', customerGatewayId, tap: TAP, prefixes: [HOME] });
      await server.stop('SIGKILL');
      await expect.poll(links).not.toContain(TAP);
      server = await startServer(flags);
      expect(links()).toContain(TAP);
      await server.stop();
      execFileSync('ip', ['link', 'add', TAP, 'type', 'veth', 'peer', 'name', `${TAP}p`]);
      try {
        server = await startServer(flags);
        expect(server.said.stderr).toContain(`The tap of the site 'dc' cannot be opened: ${TAP}`);
        expect(await sites().look('dc')).toMatchObject({ name: 'dc', tap: TAP });
      } finally {
        execFileSync('ip', ['link', 'del', TAP]);
      }
    } finally {
      await server.stop('SIGKILL');
    }
  });
});
