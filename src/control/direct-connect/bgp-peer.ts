/** More BGP peers on a virtual interface, or fewer (H-064). */
import { directConnectError } from '../../model/direct-connect/error.ts';
import type { BgpPeer, VirtualInterface } from '../../model/direct-connect/virtual-interface.ts';
import { formatIp } from '../../net/ip.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { findOwnInterface } from './find.ts';
import { movePeer, putInterface } from './interface-life.ts';
import { newPeer, type PeerRequest } from './peer.ts';

/** @throws AwsError */
export function createPeer(
  tx: Transaction,
  scope: Scope,
  id: string,
  request: PeerRequest,
): VirtualInterface {
  const found = changeable(tx, scope, id);
  if (found.bgpPeers.some(({ family }) => family === request.family)) {
    const message = `Virtual Interface ${id} has a BGP peer of the address family`;
    throw directConnectError(`${message} ipv${request.family} already.`);
  }
  return putInterface(tx, { ...found, bgpPeers: [...found.bgpPeers, newPeer(tx, request)] });
}

/** A peer by its id, or by what tells it apart. */
export interface PeerChoice {
  readonly peerId?: string;
  readonly asn?: number;
  /** With or without its mask. */
  readonly customerAddress?: string;
}

/** @throws AwsError */
export function deletePeer(
  tx: Transaction,
  scope: Scope,
  id: string,
  choice: PeerChoice,
): VirtualInterface {
  const found = changeable(tx, scope, id);
  const peer = chosenPeer(found, choice);
  const left = found.bgpPeers.filter((one) => one !== peer && one.state !== 'deleting');
  if (left.length === 0) {
    throw directConnectError(`Cannot delete ${peer.id}, the last BGP peer of ${id}.`);
  }
  const bgpPeers = found.bgpPeers.map((one) => (one === peer ? movePeer(peer, 'delete') : one));
  return putInterface(tx, { ...found, bgpPeers });
}

function changeable(tx: Transaction, scope: Scope, id: string): VirtualInterface {
  const found = findOwnInterface(tx, scope, id);
  if (found.state === 'pending' || found.state === 'available') return found;
  throw directConnectError(`Virtual Interface ${id} is ${found.state}: its peers cannot change.`);
}

function chosenPeer(
  { id, bgpPeers }: VirtualInterface,
  { peerId, asn, customerAddress }: PeerChoice,
): BgpPeer {
  if (peerId === undefined && (asn === undefined || customerAddress === undefined)) {
    throw directConnectError('Specify bgpPeerId, or asn and customerAddress.');
  }
  const wanted = customerAddress?.split('/')[0];
  const peer = bgpPeers.find(
    (one) =>
      (peerId === undefined || one.id === peerId) &&
      (asn === undefined || one.asn === asn) &&
      (wanted === undefined || formatIp(one.customerAddress.address) === wanted),
  );
  if (peer !== undefined) return peer;
  throw directConnectError(`The BGP peer does not exist on Virtual Interface ${id}.`);
}
