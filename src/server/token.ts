/** The secret that callers from other machines must show: a file only its owner can read. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const TOKEN_FILE = 'token';

/** What can be a token: nothing that is guessed, nothing that a header cannot carry. */
export function isToken(text: string): boolean {
  return /^[!-~]{16,256}$/.test(text);
}

/** A new one, kept nowhere. */
export function newToken(): string {
  return randomBytes(32).toString('hex');
}

/** The token in the data folder, made if it is missing; mode 0600. */
export function ensureToken(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, TOKEN_FILE);
  try {
    writeFileSync(file, `${newToken()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    chmodSync(file, 0o600);
  }
  const token = readFileSync(file, 'utf8').trim();
  if (!isToken(token)) throw new Error(`${file} holds no token of 16 characters or more`);
  return token;
}
