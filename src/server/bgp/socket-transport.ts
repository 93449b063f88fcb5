/** Carries a BGP speaker's sessions over TCP sockets of this machine: it calls, nobody calls it. */
import { connect, type Socket } from 'node:net';
import type { Speaker, SpeakerOutput } from '../../services/bgp/speaker.ts';
import { setTimer } from '../event-loop.ts';

/** Bytes that wait for a peer who does not read; past that its connection is given up. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;
/** How long a connection that we close may take to deliver its last words. */
const LINGER_MILLIS = 1_000;
const CONNECT_MILLIS = 10_000;

/** Where a peer is reached. */
export interface PeerEndpoint {
  readonly address: string;
  readonly port: number;
  /** Nothing passes to it or comes from it, as on a line that is cut: only timers find out. */
  readonly silent?: boolean;
}

export interface SocketTransportOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** The speaker has dealt with something that came over a socket: its timers may be others now. */
  readonly onHandled: () => void;
}

export class SocketTransport {
  readonly #speaker: () => Speaker;
  readonly #options: SocketTransportOptions;
  readonly #endpoints = new Map<string, PeerEndpoint>();
  readonly #sockets = new Map<number, Socket>();
  /** Closed by us, with something to deliver still. */
  readonly #ending = new Set<Socket>();
  /** Calls that have not been answered, by peer. */
  readonly #calls = new Map<string, Socket>();
  #nextConnection = 1;
  #closed = false;

  /** @param speaker its outputs must reach `handle` */
  constructor(speaker: () => Speaker, options: SocketTransportOptions) {
    this.#speaker = speaker;
    this.#options = options;
  }

  /** Says where a peer is. */
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

  /** It is called no more. */
  removeEndpoint(peer: string): void {
    this.#endpoints.delete(peer);
    this.#calls.get(peer)?.destroy();
    this.#calls.delete(peer);
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

  /**
   * Ends all connections and opens no more; the speaker should have stopped its sessions. Resolves
   * when the last words have been delivered, or have had their time.
   */
  async close(): Promise<void> {
    this.#closed = true;
    for (const socket of this.#calls.values()) socket.destroy();
    for (const connection of [...this.#sockets.keys()]) this.#end(connection);
    await Promise.all([...this.#ending].map(closed));
  }

  #run(action: (speaker: Speaker, now: number) => void): void {
    action(this.#speaker(), this.#options.now());
    this.#options.onHandled();
  }

  #call(peer: string): void {
    this.#calls.get(peer)?.destroy();
    const endpoint = this.#endpoints.get(peer);
    if (this.#closed || endpoint === undefined || endpoint.silent) return;
    const { address, port } = endpoint;
    const socket = connect({ host: address, port });
    this.#calls.set(peer, socket);
    const stopWaiting = setTimer(CONNECT_MILLIS, () => socket.destroy());
    const answered = () => {
      stopWaiting();
      if (this.#calls.get(peer) !== socket) return false;
      this.#calls.delete(peer);
      return true;
    };
    socket.once('connect', () => {
      if (answered() && !this.#isSilent(peer)) this.#carry(peer, socket);
      else socket.destroy();
    });
    let failure: NodeJS.ErrnoException | undefined;
    // A `close` follows.
    socket.on('error', (error) => {
      failure = error;
    });
    socket.once('close', () => {
      const why = whyNot(failure);
      if (answered()) this.#run((speaker, now) => speaker.connectFailed(peer, now, why));
    });
  }

  #carry(peer: string, socket: Socket): void {
    const id = this.#nextConnection++;
    this.#sockets.set(id, socket);
    socket.setNoDelay();
    socket.on('data', (bytes: Buffer) => {
      if (!this.#sockets.has(id) || this.#isSilent(peer)) return;
      this.#run((speaker, now) => speaker.receive(peer, id, bytes, now));
    });
    socket.once('close', () => {
      if (!this.#sockets.delete(id) || this.#closed || this.#isSilent(peer)) return;
      this.#run((speaker, now) => speaker.disconnected(peer, id, now));
    });
    this.#run((speaker, now) => speaker.connected(peer, { id, outgoing: true }, now));
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
    this.#ending.add(socket);
    socket.once('close', () => this.#ending.delete(socket));
    socket.resume();
    socket.end();
    setTimer(LINGER_MILLIS, () => socket.destroy());
  }
}

/** Resolves also where the other side ends it with an error. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

/** Why a call came to nothing, in words; without an error it was given up. */
function whyNot(error: NodeJS.ErrnoException | undefined): string {
  if (error?.code === 'ECONNREFUSED') return 'connection refused';
  if (error?.code === undefined || error.code === 'ETIMEDOUT') return 'no answer';
  return `no connection (${error.code})`;
}
