/** Virtual interfaces: what a customer's router and a gateway of AWS's exchange packets by (H8). */
import type { Cidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import type { Owned } from '../resource.ts';

export type VirtualInterfaceState =
  | 'confirming'
  | 'pending'
  | 'available'
  | 'down'
  | 'testing'
  | 'deleting'
  | 'deleted'
  | 'rejected';

export type BgpPeerState = 'pending' | 'available' | 'deleting' | 'deleted';

/** H-064: one of each address family. */
export interface BgpPeer {
  /** `dxpeer-…`: also its session's id. */
  readonly id: string;
  readonly state: BgpPeerState;
  readonly family: Family;
  /** The customer's. */
  readonly asn: number;
  readonly authKey: string;
  /** Addresses with the mask of their common block; host bits are kept beside it. */
  readonly amazonAddress: Cidr;
  readonly customerAddress: Cidr;
}

/** `account` owns it; `region` is that of its connection. */
export interface VirtualInterface extends Owned {
  readonly state: VirtualInterfaceState;
  readonly type: 'private' | 'transit';
  readonly name: string;
  /** `dxcon-…` or `dxlag-…`. */
  readonly connectionId: string;
  readonly vlan: number;
  readonly amazonSideAsn: number;
  /** H-065; bytes. */
  readonly mtu: number;
  /** Absent while it is confirming. */
  readonly gateway?: {
    readonly kind: 'vpn-gateway' | 'direct-connect-gateway';
    readonly id: string;
  };
  readonly bgpPeers: readonly BgpPeer[];
}
