/** The question others ask: what of one account another may use. */
import type { ModelReader } from '../../model/model.ts';
import type { Kind } from '../../model/schema.ts';
import {
  associationId,
  type ResourceShareAssociation,
} from '../../model/sharing/resource-share.ts';
import { ownerKey, type Scope } from '../scope.ts';

/**
 * Whether an account may use a resource of another: a share that is active joins the two, and the
 * account has accepted its invitation. The cost grows with the shares that hold the resource.
 */
export function isSharedWith(reader: ModelReader, resourceId: string, account: string): boolean {
  return reader
    .by('resource-share-association', 'resource', resourceId)
    .some(({ status, shareId }) => status === 'ASSOCIATED' && isMember(reader, shareId, account));
}

/** The ids of what others share with an account in a Region, of one kind, each once. */
export function sharedWith(reader: ModelReader, scope: Scope, kind: Kind): string[] {
  const ids = sharesJoined(reader, scope)
    .flatMap((shareId) => associatedResources(reader, shareId))
    .flatMap(({ resource }) => (resource?.kind === kind ? [resource.id] : []));
  return [...new Set(ids)];
}

/** The active shares of others that an account has joined in a Region. */
export function sharesJoined(reader: ModelReader, scope: Scope): string[] {
  return reader
    .by('resource-share-association', 'principal', ownerKey(scope))
    .map(({ shareId }) => shareId)
    .filter((shareId) => isMember(reader, shareId, scope.account));
}

/** Whether a share is active and the account one of its principals. */
export function isMember(reader: ModelReader, shareId: string, account: string): boolean {
  if (reader.get('resource-share', shareId)?.status !== 'ACTIVE') return false;
  const id = associationId(shareId, 'PRINCIPAL', account);
  return reader.get('resource-share-association', id)?.status === 'ASSOCIATED';
}

/** The resources that a share gives to its principals now. */
export function associatedResources(
  reader: ModelReader,
  shareId: string,
): ResourceShareAssociation[] {
  return reader
    .by('resource-share-association', 'share', shareId)
    .filter(({ type, status }) => type === 'RESOURCE' && status === 'ASSOCIATED');
}
