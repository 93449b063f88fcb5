/** Carries a BGP speaker's sessions over TCP of in-process hosts: as packets through the fabric. */
import type { Host } from '../../guests/host/host.ts';
import type { TcpConnection, TcpHandlers } from '../../guests/host/tcp/connection.ts';
import { type Ip, ipEquals } from '../../net/ip.ts';
import type { Speaker, SpeakerOutput } from '../../services/bgp/speaker.ts';

/** RFC 4271 section 8.2.1. */
const BGP_PORT = 179;

/** Between which addresses a session runs, and on which host its end is. */
export interface HostSession {
  readonly host: Host;
  readonly local: Ip;
  readonly remote: Ip;
  readonly ttl: number;
}

/** A connection with what TCP has not taken yet. */
interface Carried {
  readonly peer: string;
  readonly connection: TcpConnection;
  waiting: Uint8Array[];
  /** Closed once all has been sent. */
  ending: boolean;
}

export class HostTransport {
  readonly #speaker: () => Speaker;
  /** Milliseconds. */
  readonly #now: () => number;
  readonly #sessions = new Map<string, HostSession>();
  readonly #carried = new Map<number, Carried>();
  /** How to stop listening on each host that has a session here. */
  readonly #listening = new Map<Host, () => void>();
  #nextId = 1;

  constructor(speaker: () => Speaker, now: () => number) {
    this.#speaker = speaker;
    this.#now = now;
  }

  add(peer: string, session: HostSession): void {
    this.#sessions.set(peer, session);
    const { host, ttl } = session;
    if (this.#listening.has(host)) return;
    // The sessions of one host are of one kind of link: so is their time to live (H-079, C-094).
    const accept = (connection: TcpConnection) => this.#accept(host, connection);
    this.#listening.set(host, host.listenTcp(BGP_PORT, accept, ttl));
  }

  /** The speaker has ended its session. Another one may take over the host after the last. */
  remove(peer: string): void {
    const host = this.#sessions.get(peer)?.host;
    this.#sessions.delete(peer);
    if (host === undefined || this.#hasSessionAt(host)) return;
    this.#listening.get(host)?.();
    this.#listening.delete(host);
  }

  #hasSessionAt(host: Host): boolean {
    return [...this.#sessions.values()].some((session) => session.host === host);
  }

  has(peer: string): boolean {
    return this.#sessions.has(peer);
  }

  /** Does what the speaker asks for. */
  handle(output: SpeakerOutput): void {
    switch (output.type) {
      case 'connect':
        this.#connect(output.peer);
        break;
      case 'send':
        this.#send(output.connection, output.bytes);
        break;
      case 'close':
        this.#close(output.connection);
        break;
    }
  }

  #connect(peer: string): void {
    const session = this.#sessions.get(peer);
    if (session === undefined) return;
    const { host, local: source, remote: destination, ttl } = session;
    let id: number | undefined;
    const failed = (why: string) => {
      if (id === undefined) this.#speaker().connectFailed(peer, this.#now(), why);
      else this.#lost(id);
    };
    host.connect(
      { source, destination, port: BGP_PORT, ttl },
      {
        onEstablished: (connection) => {
          id = this.#carry(peer, connection);
          connection.handlers = this.#handlers(id);
          this.#speaker().connected(peer, { id, outgoing: true }, this.#now());
        },
        onError: () => failed('no answer'),
        onReset: () => failed('connection refused'),
      },
    );
  }

  /** A call from a peer that is known; another one is reset. */
  #accept(host: Host, connection: TcpConnection): TcpHandlers {
    const { source, destination } = connection.ends;
    for (const [peer, session] of this.#sessions) {
      const isMeant =
        session.host === host &&
        ipEquals(session.local, source) &&
        ipEquals(session.remote, destination);
      if (!isMeant) continue;
      const id = this.#carry(peer, connection);
      // The handlers have to be there before anything comes of it.
      const handlers = this.#handlers(id);
      return {
        ...handlers,
        onEstablished: () => {
          this.#speaker().connected(peer, { id, outgoing: false }, this.#now());
        },
      };
    }
    connection.abort();
    return {};
  }

  #carry(peer: string, connection: TcpConnection): number {
    const id = this.#nextId++;
    this.#carried.set(id, { peer, connection, waiting: [], ending: false });
    return id;
  }

  #handlers(id: number): TcpHandlers {
    const lost = () => this.#lost(id);
    return {
      onData: (bytes) => {
        const peer = this.#carried.get(id)?.peer;
        if (peer !== undefined) this.#speaker().receive(peer, id, bytes, this.#now());
      },
      onDrain: () => this.#pump(id),
      onEnd: (connection) => {
        lost();
        connection.close();
      },
      onReset: lost,
      onError: lost,
      onClose: lost,
    };
  }

  #lost(id: number): void {
    const carried = this.#carried.get(id);
    if (carried === undefined) return;
    this.#carried.delete(id);
    if (!carried.ending) this.#speaker().disconnected(carried.peer, id, this.#now());
  }

  #send(id: number, bytes: Uint8Array): void {
    this.#carried.get(id)?.waiting.push(bytes);
    this.#pump(id);
  }

  #close(id: number): void {
    const carried = this.#carried.get(id);
    if (carried === undefined) return;
    carried.ending = true;
    this.#pump(id);
  }

  #pump(id: number): void {
    const carried = this.#carried.get(id);
    if (carried === undefined) return;
    const { connection, waiting } = carried;
    while (waiting.length > 0) {
      const bytes = waiting[0]!;
      const taken = connection.send(bytes);
      if (taken < bytes.length) {
        waiting[0] = bytes.subarray(taken);
        return;
      }
      waiting.shift();
    }
    if (!carried.ending) return;
    this.#carried.delete(id);
    connection.close();
  }
}
