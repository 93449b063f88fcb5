import { describe, expect, it } from 'vitest';
import { primaryAddress } from './explain.ts';
import { listenOf } from './listen.ts';
import { TestNetwork } from './test-network.ts';
import { ip } from './test-values.ts';

/** x and z in two subnets; everything between them is allowed. */
function made(tags: Record<string, string> = {}): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.ingress('sg-a');
  test.ingress('sg-a', { peer: '::/0' });
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:a:2::/64']);
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
  test.host('z', 'two', '10.0.2.10', { ipv6: '2001:db8:a:2::10', tags });
  return test;
}

describe('an answer', () => {
  it('tells both ways, what the far end saw, and the port it asked from', () => {
    const answer = made().ask('x', '10.0.2.10', 'tcp', { sourcePort: 50123, port: 8080 });
    expect(answer).toMatchObject({
      reachable: true,
      forward: { disposition: 'delivered' },
      return: { disposition: 'delivered' },
      observed: {
        source: '10.0.1.10',
        sourcePort: 50123,
        destination: '10.0.2.10',
        port: 8080,
        instance: 'i-z',
      },
      sourcePort: 50123,
    });
    expect(answer.forward.hops[0]?.packet).toMatchObject({ sourcePort: 50123, port: 8080 });
    expect(answer.return?.hops[0]?.packet).toMatchObject({ sourcePort: 8080, port: 50123 });
  });

  it('dropped on the way: nothing observed, no way back', () => {
    const { reachable, observed, return: back } = made().ask('x', '192.0.2.1');
    expect([reachable, observed, back]).toEqual([false, null, null]);
  });

  it('dropped on the way back: observed, and not reachable', () => {
    const test = made();
    test.acl('acl-out', 'vpc-a');
    const entry = { ruleNumber: 1, egress: false, action: 'allow', cidr: '0.0.0.0/0' } as const;
    test.entry('acl-out', entry);
    test.useAcl('subnet-two', 'acl-out');
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      const { reachable, observed, forward, return: back } = test.ask('x', '10.0.2.10', protocol);
      expect([reachable, forward.disposition]).toEqual([false, 'delivered']);
      expect(observed?.instance).toBe('i-z');
      expect(back).toMatchObject({ disposition: 'dropped', at: 'acl-out' });
    }
  });

  it('leaves no trace of itself: the same question gets the same answer, and no flow stays', () => {
    const test = made();
    const first = test.ask('x', '10.0.2.10');
    expect(first.reachable).toBe(true);
    expect(test.ask('x', '10.0.2.10')).toEqual(first);
    test.close('sg-a', false);
    expect(test.ask('x', '10.0.2.10').reachable).toBe(false);
    expect(test.fabric.sessionCount).toBe(0);
    expect(test.fabric.counters.forwarded).toBe(0);
  });

  it.each(['10.0.2.10', '2001:db8:a:2::10'])('of ICMP has types in place of ports: %s', (to) => {
    const { reachable, forward, return: back, observed } = made().ask('x', to, 'icmp');
    expect(reachable).toBe(true);
    const types = to.includes(':') ? [128, 129] : [8, 0];
    expect([forward, back].map((trace) => trace?.hops[0]?.packet.icmpType)).toEqual(types);
    expect(observed).not.toHaveProperty('port');
  });
});

describe('what the far end answers', () => {
  it('a port it listens on, and no other: delivered, but not reachable', () => {
    const test = made({ 'openvpc:listen': '443/tcp,53/udp' });
    const asked = (protocol: 'tcp' | 'udp', port: number) => {
      const { reachable, forward } = test.ask('x', '10.0.2.10', protocol, { port });
      return `${forward.disposition} ${reachable}`;
    };
    expect(asked('tcp', 443)).toBe('delivered true');
    expect(asked('udp', 53)).toBe('delivered true');
    expect(asked('tcp', 53)).toBe('delivered false');
    expect(asked('udp', 443)).toBe('delivered false');
    expect(test.ask('x', '10.0.2.10', 'icmp').reachable).toBe(true);
  });

  it('a refusal has its own way back: RST for TCP, an ICMP error for UDP', () => {
    const test = made({ 'openvpc:listen': '' });
    const tcp = test.ask('x', '10.0.2.10').return!;
    expect(tcp.hops[0]?.packet).toMatchObject({ protocol: 'tcp', sourcePort: 443, port: 50000 });
    const udp = test.ask('x', '10.0.2.10', 'udp').return!;
    expect(udp.hops[0]?.packet).toMatchObject({ protocol: 'icmp', icmpType: 3, icmpCode: 3 });
    const six = test.ask('x', '2001:db8:a:2::10', 'udp').return!;
    expect(six.hops[0]?.packet).toMatchObject({ protocol: 'icmpv6', icmpType: 1, icmpCode: 4 });
  });

  it('a UDP refusal is no reply to the flow: the rules of its direction judge it', () => {
    const test = made({ 'openvpc:listen': '' });
    test.group('sg-x', 'vpc-a');
    test.egress('sg-x');
    test.update('network-interface', 'eni-x', { groupIds: ['sg-x'] });
    const { return: back } = test.ask('x', '10.0.2.10', 'udp');
    expect(back).toMatchObject({ disposition: 'dropped', at: 'eni-x' });
    expect(test.ask('x', '10.0.2.10').return?.disposition).toBe('delivered');
  });

  it('is read from the tag of the interface’s instance', () => {
    const { network } = made({ 'openvpc:listen': '1/tcp' });
    expect(listenOf(network, 'eni-z')).toEqual([{ protocol: 'tcp', port: 1 }]);
    expect(listenOf(network, 'eni-x')).toBe('all');
    expect(listenOf(network, 'eni-gone')).toBe('all');
  });
});

describe('size', () => {
  it('A-109 TCP falls back to what the way carries when it hears of it', () => {
    const test = made();
    test.vpc('b', ['10.1.0.0/16'], { region: 'eu-west-1' });
    test.ingress('sg-b');
    test.subnet('b', 'b', ['10.1.1.0/24']);
    test.host('far', 'b', '10.1.1.10');
    test.peer('pcx-1', 'vpc-a', 'vpc-b');
    test.route('rtb-a', '10.1.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    test.route('rtb-b', '10.0.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    const ask = () => test.ask('x', '10.1.1.10', 'tcp', { size: 30_000 });
    expect(ask().reachable).toBe(true);
    // The echo is no larger than what came: its sender need not hear.
    test.close('sg-b', false);
    test.ingress('sg-b', { protocol: 'tcp' });
    expect(ask().reachable).toBe(true);
    test.close('sg-a', false);
    test.ingress('sg-a', { protocol: 'tcp' });
    const deaf = ask();
    expect(deaf.reachable).toBe(false);
    expect(deaf.forward).toMatchObject({ reason: 'MTU_EXCEEDED', at: 'pcx-1' });
  });

  it('A-108 what came in pieces goes back whole, and may be too large for the way', () => {
    const test = made();
    test.gateway('igw-1', 'vpc-a');
    test.route('rtb-a', '::/0', { kind: 'internet-gateway', id: 'igw-1' });
    const asked = (size: number) =>
      test.ask('internet', '2001:db8:a:1::10', 'udp', { size }).return;
    expect(asked(1000)?.disposition).toBe('delivered');
    expect(asked(5000)).toMatchObject({ reason: 'MTU_EXCEEDED', at: 'igw-1' });
  });

  it('an IPv6 sender cuts by itself; IPv4 without the flag is cut on the way', () => {
    const test = made();
    expect(test.ask('x', '2001:db8:a:2::10', 'udp', { size: 20_000 }).reachable).toBe(true);
    expect(test.ask('x', '10.0.2.10', 'udp', { size: 20_000 }).reachable).toBe(true);
    const whole = test.ask('x', '10.0.2.10', 'udp', { size: 20_000, dontFragment: true });
    expect(whole.forward.reason).toBe('MTU_EXCEEDED');
  });
});

it('primaryAddress is the first of the family', () => {
  const all = ['10.0.0.2', '2001:db8::2', '10.0.0.1', '2001:db8::1'].map(ip);
  expect(primaryAddress(all, 4)).toBe(all[0]);
  expect(primaryAddress(all, 6)).toBe(all[1]);
  expect(primaryAddress([], 4)).toBeUndefined();
});
