/** A multicast domain's ear and mouth: what hosts say to it (RFC 2236), and where it asks them. */
import type { IgmpMessage } from '../model/transit-gateway/multicast-group.ts';
import { ipEquals } from '../net/ip.ts';
import { ALL_ROUTERS, isMulticast } from '../net/multicast.ts';
import { IgmpView, parseIgmp } from '../wire/igmp.ts';
import type { Frame } from './frame.ts';
import { senderOf } from './multicast-group.ts';
import type { Packet } from './packet.ts';

/** Where a domain speaks to one interface: behind the interface's subnet. */
export interface DomainPort {
  readonly kind: 'domain-port';
  readonly domainId: string;
  readonly networkInterfaceId: string;
}

const view = new IgmpView();

/**
 * The message of a packet that reached its domain; undefined where it is none that counts: a query,
 * a report of another version, one that went elsewhere than it says.
 */
export function readDomainMessage(
  { bytes, ipv4 }: Frame,
  packet: Packet,
  domainId: string,
): IgmpMessage | 'malformed' | undefined {
  const { payloadOffset, end } = ipv4;
  if (!view.wrap(bytes, payloadOffset, end) || !view.checksumValid()) return 'malformed';
  const message = parseIgmp(bytes, payloadOffset, end, false);
  if (message === undefined) return undefined;
  const sender = senderOf(packet);
  const { group } = message;
  if (sender === undefined || !isMulticast(group)) return undefined;
  const said = { domainId, networkInterfaceId: sender.id, group };
  // Sections 3 and 9: a report goes to the group, a leave to all routers; to the group as well.
  const toGroup = ipEquals(packet.destination, group);
  if (message.kind === 'report') return toGroup ? { kind: 'join', ...said } : undefined;
  const isLeave = message.kind === 'leave' && (toGroup || packet.d0 === ALL_ROUTERS);
  return isLeave ? { kind: 'leave', ...said } : undefined;
}
