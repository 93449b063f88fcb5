/** DHCP options: each account has one set per Region, AWS's default. */
import type { DhcpOptions } from '../../model/vpc/dhcp-options.ts';
import { owned, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';

/** The set that a new VPC has; made at first use. */
export function defaultDhcpOptions(tx: Transaction, scope: Scope): DhcpOptions {
  const { account, region } = scope;
  const [existing] = owned(tx, scope, 'dhcp-options');
  if (existing !== undefined) return existing;
  //
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return tx.put('dhcp-options', {
    id: tx.newId('dhcp-options'),
    account,
    region,
    configurations: [
      { key: 'domain-name', values: [domain] },
      { key: 'domain-name-servers', values: ['AmazonProvidedDNS'] },
    ],
  });
}
