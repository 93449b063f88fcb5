/** Client tokens: the same token and request make one resource (G-030, G-031). */
import { awsError } from '../model/error.ts';
import { CLIENT_TOKEN_LENGTH, CLIENT_TOKEN_MILLIS } from '../model/limits.ts';
import type { Scope } from './scope.ts';
import type { TimedEvent } from './timed-event.ts';
import type { Transaction } from './transaction.ts';

export interface ClientToken {
  readonly action: string;
  /** As the caller sent it; undefined makes a new resource each time. */
  readonly token: string | undefined;
  /** Digest of the other parameters. */
  readonly digest: string;
}

/**
 * The id this token made before, or the one `create` makes now.
 * @throws AwsError IdempotentParameterMismatch, InvalidClientToken
 */
export function idempotent(
  tx: Transaction,
  scope: Scope,
  { action, token, digest }: ClientToken,
  create: () => string,
): string {
  if (token === undefined || token === '') return create();
  if (token.length > CLIENT_TOKEN_LENGTH || !/^[\x20-\x7e]*$/.test(token)) {
    throw awsError('InvalidClientToken', `The client token '${token}' is not valid.`);
  }
  const id = `${scope.account}|${scope.region}|${action}|${token}`;
  const earlier = tx.get('idempotency', id);
  if (earlier === undefined) {
    const resourceId = create();
    tx.put('idempotency', { id, digest, resourceId });
    tx.schedule('client-token.forget', id, tx.now + CLIENT_TOKEN_MILLIS);
    return resourceId;
  }
  if (earlier.digest !== digest) {
    const message = `The client token '${token}' was used with other parameters.`;
    throw awsError('IdempotentParameterMismatch', message);
  }
  return earlier.resourceId;
}

/** Frees the tokens that made a resource which ceases to exist: a later call makes a new one. */
export function forgetTokens(tx: Transaction, resourceId: string): void {
  for (const { id } of tx.by('idempotency', 'resource', resourceId)) {
    tx.unschedule(id);
    tx.delete('idempotency', id);
  }
}

export const clientTokenEvents: Readonly<Record<string, TimedEvent>> = {
  'client-token.forget': (tx, id) => {
    tx.delete('idempotency', id);
  },
};
