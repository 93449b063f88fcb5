/** The group a caller means: by id, or by name in the default VPC. */
import { awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { groupNameKey, type SecurityGroup } from '../../model/vpc/security-group.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import { find, owned, type Scope } from '../scope.ts';

export type GroupName = { readonly groupId: string } | { readonly groupName: string };

/**
 * @throws AwsError InvalidGroupId.Malformed, InvalidGroup.NotFound, VPCIdNotSpecified for a name
 *   without a default VPC
 */
export function findSecurityGroup(
  reader: ModelReader,
  scope: Scope,
  name: GroupName,
): SecurityGroup {
  if ('groupId' in name) return find(reader, scope, 'security-group', name.groupId);
  return findByName(reader, defaultVpc(reader, scope).id, name.groupName);
}

/** @throws AwsError InvalidGroup.NotFound */
export function findByName(reader: ModelReader, vpcId: string, groupName: string): SecurityGroup {
  const group = reader.first('security-group', 'name', groupNameKey(vpcId, groupName));
  if (group !== undefined) return group;
  const message = `The security group '${groupName}' does not exist in VPC '${vpcId}'`;
  throw awsError('InvalidGroup.NotFound', message);
}

/** @throws AwsError VPCIdNotSpecified */
export function defaultVpc(reader: ModelReader, scope: Scope): Vpc {
  const vpc = owned(reader, scope, 'vpc').find(({ isDefault }) => isDefault);
  if (vpc === undefined) throw awsError('VPCIdNotSpecified', 'No default VPC for this user');
  return vpc;
}
