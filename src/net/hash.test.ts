import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText, mix } from './hash.ts';

describe('hashText', () => {
  // Vectors of the FNV-1a specification, 32 bits.
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('of %j', (text, hash) => expect(hashText(text)).toBe(hash));

  it('goes on from a seed as from the text before', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (head, tail) => {
        expect(hashText(tail, hashText(head))).toBe(hashText(head + tail));
      }),
    );
  });
});

describe('mix', () => {
  it('gives an unsigned 32-bit number that depends on both arguments', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(31), (hash, value, bit) => {
        const mixed = mix(hash, value);
        expect(mixed >= 0 && mixed <= 0xffffffff && Number.isInteger(mixed)).toBe(true);
        // The finalizer is a bijection of hash ^ value: one bit changed always shows.
        expect(mix(hash, value ^ (1 << bit))).not.toBe(mixed);
        expect(mix(hash ^ (1 << bit), value)).not.toBe(mixed);
      }),
    );
  });

  it('spreads neighbours: half of the bits change, about', () => {
    let changed = 0;
    for (let value = 0; value < 1000; value++) {
      changed += (mix(0, value) ^ mix(0, value + 1)).toString(2).replace(/[^1]/g, '').length;
    }
    expect(changed / 1000).toBeGreaterThan(12);
  });
});
