import { describe, expect, it } from 'vitest';
import { formatCidr, parseCidr } from '../../net/cidr.ts';
import { ipv4 } from '../../net/ipv4.ts';
import { formatAsPath } from '../../wire/bgp/as-path.ts';
import { ORIGIN } from '../../wire/bgp/path-attributes.ts';
import type { SiteRouteChange } from './session-reports.ts';
import { ToldRoutes } from './told-routes.ts';

const told = (prefix: string, ...asns: number[]) => ({
  prefix: parseCidr(prefix)!,
  attributes: { origin: ORIGIN.igp, asPath: [{ kind: 'sequence' as const, asns }] },
  nextHop: ipv4(1),
});

function shown(changes: readonly SiteRouteChange[]): string[] {
  return changes.map(({ prefix, paths: [path] }) => {
    return `${formatCidr(prefix)} ${path ? formatAsPath(path.attributes.asPath) : 'gone'}`;
  });
}

describe('what a router of another program knows', () => {
  it('is what it has been told last', () => {
    const routes = new ToldRoutes('session', 65_010);
    const kept = told('10.0.0.0/16', 64_512);
    expect(shown(routes.changes([kept, told('10.1.0.0/16', 64_512)]))).toEqual([
      '10.0.0.0/16 64512',
      '10.1.0.0/16 64512',
    ]);
    expect(routes.changes([kept, told('10.1.0.0/16', 64_512, 7)])[0]!.paths[0]!.peer).toBe(
      'session',
    );
    expect(shown(routes.changes([kept]))).toEqual(['10.1.0.0/16 gone']);
    expect(shown(routes.changes([]))).toEqual(['10.0.0.0/16 gone']);
    expect(routes.changes([])).toEqual([]);
  });

  it('H-101 is nothing that has passed its own system', () => {
    const routes = new ToldRoutes('session', 65_010);
    expect(routes.changes([told('10.0.0.0/16', 64_512, 65_010)])).toEqual([]);
    expect(shown(routes.changes([told('10.0.0.0/16', 64_512)]))).toEqual(['10.0.0.0/16 64512']);
    expect(shown(routes.changes([told('10.0.0.0/16', 64_512, 65_010)]))).toEqual([
      '10.0.0.0/16 gone',
    ]);
  });
});
