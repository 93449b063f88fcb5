import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureToken } from './token.ts';

const root = mkdtempSync(join(tmpdir(), 'openvpc-token-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('ensureToken', () => {
  it('makes a token once, for its owner alone', () => {
    const folder = join(root, 'deep/data');
    const token = ensureToken(folder);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(ensureToken(folder)).toBe(token);
    expect(statSync(join(folder, 'token')).mode & 0o777).toBe(0o600);
  });

  it('takes back what others may read', () => {
    writeFileSync(join(root, 'token'), 'my-own-long-enough-token\n', { mode: 0o644 });
    expect(ensureToken(root)).toBe('my-own-long-enough-token');
    expect(statSync(join(root, 'token')).mode & 0o777).toBe(0o600);
  });

  it('refuses an empty or short one', () => {
    writeFileSync(join(root, 'token'), '\n');
    expect(() => ensureToken(root)).toThrow(/holds no token/);
  });
});
