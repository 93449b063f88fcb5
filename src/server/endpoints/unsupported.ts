import { type Endpoint, RequestError } from '../http/reply.ts';

const LATER: readonly (readonly [Endpoint['method'], string])[] = [
  ['POST', '/_openvpc/import'],
  ['GET', '/_openvpc/ca.pem'],
];

/** Endpoints of the contract that are not built yet. */
export function unsupportedEndpoints(): Endpoint[] {
  return LATER.map(([method, path]) => ({
    method,
    path,
    handle: () => {
      throw new RequestError(400, 'UnsupportedOperation', `${method} ${path} is not built yet.`);
    },
  }));
}
