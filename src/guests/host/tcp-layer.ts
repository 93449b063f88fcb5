/** TCP over IP: which segment belongs to which connection, and who accepts new ones. */
import { type Ip, ipEquals, isIpv4 } from '../../net/ip.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { read16, read32 } from '../../wire/bytes.ts';
import { IPV4_HEADER_LENGTH } from '../../wire/ipv4.ts';
import { IPV6_HEADER_LENGTH } from '../../wire/ipv6.ts';
import {
  emitTcp,
  parseTcp,
  TCP_HEADER_LENGTH,
  type Tcp,
  TcpView,
  tcpLength,
} from '../../wire/tcp.ts';
import { NO_TCP_OPTIONS } from '../../wire/tcp-option.ts';
import { TCP_ECHO } from './echo.ts';
import type { IcmpError } from './errors.ts';
import { DEFAULT_TTL, type Quoted } from './icmp.ts';
import { TCP_LIMITS } from './limits.ts';
import type { Services } from './listen.ts';
import type { ArrivedPacket, IpService } from './packet.ts';
import { TcpConnection, type TcpEnds, type TcpHandlers } from './tcp/connection.ts';
import { openActive, openPassive } from './tcp/open.ts';
import { ACK, RST, resetFor, type Segment, SYN } from './tcp/segment.ts';
import { seqAdd, seqAfter, seqMax } from './tcp/sequence.ts';
import { createTcb, type Tcb } from './tcp/tcb.ts';

/** Called when a connection is established; its handlers from then on. */
export type TcpAccept = (connection: TcpConnection) => TcpHandlers;

export interface ConnectOptions {
  readonly source?: Ip;
  /** A free one of the dynamic range when left out. */
  readonly sourcePort?: number;
  readonly destination: Ip;
  readonly port: number;
  readonly ttl?: number;
}

interface Listener {
  readonly accept: TcpAccept;
  /** Of all that its connections send. */
  readonly ttl: number;
}

/** RFC 6335 section 6. */
const DYNAMIC_PORTS = { from: 49_152, count: 16_384 } as const;
/** Between the numbers of one connection and those of the next: at least a window. */
const SEQUENCE_STEP = 65_536;

export class TcpLayer {
  readonly #ip: IpService;
  readonly #services: Services;
  readonly #timeWaitMs: number;
  readonly #connections = new Map<number, TcpConnection[]>();
  readonly #listeners = new Map<number, Listener>();
  #count = 0;
  #nextSequence: number | undefined;

  constructor(ip: IpService, services: Services, timeWaitMs: number) {
    this.#ip = ip;
    this.#services = services;
    this.#timeWaitMs = timeWaitMs;
  }

  /** Connections of any state, TIME-WAIT included. */
  get size(): number {
    return this.#count;
  }

  /** Replaces whoever had the port; the returned function gives it back. */
  listen(port: number, accept: TcpAccept, ttl = DEFAULT_TTL): () => void {
    const listener = { accept, ttl };
    this.#listeners.set(port, listener);
    return () => {
      if (this.#listeners.get(port) === listener) this.#listeners.delete(port);
    };
  }

  /** An older connection between the same ends is aborted. */
  connect(options: ConnectOptions, handlers: TcpHandlers): TcpConnection {
    const { destination, port, ttl = DEFAULT_TTL } = options;
    const found = options.source ?? this.#ip.sourceFor(destination);
    const source = found ?? destination;
    const sourcePort = options.sourcePort ?? this.#freePort(source, destination, port);
    const ends: TcpEnds = { source, sourcePort, destination, port, ttl };
    const old = this.#find(ends);
    if (old !== undefined) this.#replace(old);
    const tcb = this.#createTcb(ends);
    const connection = this.#add(ends, tcb, handlers);
    openActive(tcb);
    if (found === undefined) connection.report({ kind: 'unresolved' });
    else connection.run();
    return connection;
  }

  receive(packet: ArrivedPacket): void {
    const { payload, source, destination } = packet;
    const tcp = parseTcp(payload, 0, payload.length, packet);
    if (tcp === undefined || packet.isGroup) {
      const badSum = new TcpView().wrap(payload) && !packet.isGroup;
      this.#ip.drop(badSum ? 'checksum' : 'malformed');
      return;
    }
    const { sourcePort: port, destinationPort: sourcePort } = tcp;
    const ttl = this.#listeners.get(sourcePort)?.ttl ?? DEFAULT_TTL;
    const ends = { source: destination, sourcePort, destination: source, port, ttl };
    const segment = segmentOf(tcp);
    const connection = this.#find(ends);
    if (connection !== undefined && !isReopening(connection, segment)) connection.arrive(segment);
    else this.#arriveNew(ends, segment, connection);
  }

  /** An ICMP error quotes one of our segments. */
  error(quoted: Quoted, error: IcmpError): void {
    const { source, destination, head } = quoted;
    const ends = { source, sourcePort: read16(head, 0), destination, port: read16(head, 2) };
    const connection = this.#find(ends);
    if (connection === undefined) this.#ip.drop('unmatched');
    else if (error.mtu === undefined) connection.report(error);
    else connection.shrink(this.#ip.pathMtu(destination) - headers(destination), read32(head, 4));
  }

  poll(): void {
    const now = this.#ip.now();
    for (const connections of [...this.#connections.values()]) {
      for (const connection of [...connections]) {
        const { deadline } = connection;
        if (deadline !== undefined && deadline <= now) connection.poll();
      }
    }
  }

  nextTimer(): number | undefined {
    let next: number | undefined;
    for (const connections of this.#connections.values()) {
      for (const { deadline } of connections) {
        if (deadline !== undefined && (next === undefined || deadline < next)) next = deadline;
      }
    }
    return next;
  }

  #arriveNew(ends: TcpEnds, segment: Segment, old: TcpConnection | undefined): void {
    const { sourcePort: port } = ends;
    const accept = this.#listeners.get(port)?.accept;
    const isOpen = accept !== undefined || this.#services.listens('tcp', port);
    const isSyn = (segment.flags & (SYN | ACK | RST)) === SYN;
    if (!isOpen || !isSyn) {
      if (!isOpen) this.#ip.drop('notListening');
      const reset = resetFor(segment);
      if (reset !== undefined) this.#transmit(ends, reset);
      return;
    }
    if (!this.#makeRoom()) {
      this.#ip.drop('limit');
      return;
    }
    if (old !== undefined) this.#remove(old);
    const tcb = this.#createTcb(ends);
    this.#services.observed({
      protocol: 'tcp',
      source: ends.destination,
      sourcePort: ends.port,
      destination: ends.source,
      port,
    });
    openPassive(tcb);
    this.#add(ends, tcb, handlersFor(accept)).arrive(segment);
  }

  #createTcb({ destination }: TcpEnds): Tcb {
    return createTcb({
      initialSequence: this.#initialSequence(),
      offeredSegmentSize: this.#ip.mtu - headers(destination),
      pathSegmentSize: this.#ip.pathMtu(destination) - headers(destination),
      defaultSegmentSize: isIpv4(destination) ? TCP_LIMITS.defaultMss4 : TCP_LIMITS.defaultMss6,
      timeWaitMs: this.#timeWaitMs,
    });
  }

  /**
   * Begins beyond every connection that has ended, so that a peer in TIME-WAIT takes the SYN
   * (RFC 9293 section 3.6.1): the clock of section 3.4.1, which may stand still here, cannot say.
   */
  #initialSequence(): number {
    const random = this.#ip.random();
    const last = this.#nextSequence ?? random;
    this.#nextSequence = seqAdd(last, SEQUENCE_STEP + (random % SEQUENCE_STEP));
    return this.#nextSequence;
  }

  #add(ends: TcpEnds, tcb: Tcb, handlers: TcpHandlers): TcpConnection {
    const connection = new TcpConnection(ends, tcb, this.#environment, handlers);
    const key = keyOf(ends);
    const others = this.#connections.get(key);
    if (others === undefined) this.#connections.set(key, [connection]);
    else others.push(connection);
    this.#count++;
    return connection;
  }

  readonly #environment = {
    now: () => this.#ip.now(),
    transmit: (ends: TcpEnds, segment: Segment, connection: TcpConnection) =>
      this.#transmit(ends, segment, connection),
    changed: (connection: TcpConnection) => {
      if (connection.state === 'CLOSED') this.#remove(connection);
    },
  };

  #remove(connection: TcpConnection): void {
    const key = keyOf(connection.ends);
    const others = this.#connections.get(key);
    const index = others?.indexOf(connection) ?? -1;
    if (others === undefined || index < 0) return;
    const { sndMax } = connection.sequences;
    this.#nextSequence = seqMax(this.#nextSequence ?? sndMax, sndMax);
    others.splice(index, 1);
    if (others.length === 0) this.#connections.delete(key);
    this.#count--;
  }

  #replace(old: TcpConnection): void {
    if (old.state !== 'TIME-WAIT') old.abort();
    this.#remove(old);
  }

  #find(ends: Omit<TcpEnds, 'ttl'>): TcpConnection | undefined {
    return this.#connections
      .get(keyOf(ends))
      ?.find(
        (connection) =>
          ipEquals(connection.ends.source, ends.source) &&
          ipEquals(connection.ends.destination, ends.destination),
      );
  }

  /** Room for one more; what only waits for late segments goes first. */
  #makeRoom(): boolean {
    if (this.#count < TCP_LIMITS.connections) return true;
    for (const connections of this.#connections.values()) {
      const idle = connections.find(({ state }) => state === 'TIME-WAIT');
      if (idle === undefined) continue;
      this.#remove(idle);
      return true;
    }
    return false;
  }

  #freePort(source: Ip, destination: Ip, port: number): number {
    const start = this.#ip.random() % DYNAMIC_PORTS.count;
    for (let step = 0; step < DYNAMIC_PORTS.count; step++) {
      const sourcePort = DYNAMIC_PORTS.from + ((start + step) % DYNAMIC_PORTS.count);
      if (this.#find({ source, sourcePort, destination, port }) === undefined) return sourcePort;
    }
    return DYNAMIC_PORTS.from + start;
  }

  #transmit(ends: TcpEnds, segment: Segment, connection?: TcpConnection): void {
    const { source, destination, sourcePort, port, ttl } = ends;
    const tcp: Tcp = {
      sourcePort,
      destinationPort: port,
      sequenceNumber: segment.sequence,
      acknowledgmentNumber: segment.acknowledgment,
      flags: segment.flags,
      window: segment.window,
      options:
        segment.maxSegmentSize === undefined ? NO_TCP_OPTIONS : { mss: segment.maxSegmentSize },
      payload: segment.payload,
    };
    const payload = new Uint8Array(tcpLength(tcp));
    emitTcp(tcp, payload, 0, { source, destination });
    this.#ip.send({
      source,
      destination,
      protocol: PROTOCOL.tcp,
      ttl,
      payload,
      // As Linux does: the path's MTU is discovered, nothing is fragmented.
      dontFragment: true,
      ...(connection && { onError: (error) => connection.report(error) }),
    });
  }
}

function keyOf({ sourcePort, port }: { sourcePort: number; port: number }): number {
  return sourcePort * 0x1_0000 + port;
}

/** Octets of IP and TCP headers without options. */
function headers(address: Ip): number {
  return (isIpv4(address) ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH) + TCP_HEADER_LENGTH;
}

function segmentOf(tcp: Tcp): Segment {
  const { sequenceNumber, acknowledgmentNumber, flags, window, payload, options } = tcp;
  return {
    sequence: sequenceNumber,
    acknowledgment: acknowledgmentNumber,
    flags,
    window,
    payload,
    ...(options.mss === undefined ? {} : { maxSegmentSize: options.mss }),
  };
}

/** RFC 9293 section 3.6.1: a SYN beyond what was seen reopens a connection in TIME-WAIT. */
function isReopening(connection: TcpConnection, segment: Segment): boolean {
  if (connection.state !== 'TIME-WAIT') return false;
  const isSyn = (segment.flags & (SYN | ACK | RST)) === SYN;
  return isSyn && seqAfter(segment.sequence, connection.sequences.rcvNxt);
}

function handlersFor(accept: TcpAccept | undefined): TcpHandlers {
  if (accept === undefined) return TCP_ECHO;
  return {
    onEstablished(connection) {
      const handlers = accept(connection);
      connection.handlers = handlers;
      handlers.onEstablished?.(connection);
    },
  };
}
