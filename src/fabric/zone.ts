/** Availability Zones as packets carry them, and where a VPC's addresses are. */
import { type Cidr, isCidr4 } from '../net/cidr.ts';
import { hashText } from '../net/hash.ts';
import type { Family } from '../net/ip.ts';
import { deleteCidr, PrefixTrie, setCidr } from '../net/prefix-trie.ts';

/** Of a packet whose place nobody knows: from outside, from another Region. */
export const NO_ZONE = 0;

/** The number of a zone id: the same everywhere, so that choices made by it are. */
export function zoneNumber(zoneId: string): number {
  return hashText(zoneId);
}

/** Which zone an address of a VPC is in, by its subnets' blocks. Changes in place. */
export class ZoneMap {
  #ipv4 = PrefixTrie.empty<number>();
  #ipv6 = PrefixTrie.empty<number>();

  set(block: Cidr, zone: number): void {
    if (isCidr4(block)) this.#ipv4 = setCidr(this.#ipv4, block, zone);
    else this.#ipv6 = setCidr(this.#ipv6, block, zone);
  }

  delete(block: Cidr): void {
    if (isCidr4(block)) this.#ipv4 = deleteCidr(this.#ipv4, block);
    else this.#ipv6 = deleteCidr(this.#ipv6, block);
  }

  /** NO_ZONE for an address of no subnet. Allocates nothing. */
  zoneOf(family: Family, a: number, b: number, c: number, d: number): number {
    return (family === 4 ? this.#ipv4 : this.#ipv6).match(a, b, c, d) ?? NO_ZONE;
  }
}
