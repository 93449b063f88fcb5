/**
 * One interface's TCP/IP: frames in, frames out. A pure state machine: time and randomness are
 * parameters, nothing waits, and an exchange without loss needs no time at all.
 */
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Mac } from '../../net/mac.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import type { HostAddresses } from './addresses.ts';
import type { IcmpError } from './errors.ts';
import { DEFAULT_TTL, type Echo, echoPacket, parseIcmpMessage, type Quoted } from './icmp.ts';
import { IgmpLayer } from './igmp.ts';
import { earliest, IpLayer, type UpperLayer } from './ip-layer.ts';
import { TCP_LIMITS } from './limits.ts';
import { allows, type Listen, type Observed, type Services } from './listen.ts';
import type { ArrivedPacket, DropReason } from './packet.ts';
import { type PingOptions, type PingResult, Pings } from './pings.ts';
import type { TcpConnection, TcpHandlers } from './tcp/connection.ts';
import { type ConnectOptions, type TcpAccept, TcpLayer } from './tcp-layer.ts';
import { type UdpHandler, UdpLayer, type UdpSend } from './udp.ts';

export interface HostOptions {
  readonly mac: Mac;
  /** Octets of one IP packet on the link: 9001 inside a VPC. */
  readonly mtu: number;
  /**
   * Takes a frame. It is the taker's to keep, and best queued: what it leads to must not come
   * back through `receive` before `transmit` returns, or the stack grows with every answer.
   */
  readonly transmit: (frame: Uint8Array) => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Unsigned 32-bit numbers. */
  readonly random: () => number;
  /** The echo service got a datagram, an echo request or the SYN of a connection. */
  readonly onObserved?: (observed: Observed) => void;
  /** How long a closed connection answers late segments. */
  readonly timeWaitMs?: number;
}

export class Host implements UpperLayer, Services {
  readonly #options: HostOptions;
  readonly #ip: IpLayer;
  #listen: Listen = 'all';
  // Made at first use: hosts are many and most are silent.
  #tcp: TcpLayer | undefined;
  #udp: UdpLayer | undefined;
  #pings: Pings | undefined;
  #igmp: IgmpLayer | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#ip = new IpLayer(options, this);
  }

  /** Frames and packets that came to nothing, by reason. */
  get drops(): ReadonlyMap<DropReason, number> {
    return this.#ip.drops;
  }

  /** TCP connections of any state. */
  get connections(): number {
    return this.#tcp?.size ?? 0;
  }

  configure(addresses: HostAddresses): void {
    this.#ip.configure(addresses);
  }

  /** Ports of the echo service; `listenTcp` and `bindUdp` stand beside it. */
  setListen(listen: Listen): void {
    this.#listen = listen;
  }

  /** The IPv4 groups it is in: it says so to routers (RFC 2236), and takes leave of the others. */
  joinGroups(groups: readonly Ipv4[]): void {
    this.#igmpLayer().join(groups);
  }

  /** Says again which groups it is in. */
  reportGroups(): void {
    this.#igmp?.report();
  }

  /** Takes any octets; never throws on them. They may be changed afterwards. */
  receive(frame: Uint8Array): void {
    this.#ip.receive(frame);
  }

  /** Does what is due: retransmission, giving up, forgetting. */
  poll(): void {
    this.#ip.poll();
    this.#tcp?.poll();
  }

  /** When `poll` has something to do, in milliseconds. */
  nextTimer(): number | undefined {
    return earliest(this.#ip.nextTimer(), this.#tcp?.nextTimer());
  }

  /** Sends one echo request; the returned function stops waiting for its answer. */
  ping(options: PingOptions, onResult: (result: PingResult) => void): () => void {
    this.#pings ??= new Pings(this.#ip);
    return this.#pings.send(options, onResult);
  }

  sendUdp(options: UdpSend): void {
    this.#udpLayer().send(options);
  }

  /** Takes a UDP port over; the returned function gives it back. */
  bindUdp(port: number, handler: UdpHandler): () => void {
    return this.#udpLayer().bind(port, handler);
  }

  connect(options: ConnectOptions, handlers: TcpHandlers): TcpConnection {
    return this.#tcpLayer().connect(options, handlers);
  }

  /** Takes a TCP port over; the returned function gives it back. */
  listenTcp(port: number, accept: TcpAccept, ttl?: number): () => void {
    return this.#tcpLayer().listen(port, accept, ttl);
  }

  /** For the transports: whether the echo service has a port. */
  listens(protocol: 'tcp' | 'udp', port: number): boolean {
    return allows(this.#listen, protocol, port);
  }

  /** For the transports: a request came. */
  observed(observed: Observed): void {
    this.#options.onObserved?.(observed);
  }

  #tcpLayer(): TcpLayer {
    const { timeWaitMs = TCP_LIMITS.timeWaitMs } = this.#options;
    this.#tcp ??= new TcpLayer(this.#ip, this, timeWaitMs);
    return this.#tcp;
  }

  #udpLayer(): UdpLayer {
    this.#udp ??= new UdpLayer(this.#ip, this);
    return this.#udp;
  }

  #igmpLayer(): IgmpLayer {
    this.#igmp ??= new IgmpLayer(this.#ip);
    return this.#igmp;
  }

  /** For the IP layer: a packet for one of our addresses. */
  deliver(packet: ArrivedPacket): void {
    switch (packet.protocol) {
      case PROTOCOL.tcp:
        this.#tcpLayer().receive(packet);
        break;
      case PROTOCOL.udp:
        this.#udpLayer().receive(packet);
        break;
      case PROTOCOL.icmp:
      case PROTOCOL.icmpv6:
        this.#receiveIcmp(packet);
        break;
      case PROTOCOL.igmp:
        this.#igmpLayer().receive(packet);
        break;
      default:
        this.#ip.drop('unknownProtocol');
    }
  }

  #receiveIcmp(packet: ArrivedPacket): void {
    const message = parseIcmpMessage(packet);
    switch (message?.kind) {
      case undefined:
        this.#ip.drop('malformed');
        break;
      case 'echoRequest':
        this.#answerEcho(packet, message);
        break;
      case 'echoReply':
        if (this.#pings === undefined) this.#ip.drop('unmatched');
        else this.#pings.reply(packet, message);
        break;
      case 'error':
        this.#receiveError(message.error, message.quoted);
        break;
      case 'other':
        this.#ip.drop('unknownProtocol');
    }
  }

  #answerEcho(packet: ArrivedPacket, request: Echo): void {
    // RFC 1122 section 3.2.2.6 leaves groups to us: silence, as Linux keeps for IPv4.
    if (packet.isGroup) return;
    const { source, destination } = packet;
    this.observed({ protocol: 'icmp', source, destination });
    const echo: Echo = { ...request, kind: 'echoReply' };
    const reply = echoPacket({ source: destination, destination: source, echo, ttl: DEFAULT_TTL });
    this.#ip.send({ ...reply, dontFragment: false });
  }

  #receiveError(error: IcmpError, quoted: Quoted): void {
    if (!this.#ip.isOwn(quoted.source)) {
      this.#ip.drop('unmatched');
      return;
    }
    if (error.mtu !== undefined) this.#ip.learnPathMtu(quoted.destination, error.mtu);
    const { protocol } = quoted;
    if (protocol === PROTOCOL.tcp) this.#tcp?.error(quoted, error);
    else if (protocol === PROTOCOL.udp) this.#udp?.error(quoted, error);
    else this.#pings?.error(quoted, error);
  }
}
