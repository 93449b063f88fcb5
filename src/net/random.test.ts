import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

const numbers = (random: Random, count = 20) =>
  Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('repeats itself with the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(numbers(new Random(seed))).toEqual(numbers(new Random(seed)));
      }),
    );
  });

  it('differs with another seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(numbers(new Random(seed))).not.toEqual(numbers(new Random(seed + 1)));
      }),
    );
  });

  it('gives the same numbers on every machine and in every release', () => {
    expect(numbers(new Random(1), 4)).toEqual([2591240740, 3394322692, 3563776234, 735300085]);
  });

  it('stays within what is asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const random = new Random(seed);
        for (let round = 0; round < 20; round++) {
          const value = random.below(bound);
          expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
        }
      }),
    );
  });

  it('is even: each of 16 values in about a sixteenth of the draws', () => {
    const random = new Random(42);
    const counts = new Array<number>(16).fill(0);
    for (let draw = 0; draw < 16_000; draw++) counts[random.below(16)]!++;
    // 1,000 expected, standard deviation 31: five of them either way.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(155);
  });

  it('picks, tosses and writes hexadecimal digits', () => {
    const random = new Random(3);
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
    expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
    for (const digits of [1, 8, 17]) {
      expect(random.hex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
    }
  });
});
