/** A table of rules by destination: put together at once, or changed in some places. */
import { type Cidr, isCidr4 } from '../../net/cidr.ts';
import { deleteCidr, PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import type { Rule, Table } from '../table.ts';

export class PrefixRules {
  #ipv4 = PrefixTrie.empty<Rule>();
  #ipv6 = PrefixTrie.empty<Rule>();

  /** @param table what there is so far, made by this class */
  constructor(table?: Table) {
    if (table?.index?.by !== 'destination-prefix') return;
    this.#ipv4 = table.index.ipv4;
    this.#ipv6 = table.index.ipv6;
  }

  /** In place of a rule for the same block. */
  set(block: Cidr, rule: Rule): void {
    if (isCidr4(block)) this.#ipv4 = setCidr(this.#ipv4, block, rule);
    else this.#ipv6 = setCidr(this.#ipv6, block, rule);
  }

  delete(block: Cidr): void {
    if (isCidr4(block)) this.#ipv4 = deleteCidr(this.#ipv4, block);
    else this.#ipv6 = deleteCidr(this.#ipv6, block);
  }

  table(otherwise: Rule): Table {
    const index = { by: 'destination-prefix', ipv4: this.#ipv4, ipv6: this.#ipv6 } as const;
    return { rules: [], index, otherwise };
  }
}
