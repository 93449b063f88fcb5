/** What a speaker and its peers are told. Times are seconds; numbers of AS have 32 bits. */

import type { Cidr } from '../../net/cidr.ts';
import type { Family, Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { Random } from '../../net/random.ts';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';

export interface SpeakerConfiguration {
  readonly asn: number;
  /** Not 0. */
  readonly identifier: Ipv4;
  /** For the jitter of timers. */
  readonly random: Random;
}

export interface PeerConfiguration {
  /** Of the other side: equal to the speaker's own for iBGP. */
  readonly asn: number;
  /** Of the other side: the last tie-break between routes. */
  readonly address: Ip;
  /** Address families to carry, at least one. */
  readonly families: readonly Family[];
  /** Our own address in each family: the next hop that we tell. Routes without one stay here. */
  readonly nextHops: { readonly 4?: Ipv4; readonly 6?: Ipv6 };
  /** Wait to be called. */
  readonly passive?: boolean;
  /** 0 for none, or at least 3. */
  readonly holdSeconds?: number;
  /** Refuse a peer that wants no hold timer (H-078, Direct Connect). */
  readonly holdRequired?: boolean;
  readonly connectRetrySeconds?: number;
  /** Beyond it the session ends with Cease/1 (H-080). */
  readonly prefixLimits?: { readonly 4?: number; readonly 6?: number };
  /**
   * Of routes learned here, on eBGP: a number, or what their attributes say (H-082's tags). On
   * iBGP it comes with the route.
   */
  readonly localPreference?: number | ((attributes: PathAttributes) => number);
  /** Of routes without MED (C-065); 0 unless given. */
  readonly defaultMed?: number;
  /** On one-hop eBGP: where next hops must lie (H-102). Not checked unless given. */
  readonly sharedSubnets?: readonly Cidr[];
  /** Take eBGP routes whose first AS is not the peer's (H-101); refused unless set. */
  readonly anyFirstAs?: boolean;
  /** The session runs over this machine's loopback, and next hops may be there (H-102). */
  readonly loopback?: boolean;
  /** On iBGP: only take routes that have passed an eBGP session (C-095). */
  readonly externalOriginOnly?: boolean;
  /** Tell this peer the best routes learned from others, beside what `advertise` says. */
  readonly relay?: boolean;
  /** On iBGP: tell our own address as next hop of routes learned from others. */
  readonly nextHopSelf?: boolean;
  /** How often our AS stands in paths told to an eBGP peer beyond the once that it must. */
  readonly prepend?: number;
}
