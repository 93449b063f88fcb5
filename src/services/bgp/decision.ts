/** The choice between paths to one prefix (RFC 4271 section 9.1.2; C-065, H-109). */
import { compareIp } from '../../net/ip.ts';
import { asPathEquals } from '../../wire/bgp/as-path.ts';
import type { Path } from './path.ts';

const NONE: readonly Path[] = [];

/**
 * The best path, then those that may share its traffic (C-096, C-101): of the same AS path, and
 * parted from it only by who announced them. Empty without paths.
 */
export function choose(paths: readonly Path[]): readonly Path[] {
  if (paths.length < 2) return paths.length === 0 ? NONE : [paths[0]!];
  let left = highest(paths, ({ localPreference }) => localPreference);
  left = highest(left, ({ length }) => -length);
  left = highest(left, ({ attributes }) => -attributes.origin);
  left = lowestMeds(left);
  left = highest(left, ({ internal }) => (internal ? 0 : 1));
  const [best, ...others] = [...left].sort(compareSpeakers);
  const { asPath } = best!.attributes;
  return [best!, ...others.filter(({ attributes }) => asPathEquals(attributes.asPath, asPath))];
}

function highest(paths: readonly Path[], rank: (path: Path) => number): readonly Path[] {
  if (paths.length === 1) return paths;
  const top = Math.max(...paths.map(rank));
  return paths.filter((path) => rank(path) === top);
}

/** RFC 4271 section 9.1.2.2 (c): MEDs of different neighbors are not compared. */
function lowestMeds(paths: readonly Path[]): readonly Path[] {
  const lowest = new Map<number, number>();
  for (const { neighborAs, med } of paths) {
    lowest.set(neighborAs, Math.min(med, lowest.get(neighborAs) ?? med));
  }
  return paths.filter(({ neighborAs, med }) => lowest.get(neighborAs) === med);
}

function compareSpeakers(a: Path, b: Path): number {
  return a.identifier - b.identifier || compareIp(a.address, b.address);
}
