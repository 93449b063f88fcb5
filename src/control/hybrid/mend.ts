/** What has to be made good when all that was learned is gone: at a start, after an import. */
import type { Transaction } from '../transaction.ts';
import { propagateVgw } from './propagate-vgw.ts';
import { keepOwnLinks } from './site-links.ts';

/** Takes away what was propagated by sessions that are no more (H-044), or is of links gone. */
export function mendHybrid(tx: Transaction): void {
  for (const { id } of [...tx.all('vpn-gateway')]) propagateVgw(tx, id);
  for (const site of [...tx.all('site')]) keepOwnLinks(tx, site);
}
