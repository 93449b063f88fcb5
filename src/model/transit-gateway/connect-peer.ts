/** Connect peers: GRE tunnels over a Connect attachment, with two BGP sessions each (C6). */
import {
  type Cidr,
  type Cidr4,
  type Cidr6,
  containsCidr,
  containsIp,
  formatCidr,
  overlaps,
  parseCidr4,
} from '../../net/cidr.ts';
import { familyOf, formatIp, type Ip, ipEquals } from '../../net/ip.ts';
import { INSIDE_SPACE } from '../hybrid/inside-space.ts';
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

/** Whether its addresses are its own still, though it may carry nothing. */
export function isLivePeer({ state }: Pick<ConnectPeer, 'state'>): boolean {
  return state !== 'deleted';
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

/** The id of the BGP session that a peer has with one of the gateway's addresses. */
export function connectSessionId(peerId: string, transitGatewayAddress: Ip): string {
  return `${peerId}|${formatIp(transitGatewayAddress)}`;
}

/** C-091 */
const INSIDE_LENGTH = { 4: 29, 6: 125 } as const;
const RESERVED: readonly Cidr4[] = [
  ...[0, 1, 2, 3, 4, 5].map((third) => parseCidr4(`169.254.${third}.0/29`)!),
  parseCidr4('169.254.169.248/29')!,
];

/** C-091: what is wrong with an inside block by itself. */
export function insideBlockFault(block: Cidr): string | undefined {
  const family = familyOf(block.address);
  const space = INSIDE_SPACE[family];
  const length = INSIDE_LENGTH[family];
  if (block.length !== length || !containsCidr(space, block)) {
    return `It must be a /${length} of ${formatCidr(space)}.`;
  }
  return RESERVED.some((reserved) => overlaps(reserved, block)) ? 'It is reserved.' : undefined;
}

export type ConnectPeerInside = Pick<ConnectPeer, 'insideCidr' | 'insideIpv6Cidr'>;

export function insideBlocks({ insideCidr, insideIpv6Cidr }: ConnectPeerInside): readonly Cidr[] {
  return insideIpv6Cidr === undefined ? [insideCidr] : [insideCidr, insideIpv6Cidr];
}

/** C-092: the first of some peers of a gateway that has an inside block already. */
export function insideHolder(
  peers: readonly ConnectPeer[],
  block: Cidr,
): Pick<ConnectPeer, 'id'> | undefined {
  return peers.find((peer) => insideBlocks(peer).some((own) => overlaps(own, block)));
}

export type ConnectPeerOutside = Pick<ConnectPeer, 'transitGatewayAddress' | 'peerAddress'>;

/** C-093: the first of some peers of a gateway between the same two addresses. */
export function outsideHolder(
  peers: readonly ConnectPeer[],
  { transitGatewayAddress, peerAddress }: ConnectPeerOutside,
): Pick<ConnectPeer, 'id'> | undefined {
  return peers.find(
    (peer) =>
      ipEquals(peer.transitGatewayAddress, transitGatewayAddress) &&
      ipEquals(peer.peerAddress, peerAddress),
  );
}

/** C-009: the first of some peers of a gateway whose address is from a block. */
export function blockUser(
  peers: readonly ConnectPeer[],
  block: Cidr,
): Pick<ConnectPeer, 'id'> | undefined {
  return peers.find((peer) => containsIp(block, peer.transitGatewayAddress));
}
