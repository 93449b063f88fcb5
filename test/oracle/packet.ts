/** What the oracle carries: a header, its size, and what the network knows of its sender. */
import type { Reason } from '../../src/fabric/reason.ts';
import type { Site } from '../../src/model/hybrid/site.ts';
import type {
  TransitGatewayAttachment,
  VpcAttachment,
} from '../../src/model/transit-gateway/attachment.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Family, familyOf, type Ip, ipEquals } from '../../src/net/ip.ts';
import type { Link } from './hybrid/link.ts';

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;
export const GRE = 47;

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
  /** The packet that an ICMP error is about, as the error says it. */
  readonly about?: Flow;
  /** Whether it opens a TCP connection. */
  readonly opens?: true;
  /** C-131: how large the segments may be that answer it, as routers on its way have it. */
  readonly segmentMax?: number;
  /** Bytes of the IP packet. */
  readonly length: number;
  /** IPv4 without the don't-fragment bit. */
  readonly mayFragment: boolean;
  /** Cut, by its sender or on its way. */
  readonly inPieces: boolean;
  readonly ttl: number;
  /** Whose groups the receiver may know: the sender's, under its own address. */
  readonly sender?: string | undefined;
  /** The subnet it left last; an internet gateway or a peering ends that. */
  readonly leftSubnet?: string | undefined;
  /** It came into the VPC by a transit gateway, and nobody there has made it its own. */
  readonly cameByTransit?: true | undefined;
  /** The subnet whose router tells its sender what is wrong with it. */
  readonly toldBy?: string | undefined;
  /** In place of that, the Connect peer by whose tunnel its sender is told (C-130). */
  readonly toldByLink?: string | undefined;
  /** Of a GRE packet, what is in it. */
  readonly inner?: Packet;
}

export interface Drop {
  readonly disposition: 'dropped';
  readonly reason: Reason;
  readonly at: string;
  /** What was too big, as it was there, and what passes. */
  readonly tooBig?: { readonly mtu: number; readonly packet: Packet };
}

export type Place =
  | { readonly kind: 'interface'; readonly id: string }
  | { readonly kind: 'internet' }
  | { readonly kind: 'resolver'; readonly vpcId: string }
  | { readonly kind: 'site'; readonly name: string }
  /** AWS's own end of a link. */
  | { readonly kind: 'link'; readonly id: string };

/** Who asks whom. */
export interface Ends {
  readonly from: Place;
  readonly source: Ip;
  readonly destination: Ip;
  /** The gateway a host outside aims at, where no public address names the destination. */
  readonly gatewayId?: string;
}

export interface Arrival {
  readonly disposition: 'delivered';
  readonly place: Place;
  readonly packet: Packet;
}

export type Outcome = Drop | Arrival;

/** Where a packet comes to next. */
export type Step = { readonly packet: Packet } & (
  | { readonly next: 'leave interface'; readonly eni: NetworkInterface }
  | { readonly next: 'send on link'; readonly eni: NetworkInterface }
  | { readonly next: 'send to router'; readonly eni: NetworkInterface }
  | { readonly next: 'arrive at interface'; readonly eni: NetworkInterface }
  | { readonly next: 'find in vpc'; readonly vpcId: string }
  | { readonly next: 'cross the internet' }
  | { readonly next: 'cross to customer'; readonly link: Link; readonly zone?: string | undefined }
  | { readonly next: 'cross to aws'; readonly link: Link }
  | { readonly next: 'arrive at site'; readonly site: Site }
  | {
      readonly next: 'route at gateway';
      readonly gatewayId: string;
      readonly scope: 'through' | 'vpc only';
    }
  | { readonly next: 'enter direct connect gateway'; readonly gatewayId: string }
  | {
      readonly next: 'enter by attachment';
      readonly attachment: TransitGatewayAttachment;
      readonly zone?: string | undefined;
    }
  | {
      readonly next: 'leave by attachment';
      readonly attachment: VpcAttachment;
      readonly zone?: string | undefined;
    }
);

export function drop(reason: Reason, at: string): Drop {
  return { disposition: 'dropped', reason, at };
}

/** what does not fit is cut; what may not be is dropped, and its sender told. */
export function fitInto(packet: Packet, mtu: number, at: string): Drop | Packet {
  if (packet.length <= mtu) return packet;
  if (packet.mayFragment) return { ...packet, inPieces: true };
  return { ...drop('MTU_EXCEEDED', at), tooBig: { mtu, packet } };
}

/** C-131: TCP is told of segments that fit into so many bytes. */
export function clampSegments(packet: Packet, mtu: number): Packet {
  const size = mtu - (packetFamily(packet) === 4 ? 20 : 40) - 20;
  return { ...packet, segmentMax: Math.min(size, packet.segmentMax ?? size) };
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

/** The packet from another address; an error says of its packet that it went there. */
export function withSource(packet: Packet, source: Ip): Packet {
  const { about } = packet;
  if (about === undefined || !ipEquals(about.destination, packet.source)) {
    return { ...packet, source };
  }
  return { ...packet, source, about: { ...about, destination: source } };
}

/** The packet to another address; an error says of its packet that it came from there. */
export function withDestination(packet: Packet, destination: Ip): Packet {
  const { about } = packet;
  if (about === undefined || !ipEquals(about.source, packet.destination)) {
    return { ...packet, destination };
  }
  return { ...packet, destination, about: { ...about, source: destination } };
}
