import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';
import type { Row } from './row.ts';
import { StoreError } from './store.ts';

const row = (id: string, json = '1'): Row => ['Vpc', id, json];

/** A disk that answers when told to, and remembers each write. */
class Disk {
  readonly writes: string[][] = [];
  #answers: { resolve: () => void; reject: (error: StoreError) => void }[] = [];

  readonly write = (rows: readonly Row[]): Promise<void> => {
    this.writes.push(rows.map(([, id]) => id));
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  };

  /** Waits until a write is under way, then answers it. */
  async answer(error?: StoreError): Promise<void> {
    while (this.#answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const { resolve, reject } = this.#answers.shift()!;
    if (error === undefined) resolve();
    else reject(error);
  }
}

const outcome = (promise: Promise<void>) =>
  promise.then(
    () => 'done',
    (error: StoreError) => error.code,
  );

describe('GroupCommit', () => {
  it('joins what is committed while a write is under way into the next one', async () => {
    const disk = new Disk();
    const group = new GroupCommit(disk.write);
    const first = group.commit([row('a')]);
    while (disk.writes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const rest = ['b', 'c', 'd'].map((id) => group.commit([row(id)]));
    await disk.answer();
    await first;
    await disk.answer();
    await Promise.all(rest);
    expect(disk.writes).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('waits for as many callers as the last write answered, but not for ever', async () => {
    const disk = new Disk();
    const group = new GroupCommit(disk.write);
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const first = ['a', 'b', 'c'].map((id) => group.commit([row(id)]));
    await disk.answer();
    await Promise.all(first);
    const late: Promise<void>[] = [];
    for (const id of ['d', 'e', 'f']) {
      late.push(group.commit([row(id)]));
      await turn();
      await turn();
    }
    await disk.answer();
    await Promise.all(late);
    const alone = group.commit([row('g')]);
    await disk.answer();
    await alone;
    expect(disk.writes).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']]);
  });

  it('acknowledges nothing before its write is answered', async () => {
    const disk = new Disk();
    const group = new GroupCommit(disk.write);
    let acknowledged = false;
    const committed = group.commit([row('a')]).then(() => {
      acknowledged = true;
    });
    while (disk.writes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(acknowledged).toBe(false);
    await disk.answer();
    await committed;
    expect(acknowledged).toBe(true);
  });

  it('fails what is written, what waits and all that follows, with the first error', async () => {
    const disk = new Disk();
    const group = new GroupCommit(disk.write);
    const first = outcome(group.commit([row('a')]));
    while (disk.writes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const waiting = outcome(group.commit([row('b')]));
    await disk.answer(new StoreError('DiskFull', 'full'));
    expect([await first, await waiting]).toEqual(['DiskFull', 'DiskFull']);
    expect(await outcome(group.commit([row('c')]))).toBe('DiskFull');
    expect(disk.writes).toEqual([['a']]);
  });

  it('gives up when too much waits, and still answers the write under way', async () => {
    const disk = new Disk();
    const group = new GroupCommit(disk.write, 20);
    const first = outcome(group.commit([row('large', 'x'.repeat(100))]));
    while (disk.writes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const waiting = outcome(group.commit([row('b', 'x'.repeat(10))]));
    const beyond = outcome(group.commit([row('c', 'x'.repeat(10))]));
    await disk.answer();
    expect(await Promise.all([first, waiting, beyond])).toEqual([
      'done',
      'Overloaded',
      'Overloaded',
    ]);
    expect(disk.writes).toEqual([['large']]);
  });
});
