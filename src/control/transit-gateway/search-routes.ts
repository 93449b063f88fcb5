/** Finding routes of a transit gateway's table by their destinations (C-076 to C-078). */
import type { ModelReader } from '../../model/model.ts';
import { type Cidr, cidr, cidrEquals, containsCidr } from '../../net/cidr.ts';
import type { Scope } from '../scope.ts';
import { availableTable } from './find.ts';
import { type ShownRoute, ShownRoutes } from './shown-route.ts';

/** C-077, C-078: the routes to any of the blocks. */
export interface RouteSearch {
  readonly match: RouteMatch;
  readonly blocks: readonly Cidr[];
}

export type RouteMatch = 'exact' | 'longest-prefix' | 'subnet-of' | 'supernet-of';

/**
 * The routes of a table that every search finds; without one all of them.
 * @throws AwsError InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound, IncorrectState
 */
export function searchRoutes(
  reader: ModelReader,
  scope: Scope,
  routeTableId: string,
  searches: readonly RouteSearch[],
): ShownRoute[] {
  availableTable(reader, scope, routeTableId);
  const routes = new ShownRoutes(reader, routeTableId);
  const plans = searches.map((search) => plan(routes, search));
  const passes = (block: Cidr) => plans.every(({ finds }) => finds(block));
  const known = plans.find(({ candidates }) => candidates !== undefined)?.candidates;
  if (known === undefined) return routes.all(passes);
  const found = new Map<string, ShownRoute>();
  for (const block of known().filter(passes)) {
    const route = routes.to(block);
    if (route !== undefined) found.set(route.id, route);
  }
  return [...found.values()];
}

interface Plan {
  readonly finds: (destination: Cidr) => boolean;
  /** All destinations that come into question, if these are few. */
  readonly candidates?: () => readonly Cidr[];
}

function plan(routes: ShownRoutes, { match, blocks }: RouteSearch): Plan {
  switch (match) {
    case 'exact':
      return oneOf(blocks);
    case 'longest-prefix':
      return oneOf(blocks.flatMap((block) => longestMatch(routes, block)));
    case 'subnet-of':
      return { finds: (route) => blocks.some((block) => containsCidr(block, route)) };
    case 'supernet-of':
      return {
        finds: (route) => blocks.some((block) => containsCidr(route, block)),
        candidates: () => blocks.flatMap((block) => [...enclosing(block)]),
      };
  }
}

function oneOf(blocks: readonly Cidr[]): Plan {
  return {
    finds: (route) => blocks.some((block) => cidrEquals(block, route)),
    candidates: () => blocks,
  };
}

/** C-063: blackholes included. */
function longestMatch(routes: ShownRoutes, block: Cidr): Cidr[] {
  for (const outer of enclosing(block)) if (routes.to(outer) !== undefined) return [outer];
  return [];
}

/** The blocks that hold a block, from itself to all addresses. */
function* enclosing({ address, length }: Cidr): Generator<Cidr> {
  for (let bits = length; bits >= 0; bits--) yield cidr(address, bits);
}
