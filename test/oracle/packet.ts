/** What the oracle carries: a header, its size, and what the network knows of its sender. */
import type { Reason } from '../../src/fabric/reason.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Family, familyOf, type Ip, ipEquals } from '../../src/net/ip.ts';

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;

/** A flow as a session remembers it. An echo's identifier stands in both ports. */
export interface Flow {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly port: number;
}

export interface Packet extends Flow {
  readonly icmp?: { readonly type: number; readonly code: number };
  /** Whether it is an ICMP error about another packet. */
  readonly isError?: true;
  /** Bytes of the IP packet. */
  readonly length: number;
  /** IPv4 without the don't-fragment bit. */
  readonly mayFragment: boolean;
  readonly ttl: number;
  /** Whose groups the receiver may know: the sender's, under its own address. */
  readonly sender?: string | undefined;
  /** The subnet it left last; an internet gateway or a peering ends that. */
  readonly leftSubnet?: string | undefined;
}

export interface Drop {
  readonly disposition: 'dropped';
  readonly reason: Reason;
  readonly at: string;
  /** Where it was too big: what passes there, and the subnet it came from. */
  readonly tooBig?: { readonly mtu: number; readonly subnetId: string };
}

export type Place =
  | { readonly kind: 'interface'; readonly id: string }
  | { readonly kind: 'internet' }
  | { readonly kind: 'resolver'; readonly vpcId: string };

export interface Arrival {
  readonly disposition: 'delivered';
  readonly place: Place;
  readonly packet: Packet;
}

export type Outcome = Drop | Arrival;

/** Where a packet comes to next. */
export type Step = { readonly packet: Packet } & (
  | { readonly next: 'leave interface'; readonly eni: NetworkInterface }
  | { readonly next: 'arrive at interface'; readonly eni: NetworkInterface }
  | { readonly next: 'find in vpc'; readonly vpcId: string }
  | { readonly next: 'cross the internet' }
);

export function drop(reason: Reason, at: string): Drop {
  return { disposition: 'dropped', reason, at };
}

/** what does not fit and may not be cut is dropped, and its sender told. */
export function tooBig(packet: Packet, mtu: number, at: string): Drop | undefined {
  if (packet.length <= mtu || packet.mayFragment) return undefined;
  const told = packet.leftSubnet && { tooBig: { mtu, subnetId: packet.leftSubnet } };
  return { ...drop('MTU_EXCEEDED', at), ...told };
}

export function packetFamily({ destination }: Flow): Family {
  return familyOf(destination);
}

export function flowOf({ source, destination, protocol, sourcePort, port }: Flow): Flow {
  return { source, destination, protocol, sourcePort, port };
}

export function reversed({ source, destination, protocol, sourcePort, port }: Flow): Flow {
  return { source: destination, destination: source, protocol, sourcePort: port, port: sourcePort };
}

export function isSameFlow(a: Flow, b: Flow): boolean {
  return (
    ipEquals(a.source, b.source) &&
    ipEquals(a.destination, b.destination) &&
    a.protocol === b.protocol &&
    a.sourcePort === b.sourcePort &&
    a.port === b.port
  );
}
