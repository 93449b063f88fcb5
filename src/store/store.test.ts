import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore } from './memory.ts';
import { openSqliteStore } from './sqlite.ts';
import { storeConformance } from './store.conformance.ts';

storeConformance({
  name: 'memory',
  open: async () => createMemoryStore(),
  clear: async () => undefined,
  exceptions: {
    'has everything again after close and open': 'an ephemeral store keeps nothing',
    'writes at close what was committed and not yet awaited': 'an ephemeral store keeps nothing',
  },
});

let folder: string | undefined;
storeConformance({
  name: 'sqlite',
  open: () => {
    folder ??= mkdtempSync(join(tmpdir(), 'openvpc-store-'));
    return openSqliteStore(folder);
  },
  clear: async () => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  },
  exceptions: {},
});
