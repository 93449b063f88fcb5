/** Which of a table's routes to one destination holds. */
import { type Cidr, containsCidr } from '../../net/cidr.ts';
import type { ModelReader } from '../model.ts';
import { isPropagated, type Route, routeId } from './route-table.ts';

/**
 * The route that was made, else the one that is propagated. Routes to prefix lists stand
 * between the two, and are looked up beside them. Shorter prefixes are for whoever looks a
 * table up; none of them holds where this says that nothing does.
 */
export function preferredRoute(
  reader: ModelReader,
  { routeTableId, destination }: Pick<Route, 'routeTableId' | 'destination'>,
): Route | undefined {
  const routes = reader.by('route', 'destination', routeId(routeTableId, destination));
  const made = routes.find((route) => !isPropagated(route));
  if (made !== undefined || isLocal(reader, routeTableId, destination)) return made;
  // A VPC has one gateway that propagates: of several the choice does not depend on history.
  return routes.reduce<Route | undefined>(
    (best, route) => (best === undefined || route.id < best.id ? route : best),
    undefined,
  );
}

/** inside a block of the VPC nothing that is propagated holds, however specific. */
function isLocal(reader: ModelReader, routeTableId: string, destination: Cidr): boolean {
  return reader
    .by('route', 'local', routeTableId)
    .some((local) => containsCidr(local.destination, destination));
}
