/** How a prefix that Direct Connect has learned is liked, before its AS path is (H-082). */
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';
import type { ModelReader } from '../model.ts';
import type { LearnedRoute } from './learned-route.ts';

/** Of what has no say in it: FAR is a location's in another Region than who looks at it. */
export const PREFERENCE = { low: 50, far: 75, medium: 100, high: 200 } as const;

/** The customer's tags; without one the preference is medium. */
const TAGS: ReadonlyMap<number, number> = new Map([
  [7224 * 65_536 + 7100, PREFERENCE.low],
  [7224 * 65_536 + 7200, PREFERENCE.medium],
  [7224 * 65_536 + 7300, PREFERENCE.high],
]);

/** Tags exclude each other; of several the highest counts, the rulebook is unsure. */
export function communityPreference(attributes: PathAttributes): number {
  return taggedPreference(attributes) ?? PREFERENCE.medium;
}

function taggedPreference({ communities = [] }: PathAttributes): number | undefined {
  const tagged = communities.flatMap((one) => TAGS.get(one) ?? []);
  return tagged.length === 0 ? undefined : Math.max(...tagged);
}

/**
 * What was learned, as a gateway in a Region sees it: one session feeds gateways of several. A tag
 * says what the customer wants, wherever the location is; how far it is decides without one.
 */
export function seenFrom(
  reader: ModelReader,
  region: string | undefined,
  route: LearnedRoute,
): LearnedRoute {
  const line = reader.get('direct-connect-virtual-interface', route.linkId);
  const isNear = line === undefined || line.region === region;
  if (isNear || taggedPreference(route.path.attributes) !== undefined) return route;
  return { ...route, path: { ...route.path, localPreference: PREFERENCE.far } };
}
