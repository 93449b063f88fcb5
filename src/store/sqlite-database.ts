/** The SQLite file: opening, locking, schema, reading and writing rows. Synchronous. */
import type { DatabaseSync as Database, StatementSync } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import type { Row } from './row.ts';
import { StoreError, type StoreErrorCode } from './store.ts';

/** Step n brings a file of version n to n + 1; `PRAGMA user_version` tells. Only ever add. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID`,
];

/** How long to wait for a process that is about to end, milliseconds. */
const LOCK_WAIT_MS = 500;

// The exclusive lock is the kernel's and ends with the process, whatever ends it. WAL with
// synchronous=FULL syncs once a transaction; fullfsync is what Apple's disks need for it.
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
`;

export interface RecordDatabase {
  readonly database: Database;
  readonly put: StatementSync;
  readonly remove: StatementSync;
}

/** Opens an existing file (an empty one becomes a database) and keeps every other process out. */
export function openDatabase(file: string): RecordDatabase {
  const database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
  try {
    database.exec(SETTINGS);
    migrate(database);
    return {
      database,
      put: database.prepare(
        `INSERT INTO record (kind, id, value) VALUES (?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value`,
      ),
      remove: database.prepare('DELETE FROM record WHERE kind = ? AND id = ?'),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: Database): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  if (version > MIGRATIONS.length) {
    const text = `the data have format ${version}; this openvpc knows up to ${MIGRATIONS.length}`;
    throw new StoreError('NewerVersion', text);
  }
  // Even without a step to take: the first write is what takes the lock.
  transaction(database, () => {
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function transaction(database: Database, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** One transaction; on return the rows are on disk. */
export function writeRows({ database, put, remove }: RecordDatabase, rows: readonly Row[]): void {
  if (rows.length === 0) return;
  transaction(database, () => {
    for (const [kind, id, json] of rows) {
      if (json === null) remove.run(kind, id);
      else put.run(kind, id, json);
    }
  });
}

export function readRows({ database }: RecordDatabase): Row[] {
  const select = database.prepare('SELECT kind, id, value FROM record ORDER BY kind, id');
  select.setReturnArrays(true);
  return select.all() as unknown as Row[];
}

// SQLite's primary result codes (https://sqlite.org/rescode.html).
const CODES: Readonly<Record<number, StoreErrorCode>> = {
  5: 'InUse',
  6: 'InUse',
  8: 'ReadOnly',
  11: 'Corrupt',
  13: 'DiskFull',
  26: 'Corrupt',
};
const WORDS: Readonly<Partial<Record<StoreErrorCode, string>>> = {
  InUse: 'is in use by another process',
  ReadOnly: 'may not be written',
  Corrupt: 'is damaged or no database',
  DiskFull: 'cannot grow: the disk is full',
};

/** The StoreError for whatever opening, reading or writing `file` threw. */
export function storeErrorOf(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  const { errcode, message } = error as { errcode?: number; message: string };
  const code = CODES[(errcode ?? 0) & 0xff] ?? 'Failed';
  return new StoreError(code, `${file} ${WORDS[code] ?? 'cannot be used'} (${message})`);
}
