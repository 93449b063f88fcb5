/** The lives of resource shares, of what they join, and of invitations, in AWS's spelling. */
import { awsError } from '../error.ts';
import type { StateMachine } from '../state-machine.ts';

export type ResourceShareStatus = 'PENDING' | 'ACTIVE' | 'FAILED' | 'DELETING' | 'DELETED';
export type ResourceShareEvent = 'activate' | 'change' | 'delete' | 'finish';

export const resourceShareMachine: StateMachine<ResourceShareStatus, ResourceShareEvent> = {
  states: ['PENDING', 'ACTIVE', 'FAILED', 'DELETING', 'DELETED'],
  transitions: {
    // AWS's examples show a new share ACTIVE already: it is made and activated in one call.
    PENDING: { activate: 'ACTIVE' },
    ACTIVE: { change: 'ACTIVE', delete: 'DELETING' },
    // AWS has the status; nothing leads to it here.
    FAILED: {},
    DELETING: { finish: 'DELETED' },
    DELETED: {},
  },
  illegal: (from, _event, arn) => {
    const message = `The operation is not valid for the resource share ${arn}, which is ${from}.`;
    return awsError('InvalidStateTransitionException', message);
  },
};

export type AssociationStatus =
  | 'ASSOCIATING'
  | 'ASSOCIATED'
  | 'FAILED'
  | 'DISASSOCIATING'
  | 'DISASSOCIATED';

export type AssociationEvent =
  | 'begin'
  | 'associate'
  | 'fail'
  | 'disassociate'
  | 'finish'
  | 'vanish';

/** A resource's association settles by itself; a principal's when its invitation is answered. */
export const associationMachine: StateMachine<AssociationStatus, AssociationEvent> = {
  states: ['ASSOCIATING', 'ASSOCIATED', 'FAILED', 'DISASSOCIATING', 'DISASSOCIATED'],
  transitions: {
    ASSOCIATING: {
      associate: 'ASSOCIATED',
      fail: 'FAILED',
      disassociate: 'DISASSOCIATING',
      vanish: 'DISASSOCIATED',
    },
    ASSOCIATED: { disassociate: 'DISASSOCIATING', vanish: 'DISASSOCIATED' },
    FAILED: { begin: 'ASSOCIATING', disassociate: 'DISASSOCIATED' },
    DISASSOCIATING: { finish: 'DISASSOCIATED' },
    DISASSOCIATED: { begin: 'ASSOCIATING' },
  },
  illegal: (from, _event, entity) => {
    const message = `The operation is not valid for the association of ${entity}, which is ${from}.`;
    return awsError('InvalidStateTransitionException', message);
  },
};

export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED';
export type InvitationEvent = 'accept' | 'reject' | 'expire';

export const invitationMachine: StateMachine<InvitationStatus, InvitationEvent> = {
  states: ['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'],
  transitions: {
    PENDING: { accept: 'ACCEPTED', reject: 'REJECTED', expire: 'EXPIRED' },
    ACCEPTED: {},
    REJECTED: {},
    EXPIRED: {},
  },
  illegal: (from, _event, arn) => {
    const code = {
      PENDING: 'OperationNotPermittedException',
      ACCEPTED: 'ResourceShareInvitationAlreadyAcceptedException',
      REJECTED: 'ResourceShareInvitationAlreadyRejectedException',
      EXPIRED: 'ResourceShareInvitationExpiredException',
    }[from];
    return awsError(code, `The resource share invitation ${arn} is ${from}.`);
  },
};
