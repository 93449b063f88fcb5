import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutOfOrderQueue } from './out-of-order.ts';
import { octetAt } from './test-support.ts';

const START = 0xffff_ffc0;

function octets(offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => octetAt(offset + index));
}

describe('OutOfOrderQueue', () => {
  it('returns every octet once the gaps are closed, in any order and overlap', () => {
    const piece = fc.record({ offset: fc.integer({ min: 1, max: 150 }), length: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const queue = new OutOfOrderQueue(1000);
        const known = new Set<number>();
        for (const { offset, length } of pieces) {
          queue.insert((START + offset) >>> 0, octets(offset, length), false);
          for (let index = 0; index < length; index++) known.add(offset + index);
        }
        for (let next = 0; next < 200; ) {
          const taken = queue.take((START + next) >>> 0);
          if (taken === undefined) {
            expect(known.has(next)).toBe(false);
            next++;
            continue;
          }
          expect([...taken]).toEqual([...octets(next, taken.length)]);
          for (let index = 0; index < taken.length; index++) expect(known).toContain(next + index);
          next += taken.length;
        }
        expect(queue.size).toBe(0);
      }),
    );
  });
});
