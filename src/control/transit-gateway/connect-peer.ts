/** Connect peers: made on a Connect attachment, each with a GRE tunnel of its own (C6). */
import { awsError } from '../../model/error.ts';
import type { LifecycleEvent } from '../../model/lifecycle.ts';
import { TRANSIT_GATEWAY_VISIBLE_MILLIS } from '../../model/limits.ts';
import { isTerminal, transition } from '../../model/state-machine.ts';
import { carriesPackets } from '../../model/transit-gateway/attachment.ts';
import {
  type ConnectPeer,
  connectPeerMachine,
  isLivePeer,
} from '../../model/transit-gateway/connect-peer.ts';
import { incorrectState } from '../../model/transit-gateway/transit-gateway.ts';
import type { Cidr } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import { endSession } from '../hybrid/bgp-report.ts';
import { propagateLink } from '../hybrid/propagate-link.ts';
import { forgetEndedLinks } from '../hybrid/site-links.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { chosenInside, chosenOutside } from './connect-address.ts';
import { availableGateway } from './find.ts';
import { findConnectAttachment } from './visible-attachment.ts';

const KIND = 'transit-gateway-connect-peer';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 60, delete: 60 } as const;

export interface CreateConnectPeer {
  readonly attachmentId: string;
  /** The first free one of the gateway's blocks unless given. */
  readonly transitGatewayAddress?: Ip;
  readonly peerAddress: Ip;
  readonly insideBlocks: readonly Cidr[];
  /** The gateway's own unless given (C-094). */
  readonly peerAsn?: number;
  readonly tags: Tags;
}

/**
 * A peer in state `pending`.
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, IncorrectState also of the gateway,
 *   TransitGatewayConnectPeerLimitExceeded (C-090), InvalidParameterValue for addresses (C-091 to
 *   C-093) and an ASN that nobody has
 */
export function createConnectPeer(
  tx: Transaction,
  scope: Scope,
  { attachmentId, peerAsn, tags, ...addresses }: CreateConnectPeer,
): ConnectPeer {
  const attachment = findConnectAttachment(tx, scope, attachmentId);
  if (!carriesPackets(attachment)) throw incorrectState(attachmentId);
  const gateway = availableGateway(tx, scope, attachment.transitGatewayId);
  checkRoom(tx, attachmentId);
  const rivals = tx.by(KIND, 'gateway', gateway.id).filter(isLivePeer);
  const peer: ConnectPeer = {
    id: tx.newId(KIND),
    account: gateway.account,
    region: gateway.region,
    state: 'pending',
    attachmentId,
    transitGatewayId: gateway.id,
    ...chosenOutside(gateway, rivals, addresses),
    ...chosenInside(rivals, addresses.insideBlocks),
    peerAsn: peerAsn ?? gateway.options.amazonSideAsn,
    creationTime: tx.now,
  };
  tx.put(KIND, peer);
  putTags(tx, scope, KIND, peer.id, tags);
  tx.settle('transit-gateway-connect-peer.provision', peer.id, USUAL_SECONDS.create);
  return peer;
}

/** C-090 */
function checkRoom(tx: Transaction, attachmentId: string): void {
  const most = tx.quota('connectPeersPerAttachment');
  const live = tx.by(KIND, 'attachment', attachmentId).filter(isLivePeer);
  if (live.length < most) return;
  const message = `${attachmentId} has ${most} Connect peers, the maximum.`;
  throw awsError('TransitGatewayConnectPeerLimitExceeded', message);
}

/** @throws AwsError InvalidTransitGatewayConnectPeerID.*, IncorrectState */
export function deleteConnectPeer(tx: Transaction, scope: Scope, id: string): ConnectPeer {
  const deleting = movePeer(tx, find(tx, scope, KIND, id), 'delete');
  tx.settle('transit-gateway-connect-peer.finish', id, USUAL_SECONDS.delete);
  return deleting;
}

/**
 * The only writer of a peer's state; a deleted one is shown for a while.
 * @throws AwsError IncorrectState
 */
function movePeer(tx: Transaction, peer: ConnectPeer, event: LifecycleEvent): ConnectPeer {
  const { id } = peer;
  const state = transition(connectPeerMachine, peer.state, event, id);
  tx.unschedule(id);
  const ended = isTerminal(connectPeerMachine, state);
  if (ended) {
    const forgotten = tx.now + TRANSIT_GATEWAY_VISIBLE_MILLIS;
    tx.schedule('transit-gateway-connect-peer.forget', id, forgotten);
  }
  const moved = tx.update(KIND, peer, { state, ...(ended && { endedAt: tx.now }) });
  for (const session of ended ? tx.by('bgp-session', 'link', id) : []) endSession(tx, session.id);
  propagateLink(tx, { kind: 'connect-peer', id, peer: moved });
  if (ended) forgetEndedLinks(tx, id);
  return moved;
}

export const connectPeerEvents: Record<string, TimedEvent> = {
  'transit-gateway-connect-peer.provision': (tx, id) => {
    const peer = tx.get(KIND, id);
    if (peer?.state === 'pending') movePeer(tx, peer, 'provision');
  },
  'transit-gateway-connect-peer.finish': (tx, id) => {
    const peer = tx.get(KIND, id);
    if (peer?.state === 'deleting') movePeer(tx, peer, 'finish');
  },
  'transit-gateway-connect-peer.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
