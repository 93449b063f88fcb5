/** Who is in a group of a multicast domain, and what is known of hosts that speak IGMP. */
import { formatIp, type Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { isMulticast } from '../../net/multicast.ts';

/** C-124 */
export function isGroupAddress(address: Ip): boolean {
  return isMulticast(address);
}

export type MulticastRole = 'member' | 'source';

/** An interface's place in a group: there, packets to the group arrive, or may come from. */
export interface MulticastGroupEntry {
  /** `DOMAIN|GROUP|INTERFACE|ROLE` */
  readonly id: string;
  readonly domainId: string;
  readonly transitGatewayId: string;
  readonly group: Ip;
  readonly networkInterfaceId: string;
  readonly role: MulticastRole;
  /** Made by a call, or by what the interface's host said (C-119). */
  readonly origin: 'static' | 'igmp';
}

export type MulticastGroupKey = Pick<
  MulticastGroupEntry,
  'domainId' | 'group' | 'networkInterfaceId' | 'role'
>;

export function multicastGroupEntryId(key: MulticastGroupKey): string {
  const { domainId, group, networkInterfaceId, role } = key;
  return `${domainId}|${formatIp(group)}|${networkInterfaceId}|${role}`;
}

/** The key of the `group` index: everybody of one role in a group. */
export function multicastRoleKey({
  domainId,
  group,
  role,
}: Pick<MulticastGroupEntry, 'domainId' | 'group' | 'role'>): string {
  return `${domainId}|${formatIp(group)}|${role}`;
}

/** An interface whose host has said that it is in a group: it is asked again and again (C-120). */
export interface IgmpHost {
  /** `DOMAIN|INTERFACE` */
  readonly id: string;
  readonly domainId: string;
  readonly networkInterfaceId: string;
  /** When it last said so, and since when it is taken for gone; milliseconds since the epoch. */
  readonly answeredAt: number;
  readonly silentSince?: number;
}

/** What the host behind an interface says to its domain (C-119). */
export interface IgmpMessage {
  readonly kind: 'join' | 'leave';
  readonly domainId: string;
  readonly networkInterfaceId: string;
  readonly group: Ipv4;
}

export function igmpHostId(domainId: string, networkInterfaceId: string): string {
  return `${domainId}|${networkInterfaceId}`;
}
