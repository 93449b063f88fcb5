/** VPC peering connections: one record for both sides, under one id (G-049). */
import type { Owned } from '../resource.ts';
import type { PeeringStatus } from './peering-states.ts';

export type { PeeringStatus } from './peering-states.ts';

export interface PeeringSide {
  readonly account: string;
  readonly region: string;
  readonly vpcId: string;
  /** B-050: this side's public names give private addresses to the other side. */
  readonly allowDnsResolutionFromRemoteVpc: boolean;
}

/** `account` and `region` are the requester's. */
export interface PeeringConnection extends Owned {
  readonly requester: PeeringSide;
  /** As the request named it: a failed one may name a VPC that never was (B-022). */
  readonly accepter: PeeringSide;
  readonly status: PeeringStatus;
  /** Milliseconds since the epoch; absent once the request is accepted (B-007). */
  readonly expirationTime?: number;
  /** Since when the status is terminal: the visibility windows count from here (B-010..B-013). */
  readonly endedAt?: number;
  /** The account that deleted it (B-013). */
  readonly deletedBy?: string;
}

export type SideName = 'requester' | 'accepter';

/** The side that is this account's in this Region, the requester's first. */
export function sideOf(
  { requester, accepter }: PeeringConnection,
  { account, region }: { readonly account: string; readonly region: string },
): SideName | undefined {
  if (requester.account === account && requester.region === region) return 'requester';
  if (accepter.account === account && accepter.region === region) return 'accepter';
  return undefined;
}

/** The side across from a VPC. */
export function otherSide({ requester, accepter }: PeeringConnection, vpcId: string): PeeringSide {
  return requester.vpcId === vpcId ? accepter : requester;
}

export function isInterRegion({ requester, accepter }: PeeringConnection): boolean {
  return requester.region !== accepter.region;
}

/** An index key for the connections between two VPCs, in either direction. */
export function pairKey(vpcA: string, vpcB: string): string {
  return vpcA < vpcB ? `${vpcA}|${vpcB}` : `${vpcB}|${vpcA}`;
}

/** What AWS shows beside the status code. */
export function statusMessage({ status, accepter, deletedBy }: PeeringConnection): string {
  const messages: Readonly<Record<PeeringStatus, string>> = {
    'initiating-request': `Initiating Request to ${accepter.account}`,
    'pending-acceptance': `Pending Acceptance by ${accepter.account}`,
    provisioning: 'Provisioning',
    active: 'Active',
    deleting: `Deleting by ${deletedBy}`,
    deleted: `Deleted by ${deletedBy}`,
    rejected: `Rejected by ${accepter.account}`,
    expired: 'Expired',
    // B-022: one message whichever of them it was.
    failed: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
  };
  return messages[status];
}
