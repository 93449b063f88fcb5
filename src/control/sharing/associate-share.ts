/** Commands that join principals and resources with a share, and part them. */
import { awsError } from '../../model/error.ts';
import { ENTITIES_PER_SHARE_CALL } from '../../model/limits.ts';
import {
  associationId,
  type ResourceShare,
  type ResourceShareAssociation,
} from '../../model/sharing/resource-share.ts';
import { resourceShareMachine } from '../../model/sharing/sharing-states.ts';
import { transition } from '../../model/state-machine.ts';
import { type ClientToken, idempotent } from '../idempotency.ts';
import { owns, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { associate, disassociate, type Entity } from './association.ts';
import { checkPrincipal, findOwnResource, parseResourceArn } from './entity.ts';
import { findOwnShare, findShare } from './find-share.ts';
import { withDefaults } from './permission.ts';

export interface Entities {
  readonly resourceArns: readonly string[];
  readonly principals: readonly string[];
}

export interface ChangeEntities extends Entities {
  readonly arn: string;
  readonly clientToken: ClientToken;
}

/**
 * Answers the associations that were asked for, as they are at first (G-046).
 * @throws AwsError as `findOwnShare` and `associateAll`, InvalidParameterException when nothing is
 *   asked, InvalidStateTransitionException, those of client tokens
 */
export function associateShare(
  tx: Transaction,
  scope: Scope,
  { arn, clientToken, ...entities }: ChangeEntities,
): ResourceShareAssociation[] {
  idempotent(tx, scope, clientToken, () => {
    checkAsked(entities);
    const share = findOwnShare(tx, scope, arn);
    checkActive(share);
    associateAll(tx, scope, share, entities);
    return arn;
  });
  return associationsOf(tx, arn, entities);
}

/**
 * @throws AwsError MalformedArnException, UnknownResourceException, InvalidParameterException,
 *   OperationNotPermittedException, ResourceShareLimitExceededException,
 *   InvalidStateTransitionException, UnsupportedOperation
 */
export function associateAll(
  tx: Transaction,
  scope: Scope,
  share: ResourceShare,
  { resourceArns, principals }: Entities,
): void {
  checkCount(Math.max(resourceArns.length, principals.length));
  const resources = [...new Set(resourceArns)].map((arn) => findOwnResource(tx, scope, arn));
  for (const principal of principals) checkPrincipal(scope, principal);
  if (principals.length > 0) checkExternal(share);
  for (const { arn, id, type } of resources) {
    const entity: Entity = { type: 'RESOURCE', entity: arn, resource: { kind: type.kind, id } };
    associate(tx, share, entity);
  }
  for (const principal of new Set(principals)) {
    associate(tx, share, { type: 'PRINCIPAL', entity: principal });
  }
  const types = resources.map(({ type }) => type);
  const permissionArns = withDefaults(share.permissionArns, types);
  if (permissionArns.length === share.permissionArns.length) return;
  tx.update('resource-share', share, { permissionArns });
}

function checkCount(count: number): void {
  if (count <= ENTITIES_PER_SHARE_CALL) return;
  const message = `At most ${ENTITIES_PER_SHARE_CALL} of a kind can be associated in one call.`;
  throw awsError('ResourceShareLimitExceededException', message);
}

/** Every principal is external: accounts are not in one organization. */
function checkExternal({ allowExternalPrincipals }: ResourceShare): void {
  if (allowExternalPrincipals) return;
  const message = 'The resource share does not allow principals outside your AWS Organization.';
  throw awsError('OperationNotPermittedException', message);
}

/**
 * By the owner; a principal may leave by itself. Answers what was asked for, as it is at first.
 * @throws AwsError as `findOwnShare`, MalformedArnException, InvalidParameterException when nothing
 *   is asked, UnknownResourceException for what is not associated, InvalidStateTransitionException,
 *   those of client tokens
 */
export function disassociateShare(
  tx: Transaction,
  scope: Scope,
  { arn, clientToken, ...entities }: ChangeEntities,
): ResourceShareAssociation[] {
  idempotent(tx, scope, clientToken, () => {
    checkAsked(entities);
    checkActive(
      isLeaving(scope, entities) ? findShare(tx, scope, arn) : findOwnShare(tx, scope, arn),
    );
    for (const association of checkedAssociations(tx, scope, arn, entities)) {
      disassociate(tx, association);
    }
    return arn;
  });
  return associationsOf(tx, arn, entities);
}

/** Whether the only one to leave is who asks. */
function isLeaving({ account }: Scope, { resourceArns, principals }: Entities): boolean {
  return resourceArns.length === 0 && principals.every((principal) => principal === account);
}

function checkedAssociations(
  tx: Transaction,
  scope: Scope,
  shareId: string,
  entities: Entities,
): ResourceShareAssociation[] {
  for (const arn of entities.resourceArns) parseResourceArn(arn);
  const isOwner = owns(scope, tx.get('resource-share', shareId)!);
  if (isOwner) for (const principal of entities.principals) checkPrincipal(scope, principal);
  return idsOf(shareId, entities).map(([id, entity]) => {
    const association = tx.get('resource-share-association', id);
    if (association !== undefined && association.status !== 'DISASSOCIATED') return association;
    const message = `${entity} is not associated with the resource share ${shareId}.`;
    throw awsError('UnknownResourceException', message);
  });
}

function checkAsked({ resourceArns, principals }: Entities): void {
  if (resourceArns.length + principals.length > 0) return;
  const message = 'Specify at least one resource ARN or principal.';
  throw awsError('InvalidParameterException', message);
}

/** @throws AwsError InvalidStateTransitionException */
function checkActive({ status, id }: ResourceShare): void {
  transition(resourceShareMachine, status, 'change', id);
}

function associationsOf(
  tx: Transaction,
  shareId: string,
  entities: Entities,
): ResourceShareAssociation[] {
  return idsOf(shareId, entities).flatMap(([id]) => tx.get('resource-share-association', id) ?? []);
}

/** The ids that associations of these entities have, each once, with the entity. */
function idsOf(shareId: string, { resourceArns, principals }: Entities): [string, string][] {
  const pairs = [
    ...resourceArns.map((arn) => [associationId(shareId, 'RESOURCE', arn), arn] as const),
    ...principals.map(
      (account) => [associationId(shareId, 'PRINCIPAL', account), account] as const,
    ),
  ];
  return [...new Map(pairs)];
}
