import { describe, expect, it } from 'vitest';
import { PROTOCOL } from '../net/protocol.ts';
import { REASON_CODES } from './reason.ts';
import { Station, type StationOptions } from './station.ts';
import { ANY, type Rule } from './table.ts';
import { packet } from './test-frames.ts';
import { formatHeader, headerOf, TraceRecorder } from './trace.ts';

function station(options: Partial<StationOptions> = {}): Station {
  return new Station({
    role: 'route-table',
    resource: 'rtb-1',
    kind: 'route-table',
    direction: 'egress',
    ...options,
  });
}

const RULE: Rule = { match: ANY, actions: [], cites: { target: 'local' } };
const BARE: Rule = { match: ANY, actions: [] };
const ONE = packet('10.0.0.1', '10.0.0.2');
const HEADER = {
  source: '10.0.0.1',
  destination: '10.0.0.2',
  protocol: 'tcp',
  sourcePort: 40000,
  port: 443,
};

describe('headers', () => {
  it('have ports for TCP and UDP, type and code for ICMP, the name of GRE, else the number', () => {
    expect(headerOf(ONE)).toEqual(HEADER);
    const udp = headerOf(packet('10.0.0.1', '10.0.0.2', { protocol: 'udp' }));
    expect(udp).toEqual({ ...HEADER, protocol: 'udp' });
    expect(headerOf(packet('2001:db8::1', '2001:db8::2', { protocol: 'icmp' }))).toEqual({
      source: '2001:db8::1',
      destination: '2001:db8::2',
      protocol: 'icmpv6',
      icmpType: 128,
      icmpCode: 0,
    });
    const gre = headerOf(packet('10.0.0.1', '10.0.0.2', { protocol: PROTOCOL.gre }));
    expect(gre).toEqual({ source: '10.0.0.1', destination: '10.0.0.2', protocol: 'gre' });
    expect(headerOf(packet('10.0.0.1', '10.0.0.2', { protocol: 50 })).protocol).toBe('50');
  });

  it.each([
    [{ protocol: 'tcp' as const }, 'tcp 10.0.0.1:40000 > 10.0.0.2:443'],
    [{ protocol: 'icmp' as const }, 'icmp type 8 10.0.0.1 > 10.0.0.2'],
    [{ protocol: 47 }, 'gre 10.0.0.1 > 10.0.0.2'],
  ])('in one line: %o', (options, line) => {
    expect(formatHeader(headerOf(packet('10.0.0.1', '10.0.0.2', options)))).toBe(line);
  });

  it('in one line over IPv6: brackets before a port', () => {
    const udp = packet('2001:db8::1', '::2', { protocol: 'udp' });
    expect(formatHeader(headerOf(udp))).toBe('udp [2001:db8::1]:40000 > [::2]:443');
  });
});

describe('hops', () => {
  it('show the place, the rule and the packet as it leaves', () => {
    const recorder = new TraceRecorder();
    recorder.passed(station(), RULE, ONE);
    expect(recorder.trace()).toEqual({
      disposition: 'delivered',
      hops: [
        {
          kind: 'route-table',
          resource: 'rtb-1',
          direction: 'egress',
          rule: { target: 'local' },
          packet: HEADER,
        },
      ],
    });
  });

  it('name the resource of the rule where it is not the station’s: the group that let it pass', () => {
    const recorder = new TraceRecorder();
    const gate = station({ resource: 'eni-1', kind: 'security-group' });
    recorder.passed(gate, { ...RULE, resource: 'sg-1' }, ONE);
    expect(recorder.trace().hops).toMatchObject([{ kind: 'security-group', resource: 'sg-1' }]);
  });

  it('have no rule where none decided, and do not show silent stations', () => {
    const recorder = new TraceRecorder();
    recorder.passed(station({ silent: true }), RULE, ONE);
    recorder.passed(station(), BARE, ONE);
    const { hops } = recorder.trace();
    expect(hops).toHaveLength(1);
    expect(hops[0]).not.toHaveProperty('rule');
  });

  it('keep the header of their moment although the packet changes afterwards', () => {
    const recorder = new TraceRecorder();
    const changing = packet('10.0.0.1', '10.0.0.2');
    recorder.passed(station(), BARE, changing);
    changing.sourcePort = 1;
    expect(recorder.trace().hops[0]!.packet.sourcePort).toBe(40000);
  });
});

describe('drops', () => {
  it.each(REASON_CODES)(
    '%s: the last hop is the place, with a sentence about the packet',
    (code) => {
      const recorder = new TraceRecorder();
      recorder.passed(station({ resource: 'eni-1', kind: 'network-interface' }), BARE, ONE);
      recorder.dropped(station(), RULE, ONE, code);
      const trace = recorder.trace();
      expect(trace).toMatchObject({ disposition: 'dropped', reason: code, at: 'rtb-1' });
      expect(trace.message).toContain('rtb-1');
      expect(trace.hops).toHaveLength(2);
      expect(trace.hops[1]).toMatchObject({ resource: 'rtb-1', rule: { target: 'local' } });
    },
  );

  it('a silent place that drops is a hop', () => {
    const recorder = new TraceRecorder();
    recorder.dropped(station({ silent: true }), BARE, ONE, 'MULTICAST_NOT_SUPPORTED');
    expect(recorder.trace().hops).toMatchObject([{ resource: 'rtb-1' }]);
  });

  it('a guest that drops does so at its interface, which is shown once', () => {
    const recorder = new TraceRecorder();
    const eni = { resource: 'eni-1', kind: 'network-interface', direction: 'ingress' } as const;
    recorder.passed(station(eni), BARE, ONE);
    recorder.dropped(station({ ...eni, silent: true }), BARE, ONE, 'INSTANCE_DROPS');
    expect(recorder.trace()).toMatchObject({ at: 'eni-1', reason: 'INSTANCE_DROPS' });
    expect(recorder.trace().hops).toHaveLength(1);
  });
});
