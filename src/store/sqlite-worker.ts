/** The thread that owns the SQLite file, so that an fsync stops nobody else. */
import assert from 'node:assert';
import { parentPort, workerData } from 'node:worker_threads';
import type { Row } from './row.ts';
import {
  openDatabase,
  type RecordDatabase,
  readRows,
  storeErrorOf,
  writeRows,
} from './sqlite-database.ts';
import type { StoreErrorCode } from './store.ts';

/** Answered one by one, in order. */
export type Request =
  | { readonly type: 'open' }
  | { readonly type: 'load' }
  | { readonly type: 'write'; readonly rows: readonly Row[] }
  | { readonly type: 'close' };

export interface Reply {
  /** What `load` read; empty for every other request. */
  readonly rows: readonly Row[];
  readonly error?: { readonly code: StoreErrorCode; readonly message: string };
}

const file = workerData as string;
const port = parentPort;
assert(port !== null, 'runs as a worker only');
let records: RecordDatabase | undefined;

function answer(request: Request): readonly Row[] {
  if (request.type === 'open') {
    records = openDatabase(file);
    return [];
  }
  assert(records !== undefined, 'open comes first');
  if (request.type === 'load') return readRows(records);
  if (request.type === 'write') writeRows(records, request.rows);
  else records.database.close();
  return [];
}

port.on('message', (request: Request) => {
  try {
    port.postMessage({ rows: answer(request) } satisfies Reply);
  } catch (error) {
    const { code, message } = storeErrorOf(error, file);
    port.postMessage({ rows: [], error: { code, message } } satisfies Reply);
  }
});
