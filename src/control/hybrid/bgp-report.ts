/** What AWS's end of a BGP session tells: that it is up, and what it has learned (H-044, H-088). */
import type { BgpSession } from '../../model/hybrid/bgp-session.ts';
import { type LearnedPath, learnedRouteId } from '../../model/hybrid/learned-route.ts';
import type { Cidr } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';
import { propagateLinkPrefixes } from './propagate-link.ts';

export interface SessionReport {
  readonly session: Pick<BgpSession, 'id' | 'linkId' | 'family'>;
  readonly established: boolean;
  /** Since the last report. */
  readonly announced: readonly LearnedPrefix[];
  readonly withdrawn: readonly Cidr[];
}

export interface LearnedPrefix {
  readonly destination: Cidr;
  readonly path: LearnedPath;
}

/** The only writer of sessions and of what they have learned; the tables follow at once. */
export function reportSessions(tx: Transaction, reports: readonly SessionReport[]): void {
  const changed = new Map<string, Cidr[]>();
  for (const report of reports) {
    const { linkId } = report.session;
    changed.set(linkId, [...(changed.get(linkId) ?? []), ...takeReport(tx, report)]);
  }
  propagateLinkPrefixes(tx, changed);
}

/** Returns the prefixes that are others now. */
function takeReport(tx: Transaction, report: SessionReport): readonly Cidr[] {
  const { session, established } = report;
  const before = tx.get('bgp-session', session.id);
  if (before === undefined && !established) return [];
  const changed = established ? learn(tx, report) : forget(tx, session.id);
  const isSame = before?.established === established;
  const acceptedRoutes = tx.count('learned-route', 'session', session.id);
  if (!isSame || before.acceptedRoutes !== acceptedRoutes) {
    const lastChange = isSame ? before.lastChange : tx.now;
    tx.put('bgp-session', { ...session, established, acceptedRoutes, lastChange });
  }
  return changed;
}

/** What the session runs over is gone. */
export function endSession(tx: Transaction, sessionId: string): void {
  const session = tx.get('bgp-session', sessionId);
  if (session === undefined) return;
  const changed = forget(tx, sessionId);
  tx.delete('bgp-session', sessionId);
  propagateLinkPrefixes(tx, new Map([[session.linkId, changed]]));
}

function learn(tx: Transaction, { session, announced, withdrawn }: SessionReport): Cidr[] {
  const { id: sessionId, linkId } = session;
  for (const destination of withdrawn) {
    tx.delete('learned-route', learnedRouteId(sessionId, destination));
  }
  for (const { destination, path } of announced) {
    const id = learnedRouteId(sessionId, destination);
    tx.put('learned-route', { id, sessionId, linkId, destination, path });
  }
  return [...withdrawn, ...announced.map(({ destination }) => destination)];
}

function forget(tx: Transaction, sessionId: string): Cidr[] {
  const routes = tx.by('learned-route', 'session', sessionId);
  const prefixes = routes.map(({ destination }) => destination);
  for (const { id } of routes) tx.delete('learned-route', id);
  return prefixes;
}
