/** On-premises networks: a router at a link of AWS's, with hosts behind it (contract). */
import type { Cidr } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import type { Owned } from '../resource.ts';
import type { Kind } from '../schema.ts';

/** What a site stands behind. */
export interface SiteUplink {
  readonly kind: 'customer-gateway' | 'virtual-interface' | 'transit-gateway-connect-peer';
  readonly id: string;
}

/** The uplinks' kinds as the model has them. */
export const UPLINK_KINDS = {
  'customer-gateway': 'customer-gateway',
  'virtual-interface': 'direct-connect-virtual-interface',
  'transit-gateway-connect-peer': 'transit-gateway-connect-peer',
} as const satisfies Record<SiteUplink['kind'], Kind>;

/** As the ids of the uplinks' kinds begin. */
export const UPLINK_PREFIXES = {
  'customer-gateway': 'cgw-',
  'virtual-interface': 'dxvif-',
  'transit-gateway-connect-peer': 'tgw-connect-peer-',
} as const satisfies Record<SiteUplink['kind'], string>;

/**
 * How the site's device holds a VPN tunnel: `unreachable` sends nothing and says nothing, so that
 * AWS has to find out (H-018, H-019).
 */
export type SiteTunnelState = 'up' | 'down' | 'unreachable';

export interface Site extends Owned {
  // Its id is its name; account and Region are those of what it stands behind.
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
  /**
   * By VPN tunnel, the AWS ASN that the device was set up with: it stays when the connection moves
   * to a gateway of another one (H-031).
   */
  readonly neighborAsns: Readonly<Record<string, number>>;
  /** Links that are not `up`, by link. */
  readonly links: Readonly<Record<string, SiteTunnelState>>;
}

/** How the site's device holds a link. */
export function stateOfLink({ links }: Pick<Site, 'links'>, linkId: string): SiteTunnelState {
  return links[linkId] ?? 'up';
}
