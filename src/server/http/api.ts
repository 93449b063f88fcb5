/** From a path and a method to an endpoint, and from what it throws to a refusal. */
import { AwsError } from '../../model/error.ts';
import { type Endpoint, type EndpointRequest, json, type Reply, RequestError } from './reply.ts';

/** An endpoint, and what stands in the path for its parameters. */
export interface Routed {
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the endpoint of a request. @throws RequestError 404, 405 */
export type Router = (method: string, path: string) => Routed;

export function createRouter(endpoints: readonly Endpoint[]): Router {
  const patterns = Map.groupBy(endpoints, ({ path }) => path);
  return (method, path) => {
    const [pattern, parameters] = findPath(patterns.keys(), path);
    const methods = pattern === undefined ? undefined : patterns.get(pattern);
    if (methods === undefined) throw new RequestError(404, 'NotFound', `There is no ${path}.`);
    const wanted = method === 'HEAD' ? 'GET' : method;
    const endpoint = methods.find((one) => one.method === wanted);
    if (endpoint !== undefined) return { endpoint, parameters };
    const allowed = methods.map((one) => one.method).join(', ');
    throw new RequestError(405, 'MethodNotAllowed', `${path} takes ${allowed}, not ${method}.`);
  };
}

function findPath(
  patterns: Iterable<string>,
  path: string,
): readonly [pattern: string | undefined, parameters: Readonly<Record<string, string>>] {
  for (const pattern of patterns) {
    const parameters = matchPath(pattern.split('/'), path.split('/'));
    if (parameters !== undefined) return [pattern, parameters];
  }
  return [undefined, {}];
}

function matchPath(
  pattern: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const text = path[index]!;
    if (segment.startsWith(':')) parameters[segment.slice(1)] = decode(text);
    else if (segment !== text) return undefined;
  }
  return parameters;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RequestError(400, 'MalformedPath', `'${segment}' is not percent-encoded UTF-8.`);
  }
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
