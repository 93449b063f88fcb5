import { describe, expect, it } from 'vitest';
import { ORIGIN } from '../../wire/bgp/path-attributes.ts';
import type { ModelReader } from '../model.ts';
import { bestPaths, bySteadiness, type MedScope, sharers } from './best-path.ts';
import type { LearnedPath, LearnedRoute } from './learned-route.ts';

interface Draft extends Partial<Omit<LearnedPath, 'attributes' | 'length'>> {
  readonly asns?: readonly number[];
  readonly origin?: LearnedPath['attributes']['origin'];
}

/** A route by its name; 65010 alone in the path, MED 100, preference 100, eBGP, unless given. */
function route(sessionId: string, draft: Draft = {}): LearnedRoute {
  const { asns = [65_010], origin = ORIGIN.igp, ...others } = draft;
  const attributes = { origin, asPath: [{ kind: 'sequence', asns }] as const };
  const path = { attributes, length: asns.length, med: 100, localPreference: 100, internal: false };
  const destination = { address: 0 as never, length: 0 };
  return { id: sessionId, sessionId, linkId: sessionId, destination, path: { ...path, ...others } };
}

const best = (scope: MedScope, ...routes: LearnedRoute[]) =>
  bestPaths(routes, scope).map(({ id }) => id);

describe('the best of several paths', () => {
  it('is the only one, or none', () => {
    expect(best('all')).toEqual([]);
    expect(best('all', route('a'))).toEqual(['a']);
  });

  it.each(['all', 'neighbor'] as const)('H-082 has the highest preference, %s', (scope) => {
    const long = route('long', { asns: [1, 2, 3, 4], localPreference: 200 });
    expect(best(scope, route('short'), long)).toEqual(['long']);
  });

  it.each(['all', 'neighbor'] as const)('A-029 C-065 then the shortest AS path, %s', (scope) => {
    const long = route('long', { asns: [1, 2], med: 0 });
    expect(best(scope, long, route('short'), route('other'))).toEqual(['short', 'other']);
  });

  it('C-065 then the lowest MED, whosever it is', () => {
    const [low, high] = [route('low', { med: 5, asns: [1] }), route('high', { med: 6, asns: [2] })];
    expect(best('all', high, low)).toEqual(['low']);
  });

  it('A-029 H-109 of one neighbour alone, where MEDs are compared among those', () => {
    const [low, high] = [route('low', { med: 5, asns: [1] }), route('high', { med: 6, asns: [2] })];
    expect(best('neighbor', high, low)).toEqual(['high', 'low']);
    const worse = route('worse', { med: 7, asns: [2] });
    expect(best('neighbor', worse, high, low)).toEqual(['high', 'low']);
  });

  it('A-029 routes of no system are compared among themselves', () => {
    const own = [route('a', { asns: [], med: 5 }), route('b', { asns: [], med: 4 })];
    expect(best('neighbor', ...own)).toEqual(['b']);
  });

  it('C-065 then eBGP goes before iBGP', () => {
    const internal = route('internal', { internal: true });
    expect(best('all', internal, route('external'))).toEqual(['external']);
    expect(best('all', route('cheap', { internal: true, med: 1 }), route('external'))).toEqual([
      'cheap',
    ]);
  });

  it('H-109 then the lower ORIGIN', () => {
    const unknown = route('unknown', { origin: ORIGIN.incomplete });
    expect(best('all', unknown, route('igp'))).toEqual(['igp']);
  });

  it('C-096 C-101 those of exactly its AS path share with the first', () => {
    const routes = [route('a'), route('b', { asns: [65_020] }), route('c')];
    expect(sharers(routes).map(({ id }) => id)).toEqual(['a', 'c']);
    expect(sharers([])).toEqual([]);
  });

  it('H-048 the session that is up the longest is the first, of equals the lower name', () => {
    const since: Record<string, number> = { a: 30, b: 10, c: 10 };
    const get = (_: string, id: string) => ({ lastChange: since[id] });
    const reader = { get } as unknown as ModelReader;
    const routes = ['a', 'c', 'b'].map((name) => route(name));
    expect(bySteadiness(reader, routes).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });
});
