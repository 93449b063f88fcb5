/** Up to so many records are copied whenever asked for: a kept list is not worth its memory. */
const COPIED = 64;

/**
 * Records by key in order of insertion. One that is taken out leaves its place, so that it comes
 * back where it was when the command that took it fails; `close` gives the place up.
 *
 * Most keys of most indexes have one record: it stands here, and a map is made for the second.
 */
export class Ordered<R extends object> {
  #key: string | undefined;
  #record: R | undefined;
  /** All places, from the second on. */
  #places: Map<string, R | undefined> | undefined;
  #empty = 0;
  /** What `list` gave last, as long as it holds. */
  #list: readonly R[] | undefined;

  get size(): number {
    if (this.#places === undefined) return this.#record === undefined ? 0 : 1;
    return this.#places.size - this.#empty;
  }

  get(key: string): R | undefined {
    if (this.#places !== undefined) return this.#places.get(key);
    return this.#key === key ? this.#record : undefined;
  }

  /** In order of insertion. */
  values(): Iterable<R> {
    if (this.#places === undefined) return this.#record === undefined ? [] : [this.#record];
    return this.#empty === 0 ? (this.#places.values() as Iterable<R>) : taken(this.#places);
  }

  /** The same as it is now; what happens later does not show. */
  list(): readonly R[] {
    if (this.size <= COPIED) return [...this.values()];
    this.#list ??= [...this.values()];
    return this.#list;
  }

  first(): R | undefined {
    if (this.#places === undefined) return this.#record;
    for (const record of this.#places.values()) if (record !== undefined) return record;
    return undefined;
  }

  /** Puts a record at its place, or at the end where its key has none. */
  set(key: string, record: R): void {
    this.#list = undefined;
    if (this.#places === undefined && (this.#key === undefined || this.#key === key)) {
      this.#key = key;
      this.#record = record;
      return;
    }
    const places = this.#map();
    if (this.#empty > 0 && isEmpty(places, key)) this.#empty -= 1;
    places.set(key, record);
  }

  /** Takes a record out; its place stays. */
  vacate(key: string): void {
    if (this.get(key) === undefined) return;
    this.#list = undefined;
    if (this.#places === undefined) this.#record = undefined;
    else {
      this.#places.set(key, undefined);
      this.#empty += 1;
    }
  }

  /** Gives up the place of a key, unless a record has come into it. */
  close(key: string): void {
    if (this.#places === undefined) {
      if (this.#key === key && this.#record === undefined) this.#key = undefined;
    } else if (isEmpty(this.#places, key)) {
      this.#places.delete(key);
      this.#empty -= 1;
    }
  }

  #map(): Map<string, R | undefined> {
    if (this.#places !== undefined) return this.#places;
    this.#places = new Map([[this.#key!, this.#record]]);
    if (this.#record === undefined) this.#empty = 1;
    this.#key = this.#record = undefined;
    return this.#places;
  }
}

function isEmpty(places: ReadonlyMap<string, object | undefined>, key: string): boolean {
  return places.get(key) === undefined && places.has(key);
}

function* taken<R>(places: ReadonlyMap<string, R | undefined>): Iterable<R> {
  for (const record of places.values()) if (record !== undefined) yield record;
}
