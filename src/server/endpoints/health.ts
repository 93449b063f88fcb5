import { type Endpoint, json } from '../http/reply.ts';

/** The server answers at all only once it is ready. `/_localstack/health` is where tools look. */
export function healthEndpoints(version: string): Endpoint[] {
  return ['/health', '/_localstack/health'].map((path) => ({
    method: 'GET',
    path,
    handle: () => json({ status: 'ok', version }),
  }));
}
