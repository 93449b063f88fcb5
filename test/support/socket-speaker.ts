/** BGP speakers over real sockets, each with its timers: one that calls, and one that is called. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { parseIp } from '../../src/net/ip.ts';
import { parseIpv4 } from '../../src/net/ipv4.ts';
import { Random } from '../../src/net/random.ts';
import { SocketTransport } from '../../src/server/bgp/socket-transport.ts';
import { micros, setTimer } from '../../src/server/event-loop.ts';
import type { PeerConfiguration } from '../../src/services/bgp/configuration.ts';
import type { Advertisement } from '../../src/services/bgp/export.ts';
import { Speaker, type SpeakerOutput } from '../../src/services/bgp/speaker.ts';

/** The name of the one peer of each. */
export const PEER = 'peer';
const now = () => micros() / 1000;

abstract class SocketSpeaker {
  readonly speaker: Speaker;
  /** All that the speaker has said. */
  readonly outputs: SpeakerOutput[] = [];
  #stopTimer = () => {};
  #closed = false;

  constructor(asn: number, identifier: string) {
    const identity = { asn, identifier: parseIpv4(identifier)!, random: new Random(asn) };
    this.speaker = new Speaker(identity, (output) => {
      this.outputs.push(output);
      this.handle(output);
    });
  }

  get state(): string {
    return this.speaker.status(PEER).state;
  }

  addPeer(configuration: Omit<PeerConfiguration, 'address'> & { readonly address: string }): void {
    const address = parseIp(configuration.address)!;
    this.act(({ speaker }) => speaker.addPeer(PEER, { ...configuration, address }));
  }

  start(): void {
    this.act(({ speaker }) => speaker.start(PEER, now()));
  }

  stop(why?: string): void {
    this.act(({ speaker }) => speaker.stop(PEER, now(), why));
  }

  advertise(routes: readonly Advertisement[]): void {
    this.act(({ speaker }) => speaker.advertise(PEER, routes, now()));
  }

  /** Resolves when nothing is on its way any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
  }

  protected abstract handle(output: SpeakerOutput): void;

  /** Whatever has been done, the timers may be others now. */
  protected act(action: (self: this) => void): void {
    action(this);
    this.#stopTimer();
    const next = this.speaker.nextDue();
    if (next === undefined || this.#closed) return;
    const due = () => this.act(({ speaker }) => speaker.due(now()));
    this.#stopTimer = setTimer(Math.max(0, Math.ceil(next - now())), due);
  }
}

/** The product's transport; its peer is to be called. */
export class CallingSpeaker extends SocketSpeaker {
  readonly transport = new SocketTransport(() => this.speaker, {
    now,
    onHandled: () => this.act(() => {}),
  });

  protected handle(output: SpeakerOutput): void {
    this.transport.handle(output);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.transport.close();
  }
}

/** Whoever calls it is its peer. */
export class CalledSpeaker extends SocketSpeaker {
  readonly #server: Server = createServer((socket) => this.#called(socket));
  readonly #sockets = new Map<number, Socket>();
  #nextConnection = 1;

  async listen(address: string, port = 0): Promise<void> {
    this.#server.listen(port, address);
    await once(this.#server, 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  override async close(): Promise<void> {
    await super.close();
    this.#server.close();
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  protected handle(output: SpeakerOutput): void {
    if (output.type === 'send') this.#sockets.get(output.connection)?.write(output.bytes);
    if (output.type === 'close') this.#sockets.get(output.connection)?.end();
  }

  #called(socket: Socket): void {
    const id = this.#nextConnection++;
    this.#sockets.set(id, socket);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      this.act(({ speaker }) => speaker.receive(PEER, id, bytes, now()));
    });
    socket.once('close', () => {
      this.#sockets.delete(id);
      this.act(({ speaker }) => speaker.disconnected(PEER, id, now()));
    });
    this.act(({ speaker }) => speaker.connected(PEER, { id, outgoing: false }, now()));
  }
}
