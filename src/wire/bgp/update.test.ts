/** What RFC 4271 section 6.3 and RFC 7606 say of UPDATEs in which something is wrong. */
import { describe, expect, it } from 'vitest';
import { formatCidr } from '../../net/cidr.ts';
import { fromHex, toHex } from '../bytes.ts';
import { expectNeverThrows, expectViewStaysInside } from '../test-support.ts';
import { AttributeView } from './attribute.ts';
import { Fault } from './fault.ts';
import { BgpView } from './header.ts';
import type { UpdateContext } from './read-attributes.ts';
import { EXTERNAL, INTERNAL, message, OLD, update } from './test-bgp.ts';
import { encodeEndOfRib, type ReadUpdate, readUpdate, UpdateView } from './update.ts';

const ORIGIN = '400101 00';
const PATH = '400206 02 01 0000fdf2';
const HOP = '400304 0a000001';
const BASE = `${ORIGIN} ${PATH} ${HOP}`;
const NLRI = '08 0b';
const MP_HEAD = '0002 01 10 20010db8000000000000000000000001 00';

function read(bytes: Uint8Array, context: UpdateContext): ReadUpdate | Fault {
  const view = new BgpView();
  expect(view.wrap(bytes)).toBe(true);
  return readUpdate(view, context);
}

/** `3/6 40010103`, `withdrawn …` or `announced …`: what a receiver makes of the bytes. */
function verdict(bytes: Uint8Array, context = EXTERNAL): string {
  const result = read(bytes, context);
  if (result instanceof Fault)
    return `${result.code}/${result.subcode} ${toHex(result.data)}`.trim();
  const { unreach, reach, endOfRib } = result.update;
  const texts = (
    entries: readonly { readonly prefixes: readonly Parameters<typeof formatCidr>[0][] }[],
  ) => entries.flatMap(({ prefixes }) => prefixes.map(formatCidr)).join(' ');
  const parts: string[] = [];
  if (unreach.length > 0) parts.push(`withdrawn ${texts(unreach)}`);
  if (reach.length > 0) parts.push(`announced ${texts(reach)}`);
  if (endOfRib !== undefined) parts.push(`end of ${endOfRib}`);
  return parts.join(', ');
}

const announced = 'announced 11.0.0.0/8';
const withdrawn = 'withdrawn 11.0.0.0/8';

describe('an UPDATE whose routes are withdrawn for its attributes', () => {
  it.each([
    ['ORIGIN 3', `400101 03 ${PATH} ${HOP}`],
    ['ORIGIN of no bytes', `400100 ${PATH} ${HOP}`],
    ['ORIGIN of two bytes', `400102 0000 ${PATH} ${HOP}`],
    ['ORIGIN optional', `c00101 00 ${PATH} ${HOP}`],
    ['ORIGIN not transitive', `000101 00 ${PATH} ${HOP}`],
    ['no ORIGIN', `${PATH} ${HOP}`],
    ['no AS_PATH', `${ORIGIN} ${HOP}`],
    ['no NEXT_HOP', `${ORIGIN} ${PATH}`],
    ['an AS_PATH that overruns', `${ORIGIN} 400206 02 02 0000fdf2 ${HOP}`],
    ['an AS_PATH of an unknown kind', `${ORIGIN} 400206 05 01 0000fdf2 ${HOP}`],
    ['an empty segment', `${ORIGIN} 400202 02 00 ${HOP}`],
    ['AS 0 in the path', `${ORIGIN} 400206 02 01 00000000 ${HOP}`],
    ['NEXT_HOP of three bytes', `${ORIGIN} ${PATH} 400303 0a0000`],
    ['NEXT_HOP 0.0.0.1', `${ORIGIN} ${PATH} 400304 00000001`],
    ['NEXT_HOP 127.0.0.1', `${ORIGIN} ${PATH} 400304 7f000001`],
    ['NEXT_HOP 224.0.0.1', `${ORIGIN} ${PATH} 400304 e0000001`],
    ['NEXT_HOP 255.255.255.255', `${ORIGIN} ${PATH} 400304 ffffffff`],
    ['MED of three bytes', `${BASE} 800403 000001`],
    ['MED transitive', `${BASE} c00404 00000001`],
    ['empty COMMUNITIES', `${BASE} c00800`],
    ['COMMUNITIES of five bytes', `${BASE} c00805 0000000000`],
    ['COMMUNITIES not transitive', `${BASE} 800804 00000001`],
    ['ATOMIC_AGGREGATE optional', `${BASE} c00600`],
    ['an attribute beyond the end of the list', `${BASE} 800404 000001`],
    ['half an attribute header', `${BASE} 8004`],
    ['half an extended length', `${BASE} 900400`],
  ])('H-098 %s', (_what, attributes) => {
    expect(verdict(update('', attributes, NLRI))).toBe(withdrawn);
  });

  it('H-098 LOCAL_PREF of three bytes, inside the AS', () => {
    const bytes = update('', `${BASE} 400503 000001`, NLRI);
    expect(verdict(bytes, INTERNAL)).toBe(withdrawn);
    expect(verdict(bytes, EXTERNAL)).toBe(announced);
  });

  it.each([
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['ff02::1', `ff02${'0'.repeat(27)}1`],
  ])('H-102 an IPv6 next hop of %s', (_text, hop) => {
    const attributes = `800e17 0002 01 10 ${hop} 00 08 20 ${ORIGIN} ${PATH}`;
    expect(verdict(update('', attributes, ''))).toBe('withdrawn 2000::/8');
  });

  it('H-098 wrong bits of the attribute that holds the routes', () => {
    const attributes = `c00e17 ${MP_HEAD} 08 20 ${ORIGIN} ${PATH}`;
    expect(verdict(update('', attributes, ''))).toBe('withdrawn 2000::/8');
  });

  it('H-097 IPv6 routes need ORIGIN and AS_PATH alone', () => {
    const reach = `800e17 ${MP_HEAD} 08 20`;
    expect(verdict(update('', `${reach} ${ORIGIN} ${PATH}`, ''))).toBe('announced 2000::/8');
    expect(verdict(update('', `${reach} ${ORIGIN}`, ''))).toBe('withdrawn 2000::/8');
    const withHop = `${reach} ${ORIGIN} ${PATH} ${HOP}`;
    expect(verdict(update('', withHop, ''))).toBe('announced 2000::/8');
    expect(verdict(update('', `${reach} ${ORIGIN} ${PATH}`, NLRI))).toBe(
      'withdrawn 11.0.0.0/8 2000::/8',
    );
  });

  it('names the attribute and its fault', () => {
    const result = read(update('', `400101 03 ${PATH} ${HOP}`, NLRI), EXTERNAL) as ReadUpdate;
    expect(result.faults).toEqual([
      { type: 1, handling: 'withdraw', subcode: 6, data: fromHex('400101 03') },
    ]);
  });
});

describe('an UPDATE whose faulty attribute is dropped alone', () => {
  it.each([
    ['ATOMIC_AGGREGATE with a value', `${BASE} 400601 00`, 6],
    ['AGGREGATOR of six bytes between new speakers', `${BASE} c00706 fdf2 0a000001`, 7],
    ['AGGREGATOR of AS 0', `${BASE} c00708 00000000 0a000001`, 7],
    ['AS4_PATH between new speakers', `${BASE} c01106 02 01 0000fdf2`, 17],
    ['AS4_AGGREGATOR between new speakers', `${BASE} c01208 0000fdf2 0a000001`, 18],
    ['a second ORIGIN', `${BASE} 400101 02`, 1],
    ['a second, bad AS_PATH', `${BASE} 400201 09`, 2],
  ])('H-099 %s', (_what, attributes, type) => {
    const bytes = update('', attributes, NLRI);
    expect(verdict(bytes)).toBe(announced);
    const { faults, update: value } = read(bytes, EXTERNAL) as ReadUpdate;
    expect(faults).toMatchObject([{ type, handling: 'discard' }]);
    expect(value.attributes).toEqual({
      origin: 0,
      asPath: [{ kind: 'sequence', asns: [65010] }],
    });
  });

  it.each([
    ['a bad AS4_PATH', 'c01105 02 01 0000fd'],
    ['AS4_PATH of AS 0', 'c01106 02 01 00000000'],
    ['a bad AS4_AGGREGATOR', 'c01204 0000fdf2'],
  ])('H-096 %s from an old speaker', (_what, attribute) => {
    const old = `${ORIGIN} 400204 02 01 fdf2 ${HOP} ${attribute}`;
    const bytes = update('', old, NLRI);
    expect(verdict(bytes, OLD)).toBe(announced);
    expect((read(bytes, OLD) as ReadUpdate).faults).toMatchObject([{ handling: 'discard' }]);
  });

  it.each([
    ['5ba0', { asn: 4_200_000_001, address: 0x0a00_0002 }, [9, 4_200_000_000]],
    ['fdf2', { asn: 65010, address: 0x0a00_0001 }, [9, 23456]],
  ])(
    'H-096 four-byte attributes count while AGGREGATOR is AS_TRANS (%s)',
    (asn, aggregator, asns) => {
      const old = `${ORIGIN} 400206 02 02 0009 5ba0 ${HOP} c00706 ${asn} 0a000001`;
      const four = 'c01106 02 01 fa56ea00 c01208 fa56ea01 0a000002';
      const { update: value } = read(update('', `${old} ${four}`, NLRI), OLD) as ReadUpdate;
      expect(value.attributes).toEqual({
        origin: 0,
        asPath: [{ kind: 'sequence', asns }],
        aggregator,
      });
    },
  );

  it('H-099 LOCAL_PREF from another AS is nothing', () => {
    const bytes = update('', `${BASE} 400504 000000c8`, NLRI);
    const outside = read(bytes, EXTERNAL) as ReadUpdate;
    expect(outside.update.attributes).not.toHaveProperty('localPreference');
    const inside = read(bytes, INTERNAL) as ReadUpdate;
    expect(inside.update.attributes).toMatchObject({ localPreference: 200 });
  });

  it('H-104 unknown attributes are kept where they are transitive', () => {
    const unknown = 'e0 20 01 07  80 21 01 08  f0 22 0001 09';
    const { update: value, faults } = read(
      update('', `${BASE} ${unknown}`, NLRI),
      EXTERNAL,
    ) as ReadUpdate;
    expect(faults).toEqual([]);
    expect(value.attributes?.opaque).toEqual([
      { type: 0x20, value: Uint8Array.of(7) },
      { type: 0x22, value: Uint8Array.of(9) },
    ]);
  });

  it('H-104 an extended length is taken for any length', () => {
    const attributes = `50010001 00 50020006 02 01 0000fdf2 50030004 0a000001`;
    expect(verdict(update('', attributes, NLRI))).toBe(announced);
  });
});

describe('an UPDATE that ends the session', () => {
  it.each([
    ['withdrawn routes beyond the end', message(2, '0001 0000'), '3/1'],
    ['attributes beyond the end', message(2, '0000 0001'), '3/1'],
    ['no room for the second length', message(2, '0002 0000'), '3/1'],
    ['a withdrawn prefix of 33 bits', update('21 0a00000000', '', ''), '3/10'],
    ['a withdrawn prefix past the end', update('18 0a00', '', ''), '3/10'],
    ['an announced prefix of 33 bits', update('', BASE, '21 0a00000000'), '3/10'],
    ['an announced prefix past the end', update('', BASE, '18 0a00'), '3/10'],
    ['an unknown well-known attribute', update('', `${BASE} 406301 07`, NLRI), '3/2 40630107'],
    [
      'MP_REACH twice',
      update('', `800e17 ${MP_HEAD} 08 20 800e17 ${MP_HEAD} 08 20 ${BASE}`, NLRI),
      '3/1',
    ],
    ['MP_UNREACH twice', update('', '800f03 0002 01 800f03 0002 01', ''), '3/1'],
    ['MP_REACH of 4 bytes', update('', `800e04 00020100 ${BASE}`, NLRI), '3/9 800e0400020100'],
    [
      'a next hop that overruns',
      update('', `800e05 0002 01 10 20 ${BASE}`, NLRI),
      '3/9 800e050002011020',
    ],
    [
      'a next hop of 8 bytes',
      update('', `800e0d 0002 01 08 2001000000000001 00 ${BASE}`, NLRI),
      '3/9 800e0d000201082001000000000001' + '00',
    ],
    [
      'an IPv6 prefix of 129 bits',
      update('', `800f15 0002 01 81 ${'00'.repeat(17)}`, ''),
      `3/9 800f1500020181${'00'.repeat(17)}`,
    ],
    ['MP_UNREACH of 2 bytes', update('', '800f02 0002', ''), '3/9 800f020002'],
    [
      'broken MP_UNREACH with wrong bits',
      update('', `400f04 0002 01 ff ${BASE}`, NLRI),
      '3/9 400f04000201ff',
    ],
  ])('H-100 %s', (_what, bytes, fault) => {
    expect(verdict(bytes)).toBe(fault);
  });

  it.each([
    ['ORIGIN 3', '400101 03', '3/6 40010103'],
    ['MED of three bytes', '800403 000001', '3/5 800403000001'],
    ['wrong flags', '400404 00000001', '3/4 40040400000001'],
    ['a bad AS_PATH', '400201 02', '3/11'],
    ['NEXT_HOP 0', '400304 00000000', '3/8 40030400000000'],
    ['bad COMMUNITIES', 'c00801 00', '3/9 c0080100'],
    ['an overrun', '800404 00', '3/1'],
  ])('RFC 7606 5.2: %s, when no announced route is seen', (_what, attribute, fault) => {
    expect(verdict(update('', attribute, ''))).toBe(fault);
    expect(verdict(update('08 0a', attribute, ''))).toBe(fault);
  });

  it('H-099 the gravest of several faults decides', () => {
    const reset = '406301 07';
    expect(verdict(update('', `400101 03 ${reset} ${PATH} ${HOP} 400601 00`, NLRI))).toBe(
      '3/2 40630107',
    );
    expect(verdict(update('', `400601 00 400101 03 ${PATH} ${HOP}`, NLRI))).toBe(withdrawn);
  });
});

describe('an UPDATE that is in order', () => {
  it('H-105 may withdraw and announce one prefix', () => {
    expect(verdict(update(NLRI, BASE, NLRI))).toBe('withdrawn 11.0.0.0/8, announced 11.0.0.0/8');
  });

  it('H-106 has IPv6 next hops of 16 or 32 bytes', () => {
    const linkLocal = `fe80${'0'.repeat(27)}1`;
    const head = `0002 01 20 20010db8000000000000000000000001 ${linkLocal} 00`;
    const bytes = update('', `800e27 ${head} 08 20 ${ORIGIN} ${PATH}`, '');
    const { reach } = (read(bytes, EXTERNAL) as ReadUpdate).update;
    expect(reach).toMatchObject([
      { nextHop: [0x2001_0db8, 0, 0, 1], linkLocal: [0xfe80_0000, 0, 0, 1] },
    ]);
  });

  it('may carry IPv4 in MP_REACH and MP_UNREACH', () => {
    const attributes = `800e0b 0001 01 04 0a000002 00 08 0c 800f05 0001 01 08 0d ${BASE}`;
    const bytes = update('', attributes, NLRI);
    expect(verdict(bytes)).toBe('withdrawn 13.0.0.0/8, announced 11.0.0.0/8 12.0.0.0/8');
    const { reach } = (read(bytes, EXTERNAL) as ReadUpdate).update;
    expect(reach.map(({ nextHop }) => nextHop)).toEqual([0x0a00_0001, 0x0a00_0002]);
  });

  it('may speak of other families, which are passed over', () => {
    // IPv4 multicast and L2VPN: whatever they hold is not looked at.
    const attributes = `800e05 0001 02 00 00 800f04 0019 46 ff`;
    expect(verdict(update('', attributes, ''))).toBe('');
    expect(verdict(update('', '800f03 0019 46', ''))).toBe('');
  });

  it('H-108 ends a table', () => {
    expect(encodeEndOfRib(4)).toEqual(update('', '', ''));
    expect(verdict(encodeEndOfRib(4))).toBe('end of 4');
    expect(verdict(encodeEndOfRib(6))).toBe('end of 6');
    expect(verdict(update('', `${ORIGIN} 800f03 0002 01`, ''))).toBe('');
  });
});

describe('the views', () => {
  it('refuse random bytes quietly and stay inside', () => {
    expectNeverThrows((bytes, offset, end) => new UpdateView().wrap(bytes, offset, end));
    expectNeverThrows((bytes, offset, end) => new AttributeView().wrap(bytes, offset, end));
    expectViewStaysInside(() => new UpdateView(), fromHex('0001 00 0001 00'));
    expectViewStaysInside(() => new AttributeView(), fromHex('50010001 00'));
  });
});
