import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidr } from '../net/cidr.ts';
import { parseIpv6 } from '../net/ipv6.ts';
import { mac } from '../net/mac.ts';
import { fromHex } from './bytes.ts';
import {
  emitIcmpv6,
  formatIcmpv6,
  type Icmpv6,
  Icmpv6View,
  icmpv6Length,
  parseIcmpv6,
} from './icmpv6.ts';
import {
  anyIpv6,
  anyMac,
  anyPayload,
  buffer,
  expectNeverThrows,
  expectViewStaysInside,
  uint8,
  uint16,
  uint32,
} from './test-support.ts';

const PSEUDO = { source: parseIpv6('fe80::1')!, destination: parseIpv6('fe80::2')! };
const MAC1 = mac(0x020000000001);
const MAC2 = mac(0x020000000002);
const TARGET = parseIpv6('fe80::2')!;
const TARGET_HEX = 'fe80 0000 0000 0000 0000 0000 0000 0002';
const QUOTED = `6000 0000 0008 1140 2001 0db8 0000 0000 0000 0000 0000 0005
  2001 0db8 0001 0000 0000 0000 0000 0007 d431 0035 0008 0000`;
const payload = fromHex(QUOTED);
const data = fromHex('616263');

const CASES: [string, Uint8Array, Icmpv6][] = [
  [
    'ICMP6, echo request, id 4660, seq 1, length 11',
    fromHex('8000 ac1d 1234 0001 616263'),
    { kind: 'echoRequest', identifier: 0x1234, sequenceNumber: 1, payload: data },
  ],
  [
    'ICMP6, echo reply, id 4660, seq 1, length 11',
    fromHex('8100 ab1d 1234 0001 616263'),
    { kind: 'echoReply', identifier: 0x1234, sequenceNumber: 1, payload: data },
  ],
  [
    'ICMP6, destination unreachable port, length 56',
    fromHex(`0104 604e 0000 0000 ${QUOTED}`),
    { kind: 'destinationUnreachable', code: 4, payload },
  ],
  [
    'ICMP6, packet too big, mtu 1300, length 56',
    fromHex(`0200 5a3e 0000 0514 ${QUOTED}`),
    { kind: 'packetTooBig', mtu: 1300, payload },
  ],
  [
    'ICMP6, time exceeded in-transit, length 56',
    fromHex(`0300 5e52 0000 0000 ${QUOTED}`),
    { kind: 'timeExceeded', code: 0, payload },
  ],
  [
    'ICMP6, neighbor solicitation, who has fe80::2, length 32',
    fromHex(`8700 7a1b 0000 0000 ${TARGET_HEX} 0101 0200 0000 0001`),
    { kind: 'neighborSolicitation', target: TARGET, sourceLinkLayerAddress: MAC1 },
  ],
  [
    'ICMP6, neighbor solicitation, who has fe80::2, length 24',
    fromHex(`8700 7d25 0000 0000 ${TARGET_HEX}`),
    { kind: 'neighborSolicitation', target: TARGET },
  ],
  [
    'ICMP6, neighbor advertisement, tgt is fe80::2, length 32',
    fromHex(`8800 181a 6000 0000 ${TARGET_HEX} 0201 0200 0000 0002`),
    {
      kind: 'neighborAdvertisement',
      target: TARGET,
      router: false,
      solicited: true,
      override: true,
      targetLinkLayerAddress: MAC2,
    },
  ],
  [
    'ICMP6, router solicitation, length 16',
    fromHex('8500 7aae 0000 0000 0101 0200 0000 0001'),
    { kind: 'routerSolicitation', sourceLinkLayerAddress: MAC1 },
  ],
  [
    'ICMP6, router advertisement, length 64',
    fromHex(`8600 2e32 40c0 0708 0000 7530 0000 03e8
      0101 0200 0000 0001
      0501 0000 0000 05dc
      0304 40c0 ffff ffff 0000 0e10 0000 0000 2001 0db8 0000 0001 0000 0000 0000 0000`),
    {
      kind: 'routerAdvertisement',
      currentHopLimit: 64,
      managed: true,
      otherConfiguration: true,
      routerLifetime: 1800,
      reachableTime: 30000,
      retransTimer: 1000,
      sourceLinkLayerAddress: MAC1,
      mtu: 1500,
      prefixes: [
        {
          prefix: cidr(parseIpv6('2001:db8:0:1::')!, 64),
          onLink: true,
          autonomous: true,
          validLifetime: 0xffffffff,
          preferredLifetime: 3600,
        },
      ],
    },
  ],
  [
    'ICMP6, type 143 code 0, length 10',
    fromHex('8f00 72b4 0000 0000 0102'),
    { kind: 'other', type: 143, code: 0, rest: 0, payload: fromHex('0102') },
  ],
];

const parse = (bytes: Uint8Array) => parseIcmpv6(bytes, 0, bytes.length, PSEUDO);

function emitted(message: Icmpv6): Uint8Array {
  const bytes = buffer(icmpv6Length(message));
  emitIcmpv6(message, bytes, 0, PSEUDO);
  return bytes;
}

const unicast = anyIpv6.filter((address) => address[0] >>> 24 !== 0xff);
const source = { sourceLinkLayerAddress: anyMac };
const kind = <K extends Icmpv6['kind']>(value: K) => fc.constant(value);

const anyMessage = fc.oneof<fc.Arbitrary<Icmpv6>[]>(
  fc.record({
    kind: fc.constantFrom('echoRequest' as const, 'echoReply' as const),
    identifier: uint16,
    sequenceNumber: uint16,
    payload: anyPayload,
  }),
  fc.record({
    kind: fc.constantFrom('destinationUnreachable' as const, 'timeExceeded' as const),
    code: uint8,
    payload: anyPayload,
  }),
  fc.record({ kind: kind('packetTooBig'), mtu: uint32, payload: anyPayload }),
  fc.record(
    { kind: kind('neighborSolicitation'), target: unicast, ...source },
    { requiredKeys: ['kind', 'target'] },
  ),
  fc.record(
    {
      kind: kind('neighborAdvertisement'),
      target: unicast,
      router: fc.boolean(),
      solicited: fc.boolean(),
      override: fc.boolean(),
      targetLinkLayerAddress: anyMac,
    },
    { requiredKeys: ['kind', 'target', 'router', 'solicited', 'override'] },
  ),
  fc.record({ kind: kind('routerSolicitation'), ...source }, { requiredKeys: ['kind'] }),
  fc.record({
    kind: kind('routerAdvertisement'),
    currentHopLimit: uint8,
    managed: fc.boolean(),
    otherConfiguration: fc.boolean(),
    routerLifetime: uint16,
    reachableTime: uint32,
    retransTimer: uint32,
    mtu: uint32,
    prefixes: fc.array(
      fc.record({
        prefix: fc.tuple(anyIpv6, fc.nat(128)).map(([address, length]) => cidr(address, length)),
        onLink: fc.boolean(),
        autonomous: fc.boolean(),
        validLifetime: uint32,
        preferredLifetime: uint32,
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    kind: kind('other'),
    type: fc.constantFrom(0, 4, 127, 130, 137, 143, 255),
    code: uint8,
    rest: uint32,
    payload: anyPayload,
  }),
);

describe('ICMPv6', () => {
  it.each(CASES)('%s', (line, bytes, message) => {
    expect(parse(bytes)).toEqual(message);
    expect(emitted(message)).toEqual(bytes);
    expect(formatIcmpv6(message)).toBe(line);
  });

  it('emits what it parses', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(parse(emitted(message))).toEqual(message);
      }),
    );
  });

  it('refuses a wrong checksum unless no addresses are given', () => {
    const bytes = CASES[0]![1].slice();
    bytes[7] = 2;
    expect(parse(bytes)).toBeUndefined();
    expect(parseIcmpv6(bytes)).toMatchObject({ kind: 'echoRequest', sequenceNumber: 2 });
  });

  it('takes an echo with a code for no echo, and a too big packet with one for one', () => {
    expect(parseIcmpv6(fromHex('8001 0000 1234 0001'))).toMatchObject({
      kind: 'other',
      rest: 0x12340001,
    });
    expect(parseIcmpv6(fromHex('0207 0000 0000 0500'))).toMatchObject({
      kind: 'packetTooBig',
      mtu: 1280,
    });
  });

  it.each([
    ['a neighbor message cut short', '8700 0000 0000 0000 fe80 0000 0000 0000 0000 0000 0000'],
    ['a neighbor message with a code', `8701 0000 0000 0000 ${TARGET_HEX}`],
    ['a group for a target', `8700 0000 0000 0000 ff02 ${'0000'.repeat(6)} 0001`],
    ['a router advertisement cut short', '8600 0000 40c0 0708 0000 7530'],
    ['malformed options', `8700 0000 0000 0000 ${TARGET_HEX} 0100 0200 0000 0001`],
    ['seven bytes', '8000 0000 1234 00'],
  ])('refuses %s', (_name, hex) => {
    expect(parseIcmpv6(fromHex(hex))).toBeUndefined();
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows((bytes, offset, end) => parseIcmpv6(bytes, offset, end));
    for (const [, head] of CASES) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 40 }), (tail) => {
          const bytes = new Uint8Array([...head, ...tail]);
          expect(() => parseIcmpv6(bytes)).not.toThrow();
        }),
        { numRuns: 30 },
      );
    }
    expectViewStaysInside(
      () => new Icmpv6View(),
      CASES[0]![1],
      (view) => view.checksumValid(PSEUDO),
      (view) => view.fillChecksum(PSEUDO),
    );
  });

  it('formats the remaining codes', () => {
    const line = (code: number) => formatIcmpv6({ kind: 'destinationUnreachable', code, payload });
    expect(line(0)).toBe('ICMP6, destination unreachable route, length 56');
    expect(line(1)).toBe('ICMP6, destination unreachable prohibited, length 56');
    expect(line(3)).toBe('ICMP6, destination unreachable address, length 56');
    expect(line(6)).toBe('ICMP6, destination unreachable code 6, length 56');
    expect(formatIcmpv6({ kind: 'timeExceeded', code: 1, payload })).toMatch(/reassembly/);
  });
});

describe('an ICMPv6 view', () => {
  const viewOf = (index: number): Icmpv6View => {
    const view = new Icmpv6View();
    expect(view.wrap(CASES[index]![1].slice())).toBe(true);
    return view;
  };

  it('turns a request into its reply in place', () => {
    const view = viewOf(0);
    expect([view.isEcho, view.isError]).toEqual([true, false]);
    view.type = 129;
    view.fillChecksum(PSEUDO);
    expect(view.bytes).toEqual(CASES[1]![1]);
    view.identifier = 7;
    view.sequenceNumber = 9;
    view.code = 1;
    expect(view.bytes.subarray(0, 8)).toEqual(fromHex('8101 ab1d 0007 0009'));
  });

  it('reads the fields of errors and of neighbor messages', () => {
    const error = viewOf(3);
    expect([error.isEcho, error.isError, error.mtu]).toEqual([false, true, 1300]);
    error.mtu = 0x12345678;
    expect(error.bytes.subarray(4, 8)).toEqual(fromHex('12345678'));
    expect(error.payloadOffset).toBe(8);
    expect(viewOf(5).target).toEqual(TARGET);
    expect(viewOf(0).target).toBeUndefined();
  });
});
