/** Resource shares (RAM): what joins resources of an account with those who may use them. */
import type { Owned } from '../resource.ts';
import type { Kind } from '../schema.ts';
import type { AssociationStatus, InvitationStatus, ResourceShareStatus } from './sharing-states.ts';

export type { AssociationStatus, InvitationStatus, ResourceShareStatus } from './sharing-states.ts';

/** The id is the share's ARN. */
export interface ResourceShare extends Owned {
  readonly name: string;
  /** Whether accounts outside the owner's organization may be principals: here every one is. */
  readonly allowExternalPrincipals: boolean;
  readonly status: ResourceShareStatus;
  /** ARNs of managed permissions, at most one for each type of resource. */
  readonly permissionArns: readonly string[];
  /** Milliseconds since the epoch, as the other times here. */
  readonly creationTime: number;
  readonly lastUpdatedTime: number;
}

export type AssociationType = 'PRINCIPAL' | 'RESOURCE';

/** One principal or resource of a share: one record, however often it comes and goes. */
export interface ResourceShareAssociation extends Owned {
  readonly shareId: string;
  readonly type: AssociationType;
  /** The principal's account, or the resource's ARN. */
  readonly entity: string;
  /** The record that is shared. */
  readonly resource?: { readonly kind: Kind; readonly id: string };
  readonly status: AssociationStatus;
  readonly statusMessage?: string;
  readonly creationTime: number;
  readonly lastUpdatedTime: number;
}

/** `account` is the sender's; the id is the invitation's ARN. */
export interface ResourceShareInvitation extends Owned {
  readonly shareId: string;
  /** The account that is invited, in the share's Region. */
  readonly receiver: string;
  readonly status: InvitationStatus;
  readonly invitationTime: number;
}

export function associationId(shareId: string, type: AssociationType, entity: string): string {
  return `${shareId}|${type}|${entity}`;
}

/** The association that an invitation is about. */
export function invitedAssociationId({ shareId, receiver }: ResourceShareInvitation): string {
  return associationId(shareId, 'PRINCIPAL', receiver);
}

/** Whether an association is there, or about to be. */
export function isCurrent({ status }: ResourceShareAssociation): boolean {
  return status === 'ASSOCIATING' || status === 'ASSOCIATED';
}
