/** A table of rules by destination, put together at once. */
import { type Cidr, isCidr4 } from '../../net/cidr.ts';
import { PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import type { Rule, Table } from '../table.ts';

export class PrefixRules {
  #ipv4 = PrefixTrie.empty<Rule>();
  #ipv6 = PrefixTrie.empty<Rule>();

  /** In place of a rule for the same block. */
  set(block: Cidr, rule: Rule): void {
    if (isCidr4(block)) this.#ipv4 = setCidr(this.#ipv4, block, rule);
    else this.#ipv6 = setCidr(this.#ipv6, block, rule);
  }

  table(otherwise: Rule): Table {
    const index = { by: 'destination-prefix', ipv4: this.#ipv4, ipv6: this.#ipv6 } as const;
    return { rules: [], index, otherwise };
  }
}
