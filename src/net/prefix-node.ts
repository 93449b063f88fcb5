/**
 * The nodes of a prefix trie: immutable, path-compressed, one shape for both families. A node
 * holds a value or has two children, or both; nothing in between is stored.
 */
import { limbMask } from './cidr.ts';

/** 128 bits, most significant limb first, each limb an unsigned 32-bit number. */
export type Limbs = readonly [number, number, number, number];

export interface PrefixNode<T> {
  // Kept signed: a signed 32-bit field is stored in place, an unsigned one on the heap.
  readonly k0: number;
  readonly k1: number;
  readonly k2: number;
  readonly k3: number;
  readonly length: number;
  /** Undefined where two prefixes part and no entry ends. */
  readonly value: T | undefined;
  readonly zero: PrefixNode<T> | undefined;
  readonly one: PrefixNode<T> | undefined;
}
type Branch<T> = PrefixNode<T> | undefined;

/** The only maker of nodes, so that all share one hidden class. */
function node<T>(
  key: PrefixNode<unknown>,
  length: number,
  value: T | undefined,
  zero: Branch<T>,
  one: Branch<T>,
): PrefixNode<T> {
  return {
    k0: key.k0 & limbMask(length),
    k1: key.k1 & limbMask(length - 32),
    k2: key.k2 & limbMask(length - 64),
    k3: key.k3 & limbMask(length - 96),
    length,
    value,
    zero,
    one,
  };
}

/** A node without children; host bits beyond `length` are cleared. */
export function leaf<T>(
  k0: number,
  k1: number,
  k2: number,
  k3: number,
  length: number,
  value: T,
): PrefixNode<T> {
  const key = { k0, k1, k2, k3, length, value: undefined, zero: undefined, one: undefined };
  return node<T>(key, length, value, undefined, undefined);
}

/** Bit `index` of a key, 0 the most significant; index < 128. */
export function bitOf(k0: number, k1: number, k2: number, k3: number, index: number): number {
  const limb = index < 32 ? k0 : index < 64 ? k1 : index < 96 ? k2 : k3;
  return (limb >>> (31 - (index & 31))) & 1;
}

/** Whether the first `at.length` bits of the key are those of the node. */
export function covers(
  at: PrefixNode<unknown>,
  k0: number,
  k1: number,
  k2: number,
  k3: number,
): boolean {
  const { length } = at;
  const first = k0 ^ at.k0;
  if (length <= 32) return Math.clz32(first) >= length;
  if (first !== 0) return false;
  const second = k1 ^ at.k1;
  if (length <= 64) return Math.clz32(second) >= length - 32;
  if (second !== 0) return false;
  const third = k2 ^ at.k2;
  if (length <= 96) return Math.clz32(third) >= length - 64;
  return third === 0 && Math.clz32(k3 ^ at.k3) >= length - 96;
}

/** The number of leading bits two nodes share, at most the shorter one's length. */
function sharedBits(a: PrefixNode<unknown>, b: PrefixNode<unknown>): number {
  let bits = Math.clz32(a.k0 ^ b.k0);
  if (bits === 32) bits += Math.clz32(a.k1 ^ b.k1);
  if (bits === 64) bits += Math.clz32(a.k2 ^ b.k2);
  if (bits === 96) bits += Math.clz32(a.k3 ^ b.k3);
  return Math.min(bits, a.length, b.length);
}

function childBit(key: PrefixNode<unknown>, parentLength: number): number {
  return bitOf(key.k0, key.k1, key.k2, key.k3, parentLength);
}

function withChild<T>(at: PrefixNode<T>, bit: number, child: Branch<T>): PrefixNode<T> {
  return bit === 0
    ? node(at, at.length, at.value, child, at.one)
    : node(at, at.length, at.value, at.zero, child);
}

/** The tree with `entry` (a leaf) added or its value replaced; copies only the path to it. */
export function insert<T>(at: Branch<T>, entry: PrefixNode<T>): PrefixNode<T> {
  if (at === undefined) return entry;
  const shared = sharedBits(at, entry);
  if (shared === at.length) {
    if (entry.length === shared) return node(entry, shared, entry.value, at.zero, at.one);
    const bit = childBit(entry, shared);
    return withChild(at, bit, insert(bit === 0 ? at.zero : at.one, entry));
  }
  if (shared === entry.length) return withChild(entry, childBit(at, shared), at);
  return childBit(at, shared) === 0
    ? node<T>(entry, shared, undefined, at, entry)
    : node<T>(entry, shared, undefined, entry, at);
}

/** The tree without `entry`'s key, which must be in it; nodes left without a purpose vanish. */
export function remove<T>(at: PrefixNode<T>, entry: PrefixNode<unknown>): Branch<T> {
  if (at.length === entry.length) {
    if (at.zero !== undefined && at.one !== undefined) {
      return node<T>(at, at.length, undefined, at.zero, at.one);
    }
    return at.zero ?? at.one;
  }
  const bit = childBit(entry, at.length);
  const child = remove((bit === 0 ? at.zero : at.one)!, entry);
  if (child === undefined && at.value === undefined) return bit === 0 ? at.one : at.zero;
  return withChild(at, bit, child);
}
