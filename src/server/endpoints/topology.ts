import type { Cloud } from '../../control/cloud.ts';
import { type Endpoint, json } from '../http/reply.ts';
import { topologyOf } from '../topology.ts';

/** Resources and edges, for drawing; `?account=` and `?region=` for those of one owner. */
export function topologyEndpoint(cloud: Cloud): Endpoint {
  return {
    method: 'GET',
    path: '/_openvpc/topology',
    handle: ({ query }) =>
      json(
        topologyOf(cloud, {
          account: query.get('account') ?? undefined,
          region: query.get('region') ?? undefined,
        }),
      ),
  };
}
