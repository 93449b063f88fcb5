/** The traffic an ACL entry or a group's rule speaks of, apart from whom it is with. */
import type { PortRange } from '../../net/port-range.ts';

export interface Traffic {
  /** IANA number, -1 for all. */
  readonly protocol: number;
  /** TCP and UDP; absent = all ports. */
  readonly ports?: PortRange;
  /** ICMP and ICMPv6; -1 = any. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

export const ALL_PROTOCOLS = -1;

/** Two traffics with one key are the same traffic. */
export function trafficKey({ protocol, ports, icmp }: Traffic): string {
  const detail = ports ? `${ports.from}-${ports.to}` : icmp ? `${icmp.type}/${icmp.code}` : '';
  return `${protocol}:${detail}`;
}
