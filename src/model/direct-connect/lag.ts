/** Link aggregation groups: several connections as one (H-054, H-055). */
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { type DirectConnectConnection, isLiveConnection } from './connection.ts';
import { illegalMove } from './error.ts';

/** `down` is what `isDown` says, and `unknown` nothing here. */
export type LagState = 'requested' | 'pending' | 'available' | 'deleting' | 'deleted';
export type LagEvent = 'issue' | 'provision' | 'delete' | 'finish';

export const lagMachine: StateMachine<LagState, LagEvent> = {
  states: ['requested', 'pending', 'available', 'deleting', 'deleted'],
  transitions: {
    requested: { issue: 'pending', delete: 'deleting' },
    pending: { provision: 'available', delete: 'deleting' },
    available: { delete: 'deleting' },
    deleting: { finish: 'deleted' },
    deleted: {},
  },
  illegal: illegalMove('LAG'),
};

export interface DirectConnectLag extends Owned {
  readonly state: LagState;
  readonly name: string;
  readonly location: string;
  /** Of each of its connections. */
  readonly bandwidth: string;
  readonly providerName?: string;
  readonly minimumLinks: number;
}

/** The connections of a LAG that are there. */
export function membersOfLag(
  reader: ModelReader,
  lagId: string,
): readonly DirectConnectConnection[] {
  return reader.by('direct-connect-connection', 'lag', lagId).filter(isLiveConnection);
}

/** H-054: fewer of its connections work than it needs. */
export function isLagDown(reader: ModelReader, { id, minimumLinks }: DirectConnectLag): boolean {
  const working = membersOfLag(reader, id).filter(({ state }) => state === 'available');
  return working.length < minimumLinks;
}
