/** Longest-prefix match over a persistent trie, for IPv4 and IPv6 alike. */
import assert from 'node:assert';
import type { Cidr } from './cidr.ts';
import { type Ip, isIpv4 } from './ip.ts';
import { bitOf, covers, insert, type Limbs, leaf, type PrefixNode, remove } from './prefix-node.ts';

export type { Limbs } from './prefix-node.ts';

/** Network address, prefix length, value. */
export type PrefixEntry<T> = readonly [limbs: Limbs, length: number, value: T];

/**
 * An immutable map from prefixes to values. `set` and `delete` give a new trie that shares all but
 * the path to the change with the old one, which stays as it was.
 *
 * A key is four unsigned 32-bit limbs, most significant first, and a length; host bits are cleared
 * . IPv4 addresses stand in k0, the rest is 0, lengths are at most 32; the families live in
 * instances of their own. Values are anything but undefined.
 *
 * Cost: a look-up visits at most one node a bit, about log2(n) of them for n spread-out prefixes,
 * and compares the address only where an entry ends: 30 ns in a table of 20, 70 to 90 ns in 1,000,
 * 120 to 180 ns in 10,000 (IPv4 to IPv6, one core, cold branches). A change copies the same path:
 * under 1 µs in a table of 10,000. An entry takes at most two nodes of about 90 bytes.
 */
export class PrefixTrie<T> {
  static readonly #EMPTY = new PrefixTrie<never>(undefined, 0);
  readonly #root: PrefixNode<T> | undefined;
  readonly #size: number;

  private constructor(root: PrefixNode<T> | undefined, size: number) {
    this.#root = root;
    this.#size = size;
  }

  static empty<T>(): PrefixTrie<T> {
    return PrefixTrie.#EMPTY;
  }

  /** Number of entries. */
  get size(): number {
    return this.#size;
  }

  /** The trie with this entry added or replaced; the same object when nothing changes. */
  set(k0: number, k1: number, k2: number, k3: number, length: number, value: T): PrefixTrie<T> {
    assert(value !== undefined, 'a prefix trie holds no undefined');
    assert(length >= 0 && length <= 128, `prefix length ${length}`);
    const old = this.get(k0, k1, k2, k3, length);
    if (old === value) return this;
    const root = insert(this.#root, leaf<T>(k0, k1, k2, k3, length, value));
    return new PrefixTrie(root, old === undefined ? this.#size + 1 : this.#size);
  }

  /** The trie without this entry; the same object when it has none. */
  delete(k0: number, k1: number, k2: number, k3: number, length: number): PrefixTrie<T> {
    const entry = this.#find(k0, k1, k2, k3, length);
    if (entry === undefined || this.#root === undefined) return this;
    return new PrefixTrie(remove(this.#root, entry), this.#size - 1);
  }

  /** The value of exactly this prefix. */
  get(k0: number, k1: number, k2: number, k3: number, length: number): T | undefined {
    return this.#find(k0, k1, k2, k3, length)?.value;
  }

  /** The value of the longest prefix that covers the address. Allocates nothing. */
  match(k0: number, k1: number, k2: number, k3: number): T | undefined {
    let best: T | undefined;
    let at = this.#root;
    while (at !== undefined) {
      // Where no entry ends nothing needs comparing: a wrong turn shows at the next entry.
      if (at.value !== undefined) {
        if (!covers(at, k0, k1, k2, k3)) return best;
        best = at.value;
        if (at.length === 128) return best;
      }
      at = bitOf(k0, k1, k2, k3, at.length) === 0 ? at.zero : at.one;
    }
    return best;
  }

  /** The length of the longest prefix that covers the address; -1 = none. Allocates nothing. */
  matchLength(k0: number, k1: number, k2: number, k3: number): number {
    let best = -1;
    let at = this.#root;
    while (at !== undefined) {
      if (at.value !== undefined) {
        if (!covers(at, k0, k1, k2, k3)) return best;
        best = at.length;
        if (best === 128) return best;
      }
      at = bitOf(k0, k1, k2, k3, at.length) === 0 ? at.zero : at.one;
    }
    return best;
  }

  /** Every entry that covers the address, shortest prefix first. */
  *matches(k0: number, k1: number, k2: number, k3: number): Generator<PrefixEntry<T>, void> {
    let at = this.#root;
    while (at !== undefined && covers(at, k0, k1, k2, k3)) {
      if (at.value !== undefined) yield entryOf(at, at.value);
      if (at.length === 128) return;
      at = bitOf(k0, k1, k2, k3, at.length) === 0 ? at.zero : at.one;
    }
  }

  /** All entries, ordered by address, a shorter prefix before the longer ones inside it. */
  *entries(): Generator<PrefixEntry<T>, void> {
    const ahead = this.#root === undefined ? [] : [this.#root];
    for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
      if (at.value !== undefined) yield entryOf(at, at.value);
      if (at.one !== undefined) ahead.push(at.one);
      if (at.zero !== undefined) ahead.push(at.zero);
    }
  }

  #find(k0: number, k1: number, k2: number, k3: number, length: number) {
    let at = this.#root;
    while (at !== undefined && at.length < length) {
      if (!covers(at, k0, k1, k2, k3)) return undefined;
      at = bitOf(k0, k1, k2, k3, at.length) === 0 ? at.zero : at.one;
    }
    if (at === undefined || at.length !== length || at.value === undefined) return undefined;
    return covers(at, k0, k1, k2, k3) ? at : undefined;
  }
}

function entryOf<T>(at: PrefixNode<T>, value: T): PrefixEntry<T> {
  return [[at.k0 >>> 0, at.k1 >>> 0, at.k2 >>> 0, at.k3 >>> 0], at.length, value];
}

/** The limbs of an address as a trie keys it: IPv4 stands in the first limb. */
export function limbsOf(address: Ip): Limbs {
  return isIpv4(address) ? [address, 0, 0, 0] : address;
}

/** `set` of a block. */
export function setCidr<T>(trie: PrefixTrie<T>, block: Cidr, value: T): PrefixTrie<T> {
  return trie.set(...limbsOf(block.address), block.length, value);
}

/** `delete` of a block. */
export function deleteCidr<T>(trie: PrefixTrie<T>, block: Cidr): PrefixTrie<T> {
  return trie.delete(...limbsOf(block.address), block.length);
}

/** `get` of a block: exactly this one. */
export function getCidr<T>(trie: PrefixTrie<T>, block: Cidr): T | undefined {
  return trie.get(...limbsOf(block.address), block.length);
}

/** `match` of an address: the longest prefix. */
export function matchIp<T>(trie: PrefixTrie<T>, address: Ip): T | undefined {
  if (isIpv4(address)) return trie.match(address, 0, 0, 0);
  return trie.match(address[0], address[1], address[2], address[3]);
}

/** `matches` of an address: all covering entries, shortest first. */
export function matchesIp<T>(trie: PrefixTrie<T>, address: Ip): Iterable<PrefixEntry<T>> {
  return trie.matches(...limbsOf(address));
}
