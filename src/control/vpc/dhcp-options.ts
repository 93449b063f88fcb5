/** DHCP option sets: AWS's default of each account and Region, and those that accounts make. */
import { awsError } from '../../model/error.ts';
import {
  DEFAULT_DHCP,
  type DhcpConfiguration,
  type DhcpOptions,
} from '../../model/vpc/dhcp-options.ts';
import { privateDomain } from '../../model/vpc/dns-names.ts';
import { find, owned, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { checkConfigurations } from './dhcp-configuration.ts';

/** The set that a new VPC has; made at first use. */
export function defaultDhcpOptions(tx: Transaction, scope: Scope): DhcpOptions {
  const existing = owned(tx, scope, 'dhcp-options').find(({ isDefault }) => isDefault);
  if (existing !== undefined) return existing;
  const { account, region } = scope;
  return tx.put('dhcp-options', {
    id: tx.newId('dhcp-options'),
    account,
    region,
    isDefault: true,
    configurations: [
      { key: 'domain-name', values: [privateDomain(region)] },
      { key: 'domain-name-servers', values: ['AmazonProvidedDNS'] },
    ],
  });
}

/** @throws AwsError MissingParameter, InvalidParameterValue */
export function createDhcpOptions(
  tx: Transaction,
  scope: Scope,
  {
    configurations,
    tags,
  }: { readonly configurations: readonly DhcpConfiguration[]; readonly tags: Tags },
): DhcpOptions {
  checkConfigurations(configurations);
  const { account, region } = scope;
  const id = tx.newId('dhcp-options');
  putTags(tx, scope, 'dhcp-options', id, tags);
  return tx.put('dhcp-options', { id, account, region, isDefault: false, configurations });
}

/** @throws AwsError InvalidDhcpOptionsID.NotFound, DependencyViolation when in use (G-019) */
export function deleteDhcpOptions(tx: Transaction, scope: Scope, id: string): void {
  const options = find(tx, scope, 'dhcp-options', id);
  if (tx.count('vpc', 'dhcpOptions', options.id) > 0) {
    const message = `The dhcpOptions '${id}' has dependencies and cannot be deleted.`;
    throw awsError('DependencyViolation', message);
  }
  dropTags(tx, id);
  tx.delete('dhcp-options', id);
}

/**
 * Gives a VPC a set, or with `default` none: its hosts know of it at once.
 * @throws AwsError InvalidVpcID.NotFound, InvalidDhcpOptionsID.NotFound
 */
export function associateDhcpOptions(
  tx: Transaction,
  scope: Scope,
  { vpcId, dhcpOptionsId }: { vpcId: string; dhcpOptionsId: string },
): void {
  const given =
    dhcpOptionsId === DEFAULT_DHCP
      ? DEFAULT_DHCP
      : find(tx, scope, 'dhcp-options', dhcpOptionsId).id;
  tx.update('vpc', find(tx, scope, 'vpc', vpcId), { dhcpOptionsId: given });
}
