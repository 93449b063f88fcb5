import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../aws/http.ts';
import { BODY_BYTES_MAX } from '../../aws/protocol/parameters.ts';
import { createHttpServer, type HttpServer, type Patience } from './http-server.ts';
import { HEADERS_MAX, JSON_BYTES_MAX } from './limits.ts';
import { type Endpoint, json, RequestError, type Sink } from './reply.ts';

const seen: HttpRequest[] = [];
const defects: unknown[] = [];
const streams: { sink: Sink; closed: boolean }[] = [];
let release = () => {};

const endpoints: Endpoint[] = [
  { method: 'GET', path: '/health', handle: ({ query }) => json({ q: query.get('q') }) },
  {
    method: 'POST',
    path: '/_openvpc/echo',
    handle: ({ body }) => json({ length: body.length }),
  },
  {
    method: 'GET',
    path: '/_openvpc/refuse',
    handle: () => {
      throw new RequestError(404, 'NotFound', 'no such thing');
    },
  },
  {
    method: 'GET',
    path: '/_openvpc/bug',
    handle: () => {
      throw new TypeError('a bug with a secret');
    },
  },
  {
    method: 'GET',
    path: '/_openvpc/stream',
    handle: () => ({
      kind: 'stream',
      contentType: 'text/plain',
      open: (sink) => {
        const stream = { sink, closed: false };
        streams.push(stream);
        sink.write('begun\n');
        return () => {
          stream.closed = true;
        };
      },
    }),
  },
];

function serve(patience?: Patience): HttpServer {
  return createHttpServer({
    ...(patience && { patience }),
    door: async (request) => {
      seen.push(request);
      if (request.url === '/slow') await new Promise<void>((resolve) => (release = resolve));
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: '<ok/>' };
    },
    endpoints,
    access: { hosts: new Set(), token: undefined },
    onDefect: (error) => defects.push(error),
  });
}

let server: HttpServer;
let port: number;
let base: string;
beforeAll(async () => {
  server = serve();
  port = await server.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${port}`;
});
afterAll(() => server.stop(Promise.resolve()));

async function refusal(response: Response) {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

/** Sends octets and collects what comes back until the connection ends. */
function raw(text: string, to = port): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(to, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('own endpoints', () => {
  it('answer JSON', async () => {
    const response = await fetch(`${base}/health?q=1`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ q: '1' });
  });

  it('answer HEAD as GET, without the body', async () => {
    const response = await fetch(`${base}/health`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    const stream = await fetch(`${base}/_openvpc/stream`, { method: 'HEAD' });
    expect([stream.status, await stream.text(), streams.length]).toEqual([200, '', 0]);
  });

  it.each([
    ['GET', '/_openvpc/nothing', 404, 'NotFound'],
    ['GET', '/_openvpc', 404, 'NotFound'],
    ['GET', '/_openvpc/../health', 200, undefined],
    ['GET', '/_openvpc/echo', 405, 'MethodNotAllowed'],
    ['DELETE', '/health', 405, 'MethodNotAllowed'],
    ['GET', '/_openvpc/refuse', 404, 'NotFound'],
    ['GET', '/_openvpc/bug', 500, 'InternalError'],
  ])('%s %s is %i', async (method, path, status, code) => {
    const response = await fetch(base + path, { method });
    if (code === undefined) expect(response.status).toBe(status);
    else expect(await refusal(response)).toEqual([status, code]);
  });

  it('tell a defect to the log and not to the caller', async () => {
    defects.length = 0;
    const response = await fetch(`${base}/_openvpc/bug`);
    expect(await response.text()).not.toContain('secret');
    expect(defects).toEqual([new TypeError('a bug with a secret')]);
  });

  it('refuse a body that is too long, and answer its sender', async () => {
    const body = 'x'.repeat(JSON_BYTES_MAX + 1);
    const response = await fetch(`${base}/_openvpc/echo`, { method: 'POST', body });
    expect(await refusal(response)).toEqual([413, 'RequestEntityTooLarge']);
    const longest = 'x'.repeat(JSON_BYTES_MAX);
    const taken = await fetch(`${base}/_openvpc/echo`, { method: 'POST', body: longest });
    expect(await taken.json()).toEqual({ length: JSON_BYTES_MAX });
  });

  it('refuse a foreign Host and a foreign Origin', async () => {
    const [hostless] = (
      await raw('GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    ).split('\r\n');
    expect(hostless).toBe('HTTP/1.1 403 Forbidden');
    const headers = { origin: 'http://evil.example' };
    expect(await refusal(await fetch(`${base}/health`, { headers }))).toEqual([
      403,
      'ForbiddenOrigin',
    ]);
  });
});

describe('everything else', () => {
  it.each(['/', '/bucket/key', '/healthy', '/_localstack/other', '/metrics/x', '/_openvpcx'])(
    '%s goes to the door',
    async (path) => {
      seen.length = 0;
      const response = await fetch(`${base}${path}?a=1`, { method: 'PUT', body: 'hello' });
      expect(await response.text()).toBe('<ok/>');
      expect(seen).toMatchObject([{ method: 'PUT', url: `${path}?a=1` }]);
      expect(Buffer.from(seen[0]!.body).toString()).toBe('hello');
    },
  );

  /** What a request with these headers is answered. */
  async function answerTo(...headers: string[]): Promise<string> {
    const lines = ['GET /?Action=X HTTP/1.1', ...headers, 'Connection: close'];
    return await raw(`${lines.join('\r\n')}\r\n\r\n`);
  }

  it('goes there whatever its Host', async () => {
    expect(await answerTo('Host: ec2.amazonaws.com')).toContain('<ok/>');
  });

  it.each([
    ['of another origin', ['Origin: http://evil.example']],
    ['of no origin', ['Origin: null']],
    ['of another port', ['Origin: http://localhost:1']],
    ['whose name leads here', ['Origin: http://evil.example'], 'evil.example'],
    ['that shows an image', ['Sec-Fetch-Site: cross-site']],
    ['with a token', ['Origin: http://evil.example', 'Authorization: Bearer x']],
  ])('a page %s is refused in XML', async (_what, headers, host = 'localhost') => {
    seen.length = 0;
    const answer = await answerTo(`Host: ${host}`, ...headers);
    expect(answer).toMatch(/^HTTP\/1.1 403 Forbidden\r\n/);
    expect(answer).toContain('content-type: text/xml');
    expect(answer).toContain('<Code>AccessDenied</Code>');
    expect(seen).toEqual([]);
  });

  it.each([
    ['that signs', ['Origin: http://app.example', 'Authorization: AWS4-HMAC-SHA256 Credential=x']],
    ['of this server', ['Origin: http://localhost', 'Sec-Fetch-Site: same-origin']],
    ['that a person opens', ['Sec-Fetch-Site: none']],
  ])('a page %s goes to the door', async (_what, headers) => {
    expect(await answerTo('Host: localhost', ...headers)).toContain('<ok/>');
  });

  it('an absolute request line means its path', async () => {
    seen.length = 0;
    await raw(
      'GET http://ec2.us-east-1.amazonaws.com/?Action=X HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    await raw(
      'POST http://ram.example/tagresource HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    await raw('GET http://ec2.example HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(seen).toMatchObject([{ url: '/?Action=X' }, { url: '/tagresource' }, { url: '/' }]);
    const foreign = await raw(
      'GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(foreign).toMatch(/^HTTP\/1.1 403/);
  });

  it('sees of a body that is too long that it is', async () => {
    seen.length = 0;
    await fetch(base, { method: 'POST', body: 'x'.repeat(BODY_BYTES_MAX + 1000) });
    expect(seen[0]!.body.length).toBe(BODY_BYTES_MAX + 1);
  });
});

describe('odd clients', () => {
  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400],
    ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    [
      'too many headers',
      `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'a: b\r\n'.repeat(HEADERS_MAX)}\r\n`,
      431,
    ],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['what wants a proxy', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n', 405],
  ])('%s', async (_what, text, status) => {
    expect(await raw(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it.each([
    ['hello\r\n\r\n', 'MalformedHTTPRequest'],
    ['CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n', 'MethodNotAllowed'],
  ])('%j is refused in XML', async (text, code) => {
    const [head = '', body = ''] = (await raw(text)).split('\r\n\r\n');
    expect(body).toMatch(new RegExp(`^<ErrorResponse>.*<Code>${code}</Code>.*</ErrorResponse>$`));
    expect(head).toContain(`content-length: ${body.length}`);
  });

  it.each([
    ['its headers', 'GET /health HTTP/1.1\r\nHost: localh', 408],
    ['its body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf', 408],
  ])('one that takes too long over %s is refused', async (_what, text, status) => {
    const other = serve({ headers: 100, request: 200, idle: 600_000 });
    const answer = await raw(text, await other.listen(0, '127.0.0.1'));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await other.stop(Promise.resolve());
  });

  it('one that does nothing at all is let go', async () => {
    const other = serve({ headers: 600_000, request: 600_000, idle: 100 });
    expect(await raw('', await other.listen(0, '127.0.0.1'))).toBe('');
    await other.stop(Promise.resolve());
  });

  it('one that goes away in the middle of its body harms nobody', async () => {
    const socket = connect(port, '127.0.0.1');
    // The server asks for the body once it has taken the request in.
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue';
    socket.write(`${head}\r\n\r\nhalf`);
    const asked = await new Promise<string>((resolve) =>
      socket.once('data', (b) => resolve(`${b}`)),
    );
    expect(asked).toMatch(/^HTTP\/1.1 100 /);
    socket.destroy();
    expect((await fetch(`${base}/health`)).status).toBe(200);
  });
});

describe('streams', () => {
  it('end from either side, and are cleaned up', async () => {
    streams.length = 0;
    const reader = (await fetch(`${base}/_openvpc/stream`)).body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('begun\n');
    streams[0]!.sink.end();
    expect((await reader.read()).done).toBe(true);
    await expect.poll(() => streams[0]!.closed).toBe(true);

    const second = (await fetch(`${base}/_openvpc/stream`)).body!.getReader();
    await second.read();
    await second.cancel();
    await expect.poll(() => streams[1]!.closed).toBe(true);
    expect(streams[1]!.sink.write('late')).toBe(false);
  });

  it('leave out what a slow reader does not take', async () => {
    streams.length = 0;
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /_openvpc/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();
    await expect.poll(() => streams.length).toBe(1);
    const { sink } = streams[0]!;
    const part = new Uint8Array(1024 * 1024);
    const taken = Array.from({ length: 64 }, () => sink.write(part)).filter(Boolean).length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(64);
    socket.destroy();
    await expect.poll(() => streams[0]!.closed).toBe(true);
  });
});

describe('stopping', () => {
  it('answers what is under way, ends streams, takes nothing new', async () => {
    const other = serve();
    const otherPort = await other.listen(0, '127.0.0.1');
    const url = `http://127.0.0.1:${otherPort}`;
    streams.length = 0;
    const stream = (await fetch(`${url}/_openvpc/stream`)).text();
    const slow = fetch(`${url}/slow`);
    await expect.poll(() => seen.at(-1)?.url).toBe('/slow');
    const stopped = other.stop(new Promise(() => {}));
    expect(await stream).toBe('begun\n');
    release();
    expect(await (await slow).text()).toBe('<ok/>');
    await stopped;
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  it('cuts off what does not end', async () => {
    const other = serve();
    const otherPort = await other.listen(0, '127.0.0.1');
    const request = httpRequest({ port: otherPort, path: '/slow' });
    const failed = new Promise((resolve) => request.on('error', resolve));
    request.end();
    await expect.poll(() => seen.at(-1)?.headers.host).toContain(String(otherPort));
    await other.stop(Promise.resolve());
    expect(await failed).toBeInstanceOf(Error);
    release();
  });

  it('refuses a port that is taken', async () => {
    await expect(serve().listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
