/** What sites remember of their links. */
import { linksOfSite } from '../../model/hybrid/link.ts';
import type { Site } from '../../model/hybrid/site.ts';
import type { Transaction } from '../transaction.ts';

/** To be called when links behind an uplink have ended, or lead to another one. */
export function forgetEndedLinks(tx: Transaction, uplinkId: string): void {
  const site = tx.first('site', 'uplink', uplinkId);
  if (site !== undefined) keepOwnLinks(tx, site);
}

/** A site remembers those links that it has, and no others. */
export function keepOwnLinks(tx: Transaction, site: Site): void {
  const own = new Set(linksOfSite(tx, site).map(({ id }) => id));
  const isOver = (id: string) => !own.has(id);
  const { links, neighborAsns } = site;
  if (![...Object.keys(links), ...Object.keys(neighborAsns)].some(isOver)) return;
  const left = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).filter(([id]) => own.has(id)));
  tx.update('site', site, { links: left(links), neighborAsns: left(neighborAsns) });
}
