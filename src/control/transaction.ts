/** One command's view of the model: reads what it wrote, and is undone when the command fails. */

import { type IdKind, newId } from '../model/id.ts';
import { QUOTAS, type Quota } from '../model/limits.ts';
import type { Model, ModelReader } from '../model/model.ts';
import { type Zone, type ZoneMapping, zonesOf } from '../model/region.ts';
import { type Change, type IndexOf, type Kind, type Records, SCHEMA } from '../model/schema.ts';
import type { Random } from '../net/random.ts';

/** How long states stay transitional: 50 ms, AWS's usual time, or not at all. */
export type Transitions = 'fast' | 'aws' | 'instant';
const FAST_MILLIS = 50;

export interface TransactionOptions {
  readonly model: Model;
  readonly random: Random;
  /** Milliseconds since the epoch on the cloud's clock. */
  readonly now: number;
  readonly transitions: Transitions;
  readonly quotas: boolean;
  readonly zones: ZoneMapping;
}

export class Transaction implements ModelReader {
  readonly now: number;
  readonly random: Random;
  readonly #options: TransactionOptions;
  readonly #changes: Change[] = [];
  readonly #immediate: { event: string; target: string }[] = [];

  constructor(options: TransactionOptions) {
    this.#options = options;
    this.now = options.now;
    this.random = options.random;
  }

  get<K extends Kind>(kind: K, id: string): Records[K] | undefined {
    return this.#options.model.get(kind, id);
  }
  all<K extends Kind>(kind: K): Iterable<Records[K]> {
    return this.#options.model.all(kind);
  }
  by<K extends Kind>(kind: K, index: IndexOf<K>, key: string): readonly Records[K][] {
    return this.#options.model.by(kind, index, key);
  }
  first<K extends Kind>(kind: K, index: IndexOf<K>, key: string): Records[K] | undefined {
    return this.#options.model.first(kind, index, key);
  }
  count<K extends Kind>(kind: K, index: IndexOf<K>, key: string): number {
    return this.#options.model.count(kind, index, key);
  }

  /** Writes a whole record: a new one, or in place of the one with its id. */
  put<K extends Kind>(kind: K, record: Records[K]): Records[K] {
    this.#change({
      kind,
      id: record.id,
      before: this.get(kind, record.id),
      after: record,
    } as Change);
    return record;
  }

  /** Replaces some members of an existing record. */
  update<K extends Kind>(kind: K, record: Records[K], members: Partial<Records[K]>): Records[K] {
    return this.put(kind, { ...record, ...members });
  }

  delete<K extends Kind>(kind: K, id: string): void {
    const before = this.get(kind, id);
    if (before !== undefined) this.#change({ kind, id, before, after: undefined } as Change);
  }

  /** An id no record has. */
  newId(kind: IdKind): string {
    for (;;) {
      const id = newId(kind, this.random);
      if (!(kind in SCHEMA) || this.get(kind as Kind & IdKind, id) === undefined) return id;
    }
  }

  /** The quota's value, or Infinity with `--quotas off`. */
  quota(name: Quota): number {
    return this.#options.quotas ? QUOTAS[name] : Number.POSITIVE_INFINITY;
  }

  zones(account: string, region: string): Zone[] {
    return zonesOf(region, account, this.#options.zones);
  }

  /** Makes `event` happen to `target` once `awsSeconds` have passed, or as `--transitions` says. */
  settle(event: string, target: string, awsSeconds: number): void {
    const { transitions } = this.#options;
    if (transitions === 'instant') this.#immediate.push({ event, target });
    else
      this.schedule(
        event,
        target,
        this.now + (transitions === 'aws' ? awsSeconds * 1000 : FAST_MILLIS),
      );
  }

  /** Makes `event` happen to `target` at a time (ms) of the cloud's clock. */
  schedule(event: string, target: string, at: number): void {
    this.put('timer', { id: `${event}|${target}`, at, event, target });
  }

  /** Takes back everything scheduled for `target`. */
  unschedule(target: string): void {
    for (const timer of this.by('timer', 'target', target)) this.delete('timer', timer.id);
  }

  /** Takes the next event that `settle` wants at once. */
  nextImmediate(): { event: string; target: string } | undefined {
    return this.#immediate.shift();
  }

  /** Puts everything back as it was, and where it was. */
  rollback(): void {
    const { model } = this.#options;
    for (let change = this.#changes.pop(); change; change = this.#changes.pop()) {
      model.attempt({ ...change, before: change.after, after: change.before } as Change);
    }
    model.settle();
  }

  /** Ends the transaction: what was done, one change a record. */
  commit(): Change[] {
    this.#options.model.settle();
    const merged = new Map<string, Change>();
    for (const change of this.#changes) {
      const key = `${change.kind}|${change.id}`;
      const earlier = merged.get(key);
      merged.set(key, earlier ? ({ ...change, before: earlier.before } as Change) : change);
    }
    return [...merged.values()].filter(({ before, after }) => before !== after);
  }

  #change(change: Change): void {
    this.#options.model.attempt(change);
    this.#changes.push(change);
  }
}
