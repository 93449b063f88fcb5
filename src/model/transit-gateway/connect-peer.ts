/** Connect peers: GRE tunnels over a Connect attachment, with two BGP sessions each (C6). */
import type { Cidr4, Cidr6 } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import { type LifecycleState, lifecycleMachine } from '../lifecycle.ts';
import type { Owned } from '../resource.ts';
import { incorrectState } from './transit-gateway.ts';

/** C-098 */
export const connectPeerMachine = lifecycleMachine(incorrectState);

export interface ConnectPeer extends Owned {
  readonly state: LifecycleState;
  readonly attachmentId: string;
  readonly transitGatewayId: string;
  /** The ends of the GRE tunnel, of one family (C-093). */
  readonly transitGatewayAddress: Ip;
  readonly peerAddress: Ip;
  /** C-091: a /29, and perhaps a /125. */
  readonly insideCidr: Cidr4;
  readonly insideIpv6Cidr?: Cidr6;
  /** C-094: the gateway's own for iBGP. */
  readonly peerAsn: number;
  /** Milliseconds since the epoch, both. */
  readonly creationTime: number;
  readonly endedAt?: number;
}

/** The BGP addresses of a peer's /29 (C-092, H-085): which two the gateway has is our choice. */
export function connectPeerAddresses({ insideCidr: { address } }: Pick<ConnectPeer, 'insideCidr'>) {
  return {
    peer: (address + 1) as typeof address,
    transitGateway: [address + 2, address + 3] as unknown as readonly [
      typeof address,
      typeof address,
    ],
  };
}
