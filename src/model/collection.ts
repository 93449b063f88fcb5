/** Records of one kind, by id and by their indexes. */
import { Ordered } from './ordered.ts';
import type { IndexKey } from './schema.ts';

type Keys = string | readonly string[] | undefined;

const NONE: readonly string[] = [];

function listOf(keys: Keys): readonly string[] {
  if (keys === undefined) return NONE;
  return typeof keys === 'string' ? [keys] : keys;
}

interface Index<R extends object> {
  readonly key: IndexKey<R>;
  readonly buckets: Map<string, Ordered<R>>;
}

/** A record's place that is empty, in all records (no bucket) or under a key of an index. */
interface Vacancy<R extends object> {
  readonly id: string;
  readonly bucket?: { readonly of: Index<R>; readonly key: string };
}

/**
 * Until `settle`, a record that was deleted or filed elsewhere keeps its places: putting it back
 * restores the order, too.
 */
export class Collection<R extends { readonly id: string }> {
  readonly #records = new Ordered<R>();
  readonly #indexes = new Map<string, Index<R>>();
  #vacancies: Vacancy<R>[] = [];

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
    return this.#bucketsOf(index).get(key)?.list() ?? [];
  }

  /** The only record under `key`, or the first. */
  first(index: string, key: string): R | undefined {
    return this.#bucketsOf(index).get(key)?.first();
  }

  count(index: string, key: string): number {
    return this.#bucketsOf(index).get(key)?.size ?? 0;
  }

  set(record: R): void {
    const before = this.#records.get(record.id);
    this.#records.set(record.id, record);
    for (const index of this.#indexes.values()) {
      const wanted = listOf(index.key(record));
      if (before !== undefined) {
        for (const old of listOf(index.key(before))) {
          if (!wanted.includes(old)) this.#vacate(index, old, record.id);
        }
      }
      for (const key of wanted) {
        let bucket = index.buckets.get(key);
        if (bucket === undefined) {
          bucket = new Ordered<R>();
          index.buckets.set(key, bucket);
        }
        bucket.set(record.id, record);
      }
    }
  }

  delete(id: string): void {
    const before = this.#records.get(id);
    if (before === undefined) return;
    this.#records.vacate(id);
    this.#vacancies.push({ id });
    for (const index of this.#indexes.values()) {
      for (const old of listOf(index.key(before))) this.#vacate(index, old, id);
    }
  }

  /** Gives up the places that were left: what is put back from now on goes to the end. */
  settle(): void {
    if (this.#vacancies.length === 0) return;
    for (const { id, bucket: place } of this.#vacancies) {
      if (place === undefined) {
        this.#records.close(id);
        continue;
      }
      const { buckets } = place.of;
      const bucket = buckets.get(place.key);
      bucket?.close(id);
      if (bucket?.size === 0) buckets.delete(place.key);
    }
    this.#vacancies = [];
  }

  #bucketsOf(index: string): Map<string, Ordered<R>> {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`no index ${index}`);
    return found.buckets;
  }

  #vacate(of: Index<R>, key: string, id: string): void {
    of.buckets.get(key)?.vacate(id);
    this.#vacancies.push({ id, bucket: { of, key } });
  }
}
