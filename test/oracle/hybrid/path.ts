/** What devices tell AWS by BGP, and which of several paths to one prefix is taken. */
import { type Cidr, formatCidr } from '../../../src/net/cidr.ts';
import type { AsPath } from '../../../src/wire/bgp/as-path.ts';
import type { World } from '../world.ts';
import { type Link, ofFamily, type Session, sessionsOn } from './link.ts';

export interface Path {
  readonly destination: Cidr;
  readonly link: Link;
  readonly asPath: AsPath;
  /** C-065: with the default where there is none. */
  readonly med: number;
  readonly origin: number;
  readonly internal: boolean;
}

/**
 * What the site behind a link has told: its own prefixes (C-061). How it has told of them (a device
 * may prepend its number, or say how much it likes the link) is the device's affair, and a record.
 */
export function learnedBy(world: World, link: Link): Path[] {
  return sessionsOn(world, link).flatMap((session) => {
    const { site, families, awsAsn } = session;
    const internal = site.asn === awsAsn;
    // C-095: of iBGP only what comes from an eBGP peer, of which a site has none.
    if (internal) return [];
    return site.prefixes
      .filter((block) => ofFamily(families, block))
      .map((destination) => ({ link, internal, ...told(world, session, destination) }));
  });
}

function told({ model }: World, { id, link, site: { asn } }: Session, destination: Cidr) {
  for (const route of model.all('learned-route')) {
    if (route.sessionId !== id || formatCidr(route.destination) !== formatCidr(destination)) {
      continue;
    }
    const { asPath, med, origin } = route.path.attributes;
    return { destination, asPath, med: med ?? defaultMed(link), origin };
  }
  const asPath: AsPath = [{ kind: 'sequence', asns: [asn] }];
  return { destination, asPath, med: defaultMed(link), origin: 0 };
}

/** C-065 */
function defaultMed({ kind }: Link): number {
  return kind === 'virtual interface' ? 0 : 100;
}

/** H-109: a set counts one. */
export function hops(asPath: AsPath): number {
  return asPath.reduce((sum, { kind, asns }) => sum + (kind === 'set' ? 1 : asns.length), 0);
}

type Ranked = Pick<Path, 'link' | 'asPath' | 'med' | 'origin' | 'internal'>;

/**
 * Those between which no rule decides, for a gateway in a Region: what comes by a location of that
 * Region (H-082; no device of ours tags what it tells), then the shortest AS path, then the lowest
 * MED, of all (C-065) or of one neighbour (A-029, H-109), eBGP before iBGP, the lowest origin.
 */
export function bestOf<P extends Ranked>(
  paths: readonly P[],
  medsOf: 'all' | 'neighbour',
  region: string | undefined,
): P[] {
  const near = least(paths, ({ link }) => (isFar(link, region) ? 1 : 0));
  const shortest = least(near, ({ asPath }) => hops(asPath));
  const liked = shortest.filter(
    (path) =>
      !shortest.some(
        (other) =>
          other.med < path.med && (medsOf === 'all' || neighbour(other) === neighbour(path)),
      ),
  );
  const external = least(liked, ({ internal }) => (internal ? 1 : 0));
  return least(external, ({ origin }) => origin);
}

function isFar(link: Link, region: string | undefined): boolean {
  return link.kind === 'virtual interface' && link.virtualInterface.region !== region;
}

function neighbour({ asPath }: Ranked): number {
  return asPath[0]?.kind === 'sequence' ? asPath[0].asns[0]! : 0;
}

export function least<P>(all: readonly P[], rank: (one: P) => number): P[] {
  const lowest = Math.min(...all.map(rank));
  return all.filter((one) => rank(one) === lowest);
}

/**
 * C-096, C-101, C-109: traffic is shared by paths of one AS path only. Which of several as good
 * ones it is, is AWS's choice, and the same for every packet.
 */
export function alike<P extends Ranked>(world: World, what: string, best: readonly P[]): P[] {
  const groups = new Map<string, P[]>();
  for (const path of best) {
    const key = JSON.stringify(path.asPath);
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return always(world, what, [...groups.values()]);
}

/** A choice that stays within an exchange, whoever asks. */
export function always<T>({ choose, kept }: World, what: string, candidates: readonly T[]): T {
  const index = kept.get(what) ?? candidates.indexOf(choose(candidates));
  kept.set(what, index);
  return candidates[index]!;
}
