/**
 * Records by key in order of insertion. One that is taken out leaves its place, so that it comes
 * back where it was when the command that took it fails; `close` gives the place up.
 */
export class Ordered<R extends object> {
  readonly #places = new Map<string, R | undefined>();
  #empty = 0;

  get size(): number {
    return this.#places.size - this.#empty;
  }

  get(key: string): R | undefined {
    return this.#places.get(key);
  }

  /** In order of insertion. */
  values(): Iterable<R> {
    return this.#empty === 0 ? (this.#places.values() as Iterable<R>) : this.#taken();
  }

  first(): R | undefined {
    for (const record of this.#places.values()) if (record !== undefined) return record;
    return undefined;
  }

  /** Puts a record at its place, or at the end where its key has none. */
  set(key: string, record: R): void {
    if (this.#empty > 0 && this.#isEmpty(key)) this.#empty -= 1;
    this.#places.set(key, record);
  }

  /** Takes a record out; its place stays. */
  vacate(key: string): void {
    if (this.#places.get(key) === undefined) return;
    this.#places.set(key, undefined);
    this.#empty += 1;
  }

  /** Gives up the place of a key, unless a record has come into it. */
  close(key: string): void {
    if (!this.#isEmpty(key)) return;
    this.#places.delete(key);
    this.#empty -= 1;
  }

  #isEmpty(key: string): boolean {
    return this.#places.get(key) === undefined && this.#places.has(key);
  }

  *#taken(): Iterable<R> {
    for (const record of this.#places.values()) if (record !== undefined) yield record;
  }
}
