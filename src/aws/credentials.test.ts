import { describe, expect, it } from 'vitest';
import { Random } from '../net/random.ts';
import { createMemoryCredentialStore, newCredential, roleId } from './credentials.ts';

const grant = {
  account: '222222222222',
  arn: 'arn:aws:sts::222222222222:assumed-role/a/b',
  userId: 'AROAEXAMPLE:b',
  durationSeconds: 900,
};

describe('issued credentials', () => {
  it('look like AWS’s and last as long as asked', () => {
    const credential = newCredential(grant, new Random(7), 1_500);
    expect(credential.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(credential.secretAccessKey).toMatch(/^[\w+/]{40}$/);
    expect(credential).toMatchObject({ account: '222222222222', arn: grant.arn });
    expect(credential.expiration).toBe(901_000);
  });

  it('are the same for the same seed, and never twice the same', () => {
    const random = new Random(7);
    const first = newCredential(grant, random, 0);
    expect(newCredential(grant, new Random(7), 0)).toEqual(first);
    expect(newCredential(grant, random, 0).accessKeyId).not.toBe(first.accessKeyId);
  });

  it('are found again by their key', async () => {
    const store = createMemoryCredentialStore(new Random(7), () => 0);
    const issued = await store.issue(grant);
    expect(store.find(issued.accessKeyId)).toEqual(issued);
    expect(store.find('ASIAUNKNOWN')).toBeUndefined();
  });
});

it('a role’s id is its own and stays', () => {
  const one = roleId('arn:aws:iam::111111111111:role/one');
  expect(one).toMatch(/^AROA[A-Z2-7]{17}$/);
  expect(roleId('arn:aws:iam::111111111111:role/one')).toBe(one);
  expect(roleId('arn:aws:iam::111111111111:role/two')).not.toBe(one);
});
