import { describe, expect, it } from 'vitest';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';
import { AttributeTable } from './attribute-table.ts';
import { BGP_LIMITS } from './limits.ts';

const some = (med: number, size = 0): PathAttributes => ({
  origin: 0,
  asPath: [{ kind: 'sequence', asns: [65010] }],
  med,
  opaque: [{ type: 32, value: new Uint8Array(size) }],
});

describe('equal attributes', () => {
  it('are one object', () => {
    const table = new AttributeTable();
    const first = table.unique(some(1));
    expect(table.unique(some(1))).toBe(first);
    expect(table.unique(first)).toBe(first);
    expect(table.unique(some(2))).not.toBe(first);
  });

  it('are encoded once for each width', () => {
    const table = new AttributeTable();
    const one = some(1);
    expect(table.encoded(one, 4)).toBe(table.encoded(one, 4));
    expect(table.encoded(one, 2).front).toHaveLength(table.encoded(one, 4).front.length - 2);
  });

  it('are forgotten when they are too many', () => {
    const table = new AttributeTable();
    const first = table.unique(some(0, 4000));
    const fill = Math.ceil(BGP_LIMITS.attributeBytesMax / 4000);
    for (let med = 1; med < fill - 100; med++) table.unique(some(med, 4000));
    expect(table.unique(some(0, 4000))).toBe(first);
    for (let med = fill; med < fill + 200; med++) table.unique(some(med, 4000));
    const again = table.unique(some(0, 4000));
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });
});
