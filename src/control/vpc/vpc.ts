/** Commands on VPCs. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import type { Cidr4 } from '../../net/cidr.ts';
import { onVpcDeleted } from '../peering/peering.ts';
import { find, ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { defaultDhcpOptions } from './dhcp-options.ts';
import { newAssociation, newIpv6Block } from './vpc-cidr.ts';
import { checkVpcCidr } from './vpc-cidr-rules.ts';
import { createContents, deleteContents, hasDependencies } from './vpc-contents.ts';

export interface CreateVpc {
  readonly cidr: Cidr4;
  readonly amazonProvidedIpv6?: boolean;
  readonly instanceTenancy?: Vpc['instanceTenancy'];
  readonly isDefault?: boolean;
  readonly tags?: Tags;
}

/**
 * A VPC with what AWS makes along with it: main route table, default network ACL, default group.
 * @throws AwsError InvalidVpc.Range, VpcLimitExceeded
 */
export function createVpc(tx: Transaction, scope: Scope, request: CreateVpc): Vpc {
  checkVpcCidr(request.cidr);
  if (tx.count('vpc', 'owner', ownerKey(scope)) >= tx.quota('vpcsPerRegion')) {
    throw awsError('VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
  }
  const id = tx.newId('vpc');
  const isDefault = request.isDefault ?? false;
  const { account, region } = scope;
  const vpc = tx.put('vpc', {
    id,
    account,
    region,
    state: 'pending',
    isDefault,
    cidrs: [newAssociation(tx, request.cidr, 'associated')],
    ipv6Cidrs: request.amazonProvidedIpv6
      ? [newAssociation(tx, newIpv6Block(tx), 'associating')]
      : [],
    instanceTenancy: request.instanceTenancy ?? 'default',
    enableDnsSupport: true,
    enableDnsHostnames: isDefault,
    enableNetworkAddressUsageMetrics: false,
    dhcpOptionsId: defaultDhcpOptions(tx, scope).id,
  });
  putTags(tx, scope, 'vpc', id, request.tags ?? {});
  createContents(tx, scope, vpc);
  tx.settle('vpc.available', id, 1);
  return vpc;
}

/**
 * Deletes a VPC that holds nothing but what was made along with it.
 * @throws AwsError InvalidVpcID.*, DependencyViolation (G-019, B-029)
 */
export function deleteVpc(tx: Transaction, scope: Scope, vpcId: string): void {
  const vpc = find(tx, scope, 'vpc', vpcId);
  if (hasDependencies(tx, vpc)) throw dependencyViolation(vpc);
  onVpcDeleted(tx, vpc);
  deleteContents(tx, vpc);
  for (const { associationId } of [...vpc.cidrs, ...vpc.ipv6Cidrs]) tx.unschedule(associationId);
  tx.unschedule(vpcId);
  dropTags(tx, vpcId);
  tx.delete('vpc', vpcId);
}

export type VpcAttributes = Partial<
  Pick<Vpc, 'enableDnsSupport' | 'enableDnsHostnames' | 'enableNetworkAddressUsageMetrics'>
>;

/**
 * Changes one attribute.
 * @throws AwsError InvalidParameterCombination, InvalidParameterValue
 */
export function modifyVpcAttribute(
  tx: Transaction,
  scope: Scope,
  vpcId: string,
  attributes: VpcAttributes,
): void {
  const vpc = find(tx, scope, 'vpc', vpcId);
  const names = Object.keys(attributes);
  if (names.length === 0) {
    throw awsError('InvalidParameterCombination', 'No attributes specified.');
  }
  if (names.length > 1) {
    const message = `Fields for multiple attribute types specified: ${names.join(', ')}`;
    throw awsError('InvalidParameterCombination', message);
  }
  // The API's documentation: hostnames can be enabled only where DNS support is.
  if (attributes.enableDnsHostnames === true && !vpc.enableDnsSupport) {
    const message = `enableDnsHostnames needs enableDnsSupport on the VPC '${vpcId}'.`;
    throw awsError('InvalidParameterValue', message);
  }
  tx.update('vpc', vpc, attributes);
}

/** Dedicated tenancy can be given up, and nothing else changes (ModifyVpcTenancy). */
export function modifyVpcTenancy(tx: Transaction, scope: Scope, vpcId: string): void {
  const vpc = find(tx, scope, 'vpc', vpcId);
  if (vpc.instanceTenancy !== 'default') tx.update('vpc', vpc, { instanceTenancy: 'default' });
}

function dependencyViolation({ id }: Vpc): AwsError {
  return awsError('DependencyViolation', `The vpc '${id}' has dependencies and cannot be deleted.`);
}

export const vpcEvents: Record<string, TimedEvent> = {
  'vpc.available': (tx, id) => {
    const vpc = tx.get('vpc', id);
    if (vpc?.state === 'pending') tx.update('vpc', vpc, { state: 'available' });
  },
};
