/** A bounded first-in first-out queue of octets: a ring that grows as it is used. */
export class ByteQueue {
  readonly limit: number;
  #ring = new Uint8Array(0);
  #start = 0;
  #length = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  get space(): number {
    return this.limit - this.#length;
  }

  /** Appends as much as fits; returns how many octets that was. */
  push(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.space);
    if (this.#length + count > this.#ring.length) this.#grow(this.#length + count);
    const ring = this.#ring;
    const at = (this.#start + this.#length) % Math.max(1, ring.length);
    const head = Math.min(count, ring.length - at);
    ring.set(bytes.subarray(0, head), at);
    ring.set(bytes.subarray(head, count), 0);
    this.#length += count;
    return count;
  }

  /** A copy of `count` octets from `offset`, or of as many as there are. */
  peek(offset: number, count: number): Uint8Array {
    const size = Math.max(0, Math.min(count, this.#length - offset));
    const copy = new Uint8Array(size);
    if (size === 0) return copy;
    const ring = this.#ring;
    const at = (this.#start + offset) % ring.length;
    const head = Math.min(size, ring.length - at);
    copy.set(ring.subarray(at, at + head), 0);
    copy.set(ring.subarray(0, size - head), head);
    return copy;
  }

  /** Forgets the first `count` octets; an emptied queue gives its memory back. */
  drop(count: number): void {
    const size = Math.min(count, this.#length);
    this.#length -= size;
    if (this.#length === 0) this.clear();
    else this.#start = (this.#start + size) % this.#ring.length;
  }

  /** Removes and returns everything. */
  take(): Uint8Array {
    const all = this.peek(0, this.#length);
    this.clear();
    return all;
  }

  clear(): void {
    this.#ring = new Uint8Array(0);
    this.#start = 0;
    this.#length = 0;
  }

  #grow(needed: number): void {
    let capacity = Math.max(64, this.#ring.length);
    while (capacity < needed) capacity *= 2;
    const ring = new Uint8Array(Math.min(capacity, this.limit));
    ring.set(this.peek(0, this.#length), 0);
    this.#ring = ring;
    this.#start = 0;
  }
}
