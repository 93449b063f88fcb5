/** On-premises sites: the hosts, and the router that joins them to the links to AWS. */
import { linksOfSite } from '../../model/hybrid/link.ts';
import { linkAddresses } from '../../model/hybrid/link-address.ts';
import type { Site } from '../../model/hybrid/site.ts';
import { type KnownRoute, type SiteRoute, siteRoutes } from '../../model/hybrid/site-route.ts';
import { formatCidr, hostCidr } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import type { Station } from '../station.ts';
import { type Action, ANY, blockTerm, type Rule, type Table } from '../table.ts';
import { siteTunnelRules } from './connect-peer.ts';
import { byLinks, linkNode, siteNode } from './hybrid-nodes.ts';
import { PrefixRules } from './prefix-rules.ts';
import { NO_ROUTE } from './route-table.ts';
import type { Network } from './state.ts';

const DELIVER: Rule = { match: ANY, actions: [{ do: 'deliver' }] };
const NOBODY: Rule = { match: ANY, actions: [{ do: 'drop', reason: 'NO_POSSIBLE_DESTINATION' }] };

export function compileSite(network: Network, id: string): void {
  const site = network.model.get('site', id);
  if (site === undefined) {
    network.sites.delete(id);
    return;
  }
  const { send, outwards, arrive, inwards } = siteNode(network, id);
  const own = routerAddresses(network, site);
  outwards.table = inwards.table = routesOf(network, site, own.customer);
  // What is the router's own is not counted down: BGP may have a time to live of one (H-079).
  send.table = routerTable(own.customer, 'source', outwards);
  const arrivals = routerTable(own.customer, 'destination', inwards);
  const tunnels = siteTunnelRules(network, site);
  arrive.table = { ...arrivals, rules: [...tunnels, ...arrivals.rules] };
}

/** Of some of its learned routes only: a copy of a few paths, whatever the number of the others. */
export function compileSiteRoutes(
  network: Network,
  id: string,
  changed: Iterable<SiteRoute>,
): void {
  const site = network.model.get('site', id);
  if (site === undefined) return;
  if (hasStaticRoutes(network, site)) {
    compileSite(network, id);
    return;
  }
  const { outwards, inwards } = siteNode(network, id);
  const rules = new PrefixRules(outwards.table);
  const own = ownBlocks(network, site);
  for (const { id: routeId, destination } of changed) {
    if (own.has(formatCidr(destination))) continue;
    const route = network.model.get('site-route', routeId);
    if (route === undefined) rules.delete(destination);
    else rules.set(destination, learnedRule(network, route));
  }
  outwards.table = inwards.table = rules.table(NO_ROUTE);
}

/** Those would come back where a learned route goes. */
function hasStaticRoutes({ model }: Network, site: Site): boolean {
  return linksOfSite(model, site).some(
    (link) => link.kind === 'vpn-tunnel' && link.connection.staticRoutesOnly,
  );
}

/** What no route that is learned holds for. */
function ownBlocks(network: Network, site: Site): ReadonlySet<string> {
  const { pairs, customer } = routerAddresses(network, site);
  const addresses = [...site.hosts, ...customer, ...pairs.map(({ aws }) => aws)];
  return new Set([...site.prefixes, ...addresses.map(hostCidr)].map(formatCidr));
}

function learnedRule(network: Network, { destination, linkIds }: KnownRoute): Rule {
  const cites = { destinationCidrBlock: formatCidr(destination) };
  return byLinks(network, linkIds, 'into', cites);
}

function routerTable(own: readonly Ip[], side: 'source' | 'destination', to: Station): Table {
  const go: Action = { do: 'go', to };
  return {
    rules: own.map((address) => ({
      match: { [side]: blockTerm(hostCidr(address)) },
      actions: [go],
    })),
    otherwise: { match: ANY, actions: [{ do: 'decrement-ttl' }, go] },
  };
}

/** Both ends of the site's links. */
function routerAddresses({ model }: Network, site: Site) {
  const pairs = linksOfSite(model, site).flatMap((link) =>
    linkAddresses(link).map((addresses) => ({ link, ...addresses })),
  );
  return { pairs, customer: pairs.map(({ customer }) => customer) };
}

function routesOf(network: Network, site: Site, customer: readonly Ip[]): Table {
  const rules = new PrefixRules();
  for (const route of siteRoutes(network.model, site)) {
    rules.set(route.destination, learnedRule(network, route));
  }
  // Who is behind a tap, Linux knows.
  const there = site.tap === undefined ? NOBODY : DELIVER;
  for (const block of site.prefixes) rules.set(block, there);
  for (const address of [...site.hosts, ...customer]) rules.set(hostCidr(address), DELIVER);
  for (const { link, aws } of routerAddresses(network, site).pairs) {
    const actions: Action[] = [{ do: 'go', to: linkNode(network, link).into }];
    rules.set(hostCidr(aws), { match: ANY, actions });
  }
  return rules.table(NO_ROUTE);
}
