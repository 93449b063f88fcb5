/** From a path and a method to an endpoint, and from what it throws to a refusal. */
import { AwsError } from '../../model/error.ts';
import { type Endpoint, type EndpointRequest, json, type Reply, RequestError } from './reply.ts';

/** Finds the endpoint of a request. @throws RequestError 404, 405 */
export type Router = (method: string, path: string) => Endpoint;

export function createRouter(endpoints: readonly Endpoint[]): Router {
  const byPath = new Map<string, Map<string, Endpoint>>();
  for (const endpoint of endpoints) {
    const methods = byPath.get(endpoint.path) ?? new Map<string, Endpoint>();
    byPath.set(endpoint.path, methods.set(endpoint.method, endpoint));
  }
  return (method, path) => {
    const methods = byPath.get(path);
    if (methods === undefined) throw new RequestError(404, 'NotFound', `There is no ${path}.`);
    const found = methods.get(method === 'HEAD' ? 'GET' : method);
    if (found !== undefined) return found;
    const allowed = [...methods.keys()].join(', ');
    throw new RequestError(405, 'MethodNotAllowed', `${path} takes ${allowed}, not ${method}.`);
  };
}

/** Whether a path is openvpc's own; every other one is a call to AWS. */
export function isOwnPath(path: string): boolean {
  return /^\/(_openvpc(\/.*)?|health|_localstack\/health|metrics)$/.test(path);
}

/** What an error says to the caller; undefined: it is a defect of ours. */
export function refusalOf(error: unknown): Reply | undefined {
  if (error instanceof RequestError || error instanceof AwsError) {
    const { status, code, message } = error;
    return json({ error: { code, message } }, status);
  }
  return undefined;
}

/** Reads a body as JSON. @throws RequestError 400 */
export function readJson({ body }: EndpointRequest): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    const message = `The body is not JSON: ${(error as Error).message}`;
    throw new RequestError(400, 'MalformedJson', message);
  }
}
