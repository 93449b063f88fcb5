/** Commands on network ACLs as a whole. */
import assert from 'node:assert';
import { awsError } from '../../model/error.ts';
import type { NetworkAcl, NetworkAclEntry } from '../../model/vpc/network-acl.ts';
import { hasIpv6, type Vpc } from '../../model/vpc/vpc.ts';
import { ANY_IPV4, ANY_IPV6, type Cidr, isCidr4 } from '../../net/cidr.ts';
import { type ClientToken, forgetTokens, idempotent } from '../idempotency.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';

export interface CreateNetworkAcl {
  readonly vpcId: string;
  readonly tags: Tags;
  readonly clientToken: ClientToken;
}

/**
 * An ACL without entries: the final deny refuses everything both ways.
 * @throws AwsError InvalidVpcID.NotFound, NetworkAclLimitExceeded, those of client tokens
 */
export function createNetworkAcl(
  tx: Transaction,
  scope: Scope,
  { vpcId, tags, clientToken }: CreateNetworkAcl,
): NetworkAcl {
  const vpc = find(tx, scope, 'vpc', vpcId);
  const id = idempotent(tx, scope, clientToken, () => {
    if (tx.count('network-acl', 'vpc', vpc.id) >= tx.quota('networkAclsPerVpc')) {
      const message = 'The maximum number of network ACLs has been reached.';
      throw awsError('NetworkAclLimitExceeded', message);
    }
    const acl = putAcl(tx, scope, { vpcId: vpc.id, isDefault: false, entries: [] });
    putTags(tx, scope, 'network-acl', acl.id, tags);
    return acl.id;
  });
  return tx.get('network-acl', id)!;
}

/** The default ACL of a new VPC: everything passes both ways. The VPC's record exists. */
export function createDefaultNetworkAcl(tx: Transaction, scope: Scope, vpcId: string): NetworkAcl {
  assert(tx.first('network-acl', 'default', vpcId) === undefined, 'one default ACL');
  const blocks = hasIpv6(tx.get('vpc', vpcId)!) ? [ANY_IPV4, ANY_IPV6] : [ANY_IPV4];
  const entries = [false, true].flatMap((egress) =>
    blocks.map((block) => allowEverything(block, egress)),
  );
  return putAcl(tx, scope, { vpcId, isDefault: true, entries });
}

/**
 * Lets IPv6 through the default ACL of a VPC that has just got its first IPv6 block, in each
 * direction whose entries nobody has changed.
 */
export function allowIpv6InDefaultNetworkAcl(tx: Transaction, vpc: Vpc): void {
  const acl = tx.first('network-acl', 'default', vpc.id);
  if (acl === undefined) return;
  const added = [false, true]
    .filter((egress) => isUntouched(acl, egress))
    .map((egress) => allowEverything(ANY_IPV6, egress));
  if (added.length > 0) tx.update('network-acl', acl, { entries: [...acl.entries, ...added] });
}

/**
 * Deletes an ACL that no subnet uses.
 * @throws AwsError InvalidNetworkAclID.NotFound, InvalidParameterValue for the default one,
 *   DependencyViolation
 */
export function deleteNetworkAcl(tx: Transaction, scope: Scope, id: string): void {
  const acl = find(tx, scope, 'network-acl', id);
  if (acl.isDefault) {
    throw awsError('InvalidParameterValue', `cannot delete default network ACL ${acl.id}`);
  }
  if (tx.count('network-acl-association', 'acl', acl.id) > 0) {
    const message = `The networkAcl '${acl.id}' has dependencies and cannot be deleted.`;
    throw awsError('DependencyViolation', message);
  }
  removeAcl(tx, acl.id);
}

/** Takes the default ACL away with its VPC. */
export function deleteDefaultNetworkAcl(tx: Transaction, vpcId: string): void {
  const acl = tx.first('network-acl', 'default', vpcId);
  if (acl !== undefined) removeAcl(tx, acl.id);
}

function allowEverything(block: Cidr, egress: boolean): NetworkAclEntry {
  const ruleNumber = isCidr4(block) ? 100 : 101;
  return { ruleNumber, egress, action: 'allow', cidr: block, protocol: -1 };
}

function isUntouched({ entries }: NetworkAcl, egress: boolean): boolean {
  const [first, ...others] = entries.filter((entry) => entry.egress === egress);
  return (
    first !== undefined &&
    others.length === 0 &&
    first.ruleNumber === 100 &&
    first.action === 'allow' &&
    first.protocol === -1 &&
    isCidr4(first.cidr) &&
    first.cidr.length === 0
  );
}

function putAcl(
  tx: Transaction,
  { account, region }: Scope,
  acl: Pick<NetworkAcl, 'vpcId' | 'isDefault' | 'entries'>,
): NetworkAcl {
  return tx.put('network-acl', { id: tx.newId('network-acl'), account, region, ...acl });
}

function removeAcl(tx: Transaction, id: string): void {
  dropTags(tx, id);
  forgetTokens(tx, id);
  tx.delete('network-acl', id);
}
