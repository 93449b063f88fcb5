import { describe, expect, it } from 'vitest';
import { advertise, BgpNetwork, own, route, row, SETTLED } from './test-network.ts';

describe('a speaker that relays', () => {
  it('H-050 passes routes on with their AS path, without MED', () => {
    const net = row([65001, 64512, 65002], { relay: true });
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { med: 9 }), route('2001:db8::/32', {})]);
    advertise(net, 'c', 'b', own('10.2.0.0/16'));
    expect(net.table('c')).toEqual(['10.0.0.0/16: 64512 65001', '2001:db8::/32: 64512 65001']);
    expect(net.table('a')).toEqual(['10.2.0.0/16: 64512 65002']);
    const [path] = net.paths('c', '10.0.0.0/16');
    expect(path!.attributes).not.toHaveProperty('med');
    advertise(net, 'a', 'b', []);
    expect(net.table('c')).toEqual([]);
  });

  it('H-088 withdraws what a lost session brought', () => {
    const net = row([65001, 64512, 65002], { relay: true });
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    net.cut.add('a-b');
    net.break('a', 'b');
    net.run(1000);
    expect(net.table('c')).toEqual([]);
  });

  it('H-103 keeps to itself inside the AS what it learned there', () => {
    const net = row([64512, 64512, 64512], { relay: true });
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    expect(net.table('b')).toEqual(['10.0.0.0/16: ']);
    expect(net.table('c')).toEqual([]);
  });

  it('H-103 tells the AS outside, and outside the AS', () => {
    const net = row([65001, 64512, 64512, 65002], { relay: true });
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    expect(net.table('d')).toEqual(['10.0.0.0/16: 64512 65001']);
    // The next hop is the one outside: nobody has said next-hop-self.
    const [inside] = net.paths('c', '10.0.0.0/16');
    const [edge] = net.paths('b', '10.0.0.0/16');
    expect(inside!.nextHop).toBe(edge!.nextHop);
    const self = row([65001, 64512, 64512], { relay: true, nextHopSelf: true });
    advertise(self, 'a', 'b', own('10.0.0.0/16'));
    const [other] = self.paths('c', '10.0.0.0/16');
    expect(other!.nextHop).not.toBe(self.paths('b', '10.0.0.0/16')[0]!.nextHop);
  });

  it('tells what it is given rather than what it learned', () => {
    const net = row([65001, 64512, 65002], { relay: true });
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    advertise(net, 'b', 'c', [route('10.0.0.0/16', { med: 1 })]);
    expect(net.table('c')).toEqual(['10.0.0.0/16: 64512']);
    advertise(net, 'b', 'c', []);
    expect(net.table('c')).toEqual(['10.0.0.0/16: 64512 65001']);
  });

  it('says nothing when another path looks the same to the peer', () => {
    const net = new BgpNetwork(1);
    net.add('hub', 64512, '10.0.0.1');
    for (const [name, asn] of [
      ['a', 65001],
      ['b', 65001],
      ['c', 65002],
    ] as const) {
      net.add(name, asn, `10.0.1.${net.speakers.size}`);
      net.join('hub', name, { relay: true });
    }
    net.run(SETTLED);
    advertise(net, 'a', 'hub', [route('10.0.0.0/16', { med: 1 })]);
    const { length } = net.sent;
    advertise(net, 'b', 'hub', [route('10.0.0.0/16', { med: 0 })]);
    expect(net.paths('hub', '10.0.0.0/16')[0]!.peer).toBe('b');
    // What goes out: to `a`, which is now told of its neighbor's; nothing to `c`.
    expect(net.updates('hub', length)).toHaveLength(2);
    expect(net.table('c')).toEqual(['10.0.0.0/16: 64512 65001']);
  });

  it('tells a peer that comes later all that there is', () => {
    const net = row([65001, 64512], { relay: true });
    advertise(net, 'a', 'b', own('10.0.0.0/16', '10.1.0.0/16'));
    net.add('c', 65002, '10.0.0.3');
    net.join('b', 'c', { relay: true });
    net.run(SETTLED);
    expect(net.table('c')).toEqual(['10.0.0.0/16: 64512 65001', '10.1.0.0/16: 64512 65001']);
  });

  it('C-066 shows the other route when the preferred one goes', () => {
    const net = new BgpNetwork(1);
    net.add('hub', 64512, '10.0.0.1');
    net.add('a', 65001, '10.0.0.2');
    net.add('b', 65001, '10.0.0.3');
    net.join('hub', 'a');
    net.join('hub', 'b');
    net.run(SETTLED);
    advertise(net, 'a', 'hub', [route('10.0.0.0/16', { med: 100 })]);
    advertise(net, 'b', 'hub', [route('10.0.0.0/16', { med: 200 })]);
    const peers = () => net.paths('hub', '10.0.0.0/16').map(({ peer }) => peer);
    expect(peers()).toEqual(['a']);
    advertise(net, 'b', 'hub', [route('10.0.0.0/16', { med: 100 })]);
    expect(peers()).toEqual(['a', 'b']);
    advertise(net, 'a', 'hub', []);
    expect(peers()).toEqual(['b']);
  });

  it('has the same routes, told to several peers, in few messages', () => {
    const net = new BgpNetwork(1);
    net.add('hub', 64512, '10.0.0.1');
    for (let index = 0; index <= 5; index++) {
      net.add(`p${index}`, 65000 + index, `10.0.1.${index + 1}`);
      net.join('hub', `p${index}`, { relay: true });
    }
    net.run(SETTLED);
    const prefixes = Array.from({ length: 2000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`);
    const sent = net.sent.length;
    advertise(net, 'p0', 'hub', own(...prefixes));
    for (let index = 1; index <= 5; index++) expect(net.table(`p${index}`)).toHaveLength(2000);
    // One more AS than it came with: each message that comes makes two.
    expect(net.sent.length - sent).toBeLessThanOrEqual(2 + 5 * 4);
  });
});
