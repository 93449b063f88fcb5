import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import { Ipv6View } from './ipv6.ts';
import {
  EXTENSION_HEADERS_MAX,
  emitIpv6Fragment,
  formatIpv6Fragment,
  type Ipv6Fragment,
  Ipv6FragmentView,
  Ipv6UpperLayer,
  ipv6FragmentLength,
  parseIpv6Fragment,
} from './ipv6-extension.ts';
import {
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint8,
  uint32,
} from './test-support.ts';

const FRAGMENT_BYTES = fromHex('11 00 0009 deadbeef');
const FRAGMENT: Ipv6Fragment = {
  nextHeader: 17,
  fragmentOffset: 8,
  moreFragments: true,
  identification: 0xdeadbeef,
};

/** A packet whose payload is `payload`, led to by `nextHeader`. */
function packet(nextHeader: number, payload: string): Ipv6View {
  const tail = fromHex(payload);
  const head = fromHex('60000000 0000 00 40');
  head[5] = tail.length;
  head[6] = nextHeader;
  const view = new Ipv6View();
  expect(view.wrap(new Uint8Array([...head, ...new Uint8Array(32), ...tail]))).toBe(true);
  return view;
}

function walk(nextHeader: number, payload: string): Ipv6UpperLayer | undefined {
  const upper = new Ipv6UpperLayer();
  return upper.walk(packet(nextHeader, payload)) ? upper : undefined;
}

const OPTIONS_16 = (next: string) => `${next} 01 0000 00000000 00000000 00000000`;
const OPTIONS_8 = (next: string) => `${next} 00 0000 00000000`;

describe('the walk past extension headers', () => {
  it('finds the upper layer right behind the fixed header', () => {
    expect(walk(6, 'c000 01bb')).toMatchObject({
      protocol: 6,
      offset: 40,
      end: 44,
      fragmentHeaderOffset: -1,
      isFragment: false,
    });
  });

  it('passes options, routing, authentication and mobility headers', () => {
    // Authentication counts units of four bytes without two: 4 is 24 bytes.
    const authentication = `87 04 0000 ${'00'.repeat(20)}`;
    const headers = `${OPTIONS_16('2b')} ${OPTIONS_8('33')} ${authentication} ${OPTIONS_8('3c')}`;
    const found = walk(0, `${headers} ${OPTIONS_8('3a')} 8000 0000`);
    expect(found).toMatchObject({ protocol: 58, offset: 40 + 16 + 8 + 24 + 8 + 8, end: 108 });
  });

  it.each([
    ['ESP', 50],
    ['no next header', 59],
    ['an unknown protocol', 253],
  ])('stops at %s', (_name, protocol) => {
    expect(walk(protocol, '0011 2233 4455 6677')).toMatchObject({ protocol, offset: 40 });
  });

  it('reads the first fragment and the header it carries', () => {
    expect(walk(44, '06 00 0001 00000007 c000 01bb')).toMatchObject({
      protocol: 6,
      offset: 48,
      fragmentHeaderOffset: 40,
      fragmentOffset: 0,
      moreFragments: true,
      identification: 7,
      isFragment: true,
    });
  });

  it('does not read headers in a later fragment', () => {
    const found = walk(44, '3c 00 05a8 00000007 ffff ffff');
    expect(found).toMatchObject({ protocol: 60, offset: 48, fragmentOffset: 1448 });
    expect(found).toMatchObject({ moreFragments: false, isFragment: true });
  });

  it('takes an atomic fragment (RFC 6946) for a whole packet', () => {
    expect(walk(44, '11 00 0000 00000001 0000')).toMatchObject({ protocol: 17, isFragment: false });
  });

  it.each([
    ['an options header cut short', 60, '06 00 0000'],
    ['a length beyond the packet', 60, '06 01 0000 00000000'],
    ['a fragment header cut short', 44, '06 00 0000 000000'],
    ['an authentication header cut short', 51, '06 01 0000 00000000'],
    ['nothing where a header should be', 0, ''],
  ])('refuses %s', (_name, nextHeader, payload) => {
    expect(walk(nextHeader, payload)).toBeUndefined();
  });

  it('refuses more headers than its limit', () => {
    const chain = (count: number) => OPTIONS_8('3c').repeat(count - 1) + OPTIONS_8('06');
    expect(walk(60, chain(EXTENSION_HEADERS_MAX))).toMatchObject({ protocol: 6 });
    expect(walk(60, chain(EXTENSION_HEADERS_MAX + 1))).toBeUndefined();
  });

  it('forgets the packet before', () => {
    const upper = new Ipv6UpperLayer();
    upper.walk(packet(44, '06 00 0009 00000007 c000 01bb'));
    expect(upper.walk(packet(17, '0000'))).toBe(true);
    expect({ ...upper }).toEqual({
      protocol: 17,
      offset: 40,
      end: 42,
      fragmentHeaderOffset: -1,
      fragmentOffset: 0,
      moreFragments: false,
      identification: 0,
    });
  });

  it('stays inside the packet whatever the bytes', () => {
    const upper = new Ipv6UpperLayer();
    fc.assert(
      fc.property(
        fc.constantFrom(0, 43, 44, 51, 60, 135),
        fc.uint8Array({ maxLength: 100 }),
        (nextHeader, payload) => {
          const view = packet(nextHeader, payload.toHex());
          if (!upper.walk(view)) return;
          expect(upper.offset).toBeGreaterThan(view.payloadOffset);
          expect(upper.offset).toBeLessThanOrEqual(view.end);
        },
      ),
    );
  });
});

describe('the IPv6 fragment header', () => {
  it('parses and emits the same bytes', () => {
    expect(parseIpv6Fragment(FRAGMENT_BYTES)).toEqual(FRAGMENT);
    const target = buffer(ipv6FragmentLength(FRAGMENT));
    emitIpv6Fragment(FRAGMENT, target);
    expect(target).toEqual(FRAGMENT_BYTES);
    expectPrefixesRefused(FRAGMENT_BYTES, 8, parseIpv6Fragment);
  });

  it('emits what it parses', () => {
    const fragment = fc.record<Ipv6Fragment>({
      nextHeader: uint8,
      fragmentOffset: fc.nat(0x1fff).map((units) => units * 8),
      moreFragments: fc.boolean(),
      identification: uint32,
    });
    fc.assert(
      fc.property(fragment, (value) => {
        const bytes = buffer(8);
        emitIpv6Fragment(value, bytes);
        expect(parseIpv6Fragment(bytes)).toEqual(value);
      }),
    );
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows(parseIpv6Fragment);
    expectViewStaysInside(() => new Ipv6FragmentView(), FRAGMENT_BYTES);
  });

  it('changes in place', () => {
    const view = new Ipv6FragmentView();
    view.wrap(FRAGMENT_BYTES.slice());
    view.nextHeader = 6;
    view.identification = 1;
    expect(view.bytes).toEqual(fromHex('06 00 0009 00000001'));
    expect(view.payloadOffset).toBe(8);
  });

  it('formats its fields', () => {
    expect(formatIpv6Fragment(FRAGMENT)).toBe('frag (0xdeadbeef:8+)');
    expect(formatIpv6Fragment({ ...FRAGMENT, moreFragments: false, identification: 1 })).toBe(
      'frag (0x00000001:8)',
    );
  });
});
