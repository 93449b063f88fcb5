/** What sits at the ends of an exchange: how big it sends, and what it answers to. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Family, formatIp } from '../../src/net/ip.ts';
import {
  type Arrival,
  type Flow,
  flowOf,
  type Packet,
  type Place,
  packetFamily,
  TCP,
} from './packet.ts';
import { instanceTag, type World } from './world.ts';

/** the interface's MTU, and that of hosts outside. */
export function mtuOf(place: Place): number {
  return place.kind === 'internet' ? 1500 : 9001;
}

export function ipHeader(family: Family): number {
  return family === 4 ? 20 : 40;
}

const FRAGMENT_HEADER = 8;

/** IPv6 is cut by its sender alone: the size of the first piece. */
export function firstPiece(length: number, mtu: number): number {
  if (length <= mtu) return length;
  const headers = ipHeader(6) + FRAGMENT_HEADER;
  return headers + Math.floor((mtu - headers) / 8) * 8;
}

/** Echo is always answered. */
export function isAnswered(world: World, { place, packet }: Arrival): boolean {
  if (packet.icmp || place.kind !== 'interface') return true;
  const eni = world.model.get('network-interface', place.id)!;
  return isListening(world, eni, packet.protocol, packet.port);
}

/** Contract: every port, or those of the tag openvpc:listen. */
export function isListening(
  world: World,
  eni: NetworkInterface,
  protocol: number,
  port: number,
): boolean {
  const tag = instanceTag(world, eni, 'openvpc:listen');
  const wanted = `${port}/${protocol === TCP ? 'tcp' : 'udp'}`;
  return tag === undefined || tag.split(',').some((part) => part.trim() === wanted);
}

export function isSamePlace(a: Place, b: Place): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export interface OracleObserved {
  readonly source: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly port?: number;
  readonly instance?: string;
}

/** What the far end sees of a packet. */
export function observedAt(world: World, { place, packet }: Arrival): OracleObserved {
  const { source, destination, sourcePort, port } = packet;
  const instance =
    place.kind === 'interface'
      ? world.model.get('network-interface', place.id)?.attachment?.instanceId
      : undefined;
  return {
    source: formatIp(source),
    destination: formatIp(destination),
    ...(packet.icmp ? {} : { sourcePort, port }),
    ...(instance === undefined ? {} : { instance }),
  };
}

/** An ICMP error about a packet, for its sender; `source` is whoever sends it. */
export function icmpError(about: Flow, kind: 'port unreachable' | 'too big'): Packet {
  const family = packetFamily(about);
  const icmp = {
    'port unreachable': { 4: { type: 3, code: 3 }, 6: { type: 1, code: 4 } },
    'too big': { 4: { type: 3, code: 4 }, 6: { type: 2, code: 0 } },
  }[kind][family];
  return {
    source: about.destination,
    destination: about.source,
    protocol: family === 4 ? 1 : 58,
    sourcePort: 0,
    port: 0,
    icmp,
    about: flowOf(about),
    length: 128,
    mayFragment: true,
    inPieces: false,
    ttl: 64,
  };
}
