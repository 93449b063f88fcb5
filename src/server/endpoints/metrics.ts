import type { Endpoint } from '../http/reply.ts';
import type { Metrics } from '../metrics.ts';

export function metricsEndpoint({ contentType, text }: Metrics): Endpoint {
  return {
    method: 'GET',
    path: '/metrics',
    handle: async () => ({ kind: 'text', contentType, body: await text() }),
  };
}
