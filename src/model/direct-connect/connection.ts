/** Connections: a port of AWS's and a customer's router, or a share of one (H7). */
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { illegalMove } from './error.ts';

/** H-053. `down` and `unknown` are never stored: no cable is unplugged here. */
export type ConnectionState =
  | 'ordering'
  | 'requested'
  | 'pending'
  | 'available'
  | 'deleting'
  | 'deleted'
  | 'rejected';

export type ConnectionEvent = 'confirm' | 'issue' | 'provision' | 'reject' | 'delete' | 'finish';

export const connectionMachine: StateMachine<ConnectionState, ConnectionEvent> = {
  states: ['ordering', 'requested', 'pending', 'available', 'deleting', 'deleted', 'rejected'],
  transitions: {
    // A hosted one, until its owner confirms.
    ordering: { confirm: 'pending', reject: 'rejected' },
    // A dedicated one, until its letter of authorization is issued.
    requested: { issue: 'pending', delete: 'deleting' },
    pending: { provision: 'available', delete: 'deleting' },
    available: { delete: 'deleting' },
    deleting: { finish: 'deleted' },
    deleted: {},
    rejected: {},
  },
  illegal: illegalMove('connection'),
};

export interface DirectConnectConnection extends Owned {
  readonly state: ConnectionState;
  readonly name: string;
  /** Code of one of `location.ts`. */
  readonly location: string;
  /** As AWS spells it: `10Gbps`. */
  readonly bandwidth: string;
  readonly providerName?: string;
  readonly lagId?: string;
  /** A part of another's connection or LAG, told apart by its VLAN. */
  readonly hosted?: { readonly parentId: string; readonly vlan: number };
}

/** Whether anything is there, if perhaps on its way out. */
export function isLiveConnection({ state }: Pick<DirectConnectConnection, 'state'>): boolean {
  return state !== 'deleted' && state !== 'rejected';
}
