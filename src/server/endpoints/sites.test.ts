import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../../test/support/http-server.ts';
import { CalledSpeaker } from '../../../test/support/socket-speaker.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import {
  attachNewGateway,
  connect,
  connectStatic,
  lookAtConnection,
  makeCustomerGateway,
  outsideAddresses,
} from '../../../test/support/vpn-fixture.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import type { SiteView } from '../site-view.ts';

const SITES = '/_openvpc/sites';
const PREFIXES = ['192.168.0.0/16'];
const HOSTS = ['192.168.1.10'];
/** For what is sure to come; how soon depends on the machine. */
const PATIENT = { timeout: 30_000, interval: 20 };

let server: TestServer;
let ec2: EC2;
let device: string;
let vpn: string;
beforeAll(async () => {
  server = await testServer({ transitions: 'instant' });
  ec2 = server.ec2();
  const { vpnGatewayId } = await attachNewGateway(ec2, '10.0.0.0/16');
  device = await makeCustomerGateway(ec2);
  vpn = await connectStatic(ec2, { CustomerGatewayId: device, VpnGatewayId: vpnGatewayId });
});
afterAll(() => server.stop());

const site = (members: object = {}) => ({ name: 'dc', customerGatewayId: device, ...members });
const add = (body: unknown) => server.ask('POST', SITES, body);
const list = async () => (await server.ask('GET', SITES)).body.sites as SiteView[];
const look = async (name: string) =>
  (await server.ask('GET', `${SITES}/${name}`)).body as unknown as SiteView;
const setLinks = (name: string, states: unknown) =>
  server.ask('PUT', `${SITES}/${name}/links`, states);
const take = (name: string) => server.ask('DELETE', `${SITES}/${name}`);

async function statuses(id: string) {
  const { VgwTelemetry } = await lookAtConnection(ec2, id);
  return VgwTelemetry!.map(({ Status, StatusMessage }) => `${Status} ${StatusMessage}`);
}

describe('a site that cannot be meant', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['no JSON', '{"name"', 'MalformedJson', /./],
    ['no body', '', 'MalformedJson', /./],
    ['a list', [], 'MalformedSite', /object/],
    ['no name', { customerGatewayId: 'cgw-1' }, 'MalformedSite', /^name: /],
    ['an empty name', { name: '', customerGatewayId: 'cgw-1' }, 'MalformedSite', /^name: /],
    ['a name with a slash', { name: 'a/b', customerGatewayId: 'c' }, 'MalformedSite', /^name: /],
    ['a long name', { name: 'a'.repeat(64), customerGatewayId: 'c' }, 'MalformedSite', /^name: /],
    ['no uplink', { name: 'dc' }, 'MalformedSite', /one of customerGatewayId, virtualInterfaceId/],
    [
      'two uplinks',
      { name: 'dc', customerGatewayId: 'cgw-1', connectPeerId: 'tgw-connect-peer-1' },
      'MalformedSite',
      /only one of .* may be given, not customerGatewayId and connectPeerId/,
    ],
    [
      'a tap that is a folder',
      { name: 'dc', connectPeerId: 'c', tap: '..' },
      'MalformedSite',
      /^tap/,
    ],
    ['an unknown member', { name: 'dc', colour: 'red' }, 'MalformedSite', /colour/],
    ['an ASN of none', { name: 'dc', customerGatewayId: 'c', asn: 0 }, 'MalformedSite', /^asn: /],
    ['a large ASN', { name: 'dc', connectPeerId: 'c', asn: 2 ** 32 }, 'MalformedSite', /^asn: /],
    [
      'a bad prefix',
      { name: 'dc', customerGatewayId: 'c', prefixes: ['10.0.0.0/8', '10.0.0.0/33'] },
      'MalformedSite',
      /^prefixes\.1: '10\.0\.0\.0\/33'/,
    ],
    [
      'a bad host',
      { name: 'dc', customerGatewayId: 'c', hosts: ['here'] },
      'MalformedSite',
      /^hosts\.0: 'here'/,
    ],
    [
      'a router without a port',
      { name: 'dc', customerGatewayId: 'c', bgp: { connect: '127.0.0.1' } },
      'MalformedSite',
      /^bgp\.connect: '127\.0\.0\.1'/,
    ],
    [
      'a router at port 0',
      { name: 'dc', customerGatewayId: 'c', bgp: { connect: '127.0.0.1:0' } },
      'MalformedSite',
      /^bgp\.connect: /,
    ],
    [
      'a long tap',
      { name: 'dc', connectPeerId: 'c', tap: 'a'.repeat(16) },
      'MalformedSite',
      /^tap/,
    ],
  ])('%s is refused, and makes none', async (_what, body, code, message) => {
    expect(await add(body)).toMatchObject({ status: 400, body: { error: { code } } });
    const { error } = (await add(body)).body as { error: { message: string } };
    expect(error.message).toMatch(message);
    expect(await list()).toEqual([]);
  });

  it.each<[string, () => object, number, string, RegExp]>([
    [
      'behind nothing',
      () => site({ customerGatewayId: 'cgw-00000000000000000' }),
      404,
      'NotFound',
      /cgw-00000000000000000/,
    ],
    [
      'behind something else',
      () => ({ name: 'dc', connectPeerId: device }),
      404,
      'NotFound',
      /cgw-/,
    ],
    [
      'with a host outside its prefixes',
      () => site({ prefixes: PREFIXES, hosts: ['192.168.1.10', '10.9.0.1'] }),
      400,
      'InvalidParameterValue',
      /10\.9\.0\.1 .*192\.168\.0\.0\/16/,
    ],
    [
      'with a prefix that is multicast',
      () => site({ prefixes: ['192.168.0.0/16', '224.0.0.0/4'] }),
      400,
      'InvalidParameterValue',
      /224\.0\.0\.0\/4 .*multicast/,
    ],
    [
      'with a host that is loopback, within a default route',
      () => site({ prefixes: ['0.0.0.0/0'], hosts: ['192.168.1.10', '127.0.0.1'] }),
      400,
      'InvalidParameterValue',
      /127\.0\.0\.1 .*loopback/,
    ],
    [
      'with too many hosts',
      () =>
        site({
          prefixes: PREFIXES,
          hosts: Array.from({ length: 1001 }, (_, i) => `192.168.${i >> 8}.${i & 255}`),
        }),
      400,
      'SiteLimitExceeded',
      /1000 hosts, not 1001/,
    ],
    [
      'with too many prefixes',
      () =>
        site({
          prefixes: Array.from({ length: 10_001 }, (_, i) => `11.${i >> 8}.${i & 255}.0/24`),
        }),
      400,
      'SiteLimitExceeded',
      /10000 prefixes, not 10001/,
    ],
  ])('%s is refused, and makes none', async (_what, body, status, code, message) => {
    const answer = await add(body());
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect((answer.body.error as { message: string }).message).toMatch(message);
    expect(await list()).toEqual([]);
    expect(await statuses(vpn)).toEqual(['DOWN IPSEC IS DOWN', 'DOWN IPSEC IS DOWN']);
  });
});

describe('a site that is not there', () => {
  it.each(['GET', 'DELETE'])('is not found by %s', async (method) => {
    const answer = await server.ask(method, `${SITES}/nobody`);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NotFound' } } });
  });

  it('has no links', async () => {
    expect(await setLinks('nobody', {})).toMatchObject({ status: 404 });
  });

  it('with a name that is no text is refused', async () => {
    const answer = await server.ask('GET', `${SITES}/%ZZ`);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'MalformedPath' } } });
  });
});

describe('a site of a static connection', () => {
  it('H-024 brings its tunnels up, and takes them down when it goes', async () => {
    const [one, two] = await outsideAddresses(ec2, vpn);
    const { status, body } = await add(site({ prefixes: PREFIXES, hosts: HOSTS }));
    expect(status).toBe(200);
    const link = (address: string | undefined) => ({
      id: `${vpn}|${address}`,
      state: 'up',
      outsideIpAddress: address,
      ipsec: 'up',
      bgp: [],
    });
    expect(await look('dc')).toEqual({
      ...{ name: 'dc', customerGatewayId: device, asn: 65_010, prefixes: PREFIXES, hosts: HOSTS },
      links: [link(one), link(two)],
      routes: [{ destination: '10.0.0.0/16', links: [`${vpn}|${one}`] }],
    });
    expect(body).toMatchObject({ name: 'dc', customerGatewayId: device });
    expect(await list()).toEqual([await look('dc')]);
    expect(await statuses(vpn)).toEqual(['UP IPSEC IS UP', 'UP IPSEC IS UP']);
    expect(await take('dc')).toEqual({ status: 200, body: { removed: 'dc' } });
    expect(await list()).toEqual([]);
    expect(await statuses(vpn)).toEqual(['DOWN IPSEC IS DOWN', 'DOWN IPSEC IS DOWN']);
  });

  it('has its name and its place for itself', async () => {
    await add(site());
    const other = await makeCustomerGateway(ec2, '203.0.113.2');
    const before = await list();
    expect(await add(site({ customerGatewayId: other }))).toMatchObject({
      status: 409,
      body: { error: { code: 'SiteAlreadyExists' } },
    });
    expect(await add(site({ name: 'dc2' }))).toMatchObject({
      status: 409,
      body: { error: { code: 'SiteUplinkInUse' } },
    });
    expect(await list()).toEqual(before);
    await take('dc');
  });

  it.each<[string, unknown, number, string]>([
    ['no JSON', '{', 400, 'MalformedJson'],
    ['a list', [], 400, 'MalformedSite'],
    ['an unknown state', { 'vpn-1|1.2.3.4': 'broken' }, 400, 'MalformedSite'],
    ['an unknown link', { 'vpn-1|1.2.3.4': 'down' }, 404, 'NotFound'],
    ['what an object has by itself', { constructor: 'down' }, 404, 'NotFound'],
  ])('refuses links by %s, and changes nothing', async (_what, states, status, code) => {
    await add(site());
    const [one = ''] = await outsideAddresses(ec2, vpn);
    const before = await look('dc');
    expect(await setLinks('dc', states)).toMatchObject({ status, body: { error: { code } } });
    // A call with one bad link is refused as a whole.
    if (status === 404) {
      const both = { [one]: 'down', ...(states as object) };
      expect(await setLinks('dc', both)).toMatchObject({ status, body: { error: { code } } });
    }
    expect(await look('dc')).toEqual(before);
    await take('dc');
  });

  it('takes a link down by its id or its address, and up again', async () => {
    await add(site());
    const [one = '', two = ''] = await outsideAddresses(ec2, vpn);
    await setLinks('dc', { [one]: 'down' });
    expect(await statuses(vpn)).toEqual(['DOWN IPSEC IS DOWN', 'UP IPSEC IS UP']);
    await setLinks('dc', { [`${vpn}|${two}`]: 'down', [one]: 'up' });
    expect(await statuses(vpn)).toEqual(['UP IPSEC IS UP', 'DOWN IPSEC IS DOWN']);
    await take('dc');
  });
});

describe('a site with BGP', () => {
  /** On a transit gateway, with both sessions Established. */
  async function setUp(name: string, address: string) {
    const TransitGatewayId = await makeTransitGateway(ec2);
    const CustomerGatewayId = await makeCustomerGateway(ec2, address);
    const { VpnConnectionId } = await connect(ec2, { CustomerGatewayId, TransitGatewayId });
    const id = VpnConnectionId!;
    await add({ name, customerGatewayId: CustomerGatewayId, prefixes: PREFIXES, hosts: HOSTS });
    await expect.poll(() => statuses(id), PATIENT).toEqual(['UP 1 BGP ROUTES', 'UP 1 BGP ROUTES']);
    return id;
  }

  const shown = async (name: string) => {
    const { links } = await look(name);
    return links.map(({ state, ipsec, bgp }) => [state, ipsec, bgp.map((one) => one.state)]);
  };

  it('H-018 H-019 that is unreachable is so to AWS once dead peer detection finds out', async () => {
    const id = await setUp('silent', '203.0.113.3');
    const links = (await look('silent')).links.map((link) => link.id);
    const all = (state: string) => Object.fromEntries(links.map((link) => [link, state]));
    await setLinks('silent', all('unreachable'));
    const unaware = ['unreachable', 'up', ['Established']];
    expect(await shown('silent')).toEqual([unaware, unaware]);
    expect(await statuses(id)).toEqual(['UP 1 BGP ROUTES', 'UP 1 BGP ROUTES']);
    await server.ask('POST', '/_openvpc/clock', { advance: 'PT30S' });
    const aware = ['unreachable', 'down', []];
    expect(await shown('silent')).toEqual([aware, aware]);
    expect(await statuses(id)).toEqual(['DOWN IPSEC IS DOWN', 'DOWN IPSEC IS DOWN']);
    await setLinks('silent', all('up'));
    const up = ['UP 1 BGP ROUTES', 'UP 1 BGP ROUTES'];
    await expect.poll(() => statuses(id), PATIENT).toEqual(up);
  });

  it('H-078 whose router is another program is not heard while it is unreachable', async () => {
    const router = new CalledSpeaker(65_010, '192.0.2.1');
    await router.listen('127.0.0.1');
    const aws = { asn: 64_512, address: '127.0.0.1', families: [4], passive: true } as const;
    router.addPeer({ ...aws, nextHops: { 4: parseIpv4('192.0.2.1')! } });
    router.start();
    const TransitGatewayId = await makeTransitGateway(ec2);
    const CustomerGatewayId = await makeCustomerGateway(ec2, '203.0.113.6');
    await connect(ec2, { CustomerGatewayId, TransitGatewayId });
    const bgp = { connect: `127.0.0.1:${router.port}` };
    await add({ name: 'real', customerGatewayId: CustomerGatewayId, bgp });
    const state = async () => (await look('real')).links[0]?.bgp[0]?.state;
    await expect.poll(state, PATIENT).toBe('Established');
    const { id } = (await look('real')).links[0]!;
    await setLinks('real', { [id]: 'unreachable' });
    router.stop();
    await expect.poll(() => router.state, PATIENT).toBe('Idle');
    expect(await state()).toBe('Established');
    router.start();
    await setLinks('real', { [id]: 'up' });
    await expect.poll(() => router.state, PATIENT).toBe('Established');
    router.close();
  });

  it('is a place to come from and to go to', async () => {
    await setUp('place', '203.0.113.5');
    const ask = (question: object) => server.ask('POST', '/_openvpc/probe', question);
    const to = 'site:place/192.168.1.10';
    const answer = await ask({ from: 'internet', to });
    expect(answer).toMatchObject({ status: 200, body: { reachable: false } });
    const nobody = await ask({ from: 'site:nobody/192.168.1.10', to });
    expect(nobody).toMatchObject({ status: 404, body: { error: { code: 'NotFound' } } });
    const stranger = await ask({ from: 'site:place/192.168.1.11', to });
    expect(stranger).toMatchObject({ status: 404, body: { error: { code: 'NotFound' } } });
  });
});
