/** A program where a real router should be: AWS calls it, and it says whatever a test likes. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ipv4 } from '../../src/net/ipv4.ts';
import type { Capabilities } from '../../src/wire/bgp/capability.ts';
import { Fault } from '../../src/wire/bgp/fault.ts';
import { type BgpMessage, encodeMessage, parseMessage } from '../../src/wire/bgp/message.ts';
import { MessageReader } from '../../src/wire/bgp/message-reader.ts';
import { EXTERNAL } from '../../src/wire/bgp/test-bgp.ts';
import { toHex } from '../../src/wire/bytes.ts';
import { waitUntil } from './bgp-router.ts';

const POLL_MILLIS = 2;
const IDENTIFIER = ipv4(0x0a09_0009);

/** One connection that AWS has opened. */
export class Call {
  readonly heard: BgpMessage[] = [];
  readonly #socket: Socket;
  readonly #reader = new MessageReader();
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#hear(bytes));
    // A reset is an end as well.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended = true;
    });
  }

  /** Over, from whichever side. */
  get ended(): boolean {
    return this.#ended;
  }

  send(...messages: readonly Uint8Array[]): void {
    for (const bytes of messages) this.#socket.write(bytes);
  }

  /** Sends and waits until all of it has left. */
  async flood(bytes: Uint8Array): Promise<void> {
    if (!this.#socket.write(bytes)) await Promise.race([once(this.#socket, 'drain'), this.end()]);
  }

  hangUp(): void {
    this.#socket.end();
  }

  until(what: string, holds: () => boolean): Promise<void> {
    return waitUntil(what, holds, () => JSON.stringify(this.heard), POLL_MILLIS);
  }

  end(): Promise<void> {
    return this.until('the connection ends', () => this.#ended);
  }

  /** How often a kind of message has come. */
  count(kind: BgpMessage['kind']): number {
    return this.heard.filter((message) => message.kind === kind).length;
  }

  /** `CODE/SUBCODE DATA`, once AWS has said it and closed. */
  async notification(): Promise<string> {
    await this.end();
    const last = this.heard.at(-1);
    if (last?.kind !== 'notification') throw new Error(`no NOTIFICATION but ${last?.kind}`);
    const { code, subcode, data } = last.notification;
    return `${code}/${subcode} ${toHex(data)}`.trim();
  }

  /** What AWS says must be in order, whatever it is told. */
  #hear(bytes: Uint8Array): void {
    for (const one of this.#reader.read(bytes)) {
      const message = one instanceof Fault ? one : parseMessage(one, 0, one.length, EXTERNAL);
      if (message === undefined || message instanceof Fault) throw new Error('nonsense was sent');
      if (this.count('notification') > 0) throw new Error('something came after a NOTIFICATION');
      this.heard.push(message);
    }
  }
}

export class HostileRouter {
  readonly #server: Server;
  readonly #calls: Call[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      this.#calls.push(new Call(socket));
    });
  }

  static async listen(): Promise<HostileRouter> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileRouter(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The next connection of AWS's, with its OPEN. */
  async call(): Promise<Call> {
    await waitUntil('AWS calls', () => this.#calls.length > 0, undefined, POLL_MILLIS);
    const call = this.#calls.shift()!;
    await call.until('AWS opens', () => call.count('open') === 1);
    return call;
  }

  /** The same, up to Established. */
  async session(asn: number): Promise<Call> {
    const call = await this.call();
    call.send(openOf(asn), KEEPALIVE);
    await call.until('the session is up', () => call.count('keepalive') > 0);
    return call;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

export const KEEPALIVE = encodeMessage({ kind: 'keepalive' }, EXTERNAL);

export interface OpenWish extends Partial<Capabilities> {
  readonly holdSeconds?: number;
  readonly identifier?: number;
}

/** An OPEN with which nothing is wrong but what is wished for. */
export function openOf(asn: number, wish: OpenWish = {}): Uint8Array {
  const { holdSeconds = 90, identifier, ...capabilities } = wish;
  const all: Capabilities = {
    families: [1, 2].map((afi) => ({ afi, safi: 1 })),
    ...{ routeRefresh: true, fourOctetAs: asn, others: [] },
    ...capabilities,
  };
  const open = {
    ...{ asn, holdSeconds, capabilities: all },
    identifier: identifier === undefined ? IDENTIFIER : ipv4(identifier),
  };
  return encodeMessage({ kind: 'open', open }, EXTERNAL);
}
