import { describe, expect, it } from 'vitest';
import { Random } from '../net/random.ts';
import { type FaultOptions, withFaults } from './fault.ts';

/** What a link with these faults makes of frames 0, 1, 2 …, with the time each arrives. */
function through(count: number, faults: Partial<FaultOptions>, seed = 1) {
  const arrived: { readonly frame: number; readonly at: number }[] = [];
  let late = 0;
  const transmit = withFaults((frame) => arrived.push({ frame: frame[0]!, at: late }), {
    ...faults,
    random: new Random(seed),
    schedule: (afterMs, action) => {
      late = afterMs;
      action();
      late = 0;
    },
  });
  for (let index = 0; index < count; index++) transmit(Uint8Array.of(index));
  return arrived;
}

describe('withFaults', () => {
  it('passes everything in order without faults', () => {
    expect(through(5, {}).map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4]);
  });

  it('loses, repeats and delays about as often as it is told', () => {
    expect(through(256, { loss: 1 })).toEqual([]);
    const lost = 256 - through(256, { loss: 0.25 }).length;
    expect(lost).toBeGreaterThan(40);
    expect(lost).toBeLessThan(90);
    expect(through(100, { duplication: 1 })).toHaveLength(200);
    const held = through(256, { reordering: 0.5, reorderMs: 7 }).filter(({ at }) => at === 7);
    expect(held.length).toBeGreaterThan(100);
    const delays = through(256, { delayMs: { from: 3, to: 5 } }).map(({ at }) => at);
    expect([...new Set(delays)].sort()).toEqual([3, 4, 5]);
  });

  it('spoils the same frames with the same seed', () => {
    const faults = { loss: 0.3, duplication: 0.3, reordering: 0.3 };
    expect(through(200, faults, 5)).toEqual(through(200, faults, 5));
    expect(through(200, faults, 5)).not.toEqual(through(200, faults, 6));
  });

  it('gives each copy octets of its own', () => {
    const copies: Uint8Array[] = [];
    const random = new Random(1);
    const schedule = () => {};
    withFaults((frame) => copies.push(frame), { duplication: 1, random, schedule })(
      new Uint8Array(1),
    );
    copies[0]![0] = 9;
    expect(copies[1]![0]).toBe(0);
  });
});
