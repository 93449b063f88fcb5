import { describe, expect, it } from 'vitest';
import { advertise, BgpNetwork, block, ip, own, route, row, SETTLED } from './test-network.ts';

describe('a route that is not taken', () => {
  it('H-101 has passed our AS; it replaces the one before', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16', '10.1.0.0/16'));
    const asPath = [{ kind: 'sequence' as const, asns: [1, 65010, 2] }];
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { asPath }), ...own('10.1.0.0/16')]);
    expect(net.table('b')).toEqual(['10.1.0.0/16: 64512']);
    expect(net.states('b', 'a').at(-1)).toBe('Established');
  });

  it('H-102 has our own address as next hop', () => {
    const net = row([64512, 65010]);
    const hop = ip('169.254.9.9');
    advertise(net, 'a', 'b', [route('10.0.0.0/16', {}, { nextHop: hop })]);
    expect(net.table('b')).toHaveLength(1);
    const strict = row([64512, 65010], { nextHops: { 4: hop as never } });
    advertise(strict, 'a', 'b', [route('10.0.0.0/16', {})]);
    expect(strict.table('b')).toEqual([]);
  });

  it('H-102 has a next hop outside the shared subnet', () => {
    const sharedSubnets = [block('169.0.0.0/8')];
    const net = row([64512, 65010], { sharedSubnets });
    advertise(net, 'a', 'b', [
      ...own('10.0.0.0/16'),
      route('10.1.0.0/16', {}, { nextHop: ip('10.9.9.9') }),
    ]);
    expect(net.table('b')).toEqual(['10.0.0.0/16: 64512']);
  });

  it('H-101 does not begin with its neighbor', () => {
    const peer = { asn: 64512, address: ip('10.9.0.1'), families: [4] as const, nextHops: {} };
    for (const anyFirstAs of [false, true]) {
      const net = new BgpNetwork(1);
      net.add('a', 64512, '10.0.0.1');
      net.add('b', 65010, '10.0.0.2');
      net.join('a', 'b', {}, { ...peer, anyFirstAs });
      net.run(SETTLED);
      net.forge('a', 'b', route('10.0.0.0/16', { asPath: [{ kind: 'sequence', asns: [7] }] }));
      net.run(1000);
      expect(net.table('b')).toEqual(anyFirstAs ? ['10.0.0.0/16: 7'] : []);
      expect(net.states('b', 'a').at(-1)).toBe('Established');
    }
  });

  it('C-095 is of the AS itself, where that is asked for', () => {
    for (const externalOriginOnly of [false, true]) {
      const net = row([64512, 64512], { externalOriginOnly });
      const asPath = [{ kind: 'sequence' as const, asns: [65010] }];
      advertise(net, 'a', 'b', [route('10.0.0.0/16', {}), route('10.1.0.0/16', { asPath })]);
      const learned = ['10.1.0.0/16: 65010'];
      expect(net.table('b')).toEqual(externalOriginOnly ? learned : ['10.0.0.0/16: ', ...learned]);
    }
  });
});
