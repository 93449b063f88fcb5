import { describe, expect, it } from 'vitest';
import { awsError } from '../model/error.ts';
import { createMemoryStore } from '../store/memory.ts';
import { Cloud, type CloudOptions } from './cloud.ts';
import type { Transaction } from './transaction.ts';

async function open(options: Partial<CloudOptions> = {}): Promise<Cloud> {
  return Cloud.open({
    store: createMemoryStore(),
    realNow: () => 0,
    seed: 1,
    transitions: 'fast',
    quotas: true,
    zones: { shuffled: false, seed: 1 },
    setTimer: () => () => {},
    onStoreFailure: () => {},
    onDefect: (error) => {
      throw error;
    },
    ...options,
  });
}

const put = (id: string) => (tx: Transaction) => {
  tx.put('setting', { id, value: id });
};

describe('a command', () => {
  it('is undone as a whole when it throws', async () => {
    const cloud = await open();
    await expect(
      cloud.execute((tx) => {
        put('a')(tx);
        throw awsError('InvalidParameterValue', 'no');
      }),
    ).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    expect(cloud.model.get('setting', 'a')).toBeUndefined();
  });

  it('is checked and undone by DryRun (G-028)', async () => {
    const cloud = await open();
    await expect(cloud.execute(put('a'), { dryRun: true })).rejects.toMatchObject({
      code: 'DryRunOperation',
      status: 412,
    });
    expect(cloud.model.get('setting', 'a')).toBeUndefined();
  });

  it('is not answered when the store refuses it, and the server hears of that', async () => {
    const store = createMemoryStore();
    store.commit = () => Promise.reject(new Error('full'));
    const failures: unknown[] = [];
    const cloud = await open({ store, onStoreFailure: (error) => failures.push(error) });
    await expect(cloud.execute(put('a'))).rejects.toMatchObject({ code: 'ServiceUnavailable' });
    expect(failures).toHaveLength(1);
  });
});

describe('a command that follows', () => {
  it('runs when everybody has heard of what it follows from, and they hear of it in order', async () => {
    const cloud = await open();
    const heard: string[] = [];
    cloud.subscribe(([change]) => {
      if (change!.id === 'a') cloud.follow(put('b'));
      if (change!.id === 'b') cloud.follow(put('c'));
      heard.push(`one ${change!.id}`);
    });
    cloud.subscribe(([change]) => heard.push(`other ${change!.id}`));
    await cloud.execute(put('a'));
    expect(heard).toEqual(['one a', 'other a', 'one b', 'other b', 'one c', 'other c']);
  });

  it('runs at the time of what it follows from, and at once where nobody is told of anything', async () => {
    const cloud = await open();
    const times: number[] = [];
    cloud.subscribe((changes) => {
      const fired = changes.some(({ kind, after }) => kind === 'timer' && after === undefined);
      if (fired) cloud.follow((tx) => void times.push(tx.now));
    });
    await cloud.execute((tx) => tx.schedule('client-token.forget', 'x', 10));
    await cloud.advance(100);
    cloud.follow((tx) => void times.push(tx.now));
    expect(times).toEqual([10, 100]);
  });

  it('takes its defect to itself', async () => {
    const defects: unknown[] = [];
    const cloud = await open({ onDefect: (error) => defects.push(error) });
    cloud.subscribe(([change]) => {
      if (change!.id !== 'a') return;
      cloud.follow(() => {
        throw new Error('a mistake');
      });
      cloud.follow(put('b'));
    });
    await cloud.execute(put('a'));
    expect(defects).toHaveLength(1);
    expect(cloud.model.get('setting', 'b')).toBeDefined();
  });
});

describe('a timer', () => {
  it('that meets a defect is told of and taken away, and others go on', async () => {
    const defects: unknown[] = [];
    const cloud = await open({ onDefect: (error) => defects.push(error) });
    await cloud.execute((tx) => {
      tx.schedule('no.such-event', 'x', 10);
      tx.schedule('vpc.available', 'vpc-gone', 20);
    });
    await cloud.advance(100);
    expect(defects).toHaveLength(1);
    expect([...cloud.model.all('timer')]).toEqual([]);
    expect(cloud.now()).toBe(100);
  });
});
