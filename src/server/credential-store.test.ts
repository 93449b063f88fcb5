import { describe, expect, it } from 'vitest';
import { testCloud } from '../../test/support/test-cloud.ts';
import { createMemoryStore } from '../store/memory.ts';
import { createCredentialStore } from './credential-store.ts';

const grant = {
  account: '222222222222',
  arn: 'arn:aws:sts::222222222222:assumed-role/network/me',
  userId: 'AROAEXAMPLE:me',
  durationSeconds: 900,
};

describe('createCredentialStore', () => {
  it('finds after a restart what it issued', async () => {
    const store = createMemoryStore();
    const first = await testCloud({ store });
    const issued = await createCredentialStore(first.cloud).issue(grant);
    expect(issued).toMatchObject({ account: '222222222222', expiration: first.cloud.now() + 9e5 });

    const second = await testCloud({ store });
    expect(createCredentialStore(second.cloud).find(issued.accessKeyId)).toEqual(issued);
    expect(createCredentialStore(second.cloud).find('ASIANOBODY')).toBeUndefined();
  });

  it('gives no key twice, though a seed be replayed', async () => {
    const store = createMemoryStore();
    const first = await testCloud({ store, seed: 7 });
    const a = await createCredentialStore(first.cloud).issue(grant);
    const second = await testCloud({ store, seed: 7 });
    const b = await createCredentialStore(second.cloud).issue(grant);
    expect(b.accessKeyId).not.toBe(a.accessKeyId);
  });

  it('forgets the oldest when there are too many', async () => {
    const { cloud } = await testCloud();
    const credentials = createCredentialStore(cloud, 2);
    const keys = [];
    for (let count = 0; count < 3; count++) {
      keys.push((await credentials.issue(grant)).accessKeyId);
    }
    expect(keys.map((key) => credentials.find(key) !== undefined)).toEqual([false, true, true]);
  });
});
