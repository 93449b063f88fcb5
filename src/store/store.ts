/** What durability means here: records of plain JSON, committed atomically and in order. */

export interface StoredRecord {
  readonly kind: string;
  readonly id: string;
  /** Plain JSON data, never null. */
  readonly value: unknown;
}

export interface RecordChange {
  readonly kind: string;
  readonly id: string;
  /** Plain JSON data; null deletes the record. */
  readonly value: unknown | null;
}

/** Every failure is a StoreError. One failed commit fails the store: the server stops. */
export interface Store {
  /** All records, ordered by kind, then id; includes every commit called before. */
  load(): Promise<StoredRecord[]>;
  /**
   * Resolves when the changes are on disk (fsync done): all of them or none, in the order of the
   * calls. Of two changes to one record the later wins. Values are read at the call; the caller may
   * change them afterwards. An empty commit resolves when all before it are on disk.
   */
  commit(changes: readonly RecordChange[]): Promise<void>;
  /** Writes what is committed, then lets go of the data. Later calls are refused with Closed. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  /** Another process, or another store of this one, has the data folder open. */
  | 'InUse'
  /** What lies on disk is not what was written. */
  | 'Corrupt'
  /** The data were written by a later version of openvpc. */
  | 'NewerVersion'
  | 'DiskFull'
  /** The folder or a file in it may not be written. */
  | 'ReadOnly'
  /** More is waiting to be written than WAITING_CHARACTERS_MAX: the disk has stopped answering. */
  | 'Overloaded'
  | 'Closed'
  /** Anything else, with the operating system's or the database's own words. */
  | 'Failed';

/** Why data could not be read or kept. The message is for the operator and names the place. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}
