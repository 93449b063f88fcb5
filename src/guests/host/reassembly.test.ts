import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../net/random.ts';
import { type Fragment, Reassembly } from './reassembly.ts';
import { ip, TestLink } from './test-support.ts';

function part(offset: number, length: number, more: boolean, key = 'a'): Fragment {
  const bytes = Uint8Array.from({ length }, (_, index) => (offset + index) & 0xff);
  return { key, offset, more, bytes };
}

describe('reassembly', () => {
  it('puts fragments together in any order, repeated or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        fc.nat(),
        (sizes, seed) => {
          const random = new Random(seed);
          let offset = 0;
          const parts = sizes.map((units, index) => {
            const fragment = part(offset, units * 8, index < sizes.length - 1);
            offset += units * 8;
            return fragment;
          });
          const shuffled = parts
            .flatMap((fragment) => (random.chance(0.2) ? [fragment, fragment] : [fragment]))
            .map((fragment) => ({ fragment, rank: random.uint32() }))
            .sort((a, b) => a.rank - b.rank);
          const reassembly = new Reassembly();
          const wholes = shuffled
            .map(({ fragment }) => reassembly.insert(fragment, 0))
            .filter((whole) => whole !== undefined);
          expect(wholes.length).toBeGreaterThanOrEqual(1);
          expect(wholes[0]).toEqual(part(0, offset, false).bytes);
        },
      ),
    );
  });

  it('discards a packet whose fragments overlap (RFC 5722)', () => {
    const reassembly = new Reassembly();
    reassembly.insert(part(0, 16, true), 0);
    reassembly.insert(part(8, 16, true), 0);
    expect(reassembly.nextTimer()).toBeUndefined();
    expect(reassembly.insert(part(16, 8, false), 0)).toBeUndefined();
  });

  it('discards a packet with two ends, or more than its end allows', () => {
    const two = new Reassembly();
    two.insert(part(8, 8, false), 0);
    expect(two.insert(part(16, 8, false), 0)).toBeUndefined();
    expect(two.nextTimer()).toBeUndefined();
    const beyond = new Reassembly();
    beyond.insert(part(8, 8, false), 0);
    beyond.insert(part(32, 16, true), 0);
    expect(beyond.nextTimer()).toBeUndefined();
    // As many octets as there should be, but not where they should be.
    const elsewhere = new Reassembly();
    elsewhere.insert(part(64, 8, true), 0);
    expect(elsewhere.insert(part(8, 8, false), 0)).toBeUndefined();
    expect(elsewhere.nextTimer()).toBeUndefined();
  });

  it('takes any fragments: whole is only what has neither holes nor ends beyond the end', () => {
    const fragment = fc.record({
      at: fc.nat(6),
      words: fc.integer({ min: 1, max: 4 }),
      more: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 8 }), (fragments) => {
        const reassembly = new Reassembly();
        const filled = new Set<number>();
        for (const { at, words, more } of fragments) {
          const whole = reassembly.insert(part(at * 8, words * 8, more), 0);
          for (let word = at; word < at + words; word++) filled.add(word);
          if (whole === undefined) continue;
          const all = Array.from({ length: whole.length / 8 }, (_, word) => word);
          expect(all.filter((word) => !filled.has(word))).toEqual([]);
          return;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('ignores fragments of no length, of odd length, or beyond 65535', () => {
    const reassembly = new Reassembly();
    reassembly.insert(part(0, 0, true), 0);
    reassembly.insert(part(0, 7, true), 0);
    reassembly.insert(part(65_528, 16, false), 0);
    expect(reassembly.nextTimer()).toBeUndefined();
  });

  it('forgets after thirty seconds, and the oldest of too many', () => {
    const reassembly = new Reassembly();
    reassembly.insert(part(0, 8, true), 1_000);
    expect(reassembly.nextTimer()).toBe(31_000);
    reassembly.expire(31_000);
    expect(reassembly.insert(part(8, 8, false), 31_000)).toBeUndefined();
    for (let index = 0; index < 40; index++)
      reassembly.insert(part(0, 8, true, `${index}`), 40_000);
    expect(reassembly.insert(part(8, 8, false, '0'), 40_000)).toBeUndefined();
    expect(reassembly.insert(part(8, 8, false, '39'), 40_000)).toHaveLength(16);
  });

  it('bounds the fragments of one packet', () => {
    const reassembly = new Reassembly();
    for (let index = 0; index < 129; index++) reassembly.insert(part(index * 16, 8, true), 0);
    expect(reassembly.nextTimer()).toBeUndefined();
  });

  it.each(['10.0.0.2', '2001:db8::2'])('survives a link that reorders and repeats, %s', (there) => {
    const link = new TestLink();
    const host = link.host(1, {}, (transmit) => {
      const held: Uint8Array[] = [];
      return (frame) => {
        held.push(frame);
        // The last fragment first, each twice.
        link.schedule(1, () => {
          const next = held.pop();
          if (next !== undefined) for (const copy of [next.slice(), next]) transmit(copy);
        });
      };
    });
    link.host(2);
    let size = 0;
    host.ping({ destination: ip(there), identifier: 1, sequence: 1, size: 20_000 }, (result) => {
      if (result.kind === 'reply') size = result.size;
    });
    link.run(100);
    expect(size).toBe(20_000);
  });
});
