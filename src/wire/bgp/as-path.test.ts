import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes.ts';
import { buffer, expectNeverThrows } from '../test-support.ts';
import {
  type AsPath,
  asPathBytes,
  asPathEquals,
  asPathLength,
  formatAsPath,
  mergeAs4Path,
  neighborAs,
  pathHolds,
  prependAs,
  readAsPath,
  writeAsPath,
} from './as-path.ts';
import { anyAsPath } from './test-bgp.ts';

const sequence = (...asns: number[]) => ({ kind: 'sequence' as const, asns });
const set = (...asns: number[]) => ({ kind: 'set' as const, asns });
const read = (hex: string, width: 2 | 4, inside?: 'left out') => {
  const bytes = fromHex(hex);
  return readAsPath(bytes, 0, bytes.length, width, inside);
};

describe('an AS path', () => {
  const cases: [string, 2 | 4, AsPath, string][] = [
    ['', 4, [], ''],
    ['02 02 0000fde9 fa56ea00', 4, [sequence(65001, 4_200_000_000)], '65001 4200000000'],
    ['02 01 fde9 01 02 0001 0002', 2, [sequence(65001), set(1, 2)], '65001 {1,2}'],
  ];
  it.each(cases)('%s parses and emits the same bytes', (hex, width, path, text) => {
    expect(read(hex, width)).toEqual(path);
    const bytes = buffer(asPathBytes(path, width));
    writeAsPath(path, bytes, 0, width);
    expect(bytes).toEqual(fromHex(hex));
    expect(formatAsPath(path)).toBe(text);
  });

  it.each([
    ['half a header', '02'],
    ['no numbers', '02 00'],
    ['an overrun', '02 02 0001'],
    ['an overrun behind a good segment', '02 01 0001 02 01 00'],
    ['segment type 0', '00 01 0001'],
    ['segment type 5', '05 01 0001'],
    ['a confederation', '03 01 0001'],
    ['AS 0', '02 02 0001 0000'],
  ])('H-098 with %s is refused', (_what, hex) => {
    expect(read(hex, 2)).toBeUndefined();
  });

  it('leaves a confederation out of AS4_PATH', () => {
    expect(read('03 01 00000001 02 01 00000002 04 01 00000003', 4, 'left out')).toEqual([
      sequence(2),
    ]);
    expect(read('05 01 00000001', 4, 'left out')).toBeUndefined();
  });

  it('H-096 has AS_TRANS for numbers that do not fit', () => {
    const bytes = buffer(6);
    writeAsPath([sequence(65_536, 65_535)], bytes, 0, 2);
    expect(bytes).toEqual(fromHex('02 02 5ba0 ffff'));
  });

  it('H-109 counts a set as one', () => {
    expect(asPathLength([sequence(1, 2), set(3, 4, 5), sequence(6)])).toBe(4);
    expect(asPathLength([])).toBe(0);
  });

  it('knows its neighbor and whom it holds', () => {
    expect(neighborAs([sequence(7, 8)])).toBe(7);
    expect(neighborAs([set(7)])).toBeUndefined();
    expect(neighborAs([])).toBeUndefined();
    expect([pathHolds([sequence(1), set(2)], 2), pathHolds([sequence(1)], 3)]).toEqual([
      true,
      false,
    ]);
  });

  it('is prepended to, 255 numbers a segment', () => {
    expect(prependAs([], 5)).toEqual([sequence(5)]);
    expect(prependAs([sequence(1)], 5, 2)).toEqual([sequence(5, 5, 1)]);
    expect(prependAs([set(1)], 5)).toEqual([sequence(5), set(1)]);
    expect(prependAs([sequence(1)], 5, 0)).toEqual([sequence(1)]);
    const long = prependAs([sequence(1)], 5, 300);
    expect(long.map(({ asns }) => asns.length)).toEqual([46, 255]);
    expect(asPathLength(long)).toBe(301);
  });

  it.each<[string, AsPath, AsPath, AsPath]>([
    ['equal lengths', [sequence(23456, 2)], [sequence(70000, 2)], [sequence(70000, 2)]],
    ['old speakers in front', [sequence(9, 8, 23456)], [sequence(70000)], [sequence(9, 8, 70000)]],
    ['a longer AS4_PATH', [sequence(23456)], [sequence(70000, 2)], [sequence(23456)]],
    [
      'a set in front',
      [set(1, 2), sequence(23456)],
      [sequence(70000)],
      [set(1, 2), sequence(70000)],
    ],
    ['an empty AS4_PATH', [sequence(1)], [], [sequence(1)]],
  ])('H-096 is merged with AS4_PATH: %s', (_what, path, as4Path, merged) => {
    expect(mergeAs4Path(path, as4Path)).toEqual(merged);
  });

  it('merges to as many systems as AS_PATH has', () => {
    fc.assert(
      fc.property(anyAsPath, anyAsPath, (path, as4Path) => {
        expect(asPathLength(mergeAs4Path(path, as4Path))).toBe(asPathLength(path));
      }),
    );
  });

  it('equals what has the same segments', () => {
    expect(asPathEquals([sequence(1, 2)], [sequence(1, 2)])).toBe(true);
    for (const other of [[sequence(1)], [sequence(2, 1)], [set(1, 2)], []]) {
      expect(asPathEquals([sequence(1, 2)], other), formatAsPath(other)).toBe(false);
    }
  });

  it('refuses random bytes quietly', () => {
    expectNeverThrows((bytes, offset, end) => readAsPath(bytes, offset, end, 4));
  });
});
