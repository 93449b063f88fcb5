/** A store that keeps nothing beyond the process: `--ephemeral`. */
import { type Row, recordOf, rowsOf } from './row.ts';
import { type RecordChange, type Store, type StoredRecord, StoreError } from './store.ts';

class MemoryStore implements Store {
  readonly #rows = new Map<string, Row>();
  #closed = false;

  async load(): Promise<StoredRecord[]> {
    this.#assertOpen();
    const keys = [...this.#rows.keys()].sort();
    return keys.map((key) => recordOf(this.#rows.get(key)!));
  }

  async commit(changes: readonly RecordChange[]): Promise<void> {
    this.#assertOpen();
    for (const row of rowsOf(changes)) {
      // U+0000 sorts before all else, so the keys sort by kind, then id.
      const key = `${row[0]}\0${row[1]}`;
      if (row[2] === null) this.#rows.delete(key);
      else this.#rows.set(key, row);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('Closed', 'the store is closed');
  }
}

export function createMemoryStore(): Store {
  return new MemoryStore();
}
