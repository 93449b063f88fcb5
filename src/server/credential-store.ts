/** Access keys that STS issued, kept with everything else: they hold after a restart. */
import {
  type CredentialStore,
  type Grant,
  type IssuedCredential,
  newCredential,
} from '../aws/credentials.ts';
import type { Cloud } from '../control/cloud.ts';
import type { Transaction } from '../control/transaction.ts';
import type { IssuedCredential as CredentialRecord } from '../model/resource.ts';

/** How many are remembered; beyond that the oldest are forgotten. */
export const CREDENTIALS_MAX = 10_000;

export function createCredentialStore(
  cloud: Cloud,
  credentialsMax = CREDENTIALS_MAX,
): CredentialStore {
  return {
    issue: (grant) => cloud.execute((tx) => issue(tx, grant, credentialsMax)),
    find: (accessKeyId) => {
      const record = cloud.model.get('credential', accessKeyId);
      return record && credentialOf(record);
    },
  };
}

function issue(tx: Transaction, grant: Grant, credentialsMax: number): IssuedCredential {
  let credential = newCredential(grant, tx.random, tx.now);
  // A replayed seed may come upon a key of an earlier run.
  while (tx.get('credential', credential.accessKeyId)) {
    credential = newCredential(grant, tx.random, tx.now);
  }
  const { accessKeyId, ...rest } = credential;
  tx.put('credential', { id: accessKeyId, ...rest });
  forget(tx, credentialsMax);
  return credential;
}

function forget(tx: Transaction, credentialsMax: number): void {
  const ids = [...tx.all('credential')].map(({ id }) => id);
  for (const id of ids.slice(0, Math.max(0, ids.length - credentialsMax))) {
    tx.delete('credential', id);
  }
}

function credentialOf({ id, ...rest }: CredentialRecord): IssuedCredential {
  return { accessKeyId: id, ...rest };
}
