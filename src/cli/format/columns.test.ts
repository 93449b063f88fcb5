import { describe, expect, it } from 'vitest';
import { columns } from './columns.ts';
import { createPaint } from './paint.ts';

describe('columns', () => {
  it('are aligned, and nothing hangs at the end', () => {
    expect(columns([['a', 'bb', ''], ['aaa', 'b', 'c'], ['a']])).toEqual([
      'a    bb',
      'aaa  b   c',
      'a',
    ]);
  });

  it('give colours no width', () => {
    const [first] = columns([
      [createPaint(true)('red', '✗'), 'b'],
      ['xx', 'b'],
    ]);
    expect(first).toBe('\u001b[31m✗\u001b[39m   b');
  });
});
