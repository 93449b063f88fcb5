import { describe, expect, it } from 'vitest';
import { formatCidr } from '../../net/cidr.ts';
import { formatIp } from '../../net/ip.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import { formatAsPath } from '../../wire/bgp/as-path.ts';
import { COMMUNITY, type PathAttributes } from '../../wire/bgp/path-attributes.ts';
import { advertise, BgpNetwork, ip, own, route, row, SETTLED } from './test-network.ts';

/** What one speaker has taken from another, spelled. */
const received = (net: BgpNetwork, at: string, from: string) =>
  [...net.speakers.get(at)!.received(from)].map(({ prefix, path }) => ({
    prefix: formatCidr(prefix),
    asPath: formatAsPath(path.attributes.asPath),
    nextHop: formatIp(path.nextHop),
    ...(path.attributes.med !== undefined && { med: path.attributes.med }),
  }));

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
    const [path] = net.paths('b', '10.0.0.0/16');
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
    const [path] = net.paths('b', '10.0.0.0/16');
    expect(path).toMatchObject({ internal: true, localPreference: 7, attributes: { asPath: [] } });
    expect(net.paths('b', '10.1.0.0/16')[0]).toMatchObject({
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
    const at = (prefix: string) => net.paths('b', prefix)[0];
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
