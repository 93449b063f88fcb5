/** What must hold between resource shares, what they join and their invitations. */
import type { ModelReader } from '../../model/model.ts';
import type { Owned } from '../../model/resource.ts';
import { formatArn, isRamArn, parseArn, type RamType } from '../../model/sharing/arn.ts';
import {
  invitedAssociationId,
  isCurrent,
  type ResourceShare,
  type ResourceShareAssociation,
  type ResourceShareInvitation,
} from '../../model/sharing/resource-share.ts';
import { typeOfKind } from '../../model/sharing/shareable.ts';

export function shareFault(_reader: ModelReader, share: ResourceShare): string | undefined {
  return nameFault('resource-share', share);
}

/** An ARN says whose it is, and where. */
function nameFault(type: RamType, { id, account, region }: Owned): string | undefined {
  const arn = isRamArn(type, id) ? parseArn(id) : undefined;
  return arn?.account === account && arn.region === region ? undefined : 'its ARN is not its own';
}

export function associationFault(
  reader: ModelReader,
  association: ResourceShareAssociation,
): string | undefined {
  const { account, region, type, entity, resource } = association;
  if (type === 'PRINCIPAL') {
    const isOther = /^\d{12}$/.test(entity) && entity !== account && resource === undefined;
    return isOther ? undefined : 'its principal is no other account';
  }
  if (resource === undefined) return 'its resource is missing';
  const { kind, id } = resource;
  const arn = { service: typeOfKind(kind).service, region, account, type: kind, id };
  if (entity !== formatArn(arn)) return 'its resource is not the one that it names';
  const record = reader.get(kind, id) as Owned | undefined;
  const isOwn = record?.account === account && record.region === region;
  return isOwn || !isCurrent(association) ? undefined : 'its resource is another account’s';
}

export function invitationFault(
  reader: ModelReader,
  invitation: ResourceShareInvitation,
): string | undefined {
  const misnamed = nameFault('resource-share-invitation', invitation);
  if (misnamed !== undefined || invitation.status !== 'PENDING') return misnamed;
  const id = invitedAssociationId(invitation);
  if (reader.get('resource-share-association', id)?.status !== 'ASSOCIATING') {
    return 'it is pending, and its association is not';
  }
  const isAlone = reader.count('resource-share-invitation', 'pending', id) === 1;
  return isAlone ? undefined : 'it is not the only one that is pending';
}
