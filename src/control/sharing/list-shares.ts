/** What a caller shares, and what others share with it. */
import { awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  associationId,
  isCurrent,
  type ResourceShare,
  type ResourceShareAssociation,
} from '../../model/sharing/resource-share.ts';
import { ownerKey, owns, type Scope } from '../scope.ts';
import { findJoinedShare, findShare } from './find-share.ts';
import { associatedResources, sharesJoined } from './shared-with.ts';

/** In RAM's words, who owns the shares that are asked about: the caller, or others. */
export type ResourceOwner = 'SELF' | 'OTHER-ACCOUNTS';

/**
 * The caller's shares, or the active ones of others that it has joined; of those named, each.
 * @throws AwsError MalformedArnException, UnknownResourceException
 */
export function listShares(
  reader: ModelReader,
  scope: Scope,
  owner: ResourceOwner,
  arns?: readonly string[],
): readonly ResourceShare[] {
  if (arns !== undefined) {
    const find = owner === 'SELF' ? findListed : findJoinedShare;
    return [...new Set(arns)].map((arn) => find(reader, scope, arn));
  }
  if (owner === 'SELF') return reader.by('resource-share', 'owner', ownerKey(scope));
  return sharesJoined(reader, scope).map((id) => reader.get('resource-share', id)!);
}

/** To who asks about its own shares, those of others are unknown. */
function findListed(reader: ModelReader, scope: Scope, arn: string): ResourceShare {
  const share = findShare(reader, scope, arn);
  if (owns(scope, share)) return share;
  throw awsError('UnknownResourceException', `ResourceShare ${arn} could not be found.`);
}

/** All that is, or was of late, associated with a share. */
export function associationsOf(
  reader: ModelReader,
  { id }: ResourceShare,
): readonly ResourceShareAssociation[] {
  return reader.by('resource-share-association', 'share', id);
}

/** A share's resources: its owner sees also those on their way. */
export function resourcesOf(
  reader: ModelReader,
  owner: ResourceOwner,
  share: ResourceShare,
): ResourceShareAssociation[] {
  if (owner === 'OTHER-ACCOUNTS') return associatedResources(reader, share.id);
  return associationsOf(reader, share).filter((one) => one.type === 'RESOURCE' && isCurrent(one));
}

/** An account at the other end of a share, and the association that joins the two. */
export interface Partner {
  readonly account: string;
  readonly association: ResourceShareAssociation;
}

/** Whom the owner shares with, invited ones included; or who shares with a principal. */
export function partnersOf(
  reader: ModelReader,
  scope: Scope,
  owner: ResourceOwner,
  share: ResourceShare,
): Partner[] {
  if (owner === 'OTHER-ACCOUNTS') {
    const id = associationId(share.id, 'PRINCIPAL', scope.account);
    const association = reader.get('resource-share-association', id)!;
    return [{ account: share.account, association }];
  }
  return associationsOf(reader, share)
    .filter((one) => one.type === 'PRINCIPAL' && isCurrent(one))
    .map((association) => ({ account: association.entity, association }));
}
