/** Client tokens of requests (G-030). */
import type { ClientToken } from '../../control/idempotency.ts';
import { digestOf } from '../digest.ts';

interface TokenInput {
  readonly ClientToken?: string | undefined;
  readonly DryRun?: boolean | undefined;
}

/** The request's token with a digest of everything else the request says. */
export function clientTokenOf(action: string, input: TokenInput): ClientToken {
  const { ClientToken: token, DryRun: _, ...rest } = input;
  return { action, token, digest: digestOf(rest) };
}
