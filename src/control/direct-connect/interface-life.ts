/** How a virtual interface comes to carry packets, and how it ends (H-057, H-064). */
import { carriesFrames } from '../../model/direct-connect/carrier.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import {
  type BgpPeer,
  type BgpPeerEvent,
  bgpPeerMachine,
  interfacesOn,
  isLiveInterface,
  type VirtualInterface,
  type VirtualInterfaceEvent,
  virtualInterfaceMachine,
} from '../../model/direct-connect/virtual-interface.ts';
import { virtualInterfaceLink } from '../../model/hybrid/link.ts';
import { DIRECT_CONNECT_VISIBLE_MILLIS } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { transition } from '../../model/state-machine.ts';
import { endSession } from '../hybrid/bgp-report.ts';
import { propagateLink } from '../hybrid/propagate-link.ts';
import { forgetEndedLinks } from '../hybrid/site-links.ts';
import { dropTags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';

const KIND = 'direct-connect-virtual-interface';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { provision: 60, peers: 30, end: 60 } as const;

/**
 * The only writer of a virtual interface's state; its peers follow.
 * @throws AwsError
 */
export function moveInterface(
  tx: Transaction,
  virtualInterface: VirtualInterface,
  event: VirtualInterfaceEvent,
  members: Partial<VirtualInterface> = {},
): VirtualInterface {
  const { id } = virtualInterface;
  const state = transition(virtualInterfaceMachine, virtualInterface.state, event, id);
  tx.unschedule(id);
  const changed = { ...virtualInterface, ...members, state };
  const moved = putInterface(tx, { ...changed, bgpPeers: followers(changed, event) });
  if (!isLiveInterface(moved)) {
    tx.schedule(`${KIND}.forget`, id, tx.now + DIRECT_CONNECT_VISIBLE_MILLIS);
    forgetEndedLinks(tx, id);
  }
  return moved;
}

/** What a move of the whole makes of its peers. */
function followers({ bgpPeers }: VirtualInterface, event: VirtualInterfaceEvent): BgpPeer[] {
  switch (event) {
    case 'provision':
      return bgpPeers.map((peer) =>
        peer.state === 'pending' ? movePeer(peer, 'provision') : peer,
      );
    case 'reject':
      return bgpPeers.map((peer) => movePeer(movePeer(peer, 'delete'), 'finish'));
    case 'delete':
      return bgpPeers.map((peer) => (peer.state === 'deleting' ? peer : movePeer(peer, 'delete')));
    case 'finish':
      return bgpPeers.map((peer) => movePeer(peer, 'finish'));
    default:
      return [...bgpPeers];
  }
}

/** The only writer of a peer's state. @throws AwsError */
export function movePeer(peer: BgpPeer, event: BgpPeerEvent): BgpPeer {
  return { ...peer, state: transition(bgpPeerMachine, peer.state, event, peer.id) };
}

/** Writes one, with whatever follows from it and will happen to it by itself. */
export function putInterface(
  tx: Transaction,
  virtualInterface: VirtualInterface,
): VirtualInterface {
  const before = tx.get(KIND, virtualInterface.id);
  tx.put(KIND, virtualInterface);
  settleNext(tx, virtualInterface);
  endSessions(tx, before?.bgpPeers ?? [], virtualInterface);
  if (before !== undefined && before.gateway?.id !== virtualInterface.gateway?.id) {
    propagateLink(tx, virtualInterfaceLink(before));
  }
  propagateLink(tx, virtualInterfaceLink(virtualInterface));
  return virtualInterface;
}

/** Those of peers that are gone. */
function endSessions(
  tx: Transaction,
  before: readonly BgpPeer[],
  { bgpPeers }: VirtualInterface,
): void {
  const left = bgpPeers.filter(({ state }) => state !== 'deleted').map(({ id }) => id);
  for (const { id } of before) if (!left.includes(id)) endSession(tx, id);
}

function settleNext(
  tx: Transaction,
  { id, state, connectionId, bgpPeers }: VirtualInterface,
): void {
  if (state === 'pending' && carriesFrames(tx, connectionId)) {
    tx.settle(`${KIND}.provision`, id, USUAL_SECONDS.provision);
  }
  if (state === 'deleting') tx.settle(`${KIND}.finish`, id, USUAL_SECONDS.end);
  const isUsed = state === 'available' || state === 'testing';
  if (isUsed && bgpPeers.some((peer) => peer.state !== 'available')) {
    tx.settle(`${KIND}.peers`, id, USUAL_SECONDS.peers);
  }
}

/** To be called when a connection or LAG may carry frames now: what waits for it goes on. */
export function carrierChanged(tx: Transaction, connectionId: string): void {
  for (const one of interfacesOn(tx, connectionId)) settleNext(tx, one);
}

/** Moves everything that runs over a connection to another carrier. @throws AwsError */
export function rehomeInterfaces(tx: Transaction, from: string, to: string): void {
  for (const one of interfacesOn(tx, from)) {
    checkVlan(tx, to, one.vlan);
    putInterface(tx, { ...one, connectionId: to });
  }
}

/** H-058. @throws AwsError */
export function checkVlan(reader: ModelReader, connectionId: string, vlan: number): void {
  const holder = interfacesOn(reader, connectionId).find((one) => one.vlan === vlan);
  if (holder === undefined) return;
  throw directConnectError(`VLAN ${vlan} is already in use on ${connectionId} by ${holder.id}.`);
}

export const interfaceEvents: Record<string, TimedEvent> = {
  [`${KIND}.provision`]: (tx, id) => {
    const one = tx.get(KIND, id);
    if (one?.state !== 'pending' || !carriesFrames(tx, one.connectionId)) return;
    moveInterface(tx, one, 'provision');
  },
  [`${KIND}.peers`]: (tx, id) => {
    const one = tx.get(KIND, id);
    if (one?.state !== 'available' && one?.state !== 'testing') return;
    const bgpPeers = one.bgpPeers.flatMap((peer) => {
      if (peer.state === 'pending') return [movePeer(peer, 'provision')];
      const left = peer.state === 'deleting' ? movePeer(peer, 'finish') : peer;
      return left.state === 'deleted' ? [] : [left];
    });
    putInterface(tx, { ...one, bgpPeers });
  },
  [`${KIND}.finish`]: (tx, id) => {
    const one = tx.get(KIND, id);
    if (one?.state === 'deleting') moveInterface(tx, one, 'finish');
  },
  [`${KIND}.forget`]: (tx, id) => {
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
