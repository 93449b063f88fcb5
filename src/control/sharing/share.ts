/** Resource shares as a whole: made, changed, deleted, forgotten. */
import { awsError } from '../../model/error.ts';
import { ENDED_SHARING_MILLIS, RESOURCE_SHARE_NAME_LENGTH } from '../../model/limits.ts';
import { ramArn } from '../../model/sharing/arn.ts';
import { isCurrent, type ResourceShare } from '../../model/sharing/resource-share.ts';
import {
  type ResourceShareEvent,
  resourceShareMachine,
} from '../../model/sharing/sharing-states.ts';
import { transition } from '../../model/state-machine.ts';
import { uuid } from '../../net/uuid.ts';
import { type ClientToken, forgetTokens, idempotent } from '../idempotency.ts';
import { ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { associateAll, type Entities } from './associate-share.ts';
import { disassociate } from './association.ts';
import { findOwnShare } from './find-share.ts';
import { forgetInvitation } from './invitation.ts';
import { forgetAssociation } from './move-association.ts';
import { checkPermissions } from './permission.ts';
import { RESOURCE_SHARE } from './tag-share.ts';

/** AWS's usual time for a share to be deleted, in seconds. */
const DELETE_SECONDS = 5;

export interface CreateResourceShare extends Entities {
  readonly name: string;
  readonly allowExternalPrincipals: boolean;
  readonly permissionArns: readonly string[];
  readonly tags: Tags;
  readonly clientToken: ClientToken;
}

/**
 * @throws AwsError InvalidParameterException, MalformedArnException, UnknownResourceException,
 *   OperationNotPermittedException, ResourceShareLimitExceededException, those of entities, of tags
 *   and of client tokens
 */
export function createShare(
  tx: Transaction,
  scope: Scope,
  {
    name,
    allowExternalPrincipals,
    permissionArns,
    tags,
    clientToken,
    ...rest
  }: CreateResourceShare,
): ResourceShare {
  const made = idempotent(tx, scope, clientToken, () => {
    checkName(name);
    checkPermissions(permissionArns);
    if (
      tx.count('resource-share', 'owner', ownerKey(scope)) >= tx.quota('resourceSharesPerRegion')
    ) {
      const message = 'The maximum number of resource shares has been reached.';
      throw awsError('ResourceShareLimitExceededException', message);
    }
    const { account, region } = scope;
    const id = ramArn('resource-share', scope, uuid(tx.random));
    const share = tx.put('resource-share', {
      id,
      account,
      region,
      name,
      allowExternalPrincipals,
      status: transition(resourceShareMachine, 'PENDING', 'activate', id),
      permissionArns,
      creationTime: tx.now,
      lastUpdatedTime: tx.now,
    });
    associateAll(tx, scope, share, rest);
    putTags(tx, scope, RESOURCE_SHARE, id, tags);
    return id;
  });
  return tx.get('resource-share', made)!;
}

export interface UpdateResourceShare {
  readonly arn: string;
  readonly name?: string;
  readonly allowExternalPrincipals?: boolean;
  readonly clientToken: ClientToken;
}

/**
 * @throws AwsError as `findOwnShare`, MissingRequiredParameterException when nothing is asked,
 *   InvalidParameterException, InvalidStateTransitionException, OperationNotPermittedException
 *   while there are external principals, those of client tokens
 */
export function updateShare(
  tx: Transaction,
  scope: Scope,
  { arn, clientToken, ...changes }: UpdateResourceShare,
): ResourceShare {
  const id = idempotent(tx, scope, clientToken, () => {
    const share = findOwnShare(tx, scope, arn);
    if (changes.name === undefined && changes.allowExternalPrincipals === undefined) {
      const message = 'Specify a name or allowExternalPrincipals.';
      throw awsError('MissingRequiredParameterException', message);
    }
    if (changes.name !== undefined) checkName(changes.name);
    if (changes.allowExternalPrincipals === false) checkNoPrincipals(tx, share);
    moveShare(tx, share, 'change', changes);
    return arn;
  });
  return tx.get('resource-share', id)!;
}

function checkName(name: string): void {
  if (name.length >= 1 && name.length <= RESOURCE_SHARE_NAME_LENGTH) return;
  const message = `The name of a resource share has 1 to ${RESOURCE_SHARE_NAME_LENGTH} characters.`;
  throw awsError('InvalidParameterException', message);
}

/** Every principal is external: accounts are not in one organization. */
function checkNoPrincipals(tx: Transaction, { id }: ResourceShare): void {
  const principal = tx
    .by('resource-share-association', 'share', id)
    .find((association) => association.type === 'PRINCIPAL' && isCurrent(association));
  if (principal === undefined) return;
  const message = `The resource share has the external principal ${principal.entity}.`;
  throw awsError('OperationNotPermittedException', message);
}

/**
 * Ends a share: nothing is shared through it from now on.
 * @throws AwsError as `findOwnShare`, InvalidStateTransitionException, those of client tokens
 */
export function deleteShare(
  tx: Transaction,
  scope: Scope,
  { arn, clientToken }: { readonly arn: string; readonly clientToken: ClientToken },
): void {
  idempotent(tx, scope, clientToken, () => {
    moveShare(tx, findOwnShare(tx, scope, arn), 'delete');
    for (const association of [...tx.by('resource-share-association', 'share', arn)]) {
      if (isCurrent(association)) disassociate(tx, association);
    }
    tx.settle('resource-share.finish', arn, DELETE_SECONDS);
    return arn;
  });
}

/** The only way a share's status changes. @throws AwsError InvalidStateTransitionException */
function moveShare(
  tx: Transaction,
  share: ResourceShare,
  event: ResourceShareEvent,
  changes: Partial<Pick<ResourceShare, 'name' | 'allowExternalPrincipals'>> = {},
): void {
  const status = transition(resourceShareMachine, share.status, event, share.id);
  tx.update('resource-share', share, { ...changes, status, lastUpdatedTime: tx.now });
}

export const shareEvents: Readonly<Record<string, TimedEvent>> = {
  'resource-share.finish': (tx, id) => {
    const share = tx.get('resource-share', id);
    if (share?.status !== 'DELETING') return;
    moveShare(tx, share, 'finish');
    tx.schedule('resource-share.forget', id, tx.now + ENDED_SHARING_MILLIS);
  },
  'resource-share.forget': (tx, id) => {
    if (tx.get('resource-share', id)?.status !== 'DELETED') return;
    for (const association of [...tx.by('resource-share-association', 'share', id)]) {
      forgetAssociation(tx, association);
    }
    for (const invitation of [...tx.by('resource-share-invitation', 'share', id)]) {
      forgetInvitation(tx, invitation);
    }
    dropTags(tx, id);
    forgetTokens(tx, id);
    tx.delete('resource-share', id);
  },
};
