/** Blocks of a subnet: what they may be, and IPv6 blocks that come and go. */
import { type AwsError, awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import { activeCidrs, type CidrAssociation, type Vpc } from '../../model/vpc/vpc.ts';
import {
  type Cidr,
  type Cidr4,
  type Cidr6,
  containsCidr,
  containsIp,
  formatCidr,
  overlaps,
} from '../../net/cidr.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { DISASSOCIATED_MILLIS, isPresent, without, withState } from './cidr-association.ts';

/** @throws AwsError InvalidSubnet.Range, InvalidSubnet.Conflict */
export function checkSubnetCidr(reader: ModelReader, vpc: Vpc, block: Cidr4): void {
  if (block.length < 16 || block.length > 28) throw invalidRange(block);
  checkPlace(reader, vpc, block);
}

/** /64, and of the lengths AWS has added since, those up to the VPC's own. */
export function checkSubnetIpv6Cidr(reader: ModelReader, vpc: Vpc, block: Cidr6): void {
  if (block.length < 44 || block.length > 64 || block.length % 4 !== 0) throw invalidRange(block);
  checkPlace(reader, vpc, block);
}

export interface SubnetCidrChange {
  readonly subnet: Subnet;
  readonly association: CidrAssociation<Cidr6>;
}

/**
 * Gives a subnet its IPv6 block; it has at most one.
 * @throws AwsError InvalidSubnet.Range, InvalidSubnet.Conflict, SubnetIpv6CidrBlockLimitExceeded
 */
export function associateSubnetCidr(
  tx: Transaction,
  scope: Scope,
  subnetId: string,
  block: Cidr6,
): SubnetCidrChange {
  const subnet = find(tx, scope, 'subnet', subnetId);
  const vpc = tx.get('vpc', subnet.vpcId)!;
  if (subnet.ipv6Cidrs.some(isPresent)) {
    const message = `The subnet '${subnetId}' has an IPv6 CIDR block already.`;
    throw awsError('SubnetIpv6CidrBlockLimitExceeded', message);
  }
  checkSubnetIpv6Cidr(tx, vpc, block);
  const association = newSubnetAssociation(tx, block, 'associating');
  const ipv6Cidrs = [...subnet.ipv6Cidrs, association];
  return { subnet: tx.update('subnet', subnet, { ipv6Cidrs }), association };
}

/** @throws AwsError InvalidSubnetCidrBlockAssociationID.*, InvalidCidrBlock.InUse */
export function disassociateSubnetCidr(
  tx: Transaction,
  scope: Scope,
  associationId: string,
): SubnetCidrChange {
  checkIdShape('subnet-cidr-association', associationId);
  const subnet = tx.first('subnet', 'association', associationId);
  const association = subnet && associationOf(subnet, associationId);
  if (!subnet || !association || !owns(scope, subnet) || !isPresent(association)) {
    throw notFound('subnet-cidr-association', associationId);
  }
  checkUnused(tx, subnet, association);
  tx.unschedule(associationId);
  const ipv6Cidrs = withState(subnet.ipv6Cidrs, associationId, 'disassociating');
  tx.settle('subnet-cidr.disassociated', associationId, 3);
  return {
    subnet: tx.update('subnet', subnet, { ipv6Cidrs }),
    association: { ...association, state: 'disassociating' },
  };
}

export function newSubnetAssociation(
  tx: Transaction,
  block: Cidr6,
  state: 'associating' | 'associated',
): CidrAssociation<Cidr6> {
  const associationId = tx.newId('subnet-cidr-association');
  if (state === 'associating') tx.settle('subnet-cidr.associated', associationId, 2);
  return { associationId, cidr: block, state };
}

function checkPlace(reader: ModelReader, vpc: Vpc, block: Cidr): void {
  if (!activeCidrs(vpc).some((outer) => containsCidr(outer, block))) throw invalidRange(block);
  const conflict = reader
    .by('subnet', 'vpc', vpc.id)
    .some((subnet) => presentCidrs(subnet).some((other) => overlaps(other, block)));
  if (conflict) {
    const message = `The CIDR '${formatCidr(block)}' conflicts with another subnet`;
    throw awsError('InvalidSubnet.Conflict', message);
  }
}

/** The blocks a subnet has, or is about to have or to lose. */
export function presentCidrs({ cidr, ipv6Cidrs }: Subnet): Cidr[] {
  const present: Cidr[] = ipv6Cidrs.filter(isPresent).map((association) => association.cidr);
  return cidr === undefined ? present : [cidr, ...present];
}

function checkUnused(tx: Transaction, subnet: Subnet, association: CidrAssociation): void {
  const { associationId, cidr } = association;
  const start = `The subnet IPv6 CIDR block with association ID ${associationId} may not be disassociated`;
  if (subnet.assignIpv6AddressOnCreation) {
    const why = 'because its subnet has assign-ipv6-address-on-creation set to true.';
    throw awsError('InvalidCidrBlock.InUse', `${start}, ${why}`);
  }
  const used = tx
    .by('network-interface', 'subnet', subnet.id)
    .some(
      ({ ipv6Addresses, ipv6Prefixes }) =>
        ipv6Addresses.some((address) => containsIp(cidr, address)) ||
        ipv6Prefixes.some((block) => containsCidr(cidr, block)),
    );
  if (used) {
    const why = 'because a network interface has an address in it.';
    throw awsError('InvalidCidrBlock.InUse', `${start}, ${why}`);
  }
}

function invalidRange(block: Cidr): AwsError {
  return awsError('InvalidSubnet.Range', `The CIDR '${formatCidr(block)}' is invalid.`);
}

function associationOf(subnet: Subnet, id: string): CidrAssociation<Cidr6> | undefined {
  return subnet.ipv6Cidrs.find(({ associationId }) => associationId === id);
}

export const subnetCidrEvents: Record<string, TimedEvent> = {
  'subnet-cidr.associated': (tx, id) => {
    const subnet = tx.first('subnet', 'association', id);
    if (!subnet || associationOf(subnet, id)?.state !== 'associating') return;
    tx.update('subnet', subnet, { ipv6Cidrs: withState(subnet.ipv6Cidrs, id, 'associated') });
  },
  'subnet-cidr.disassociated': (tx, id) => {
    const subnet = tx.first('subnet', 'association', id);
    if (!subnet || associationOf(subnet, id)?.state !== 'disassociating') return;
    tx.update('subnet', subnet, { ipv6Cidrs: withState(subnet.ipv6Cidrs, id, 'disassociated') });
    tx.schedule('subnet-cidr.forgotten', id, tx.now + DISASSOCIATED_MILLIS);
  },
  'subnet-cidr.forgotten': (tx, id) => {
    const subnet = tx.first('subnet', 'association', id);
    if (subnet) tx.update('subnet', subnet, { ipv6Cidrs: without(subnet.ipv6Cidrs, id) });
  },
};
