import { z } from 'zod';
import type { Cloud } from '../../control/cloud.ts';
import { resetState } from '../../control/state/replace.ts';
import { resetAccount } from '../../control/state/reset-account.ts';
import { readJson } from '../http/api.ts';
import { type Endpoint, json, RequestError } from '../http/reply.ts';

const BODY = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/)
    .exactOptional(),
});

/** Empty again; with `{"account": "…"}` that account alone. */
export function resetEndpoint(cloud: Cloud): Endpoint {
  return {
    method: 'POST',
    path: '/_openvpc/reset',
    handle: async (request) => {
      const body = request.body.length === 0 ? {} : readJson(request);
      const parsed = BODY.safeParse(body);
      if (!parsed.success) {
        const message = 'The body must be empty, {} or {"account": "12 digits"}.';
        throw new RequestError(400, 'MalformedRequest', message);
      }
      const { account } = parsed.data;
      await cloud.execute((tx) =>
        account === undefined ? resetState(tx) : resetAccount(tx, account),
      );
      return json({ reset: account ?? 'all' });
    },
  };
}
