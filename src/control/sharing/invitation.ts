/** Invitations to a share: sent to every principal, for no two accounts are of one organization. */
import { type AwsError, awsError } from '../../model/error.ts';
import { SHARE_INVITATION_MILLIS } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { isRamArn, ramArn } from '../../model/sharing/arn.ts';
import {
  invitedAssociationId,
  type ResourceShareAssociation,
  type ResourceShareInvitation,
} from '../../model/sharing/resource-share.ts';
import { type InvitationEvent, invitationMachine } from '../../model/sharing/sharing-states.ts';
import { transition } from '../../model/state-machine.ts';
import { uuid } from '../../net/uuid.ts';
import { type ClientToken, forgetTokens, idempotent } from '../idempotency.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { malformedArn } from './find-share.ts';
import { moveAssociation } from './move-association.ts';

/** Invites the principal of an association that has just begun. */
export function invite(tx: Transaction, association: ResourceShareAssociation): void {
  const { account, region, shareId, entity: receiver } = association;
  const id = ramArn('resource-share-invitation', association, uuid(tx.random));
  tx.put('resource-share-invitation', {
    id,
    account,
    region,
    shareId,
    receiver,
    status: 'PENDING',
    invitationTime: tx.now,
  });
  tx.schedule('resource-share-invitation.expire', id, tx.now + SHARE_INVITATION_MILLIS);
}

/** Takes back the invitation that a principal has not answered, if there is one. */
export function withdrawInvitation(tx: Transaction, { id }: ResourceShareAssociation): void {
  const invitation = tx.first('resource-share-invitation', 'pending', id);
  if (invitation !== undefined) forgetInvitation(tx, invitation);
}

export function forgetInvitation(tx: Transaction, { id }: ResourceShareInvitation): void {
  tx.unschedule(id);
  forgetTokens(tx, id);
  tx.delete('resource-share-invitation', id);
}

/**
 * Accepts an invitation; what is shared can be used from now on.
 * @throws AwsError as `findInvitation`, ResourceShareInvitationAlreadyAcceptedException,
 *   …AlreadyRejectedException, …ExpiredException, those of client tokens
 */
export function acceptInvitation(
  tx: Transaction,
  scope: Scope,
  { arn, clientToken }: { readonly arn: string; readonly clientToken: ClientToken },
): ResourceShareInvitation {
  return answer(tx, scope, { arn, clientToken }, (invitation) => {
    endInvitation(tx, invitation, 'accept');
    moveAssociation(tx, invitedAssociation(tx, invitation), 'associate');
  });
}

/** @throws AwsError as `acceptInvitation` */
export function rejectInvitation(
  tx: Transaction,
  scope: Scope,
  { arn, clientToken }: { readonly arn: string; readonly clientToken: ClientToken },
): ResourceShareInvitation {
  return answer(tx, scope, { arn, clientToken }, (invitation) => {
    endInvitation(tx, invitation, 'reject');
    fail(tx, invitation, 'The invitation was rejected.');
  });
}

function answer(
  tx: Transaction,
  scope: Scope,
  { arn, clientToken }: { readonly arn: string; readonly clientToken: ClientToken },
  change: (invitation: ResourceShareInvitation) => void,
): ResourceShareInvitation {
  const id = idempotent(tx, scope, clientToken, () => {
    change(findInvitation(tx, scope, arn));
    return arn;
  });
  return tx.get('resource-share-invitation', id)!;
}

/**
 * An invitation that the caller has received.
 * @throws AwsError MalformedArnException, ResourceShareInvitationArnNotFoundException,
 *   OperationNotPermittedException for who has sent it
 */
export function findInvitation(
  reader: ModelReader,
  scope: Scope,
  arn: string,
): ResourceShareInvitation {
  if (!isRamArn('resource-share-invitation', arn)) throw malformedArn('invitation ARN', arn);
  const invitation = reader.get('resource-share-invitation', arn);
  if (invitation === undefined || invitation.region !== scope.region) throw unknown(arn);
  if (invitation.receiver === scope.account) return invitation;
  if (invitation.account !== scope.account) throw unknown(arn);
  const message = `The invitation ${arn} can be answered by its receiver alone.`;
  throw awsError('OperationNotPermittedException', message);
}

function unknown(arn: string): AwsError {
  const message = `ResourceShareInvitation ${arn} could not be found.`;
  return awsError('ResourceShareInvitationArnNotFoundException', message);
}

/** The only way an invitation's status changes. */
function endInvitation(
  tx: Transaction,
  invitation: ResourceShareInvitation,
  event: InvitationEvent,
): void {
  const { id } = invitation;
  const status = transition(invitationMachine, invitation.status, event, id);
  tx.unschedule(id);
  tx.schedule('resource-share-invitation.forget', id, tx.now + SHARE_INVITATION_MILLIS);
  tx.update('resource-share-invitation', invitation, { status });
}

/** The principal stays listed, and is invited again when it is associated again. */
function fail(tx: Transaction, invitation: ResourceShareInvitation, why: string): void {
  moveAssociation(tx, invitedAssociation(tx, invitation), 'fail', why);
}

function invitedAssociation(
  reader: ModelReader,
  invitation: ResourceShareInvitation,
): ResourceShareAssociation {
  return reader.get('resource-share-association', invitedAssociationId(invitation))!;
}

export const invitationEvents: Readonly<Record<string, TimedEvent>> = {
  'resource-share-invitation.expire': (tx, id) => {
    const invitation = tx.get('resource-share-invitation', id);
    if (invitation?.status !== 'PENDING') return;
    endInvitation(tx, invitation, 'expire');
    fail(tx, invitation, 'The invitation has expired.');
  },
  'resource-share-invitation.forget': (tx, id) => {
    const invitation = tx.get('resource-share-invitation', id);
    if (invitation !== undefined && invitation.status !== 'PENDING') {
      forgetInvitation(tx, invitation);
    }
  },
};
