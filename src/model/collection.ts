/** Records of one kind, by id and by their indexes. */
import type { IndexKey } from './schema.ts';

type Keys = string | readonly string[] | undefined;

function* keysOf(keys: Keys): Iterable<string> {
  if (typeof keys === 'string') yield keys;
  else if (keys !== undefined) yield* keys;
}

export class Collection<R extends { readonly id: string }> {
  readonly #records = new Map<string, R>();
  readonly #indexes = new Map<string, { key: IndexKey<R>; buckets: Map<string, Map<string, R>> }>();

  constructor(indexes: Readonly<Record<string, IndexKey<R>>>) {
    for (const [name, key] of Object.entries(indexes)) {
      this.#indexes.set(name, { key, buckets: new Map() });
    }
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  /** In order of insertion. */
  values(): Iterable<R> {
    return this.#records.values();
  }

  /** The records an index files under `key`, in order of insertion into that bucket. */
  by(index: string, key: string): readonly R[] {
    const bucket = this.#bucketsOf(index).get(key);
    return bucket === undefined ? [] : [...bucket.values()];
  }

  /** The only record under `key`, or the first. */
  first(index: string, key: string): R | undefined {
    return this.#bucketsOf(index).get(key)?.values().next().value;
  }

  count(index: string, key: string): number {
    return this.#bucketsOf(index).get(key)?.size ?? 0;
  }

  set(record: R): void {
    const before = this.#records.get(record.id);
    this.#records.set(record.id, record);
    for (const { key, buckets } of this.#indexes.values()) {
      const next = new Set(keysOf(key(record)));
      for (const old of keysOf(before && key(before))) {
        if (!next.has(old)) this.#remove(buckets, old, record.id);
      }
      for (const added of next) {
        const bucket = buckets.get(added) ?? new Map<string, R>();
        buckets.set(added, bucket.set(record.id, record));
      }
    }
  }

  delete(id: string): void {
    const before = this.#records.get(id);
    if (before === undefined) return;
    this.#records.delete(id);
    for (const { key, buckets } of this.#indexes.values()) {
      for (const old of keysOf(key(before))) this.#remove(buckets, old, id);
    }
  }

  #bucketsOf(index: string): Map<string, Map<string, R>> {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`no index ${index}`);
    return found.buckets;
  }

  #remove(buckets: Map<string, Map<string, R>>, key: string, id: string): void {
    const bucket = buckets.get(key);
    bucket?.delete(id);
    if (bucket?.size === 0) buckets.delete(key);
  }
}
