/** A bare HTTP/1.1 client: as little work a call as possible, so that the server is measured. */
import { connect, type Socket } from 'node:net';
import { bodyOf, HEADERS, type Parameters } from './query.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The bytes of a call, made once and sent as often as wanted. */
export function messageOf(action: string, parameters: Parameters = {}): Buffer {
  const body = bodyOf(action, parameters);
  const headers = { host: 'localhost', ...HEADERS, 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** One connection, one call at a time. A server that closes it gets a new one. */
export class Client {
  readonly #port: number;
  #socket: Socket | undefined;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes of the whole answer, once its header is there. */
  #wanted = Number.POSITIVE_INFINITY;
  #closes = false;
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  call(message: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket ??= this.#connect();
      this.#socket.write(message);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #connect(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(socket, error));
    socket.on('close', () => this.#fail(socket, new Error('the server closed the connection')));
    return socket;
  }

  #fail(socket: Socket, error: Error): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#settle?.reject(error);
    this.#settle = undefined;
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#wanted === Number.POSITIVE_INFINITY) this.#readHeader();
    if (this.#length < this.#wanted) return;
    const whole = Buffer.concat(this.#chunks).toString('latin1');
    const settle = this.#settle;
    this.#chunks = [];
    this.#length = 0;
    this.#wanted = Number.POSITIVE_INFINITY;
    this.#settle = undefined;
    if (this.#closes) this.close();
    const status = Number(whole.slice(9, 12));
    settle?.resolve({ status, body: whole.slice(whole.indexOf('\r\n\r\n') + 4) });
  }

  #readHeader(): void {
    const text = Buffer.concat(this.#chunks).toString('latin1', 0, 4096);
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const header = text.slice(0, end);
    this.#wanted = end + 4 + Number(/^content-length: *(\d+)/im.exec(header)?.[1]);
    this.#closes = /^connection: *close/im.test(header);
  }
}

/** One call whose answer must be a success. */
export async function ask(port: number, action: string, parameters: Parameters = {}) {
  const client = new Client(port);
  try {
    return succeeded(await client.call(messageOf(action, parameters)));
  } finally {
    client.close();
  }
}

function succeeded({ status, body }: Answer): string {
  if (status !== 200) throw new Error(`${status}: ${body}`);
  return body;
}

export interface Load {
  /** Answered with a success. */
  readonly calls: number;
  readonly callsPerSecond: number;
  /** Milliseconds of one call, as its caller sees it. */
  readonly medianMillis: number;
  /** Calls that were not answered with a success; they count for nothing else. */
  readonly failed: number;
}

/** Keeps `connections` busy until `count` calls or `seconds` are over, whichever comes first. */
export async function load(
  port: number,
  connections: number,
  { count, seconds }: { readonly count: number; readonly seconds: number },
  next: (index: number) => Buffer,
): Promise<Load> {
  const clients = Array.from({ length: connections }, () => new Client(port));
  const samples: number[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let index = 0;
  let failed = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (index < count && performance.now() < end) {
        const sent = performance.now();
        const { status } = await client.call(next(index++));
        if (status === 200) samples.push(performance.now() - sent);
        else failed += 1;
      }
      client.close();
    }),
  );
  const elapsed = performance.now() - begin;
  samples.sort((a, b) => a - b);
  return {
    calls: samples.length,
    callsPerSecond: (samples.length / elapsed) * 1000,
    medianMillis: samples[samples.length >> 1] ?? Number.NaN,
    failed,
  };
}
