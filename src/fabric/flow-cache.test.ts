import { describe, expect, it } from 'vitest';
import { endpointKey } from './endpoint.ts';
import { CachedFlow, carryAlong, FlowCache, type FlowWay, isCacheable } from './flow-cache.ts';
import { HASH_CHAIN_MAX } from './limits.ts';
import { newScope, SessionTable } from './session.ts';
import { Station } from './station.ts';
import { checksumsValid, echoFrame, packet, tcpFrame, udpFrame } from './test-frames.ts';
import { TestNetwork } from './test-network.ts';

const X_TO_Z = { source: '10.0.1.10', destination: '10.0.2.10' };
const Z_TO_X = { source: '10.0.2.10', destination: '10.0.1.10' };
const SECOND = 1000;

/** x, m and z in subnets of their own; m forwards. Everything is allowed, and tracked. */
function made(tracking: { readonly udpStreamTimeout?: number } = {}): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:1::/56']);
  test.close('sg-a', true);
  test.close('sg-a', false);
  for (const peer of ['10.0.0.0/8', '198.51.100.0/24', '2001:db8:1::/56']) {
    test.ingress('sg-a', { peer });
    test.egress('sg-a', { peer });
  }
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:1:1::/64']);
  test.subnet('three', 'a', ['10.0.3.0/24']);
  test.host('x', 'one', '10.0.1.10', { publicAddress: '203.0.113.10', ipv6: '2001:db8:1::10' });
  test.host('z', 'two', '10.0.2.10', { connectionTracking: tracking });
  test.host('m', 'three', '10.0.3.10', { sourceDestCheck: false });
  return test;
}

/** Over m there and back. */
function detour(test: TestNetwork): void {
  const over = { kind: 'network-interface', id: 'eni-m' } as const;
  for (const name of ['one', 'two']) {
    test.table(`rtb-${name}`, 'vpc-a', []);
    test.route(`rtb-${name}`, '10.0.0.0/16', over);
    test.useTable(`subnet-${name}`, 'vpc-a', `rtb-${name}`);
  }
}

interface Outcome {
  readonly to: readonly string[];
  readonly known: number;
}

/** Who gets a frame, and whether its way was known. */
function pass(test: TestNetwork, from: string, frame: Uint8Array): Outcome {
  const { known } = test.fabric.counters;
  test.arrived.length = 0;
  test.send(from, frame);
  return {
    to: test.arrived.map(({ to }) => endpointKey(to)),
    known: test.fabric.counters.known - known,
  };
}

/** A datagram from x to z, and what came of it. */
const datagram = (test: TestNetwork, size = 10) =>
  pass(test, 'x', udpFrame(X_TO_Z, new Uint8Array(size)));

/** A flow between x and z that both have sent packets of: its ways are known. */
function flowing(test: TestNetwork): TestNetwork {
  const reply = () => udpFrame({ ...Z_TO_X, sourcePort: 53, port: 40000 });
  for (let index = 0; index < 2; index++) {
    datagram(test);
    pass(test, 'z', reply());
  }
  expect(datagram(test)).toEqual({ to: ['eni-z'], known: 1 });
  expect(pass(test, 'z', reply())).toEqual({ to: ['eni-x'], known: 1 });
  return test;
}

const drops = (test: TestNetwork) => [...test.fabric.counters.dropped.keys()];

describe('a flow', () => {
  it('A-071 has a known way both ways once its sessions are there', () => {
    const test = made();
    expect(datagram(test)).toEqual({ to: ['eni-z'], known: 0 });
    expect(datagram(test)).toEqual({ to: ['eni-z'], known: 0 });
    expect(datagram(test)).toEqual({ to: ['eni-z'], known: 1 });
    flowing(test);
  });

  it('A-072 has one where it goes untracked', () => {
    const test = made();
    for (const peer of ['0.0.0.0/0', '::/0']) {
      test.ingress('sg-a', { peer });
      test.egress('sg-a', { peer });
    }
    datagram(test);
    expect(datagram(test)).toEqual({ to: ['eni-z'], known: 1 });
    expect(test.fabric.sessionCount).toBe(0);
    test.close('sg-a', false);
    expect(datagram(test)).toEqual({ to: [], known: 0 });
  });

  it('has none before it is connected: what opens a connection walks', () => {
    const test = made();
    const segment = (flags: number) => pass(test, 'x', tcpFrame({ ...X_TO_Z, flags }));
    for (const known of [0, 0]) expect(segment(2)).toEqual({ to: ['eni-z'], known });
    for (const known of [0, 1]) expect(segment(16)).toEqual({ to: ['eni-z'], known });
  });

  it('A-073 that has ended has one no longer than its ports are its own', () => {
    const test = made();
    const segment = (flags: number) => pass(test, 'x', tcpFrame({ ...X_TO_Z, flags }));
    for (const flags of [2, 16, 16, 17]) segment(flags);
    test.close('sg-a', false);
    expect(segment(16)).toEqual({ to: ['eni-z'], known: 0 });
    expect(segment(16)).toEqual({ to: ['eni-z'], known: 1 });
    expect(segment(2).to).toEqual([]);
    expect(segment(16).to).toEqual([]);
  });

  it('keeps apart from flows that differ in one field, or in the order of their bits', () => {
    const test = made();
    test.host('v', 'two', '2001:db8:1:1::10');
    test.host('w', 'two', '2001:db8:1:1:0:10::');
    const source = '2001:db8:1::10';
    const to = (destination: string) => pass(test, 'x', udpFrame({ source, destination })).to;
    for (let index = 0; index < 3; index++) {
      expect(to('2001:db8:1:1::10')).toEqual(['eni-v']);
      expect(to('2001:db8:1:1:0:10::')).toEqual(['eni-w']);
    }
  });

  it('A-043 is another one when its frames are for another on the link', () => {
    const test = made();
    test.host('n', 'one', '10.0.1.11', { sourceDestCheck: false });
    test.tag('i-n', { 'openvpc:forward': 'drop' });
    flowing(test);
    const { mac } = test.network.interfaces.get('eni-n')!;
    expect(pass(test, 'x', udpFrame({ ...X_TO_Z, to: mac })).to).toEqual([]);
    expect(datagram(test).to).toEqual(['eni-z']);
  });
});

describe('a change ends what was known', () => {
  const CHANGES: readonly (readonly [string, (test: TestNetwork) => void, string])[] = [
    ['of a route', (test) => test.unroute('rtb-a', '10.0.0.0/16'), 'NO_ROUTE_TO_DESTINATION'],
    [
      'of a table’s association',
      (test) => {
        test.table('rtb-empty', 'vpc-a', []);
        test.useTable('subnet-one', 'vpc-a', 'rtb-empty');
      },
      'NO_ROUTE_TO_DESTINATION',
    ],
    [
      'of an ACL’s entries',
      (test) =>
        test.entry('acl-a', { ruleNumber: 1, egress: false, action: 'deny', cidr: '10.0.0.0/8' }),
      'SUBNET_ACL_RESTRICTION',
    ],
    [
      'of an ACL’s association',
      (test) => {
        test.acl('acl-closed', 'vpc-a');
        test.useAcl('subnet-two', 'acl-closed');
      },
      'SUBNET_ACL_RESTRICTION',
    ],
    [
      'of an interface’s attachment',
      (test) => test.host('z', 'two', '10.0.2.10', { instance: null }),
      'BAD_STATE',
    ],
    [
      'of an interface’s address',
      (test) => test.host('z', 'two', '10.0.2.11'),
      'NO_POSSIBLE_DESTINATION',
    ],
    [
      'of an instance’s state',
      (test) => test.update('instance', 'i-z', { state: 'stopped' }),
      'BAD_STATE',
    ],
  ];

  it.each(CHANGES)('%s', (_what, change, reason) => {
    const test = flowing(made());
    change(test);
    expect(datagram(test)).toEqual({ to: [], known: 0 });
    expect(drops(test)).toEqual([reason]);
  });

  it('of rules, though tracked flows go on (A-073)', () => {
    const test = flowing(made());
    test.close('sg-a', false);
    expect(datagram(test)).toEqual({ to: ['eni-z'], known: 0 });
    expect(datagram(test)).toEqual({ to: ['eni-z'], known: 1 });
  });

  it('B-045 of a peering, and brings another way', () => {
    const test = made();
    test.vpc('b', ['10.1.0.0/16']);
    test.ingress('sg-b');
    test.subnet('far', 'b', ['10.1.1.0/24']);
    test.host('f', 'far', '10.1.1.10');
    test.peer('pcx-1', 'vpc-a', 'vpc-b');
    test.route('rtb-a', '10.1.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    const send = () => pass(test, 'x', udpFrame({ source: '10.0.1.10', destination: '10.1.1.10' }));
    for (const known of [0, 0, 1]) expect(send()).toEqual({ to: ['eni-f'], known });
    test.update('vpc-peering-connection', 'pcx-1', { status: 'deleted' });
    expect(send()).toEqual({ to: [], known: 0 });
    expect(drops(test)).toEqual(['BAD_STATE_ROUTE']);
  });
});

describe('a packet walks although its flow is known', () => {
  it('A-075 when a session on its way has expired, the first or the second', () => {
    const test = flowing(made({ udpStreamTimeout: 60 }));
    test.close('sg-a', false);
    test.now += 59 * SECOND;
    expect(datagram(test).to).toEqual(['eni-z']);
    test.now += 60 * SECOND;
    expect(datagram(test)).toEqual({ to: [], known: 0 });
    expect(drops(test)).toEqual(['SG_HAS_NO_RULES']);
  });

  it('A-075 A-113 when one further on has: a forwarding instance has gates of its own', () => {
    const test = made({ udpStreamTimeout: 60 });
    detour(test);
    flowing(test);
    test.close('sg-a', false);
    datagram(test);
    expect(datagram(test)).toEqual({ to: ['eni-z'], known: 1 });
    test.now += 60 * SECOND;
    expect(datagram(test)).toEqual({ to: [], known: 0 });
    expect(drops(test)).toEqual(['SG_HAS_NO_RULES']);
  });

  it('A-075 keeps every session on its way alive', () => {
    const test = made();
    detour(test);
    flowing(test);
    test.close('sg-a', false);
    datagram(test);
    for (let index = 0; index < 5; index++) {
      test.now += 170 * SECOND;
      expect(datagram(test)).toEqual({ to: ['eni-z'], known: 1 });
    }
  });

  it('when its time to live ends on the way', () => {
    const test = made();
    detour(test);
    flowing(test);
    const send = (ttl: number) => pass(test, 'x', udpFrame({ ...X_TO_Z, ttl }));
    expect(send(2)).toEqual({ to: ['eni-z'], known: 1 });
    expect(test.arrived[0]!.bytes[22]).toBe(1);
    expect(checksumsValid(test.arrived[0]!.bytes)).toBe(true);
    expect(send(1)).toEqual({ to: ['eni-x'], known: 0 });
    expect(drops(test)).toEqual(['TTL_EXPIRED']);
  });

  it('A-108 when it is too large for a part of the way', () => {
    const test = made();
    test.gateway('igw-a', 'vpc-a');
    test.route('rtb-a', '0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-a' });
    const send = (size: number) =>
      pass(
        test,
        'x',
        udpFrame({ source: '10.0.1.10', destination: '198.51.100.7' }, new Uint8Array(size)),
      );
    for (const known of [0, 0, 1]) {
      expect(send(1400)).toEqual({ to: ['internet|198.51.100.7'], known });
      const [arrival] = test.arrived;
      expect([...arrival!.bytes.subarray(26, 30)]).toEqual([203, 0, 113, 10]);
      expect(checksumsValid(arrival!.bytes)).toBe(true);
    }
    expect(send(1473)).toEqual({ to: ['eni-x'], known: 0 });
    expect(drops(test)).toEqual(['MTU_EXCEEDED']);
  });
});

describe('isCacheable', () => {
  const udp = { protocol: 'udp' } as const;
  it.each([
    ['a datagram', true, packet('10.0.0.1', '10.0.0.2', udp)],
    ['a segment', true, packet('10.0.0.1', '10.0.0.2', { flags: 16 })],
    ['the answer to an opening', false, packet('10.0.0.1', '10.0.0.2', { flags: 18 })],
    ['an echo', true, packet('10.0.0.1', '10.0.0.2', { protocol: 'icmp' })],
    ['what opens a connection', false, packet('10.0.0.1', '10.0.0.2', { flags: 2 })],
    [
      'an ICMP error',
      false,
      packet('10.0.0.1', '10.0.0.2', { protocol: 'icmp', icmp: { type: 3, code: 4 } }),
    ],
    ['a fragment', false, Object.assign(packet('10.0.0.1', '10.0.0.2', udp), { isFragment: true })],
  ])('%s: %s', (_what, expected, given) => {
    expect(isCacheable(given)).toBe(expected);
  });

  it('an echo and its reply are two flows, though their identifiers are one', () => {
    const test = made();
    const send = (reply: boolean) => pass(test, 'x', echoFrame({ ...X_TO_Z, reply }));
    for (const known of [0, 0, 1]) expect(send(false)).toEqual({ to: ['eni-z'], known });
    expect(send(true)).toEqual({ to: ['eni-z'], known: 0 });
  });
});

describe('the cache', () => {
  const start = new Station({
    role: 'interface',
    resource: 'eni-x',
    kind: 'network-interface',
    direction: 'egress',
  });
  const way: FlowWay = {
    to: { kind: 'interface', id: 'eni-z' },
    mac: 0 as never,
    lengthMax: 9001,
    hops: 0,
    tracked: [],
    untracked: [],
    rewritten: undefined,
  };
  const datagramAt = (sourcePort: number) =>
    packet('10.0.0.1', '10.0.0.2', { protocol: 'udp', sourcePort });
  const add = (cache: FlowCache, port: number) =>
    cache.add(new CachedFlow(start, datagramAt(port)), way);

  it('finds every one of many flows, and nothing else', () => {
    const cache = new FlowCache();
    for (let port = 0; port < 5000; port++) add(cache, port);
    expect(cache.size).toBe(5000);
    for (let port = 0; port < 5000; port++) {
      expect(cache.find(start, datagramAt(port))?.ports).toBe((port << 16) | 443);
    }
    expect(cache.find(start, datagramAt(5000))).toBeUndefined();
  });

  it('replaces a flow that is learnt again', () => {
    const cache = new FlowCache();
    for (let index = 0; index < 3; index++) add(cache, 1);
    expect(cache.size).toBe(1);
  });

  it('keeps few flows that were chosen to have one hash, the newest among them', () => {
    const cache = new FlowCache();
    const flows = Array.from({ length: 3 * HASH_CHAIN_MAX }, (_, index) => {
      const text = index.toString(16);
      return packet('2001:db8::1', `2001:${text}:2001:${text}::9`, { protocol: 'udp' });
    });
    for (const flow of flows) cache.add(new CachedFlow(start, flow), way);
    expect(cache.size).toBe(HASH_CHAIN_MAX);
    expect(cache.find(start, flows.at(-1)!)).toBeDefined();
  });

  it('forgets all it has when it is full', () => {
    const cache = new FlowCache(4);
    for (let port = 0; port < 5; port++) add(cache, port);
    expect(cache.size).toBe(1);
    expect(cache.find(start, datagramAt(0))).toBeUndefined();
    expect(cache.find(start, datagramAt(4))).toBeDefined();
  });

  it('finds nothing that was learnt before a change, and makes room for what comes', () => {
    const cache = new FlowCache();
    add(cache, 1);
    cache.invalidate();
    expect(cache.find(start, datagramAt(1))).toBeUndefined();
    add(cache, 1);
    expect(cache.find(start, datagramAt(1))).toBeDefined();
    expect(cache.size).toBe(1);
  });

  it('A-072 takes nothing along past an untracked gate that a session has since', () => {
    const cache = new FlowCache();
    const sessions = new SessionTable();
    const scope = newScope();
    const sent = datagramAt(1);
    const gate = { scope, direction: 'egress', packet: datagramAt(1) } as const;
    cache.add(new CachedFlow(start, sent), { ...way, untracked: [gate] });
    const flow = cache.find(start, sent)!;
    expect(carryAlong(flow, sent, sessions, 0)).toBe(true);
    sessions.open(scope, 'egress', sent, { match: {}, actions: [{ do: 'next' }] }, 0);
    expect(carryAlong(flow, sent, sessions, 0)).toBe(false);
  });
});
