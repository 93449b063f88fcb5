/** What every store must do; run by store.test.ts for each. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RecordChange, type Store, StoreError } from './store.ts';

export interface StoreUnderTest {
  readonly name: string;
  /** Opens the same place again each time, until `clear`. */
  open(): Promise<Store>;
  /** Removes what the store left behind. */
  clear(): Promise<void>;
  /** Tests that do not apply, each with its reason. */
  readonly exceptions: { readonly [title: string]: string };
}

const change = (kind: string, id: string, value: unknown): RecordChange => ({ kind, id, value });

/** The same meaning, written without a store. */
class Model {
  readonly #records = new Map<string, RecordChange>();

  commit(changes: readonly RecordChange[]): void {
    for (const { kind, id, value } of changes) {
      const key = `${kind}\0${id}`;
      if (value === null) this.#records.delete(key);
      else this.#records.set(key, { kind, id, value });
    }
  }

  records(): RecordChange[] {
    const entries = [...this.#records].sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.map(([, record]) => record);
  }
}

// JSON has no -0 and few names, so that changes meet.
const json = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => value !== null)
  .map((value): unknown => JSON.parse(JSON.stringify(value)));
const anyChange = fc.record({
  kind: fc.constantFrom('Vpc', 'Subnet', 'Route'),
  id: fc.constantFrom('a', 'a-1', 'b', 'Zürich', "it's", '0'),
  value: fc.option(json, { freq: 3 }),
});
const batches = fc.array(fc.array(anyChange, { maxLength: 6 }), { maxLength: 12 });

export function storeConformance(subject: StoreUnderTest): void {
  describe(`store conformance: ${subject.name}`, () => {
    let store: Store;
    const test = (title: string, run: () => Promise<void>) => {
      const reason = subject.exceptions[title];
      if (reason === undefined) it(title, run);
      else it.skip(`${title} (skipped: ${reason})`, run);
    };
    beforeEach(async () => {
      store = await subject.open();
    });
    afterEach(async () => {
      await store.close();
      await subject.clear();
    });
    const reopen = async () => {
      await store.close();
      store = await subject.open();
    };
    const get = () => store;
    contents(test, get);
    ordering(test, get);
    lifecycle(test, get, reopen);
  });
}

type Test = (title: string, run: () => Promise<void>) => void;

function contents(test: Test, store: () => Store): void {
  test('is empty at first', async () => {
    expect(await store().load()).toEqual([]);
  });

  test('keeps, replaces and deletes records', async () => {
    await store().commit([change('Vpc', 'b', { cidr: '10.0.0.0/16' }), change('Vpc', 'a', [1])]);
    await store().commit([change('Vpc', 'b', 'new'), change('Vpc', 'a', null)]);
    expect(await store().load()).toEqual([change('Vpc', 'b', 'new')]);
  });

  test('tells kinds apart, and ids', async () => {
    const changes = [change('A', 'x', 1), change('Ax', '1', 2), change('B', 'x', 3)];
    await store().commit([...changes, change('B', 'x1', null)]);
    expect(await store().load()).toEqual(changes);
  });

  test('lets the later of two changes in one commit win', async () => {
    await store().commit([change('Vpc', 'a', 1), change('Vpc', 'a', null), change('Vpc', 'a', 2)]);
    expect(await store().load()).toEqual([change('Vpc', 'a', 2)]);
  });

  test('keeps every JSON value but null as it is', async () => {
    const values = [
      0,
      -1.5,
      1e300,
      '',
      'ü\0\ud800"',
      true,
      false,
      [],
      {},
      [null],
      { a: { b: [] } },
    ];
    await store().commit(values.map((value, index) => change('V', String(index + 10), value)));
    expect((await store().load()).map((record) => record.value)).toEqual(values);
  });

  test('agrees with a map after any batches', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const before = await store().load();
        await store().commit(before.map(({ kind, id }) => change(kind, id, null)));
        const model = new Model();
        for (const batch of all) model.commit(batch);
        await Promise.all(all.map((batch) => store().commit(batch)));
        expect(await store().load()).toEqual(model.records());
      }),
      { numRuns: 60 },
    );
  });
}

function ordering(test: Test, store: () => Store): void {
  test('writes concurrent commits in the order of the calls', async () => {
    const done: number[] = [];
    const commits = Array.from({ length: 100 }, (_, index) =>
      store()
        .commit([change('Counter', 'c', index), change('Item', `i${1000 + index}`, index)])
        .then(() => done.push(index)),
    );
    await Promise.all(commits);
    const records = await store().load();
    expect(records[0]).toEqual(change('Counter', 'c', 99));
    expect(records).toHaveLength(101);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  test('takes the values as they are at the call', async () => {
    const value = { state: 'pending' };
    const changes = [change('Vpc', 'a', value)];
    const committed = store().commit(changes);
    value.state = 'available';
    changes.push(change('Vpc', 'b', 1));
    await committed;
    expect(await store().load()).toEqual([change('Vpc', 'a', { state: 'pending' })]);
  });

  test('gives values that nobody else holds', async () => {
    await store().commit([change('Vpc', 'a', { tags: [] })]);
    const [first] = await store().load();
    (first!.value as { tags: string[] }).tags.push('mine');
    expect(await store().load()).toEqual([change('Vpc', 'a', { tags: [] })]);
  });

  test('loads what was committed before, acknowledged or not', async () => {
    const committed = store().commit([change('Vpc', 'a', 1)]);
    expect(await store().load()).toEqual([change('Vpc', 'a', 1)]);
    await committed;
  });

  test('resolves an empty commit', async () => {
    await expect(store().commit([])).resolves.toBeUndefined();
  });

  test('refuses what is no record, and goes on', async () => {
    await expect(store().commit([change('', 'a', 1)])).rejects.toThrow(/kind and an id/);
    await expect(store().commit([change('Vpc', 'a', undefined)])).rejects.toThrow(/no JSON/);
    await expect(store().commit([change('Vpc', 'a', Number.NaN)])).rejects.toThrow(/no JSON/);
    await store().commit([change('Vpc', 'a', 1)]);
    expect(await store().load()).toEqual([change('Vpc', 'a', 1)]);
  });
}

function lifecycle(test: Test, store: () => Store, reopen: () => Promise<void>): void {
  test('refuses calls after close', async () => {
    await store().close();
    for (const call of [() => store().load(), () => store().commit([])]) {
      const error = await call().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(StoreError);
      expect(error).toMatchObject({ code: 'Closed' });
    }
  });

  test('closes twice without harm', async () => {
    await Promise.all([store().close(), store().close()]);
    await expect(store().close()).resolves.toBeUndefined();
  });

  test('has everything again after close and open', async () => {
    const model = new Model();
    for (let round = 0; round < 3; round++) {
      const batch = [change('Vpc', `v${round}`, { round }), change('Vpc', `v${round - 2}`, null)];
      model.commit(batch);
      await store().commit(batch);
      await reopen();
      expect(await store().load()).toEqual(model.records());
    }
  });

  test('writes at close what was committed and not yet awaited', async () => {
    const pending = Array.from({ length: 50 }, (_, index) =>
      store().commit([change('Vpc', `v${100 + index}`, index)]),
    );
    await reopen();
    await Promise.all(pending);
    expect(await store().load()).toHaveLength(50);
  });
}
