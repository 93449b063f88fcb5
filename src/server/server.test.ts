import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  instancePair,
  type Pair,
  type TestServer,
  testServer,
} from '../../test/support/http-server.ts';

let server: TestServer;
let pair: Pair;
beforeAll(async () => {
  server = await testServer({ transitions: 'instant' });
  pair = await instancePair(server.ec2());
});
afterAll(() => server.stop());

async function addressOf(id: string) {
  const { Reservations } = await server.ec2().describeInstances({ InstanceIds: [id] });
  return { privateIpAddress: Reservations![0]!.Instances![0]!.PrivateIpAddress! };
}

const refusal = (status: number, code: string) => ({ status, body: { error: { code } } });

describe.each(['probe', 'trace'])('POST /_openvpc/%s', (verb) => {
  const path = `/_openvpc/${verb}`;

  it('answers a question', async () => {
    const { a: from, b: to } = pair;
    const answer = await server.ask('POST', path, { from, to, protocol: 'tcp', port: 443 });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        reachable: true,
        forward: { disposition: 'delivered' },
        return: { disposition: 'delivered' },
        observed: { port: 443, instance: to },
      },
    });
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"from"', 'MalformedJson'],
    ['no body', '', 'MalformedJson'],
    ['a text', '"x"', 'MalformedQuestion'],
    ['a list', [], 'MalformedQuestion'],
    ['nothing', null, 'MalformedQuestion'],
    ['an unknown member', { from: 'i-1', to: 'i-2', colour: 'red' }, 'MalformedQuestion'],
    ['a site without address', { from: 'site:dc1', to: '10.0.0.4' }, 'InvalidParameterValue'],
    ['an HTTP exchange', { from: 'i-1', protocol: 'http', url: 'x' }, 'UnsupportedOperation'],
    ['a sender that is no place', { from: 'nowhere', to: '10.0.0.4' }, 'InvalidParameterValue'],
  ])('refuses %s', async (_what, body, code) => {
    expect(await server.ask('POST', path, body)).toMatchObject(refusal(400, code));
  });

  it.each<[string, object]>([
    ['from', { to: '10.0.0.4' }],
    ['to', { from: 'internet', to: 7 }],
    ['protocol', { from: 'internet', to: '10.0.0.4', protocol: 'sctp' }],
    ['port', { from: 'internet', to: '10.0.0.4', port: 65_536 }],
    ['sourcePort', { from: 'internet', to: '10.0.0.4', sourcePort: 1.5 }],
    ['family', { from: 'internet', to: '10.0.0.4', family: 5 }],
    ['size', { from: 'internet', to: '10.0.0.4', size: -1 }],
    ['dontFragment', { from: 'internet', to: '10.0.0.4', dontFragment: 'yes' }],
    ['ttl', { from: 'internet', to: '10.0.0.4', ttl: 0 }],
    ['account', { from: 'internet', to: '10.0.0.4', account: 'me' }],
    ['account', { from: 'internet', to: '10.0.0.4', account: '11111111111١' }],
    ['region', { from: 'internet', to: '10.0.0.4', region: 'us-east-9' }],
    ['region', { from: 'internet', to: '10.0.0.4', region: '' }],
    ['region', { from: 'internet', to: '10.0.0.4', region: 7 }],
  ])('names the malformed member %s', async (member, body) => {
    const answer = await server.ask('POST', path, body);
    expect(answer).toMatchObject(refusal(400, 'MalformedQuestion'));
    const { message } = answer.body.error as { message: string };
    expect(message).toMatch(new RegExp(`^${member}: `));
  });

  it('does not know an id that nobody has', async () => {
    const from = 'i-00000000000000000';
    const answer = await server.ask('POST', path, { from, to: '10.0.0.4' });
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).toContain(from);
  });
});

describe('probe and trace', () => {
  it('agree on hops, verdict and what the far end sees', async () => {
    for (const to of [pair.b, '8.8.8.8', '10.0.0.200', 'no.example']) {
      const question = { from: pair.a, to, protocol: 'udp', port: 53 };
      const trace = (await server.ask('POST', '/_openvpc/trace', question)).body;
      const { packets, rttMicros, ...probe } = (
        await server.ask('POST', '/_openvpc/probe', question)
      ).body;
      expect(probe).toEqual(trace);
      expect([typeof packets, typeof rttMicros]).toEqual(['number', 'number']);
    }
  });
});

describe.each(['probe', 'trace'])('%s of a name that nobody knows', (verb) => {
  const ask = async (question: object) =>
    (await server.ask('POST', `/_openvpc/${verb}`, { to: 'no.example', ...question })).body;

  it('ends at the VPC, where its resolver was asked', async () => {
    const question = { from: pair.a, protocol: 'tcp', port: 80, sourcePort: 50_000 };
    const answer = await ask(question);
    const { privateIpAddress: source } = await addressOf(pair.a);
    const packet = { destination: 'no.example', protocol: 'tcp', sourcePort: 50_000, port: 80 };
    expect(answer).toMatchObject({ reachable: false, return: null, sourcePort: 50_000 });
    expect(answer.forward).toMatchObject({
      disposition: 'dropped',
      reason: 'NAME_NOT_RESOLVED',
      at: pair.vpc,
    });
    expect((answer.forward as { hops: unknown }).hops).toEqual([
      { kind: 'vpc', resource: pair.vpc, direction: 'egress', packet: { source, ...packet } },
    ]);
  });

  it('has the source port that the question would have', async () => {
    const question = { from: pair.a, protocol: 'udp', port: 80 };
    const { sourcePort } = await ask(question);
    expect(sourcePort).toBeGreaterThanOrEqual(49_152);
    expect((await ask(question)).sourcePort).toBe(sourcePort);
    expect((await ask({ ...question, to: 'other.example' })).sourcePort).not.toBe(sourcePort);
    expect((await ask({ ...question, port: 81 })).sourcePort).not.toBe(sourcePort);
  });

  it('ends at the Internet where somebody outside asks', async () => {
    const { forward } = await ask({ from: 'internet:203.0.113.9' });
    const packet = { source: '203.0.113.9', destination: 'no.example', protocol: 'icmp' };
    expect(forward).toMatchObject({ at: 'internet', reason: 'NAME_NOT_RESOLVED' });
    expect((forward as { hops: unknown }).hops).toEqual([
      { kind: 'internet', resource: 'internet', direction: 'egress', packet },
    ]);
  });

  it('of no family that the asker has', async () => {
    const { forward } = await ask({ from: pair.a, family: 6 });
    expect(forward).toMatchObject({ hops: [{ packet: { protocol: 'icmpv6' } }] });
  });
});

describe('GET /_openvpc/topology', () => {
  it('has resources and the edges between them', async () => {
    const client = server.ec2();
    await client.createTags({ Resources: [pair.a], Tags: [{ Key: 'Name', Value: 'web' }] });
    const { body } = await server.ask('GET', '/_openvpc/topology?account=111111111111');
    const { resources, edges } = body as { resources: { id: string }[]; edges: object[] };
    const byId = Object.fromEntries(resources.map((resource) => [resource.id, resource]));
    expect(byId[pair.vpc]).toMatchObject({ type: 'vpc', cidrs: ['10.0.0.0/16'] });
    expect(byId[pair.a]).toMatchObject({ type: 'instance', name: 'web', state: 'running' });
    expect(edges).toContainEqual({ from: pair.subnet, to: pair.vpc, type: 'in' });
    expect(edges).toContainEqual({ from: pair.a, to: pair.subnet, type: 'in' });
    expect(edges).toContainEqual(expect.objectContaining({ to: pair.a, type: 'attached' }));
    const local = { to: pair.vpc, type: 'route', destination: '10.0.0.0/16', state: 'active' };
    expect(edges).toContainEqual(expect.objectContaining(local));
  });

  it('can be of one account or Region', async () => {
    const { body } = await server.ask('GET', '/_openvpc/topology?account=999999999999');
    expect(body).toEqual({ resources: [], edges: [] });
    const elsewhere = await server.ask('GET', '/_openvpc/topology?region=eu-west-1');
    expect(elsewhere.body).toEqual({ resources: [], edges: [] });
  });
});

describe('/_openvpc/state', () => {
  it('is exported and imported into another server', async () => {
    const { body: state } = await server.ask('GET', '/_openvpc/state');
    const other = await testServer();
    const put = await other.ask('PUT', '/_openvpc/state', state);
    expect(put).toMatchObject({ status: 200, body: { records: expect.any(Number) } });
    expect((await other.ask('GET', '/_openvpc/state')).body).toEqual(state);
    const question = { from: pair.a, to: pair.b };
    const answer = await other.ask('POST', '/_openvpc/probe', question);
    expect(answer.body).toMatchObject({ reachable: true });
    await other.stop();
  });

  it('refuses garbage and changes nothing', async () => {
    const { body: before } = await server.ask('GET', '/_openvpc/state');
    const records = before.records as Readonly<Record<string, readonly object[]>>;
    const [subnet] = records.subnet!;
    const garbage = [
      'x',
      {},
      { ...before, version: 99 },
      { ...before, records: { ...records, subnet: [{ ...subnet, vpcId: 'vpc-0' }] } },
      { ...before, records: { ...records, subnet: [{ ...subnet, cidr: 'all' }] } },
    ];
    for (const state of garbage) {
      const { status, body } = await server.ask('PUT', '/_openvpc/state', state);
      expect([status, body]).toEqual([400, { error: expect.any(Object) }]);
    }
    expect((await server.ask('GET', '/_openvpc/state')).body).toEqual(before);
  });
});

describe('POST /_openvpc/clock', () => {
  it('moves the clock on', async () => {
    const first = await server.ask('POST', '/_openvpc/clock', { advance: 'PT0S' });
    const second = await server.ask('POST', '/_openvpc/clock', { advance: 'PT168H' });
    const elapsed = Date.parse(String(second.body.now)) - Date.parse(String(first.body.now));
    expect(Math.abs(elapsed - 168 * 3_600_000)).toBeLessThan(60_000);
  });

  it.each([{}, { advance: '-PT1H' }, { advance: 'soon' }, { advance: 3600 }, { advance: 'P1Y' }])(
    'refuses %j',
    async (body) => {
      const answer = await server.ask('POST', '/_openvpc/clock', body);
      expect(answer).toMatchObject(refusal(400, 'MalformedDuration'));
    },
  );
});

describe('POST /_openvpc/reset', () => {
  it('empties one account, or all', async () => {
    const other = await testServer({ transitions: 'instant' });
    const [first, second] = [other.ec2('111111111111'), other.ec2('222222222222')];
    await Promise.all([first, second].map((one) => one.createVpc({ CidrBlock: '10.0.0.0/16' })));
    const count = async (client = first) => (await client.describeVpcs({})).Vpcs!.length;
    await other.ask('POST', '/_openvpc/reset', { account: '111111111111' });
    expect([await count(first), await count(second)]).toEqual([1, 2]);
    await other.ask('POST', '/_openvpc/reset');
    expect([await count(first), await count(second)]).toEqual([1, 1]);
    await other.stop();
  });

  it.each([{ account: 'me' }, { acount: '111111111111' }, []])('refuses %j', async (body) => {
    const answer = await server.ask('POST', '/_openvpc/reset', body);
    expect(answer).toMatchObject(refusal(400, 'MalformedRequest'));
  });
});

describe('GET /metrics', () => {
  it('counts calls, packets, sessions and resources', async () => {
    const client = server.ec2('333333333333');
    await client.describeSubnets({});
    await client.deleteVpc({ VpcId: 'vpc-00000000000000000' }).catch(() => {});
    const outside = { from: pair.a, to: '8.8.8.8' };
    await server.ask('POST', '/_openvpc/probe', outside);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const value = (name: string) =>
      Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
    const calls = (labels: string) => value(`openvpc_api_calls_total{service="ec2",${labels}}`);
    expect(calls('action="DescribeSubnets",code="OK"')).toBe(1);
    expect(calls('action="DeleteVpc",code="InvalidVpcID.NotFound"')).toBe(1);
    expect(value('openvpc_resources{kind="instance"}')).toBe(2);
    expect(value('openvpc_packets_forwarded_total')).toBeGreaterThan(0);
    expect(
      value('openvpc_packets_dropped_total{reason="NO_ROUTE_TO_DESTINATION"}'),
    ).toBeGreaterThan(0);
    expect(value('openvpc_sessions')).toBe(0);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  it('never has a label of a caller’s making', async () => {
    await fetch(server.url, { method: 'POST', body: 'Action=Nonsense&Version=2016-11-15' });
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain('action="unknown",code="InvalidAction"');
    expect(text).not.toContain('Nonsense');
  });
});

describe('later issues', () => {
  it.each([
    ['POST', '/_openvpc/import'],
    ['GET', '/_openvpc/ca.pem'],
  ])('%s %s', async (method, path) => {
    const answer = await server.ask(method, path);
    expect(answer).toMatchObject(refusal(400, 'UnsupportedOperation'));
  });
});
