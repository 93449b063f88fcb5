/** A path: what one UPDATE of one peer said of all the prefixes of one family in it. */
import type { Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';

export interface Path {
  /** The name of the peer it was learned from. */
  readonly peer: string;
  /** Learned by iBGP. */
  readonly internal: boolean;
  readonly attributes: PathAttributes;
  readonly nextHop: Ip;
  readonly linkLocal?: Ipv6;
  /** As received on iBGP, as configured on eBGP. */
  readonly localPreference: number;
  /** With the peer's default where the route has none. */
  readonly med: number;
  /** Systems passed. */
  readonly length: number;
  /** The system that MEDs are compared within; 0 = this one. */
  readonly neighborAs: number;
  /** Of the peer: the last tie-breaks. */
  readonly identifier: Ipv4;
  readonly address: Ip;
}
