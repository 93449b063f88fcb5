/** Virtual interfaces: what a customer's router and a gateway of AWS's exchange packets by (H8). */
import { type Cidr, cidr, formatCidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import { isEstablished } from '../hybrid/bgp-session.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { illegalMove } from './error.ts';

/** H-057. `down` is what `isDown` says; `verifying` is of public ones, which there are none of. */
export type VirtualInterfaceState =
  | 'confirming'
  | 'pending'
  | 'available'
  | 'testing'
  | 'deleting'
  | 'deleted'
  | 'rejected';

export type VirtualInterfaceEvent =
  | 'confirm'
  | 'reject'
  | 'provision'
  | 'test'
  | 'endTest'
  | 'delete'
  | 'finish';

export const virtualInterfaceMachine: StateMachine<VirtualInterfaceState, VirtualInterfaceEvent> = {
  states: ['confirming', 'pending', 'available', 'testing', 'deleting', 'deleted', 'rejected'],
  transitions: {
    // H-059: allocated by another account, which may take it back.
    confirming: { confirm: 'pending', reject: 'rejected', delete: 'deleting' },
    pending: { provision: 'available', delete: 'deleting' },
    available: { test: 'testing', delete: 'deleting' },
    testing: { endTest: 'available', delete: 'deleting' },
    deleting: { finish: 'deleted' },
    deleted: {},
    rejected: {},
  },
  illegal: illegalMove('virtual interface'),
};

export type BgpPeerState = 'pending' | 'available' | 'deleting' | 'deleted';
export type BgpPeerEvent = 'provision' | 'delete' | 'finish';

/** H-064 */
export const bgpPeerMachine: StateMachine<BgpPeerState, BgpPeerEvent> = {
  states: ['pending', 'available', 'deleting', 'deleted'],
  transitions: {
    pending: { provision: 'available', delete: 'deleting' },
    available: { delete: 'deleting' },
    deleting: { finish: 'deleted' },
    deleted: {},
  },
  illegal: illegalMove('BGP peer'),
};

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
  /** Of its gateway; while there is none, the number that gateways have by default. */
  readonly amazonSideAsn: number;
  /** H-065; bytes. */
  readonly mtu: number;
  /** Absent while it is confirming, and after it was never confirmed. */
  readonly gateway?: {
    readonly kind: 'vpn-gateway' | 'direct-connect-gateway';
    readonly id: string;
  };
  readonly bgpPeers: readonly BgpPeer[];
}

/** The blocks that its peers' addresses are of, as text. */
export function peerBlocksOf({ bgpPeers }: VirtualInterface): readonly string[] {
  return bgpPeers.map(({ amazonAddress: { address, length } }) =>
    formatCidr(cidr(address, length)),
  );
}

/** Whether anything is there, if perhaps on its way out. */
export function isLiveInterface({ state }: Pick<VirtualInterface, 'state'>): boolean {
  return state !== 'deleted' && state !== 'rejected';
}

/** H-057: it is ready, and none of its sessions is Established. */
export function isDown(reader: ModelReader, { state, bgpPeers }: VirtualInterface): boolean {
  return state === 'available' && !bgpPeers.some((peer) => isPeerUp(reader, peer));
}

export function isPeerUp(reader: ModelReader, { id, state }: BgpPeer): boolean {
  return state === 'available' && isEstablished(reader, id);
}

/** The virtual interfaces at a gateway, of either kind, that are there. */
export function interfacesOf(reader: ModelReader, gatewayId: string): readonly VirtualInterface[] {
  return reader
    .by('direct-connect-virtual-interface', 'gateway', gatewayId)
    .filter(isLiveInterface);
}

/** Those that run over a connection or a LAG. */
export function interfacesOn(
  reader: ModelReader,
  connectionId: string,
): readonly VirtualInterface[] {
  return reader
    .by('direct-connect-virtual-interface', 'connection', connectionId)
    .filter(isLiveInterface);
}
