/** Where a gateway's own route table stands, once it has one. */
import { Station } from '../station.ts';

export function edgeStation(): Station {
  const resource = '';
  return new Station({
    role: 'route-table',
    resource,
    kind: 'route-table',
    direction: 'ingress',
  });
}
