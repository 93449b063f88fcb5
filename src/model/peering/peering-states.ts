/** The life of a VPC peering connection, in AWS's spelling (B-001 to B-006, B-018, B-019). */
import { awsError } from '../error.ts';
import type { StateMachine } from '../state-machine.ts';

export type PeeringStatus =
  | 'initiating-request'
  | 'pending-acceptance'
  | 'provisioning'
  | 'active'
  | 'deleting'
  | 'deleted'
  | 'rejected'
  | 'expired'
  | 'failed';

export type PeeringEvent =
  | 'deliver'
  | 'fail'
  | 'accept'
  | 'reject'
  | 'expire'
  | 'provision'
  | 'delete'
  | 'finish';

/** The status each event is after: AWS's message about an illegal move names it (B-019). */
const AIM: Readonly<Record<PeeringEvent, PeeringStatus>> = {
  deliver: 'pending-acceptance',
  fail: 'failed',
  accept: 'provisioning',
  reject: 'rejected',
  expire: 'expired',
  provision: 'active',
  delete: 'deleting',
  finish: 'deleted',
};

export const peeringMachine: StateMachine<PeeringStatus, PeeringEvent> = {
  states: [
    'initiating-request',
    'pending-acceptance',
    'provisioning',
    'active',
    'deleting',
    'deleted',
    'rejected',
    'expired',
    'failed',
  ],
  transitions: {
    'initiating-request': { deliver: 'pending-acceptance', fail: 'failed' },
    'pending-acceptance': {
      accept: 'provisioning',
      reject: 'rejected',
      delete: 'deleting',
      expire: 'expired',
      fail: 'failed',
    },
    provisioning: { provision: 'active' },
    // B-005 is unsure whether a deletion inside one Region shows `deleting`: here each one does.
    active: { delete: 'deleting' },
    deleting: { finish: 'deleted' },
    deleted: {},
    rejected: {},
    expired: {},
    failed: {},
  },
  illegal: (from, event, id) =>
    awsError(
      'InvalidStateTransition',
      `Invalid state transition for ${id}, attempted to transition from ${from} to ${AIM[event]}`,
    ),
};
