/** Lets an SDK client speak to a door in this process: no socket, the same bytes. */
import type { Door } from '../../src/aws/door.ts';

/** The parts of the SDK's HTTP request that a Query client uses. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** A request handler for the `requestHandler` setting of any `@aws-sdk` client. */
export function doorHandler(door: Door) {
  return {
    async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
      const { status, headers, body } = await door({
        method: request.method,
        url: urlOf(request),
        headers: lowerCaseNames(request.headers),
        body: bytesOf(request.body),
      });
      return {
        response: { statusCode: status, headers: { ...headers }, body: Buffer.from(body) },
      };
    },
  };
}

function urlOf({ path, query = {} }: SdkRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) parameters.append(name, one ?? '');
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

function lowerCaseNames(headers: SdkRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : '');
}
