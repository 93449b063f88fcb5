/** The one port: calls to AWS go through the door, openvpc's own paths to their endpoints. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Door } from '../../aws/door.ts';
import { BODY_BYTES_MAX } from '../../aws/protocol/parameters.ts';
import { createRouter, isOwnPath, refusalOf } from './api.ts';
import { readBody } from './body.ts';
import { refuseConnect, refuseGarbage } from './garbage.ts';
import { type GuardedRequest, type GuardOptions, guard, isForeignPage } from './guard.ts';
import {
  CONNECTIONS_MAX,
  HEADER_BYTES_MAX,
  HEADERS_MAX,
  HEADERS_MILLIS,
  IDLE_MILLIS,
  JSON_BYTES_MAX,
  KEEP_ALIVE_MILLIS,
  REQUEST_MILLIS,
  STREAMS_MAX,
} from './limits.ts';
import { type Endpoint, json, type Reply, RequestError } from './reply.ts';
import { OpenStreams } from './sink.ts';
import { xmlRefusal } from './xml-refusal.ts';

export interface HttpServerOptions {
  readonly door: Door;
  readonly endpoints: readonly Endpoint[];
  readonly access: GuardOptions;
  /** Told of what an endpoint threw by mistake; that request is answered 500. */
  readonly onDefect: (error: unknown) => void;
  /** How long clients may take; the usual bounds unless given. */
  readonly patience?: Patience;
}

/** Milliseconds. */
export interface Patience {
  /** From the first octet of a request to the last of its headers. */
  readonly headers: number;
  /** To the last of its body. */
  readonly request: number;
  /** On a connection where nothing moves. */
  readonly idle: number;
}

const PATIENCE: Patience = { headers: HEADERS_MILLIS, request: REQUEST_MILLIS, idle: IDLE_MILLIS };
/** How often it is looked for those who take longer. */
const CHECK_MILLIS_MAX = 1_000;

export interface HttpServer {
  /** Resolves with the port. Rejects with the operating system's error. */
  listen(port: number, host: string): Promise<number>;
  /** Accepts nothing more; resolves when what is under way is answered, or cut off by `cut`. */
  stop(cut: Promise<void>): Promise<void>;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const visits = new Visits(options);
  const { patience = PATIENCE } = options;
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      keepAliveTimeout: KEEP_ALIVE_MILLIS,
      connectionsCheckingInterval: Math.min(CHECK_MILLIS_MAX, patience.headers),
      noDelay: true,
    },
    (request, response) => void visits.take(request, response),
  );
  // Its own limit would leave headers out without a word.
  server.maxHeadersCount = 0;
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(patience.idle, (socket: Socket) => socket.destroy());
  server.on('clientError', refuseGarbage);
  server.on('connect', refuseConnect);
  return {
    listen: (port, host) => listen(server, port, host),
    stop: async (cut) => {
      const closed = new Promise((resolve) => server.close(resolve));
      visits.stop();
      void cut.then(() => server.closeAllConnections());
      await closed;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Requests from their arrival to their answer. */
class Visits {
  readonly #options: HttpServerOptions;
  readonly #streams = new OpenStreams();
  readonly #route: ReturnType<typeof createRouter>;
  #stopping = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#route = createRouter(options.endpoints);
  }

  stop(): void {
    this.#stopping = true;
    this.#streams.endAll();
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    if (this.#stopping) response.setHeader('connection', 'close');
    try {
      if (request.rawHeaders.length / 2 > HEADERS_MAX) {
        const message = `The request has over ${HEADERS_MAX} headers.`;
        throw new RequestError(431, 'TooManyHeaders', message);
      }
      const target = targetOf(request);
      if (isOwnPath(target.path)) await this.#own(request, response, target);
      else await this.#aws(request, response, target);
    } catch (error) {
      this.#refuse(error, response);
    }
  }

  async #aws(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void> {
    const body = await readBody(request, BODY_BYTES_MAX);
    if (body === undefined) return;
    if (isForeignPage(guarded(request, target), this.#options.access)) {
      const message = 'A web page needs a signature in the Authorization header.';
      const refusal = xmlRefusal(403, 'AccessDenied', message);
      this.#send(response, refusal.status, refusal.headers, refusal.body);
      return;
    }
    const { method = 'GET', url = '/' } = request;
    const headers = request.headers as Record<string, string | undefined>;
    // An absolute request line means the same as its path (RFC 9112 section 3.2.2).
    const path = url.startsWith('/') ? url : pathAndQuery(target);
    const answer = await this.#options.door({ method, url: path, headers, body });
    this.#send(response, answer.status, answer.headers, answer.body);
  }

  async #own(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void> {
    const { path, query } = target;
    guard(guarded(request, target), this.#options.access);
    const { endpoint, parameters } = this.#route(request.method ?? 'GET', path);
    const bytesMax = endpoint.bodyBytesMax ?? JSON_BYTES_MAX;
    const body = await readBody(request, bytesMax);
    if (body === undefined) return;
    if (body.length > bytesMax) {
      throw new RequestError(413, 'RequestEntityTooLarge', `The body is over ${bytesMax} bytes.`);
    }
    const asked = { query: new URLSearchParams(query), parameters, body };
    this.#reply(response, await endpoint.handle(asked));
  }

  #reply(response: ServerResponse, reply: Reply): void {
    if (reply.kind === 'json') {
      const text = `${JSON.stringify(reply.body)}\n`;
      this.#send(response, reply.status ?? 200, { 'content-type': 'application/json' }, text);
    } else if (reply.kind === 'text') {
      this.#send(response, 200, { 'content-type': reply.contentType }, reply.body);
    } else if (this.#streams.size >= STREAMS_MAX) {
      throw new RequestError(503, 'TooManyStreams', `Over ${STREAMS_MAX} streams are open.`);
    } else {
      this.#streams.answer(response, reply);
    }
  }

  #refuse(error: unknown, response: ServerResponse): void {
    let refusal = refusalOf(error);
    if (refusal === undefined) {
      this.#options.onDefect(error);
      const body = { error: { code: 'InternalError', message: 'An internal error has occurred.' } };
      refusal = json(body, 500);
    }
    if (response.headersSent) response.destroy();
    else this.#reply(response, refusal);
  }

  #send(
    response: ServerResponse,
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): void {
    if (this.#stopping) response.setHeader('connection', 'close');
    const bytes = Buffer.from(body);
    response.writeHead(status, {
      ...headers,
      'content-length': bytes.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(bytes);
  }
}

interface Target {
  readonly path: string;
  /** Without its `?`. */
  readonly query: string;
  /** Of an absolute request line. */
  readonly host: string | undefined;
}

function pathAndQuery({ path, query }: Target): string {
  const absolute = path.startsWith('/') ? path : '/';
  return query === '' ? absolute : `${absolute}?${query}`;
}

function guarded(request: IncomingMessage, { host }: Target): GuardedRequest {
  const { authorization, origin, 'sec-fetch-site': site } = request.headers;
  const hosts = [...(request.headersDistinct.host ?? []), ...(host === undefined ? [] : [host])];
  return { hosts, origin, authorization, site: String(site ?? 'none') };
}

function targetOf({ url = '/' }: IncomingMessage): Target {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const rest = absolute?.[2] ?? url;
  const [, path = '/', query = ''] = /^([^?#]*)\??([^#]*)/.exec(rest) ?? [];
  return { path, query, host: absolute?.[1] };
}
