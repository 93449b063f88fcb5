/** BGP sessions between AWS and a device of a customer's, as far as calls show them (H11). */
import type { Family } from '../../net/ip.ts';
import type { ModelReader } from '../model.ts';

/**
 * One end of it is AWS's. It exists from the first time that the session is Established until what
 * it runs over is gone; nothing of it outlives a restart.
 */
export interface BgpSession {
  /** `vpn-…|OUTSIDE-ADDRESS`, `tgw-connect-peer-…|GATEWAY-ADDRESS` or `dxpeer-…`. */
  readonly id: string;
  /** The link that it runs over: see `link.ts`. */
  readonly linkId: string;
  /** Of the addresses that the session itself runs between. */
  readonly family: Family;
  readonly established: boolean;
  /** Prefixes accepted on it. */
  readonly acceptedRoutes: number;
  /** Of `established`; milliseconds since the epoch. */
  readonly lastChange: number;
}

export function isEstablished(reader: ModelReader, sessionId: string): boolean {
  return reader.get('bgp-session', sessionId)?.established === true;
}
