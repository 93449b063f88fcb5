/** Conversations that no client of good will has. */
import type { Random } from '../../../src/net/random.ts';
import type { Conversation, Step } from './raw-socket.ts';

const FORM = 'Action=DescribeVpcs&Version=2016-11-15';
const HOST = 'Host: 127.0.0.1';

function request(line: string, headers: readonly string[], body = ''): string {
  return `${[line, ...headers, '', ''].join('\r\n')}${body}`;
}

const post = (headers: readonly string[], body = FORM) =>
  request('POST / HTTP/1.1', [HOST, ...headers], body);

const lengths = (random: Random) =>
  random.pick([
    ...['-1', '+5', '0x10', '1e3', 'NaN', '', ' ', '5, 5', '5\r\nContent-Length: 6', '1.5'],
    ...['99999999999999999999', '18446744073709551616', '000000000010', '10 ', '\u0000'],
  ]);

const LINES = [
  'GET',
  'GET /',
  'GET / HTTP/0.9',
  'GET / HTTP/2.0',
  'GET / HTTP/9.9',
  'GET / HTTP/1.1 extra',
  ' GET / HTTP/1.1',
  'G\u0000T / HTTP/1.1',
  'PRI * HTTP/2.0',
  'OPTIONS * HTTP/1.1',
  'TRACE / HTTP/1.1',
  'CONNECT 10.0.0.1:443 HTTP/1.1',
  'PATCH /health HTTP/1.1',
  'BREW / HTTP/1.1',
  'GET //health HTTP/1.1',
  'GET /../../etc/passwd HTTP/1.1',
  'GET /%00%ff%zz HTTP/1.1',
  'GET /?%00%ff%zz=%E0%A4%A HTTP/1.1',
  'GET http://evil.example/_openvpc/state HTTP/1.1',
  'GET http:///health HTTP/1.1',
  'GET http://127.0.0.1:99999999/health HTTP/1.1',
  'GET /_openvpc HTTP/1.1',
  'GET /_openvpc/ HTTP/1.1',
  'GET /_openvpc/__proto__ HTTP/1.1',
  'GET /_openvpc/state?x=%zz HTTP/1.1',
  'GET /_openvpc/topology?account=__proto__&region=%ff HTTP/1.1',
  'GET /_openvpc/events?types=__proto__ HTTP/1.1',
  'GET /_openvpc/capture?eni=%00 HTTP/1.1',
  'GET /_openvpc/capture?eni=eni-00000000&seconds=1e9 HTTP/1.1',
  'HEAD /_openvpc/state HTTP/1.1',
  'HEAD /?Action=DescribeVpcs&Version=2016-11-15 HTTP/1.1',
  'DELETE /_openvpc/state HTTP/1.1',
  `GET /${'a'.repeat(40_000)} HTTP/1.1`,
  `GET /?${'a=b&'.repeat(7000)} HTTP/1.1`,
];

const HEADERS = [
  'Host: evil.example',
  'Host: 127.0.0.1\r\nHost: evil.example',
  'Host: [::1',
  'Host: ',
  'Host: 127.0.0.1@evil.example',
  'X: \u0000',
  'X y: z',
  ': empty',
  'NoColon',
  ' folded: yes',
  'X: a\r\n folded',
  `X: ${'a'.repeat(40_000)}`,
  ...[Array.from({ length: 150 }, (_, index) => `X-${index}: y`).join('\r\n')],
  '__proto__: x',
  'constructor: x',
  'Origin: http://evil.example',
  'Origin: null',
  'Authorization: Bearer x',
  `Authorization: AWS4-HMAC-SHA256 ${'Credential=/,'.repeat(500)}`,
  'Content-Type: application/json',
  'Content-Encoding: gzip',
  'Transfer-Encoding: gzip, chunked',
  'Expect: 100-continue',
  'Expect: the-impossible',
  'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x',
  'Connection: close, close, keep-alive',
  'Trailer: Content-Length',
  'Range: bytes=0-0,-1',
  'Cookie: a=b; __proto__=c',
];

const CHUNKS = [
  '5\r\nhello\r\n0\r\n\r\n',
  '5;ext=1\r\nhello\r\n0\r\nX: y\r\n\r\n',
  'zz\r\nhello\r\n0\r\n\r\n',
  '-1\r\nhello\r\n',
  'ffffffffffffffffff\r\nhello\r\n',
  'FFFFFFFF\r\nhello',
  '5\r\nhel',
  '5\nhello\n0\n\n',
  '0\r\nContent-Length: 5\r\n\r\nhello',
  `1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`,
  `${'1\r\nx\r\n'.repeat(3000)}0\r\n\r\n`,
];

const TLS_HELLO = Buffer.from('16030100c8010000c40303'.padEnd(400, '5a'), 'hex');

type Draw = (random: Random) => Conversation;

const listen = (...steps: Step[]): Conversation => ({ steps, ending: 'listen' });

const DRAWS: readonly Draw[] = [
  (random) => listen(request(random.pick(LINES), [HOST])),
  (random) => listen(request('GET /health HTTP/1.1', [HOST, random.pick(HEADERS)])),
  (random) => listen(post([random.pick(HEADERS), `Content-Length: ${FORM.length}`])),
  (random) => listen(post([`Content-Length: ${lengths(random)}`])),
  // Less than was promised, and then nothing, an end or a reset.
  (random) => ({
    steps: [post([`Content-Length: ${FORM.length + 1 + random.below(1000)}`])],
    ending: random.pick(['end', 'reset'] as const),
  }),
  // More than was promised: the rest is the next request.
  (random) => listen(post([`Content-Length: ${random.below(FORM.length)}`])),
  (random) => listen(post(['Transfer-Encoding: chunked'], random.pick(CHUNKS))),
  (random) => ({
    steps: [post(['Transfer-Encoding: chunked', 'Content-Length: 5'], random.pick(CHUNKS))],
    ending: 'end',
  }),
  // Several at once.
  (random) => ({
    steps: [post([`Content-Length: ${FORM.length}`]).repeat(2 + random.below(30))],
    ending: random.pick(['end', 'reset'] as const),
  }),
  (random) => ({ steps: [octets(random, random.below(600))], ending: 'end' }),
  () => ({ steps: [TLS_HELLO], ending: 'end' }),
  // Cut in two at any place.
  (random) => {
    const whole = post([`Content-Length: ${FORM.length}`]);
    const at = random.below(whole.length);
    return listen(whole.slice(0, at), 1, whole.slice(at));
  },
  // Gone before the answer.
  () => ({ steps: [post([`Content-Length: ${FORM.length}`])], ending: 'reset' }),
  () => ({ steps: [request('GET /_openvpc/state HTTP/1.1', [HOST])], ending: 'reset', deaf: true }),
  (random) => ({
    steps: [request(`GET /_openvpc/events${random.pick(['', '?types=call'])} HTTP/1.1`, [HOST])],
    ending: 'reset',
  }),
];

/** A conversation of a few octets. */
export function drawConversation(random: Random): Conversation {
  return random.pick(DRAWS)(random);
}

/** Ten megabytes, as one body or in chunks, whole or broken off. */
export function drawLargeBody(random: Random): Conversation {
  const size = 10 * 1024 * 1024;
  const path = random.pick(['/', '/_openvpc/probe', '/_openvpc/clock', '/_openvpc/state']);
  const line = `${path.endsWith('state') ? 'PUT' : 'POST'} ${path} HTTP/1.1`;
  const body = Buffer.alloc(size, random.pick(['a', '&', '%', '[', '{"a":', '\u0000']));
  const ending = random.pick(['listen', 'end', 'reset'] as const);
  if (random.chance(0.5)) {
    return { steps: [request(line, [HOST, `Content-Length: ${size}`]), body], ending };
  }
  const head = request(line, [HOST, 'Transfer-Encoding: chunked']);
  return { steps: [head, `${size.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'], ending };
}

/** One that says a little now and then, and never all of it. */
export function drawSlow(random: Random, waits: number, waitMillis: number): Conversation {
  const whole = random.chance(0.5)
    ? post([`Content-Length: ${FORM.length}`])
    : request('GET /health HTTP/1.1', [HOST, 'X: y'.padEnd(200, 'y')]);
  const steps = [...whole.slice(0, waits)].flatMap((letter): Step[] => [letter, waitMillis]);
  return { steps, ending: 'end' };
}

function octets(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}
