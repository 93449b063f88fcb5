/** What some attachments have learned, for all route tables that take it from the same ones. */
import { type Cidr, isCidr4 } from '../net/cidr.ts';
import type { Family } from '../net/ip.ts';
import { deleteCidr, PrefixTrie, setCidr } from '../net/prefix-trie.ts';
import type { Rule } from './table.ts';

/** Its rules change in place: tables that refer to it need not be made again. */
export class LearnedRoutes {
  readonly attachmentIds: ReadonlySet<string>;
  /** The tables that refer to it. */
  readonly tableIds = new Set<string>();
  #ipv4 = PrefixTrie.empty<Rule>();
  #ipv6 = PrefixTrie.empty<Rule>();

  constructor(attachmentIds: ReadonlySet<string>) {
    this.attachmentIds = attachmentIds;
  }

  /** Without a rule the prefix is known no more. */
  set(block: Cidr, rule: Rule | undefined): void {
    const trie = isCidr4(block) ? this.#ipv4 : this.#ipv6;
    const next = rule === undefined ? deleteCidr(trie, block) : setCidr(trie, block, rule);
    if (isCidr4(block)) this.#ipv4 = next;
    else this.#ipv6 = next;
  }

  /** Of one family: for look-ups. */
  trie(family: Family): PrefixTrie<Rule> {
    return family === 4 ? this.#ipv4 : this.#ipv6;
  }
}
