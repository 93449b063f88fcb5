/** A prefix list's blocks, shared by every route and rule that refers to the list. */
import type { Cidr } from '../net/cidr.ts';
import type { Family } from '../net/ip.ts';
import { isIpv4 } from '../net/ip.ts';
import { PrefixTrie, setCidr } from '../net/prefix-trie.ts';

/** Its members change in place: those who refer to it need not be made again. */
export class PrefixSet {
  #ipv4 = PrefixTrie.empty<true>();
  #ipv6 = PrefixTrie.empty<true>();
  version = 0;

  replace(blocks: readonly Cidr[]): void {
    this.#ipv4 = PrefixTrie.empty();
    this.#ipv6 = PrefixTrie.empty();
    for (const block of blocks) {
      if (isIpv4(block.address)) this.#ipv4 = setCidr(this.#ipv4, block, true);
      else this.#ipv6 = setCidr(this.#ipv6, block, true);
    }
    this.version += 1;
  }

  /** Length of the longest block that holds the address; -1 = none does. Allocates nothing. */
  matchLength(family: Family, a: number, b: number, c: number, d: number): number {
    return (family === 4 ? this.#ipv4 : this.#ipv6).matchLength(a, b, c, d);
  }
}
