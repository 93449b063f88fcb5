/** Maps over addresses of both families, without strings: single ones, and whole blocks. */
import { type Cidr, isCidr4 } from '../net/cidr.ts';
import { mix } from '../net/hash.ts';
import { type Ip, isIpv4 } from '../net/ip.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { deleteCidr, getCidr, PrefixTrie, setCidr } from '../net/prefix-trie.ts';

interface Entry<T> {
  readonly d: Ipv6;
  value: T;
}

export class AddressMap<T> {
  readonly #ipv4 = new Map<number, T>();
  /** IPv6 entries by hash; equal hashes share a list. */
  #ipv6: Map<number, Entry<T>[]> | undefined;
  /** Blocks: what holds for an address that has no entry of its own. */
  #blocks4: PrefixTrie<T> | undefined;
  #blocks6: PrefixTrie<T> | undefined;
  /** Counts changes, so that caches can tell. */
  version = 0;

  get4(d0: number): T | undefined {
    const value = this.#ipv4.get(d0);
    if (value !== undefined || this.#blocks4 === undefined) return value;
    return this.#blocks4.match(d0, 0, 0, 0);
  }

  get6(d0: number, d1: number, d2: number, d3: number): T | undefined {
    const entries = this.#ipv6?.get(hash6(d0, d1, d2, d3));
    if (entries !== undefined) {
      for (const { d, value } of entries) {
        if (d[0] === d0 && d[1] === d1 && d[2] === d2 && d[3] === d3) return value;
      }
    }
    return this.#blocks6?.match(d0, d1, d2, d3);
  }

  get(address: Ip): T | undefined {
    if (isIpv4(address)) return this.get4(address);
    const [d0, d1, d2, d3] = address;
    return this.get6(d0, d1, d2, d3);
  }

  set(address: Ip, value: T): void {
    this.version += 1;
    if (isIpv4(address)) {
      this.#ipv4.set(address, value);
      return;
    }
    this.#ipv6 ??= new Map();
    const [d0, d1, d2, d3] = address;
    const hash = hash6(d0, d1, d2, d3);
    const entries = this.#ipv6.get(hash);
    const same = entries?.find(({ d }) => d.every((limb, index) => limb === address[index]));
    if (same) same.value = value;
    else if (entries) entries.push({ d: address, value });
    else this.#ipv6.set(hash, [{ d: address, value }]);
  }

  delete(address: Ip): void {
    this.version += 1;
    if (isIpv4(address)) {
      this.#ipv4.delete(address);
      return;
    }
    const [d0, d1, d2, d3] = address;
    const hash = hash6(d0, d1, d2, d3);
    const left = this.#ipv6?.get(hash)?.filter(({ d }) => d.some((limb, i) => limb !== address[i]));
    if (left === undefined || left.length === 0) this.#ipv6?.delete(hash);
    else this.#ipv6?.set(hash, left);
  }

  /** Sets every address of a block that has no entry of its own. */
  setBlock(block: Cidr, value: T): void {
    this.version += 1;
    if (isCidr4(block)) this.#blocks4 = setCidr(this.#blocks4 ?? PrefixTrie.empty(), block, value);
    else this.#blocks6 = setCidr(this.#blocks6 ?? PrefixTrie.empty(), block, value);
  }

  /** Deletes only while the block leads to `value`; any where none is given. */
  deleteBlock(block: Cidr, value?: T): void {
    const trie = isCidr4(block) ? this.#blocks4 : this.#blocks6;
    if (trie === undefined) return;
    if (value !== undefined && getCidr(trie, block) !== value) return;
    this.version += 1;
    const left = deleteCidr(trie, block);
    const kept = left.size === 0 ? undefined : left;
    if (isCidr4(block)) this.#blocks4 = kept;
    else this.#blocks6 = kept;
  }

  /** Deletes only while the address still leads to `value`. */
  deleteIf(address: Ip, value: T): void {
    if (this.get(address) === value) this.delete(address);
  }

  /** Addresses and blocks. */
  get size(): number {
    let size = this.#ipv4.size + (this.#blocks4?.size ?? 0) + (this.#blocks6?.size ?? 0);
    for (const entries of this.#ipv6?.values() ?? []) size += entries.length;
    return size;
  }
}

function hash6(d0: number, d1: number, d2: number, d3: number): number {
  return mix(mix(mix(mix(6, d0), d1), d2), d3);
}
