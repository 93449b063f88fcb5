/** Prefix lists: one shared set each, whoever refers to it. */
import { prefixListContent } from '../../model/vpc/prefix-list.ts';
import { PrefixSet } from '../prefix-set.ts';
import type { Network } from './state.ts';

/** Brings a list's set up to date, if anything refers to it. */
export function compilePrefixList({ model, prefixLists }: Network, id: string): void {
  const content = prefixListContent(model, id);
  if (content === undefined) prefixLists.delete(id);
  else prefixLists.get(id)?.replace(content.entries.map(({ cidr }) => cidr));
}

/** The set of a list, made at first use: most lists are referred to by nobody. */
export function prefixSet(network: Network, id: string): PrefixSet {
  const known = network.prefixLists.get(id);
  if (known !== undefined) return known;
  const set = new PrefixSet();
  network.prefixLists.set(id, set);
  compilePrefixList(network, id);
  return set;
}
