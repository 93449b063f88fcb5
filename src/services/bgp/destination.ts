/**
 * The prefixes that a speaker knows, each one object: its routing tables are maps from these, so
 * that a prefix is looked up once, when it comes in.
 */
import type { Cidr } from '../../net/cidr.ts';
import { type Family, familyOf } from '../../net/ip.ts';
import { deleteCidr, getCidr, PrefixTrie, setCidr } from '../../net/prefix-trie.ts';
import { choose } from './decision.ts';
import type { Path } from './path.ts';

const NONE: readonly Path[] = [];

export class Destination {
  readonly prefix: Cidr;
  readonly family: Family;
  /** At most one of each peer. */
  #paths: Path[] = [];
  #best: readonly Path[] = NONE;

  constructor(prefix: Cidr) {
    this.prefix = prefix;
    this.family = familyOf(prefix.address);
  }

  /** The best path and those equal to it; empty when nobody announces the prefix. */
  get best(): readonly Path[] {
    return this.#best;
  }
  get paths(): readonly Path[] {
    return this.#paths;
  }

  /** Puts a path in the place of another; returns whether the choice is another one now. */
  replace(old: Path | undefined, path: Path | undefined): boolean {
    const at = old === undefined ? -1 : this.#paths.indexOf(old);
    if (path === undefined) this.#paths.splice(at, at < 0 ? 0 : 1);
    else if (at < 0) this.#paths.push(path);
    else this.#paths[at] = path;
    const before = this.#best;
    this.#best = choose(this.#paths);
    return !sameItems(before, this.#best);
  }
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

export class DestinationTable {
  readonly #tries: Record<Family, PrefixTrie<Destination>> = {
    4: PrefixTrie.empty(),
    6: PrefixTrie.empty(),
  };

  /** Prefixes in it. */
  get size(): number {
    return this.#tries[4].size + this.#tries[6].size;
  }

  find(prefix: Cidr): Destination | undefined {
    return getCidr(this.#tries[familyOf(prefix.address)], prefix);
  }

  /** The prefix's one object, made when there is none. */
  at(prefix: Cidr): Destination {
    const family = familyOf(prefix.address);
    const trie = this.#tries[family];
    const known = getCidr(trie, prefix);
    if (known !== undefined) return known;
    const made = new Destination(prefix);
    this.#tries[family] = setCidr(trie, prefix, made);
    return made;
  }

  forget({ prefix, family }: Destination): void {
    this.#tries[family] = deleteCidr(this.#tries[family], prefix);
  }

  /** In the order of addresses, IPv4 first. */
  *[Symbol.iterator](): Generator<Destination> {
    for (const family of [4, 6] as const) {
      for (const [, , destination] of this.#tries[family].entries()) yield destination;
    }
  }
}
