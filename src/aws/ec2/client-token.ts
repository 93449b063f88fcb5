/** Client tokens of requests (G-030). */
import { createHash } from 'node:crypto';
import type { ClientToken } from '../../control/idempotency.ts';

interface TokenInput {
  readonly ClientToken?: string | undefined;
  readonly DryRun?: boolean | undefined;
}

/** The request's token with a digest of everything else the request says. */
export function clientTokenOf(action: string, input: TokenInput): ClientToken {
  const { ClientToken: token, DryRun: _, ...rest } = input;
  return { action, token, digest: createHash('sha256').update(sortedJson(rest)).digest('hex') };
}

/** JSON that does not depend on the order in which members were read. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
