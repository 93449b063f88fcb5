/** UDP: bound ports, and the echo service on those that are not. */
import { type Ip, ipKey } from '../../net/ip.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { read16 } from '../../wire/bytes.ts';
import { emitUdp, parseUdp, UdpView, udpLength } from '../../wire/udp.ts';
import type { TransportError } from './errors.ts';
import { DEFAULT_TTL, type Quoted, sendPortUnreachable } from './icmp.ts';
import { HOST_LIMITS } from './limits.ts';
import type { Observed, Services } from './listen.ts';
import type { ArrivedPacket, IpService } from './packet.ts';

export interface UdpDatagram {
  readonly source: Ip;
  readonly sourcePort: number;
  readonly destination: Ip;
  readonly port: number;
  /** TTL or hop limit as received. */
  readonly ttl: number;
  /** Valid during the call only. */
  readonly payload: Uint8Array;
}

export interface UdpHandler {
  onDatagram?(datagram: UdpDatagram): void;
  /** What the network said about a datagram that this port sent. */
  onError?(error: TransportError, to: { readonly destination: Ip; readonly port: number }): void;
}

export interface UdpSend {
  readonly source?: Ip;
  readonly sourcePort: number;
  readonly destination: Ip;
  readonly port: number;
  readonly payload: Uint8Array;
  readonly dontFragment?: boolean;
  readonly ttl?: number;
}

export class UdpLayer {
  readonly #ip: IpService;
  readonly #services: Services;
  readonly #bound = new Map<number, UdpHandler>();
  /** Exchanges that began here, by ports and far address, and until when they are remembered. */
  readonly #flows = new Map<string, number>();

  constructor(ip: IpService, services: Services) {
    this.#ip = ip;
    this.#services = services;
  }

  /** Replaces whoever had the port; the returned function gives it back. */
  bind(port: number, handler: UdpHandler): () => void {
    this.#bound.set(port, handler);
    return () => {
      if (this.#bound.get(port) === handler) this.#bound.delete(port);
    };
  }

  send(options: UdpSend): void {
    const { destination, port, sourcePort } = options;
    const onError = (error: TransportError) =>
      this.#bound.get(sourcePort)?.onError?.(error, { destination, port });
    const source = options.source ?? this.#ip.sourceFor(destination);
    if (source === undefined) {
      onError({ kind: 'unresolved' });
      return;
    }
    this.#remember(flowKey(sourcePort, destination, port));
    this.#transmit({ ...options, source }, onError);
  }

  receive(packet: ArrivedPacket): void {
    const { payload, source, destination, ttl } = packet;
    const udp = parseUdp(payload, 0, payload.length, packet);
    if (udp === undefined) {
      this.#ip.drop(new UdpView().wrap(payload) ? 'checksum' : 'malformed');
      return;
    }
    const { sourcePort, destinationPort: port } = udp;
    const datagram = { source, sourcePort, destination, port, ttl, payload: udp.payload };
    const handler = this.#bound.get(port);
    if (handler !== undefined) handler.onDatagram?.(datagram);
    else if (this.#isLate(datagram)) this.#ip.drop('unmatched');
    else if (this.#services.listens('udp', port)) this.#echo(datagram, packet.isGroup);
    else {
      this.#ip.drop('notListening');
      sendPortUnreachable(this.#ip, packet);
    }
  }

  error(quoted: Quoted, error: TransportError): void {
    const { head, destination } = quoted;
    const handler = this.#bound.get(read16(head, 0));
    if (handler === undefined) this.#ip.drop('unmatched');
    else handler.onError?.(error, { destination, port: read16(head, 2) });
  }

  #echo(datagram: UdpDatagram, toGroup: boolean): void {
    const { source, sourcePort, destination, port, payload } = datagram;
    const observed: Observed = { protocol: 'udp', source, sourcePort, destination, port };
    this.#services.observed(observed);
    if (toGroup || sourcePort === 0) return;
    this.#transmit({
      source: destination,
      sourcePort: port,
      destination: source,
      port: sourcePort,
      payload,
    });
  }

  #transmit(
    options: UdpSend & { readonly source: Ip },
    onError?: (error: TransportError) => void,
  ): void {
    const { source, destination, sourcePort, port, payload } = options;
    const udp = { sourcePort, destinationPort: port, payload };
    // Longer than its own length field can say: the IP layer refuses it by its length.
    const fits = udpLength(udp) <= 0xffff;
    const bytes = new Uint8Array(fits ? udpLength(udp) : 0x1_0000);
    if (fits) emitUdp(udp, bytes, 0, { source, destination });
    this.#ip.send({
      source,
      destination,
      protocol: PROTOCOL.udp,
      ttl: options.ttl ?? DEFAULT_TTL,
      payload: bytes,
      dontFragment: options.dontFragment ?? false,
      ...(onError === undefined ? {} : { onError }),
    });
  }

  /**
   * An answer to something sent from here whose sender has left. The echo service must not send
   * it back: with an echo service at the other end it would travel for ever.
   */
  #isLate({ port, source, sourcePort }: UdpDatagram): boolean {
    const until = this.#flows.get(flowKey(port, source, sourcePort));
    return until !== undefined && until > this.#ip.now();
  }

  #remember(key: string): void {
    this.#flows.delete(key);
    if (this.#flows.size >= HOST_LIMITS.udpFlows) {
      this.#flows.delete(this.#flows.keys().next().value!);
    }
    this.#flows.set(key, this.#ip.now() + HOST_LIMITS.udpFlowMs);
  }
}

function flowKey(port: number, far: Ip, farPort: number): string {
  return `${port}>${ipKey(far)}:${farPort}`;
}
