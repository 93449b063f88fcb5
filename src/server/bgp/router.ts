/** One BGP speaker of AWS's or of a site's, with what carries its sessions. */
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Random } from '../../net/random.ts';
import type { PeerConfiguration } from '../../services/bgp/configuration.ts';
import { Speaker, type SpeakerOutput } from '../../services/bgp/speaker.ts';
import { type HostSession, HostTransport } from './host-transport.ts';
import { type PeerEndpoint, SocketTransport } from './socket-transport.ts';

export interface RouterOptions {
  readonly asn: number;
  /** Not 0. */
  readonly identifier: Ipv4;
  readonly random: Random;
  /** Milliseconds. */
  readonly now: () => number;
  /** Hears of what happens to sessions and routes. */
  readonly onOutput: (output: SpeakerOutput) => void;
  /** Something came over a socket, and has been dealt with. */
  readonly onSocket: () => void;
}

/** What carries a session: packets of the fabric, or a socket of this machine. */
export type SessionCarrier =
  | { readonly kind: 'host'; readonly session: HostSession }
  | { readonly kind: 'socket'; readonly endpoint: PeerEndpoint };

export class Router {
  readonly speaker: Speaker;
  readonly #options: RouterOptions;
  readonly #hosts: HostTransport;
  #sockets: SocketTransport | undefined;

  constructor(options: RouterOptions) {
    const { asn, identifier, random, now } = options;
    this.#options = options;
    this.#hosts = new HostTransport(() => this.speaker, now);
    this.speaker = new Speaker({ asn, identifier, random }, (output) => this.#handle(output));
  }

  /** Begins a session, or waits for the other side to. */
  begin(peer: string, configuration: PeerConfiguration, carrier: SessionCarrier): void {
    this.speaker.addPeer(peer, configuration);
    if (carrier.kind === 'host') this.#hosts.add(peer, carrier.session);
    else this.#socketTransport().setEndpoint(peer, carrier.endpoint);
    this.speaker.start(peer, this.#options.now());
  }

  /** The peer's program is not to be heard any more, until a session with it begins anew. */
  silence(peer: string): void {
    this.#sockets?.silence(peer);
  }

  /** Ends a session and forgets the peer. */
  end(peer: string): void {
    this.speaker.removePeer(peer, this.#options.now());
    this.#hosts.remove(peer);
    this.#sockets?.removeEndpoint(peer);
  }

  /**
   * Tells a peer that its session is shut down, for whoever operates it to read; what carries the
   * session stays until the last word is delivered.
   */
  shutDown(peer: string, why: string): void {
    this.speaker.stop(peer, this.#options.now(), why);
  }

  /** Resolves when nothing is on its way any more; sessions should have been ended. */
  async close(): Promise<void> {
    await this.#sockets?.close();
  }

  #handle(output: SpeakerOutput): void {
    if ('peer' in output && this.#hosts.has(output.peer)) this.#hosts.handle(output);
    else this.#sockets?.handle(output);
    this.#options.onOutput(output);
  }

  #socketTransport(): SocketTransport {
    const { now, onSocket: onHandled } = this.#options;
    this.#sockets ??= new SocketTransport(() => this.speaker, { now, onHandled });
    return this.#sockets;
  }
}
