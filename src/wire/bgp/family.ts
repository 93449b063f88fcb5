/** Address families of BGP: AFI and SAFI (RFC 4760, IANA's registries). */
import type { Family } from '../../net/ip.ts';

/** As it stands in messages: a capability may name families that openvpc does not carry. */
export interface AfiSafi {
  readonly afi: number;
  readonly safi: number;
}

const SAFI_UNICAST = 1;
const AFI = { 4: 1, 6: 2 } as const;

/** IPv4 or IPv6 unicast. */
export function afiSafiOf(family: Family): AfiSafi {
  return { afi: AFI[family], safi: SAFI_UNICAST };
}

/** The family whose unicast routes are meant; undefined for every other pair. */
export function unicastFamily(afi: number, safi: number): Family | undefined {
  if (safi !== SAFI_UNICAST) return undefined;
  return afi === AFI[4] ? 4 : afi === AFI[6] ? 6 : undefined;
}

const NAMES: Readonly<Record<number, string>> = { 1: 'IPv4', 2: 'IPv6' };

export function formatAfiSafi({ afi, safi }: AfiSafi): string {
  const family = NAMES[afi] ?? `AFI ${afi}`;
  return safi === SAFI_UNICAST ? `${family} unicast` : `${family} SAFI ${safi}`;
}
