import { describe, expect, it } from 'vitest';
import { HASH_CHAIN_MAX } from './limits.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from './packet.ts';
import { newScope, SessionTable, touch } from './session.ts';
import type { Direction } from './station.ts';
import type { Rule } from './table.ts';
import { type PacketOptions, packet, replyTo } from './test-frames.ts';

const RULE: Rule = {
  match: {},
  actions: [{ do: 'remember' }, { do: 'next' }],
  cites: { securityGroupRuleId: 'sgr-1' },
  resource: 'sg-1',
};
const SECOND = 1000;

/** A flow of an interface at 10.0.0.1, and how long it lives. */
class Flow {
  readonly table = new SessionTable();
  readonly scope = newScope();
  readonly packet;
  now = 0;

  constructor(options: PacketOptions, scope: Partial<ReturnType<typeof newScope>> = {}) {
    Object.assign(this.scope, scope);
    this.packet = packet('10.0.0.1', '10.0.0.2', options);
    this.table.open(this.scope, 'egress', this.packet, RULE, 0);
  }

  /** A packet of the flow passes, if the flow is known. */
  pass(direction: Direction, flags = 0): boolean {
    const passing = direction === 'egress' ? this.packet : replyTo(this.packet);
    passing.tcpFlags = flags;
    const session = this.table.find(this.scope, direction, passing, this.now);
    if (session) touch(session, direction, passing, this.now);
    return session !== undefined;
  }

  /** Alive after so many seconds of silence, gone a moment later. */
  expectIdle(seconds: number): void {
    const alive = this.now + seconds * SECOND - 1;
    expect(this.table.find(this.scope, 'ingress', replyTo(this.packet), alive)).toBeDefined();
    const gone = this.now + seconds * SECOND;
    expect(this.table.find(this.scope, 'ingress', replyTo(this.packet), gone)).toBeUndefined();
    expect(this.table.size).toBe(0);
  }
}

describe('finding', () => {
  it.each([
    ['10.0.0.1', '10.0.0.2'],
    ['2001:db8::1', '2001:db8::2'],
  ])('A-071 finds a flow by its packets and by its replies, %s', (here, there) => {
    const table = new SessionTable();
    const scope = newScope();
    const request = packet(here, there, { protocol: 'udp' });
    const session = table.open(scope, 'egress', request, RULE, 0);
    expect(table.find(scope, 'egress', request, 1)).toBe(session);
    expect(table.find(scope, 'ingress', replyTo(request), 1)).toBe(session);
  });

  it('A-071 takes nothing else for the flow: another port, end, protocol, way or interface', () => {
    const table = new SessionTable();
    const scope = newScope();
    table.open(scope, 'ingress', packet('10.0.0.2', '10.0.0.1', { protocol: 'udp' }), RULE, 0);
    const others = [
      packet('10.0.0.2', '10.0.0.1', { protocol: 'udp', sourcePort: 40001 }),
      packet('10.0.0.2', '10.0.0.1', { protocol: 'udp', port: 444 }),
      packet('10.0.0.3', '10.0.0.1', { protocol: 'udp' }),
      packet('10.0.0.2', '10.0.0.4', { protocol: 'udp' }),
      packet('10.0.0.2', '10.0.0.1', { protocol: 'tcp' }),
    ];
    for (const other of others) expect(table.find(scope, 'ingress', other, 1)).toBeUndefined();
    const same = packet('10.0.0.2', '10.0.0.1', { protocol: 'udp' });
    expect(table.find(scope, 'egress', same, 1)).toBeUndefined();
    expect(table.find(newScope(), 'ingress', same, 1)).toBeUndefined();
    expect(table.find(scope, 'ingress', same, 1)).toBeDefined();
  });

  it('A-113 a forwarding interface has a flow for each leg, and replies pass both', () => {
    const table = new SessionTable();
    const scope = newScope();
    const through = packet('10.0.0.1', '10.0.9.9');
    const inwards = table.open(scope, 'ingress', through, RULE, 0);
    expect(table.find(scope, 'egress', through, 0)).toBeUndefined();
    const outwards = table.open(scope, 'egress', through, RULE, 0);
    expect(table.find(scope, 'ingress', replyTo(through), 0)).toBe(outwards);
    expect(table.find(scope, 'egress', replyTo(through), 0)).toBe(inwards);
  });

  it('A-073 lets packets pass by citing the rule that opened the flow', () => {
    const table = new SessionTable();
    const { pass } = table.open(newScope(), 'egress', packet('10.0.0.1', '10.0.0.2'), RULE, 0);
    expect(pass).toEqual({
      match: {},
      actions: [{ do: 'next' }],
      cites: { securityGroupRuleId: 'sgr-1', tracked: true },
      resource: 'sg-1',
    });
  });

  it('keeps flows of one hash apart: by interface, protocol and address', () => {
    const table = new SessionTable();
    const scopes = Array.from({ length: 64 }, newScope);
    // The hash begins with the scope's number and the protocol, mixed by exclusive or.
    const pair = scopes.flatMap((one) => {
      const other = scopes.find(({ number }) => number === (one.number ^ 6 ^ 17));
      return other ? [[one, other] as const] : [];
    })[0]!;
    const [tcp, udp] = [packet('10.0.0.1', '10.0.0.2'), packet('10.0.0.1', '10.0.0.2')];
    udp.protocol = 17;
    const session = table.open(pair[0], 'egress', tcp, RULE, 0);
    expect(table.find(pair[1], 'egress', udp, 0)).toBeUndefined();
    expect(table.open(pair[1], 'egress', udp, RULE, 0).hash).toBe(session.hash);
    expect(table.find(pair[0], 'egress', tcp, 0)).toBe(session);
    const [one, other] = ['0:1:0:2::1', '0:2:0:1::1'].map((from) => packet(from, '2001:db8::2'));
    const first = table.open(pair[0], 'egress', one!, RULE, 0);
    expect(table.find(pair[0], 'egress', other!, 0)).toBeUndefined();
    expect(table.open(pair[0], 'egress', other!, RULE, 0).hash).toBe(first.hash);
    expect(table.find(pair[0], 'ingress', replyTo(one!), 0)).toBe(first);
  });

  it('keeps flows apart that differ in one number only', () => {
    const table = new SessionTable();
    const scope = newScope();
    const ports = Array.from({ length: 2000 }, (_, index) => index);
    const flows = ports.map((port) => packet('10.0.0.1', '10.0.0.2', { port }));
    const sessions = flows.map((flow) => table.open(scope, 'egress', flow, RULE, 0));
    expect(table.size).toBe(2000);
    expect(flows.map((flow) => table.find(scope, 'egress', flow, 1))).toEqual(sessions);
    table.clear();
    expect(table.size).toBe(0);
    expect(table.find(scope, 'egress', flows[0]!, 1)).toBeUndefined();
  });
});

describe('idle times', () => {
  it('A-074 ICMP is tracked, for 30 s; other protocols for 600 s', () => {
    new Flow({ protocol: 'icmp' }).expectIdle(30);
    new Flow({ protocol: 47 }).expectIdle(600);
  });

  it('A-074 another protocol is tracked by its address pair', () => {
    const flow = new Flow({ protocol: 47 });
    expect(flow.pass('ingress')).toBe(true);
    flow.expectIdle(600);
  });

  it('A-075 UDP: 30 s until a second packet follows a reply, then 180 s', () => {
    new Flow({ protocol: 'udp' }).expectIdle(30);
    const answered = new Flow({ protocol: 'udp' });
    answered.pass('ingress');
    answered.expectIdle(30);
    const stream = new Flow({ protocol: 'udp' });
    stream.pass('ingress');
    stream.pass('egress');
    stream.expectIdle(180);
  });

  it('A-075 UDP without any reply stays at 30 s however much is sent', () => {
    const flow = new Flow({ protocol: 'udp' });
    flow.now = 20 * SECOND;
    flow.pass('egress');
    flow.pass('egress');
    flow.expectIdle(30);
  });

  it('A-075 TCP: 432000 s once answered, seconds before and after', () => {
    new Flow({ protocol: 'tcp', flags: TCP_SYN }).expectIdle(60);
    const established = new Flow({ protocol: 'tcp', flags: TCP_SYN });
    established.pass('ingress', TCP_SYN | TCP_ACK);
    established.expectIdle(432_000);
    for (const end of [TCP_FIN, TCP_RST]) {
      const closed = new Flow({ protocol: 'tcp', flags: TCP_SYN });
      closed.pass('ingress', TCP_SYN | TCP_ACK);
      closed.pass('ingress', end);
      closed.expectIdle(10);
    }
  });

  it('A-075 each interface has times of its own', () => {
    const scope = { tcpEstablished: 100, udp: 31, udpStream: 61 };
    new Flow({ protocol: 'udp' }, scope).expectIdle(31);
    const stream = new Flow({ protocol: 'udp' }, scope);
    stream.pass('ingress');
    stream.pass('ingress');
    stream.expectIdle(61);
    const tcp = new Flow({ protocol: 'tcp' }, scope);
    tcp.pass('ingress', TCP_SYN | TCP_ACK);
    tcp.expectIdle(100);
  });

  it('A-075 a setting changed meanwhile counts from the next packet on', () => {
    const flow = new Flow({ protocol: 'udp' });
    flow.scope.udp = 60;
    flow.pass('egress');
    flow.expectIdle(60);
  });

  it('A-073 every packet begins the idle time anew', () => {
    const flow = new Flow({ protocol: 'udp' });
    for (let round = 0; round < 5; round++) {
      flow.now += 29 * SECOND;
      expect(flow.pass('egress')).toBe(true);
    }
    flow.now += 30 * SECOND;
    expect(flow.pass('egress')).toBe(false);
  });
});

describe('TCP ports used anew', () => {
  const ended = () => {
    const flow = new Flow({ protocol: 'tcp', flags: TCP_SYN });
    flow.pass('ingress', TCP_SYN | TCP_ACK);
    flow.pass('egress', TCP_FIN | TCP_ACK);
    return flow;
  };

  it('A-073 the rules judge a new connection over the ports of one that ended', () => {
    const flow = ended();
    expect(flow.pass('egress', TCP_SYN)).toBe(false);
    expect(flow.table.size).toBe(0);
  });

  it('A-073 what is left of the ended connection still passes', () => {
    const flow = ended();
    expect(flow.pass('ingress', TCP_ACK)).toBe(true);
    expect(flow.pass('ingress', TCP_FIN | TCP_ACK)).toBe(true);
    expect(flow.pass('egress', TCP_ACK)).toBe(true);
  });

  it('a repeated SYN of a live connection stays with it', () => {
    const flow = new Flow({ protocol: 'tcp', flags: TCP_SYN });
    expect(flow.pass('egress', TCP_SYN)).toBe(true);
  });
});

describe('the limit', () => {
  const fill = (table: SessionTable, count: number, now: number, from = 0) => {
    const scope = newScope();
    const flows = Array.from({ length: count }, (_, index) =>
      packet('10.0.0.1', '10.0.0.2', { protocol: 'udp', port: from + index }),
    );
    for (const flow of flows) table.open(scope, 'egress', flow, RULE, now);
    return { scope, flows };
  };

  it('makes room by forgetting the oldest', () => {
    const table = new SessionTable(4);
    const { scope, flows } = fill(table, 6, 0);
    const known = flows.map((flow) => table.find(scope, 'egress', flow, 1) !== undefined);
    expect(known).toEqual([false, false, true, true, true, true]);
    expect(table.size).toBe(4);
  });

  it('keeps few flows that were chosen to have one hash: the newest of them', () => {
    const table = new SessionTable();
    const scope = newScope();
    const flows = Array.from({ length: 5 * HASH_CHAIN_MAX }, (_, index) => {
      const text = index.toString(16);
      return packet('2001:db8::1', `2001:${text}:2001:${text}::9`, { protocol: 'udp' });
    });
    for (const flow of flows) table.open(scope, 'egress', flow, RULE, 0);
    expect(table.size).toBe(HASH_CHAIN_MAX);
    expect(table.find(scope, 'egress', flows.at(-1)!, 1)).toBeDefined();
    expect(table.find(scope, 'egress', flows[0]!, 1)).toBeUndefined();
  });

  it('lets expired flows go as new ones come, so that silence costs no memory', () => {
    const table = new SessionTable(1_000_000);
    fill(table, 500, 0);
    expect(table.size).toBe(500);
    fill(table, 500, 31 * SECOND, 1000);
    expect(table.size).toBeLessThan(600);
    fill(table, 100, 62 * SECOND, 2000);
    fill(table, 500, 93 * SECOND, 3000);
    expect(table.size).toBeLessThan(600);
  });
});
