import { describe, expect, it } from 'vitest';
import { TCP_FLAG } from '../../wire/tcp.ts';
import type { Reason } from '../reason.ts';
import { tcpFrame } from '../test-frames.ts';
import { TestNetwork } from '../test-network.ts';

const SERVER = '2a00:1450::9';
const X = '2001:db8:a:1::10';

/** x in a VPC with an egress-only gateway, everything allowed. */
function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.ingress('sg-a', { peer: '::/0' });
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.host('x', 'one', '10.0.1.10', { ipv6: X });
  test.egressOnlyGateway('eigw-1', 'vpc-a');
  test.route('rtb-a', '::/0', { kind: 'egress-only-internet-gateway', id: 'eigw-1' });
  return test;
}

const REFUSED: Reason = 'EIGW_REQUIRES_OUTBOUND_FLOW';

describe('an egress-only internet gateway', () => {
  it.each(['tcp', 'udp', 'icmp'] as const)('A-093 lets %s out, and replies in', (protocol) => {
    const { reachable, observed, forward, return: back } = made().ask('x', SERVER, protocol);
    expect([reachable, observed?.source]).toEqual([true, X]);
    expect(forward.hops.at(-1)).toMatchObject({ resource: 'eigw-1', direction: 'egress' });
    expect(back!.hops[0]).toMatchObject({
      kind: 'egress-only-internet-gateway',
      resource: 'eigw-1',
      direction: 'ingress',
    });
  });

  it('A-093 drops what comes from outside first', () => {
    const { forward } = made().ask('internet', X);
    expect(forward).toMatchObject({ reason: REFUSED, at: 'eigw-1' });
    expect(forward.hops).toHaveLength(1);
  });

  it('A-114 carries only addresses of its own VPC', () => {
    const test = made();
    test.host('m', 'one', '10.0.1.20', { sourceDestCheck: false });
    test.send('m', tcpFrame({ source: '2001:db8:b::1', destination: SERVER }));
    expect(test.fabric.counters.dropped.get('GATEWAY_REJECTS_SPOOFED_TRAFFIC')).toBe(1);
    const { forward } = test.ask('x', 'fd00::9');
    expect(forward).toMatchObject({ reason: 'NO_POSSIBLE_DESTINATION', at: 'eigw-1' });
  });

  it('A-108 carries 1500 bytes', () => {
    const test = made();
    const { forward } = test.ask('x', SERVER, 'udp', { size: 3000, dontFragment: true });
    expect(forward).toMatchObject({ reason: 'MTU_EXCEEDED', at: 'eigw-1' });
    expect(test.ask('x', SERVER, 'tcp', { size: 20_000 }).reachable).toBe(true);
  });

  it('A-076 its flows are tracked although the rules of the sender are open', () => {
    const test = made();
    test.ingress('sg-a', { peer: '::/0', protocol: 'tcp', ports: [0, 65535] });
    const opening = { source: X, destination: SERVER, flags: TCP_FLAG.syn };
    test.send('x', tcpFrame(opening));
    test.close('sg-a', true);
    test.send('x', tcpFrame({ ...opening, flags: TCP_FLAG.ack }));
    expect(test.fabric.counters.dropped.size).toBe(0);
  });

  it('A-039 leads nowhere once it is deleted', () => {
    const test = made();
    test.delete('egress-only-internet-gateway', 'eigw-1');
    expect(test.ask('x', SERVER).forward.reason).toBe('BAD_STATE_ROUTE');
    expect(test.ask('internet', X).forward).toMatchObject({
      reason: 'NO_POSSIBLE_DESTINATION',
      at: 'internet',
    });
  });

  it('forgets a reply’s way with its flow', () => {
    const test = made();
    const packets = { source: X, destination: SERVER };
    test.send('x', tcpFrame({ ...packets, flags: TCP_FLAG.syn }));
    const reply = () => {
      const bytes = tcpFrame({
        source: SERVER,
        destination: X,
        sourcePort: 443,
        port: 40000,
        flags: TCP_FLAG.syn | TCP_FLAG.ack,
      });
      test.fabric.send({ kind: 'internet', address: [0x2a001450, 0, 0, 9] as never }, bytes);
      test.fabric.drain();
    };
    reply();
    expect(test.arrived.at(-1)!.to).toEqual({ kind: 'interface', id: 'eni-x' });
    test.now = 432_000_000;
    reply();
    expect(test.fabric.counters.dropped.get(REFUSED)).toBe(1);
  });
});

describe('beside an internet gateway', () => {
  it('A-091 A-093 what comes first enters by the other; its own replies by it', () => {
    const test = made();
    test.gateway('igw-1', 'vpc-a');
    expect(test.ask('x', SERVER).return!.hops[0]).toMatchObject({ resource: 'eigw-1' });
    test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:a:2::/64']);
    test.host('y', 'two', '10.0.2.10', { ipv6: '2001:db8:a:2::10' });
    test.table('rtb-two', 'vpc-a', ['10.0.0.0/16', '2001:db8:a::/56']);
    test.route('rtb-two', '::/0', { kind: 'internet-gateway', id: 'igw-1' });
    test.useTable('subnet-two', 'vpc-a', 'rtb-two');
    const { reachable, forward } = test.ask('internet', '2001:db8:a:2::10');
    expect([reachable, forward.hops[0]!.resource]).toEqual([true, 'igw-1']);
    expect(test.ask('y', SERVER).return!.hops[0]).toMatchObject({ resource: 'igw-1' });
  });

  it('refuses again when the other is detached, or never was', () => {
    const test = made();
    test.gateway('igw-1', 'vpc-a');
    expect(test.ask('internet', X).forward.disposition).toBe('delivered');
    test.gateway('igw-1', undefined);
    expect(test.ask('internet', X).forward.reason).toBe(REFUSED);
    test.gateway('igw-1', 'vpc-a');
    test.delete('egress-only-internet-gateway', 'eigw-1');
    expect(test.ask('internet', X).forward.hops[0]!.resource).toBe('igw-1');
  });
});
