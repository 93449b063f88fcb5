import { describe, expect, it } from 'vitest';
import { formatIp } from '../../net/ip.ts';
import { Frame } from '../frame.ts';
import { Packet } from '../packet.ts';
import { tcpFrame } from '../test-frames.ts';
import { TestNetwork } from '../test-network.ts';

/**
 * x (10.0.1.10) reaches z (10.0.3.10) over m (10.0.2.66), the middlebox, and back: both subnets
 * have tables that lead there.
 */
function made(tags: Record<string, string> = {}): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.ingress('sg-a');
  test.ingress('sg-a', { peer: '::/0' });
  for (const [name, block] of [
    ['one', 1],
    ['two', 2],
    ['three', 3],
  ] as const) {
    test.subnet(name, 'a', [`10.0.${block}.0/24`, `2001:db8:a:${block}::/64`]);
  }
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
  test.host('z', 'three', '10.0.3.10', { ipv6: '2001:db8:a:3::10' });
  test.host('m', 'two', '10.0.2.66', {
    ipv6: '2001:db8:a:2::66',
    sourceDestCheck: false,
    tags,
  });
  steer(test, 'one', 3);
  steer(test, 'three', 1);
  return test;
}

function steer(test: TestNetwork, subnet: string, to: number): void {
  const table = `rtb-${subnet}`;
  test.table(table, 'vpc-a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.route(table, `10.0.${to}.0/24`, { kind: 'network-interface', id: 'eni-m' });
  test.route(table, `2001:db8:a:${to}::/64`, { kind: 'network-interface', id: 'eni-m' });
  test.useTable(`subnet-${subnet}`, 'vpc-a', table);
}

function through(hops: readonly { readonly kind: string; readonly resource: string }[]) {
  return hops.filter(({ kind }) => kind === 'network-interface').map(({ resource }) => resource);
}

describe('a forwarding instance', () => {
  it.each(['10.0.3.10', '2001:db8:a:3::10'])(
    'A-088 A-113 forwards what is not its own, out of the interface it came in by: %s',
    (to) => {
      const test = made();
      const { reachable, forward, return: back, observed } = test.ask('x', to);
      expect(reachable).toBe(true);
      expect(through(forward.hops)).toEqual(['eni-x', 'eni-m', 'eni-z']);
      expect(through(back!.hops)).toEqual(['eni-z', 'eni-m', 'eni-x']);
      expect(observed?.source).toBe(to.includes(':') ? '2001:db8:a:1::10' : '10.0.1.10');
    },
  );

  it('A-113 its groups judge both legs: ingress in, egress out; replies pass both', () => {
    const test = made();
    test.group('sg-m', 'vpc-a');
    test.update('network-interface', 'eni-m', { groupIds: ['sg-m'] });
    const forward = () => test.ask('x', '10.0.3.10').forward;
    expect(forward()).toMatchObject({ reason: 'SG_HAS_NO_RULES', at: 'eni-m' });
    expect(forward().hops.at(-1)?.direction).toBe('ingress');
    test.ingress('sg-m', { protocol: 'tcp', ports: [443, 443], peer: '10.0.1.0/24' });
    expect(forward().hops.at(-1)?.direction).toBe('egress');
    test.egress('sg-m', { protocol: 'tcp', peer: '10.0.3.0/24' });
    expect(test.ask('x', '10.0.3.10').reachable).toBe(true);
    expect(test.ask('z', '10.0.1.10').forward).toMatchObject({ at: 'eni-m' });
  });

  it('answers what is for itself', () => {
    const { observed, forward } = made().ask('x', '10.0.2.66');
    expect(observed?.instance).toBe('i-m');
    expect(through(forward.hops)).toEqual(['eni-x', 'eni-m']);
  });

  it('counts the time to live down, and reports its end from its own address', () => {
    const test = made();
    const expired = test.ask('x', '10.0.3.10', 'icmp', { ttl: 1 }).forward;
    expect(expired).toMatchObject({ reason: 'TTL_EXPIRED', at: 'eni-m' });
    expect(through(expired.hops)).toEqual(['eni-x', 'eni-m']);
    expect(test.ask('x', '10.0.3.10', 'icmp', { ttl: 2 }).forward.disposition).toBe('delivered');
  });

  it('a loop of two ends with the time to live', () => {
    const test = made();
    test.host('n', 'two', '10.0.2.77', { sourceDestCheck: false });
    test.route('rtb-a', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-n' });
    test.route('rtb-one', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-m' });
    const { reason, hops } = test.ask('x', '192.0.2.1', 'icmp', { ttl: 9 }).forward;
    expect(reason).toBe('TTL_EXPIRED');
    expect(hops.length).toBeLessThan(80);
  });
});

describe('the tag openvpc:forward', () => {
  it('drop: swallows what is not its own', () => {
    const test = made({ 'openvpc:forward': 'drop' });
    const { forward } = test.ask('x', '10.0.3.10');
    expect(forward).toMatchObject({ reason: 'INSTANCE_DROPS', at: 'eni-m' });
    expect(test.ask('x', '10.0.2.66').reachable).toBe(true);
    test.tag('i-m', {});
    expect(test.ask('x', '10.0.3.10').reachable).toBe(true);
    test.tag('i-m', { 'openvpc:forward': 'drop' });
    expect(test.ask('x', '10.0.3.10').forward.reason).toBe('INSTANCE_DROPS');
  });

  it.each(['eni-m2', '1'])('%s: out of another interface of the instance', (value) => {
    const test = made({ 'openvpc:forward': value });
    expect(through(test.ask('x', '10.0.3.10').forward.hops)).toEqual(['eni-x', 'eni-m', 'eni-z']);
    const second = { instance: 'i-m', deviceIndex: 1, sourceDestCheck: false };
    test.host('m2', 'three', '10.0.3.66', second);
    expect(through(test.ask('x', '10.0.3.10').forward.hops)).toEqual([
      'eni-x',
      'eni-m',
      'eni-m2',
      'eni-z',
    ]);
    test.delete('network-interface', 'eni-m2');
    expect(through(test.ask('x', '10.0.3.10').forward.hops)).toEqual(['eni-x', 'eni-m', 'eni-z']);
  });

  it('means nothing where the instance has no such interface', () => {
    const test = made({ 'openvpc:forward': 'eni-x' });
    expect(through(test.ask('x', '10.0.3.10').forward.hops)).toEqual(['eni-x', 'eni-m', 'eni-z']);
  });

  it('finds an interface that arrives in the same command, before or after', () => {
    for (const order of [
      ['m', 'm2'],
      ['m2', 'm'],
    ]) {
      const test = made();
      test.together(() => {
        test.tag('i-m', { 'openvpc:forward': '1' });
        for (const name of order) {
          const deviceIndex = name === 'm' ? 0 : 1;
          const options = { instance: 'i-m', deviceIndex, sourceDestCheck: false };
          if (name === 'm') test.host('m', 'two', '10.0.2.66', options);
          else test.host('m2', 'three', '10.0.3.66', options);
        }
      });
      expect(through(test.ask('x', '10.0.3.10').forward.hops)[2]).toBe('eni-m2');
    }
  });
});

describe('openvpc:forward = nat', () => {
  const nat = () => {
    const test = made({ 'openvpc:forward': 'nat' });
    // Only the way out is steered: the reply comes to the translator’s address.
    test.unroute('rtb-three', '10.0.1.0/24');
    return test;
  };

  it('the far end sees the interface’s own address, and the reply finds its way', () => {
    for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
      const { reachable, observed, return: back } = nat().ask('x', '10.0.3.10', protocol);
      expect(reachable, protocol).toBe(true);
      expect(observed?.source).toBe('10.0.2.66');
      expect(through(back!.hops)).toEqual(['eni-z', 'eni-m', 'eni-x']);
      expect(back!.hops.at(-1)?.packet).toMatchObject({
        source: '10.0.3.10',
        destination: '10.0.1.10',
      });
    }
  });

  it('A-080 the receiver sees the translator’s groups, for it is the translator’s packet', () => {
    const test = nat();
    test.group('sg-z', 'vpc-a');
    test.group('sg-m', 'vpc-a');
    test.ingress('sg-m');
    test.egress('sg-m');
    test.update('network-interface', 'eni-m', { groupIds: ['sg-m'] });
    test.update('network-interface', 'eni-z', { groupIds: ['sg-z'] });
    test.ingress('sg-z', { peer: 'sg-a' });
    expect(test.ask('x', '10.0.3.10').forward).toMatchObject({ at: 'eni-z' });
    test.ingress('sg-z', { peer: 'sg-m' });
    expect(test.ask('x', '10.0.3.10').reachable).toBe(true);
  });

  it('real frames: two flows with one port get two, each reply goes to its own', () => {
    const test = nat();
    test.host('y', 'one', '10.0.1.11');
    const read = (bytes: Uint8Array) => {
      const packet = new Packet();
      expect(new Frame().read(bytes, packet)).toBe('ip');
      return packet;
    };
    const sent = ['x', 'y'].map((name) => {
      const source = name === 'x' ? '10.0.1.10' : '10.0.1.11';
      test.send(name, tcpFrame({ source, destination: '10.0.3.10' }));
      return read(test.arrived.at(-1)!.bytes);
    });
    expect(sent.map(({ source }) => formatIp(source))).toEqual(['10.0.2.66', '10.0.2.66']);
    expect(sent.map(({ sourcePort }) => sourcePort)).toEqual([40000, 40001]);
    for (const [index, { sourcePort }] of sent.entries()) {
      const ends = { source: '10.0.3.10', destination: '10.0.2.66' };
      test.send('z', tcpFrame({ ...ends, sourcePort: 443, port: sourcePort, flags: 18 }));
      const reply = read(test.arrived.at(-1)!.bytes);
      expect(formatIp(reply.destination)).toBe(['10.0.1.10', '10.0.1.11'][index]);
      expect([reply.destinationPort, reply.ttl]).toEqual([40000, 63]);
    }
    expect(test.arrived.map(({ to }) => to.kind === 'interface' && to.id)).toEqual([
      'eni-z',
      'eni-z',
      'eni-x',
      'eni-y',
    ]);
  });

  it('refuses what it cannot translate, at the interface', () => {
    const test = nat();
    test.host('six', 'one', '2001:db8:a:1::20');
    test.host('m', 'two', '10.0.2.66', {
      sourceDestCheck: false,
      tags: { 'openvpc:forward': 'nat' },
    });
    const { forward } = test.ask('six', '2001:db8:a:3::10');
    expect(forward).toMatchObject({ reason: 'PROTOCOL_RESTRICTION', at: 'eni-m' });
  });
});
