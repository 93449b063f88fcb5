/** What exists. Written by control's transactions only; read by everyone above. */
import { Collection } from './collection.ts';
import {
  type Change,
  type IndexKey,
  type IndexOf,
  KINDS,
  type Kind,
  type Records,
  SCHEMA,
} from './schema.ts';

type Collections = { readonly [K in Kind]: Collection<Records[K]> };

/** Read access to the model. */
export interface ModelReader {
  get<K extends Kind>(kind: K, id: string): Records[K] | undefined;
  all<K extends Kind>(kind: K): Iterable<Records[K]>;
  by<K extends Kind>(kind: K, index: IndexOf<K>, key: string): readonly Records[K][];
  first<K extends Kind>(kind: K, index: IndexOf<K>, key: string): Records[K] | undefined;
  count<K extends Kind>(kind: K, index: IndexOf<K>, key: string): number;
}

export class Model implements ModelReader {
  readonly #collections: Collections;

  constructor() {
    const collections: Partial<Record<Kind, unknown>> = {};
    for (const kind of KINDS) {
      collections[kind] = new Collection(SCHEMA[kind] as Record<string, IndexKey<{ id: string }>>);
    }
    this.#collections = collections as Collections;
  }

  get<K extends Kind>(kind: K, id: string): Records[K] | undefined {
    return this.#collections[kind].get(id);
  }

  all<K extends Kind>(kind: K): Iterable<Records[K]> {
    return this.#collections[kind].values();
  }

  by<K extends Kind>(kind: K, index: IndexOf<K>, key: string): readonly Records[K][] {
    return this.#collections[kind].by(index, key);
  }

  first<K extends Kind>(kind: K, index: IndexOf<K>, key: string): Records[K] | undefined {
    return this.#collections[kind].first(index, key);
  }

  count<K extends Kind>(kind: K, index: IndexOf<K>, key: string): number {
    return this.#collections[kind].count(index, key);
  }

  size(kind: Kind): number {
    return this.#collections[kind].size;
  }

  /** Sets the record `after` describes. */
  apply(change: Change): void {
    this.attempt(change);
    this.#collections[change.kind].settle();
  }

  /** The same for a while: until `settle`, the opposite change restores the order, too. */
  attempt(change: Change): void {
    const collection = this.#collections[change.kind] as unknown as Collection<{ id: string }>;
    if (change.after === undefined) collection.delete(change.id);
    else collection.set(change.after);
  }

  /** Ends what was attempted. */
  settle(): void {
    for (const kind of KINDS) this.#collections[kind].settle();
  }
}
