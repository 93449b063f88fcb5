import { describe, expect, it } from 'vitest';
import { type Answers, formatMatrix } from './matrix.ts';
import { createPaint } from './paint.ts';
import { NO_WAY_BACK, NO_WAY_THERE, OUTSIDE } from './test-answers.ts';

const plain = createPaint(false);
const instance = (id: string, name?: string) => ({
  id,
  type: 'instance',
  account: '000000000000',
  region: 'us-east-1',
  ...(name !== undefined && { name }),
});

describe('a matrix', () => {
  it('is empty without instances', () => {
    expect(formatMatrix([], [], plain)).toBe('no instance is running');
  });

  it('marks who reaches whom, and says why not', () => {
    const answers = [
      [null, OUTSIDE, NO_WAY_BACK],
      [NO_WAY_THERE, null, OUTSIDE],
      [OUTSIDE, OUTSIDE, null],
    ];
    const instances = [instance('i-1', 'web'), instance('i-2', 'web'), instance('i-3')];
    expect(`\n${formatMatrix(instances, answers, plain)}\n`).toBe(`
from \\ to  web i-1  web i-2  i-3
web i-1    ·        ✓        ✗
web i-2    ✗        ·        ✓
i-3        ✓        ✓        ·

web i-1 → i-3      the reply: NO_ROUTE_TO_DESTINATION: rtb-2 has no route for tcp 10.1.0.4:443 > 10.0.0.4:50001.
web i-2 → web i-1  BAD_STATE_ROUTE: The route of rtb-1 that matches tcp 10.0.0.4:50001 > 10.1.0.4:443 is a blackhole.
`);
  });

  it('numbers its columns where names are too wide, and lists twenty reasons', () => {
    const instances = Array.from({ length: 10 }, (_, index) =>
      instance(`i-${index}`, `a-rather-long-name-${index}`),
    );
    const answers: Answers = instances.map((_, row) =>
      instances.map((__, column) => (row === column ? null : NO_WAY_THERE)),
    );
    const lines = formatMatrix(instances, answers, plain).split('\n');
    expect(lines[0]).toBe('from \\ to                1  2  3  4  5  6  7  8  9  10');
    expect(lines[2]).toBe('2 a-rather-long-name-1   ✗  ·  ✗  ✗  ✗  ✗  ✗  ✗  ✗  ✗');
    expect(lines.at(-1)).toBe('and 70 more; --json has them all');
    expect(lines).toHaveLength(11 + 1 + 20 + 1);
  });
});
