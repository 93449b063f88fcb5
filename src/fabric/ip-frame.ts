/** Frames made anew around what another one held. */
import type { Ip } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { ETHERTYPE } from '../net/protocol.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView } from '../wire/ethernet.ts';
import { emitIpv4Header, IPV4_HEADER_LENGTH, ipv4Header } from '../wire/ipv4.ts';
import { emitIpv6Header, IPV6_HEADER_LENGTH, ipv6Header } from '../wire/ipv6.ts';
import type { Frame } from './frame.ts';
import type { Packet } from './packet.ts';

export interface Ends {
  readonly source: Ip;
  readonly destination: Ip;
}

/** A frame with the header of `packet` and this body, on the link that `frame` was on. */
export function ipFrame(frame: Frame, packet: Packet, body: Uint8Array): Uint8Array {
  const { ttl, protocol, dontFragment, family } = packet;
  const header = ipHeader(packet, { protocol, ttl, dontFragment, payloadLength: body.length });
  return onLink(frame, family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6, header, body);
}

/** A frame with these parts as its payload, on the link that `frame` was on. */
export function onLink(
  { ethernet: before }: Frame,
  etherType: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(ETHERNET_HEADER_LENGTH + length);
  const ethernet = new EthernetView();
  ethernet.wrap(bytes);
  ethernet.source = before.source;
  ethernet.destination = before.destination;
  ethernet.etherType = etherType;
  let at = ETHERNET_HEADER_LENGTH;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export interface HeaderFields {
  readonly protocol: number;
  readonly ttl: number;
  readonly dontFragment: boolean;
  readonly payloadLength: number;
}

export function ipHeader({ source, destination }: Ends, fields: HeaderFields): Uint8Array {
  const { protocol, ttl, dontFragment, payloadLength } = fields;
  if (typeof source === 'number') {
    const bytes = new Uint8Array(IPV4_HEADER_LENGTH);
    const ends = { source, destination: destination as Ipv4 };
    emitIpv4Header(ipv4Header({ ...ends, protocol, ttl, dontFragment, payloadLength }), bytes);
    return bytes;
  }
  const bytes = new Uint8Array(IPV6_HEADER_LENGTH);
  const ends = { source, destination: destination as Ipv6 };
  const next = { nextHeader: protocol, hopLimit: ttl, payloadLength };
  emitIpv6Header(ipv6Header({ ...ends, ...next }), bytes);
  return bytes;
}
