/** Records of sharing as RAM shows them. */
import type * as Sdk from '@aws-sdk/client-ram';
import type { Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import type { ModelReader } from '../../model/model.ts';
import type {
  ResourceShare,
  ResourceShareAssociation,
  ResourceShareInvitation,
} from '../../model/sharing/resource-share.ts';
import { permissionArn, type ShareableType, typeOfKind } from '../../model/sharing/shareable.ts';

/** The share as a caller sees it: with the caller's own tags. */
export function shareView(
  reader: ModelReader,
  scope: Scope,
  share: ResourceShare,
): Sdk.ResourceShare {
  const tags = Object.entries(tagsOf(reader, scope, share.id));
  return {
    resourceShareArn: share.id,
    name: share.name,
    owningAccountId: share.account,
    allowExternalPrincipals: share.allowExternalPrincipals,
    status: share.status,
    tags: tags.map(([key, value]) => ({ key, value })),
    ...timesOf(share),
    featureSet: 'STANDARD',
  };
}

interface Times {
  readonly creationTime: number;
  readonly lastUpdatedTime: number;
}

export function timesOf({ creationTime, lastUpdatedTime }: Times) {
  return { creationTime: new Date(creationTime), lastUpdatedTime: new Date(lastUpdatedTime) };
}

export function associationView(
  reader: ModelReader,
  association: ResourceShareAssociation,
): Sdk.ResourceShareAssociation {
  const { shareId, type, entity, status, statusMessage } = association;
  return {
    resourceShareArn: shareId,
    resourceShareName: reader.get('resource-share', shareId)?.name,
    associatedEntity: entity,
    associationType: type,
    status,
    statusMessage,
    ...timesOf(association),
    external: isExternal(association),
  };
}

/** Accounts are not in one organization: every principal is of another than the owner. */
export function isExternal({ type }: ResourceShareAssociation): boolean {
  return type === 'PRINCIPAL';
}

export function invitationView(
  reader: ModelReader,
  { id, shareId, account, receiver, invitationTime, status }: ResourceShareInvitation,
): Sdk.ResourceShareInvitation {
  return {
    resourceShareInvitationArn: id,
    resourceShareName: reader.get('resource-share', shareId)?.name,
    resourceShareArn: shareId,
    senderAccountId: account,
    receiverAccountId: receiver,
    invitationTimestamp: new Date(invitationTime),
    status,
  };
}

/** A resource in a share. */
export function resourceView(association: ResourceShareAssociation): Sdk.Resource {
  const { entity, resource, shareId, status, statusMessage } = association;
  return {
    arn: entity,
    type: typeOfKind(resource!.kind).name,
    resourceShareArn: shareId,
    status: status === 'ASSOCIATED' ? 'AVAILABLE' : 'PENDING',
    statusMessage,
    ...timesOf(association),
    resourceRegionScope: 'REGIONAL',
  };
}

/** Permissions of AWS's own are as old as the service. */
const PERMISSION_TIME = Date.UTC(2018, 10, 20);
/** There is one version of each. */
export const PERMISSION_VERSION = 1;

export function permissionView(type: ShareableType) {
  return {
    arn: permissionArn(type),
    version: String(PERMISSION_VERSION),
    defaultVersion: true,
    name: type.permission,
    resourceType: type.name,
    ...timesOf({ creationTime: PERMISSION_TIME, lastUpdatedTime: PERMISSION_TIME }),
    isResourceTypeDefault: true,
    permissionType: 'AWS_MANAGED',
    featureSet: 'STANDARD',
  } as const;
}
