import { describe, expect, it } from 'vitest';
import { formatIp } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { AddressMap } from './address-map.ts';
import { STATIONS_MAX } from './limits.ts';
import type { InterfaceNode } from './node.ts';
import { type Packet, TCP_ACK, TCP_RST } from './packet.ts';
import { newScope, SessionTable } from './session.ts';
import { Station, type StationOptions } from './station.ts';
import { type Action, ANY, type Masquerade, type Match, type Table } from './table.ts';
import { packet, replyTo } from './test-frames.ts';
import { ip } from './test-values.ts';
import { TranslationTable } from './translation.ts';
import { type Drop, type Flows, type Recorder, type Verdict, walk } from './walk.ts';

function flows(): Flows {
  return { sessions: new SessionTable(), translations: new TranslationTable() };
}

function station(resource: string, actions: readonly Action[], options?: Partial<StationOptions>) {
  const made = new Station({
    role: 'router',
    resource,
    kind: 'vpc',
    direction: 'egress',
    ...options,
  });
  made.table = { rules: [], otherwise: { match: ANY, actions } };
  return made;
}

const END = station('end', [{ do: 'deliver' }]);

/** Walks one packet through a station with these actions. */
function run(actions: readonly Action[], one: Packet = packet('10.0.0.1', '10.0.0.2')): Verdict {
  return walk(station('here', actions), one, flows(), 0);
}

function node(groupsIn: Station): InterfaceNode {
  return { groupsIn } as InterfaceNode;
}

describe('actions that lead on', () => {
  it('go, next and deliver', () => {
    const last = station('last', [{ do: 'go', to: END }]);
    const first = station('first', [{ do: 'next' }]);
    first.next = last;
    const verdict = walk(first, packet('10.0.0.1', '10.0.0.2'), flows(), 0);
    expect(verdict).toEqual({ disposition: 'delivered', station: END });
  });

  it('go-next-hop enters the interface that the packet is addressed to on the link', () => {
    const one = packet('10.0.0.1', '10.0.0.2');
    const actions: Action[] = [{ do: 'set-next-hop', to: node(END) }, { do: 'go-next-hop' }];
    expect(run(actions, one)).toMatchObject({ disposition: 'delivered', station: END });
  });

  it.each([
    ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    ['2001:db8::1', '2001:db8::2', '2001:db8::3'],
  ])('resolve-link finds a neighbour, or leaves it to the router: %s', (here, near, far) => {
    const hosts = new AddressMap<InterfaceNode>();
    const neighbor = node(END);
    hosts.set(ip(near), neighbor);
    const actions: Action[] = [
      { do: 'resolve-link', hosts },
      { do: 'go', to: END },
    ];
    const [direct, routed] = [packet(here, near), packet(here, far)];
    routed.nextHop = neighbor;
    run(actions, direct);
    run(actions, routed);
    expect([direct.nextHop, routed.nextHop]).toEqual([neighbor, undefined]);
  });

  it('drop gives its reason, its place and no error', () => {
    expect(run([{ do: 'drop', reason: 'INSTANCE_DROPS' }])).toMatchObject({
      disposition: 'dropped',
      reason: 'INSTANCE_DROPS',
      station: { resource: 'here' },
      error: undefined,
    });
  });

  it('what matches no rule meets what holds for everything else', () => {
    const gate = station('gate', [{ do: 'drop', reason: 'BAD_STATE' }]);
    const match: Match = { protocol: 17 };
    const pass: Table['rules'][number] = { match, actions: [{ do: 'go', to: END }] };
    gate.table = { ...gate.table, rules: [pass] };
    const verdictOf = (protocol: 'tcp' | 'udp') =>
      walk(gate, packet('10.0.0.1', '10.0.0.2', { protocol }), flows(), 0).disposition;
    expect([verdictOf('udp'), verdictOf('tcp')]).toEqual(['delivered', 'dropped']);
  });

  it('a station that stands for nothing yet refuses', () => {
    const empty = new Station({ role: 'router', resource: 'x', kind: 'vpc', direction: 'egress' });
    expect(walk(empty, packet('10.0.0.1', '10.0.0.2'), flows(), 0)).toMatchObject({
      reason: 'BAD_STATE',
    });
  });

  it('a rule that leads nowhere is a defect', () => {
    expect(() => run([{ do: 'set-subnet', to: 1, zone: 2 }])).toThrow('leads nowhere');
  });
});

describe('actions that change the packet', () => {
  const changed = (action: Action, one = packet('10.0.0.1', '10.0.0.2')) => {
    run([action, { do: 'deliver' }], one);
    return one;
  };

  it('rewrite-source and rewrite-destination', () => {
    const source = changed({ do: 'rewrite-source', to: ip('203.0.113.1') });
    expect(formatIp(source.source)).toBe('203.0.113.1');
    const six = packet('2001:db8::1', '2001:db8::2');
    changed({ do: 'rewrite-destination', to: ip('2001:db8::9') }, six);
    expect(formatIp(six.destination)).toBe('2001:db8::9');
    expect(formatIp(six.source)).toBe('2001:db8::1');
  });

  it('set-identity, set-subnet, set-next-hop', () => {
    const sender = node(END);
    expect(changed({ do: 'set-identity', to: sender }).identity).toBe(sender);
    const known = packet('10.0.0.1', '10.0.0.2');
    known.identity = sender;
    expect(changed({ do: 'set-identity', to: undefined }, known).identity).toBeUndefined();
    expect(changed({ do: 'set-subnet', to: 7, zone: 8 })).toMatchObject({ subnet: 7, zone: 8 });
    expect(changed({ do: 'set-next-hop', to: sender }).nextHop).toBe(sender);
  });

  it('set-errors takes the address of the packet’s family', () => {
    const from = { ipv4: ip('10.0.0.254'), ipv6: ip('2001:db8::254') };
    const action: Action = { do: 'set-errors', to: END, from };
    expect(changed(action)).toMatchObject({ errorsTo: END, errorSource: from.ipv4 });
    const six = changed(action, packet('2001:db8::1', '2001:db8::2'));
    expect(six.errorSource).toEqual(from.ipv6);
  });

  it('decrement-ttl', () => {
    expect(changed({ do: 'decrement-ttl' }).ttl).toBe(63);
    const last = packet('10.0.0.1', '10.0.0.2', { ttl: 1 });
    const actions: Action[] = [{ do: 'decrement-ttl' }, { do: 'deliver' }];
    expect(run(actions, last)).toMatchObject({ reason: 'TTL_EXPIRED' });
    expect(last.ttl).toBe(1);
  });
});

describe('check-size', () => {
  const check = (mtu: number): Action[] => [{ do: 'check-size', mtu }, { do: 'deliver' }];
  const sized = (length: number, dontFragment: boolean, source = '10.0.0.1') =>
    packet(source, source, { length, dontFragment });

  it('A-108 passes what fits', () => {
    const one = sized(1500, true);
    expect(run(check(1500), one).disposition).toBe('delivered');
    expect(one.fragmentTo).toBe(0);
  });

  it('A-108 drops what does not fit and may not be fragmented; IPv6 never may', () => {
    expect(run(check(1500), sized(1501, true))).toMatchObject({ reason: 'MTU_EXCEEDED' });
    const six = sized(1501, false, '2001:db8::1');
    expect(run(check(1500), six)).toMatchObject({ reason: 'MTU_EXCEEDED' });
  });

  it('A-108 marks what may be fragmented, for the smallest size of the way', () => {
    const one = sized(2000, false);
    const actions: Action[] = [
      { do: 'check-size', mtu: 1500 },
      { do: 'check-size', mtu: 1800 },
      { do: 'check-size', mtu: 1400 },
      { do: 'deliver' },
    ];
    expect(run(actions, one).disposition).toBe('delivered');
    expect(one.fragmentTo).toBe(1400);
  });

  it('A-108 tells the sender the size that fits, if errors have a way back', () => {
    const one = sized(2000, true);
    one.errorsTo = END;
    const error = { kind: 'packet-too-big', mtu: 1500 };
    expect(run(check(1500), one)).toMatchObject({ error });
    expect(run(check(1500), sized(2000, true))).toMatchObject({ error: undefined });
  });
});

describe('errors', () => {
  const expire: Action[] = [{ do: 'decrement-ttl' }, { do: 'deliver' }];
  const expiring = (options = {}) => {
    const one = packet('10.0.0.1', '10.0.0.2', { ttl: 1, ...options });
    one.errorsTo = END;
    return one;
  };

  it('an expired packet is reported, another drop is not', () => {
    expect(run(expire, expiring())).toMatchObject({ error: { kind: 'time-exceeded' } });
    const refused = run([{ do: 'drop', reason: 'BAD_STATE' }], expiring());
    expect(refused).toMatchObject({ error: undefined });
  });

  it('RFC 1122: no error about an error', () => {
    for (const type of [3, 4, 5, 11, 12]) {
      const one = expiring({ protocol: 'icmp', icmp: { type, code: 0 } });
      expect(run(expire, one), `type ${type}`).toMatchObject({ error: undefined });
    }
    const echo = expiring({ protocol: 'icmp' });
    expect(run(expire, echo)).toMatchObject({ error: { kind: 'time-exceeded' } });
  });
});

describe('tracked flows', () => {
  const scope = newScope();
  const gate = (direction: 'egress' | 'ingress', actions: Action[]) => {
    const made = station('eni', actions, { role: 'group-gate', direction, scope });
    made.next = END;
    return made;
  };
  const remember: Action[] = [{ do: 'remember' }, { do: 'next' }];
  const refuse: Action[] = [{ do: 'drop', reason: 'ENI_SG_RULES_MISMATCH' }];

  it('A-071 A-073 a remembered flow passes whatever the rules say, its replies too', () => {
    const open = flows();
    const request = packet('10.0.0.1', '10.0.0.2');
    const egress = gate('egress', remember);
    const ingress = gate('ingress', refuse);
    expect(walk(egress, request, open, 0).disposition).toBe('delivered');
    expect(walk(ingress, replyTo(request), open, 1).disposition).toBe('delivered');
    egress.table = gate('egress', refuse).table;
    expect(walk(egress, request, open, 2).disposition).toBe('delivered');
    expect(open.sessions.size).toBe(1);
    expect(walk(egress, request, flows(), 2)).toMatchObject({ reason: 'ENI_SG_RULES_MISMATCH' });
  });

  it('A-072 a flow that no rule remembered is judged by the rules, each packet anew', () => {
    const open = flows();
    const request = packet('10.0.0.1', '10.0.0.2');
    const egress = gate('egress', [{ do: 'next' }]);
    expect(walk(egress, request, open, 0).disposition).toBe('delivered');
    expect(open.sessions.size).toBe(0);
    egress.table = gate('egress', refuse).table;
    expect(walk(egress, request, open, 1).disposition).toBe('dropped');
  });
});

describe('translation', () => {
  const own = new AddressMap<true>();
  own.set(ip('10.0.0.9'), true);
  const by: Masquerade = {
    scope: 1,
    ipv4: [ip('10.0.0.9') as Ipv4],
    ipv6: [],
    own,
    idleSeconds: { tcp: 350, other: 350 },
    flowsMax: 10,
    nat64: false,
    resets: false,
  };
  const outward = station('nat', [
    { do: 'masquerade', by },
    { do: 'go', to: END },
  ]);
  const inside = station('inside', [
    { do: 'set-errors', to: END, from: { ipv4: ip('10.0.0.9'), ipv6: undefined } },
    { do: 'decrement-ttl' },
    { do: 'deliver' },
  ]);
  const inward = station('nat', [{ do: 'restore', by, to: inside }, { do: 'deliver' }]);

  it('masquerades, and restores replies alone', () => {
    const open = flows();
    const sent = packet('10.0.1.1', '203.0.113.1');
    expect(walk(outward, sent, open, 0).disposition).toBe('delivered');
    expect(formatIp(sent.source)).toBe('10.0.0.9');
    const reply = replyTo(sent);
    expect(walk(inward, reply, open, 0)).toMatchObject({ station: inside });
    expect([formatIp(reply.destination), reply.ttl]).toEqual(['10.0.1.1', 63]);
    const own = packet('203.0.113.1', '10.0.0.9', { sourcePort: 9, port: 9 });
    expect(walk(inward, own, open, 0)).toMatchObject({ station: inward });
    expect(own.ttl).toBe(64);
  });

  it('a reply whose time to live ends at who forwards it is dropped there', () => {
    const open = flows();
    const sent = packet('10.0.1.1', '203.0.113.1');
    walk(outward, sent, open, 0);
    const reply = replyTo(sent);
    reply.ttl = 1;
    const error = { kind: 'time-exceeded' };
    expect(walk(inward, reply, open, 0)).toMatchObject({ reason: 'TTL_EXPIRED', error });
  });

  it('A-096 answers the middle of an unknown connection with a reset', () => {
    const late = packet('10.0.1.1', '203.0.113.1', { flags: TCP_ACK });
    late.errorsTo = END;
    const strict = station('nat', [{ do: 'masquerade', by: { ...by, resets: true } }]);
    const error = { kind: 'tcp-reset' };
    expect(walk(strict, late, flows(), 0)).toMatchObject({ reason: 'NGW_IDLE_TIMEOUT', error });
    const reset = packet('10.0.1.1', '203.0.113.1', { flags: TCP_RST });
    reset.errorsTo = END;
    const { disposition, error: answer } = walk(strict, reset, flows(), 0) as Drop;
    expect([disposition, answer]).toEqual(['dropped', undefined]);
  });

  it('a one-to-one translation takes along what an error quotes', () => {
    const out = station('out', [{ do: 'rewrite-source', to: ip('54.0.0.1') }, { do: 'deliver' }]);
    const error = packet('10.0.0.1', '203.0.113.1', { protocol: 'icmp' });
    const quoted = (source: string, destination: string) => {
      const ends = { source: ip(source), destination: ip(destination) };
      return { protocol: 17, ...ends, sourcePort: 5, destinationPort: 6 };
    };
    error.quoted = quoted('203.0.113.1', '10.0.0.1');
    walk(out, error, flows(), 0);
    expect(error.quoted).toEqual(quoted('203.0.113.1', '54.0.0.1'));
    const into = station('into', [
      { do: 'rewrite-destination', to: ip('10.0.0.1') },
      { do: 'deliver' },
    ]);
    const back = packet('203.0.113.9', '54.0.0.1', { protocol: 'icmp' });
    back.quoted = quoted('54.0.0.1', '203.0.113.1');
    walk(into, back, flows(), 0);
    expect(back.quoted).toEqual(quoted('10.0.0.1', '203.0.113.1'));
  });

  it('refuses what it cannot translate', () => {
    const gre = packet('10.0.1.1', '203.0.113.1', { protocol: 47 });
    expect(walk(outward, gre, flows(), 0)).toMatchObject({ reason: 'PROTOCOL_RESTRICTION' });
  });
});

describe('bounds', () => {
  it('a loop ends', () => {
    const here = station('here', []);
    const there = station('there', [{ do: 'go', to: here }]);
    here.table = { rules: [], otherwise: { match: ANY, actions: [{ do: 'go', to: there }] } };
    let passed = 0;
    const recorder: Recorder = { passed: () => passed++, dropped: () => {} };
    const verdict = walk(here, packet('10.0.0.1', '10.0.0.2'), flows(), 0, recorder);
    expect(verdict).toMatchObject({ disposition: 'dropped', reason: 'TTL_EXPIRED' });
    expect(passed).toBe(STATIONS_MAX);
  });

  it('a loop through forwarding guests ends with the time to live', () => {
    const here = station('here', []);
    const actions: Action[] = [{ do: 'decrement-ttl' }, { do: 'go', to: here }];
    here.table = { rules: [], otherwise: { match: ANY, actions } };
    const one = packet('10.0.0.1', '10.0.0.2', { ttl: 255 });
    let passed = 0;
    walk(here, one, flows(), 0, { passed: () => passed++, dropped: () => {} });
    expect([passed, one.ttl]).toEqual([254, 1]);
  });
});

it('a recorder hears every station in order, and the packet as it leaves', () => {
  const heard: string[] = [];
  const recorder: Recorder = {
    passed: ({ resource }, _rule, { source }) => heard.push(`${resource} ${formatIp(source)}`),
    dropped: ({ resource }, _rule, _packet, reason) => heard.push(`${resource} ${reason}`),
  };
  const last = station('last', [{ do: 'drop', reason: 'BAD_STATE' }]);
  const first = station('first', [
    { do: 'rewrite-source', to: ip('203.0.113.1') },
    { do: 'go', to: last },
  ]);
  walk(first, packet('10.0.0.1', '10.0.0.2'), flows(), 0, recorder);
  expect(heard).toEqual(['first 203.0.113.1', 'last BAD_STATE']);
});
