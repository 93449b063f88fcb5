/** Carries a BGP speaker's sessions over TCP sockets of this machine, and drives its timers. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { formatIp, parseIp } from '../../net/ip.ts';
import type { Speaker, SpeakerOutput } from '../../services/bgp/speaker.ts';
import { setTimer } from '../event-loop.ts';

/** Bytes that wait for a peer who does not read; past that its connection is given up. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;
/** How long a connection that we close may take to deliver its last words. */
const LINGER_MILLIS = 1_000;
const CONNECT_MILLIS = 10_000;
const CONNECTIONS_MAX = 1_024;

/** Where a peer is reached, and from where it calls. */
export interface PeerEndpoint {
  readonly address: string;
  readonly port: number;
  /** Our own address towards it; the system's choice unless given. */
  readonly localAddress?: string;
  /** Nothing passes to it or comes from it, as on a line that is cut: only timers find out. */
  readonly silent?: boolean;
}

export interface SocketTransportOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** The speaker has dealt with something that came over a socket or was due. */
  readonly onHandled?: () => void;
}

export class SocketTransport {
  readonly #options: SocketTransportOptions;
  readonly #endpoints = new Map<string, PeerEndpoint>();
  readonly #sockets = new Map<number, Socket>();
  /** Calls that have not been answered, by peer. */
  readonly #calls = new Map<string, Socket>();
  readonly #servers: Server[] = [];
  #speaker: Speaker | undefined;
  #nextConnection = 1;
  #stopTimer = () => {};
  #closed = false;

  constructor(options: SocketTransportOptions) {
    this.#options = options;
  }

  /** The speaker that is served; its outputs must reach `handle`. */
  serve(speaker: Speaker): void {
    this.#speaker = speaker;
  }

  /** Says where a peer is. Calls from any other address are refused. */
  setEndpoint(peer: string, endpoint: PeerEndpoint): void {
    this.#endpoints.set(peer, endpoint);
  }

  /** From now on until its endpoint is set anew. */
  silence(peer: string): void {
    const endpoint = this.#endpoints.get(peer);
    if (endpoint !== undefined) this.#endpoints.set(peer, { ...endpoint, silent: true });
  }

  #isSilent(peer: string): boolean {
    return this.#endpoints.get(peer)?.silent === true;
  }

  /** Milliseconds, as the speaker's calls want them. */
  now(): number {
    return this.#options.now();
  }

  /** Calls from there are refused from now on. */
  removeEndpoint(peer: string): void {
    this.#endpoints.delete(peer);
    this.#calls.get(peer)?.destroy();
    this.#calls.delete(peer);
  }

  /** The speaker has been told something by others: its timers are set anew. */
  rearm(): void {
    this.#setTimer();
  }

  /** Takes calls at an address; resolves with the port, which 0 leaves to the system. */
  listen(address: string, port: number): Promise<number> {
    const server = createServer((socket) => this.#called(socket));
    server.maxConnections = CONNECTIONS_MAX;
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, () => {
        server.off('error', reject);
        const bound = server.address();
        resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
      });
    });
  }

  /** Does what the speaker asks for; everything else that it says is not for a transport. */
  handle(output: SpeakerOutput): void {
    switch (output.type) {
      case 'connect':
        this.#call(output.peer);
        break;
      case 'send':
        if (!this.#isSilent(output.peer)) this.#send(output.connection, output.bytes);
        break;
      case 'close':
        this.#end(output.connection);
        break;
    }
  }

  /** Lets the speaker do something now; its timers are set anew after it. */
  run<T>(action: (speaker: Speaker, now: number) => T): T {
    const result = action(this.#speaker!, this.now());
    this.#setTimer();
    this.#options.onHandled?.();
    return result;
  }

  /** Ends all connections and takes no more; the speaker should have stopped its sessions. */
  close(): void {
    this.#closed = true;
    this.#stopTimer();
    for (const server of this.#servers) server.close();
    for (const socket of this.#calls.values()) socket.destroy();
    for (const connection of [...this.#sockets.keys()]) this.#end(connection);
  }

  #setTimer(): void {
    this.#stopTimer();
    const next = this.#speaker?.nextDue();
    if (next === undefined || this.#closed) return;
    const millis = Math.max(0, Math.ceil(next - this.now()));
    this.#stopTimer = setTimer(millis, () => this.run((speaker, now) => speaker.due(now)));
  }

  #call(peer: string): void {
    this.#calls.get(peer)?.destroy();
    const endpoint = this.#endpoints.get(peer);
    if (this.#closed || endpoint === undefined || endpoint.silent) return;
    const { address, port, localAddress } = endpoint;
    const socket = connect({ host: address, port, ...(localAddress && { localAddress }) });
    this.#calls.set(peer, socket);
    const stopWaiting = setTimer(CONNECT_MILLIS, () => socket.destroy());
    const answered = () => {
      stopWaiting();
      if (this.#calls.get(peer) !== socket) return false;
      this.#calls.delete(peer);
      return true;
    };
    socket.once('connect', () => {
      if (answered() && !this.#isSilent(peer)) this.#carry(peer, socket, true);
      else socket.destroy();
    });
    // A `close` follows, which says the same.
    socket.on('error', () => {});
    socket.once('close', () => {
      if (answered()) this.run((speaker, now) => speaker.connectFailed(peer, now));
    });
  }

  #called(socket: Socket): void {
    socket.on('error', () => {});
    const peer = this.#peerAt(socket.remoteAddress ?? '');
    if (peer === undefined || this.#closed || this.#isSilent(peer)) socket.destroy();
    else this.#carry(peer, socket, false);
  }

  #peerAt(address: string): string | undefined {
    const normal = normalized(address);
    for (const [peer, endpoint] of this.#endpoints) {
      if (normalized(endpoint.address) === normal) return peer;
    }
    return undefined;
  }

  #carry(peer: string, socket: Socket, outgoing: boolean): void {
    const id = this.#nextConnection++;
    this.#sockets.set(id, socket);
    socket.setNoDelay();
    socket.on('data', (bytes: Buffer) => {
      if (!this.#sockets.has(id) || this.#isSilent(peer)) return;
      this.run((speaker, now) => speaker.receive(peer, id, bytes, now));
    });
    socket.once('close', () => {
      if (!this.#sockets.delete(id) || this.#closed || this.#isSilent(peer)) return;
      this.run((speaker, now) => speaker.disconnected(peer, id, now));
    });
    this.run((speaker, now) => speaker.connected(peer, { id, outgoing }, now));
  }

  #send(connection: number, bytes: Uint8Array): void {
    const socket = this.#sockets.get(connection);
    if (socket === undefined) return;
    socket.write(bytes);
    // `close` follows, and the speaker hears of it.
    if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
  }

  /** What the peer still sends is read and dropped: unread, it would cost our last words. */
  #end(connection: number): void {
    const socket = this.#sockets.get(connection);
    if (socket === undefined) return;
    this.#sockets.delete(connection);
    socket.resume();
    socket.end();
    setTimer(LINGER_MILLIS, () => socket.destroy());
  }
}

/** One spelling for one address, whatever a socket calls it. */
function normalized(address: string): string {
  const ip = parseIp(address.replace(/^::ffff:(?=[0-9.]+$)/, ''));
  return ip === undefined ? address : formatIp(ip);
}
