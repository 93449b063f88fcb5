/** What a multicast domain asks its hosts: who is in which group (RFC 2236, C-120). */
import { ipv4 } from '../net/ipv4.ts';
import type { Mac } from '../net/mac.ts';
import { ALL_SYSTEMS, groupMac } from '../net/multicast.ts';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { ETHERNET_HEADER_LENGTH, emitEthernet } from '../wire/ethernet.ts';
import { emitIgmp, IGMP_LENGTH, ROUTER_ALERT } from '../wire/igmp.ts';
import { emitIpv4Header, ipv4Header, ipv4HeaderLength } from '../wire/ipv4.ts';

/** Section 8.3: ten seconds, in tenths. */
const MAX_RESPONSE_TIME = 100;
const UNSPECIFIED = ipv4(0);

/** A general query, from 0.0.0.0 to 224.0.0.1. */
export function igmpQueryFrame(from: Mac): Uint8Array {
  const header = ipv4Header({
    source: UNSPECIFIED,
    destination: ALL_SYSTEMS,
    protocol: PROTOCOL.igmp,
    ttl: 1,
    options: ROUTER_ALERT,
    payloadLength: IGMP_LENGTH,
  });
  const start = ETHERNET_HEADER_LENGTH + ipv4HeaderLength(header);
  const bytes = new Uint8Array(start + IGMP_LENGTH);
  const destination = groupMac(ALL_SYSTEMS);
  emitEthernet({ destination, source: from, etherType: ETHERTYPE.ipv4 }, bytes);
  emitIpv4Header(header, bytes, ETHERNET_HEADER_LENGTH);
  const query = { kind: 'query', maxResponseTime: MAX_RESPONSE_TIME, group: UNSPECIFIED } as const;
  emitIgmp(query, bytes, start);
  return bytes;
}
