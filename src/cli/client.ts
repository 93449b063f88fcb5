/** Requests to the server: every answer of the command line comes from there. */
import { CliError, EXIT } from './exit.ts';

export interface Client {
  readonly endpoint: string;
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: unknown) => Promise<T>;
  readonly put: <T>(path: string, body: string) => Promise<T>;
  readonly delete: <T>(path: string) => Promise<T>;
  /** The body as it comes; refused like the others. */
  readonly stream: (path: string, signal?: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
}

export interface ClientOptions {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  /** For servers beyond loopback. */
  readonly token: string | undefined;
}

export function createClient({ endpoint, token }: ClientOptions): Client {
  const base = endpoint.replace(/\/+$/, '');
  const send = async (method: string, path: string, init: RequestInit = {}) => {
    const headers = {
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    let response: Response;
    try {
      response = await fetch(base + path, { ...init, method, headers });
    } catch (error) {
      throw unreachable(base, error);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  };
  const read = async <T>(response: Promise<Response>) => parse<T>(await (await response).text());
  return {
    endpoint: base,
    get: (path) => read(send('GET', path)),
    post: (path, body) => read(send('POST', path, { body: JSON.stringify(body) })),
    put: (path, body) => read(send('PUT', path, { body })),
    delete: (path) => read(send('DELETE', path)),
    stream: async (path, signal) => {
      const response = await send('GET', path, signal ? { signal } : {});
      return response.body as unknown as AsyncIterable<Uint8Array>;
    },
  };
}

function unreachable(base: string, error: unknown): CliError {
  const { cause, message } = error as {
    cause?: { code?: string; message?: string };
    message: string;
  };
  const why = cause?.code ?? cause?.message ?? message;
  const hint = 'openvpc up starts one, --endpoint URL names another';
  return new CliError(EXIT.noServer, `no server answers at ${base} (${why}); ${hint}`);
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new CliError(EXIT.noServer, 'what answers there is no openvpc server');
  }
}

/** What a refusal of the server means for the exit code. */
async function refusal(response: Response): Promise<CliError> {
  const text = await response.text();
  const { error } = parseRefusal(text);
  if (error === undefined) {
    const message = `what answers there is no openvpc server (HTTP ${response.status})`;
    return new CliError(EXIT.noServer, message);
  }
  const { status } = response;
  const code =
    status === 404
      ? EXIT.noSuchThing
      : status === 400 || status === 401
        ? EXIT.usage
        : status >= 500
          ? EXIT.defect
          : EXIT.no;
  const hint = status === 401 ? ' Here: --token TOKEN, or OPENVPC_TOKEN.' : '';
  return new CliError(code, error.message + hint);
}

function parseRefusal(text: string): { error?: { code: string; message: string } } {
  try {
    return JSON.parse(text) as { error?: { code: string; message: string } };
  } catch {
    return {};
  }
}
