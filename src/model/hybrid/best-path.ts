/** Which of several paths that AWS has learned to one prefix it takes (A-029, C-065, H-109). */
import { asPathEquals, neighborAs } from '../../wire/bgp/as-path.ts';
import type { ModelReader } from '../model.ts';
import type { LearnedPath, LearnedRoute } from './learned-route.ts';

/** Whose MEDs are compared: all (C-065), or those of one neighbouring system. */
export type MedScope = 'all' | 'neighbor';

/** The best paths: all of those between which no rule decides. */
export function bestPaths<R extends { readonly path: LearnedPath }>(
  routes: readonly R[],
  medScope: MedScope,
): readonly R[] {
  if (routes.length < 2) return routes;
  let left = lowest(routes, ({ path }) => -path.localPreference); // H-082: before the AS path
  left = lowest(left, ({ path }) => path.length);
  left = lowestMeds(left, medScope);
  left = lowest(left, ({ path }) => (path.internal ? 1 : 0));
  return lowest(left, ({ path }) => path.attributes.origin);
}

/** Of the best paths those that share traffic with the first: of one AS path (C-096, C-101). */
export function sharers<R extends { readonly path: LearnedPath }>(best: readonly R[]): R[] {
  const asPath = best[0]?.path.attributes.asPath ?? [];
  return best.filter(({ path }) => asPathEquals(path.attributes.asPath, asPath));
}

function lowest<R>(routes: readonly R[], rank: (route: R) => number): readonly R[] {
  if (routes.length < 2) return routes;
  const least = Math.min(...routes.map(rank));
  return routes.filter((route) => rank(route) === least);
}

function lowestMeds<R extends { readonly path: LearnedPath }>(
  routes: readonly R[],
  scope: MedScope,
): readonly R[] {
  if (scope === 'all') return lowest(routes, ({ path }) => path.med);
  const least = new Map<number, number>();
  for (const { path } of routes) {
    const neighbor = systemOf(path);
    least.set(neighbor, Math.min(path.med, least.get(neighbor) ?? path.med));
  }
  return routes.filter(({ path }) => path.med === least.get(systemOf(path)));
}

/** The system that MEDs are compared within; 0 = this one. */
function systemOf({ attributes }: LearnedPath): number {
  return neighborAs(attributes.asPath) ?? 0;
}

/** By session, the one that is up the longest first: so a choice stays until it fails (H-048). */
export function bySteadiness(
  reader: ModelReader,
  routes: readonly LearnedRoute[],
): readonly LearnedRoute[] {
  const since = ({ sessionId }: LearnedRoute) =>
    reader.get('bgp-session', sessionId)?.lastChange ?? 0;
  return routes.toSorted((a, b) => since(a) - since(b) || (a.sessionId < b.sessionId ? -1 : 1));
}
