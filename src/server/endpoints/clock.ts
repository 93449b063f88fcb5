import { z } from 'zod';
import type { Cloud } from '../../control/cloud.ts';
import { parseDuration } from '../duration.ts';
import { readJson } from '../http/api.ts';
import { type Endpoint, json, RequestError } from '../http/reply.ts';

const BODY = z.strictObject({ advance: z.string().max(64) });

/** Moves the clock on: whatever is due happens. */
export function clockEndpoint(cloud: Cloud): Endpoint {
  return {
    method: 'POST',
    path: '/_openvpc/clock',
    handle: async (request) => {
      const parsed = BODY.safeParse(readJson(request));
      const millis = parsed.success ? parseDuration(parsed.data.advance) : undefined;
      if (millis === undefined) {
        const message =
          'advance: must be an ISO 8601 duration of weeks, days, hours, minutes and seconds, ' +
          'such as "PT168H"';
        throw new RequestError(400, 'MalformedDuration', message);
      }
      await cloud.advance(millis);
      return json({ now: new Date(cloud.now()).toISOString() });
    },
  };
}
