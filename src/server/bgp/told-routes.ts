/**
 * Where a site sends its packets when its router is another program: what that has in its table
 * nobody here can see, but all that AWS tells it.
 */
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import type { OutRoute } from '../../services/bgp/export.ts';
import { pathHolds } from '../../wire/bgp/as-path.ts';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';
import type { SiteRouteChange } from './session-reports.ts';

export class ToldRoutes {
  readonly #session: string;
  readonly #asn: number;
  #known = new Map<string, { readonly prefix: Cidr; readonly attributes: PathAttributes }>();

  /** @param asn the router's own: it takes no route that has passed there (H-101) */
  constructor(session: string, asn: number) {
    this.#session = session;
    this.#asn = asn;
  }

  /** What is another since the last time; `told` is all that the router has been told. */
  changes(told: Iterable<{ readonly prefix: Cidr } & OutRoute>): SiteRouteChange[] {
    const before = this.#known;
    this.#known = new Map();
    const changes: SiteRouteChange[] = [];
    for (const { prefix, attributes } of told) {
      if (pathHolds(attributes.asPath, this.#asn)) continue;
      const key = formatCidr(prefix);
      this.#known.set(key, { prefix, attributes });
      if (before.get(key)?.attributes === attributes) continue;
      changes.push({ prefix, paths: [{ peer: this.#session, attributes }] });
    }
    for (const [key, { prefix }] of before) {
      if (!this.#known.has(key)) changes.push({ prefix, paths: [] });
    }
    return changes;
  }
}
