/** On-premises sites: the hosts, and the router that joins them to the links to AWS. */
import { findLink, linksOfSite } from '../../model/hybrid/link.ts';
import { linkAddresses } from '../../model/hybrid/link-address.ts';
import type { Site } from '../../model/hybrid/site.ts';
import { siteRoutes } from '../../model/hybrid/site-route.ts';
import { type Cidr, formatCidr, hostCidr, isCidr4 } from '../../net/cidr.ts';
import { hashText } from '../../net/hash.ts';
import type { Ip } from '../../net/ip.ts';
import { PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import type { Candidate } from '../choice.ts';
import type { Station } from '../station.ts';
import { type Action, ANY, blockTerm, type Rule, type Table } from '../table.ts';
import { linkNode, siteNode } from './hybrid-nodes.ts';
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
  arrive.table = routerTable(own.customer, 'destination', inwards);
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
  const trie = new Tries();
  for (const { destination, linkIds } of siteRoutes(network.model, site)) {
    trie.set(destination, leadTo(network, destination, linkIds));
  }
  for (const block of site.prefixes) trie.set(block, NOBODY);
  for (const address of [...site.hosts, ...customer]) trie.set(hostCidr(address), DELIVER);
  for (const { link, aws } of routerAddresses(network, site).pairs) {
    const actions: Action[] = [{ do: 'go', to: linkNode(network, link).into }];
    trie.set(hostCidr(aws), { match: ANY, actions });
  }
  return trie.table();
}

/** By one of the links that share a prefix's packets. */
function leadTo(network: Network, destination: Cidr, linkIds: readonly string[]): Rule {
  const among = linkIds.flatMap((id): Candidate[] => {
    const link = findLink(network.model, id);
    return link === undefined ? [] : [{ key: hashText(id), to: linkNode(network, link).into }];
  });
  const cites = { destinationCidrBlock: formatCidr(destination) };
  const [first, other] = among;
  if (first === undefined) return { ...NO_ROUTE, cites };
  const onwards: Action = other ? { do: 'choose', among } : { do: 'go', to: first.to };
  return { match: ANY, actions: [onwards], cites };
}

class Tries {
  #ipv4 = PrefixTrie.empty<Rule>();
  #ipv6 = PrefixTrie.empty<Rule>();

  set(block: Cidr, value: Rule): void {
    if (isCidr4(block)) this.#ipv4 = setCidr(this.#ipv4, block, value);
    else this.#ipv6 = setCidr(this.#ipv6, block, value);
  }

  table(): Table {
    const index = { by: 'destination-prefix', ipv4: this.#ipv4, ipv6: this.#ipv6 } as const;
    return { rules: [], index, otherwise: NO_ROUTE };
  }
}
