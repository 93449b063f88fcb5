/** How connections and LAGs come to carry frames, and how they end (H-053, H-054). */
import {
  type ConnectionEvent,
  connectionMachine,
  type DirectConnectConnection,
  isLiveConnection,
} from '../../model/direct-connect/connection.ts';
import {
  type DirectConnectLag,
  type LagEvent,
  lagMachine,
} from '../../model/direct-connect/lag.ts';
import { DIRECT_CONNECT_VISIBLE_MILLIS } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import { dropTags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { carrierChanged } from './interface-life.ts';

const CONNECTION = 'direct-connect-connection';
const LAG = 'direct-connect-lag';

/** AWS's usual times, in seconds: days, which nobody would wait for here. */
const USUAL_SECONDS = { issue: 600, provision: 600, end: 60 } as const;

/** What happens next by itself, by state. */
const NEXT = {
  requested: ['issue', USUAL_SECONDS.issue],
  pending: ['provision', USUAL_SECONDS.provision],
  deleting: ['finish', USUAL_SECONDS.end],
} as const;

/** To be called with what has just come into its state. */
export function settleNext(
  tx: Transaction,
  kind: typeof CONNECTION | typeof LAG,
  { id, state }: { readonly id: string; readonly state: string },
): void {
  const next = (NEXT as Readonly<Record<string, readonly [string, number]>>)[state];
  if (next !== undefined) tx.settle(`${kind}.${next[0]}`, id, next[1]);
  else if (state === 'deleted' || state === 'rejected') {
    tx.schedule(`${kind}.forget`, id, tx.now + DIRECT_CONNECT_VISIBLE_MILLIS);
  }
}

/**
 * The only writer of a connection's state.
 * @throws AwsError
 */
export function moveConnection(
  tx: Transaction,
  connection: DirectConnectConnection,
  event: ConnectionEvent,
): DirectConnectConnection {
  const { id } = connection;
  const state = transition(connectionMachine, connection.state, event, id);
  tx.unschedule(id);
  const { lagId, ...rest } = connection;
  // What is gone is in no LAG.
  const moved = isLiveConnection({ state }) ? { ...connection, state } : { ...rest, state };
  tx.put(CONNECTION, moved);
  settleNext(tx, CONNECTION, moved);
  carrierChanged(tx, id);
  if (lagId !== undefined) carrierChanged(tx, lagId);
  return moved;
}

/**
 * The only writer of a LAG's state.
 * @throws AwsError
 */
export function moveLag(tx: Transaction, lag: DirectConnectLag, event: LagEvent): DirectConnectLag {
  const state = transition(lagMachine, lag.state, event, lag.id);
  tx.unschedule(lag.id);
  const moved = tx.put(LAG, { ...lag, state });
  settleNext(tx, LAG, moved);
  carrierChanged(tx, lag.id);
  return moved;
}

function connectionEvent(from: DirectConnectConnection['state'], event: ConnectionEvent) {
  return (tx: Transaction, id: string): void => {
    const connection = tx.get(CONNECTION, id);
    if (connection?.state === from) moveConnection(tx, connection, event);
  };
}

function lagEvent(from: DirectConnectLag['state'], event: LagEvent) {
  return (tx: Transaction, id: string): void => {
    const lag = tx.get(LAG, id);
    if (lag?.state === from) moveLag(tx, lag, event);
  };
}

function forget(kind: typeof CONNECTION | typeof LAG) {
  return (tx: Transaction, id: string): void => {
    dropTags(tx, id);
    tx.delete(kind, id);
  };
}

export const connectionEvents: Record<string, TimedEvent> = {
  'direct-connect-connection.issue': connectionEvent('requested', 'issue'),
  'direct-connect-connection.provision': connectionEvent('pending', 'provision'),
  'direct-connect-connection.finish': connectionEvent('deleting', 'finish'),
  'direct-connect-connection.forget': forget(CONNECTION),
  'direct-connect-lag.issue': lagEvent('requested', 'issue'),
  'direct-connect-lag.provision': lagEvent('pending', 'provision'),
  'direct-connect-lag.finish': lagEvent('deleting', 'finish'),
  'direct-connect-lag.forget': forget(LAG),
};
