/** A question that names addresses and interfaces, and its answer (contract, "Question"). */
import { hashText } from '../net/hash.ts';
import { formatIp, type Ip } from '../net/ip.ts';
import type { Endpoint } from './endpoint.ts';
import type { Packet } from './packet.ts';
import type { Trace } from './trace.ts';

export type QuestionProtocol = 'tcp' | 'udp' | 'icmp';

export interface Question {
  readonly from: Exclude<Endpoint, { kind: 'resolver' | 'link' }>;
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: QuestionProtocol;
  readonly sourcePort: number;
  /** 0 for icmp. */
  readonly port: number;
  /** Extra payload in bytes. */
  readonly size: number;
  readonly dontFragment: boolean;
  readonly ttl: number;
}

/** What the far end saw, after every translation. */
export interface Observed {
  readonly source: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly port?: number;
  /** Absent outside. */
  readonly instance?: string;
}

export interface Answer {
  readonly reachable: boolean;
  readonly forward: Trace;
  readonly return: Trace | null;
  readonly observed: Observed | null;
  readonly sourcePort: number;
  /** Of a question to a multicast group: the instances that got the message, in order. */
  readonly receivers?: readonly string[];
}

/** The message of an exchange before `size` is added; on the port of DNS it is a query. */
export const MESSAGE = 'openvpc?';
const DNS_PORT = 53;
/** Header, `localhost` and its type and class (RFC 1035 section 4.1); over TCP with its length. */
const QUERY_BYTES = { tcp: 29, udp: 27 } as const;

/** Length of the message that an exchange carries there and back, in bytes. */
export function messageBytes({ protocol, port, size }: Question): number {
  const isQuery = protocol !== 'icmp' && port === DNS_PORT;
  return size + (isQuery ? QUERY_BYTES[protocol] : MESSAGE.length);
}

const EPHEMERAL_FIRST = 49152;
const EPHEMERAL_COUNT = 16384;

/** The port of a question that names none: the same for a probe and a trace. */
export function defaultSourcePort(question: Omit<Question, 'sourcePort'>): number {
  const { from, source, destination, protocol, port } = question;
  const text = [from.kind === 'interface' ? from.id : from.kind, formatIp(source)];
  const hash = hashText([...text, formatIp(destination), protocol, port].join('|'));
  return EPHEMERAL_FIRST + (hash % EPHEMERAL_COUNT);
}

export function observe(packet: Packet, instance: string | undefined): Observed {
  const ports = packet.protocol === 6 || packet.protocol === 17;
  return {
    source: formatIp(packet.source),
    ...(ports && { sourcePort: packet.sourcePort }),
    destination: formatIp(packet.destination),
    ...(ports && { port: packet.destinationPort }),
    ...(instance !== undefined && { instance }),
  };
}

/** One packet of an exchange and how it fared. */
export interface Walked {
  readonly trace: Trace;
  readonly observed: Observed;
}

/**
 * The trace that stands for one direction: where the exchange failed, the packet that was stopped;
 * else its first packet.
 */
export function telling(walks: readonly Walked[], completed: boolean): Walked | undefined {
  const wanted = completed ? 'delivered' : 'dropped';
  return walks.find(({ trace }) => trace.disposition === wanted) ?? walks[0];
}
