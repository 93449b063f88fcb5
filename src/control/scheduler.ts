/** Which timer is due next. Fed by the model's changes; knows nothing of what timers do. */
import type { Timer } from '../model/resource.ts';

export class Scheduler {
  readonly #timers = new Map<string, Timer>();
  /** A binary heap by time, with stale entries skipped when they surface. */
  readonly #heap: Timer[] = [];

  set(timer: Timer): void {
    this.#timers.set(timer.id, timer);
    this.#heap.push(timer);
    this.#up(this.#heap.length - 1);
  }

  delete(id: string): void {
    this.#timers.delete(id);
  }

  /** The earliest timer. */
  next(): Timer | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.#timers.get(top.id) === top) return top;
      this.#pop();
    }
  }

  #before(a: Timer, b: Timer): boolean {
    return a.at !== b.at ? a.at < b.at : a.id < b.id;
  }

  #up(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(this.#heap[index]!, this.#heap[parent]!)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #pop(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    let index = 0;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        const candidate = this.#heap[child];
        if (candidate && this.#before(candidate, this.#heap[least]!)) least = child;
      }
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
