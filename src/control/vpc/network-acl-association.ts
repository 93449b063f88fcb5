/** Which ACL each subnet uses: always exactly one. */
import assert from 'node:assert';
import { awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { NetworkAclAssociation } from '../../model/vpc/network-acl.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';

/** Gives a new subnet its VPC's default ACL. */
export function associateDefaultNetworkAcl(tx: Transaction, subnet: Subnet): NetworkAclAssociation {
  const acl = tx.first('network-acl', 'default', subnet.vpcId);
  assert(acl !== undefined, 'every VPC has a default ACL');
  return putAssociation(tx, acl.id, subnet.id);
}

/** Takes the association away with its subnet. */
export function dropNetworkAclAssociation(tx: Transaction, subnetId: string): void {
  const association = tx.first('network-acl-association', 'subnet', subnetId);
  if (association !== undefined) tx.delete('network-acl-association', association.id);
}

/**
 * Gives the association's subnet another ACL, under a new association id.
 * @throws AwsError InvalidAssociationID.NotFound, InvalidNetworkAclID.NotFound,
 *   InvalidParameterValue for an ACL of another VPC
 */
export function replaceNetworkAclAssociation(
  tx: Transaction,
  scope: Scope,
  { associationId, networkAclId }: { associationId: string; networkAclId: string },
): NetworkAclAssociation {
  checkIdShape('network-acl-association', associationId);
  const acl = find(tx, scope, 'network-acl', networkAclId);
  const association = tx.get('network-acl-association', associationId);
  const subnet = association && tx.get('subnet', association.subnetId);
  if (association === undefined || subnet === undefined || !owns(scope, subnet)) {
    throw notFound('network-acl-association', associationId);
  }
  if (acl.vpcId !== subnet.vpcId) {
    const message = `network acl ${acl.id} and subnet ${subnet.id} belong to different networks`;
    throw awsError('InvalidParameterValue', message);
  }
  tx.delete('network-acl-association', association.id);
  return putAssociation(tx, acl.id, subnet.id);
}

function putAssociation(
  tx: Transaction,
  networkAclId: string,
  subnetId: string,
): NetworkAclAssociation {
  const id = tx.newId('network-acl-association');
  return tx.put('network-acl-association', { id, networkAclId, subnetId });
}
