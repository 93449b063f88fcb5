/** What is no request that this server could route: answered on the bare socket. */
import { STATUS_CODES } from 'node:http';
import { xmlRefusal } from './xml-refusal.ts';

type Refusal = readonly [status: number, code: string, message: string];

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: [431, 'RequestHeaderSectionTooLarge', 'The headers are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'RequestTimeout', 'The request did not come in time.'],
};
const MALFORMED: Refusal = [400, 'MalformedHTTPRequest', 'This is no HTTP request.'];
const CONNECT: Refusal = [405, 'MethodNotAllowed', 'This server is no proxy.'];

/** What is no HTTP, or comes too slowly. */
export function refuseGarbage(error: NodeJS.ErrnoException, socket: NodeJS.WritableStream): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  endWith(socket, REFUSALS[error.code ?? ''] ?? MALFORMED);
}

export function refuseConnect(_request: unknown, socket: NodeJS.WritableStream): void {
  socket.on('error', () => {});
  endWith(socket, CONNECT);
}

function endWith(socket: NodeJS.WritableStream, refusal: Refusal): void {
  const { status, headers, body } = xmlRefusal(...refusal);
  const lines = Object.entries({
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
