import { describe, expect, it } from 'vitest';
import { formatCidr } from '../../net/cidr.ts';
import { formatIp } from '../../net/ip.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import { formatAsPath } from '../../wire/bgp/as-path.ts';
import { errorName } from '../../wire/bgp/fault.ts';
import { shutdownText } from '../../wire/bgp/notification.ts';
import { COMMUNITY, type PathAttributes } from '../../wire/bgp/path-attributes.ts';
import type { PeerConfiguration } from './configuration.ts';
import type { Advertisement } from './export.ts';
import { BgpNetwork, block, ip, own } from './test-network.ts';

const SETTLED = 5_000;

/** Speakers in a row, each joined to the next, settled. */
function row(asns: readonly number[], more: Partial<PeerConfiguration> = {}): BgpNetwork {
  const net = new BgpNetwork(1);
  const names = asns.map((_, index) => String.fromCharCode(97 + index));
  for (const [index, asn] of asns.entries()) net.add(names[index]!, asn, `10.0.0.${index + 1}`);
  for (const [index, name] of names.entries()) {
    if (index > 0) net.join(names[index - 1]!, name, more, more);
  }
  net.run(SETTLED);
  return net;
}

function advertise(net: BgpNetwork, from: string, to: string, routes: readonly Advertisement[]) {
  net.speakers.get(from)!.advertise(to, routes, net.now);
  net.run(1000);
}

const route = (
  prefix: string,
  attributes: Partial<PathAttributes>,
  more: Partial<Advertisement> = {},
) => ({
  prefix: block(prefix),
  attributes: { origin: 0 as const, asPath: [], ...attributes },
  ...more,
});

const received = (net: BgpNetwork, at: string, from: string) =>
  [...net.speakers.get(at)!.received(from)].map(({ prefix, path }) => ({
    prefix: formatCidr(prefix),
    asPath: formatAsPath(path.attributes.asPath),
    nextHop: formatIp(path.nextHop),
    ...(path.attributes.med !== undefined && { med: path.attributes.med }),
  }));

/** The last reason that a speaker told for a peer's state. */
function lastReason(net: BgpNetwork, at: string, peer: string) {
  const states = net.heard.get(at)!.filter((one) => one.type === 'state' && one.peer === peer);
  const last = states.at(-1);
  if (last?.type !== 'state') throw new Error('no state');
  return last;
}

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

  it('are reset with a word, and come back by themselves', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    net.states('b', 'a');
    net.speakers.get('a')!.reset('b', net.now, 'new keys');
    net.run(10);
    const { reason } = lastReason(net, 'b', 'a');
    expect(reason.received).toMatchObject({ code: 6, subcode: 4 });
    expect(shutdownText(reason.received!)).toBe('new keys');
    net.run(SETTLED);
    expect(net.table('b')).toEqual(['10.0.0.0/16: 64512']);
  });

  it('H-107 tell a table again when asked', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16', '2001:db8::/32'));
    net.heard.get('b')!.length = 0;
    expect(net.speakers.get('b')!.requestRefresh('a', 4, net.now)).toBe(true);
    const sent = net.sent.length;
    net.run(1000);
    expect(net.updates('a', sent)).toEqual([expect.stringContaining('10.0.0.0/16')]);
    // It says nothing new.
    expect(net.heard.get('b')).toEqual([]);
    net.break('a', 'b');
    expect(net.speakers.get('b')!.requestRefresh('a', 4, net.now)).toBe(false);
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

describe('what a peer is told', () => {
  const full: Partial<PathAttributes> = {
    med: 5,
    localPreference: 7,
    communities: [0xfc00_0001],
    opaque: [{ type: 32, value: new Uint8Array(12) }],
  };

  it('H-103 on eBGP: our AS in front, our next hop, no preference', () => {
    const net = row([64512, 65010], { prepend: 2 });
    const asPath = [{ kind: 'sequence' as const, asns: [1] }];
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { ...full, asPath })]);
    const [path] = net.speakers.get('b')!.paths(block('10.0.0.0/16'));
    expect(path!.attributes).toEqual({
      origin: 0,
      asPath: [{ kind: 'sequence', asns: [64512, 64512, 64512, 1] }],
      med: 5,
      communities: [0xfc00_0001],
      opaque: full.opaque,
    });
    expect(path).toMatchObject({
      internal: false,
      localPreference: 100,
      med: 5,
      neighborAs: 64512,
    });
  });

  it('H-103 on iBGP: the path as it is, with its preference', () => {
    const net = row([64512, 64512]);
    advertise(net, 'a', 'b', [route('10.0.0.0/16', full), route('10.1.0.0/16', {})]);
    const [path] = net.speakers.get('b')!.paths(block('10.0.0.0/16'));
    expect(path).toMatchObject({ internal: true, localPreference: 7, attributes: { asPath: [] } });
    expect(net.speakers.get('b')!.paths(block('10.1.0.0/16'))[0]).toMatchObject({
      localPreference: 100,
      med: 0,
    });
  });

  it('has the preference and the default MED that the receiver gives', () => {
    const tagged = 0x1c38_1bbc;
    const net = row([64512, 65010], {
      defaultMed: 100,
      localPreference: ({ communities }) => (communities?.includes(tagged) ? 50 : 100),
    });
    advertise(net, 'a', 'b', [
      route('10.0.0.0/16', { communities: [tagged] }),
      route('10.1.0.0/16', { med: 3 }),
    ]);
    const at = (prefix: string) => net.speakers.get('b')!.paths(block(prefix))[0];
    expect(at('10.0.0.0/16')).toMatchObject({ localPreference: 50, med: 100 });
    expect(at('10.1.0.0/16')).toMatchObject({ localPreference: 100, med: 3 });
  });

  it.each([
    ['no-advertise', COMMUNITY.noAdvertise, 65010, 0],
    ['no-advertise', COMMUNITY.noAdvertise, 64512, 0],
    ['no-export', COMMUNITY.noExport, 65010, 0],
    ['no-export', COMMUNITY.noExport, 64512, 1],
    ['no-export-subconfed', COMMUNITY.noExportSubconfed, 65010, 0],
    ['another', 0xfc00_0001, 65010, 1],
  ])('obeys the community %s (%i) to AS %i: %i routes', (_name, community, asn, count) => {
    const net = row([64512, asn]);
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { communities: [community] })]);
    expect(net.table('b')).toHaveLength(count);
    expect([...net.speakers.get('a')!.told('b')]).toHaveLength(count);
  });

  it('H-106 has IPv6 next hops on an IPv4 session, mapped where there is no other', () => {
    const net = row([64512, 65010], { nextHops: { 4: parseIpv4('169.254.6.1')! } });
    net.speakers.get('a')!.removePeer('b', net.now);
    net.run(1000);
    net.speakers.get('a')!.addPeer('b', {
      asn: 65010,
      address: ip('169.254.6.3'),
      families: [6],
      nextHops: { 4: parseIpv4('169.254.6.2')! },
    });
    net.speakers.get('a')!.start('b', net.now);
    net.run(300_000);
    advertise(net, 'a', 'b', own('2001:db8::/32', '10.0.0.0/16'));
    expect(received(net, 'b', 'a')).toEqual([
      { prefix: '2001:db8::/32', asPath: '64512', nextHop: '::ffff:a9fe:602' },
    ]);
  });

  it('is no IPv4 route where we have no IPv4 address', () => {
    const net = row([64512, 65010], { nextHops: {} });
    advertise(net, 'a', 'b', own('10.0.0.0/16', '2001:db8::/32'));
    expect(net.table('b')).toEqual([]);
  });

  it('is not what was learned from it', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', [
      route('10.0.0.0/16', {}, { learnedFrom: 'b' }),
      route('10.1.0.0/16', {}, { learnedFrom: 'c' }),
    ]);
    expect(net.table('b')).toEqual(['10.1.0.0/16: 64512']);
  });

  it('H-103 is not what was learned inside the AS, to others inside it', () => {
    const net = new BgpNetwork(1);
    net.add('hub', 64512, '10.0.0.1');
    for (const [name, asn] of [
      ['in1', 64512],
      ['in2', 64512],
      ['out', 65010],
    ] as const) {
      net.add(name, asn, `10.0.1.${net.speakers.size}`);
      net.join('hub', name);
    }
    net.run(SETTLED);
    for (const to of ['in1', 'in2', 'out']) {
      const learned = [
        route('10.0.0.0/16', {}, { learnedFrom: 'in1' }),
        route('10.1.0.0/16', {}, { learnedFrom: 'out' }),
      ];
      advertise(net, 'hub', to, learned);
    }
    const tables = ['in1', 'in2', 'out'].map((name) =>
      net.table(name).map((line) => line.split(':')[0]),
    );
    expect(tables).toEqual([['10.1.0.0/16'], ['10.1.0.0/16'], ['10.0.0.0/16']]);
  });

  it('is withdrawn when its path no longer fits a message', () => {
    const net = row([64512, 65010]);
    advertise(net, 'a', 'b', own('10.0.0.0/16'));
    const asns = Array.from({ length: 255 }, () => 1);
    const asPath = Array.from({ length: 5 }, () => ({ kind: 'sequence' as const, asns }));
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { asPath })]);
    expect(net.table('b')).toEqual([]);
    expect([...net.speakers.get('a')!.told('b')]).toEqual([]);
    expect(net.states('b', 'a').at(-1)).toBe('Established');
  });
});

describe('a speaker that relays', () => {
  it('H-050 passes routes on with their AS path, without MED', () => {
    const net = row([65001, 64512, 65002], { relay: true });
    advertise(net, 'a', 'b', [route('10.0.0.0/16', { med: 9 }), route('2001:db8::/32', {})]);
    advertise(net, 'c', 'b', own('10.2.0.0/16'));
    expect(net.table('c')).toEqual(['10.0.0.0/16: 64512 65001', '2001:db8::/32: 64512 65001']);
    expect(net.table('a')).toEqual(['10.2.0.0/16: 64512 65002']);
    const [path] = net.speakers.get('c')!.paths(block('10.0.0.0/16'));
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
    const [inside] = net.speakers.get('c')!.paths(block('10.0.0.0/16'));
    const [edge] = net.speakers.get('b')!.paths(block('10.0.0.0/16'));
    expect(inside!.nextHop).toBe(edge!.nextHop);
    const self = row([65001, 64512, 64512], { relay: true, nextHopSelf: true });
    advertise(self, 'a', 'b', own('10.0.0.0/16'));
    const [other] = self.speakers.get('c')!.paths(block('10.0.0.0/16'));
    expect(other!.nextHop).not.toBe(
      self.speakers.get('b')!.paths(block('10.0.0.0/16'))[0]!.nextHop,
    );
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
    expect(net.speakers.get('hub')!.paths(block('10.0.0.0/16'))[0]!.peer).toBe('b');
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
    const peers = () =>
      net.speakers
        .get('hub')!
        .paths(block('10.0.0.0/16'))
        .map(({ peer }) => peer);
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
