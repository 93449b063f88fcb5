/** Types and lint, as `npm run check` looks at them, for whoever runs the tests. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, run } from './support/server-process.ts';

/** For a slow machine; a fast one needs seconds. */
const MINUTES = 10 * 60_000;

const CHECKS = [
  ['types', 'typescript/bin/tsc', ['--noEmit', '--pretty', 'false']],
  ['format and lint', '@biomejs/biome/bin/biome', ['check', '--colors=off', '.']],
] as const;

describe('the repository', () => {
  it.each(CHECKS)(
    'has its %s in order',
    async (_what, program, args) => {
      const file = join(ROOT, 'node_modules', program);
      const { code, stdout, stderr } = await run(process.execPath, [file, ...args]);
      expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
    },
    MINUTES,
  );
});
