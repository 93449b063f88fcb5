/** Whole requests over kept connections, as SDKs send them. */
import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** The error's code where it is not in the body. */
  readonly errorType?: string;
  readonly body: string;
}

export interface Client {
  send(message: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
  }): Promise<Answer>;
  close(): void;
}

export function createClient(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send: ({ method, path, headers = {}, body }) =>
      new Promise((resolve, reject) => {
        const call = request(
          { agent, port, host: '127.0.0.1', method, path, headers: { ...headers } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                contentType: response.headers['content-type'] ?? '',
                ...errorTypeOf(response.headers['x-amzn-errortype']),
                body: Buffer.concat(chunks).toString('utf8'),
              }),
            );
          },
        );
        call.on('error', reject);
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function errorTypeOf(header: string | string[] | undefined): { errorType?: string } {
  return header === undefined ? {} : { errorType: String(header) };
}
