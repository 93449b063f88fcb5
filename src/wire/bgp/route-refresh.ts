/**
 * ROUTE-REFRESH: asks for a family's routes again (RFC 2918 section 3).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |              AFI              |   Reserved    |     SAFI      |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import { read16, write16 } from '../bytes.ts';
import { type AfiSafi, formatAfiSafi } from './family.ts';
import { BGP_HEADER_LENGTH, BGP_TYPE, type BgpView, beginMessage } from './header.ts';

const field = { afi: 0, reserved: 2, safi: 3, end: 4 } as const;

/** Reads the body of a message whose header is in order. */
export function readRouteRefresh({ bytes, bodyOffset }: BgpView): AfiSafi {
  return { afi: read16(bytes, bodyOffset + field.afi), safi: bytes[bodyOffset + field.safi]! };
}

export function encodeRouteRefresh({ afi, safi }: AfiSafi): Uint8Array {
  const bytes = beginMessage(BGP_TYPE.routeRefresh, BGP_HEADER_LENGTH + field.end);
  write16(bytes, BGP_HEADER_LENGTH + field.afi, afi);
  bytes[BGP_HEADER_LENGTH + field.safi] = safi;
  return bytes;
}

export function formatRouteRefresh(family: AfiSafi): string {
  return `BGP, ROUTE-REFRESH, ${formatAfiSafi(family)}`;
}
