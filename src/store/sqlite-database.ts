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
  // Ids are random: a table in their order writes a page of its own for each new record. Here new
  // records share the last page, and the process knows where each lies; an index costs the same
  // random pages again.
  `CREATE TABLE placed (
    place INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    value TEXT NOT NULL
  ) STRICT;
  INSERT INTO placed (kind, id, value) SELECT kind, id, value FROM record ORDER BY kind, id;
  DROP TABLE record;
  ALTER TABLE placed RENAME TO record`,
];

/** Pages of 4 KiB that the log may grow to before they are moved into the file. */
const LOG_PAGES = 4096;

/** How long to wait for a process that is about to end, milliseconds. */
const LOCK_WAIT_MS = 500;

// The exclusive lock is the kernel's and ends with the process, whatever ends it. WAL with
// synchronous=FULL syncs once a transaction; fullfsync is what Apple's disks need for it.
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA wal_autocheckpoint = ${LOG_PAGES};
`;

export interface RecordDatabase {
  readonly database: Database;
  readonly insert: StatementSync;
  readonly update: StatementSync;
  readonly remove: StatementSync;
  /** Where each record lies, by kind and id. */
  readonly places: Map<string, number>;
  lastPlace: number;
}

/** Opens an existing file (an empty one becomes a database) and keeps every other process out. */
export function openDatabase(file: string): RecordDatabase {
  const database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
  try {
    database.exec(SETTINGS);
    migrate(database);
    const insert = 'INSERT INTO record (value, place, kind, id) VALUES (?, ?, ?, ?)';
    return {
      database,
      insert: database.prepare(insert),
      update: database.prepare('UPDATE record SET value = ? WHERE place = ?'),
      remove: database.prepare('DELETE FROM record WHERE place = ?'),
      ...findPlaces(database, file),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function findPlaces(
  database: Database,
  file: string,
): Pick<RecordDatabase, 'places' | 'lastPlace'> {
  const select = database.prepare('SELECT place, kind, id FROM record ORDER BY place');
  select.setReturnArrays(true);
  const places = new Map<string, number>();
  let lastPlace = 0;
  for (const row of select.iterate() as Iterable<unknown>) {
    const [place, kind, id] = row as [number, string, string];
    const key = keyOf(kind, id);
    if (places.has(key)) throw new StoreError('Corrupt', `${file} holds ${kind} ${id} twice`);
    places.set(key, place);
    lastPlace = place;
  }
  return { places, lastPlace };
}

// U+0000 is in no kind.
function keyOf(kind: string, id: string): string {
  return `${kind}\0${id}`;
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
export function writeRows(records: RecordDatabase, rows: readonly Row[]): void {
  if (rows.length === 0) return;
  transaction(records.database, () => {
    for (const row of rows) writeRow(records, row);
  });
}

function writeRow(records: RecordDatabase, [kind, id, json]: Row): void {
  const { places, insert, update, remove } = records;
  const key = keyOf(kind, id);
  const place = places.get(key);
  if (json === null) {
    if (place === undefined) return;
    remove.run(place);
    places.delete(key);
  } else if (place === undefined) {
    records.lastPlace += 1;
    insert.run(json, records.lastPlace, kind, id);
    places.set(key, records.lastPlace);
  } else update.run(json, place);
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
