/** Records as rows of text: the form in which they wait, travel to a worker and lie on disk. */
import assert from 'node:assert';
import { type RecordChange, type StoredRecord, StoreError } from './store.ts';

/** Kind, id, and the value as JSON text; null deletes. */
export type Row = readonly [kind: string, id: string, json: string | null];

/** The changes as they are now: what the caller does to the values later does not show. */
export function rowsOf(changes: readonly RecordChange[]): Row[] {
  return changes.map(({ kind, id, value }) => {
    assert(kind !== '' && id !== '', 'a record has a kind and an id');
    assert(kind.isWellFormed() && id.isWellFormed(), `no text: ${kind} ${id}`);
    if (value === null) return [kind, id, null];
    const json = JSON.stringify(value) as string | undefined;
    assert(json !== undefined && json !== 'null', `${kind} ${id} is no JSON data`);
    return [kind, id, json];
  });
}

/** Throws StoreError Corrupt for a row that rowsOf cannot have written. */
export function recordOf([kind, id, json]: Row): StoredRecord {
  try {
    return { kind, id, value: JSON.parse(json ?? '') };
  } catch {
    throw new StoreError('Corrupt', `the stored ${kind} ${id} is not JSON`);
  }
}
