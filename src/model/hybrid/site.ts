/** On-premises networks: a router at a link of AWS's, with hosts behind it (contract). */
import type { Cidr } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';

/** What a site stands behind. */
export interface SiteUplink {
  readonly kind: 'customer-gateway' | 'virtual-interface' | 'transit-gateway-connect-peer';
  readonly id: string;
}

/**
 * How the site's device holds a VPN tunnel: `unreachable` sends nothing and says nothing, so that
 * AWS has to find out (H-018, H-019).
 */
export type SiteTunnelState = 'up' | 'down' | 'unreachable';

export interface Site {
  /** Its name. */
  readonly id: string;
  readonly uplink: SiteUplink;
  readonly asn: number;
  /** What lies there, and what its router announces. */
  readonly prefixes: readonly Cidr[];
  /** Addresses that answer as instances do. */
  readonly hosts: readonly Ip[];
  /** Another router is its control plane: where that takes BGP connections. */
  readonly bgp?: { readonly address: Ip; readonly port: number };
  /** A Linux interface is its data plane. */
  readonly tap?: string;
  /** Links that are not `up`, by link. */
  readonly links: Readonly<Record<string, SiteTunnelState>>;
}
