/** The data folder and its files, readable by their owner alone. */
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StoreError, type StoreErrorCode } from './store.ts';

const CODES: Readonly<Record<string, StoreErrorCode>> = {
  EACCES: 'ReadOnly',
  EPERM: 'ReadOnly',
  EROFS: 'ReadOnly',
  ENOSPC: 'DiskFull',
  EDQUOT: 'DiskFull',
};

/** A new folder gets mode 0700; one that exists keeps its own. Throws StoreError. */
export function makeFolder(folder: string): void {
  guard(folder, () => make(resolve(folder)));
}

// Not mkdir's own recursion: it reports a read-only disk as ENOENT.
function make(folder: string): void {
  if (existsSync(folder)) return;
  make(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
  // The folder is an entry of the one above, which must be on disk too.
  sync(dirname(folder));
}

/** Creates the file if it is missing; mode 0600 in any case. Throws StoreError. */
export function makePrivateFile(file: string): void {
  guard(file, () => {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    sync(dirname(file));
  });
}

function sync(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function guard(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StoreError(CODES[code ?? ''] ?? 'Failed', `${path} cannot be used (${message})`);
  }
}
