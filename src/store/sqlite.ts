/** The default store: one SQLite file, written by a thread of its own. */
import { join } from 'node:path';
import { makeFolder, makePrivateFile } from './folder.ts';
import { GroupCommit } from './group-commit.ts';
import { recordOf, rowsOf } from './row.ts';
import { type RecordChange, type Store, type StoredRecord, StoreError } from './store.ts';
import { startWorker, type WorkerLink } from './worker-link.ts';

/** The database's name in the data folder. */
export const DATABASE_FILE = 'openvpc.db';

class SqliteStore implements Store {
  readonly #link: WorkerLink;
  readonly #group: GroupCommit;
  #closing: Promise<void> | undefined;

  constructor(link: WorkerLink) {
    this.#link = link;
    this.#group = new GroupCommit(async (rows) => {
      await link.request({ type: 'write', rows });
    });
  }

  async load(): Promise<StoredRecord[]> {
    await this.commit([]);
    const rows = await this.#link.request({ type: 'load' });
    return rows.map(recordOf);
  }

  async commit(changes: readonly RecordChange[]): Promise<void> {
    if (this.#closing !== undefined) throw new StoreError('Closed', 'the store is closed');
    return this.#group.commit(rowsOf(changes));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      // A failed commit has been told to its caller; closing goes on without it.
      await this.#group.commit([]).catch(() => undefined);
      await this.#link.request({ type: 'close' });
    } finally {
      await this.#link.stop();
    }
  }
}

/**
 * Opens the store in `folder`, made if missing (mode 0700; the files 0600). Rejects with a
 * StoreError: InUse, Corrupt, NewerVersion, ReadOnly, DiskFull or Failed.
 */
export async function openSqliteStore(folder: string): Promise<Store> {
  makeFolder(folder);
  const file = join(folder, DATABASE_FILE);
  makePrivateFile(file);
  const link = startWorker(file);
  try {
    await link.request({ type: 'open' });
    return new SqliteStore(link);
  } catch (error) {
    await link.stop();
    throw error;
  }
}
