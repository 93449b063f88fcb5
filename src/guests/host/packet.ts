/** A packet between the IP layer and what stands on it, the same for both families. */
import type { Ip } from '../../net/ip.ts';
import type { TransportError } from './errors.ts';

export interface IpPacket {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: number;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** The transport's header and data. */
  readonly payload: Uint8Array;
}

export interface ArrivedPacket extends IpPacket {
  /** The packet from its IP header on, for ICMP errors to quote. */
  readonly whole: Uint8Array;
  /** Sent to a group, not to this host alone: never answered with an error. */
  readonly isGroup: boolean;
}

export interface OutgoingPacket extends IpPacket {
  readonly dontFragment: boolean;
  /** Of IPv4: a multiple of four octets. */
  readonly options?: Uint8Array;
  /** It cannot be sent: no route, no neighbor, or too long for the link. */
  readonly onError?: (error: TransportError) => void;
}

/** What a layer above IP may do. */
export interface IpService {
  now(): number;
  random(): number;
  send(packet: OutgoingPacket): void;
  /** The address to send from; undefined without one of the destination's family. */
  sourceFor(destination: Ip): Ip | undefined;
  /** Octets that the path to a destination is believed to carry in one packet. */
  pathMtu(destination: Ip): number;
  readonly mtu: number;
  drop(reason: DropReason): void;
}

/** Why an arriving frame came to nothing; counted, never thrown. */
export type DropReason =
  | 'malformed'
  | 'checksum'
  | 'notOurs'
  | 'unknownProtocol'
  | 'notListening'
  /** An answer or error that matches nothing we sent. */
  | 'unmatched'
  | 'limit';
