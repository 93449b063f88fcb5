/** Commands on subnets. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import type { Cidr4, Cidr6 } from '../../net/cidr.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { removeMulticastAssociations } from '../transit-gateway/multicast-association.ts';
import { isAttached } from '../transit-gateway/vpc-changes.ts';
import {
  associateDefaultNetworkAcl,
  dropNetworkAclAssociation,
} from './network-acl-association.ts';
import { checkSubnetCidr, checkSubnetIpv6Cidr, newSubnetAssociation } from './subnet-cidr.ts';
import { chooseZone, type ZoneChoice } from './zone.ts';

export interface CreateSubnet {
  readonly vpcId: string;
  readonly zone?: ZoneChoice;
  /** Absent only in an IPv6-only subnet. */
  readonly cidr?: Cidr4;
  readonly ipv6Cidr?: Cidr6;
  readonly mapPublicIpOnLaunch?: boolean;
  readonly defaultForAz?: boolean;
  readonly tags?: Tags;
}

/**
 * A subnet in one zone, with the VPC's default network ACL.
 * @throws AwsError InvalidVpcID.*, InvalidParameterValue for an unknown zone, InvalidSubnet.Range,
 * InvalidSubnet.Conflict, SubnetLimitExceeded
 */
export function createSubnet(tx: Transaction, scope: Scope, request: CreateSubnet): Subnet {
  const vpc = find(tx, scope, 'vpc', request.vpcId);
  const zone = chooseZone(tx, scope, request.zone ?? {});
  const { cidr, ipv6Cidr } = request;
  if (cidr !== undefined) checkSubnetCidr(tx, vpc, cidr);
  if (ipv6Cidr !== undefined) checkSubnetIpv6Cidr(tx, vpc, ipv6Cidr);
  if (tx.count('subnet', 'vpc', vpc.id) >= tx.quota('subnetsPerVpc')) {
    const message = `The maximum number of subnets in the VPC '${vpc.id}' has been reached.`;
    throw awsError('SubnetLimitExceeded', message);
  }
  const id = tx.newId('subnet');
  const { account, region } = scope;
  const subnet = tx.put('subnet', {
    id,
    account,
    region,
    vpcId: vpc.id,
    zoneId: zone.id,
    state: 'pending',
    ...(cidr === undefined ? {} : { cidr }),
    ipv6Cidrs: ipv6Cidr === undefined ? [] : [newSubnetAssociation(tx, ipv6Cidr, 'associated')],
    mapPublicIpOnLaunch: request.mapPublicIpOnLaunch ?? false,
    assignIpv6AddressOnCreation: cidr === undefined,
    defaultForAz: request.defaultForAz ?? false,
    enableDns64: false,
    hostnameType: cidr === undefined ? 'resource-name' : 'ip-name',
    enableResourceNameDnsARecord: false,
    enableResourceNameDnsAaaaRecord: false,
  });
  putTags(tx, scope, 'subnet', id, request.tags ?? {});
  associateDefaultNetworkAcl(tx, subnet);
  tx.settle('subnet.available', id, 1);
  return subnet;
}

/** @throws AwsError DependencyViolation while an interface is in it, or one is to be (G-019) */
export function deleteSubnet(tx: Transaction, scope: Scope, subnetId: string): void {
  const subnet = find(tx, scope, 'subnet', subnetId);
  if (tx.count('network-interface', 'subnet', subnetId) > 0 || isAttached(tx, subnetId)) {
    const message = `The subnet '${subnetId}' has dependencies and cannot be deleted.`;
    throw awsError('DependencyViolation', message);
  }
  for (const association of tx.by('route-table-association', 'subnet', subnetId)) {
    tx.delete('route-table-association', association.id);
  }
  dropNetworkAclAssociation(tx, subnetId);
  removeMulticastAssociations(tx, 'subnet', subnetId);
  for (const { associationId } of subnet.ipv6Cidrs) tx.unschedule(associationId);
  tx.unschedule(subnetId);
  tx.delete('address-cursor', subnetId);
  dropTags(tx, subnetId);
  tx.delete('subnet', subnetId);
}

export type SubnetAttributes = Partial<
  Pick<
    Subnet,
    | 'mapPublicIpOnLaunch'
    | 'assignIpv6AddressOnCreation'
    | 'enableDns64'
    | 'hostnameType'
    | 'enableResourceNameDnsARecord'
    | 'enableResourceNameDnsAaaaRecord'
  >
>;

/**
 * Changes one attribute: AWS takes no more in one call.
 * @throws AwsError InvalidParameterCombination, InvalidParameterValue
 */
export function modifySubnetAttribute(
  tx: Transaction,
  scope: Scope,
  subnetId: string,
  attributes: SubnetAttributes,
): void {
  const subnet = find(tx, scope, 'subnet', subnetId);
  const names = Object.keys(attributes);
  if (names.length === 0) {
    throw awsError('InvalidParameterCombination', 'No attributes specified.');
  }
  if (names.length > 1) {
    const message = `Only one attribute can be modified at a time, not ${names.join(', ')}.`;
    throw awsError('InvalidParameterCombination', message);
  }
  const refused = refusal(subnet, attributes);
  if (refused !== undefined) throw refused;
  tx.update('subnet', subnet, attributes);
}

function refusal(subnet: Subnet, attributes: SubnetAttributes): AwsError | undefined {
  const invalid = (name: string, value: unknown, why: string) =>
    awsError('InvalidParameterValue', `Invalid value '${value}' for ${name}. ${why}`);
  const needsIpv4 = 'The subnet has no IPv4 CIDR block.';
  const { mapPublicIpOnLaunch, hostnameType, enableResourceNameDnsARecord } = attributes;
  if (attributes.assignIpv6AddressOnCreation === true && subnet.ipv6Cidrs.length === 0) {
    const why = 'The subnet has no IPv6 CIDR block.';
    return invalid('assignIpv6AddressOnCreation', true, why);
  }
  if (subnet.cidr !== undefined) return undefined;
  if (mapPublicIpOnLaunch === true) return invalid('mapPublicIpOnLaunch', true, needsIpv4);
  if (enableResourceNameDnsARecord === true) {
    return invalid('enableResourceNameDnsARecordOnLaunch', true, needsIpv4);
  }
  if (hostnameType === 'ip-name') {
    return invalid('privateDnsHostnameTypeOnLaunch', hostnameType, needsIpv4);
  }
  return undefined;
}

export const subnetEvents: Record<string, TimedEvent> = {
  'subnet.available': (tx, id) => {
    const subnet = tx.get('subnet', id);
    if (subnet?.state === 'pending') tx.update('subnet', subnet, { state: 'available' });
  },
};
