import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCidr, parseCidr } from '../../net/cidr.ts';
import { fromHex } from '../bytes.ts';
import { buffer } from '../test-support.ts';
import { prefixesLength, readPrefixes, writePrefixes } from './nlri.ts';
import { anyPrefixes } from './test-bgp.ts';

const read = (hex: string, family: 4 | 6) => {
  const bytes = fromHex(hex);
  return readPrefixes(bytes, 0, bytes.length, family)?.map(formatCidr);
};

describe('prefixes', () => {
  const cases: [4 | 6, string, string[]][] = [
    [4, '', []],
    [
      4,
      '00 08 0a 09 0a80 10 c0a8 18 c0a801 20 c0a80101',
      [
        '0.0.0.0/0',
        '10.0.0.0/8',
        '10.128.0.0/9',
        '192.168.0.0/16',
        '192.168.1.0/24',
        '192.168.1.1/32',
      ],
    ],
    [
      6,
      '00 20 20010db8 40 20010db800010002 80 20010db8000100020003000400050006',
      ['::/0', '2001:db8::/32', '2001:db8:1:2::/64', '2001:db8:1:2:3:4:5:6/128'],
    ],
    [6, '21 20010db880 7f fe80000000000000000000000000000e', ['2001:db8:8000::/33', 'fe80::e/127']],
  ];
  it.each(cases)('of IPv%i, %s, are read and written', (family, hex, texts) => {
    expect(read(hex, family)).toEqual(texts);
    const prefixes = texts.map((text) => parseCidr(text)!);
    const bytes = buffer(prefixesLength(prefixes));
    expect(writePrefixes(prefixes, bytes, 0)).toBe(bytes.length);
    expect(bytes).toEqual(fromHex(hex));
  });

  it('H-105 have no bits behind their length', () => {
    expect(read('09 0aff 04 ff', 4)).toEqual(['10.128.0.0/9', '240.0.0.0/4']);
    expect(read('21 20010db8ff', 6)).toEqual(['2001:db8:8000::/33']);
  });

  it.each([
    ['longer than the family', 4, '21 0a00000000'],
    ['longer than the family', 6, `81 ${'00'.repeat(17)}`],
    ['past the end', 4, '08 0a 18 0a00'],
    ['without an address', 4, '08'],
  ] as const)('H-100 %s (IPv%i, %s) are refused', (_what, family, hex) => {
    expect(read(hex, family)).toBeUndefined();
  });

  it('are read as they were written', () => {
    const any = fc
      .constantFrom(4 as const, 6 as const)
      .chain((family) =>
        fc.record({ family: fc.constant(family), prefixes: anyPrefixes(family, 0) }),
      );
    fc.assert(
      fc.property(any, fc.nat(3), ({ family, prefixes }, offset) => {
        const bytes = buffer(offset + prefixesLength(prefixes));
        expect(writePrefixes(prefixes, bytes, offset)).toBe(bytes.length);
        expect(readPrefixes(bytes, offset, bytes.length, family)).toEqual(prefixes);
      }),
    );
  });
});
