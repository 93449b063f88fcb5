/** Routes that AWS has learned by BGP from a customer's device (C-061, H-044). */
import type { Cidr } from '../../net/cidr.ts';
import { formatCidr } from '../../net/cidr.ts';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';

/** One prefix of one session; it goes with the session (H-088). */
export interface LearnedRoute {
  /** `SESSION|PREFIX` */
  readonly id: string;
  readonly sessionId: string;
  readonly linkId: string;
  readonly destination: Cidr;
  readonly path: LearnedPath;
}

/** What the choice between routes looks at, and what other peers are told of it. */
export interface LearnedPath {
  readonly attributes: PathAttributes;
  /** Systems passed: a set counts one (H-109). */
  readonly length: number;
  /** With the default of C-065 where the route has none. */
  readonly med: number;
  /** Higher goes first: of Direct Connect's communities and Regions (H-082), else 100. */
  readonly localPreference: number;
  /** Learned by iBGP. */
  readonly internal: boolean;
}

export function learnedRouteId(sessionId: string, destination: Cidr): string {
  return `${sessionId}|${formatCidr(destination)}`;
}
