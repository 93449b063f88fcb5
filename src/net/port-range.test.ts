import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_PORTS, containsPort } from './port-range.ts';

const port = fc.nat(65535);

describe('PortRange', () => {
  it('includes both ends', () => {
    const range = { from: 1024, to: 2048 };
    const inside = [1023, 1024, 2048, 2049].map((value) => containsPort(range, value));
    expect(inside).toEqual([false, true, true, false]);
  });

  it('all ports hold every port; a range of one holds it alone', () => {
    fc.assert(
      fc.property(port, port, (a, b) => {
        expect(containsPort(ALL_PORTS, a)).toBe(true);
        expect(containsPort({ from: a, to: a }, b)).toBe(a === b);
      }),
    );
  });
});
