/** What sessions have told and the model has not heard yet. */
import {
  type LearnedPrefix,
  reportSessions,
  type SessionReport,
} from '../../control/hybrid/bgp-report.ts';
import type { PlannedSession } from '../../control/hybrid/session-plan.ts';
import type { Transaction } from '../../control/transaction.ts';
import { siteRouteId } from '../../model/hybrid/site-route.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import { familyOf } from '../../net/ip.ts';
import type { LearnedChange, RouteChange } from '../../services/bgp/speaker.ts';
import { formatAsPath } from '../../wire/bgp/as-path.ts';

interface Pending {
  readonly plan: PlannedSession;
  established: boolean;
  /** By prefix: the last that was said of each. */
  readonly changes: Map<string, LearnedChange>;
}

export class SessionReports {
  #sessions = new Map<string, Pending>();
  /** By site and prefix. */
  #routes = new Map<string, Map<string, SiteChange>>();

  get isEmpty(): boolean {
    return this.#sessions.size === 0 && this.#routes.size === 0;
  }

  /** AWS's end of a session: how it is, and what has changed. */
  session(
    plan: PlannedSession,
    established: boolean,
    changes: readonly LearnedChange[] = [],
  ): void {
    const pending = this.#sessions.get(plan.id) ?? { plan, established, changes: new Map() };
    pending.established = established;
    for (const change of changes) pending.changes.set(formatCidr(change.prefix), change);
    this.#sessions.set(plan.id, pending);
  }

  /** What a site's router has chosen; `linkOf` tells which link a session runs over. */
  site(
    siteId: string,
    changes: readonly RouteChange[],
    linkOf: (sessionId: string) => string | undefined,
  ): void {
    const routes = this.#routes.get(siteId) ?? new Map<string, SiteChange>();
    for (const { prefix, paths } of changes) {
      const linkIds = [...new Set(paths.flatMap(({ peer }) => linkOf(peer) ?? []))].sort();
      const [best] = paths;
      const path = best && {
        asPath: formatAsPath(best.attributes.asPath),
        ...(best.attributes.med !== undefined && { med: best.attributes.med }),
      };
      routes.set(formatCidr(prefix), { destination: prefix, linkIds, path });
    }
    this.#routes.set(siteId, routes);
  }

  /** Everything since the last time, as one command. */
  take(): (tx: Transaction) => void {
    const [sessions, routes] = [this.#sessions, this.#routes];
    this.#sessions = new Map();
    this.#routes = new Map();
    return (tx) => {
      reportSessions(tx, [...sessions.values()].map(reportOf));
      for (const [siteId, changes] of routes) putRoutes(tx, siteId, [...changes.values()]);
    };
  }
}

interface SiteChange {
  readonly destination: Cidr;
  readonly linkIds: readonly string[];
  readonly path: { readonly asPath: string; readonly med?: number } | undefined;
}

function reportOf({ plan, established, changes }: Pending): SessionReport {
  const announced: LearnedPrefix[] = [];
  const withdrawn: Cidr[] = [];
  for (const { prefix: destination, path } of changes.values()) {
    if (path === undefined) withdrawn.push(destination);
    else {
      const { attributes, length, med, localPreference, internal } = path;
      const learned = { attributes, length, med, localPreference, internal };
      announced.push({ destination, path: learned });
    }
  }
  const { id, linkId, aws } = plan;
  const session = { id, linkId, family: familyOf(aws.address) };
  return { session, established, announced, withdrawn };
}

function putRoutes(tx: Transaction, siteId: string, changes: readonly SiteChange[]): void {
  if (tx.get('site', siteId) === undefined) return;
  for (const { destination, linkIds, path } of changes) {
    const id = siteRouteId(siteId, destination);
    if (path === undefined || linkIds.length === 0) tx.delete('site-route', id);
    else tx.put('site-route', { id, siteId, destination, linkIds, ...path });
  }
}
