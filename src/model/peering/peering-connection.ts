import type { Owned } from '../resource.ts';

/** B-001 to B-006, AWS's spelling. */
export type PeeringStatus =
  | 'initiating-request'
  | 'pending-acceptance'
  | 'active'
  | 'deleted'
  | 'rejected'
  | 'failed'
  | 'expired'
  | 'provisioning'
  | 'deleting';

export interface PeeringSide {
  readonly account: string;
  readonly region: string;
  readonly vpcId: string;
  /** B-050 */
  readonly allowDnsResolutionFromRemoteVpc: boolean;
}

/** One record, seen by both sides. `account` and `region` are the requester's. */
export interface PeeringConnection extends Owned {
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
  readonly status: PeeringStatus;
  readonly statusMessage: string;
  /** Milliseconds since the epoch (B-007). */
  readonly expirationTime: number;
  /** Since when the status is terminal: the visibility windows count from here (B-010..B-013). */
  readonly endedAt?: number;
  /** The account that deleted it (B-013). */
  readonly deletedBy?: string;
}
