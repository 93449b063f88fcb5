/** Commands that change everything at once. */
import { type Change, KINDS, type Kind, type Records } from '../../model/schema.ts';
import { CLOCK_OFFSET, checkTime } from '../clock.ts';
import { mendHybrid } from '../hybrid/mend.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Puts these records in place of all there are. The clock never goes back.
 * @throws AwsError where it would read what no clock may
 */
export function replaceState(tx: Transaction, changes: readonly Change[]): void {
  const now = clockOffset(tx);
  clear(tx);
  for (const { kind, after } of changes) put(tx, kind, after as Records[Kind]);
  mendHybrid(tx);
  const offset = Math.max(now, clockOffset(tx));
  checkTime(tx.now - now + offset);
  if (offset > 0) tx.put('setting', { id: CLOCK_OFFSET, value: offset });
}

/** Leaves nothing but the time. */
export function resetState(tx: Transaction): void {
  replaceState(tx, []);
}

function clear(tx: Transaction): void {
  for (const kind of KINDS) {
    for (const id of [...tx.all(kind)].map((record) => record.id)) tx.delete(kind, id);
  }
}

function put<K extends Kind>(tx: Transaction, kind: K, record: Records[K]): void {
  tx.put(kind, record);
}

function clockOffset(tx: Transaction): number {
  return (tx.get('setting', CLOCK_OFFSET)?.value as number | undefined) ?? 0;
}
