/** What the network can say to a sender, apart from an answer. */
import type { Ip } from '../../net/ip.ts';

export interface IcmpError {
  readonly kind: 'icmp';
  /** Type and code of ICMP, or of ICMPv6 where `from` is an IPv6 address. */
  readonly type: number;
  readonly code: number;
  /** The node that sent the error; the sender itself for a packet too long for its own link. */
  readonly from: Ip;
  /** The next hop's MTU in octets, where the packet was too big. */
  readonly mtu?: number;
}

export type TransportError =
  | IcmpError
  /** No route, no address of that family, or neither ARP nor ND got an answer. */
  | { readonly kind: 'unresolved' }
  /** Too many retransmissions. */
  | { readonly kind: 'timeout' };
