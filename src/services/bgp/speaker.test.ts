import { describe, expect, it } from 'vitest';
import { formatCidr } from '../../net/cidr.ts';
import { formatIp } from '../../net/ip.ts';
import { formatAsPath } from '../../wire/bgp/as-path.ts';
import { errorName } from '../../wire/bgp/fault.ts';
import { shutdownText } from '../../wire/bgp/notification.ts';
import { advertise, BgpNetwork, lastReason, own, route, row, SETTLED } from './test-network.ts';

/** What one speaker has taken from another, spelled. */
const received = (net: BgpNetwork, at: string, from: string) =>
  [...net.speakers.get(at)!.received(from)].map(({ prefix, path }) => ({
    prefix: formatCidr(prefix),
    asPath: formatAsPath(path.attributes.asPath),
    nextHop: formatIp(path.nextHop),
    ...(path.attributes.med !== undefined && { med: path.attributes.med }),
  }));

describe('two speakers', () => {
  it('come up, whoever calls, and tell routes of both families', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16', '2001:db8::/32'));
    expect(net.states('a', 'b').at(-1)).toBe('Established');
    expect(received(net, 'b', 'a')).toEqual([
      { prefix: '10.0.0.0/16', asPath: '64512', nextHop: expect.stringMatching(/^169\./) },
      { prefix: '2001:db8::/32', asPath: '64512', nextHop: 'fd00::1' },
    ]);
    expect(net.speakers.get('b')!.status('a')).toEqual({
      state: 'Established',
      accepted: { 4: 1, 6: 1 },
    });
  });

  it('H-108 mark the end of each table', () => {
    const net = row([64512, 65010]);
    const ends = net.heard.get('a')!.filter(({ type }) => type === 'endOfRib');
    expect(ends).toEqual([
      { type: 'endOfRib', peer: 'b', family: 4 },
      { type: 'endOfRib', peer: 'b', family: 6 },
    ]);
  });

  it('tell differences alone', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16', '10.1.0.0/16', '2001:db8::/32'));
    net.heard.get('b')!.length = 0;
    advertise(net, 'a', 'b', own('10.0.0.0/16', '10.1.0.0/16', '2001:db8::/32'));
    expect(net.heard.get('b')).toEqual([]);
    advertise(net, 'a', 'b', own('10.0.0.0/16', '10.2.0.0/16'));
    const changes = net.heard
      .get('b')!
      .flatMap((one) => (one.type === 'routes' ? one.changes : []));
    expect(
      changes.map(({ prefix, paths }) => `${formatCidr(prefix)} ${paths.length}`).sort(),
    ).toEqual(['10.1.0.0/16 0', '10.2.0.0/16 1', '2001:db8::/32 0']);
  });

  it('H-105 replace a route by a new one', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { med: 100 })]);
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { med: 200 })]);
    expect(received(net, 'b', 'a')).toMatchObject([{ med: 200 }]);
  });

  it('H-088 forget all routes of a session that is lost, and tell them again', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    net.break('a', 'b');
    expect(net.table('b')).toEqual([]);
    expect(lastReason(net, 'b', 'a')).toMatchObject({
      state: 'Idle',
      reason: { event: 'connectionFails' },
    });
    net.run(SETTLED);
    expect(net.table('b')).toEqual(['10.0.0.0/16: 64512']);
  });

  it('notice that the other side is silent (H-089)', () => {
    const net = row([64512, 65010], { holdSeconds: 30 });
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    net.silence('a', 'b');
    net.cut.add('a-b');
    net.run(31_000);
    expect(net.table('b')).toEqual([]);
    const told = net.heard
      .get('b')!
      .flatMap((one) => (one.type === 'state' && one.reason.sent ? [one.reason] : []));
    expect(told).toMatchObject([{ event: 'holdExpires', sent: { code: 4, subcode: 0 } }]);
  });

  it('are shut down with a word, until they are started', () => {
    const net = row([64512, 65010]);
    net.speakers.get('a')!.stop('b', net.now, 'Wartung');
    net.run(600_000);
    const reasons = net.heard
      .get('b')!
      .flatMap((one) => (one.type === 'state' && one.reason.received ? [one.reason.received] : []));
    expect(errorName(reasons[0]!.code, reasons[0]!.subcode)).toBe(
      'Cease/Administrative Shutdown (6/2)',
    );
    expect(shutdownText(reasons[0]!)).toBe('Wartung');
    expect(net.speakers.get('a')!.status('b').state).toBe('Idle');
    expect(net.speakers.get('b')!.status('a').state).not.toBe('Established');
    net.speakers.get('a')!.start('b', net.now);
    net.run(SETTLED);
    expect(net.speakers.get('b')!.status('a').state).toBe('Established');
  });

  it('H-107 tell a table again when asked', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16', '2001:db8::/32'));
    net.heard.get('b')!.length = 0;
    const sent = net.sent.length;
    net.askAgain('b', 'a', 4);
    net.run(1000);
    expect(net.updates('a', sent)).toEqual([expect.stringContaining('10.0.0.0/16')]);
    // It says nothing new.
    expect(net.heard.get('b')).toEqual([]);
  });

  it('H-094 fall back to what an old speaker knows', () => {
    const net = new BgpNetwork(1);
    net.add('a', 64512, '10.0.0.1');
    net.add('b', 65010, '10.0.0.2');
    net.join('a', 'b', { families: [4, 6] }, { families: [4] });
    net.run(SETTLED);
    advertise(net, 'a', 'b', own('10.0.0.0/16', '2001:db8::/32'));
    expect(net.table('b')).toEqual(['10.0.0.0/16: 64512']);
  });

  it('are told apart by the number of four bytes', () => {
    const net = row([4_200_000_000, 4_200_000_001]);
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    expect(net.table('b')).toEqual(['10.0.0.0/16: 4200000000']);
  });

  it('forget a peer that is removed', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    const a = net.speakers.get('a')!;
    a.removePeer('b', net.now);
    expect([...a.routes()]).toEqual([]);
    net.run(600_000);
    expect(net.table('b')).toEqual([]);
    expect(() => a.status('b')).toThrow();
    expect(() => a.receive('b', 1, new Uint8Array(3), net.now)).not.toThrow();
  });
});

describe('what nobody needs any more', () => {
  const sizes = (net: BgpNetwork) => [...net.speakers.values()].map(({ size }) => size);

  it('is forgotten when it is withdrawn', () => {
    const net = row([65001, 64512, 65002], { relay: true });
    advertise(net, 'a', 'b', own('10.0.0.0/16', '10.1.0.0/16', '2001:db8::/32'));
    expect(sizes(net)).toEqual([3, 3, 3]);
    advertise(net, 'a', 'b', own('10.1.0.0/16'));
    expect(sizes(net)).toEqual([1, 1, 1]);
    advertise(net, 'a', 'b', []);
    expect(sizes(net)).toEqual([0, 0, 0]);
  });

  it('is forgotten when its session ends, but for what is to be told', () => {
    const net = row([65001, 64512, 65002], { relay: true });
    advertise(net, 'a', 'b', own('10.0.0.0/16', '10.1.0.0/16'));
    advertise(net, 'b', 'c', own('10.0.0.0/16'));
    net.cut.add('a-b');
    net.break('a', 'b');
    net.run(1000);
    expect(sizes(net)).toEqual([2, 1, 1]);
    net.speakers.get('b')!.removePeer('c', net.now);
    net.run(1000);
    expect(sizes(net)).toEqual([2, 0, 0]);
  });
});

describe('two connections', () => {
  /** Notifications that a speaker has sent. */
  const told = (net: BgpNetwork, from: string) =>
    net.sent
      .filter((one) => one.from === from && one.bytes[18] === 3)
      .map(({ bytes }) => `${bytes[19]}/${bytes[20]}`);

  it.each([
    ['10.0.0.1', '10.0.0.2', 64512, 65010, 'b'],
    ['10.0.0.9', '10.0.0.2', 64512, 65010, 'a'],
    ['10.0.0.2', '10.0.0.2', 64512, 65010, 'b'],
    ['10.0.0.2', '10.0.0.2', 65010, 64512, 'a'],
    ['192.0.0.1', '10.0.0.1', 64512, 64512, 'a'],
  ])('H-093 of %s and %s, AS %i and %i: the one of %s stays', (idA, idB, asA, asB, winner) => {
    for (let seed = 1; seed <= 20; seed++) {
      const net = new BgpNetwork(seed, { splits: true, delay: 1 });
      net.add('a', asA, idA);
      net.add('b', asB, idB);
      net.join('a', 'b');
      net.run(1000);
      expect(net.speakers.get('a')!.status('b').state).toBe('Established');
      expect(net.speakers.get('b')!.status('a').state).toBe('Established');
      for (const side of ['a', 'b']) {
        const ups = net.heard
          .get(side)!
          .filter((one) => one.type === 'state' && one.state === 'Established');
        expect(ups).toMatchObject([{ reason: { event: 'keepalive' } }]);
      }
      const callers = net.callers('a', 'b');
      expect(callers).toHaveLength(1);
      // Where both had their connection when the first OPEN came, the rule has decided.
      if (told(net, 'a').length + told(net, 'b').length > 1) expect(callers).toEqual([winner]);
    }
  });

  it('H-093 do not cost an established one, whoever calls', () => {
    for (const caller of ['a', 'b']) {
      const net = row([64512, 65010]);
      const before = net.callers('a', 'b');
      net.heard.get('a')!.length = 0;
      net.call(caller, caller === 'a' ? 'b' : 'a');
      net.run(1000);
      expect(net.callers('a', 'b')).toEqual(before);
      expect(net.states('a', 'b')).toEqual([]);
      expect([...told(net, 'a'), ...told(net, 'b')].slice(-1)).toEqual(['6/7']);
    }
  });

  it('are refused while the session is stopped', () => {
    const net = row([64512, 65010]);
    net.speakers.get('a')!.stop('b', net.now);
    net.run(1000);
    net.call('b', 'a');
    net.run(1000);
    expect(told(net, 'a').slice(-1)).toEqual(['6/5']);
    expect(net.callers('a', 'b')).toEqual([]);
  });

  it('of one side: the later one stays', () => {
    const net = new BgpNetwork(1);
    net.add('a', 64512, '10.0.0.1');
    net.add('b', 65010, '10.0.0.2');
    net.join('a', 'b', { passive: true }, { passive: true });
    net.call('a', 'b');
    net.run(0);
    net.call('a', 'b');
    net.run(SETTLED);
    expect(net.callers('a', 'b')).toEqual(['a']);
    expect(net.speakers.get('a')!.status('b').state).toBe('Established');
  });
});

describe('too many prefixes', () => {
  it.each([
    ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24', '00010100000002'],
    ['2001:db8::/64', '2001:db8:1::/64', '2001:db8:2::/64', '00020100000002'],
  ])('H-080 of %s and two more end the session with Cease/1', (first, second, third, data) => {
    const net = row([64512, 65010], { prefixLimits: { 4: 2, 6: 2 } });
    advertise(net, 'a', 'b', own(first, second));
    expect(net.table('b')).toHaveLength(2);
    net.speakers.get('a')!.advertise('b', own(first, second, third), net.now);
    net.run(100);
    expect(net.table('b')).toEqual([]);
    const { state, reason } = lastReason(net, 'b', 'a');
    expect(state).toBe('Idle');
    expect(reason.event).toBe('automaticStop');
    expect(reason.sent).toMatchObject({ code: 6, subcode: 1 });
    expect(reason.sent!.data.toHex()).toBe(data);
  });

  it('are not those that are replaced or withdrawn', () => {
    const net = row([64512, 65010], { prefixLimits: { 4: 2 } });
    for (let round = 0; round < 5; round++) {
      advertise(net, 'a', 'b', own(`10.${round}.0.0/24`, `10.${round}.1.0/24`));
    }
    expect(net.table('b')).toHaveLength(2);
    expect(net.states('b', 'a').at(-1)).toBe('Established');
  });

  it('end the session again each time it comes back, ever later', () => {
    const net = row([64512, 65010], { prefixLimits: { 4: 0 } });
    advertise(net, 'a', 'b', own('10.0.0.0/24'));
    net.states('b', 'a');
    net.run(3_600_000);
    const ups = net.states('b', 'a').filter((state) => state === 'Established').length;
    expect(ups).toBeGreaterThan(3);
    expect(ups).toBeLessThan(80);
  });
});
