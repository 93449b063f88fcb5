import { describe, expect, it } from 'vitest';
import { awsError } from '../model/error.ts';
import { createMemoryStore } from '../store/memory.ts';
import { Cloud, type CloudOptions } from './cloud.ts';

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

const put = (id: string) => (tx: Parameters<Parameters<Cloud['execute']>[0]>[0]) =>
  tx.put('setting', { id, value: id });

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
