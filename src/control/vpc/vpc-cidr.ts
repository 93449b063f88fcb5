/** Blocks of a VPC beside its primary one. */
import { type AwsError, awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { CidrAssociation, CidrAssociationState, Vpc } from '../../model/vpc/vpc.ts';
import {
  type Cidr,
  type Cidr4,
  type Cidr6,
  cidr,
  containsCidr,
  formatCidr,
} from '../../net/cidr.ts';
import { ipv6 } from '../../net/ipv6.ts';
import { onCidrAdded } from '../peering/peering.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { onBlocksChanged } from '../transit-gateway/vpc-changes.ts';
import { DISASSOCIATED_MILLIS, isPresent, without, withState } from './cidr-association.ts';
import { allowIpv6InDefaultNetworkAcl } from './network-acl.ts';
import { addLocalRoutes, removeLocalRoutes } from './route-table.ts';
import { allowIpv6OutOfSecurityGroups } from './security-group.ts';
import { presentCidrs } from './subnet-cidr.ts';
import { checkSecondaryCidr, checkVpcCidr } from './vpc-cidr-rules.ts';

/** What changed: the VPC as it is now and the association it is about. */
export interface VpcCidrChange {
  readonly vpc: Vpc;
  readonly association: CidrAssociation;
}

/**
 * Adds an IPv4 block; it carries traffic once associated.
 * @throws AwsError InvalidVpc.Range, what peerings refuse (B-033, B-034), CidrLimitExceeded
 */
export function associateVpcCidr(
  tx: Transaction,
  scope: Scope,
  vpcId: string,
  block: Cidr4,
): VpcCidrChange {
  const vpc = find(tx, scope, 'vpc', vpcId);
  checkVpcCidr(block);
  checkSecondaryCidr(tx, vpc, block);
  onCidrAdded(tx, vpc, block);
  checkQuota(vpc, vpc.cidrs, tx.quota('ipv4CidrsPerVpc'));
  const association = newAssociation(tx, block, 'associating');
  return { vpc: tx.update('vpc', vpc, { cidrs: [...vpc.cidrs, association] }), association };
}

/**
 * Adds an IPv6 block that Amazon chooses.
 * @throws AwsError CidrLimitExceeded, what peerings refuse
 */
export function associateVpcIpv6Cidr(tx: Transaction, scope: Scope, vpcId: string): VpcCidrChange {
  const vpc = find(tx, scope, 'vpc', vpcId);
  checkQuota(vpc, vpc.ipv6Cidrs, tx.quota('ipv6CidrsPerVpc'));
  const block = newIpv6Block(tx);
  onCidrAdded(tx, vpc, block);
  const association = newAssociation(tx, block, 'associating');
  const ipv6Cidrs = [...vpc.ipv6Cidrs, association];
  const changed = tx.update('vpc', vpc, { ipv6Cidrs });
  allowIpv6InDefaultNetworkAcl(tx, changed);
  allowIpv6OutOfSecurityGroups(tx, changed);
  return { vpc: changed, association };
}

/**
 * Takes a block away; from this moment it carries nothing.
 * @throws AwsError InvalidVpcCidrBlockAssociationID.*, OperationNotPermitted,
 * InvalidCidrBlock.InUse
 */
export function disassociateVpcCidr(
  tx: Transaction,
  scope: Scope,
  associationId: string,
): VpcCidrChange {
  checkIdShape('vpc-cidr-association', associationId);
  const vpc = tx.first('vpc', 'association', associationId);
  const association = vpc && associationOf(vpc, associationId);
  if (!vpc || !association || !owns(scope, vpc) || !isPresent(association)) {
    throw notFound('vpc-cidr-association', associationId);
  }
  if (vpc.cidrs[0]?.associationId === associationId) throw primary(associationId);
  if (hasSubnetIn(tx, vpc, association.cidr)) throw inUse(vpc, association.cidr);
  tx.unschedule(associationId);
  removeLocalRoutes(tx, vpc, association.cidr);
  const changed = setState(tx, vpc, associationId, 'disassociating');
  tx.settle('vpc-cidr.disassociated', associationId, 5);
  return { vpc: changed, association: { ...association, state: 'disassociating' } };
}

export function newAssociation<T extends Cidr>(
  tx: Transaction,
  block: T,
  state: 'associating' | 'associated',
): CidrAssociation<T> {
  const associationId = tx.newId('vpc-cidr-association');
  if (state === 'associating') tx.settle('vpc-cidr.associated', associationId, 3);
  return { associationId, cidr: block, state };
}

/** A /56 that no VPC of the cloud has, of those AWS gives to VPCs. */
export function newIpv6Block(tx: Transaction): Cidr6 {
  for (;;) {
    const address = ipv6(0x26001f00 | tx.random.below(256), tx.random.uint32(), 0, 0);
    const block = cidr(address, 56);
    if (tx.count('vpc', 'ipv6Block', formatCidr(block)) === 0) return block;
  }
}

function checkQuota(vpc: Vpc, present: readonly CidrAssociation[], quota: number): void {
  if (present.filter(isPresent).length < quota) return;
  const message = `This network '${vpc.id}' has met its maximum number of allowed CIDRs: ${quota}`;
  throw awsError('CidrLimitExceeded', message);
}

function associationOf(vpc: Vpc, associationId: string): CidrAssociation | undefined {
  return [...vpc.cidrs, ...vpc.ipv6Cidrs].find((one) => one.associationId === associationId);
}

function hasSubnetIn(tx: Transaction, vpc: Vpc, block: Cidr): boolean {
  return tx
    .by('subnet', 'vpc', vpc.id)
    .some((subnet) => presentCidrs(subnet).some((inner) => containsCidr(block, inner)));
}

function primary(associationId: string): AwsError {
  const message = `The vpc CIDR block with association ID ${associationId} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`;
  return awsError('OperationNotPermitted', message);
}

function inUse(vpc: Vpc, block: Cidr): AwsError {
  const message = `The vpc ${vpc.id} currently has a subnet within CIDR block ${formatCidr(block)}`;
  return awsError('InvalidCidrBlock.InUse', message);
}

function setState(
  tx: Transaction,
  vpc: Vpc,
  associationId: string,
  state: CidrAssociationState,
): Vpc {
  const changed = tx.update('vpc', vpc, {
    cidrs: withState(vpc.cidrs, associationId, state),
    ipv6Cidrs: withState(vpc.ipv6Cidrs, associationId, state),
  });
  onBlocksChanged(tx, changed);
  return changed;
}

export const vpcCidrEvents: Record<string, TimedEvent> = {
  'vpc-cidr.associated': (tx, id) => {
    const vpc = tx.first('vpc', 'association', id);
    const association = vpc && associationOf(vpc, id);
    if (!vpc || association?.state !== 'associating') return;
    addLocalRoutes(tx, setState(tx, vpc, id, 'associated'), association.cidr);
  },
  'vpc-cidr.disassociated': (tx, id) => {
    const vpc = tx.first('vpc', 'association', id);
    if (!vpc || associationOf(vpc, id)?.state !== 'disassociating') return;
    setState(tx, vpc, id, 'disassociated');
    tx.schedule('vpc-cidr.forgotten', id, tx.now + DISASSOCIATED_MILLIS);
  },
  'vpc-cidr.forgotten': (tx, id) => {
    const vpc = tx.first('vpc', 'association', id);
    if (!vpc) return;
    const { cidrs, ipv6Cidrs } = vpc;
    tx.update('vpc', vpc, { cidrs: without(cidrs, id), ipv6Cidrs: without(ipv6Cidrs, id) });
  },
};
