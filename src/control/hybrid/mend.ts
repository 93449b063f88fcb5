/** What has to be made good when all that was learned is gone: at a start, after an import. */
import type { Transaction } from '../transaction.ts';
import { propagateVgw } from './propagate-vgw.ts';

/** Takes away what was propagated by sessions that are no more (H-044). */
export function mendHybrid(tx: Transaction): void {
  for (const { id } of [...tx.all('vpn-gateway')]) propagateVgw(tx, id);
}
