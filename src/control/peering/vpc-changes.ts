/** What a change of a VPC means for its peering connections. */
import { awsError } from '../../model/error.ts';
import { otherSide, type PeeringConnection } from '../../model/peering/peering-connection.ts';
import { claimedCidrs, peeringsOf } from '../../model/peering/peering-lookup.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import { type Cidr, formatCidr, overlaps } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';
import { endPeering } from './delete-peering.ts';
import { movePeering } from './move-peering.ts';

/**
 * To be called before a block is added to a VPC. A requester waits for its answer first (B-034);
 * a block that overlaps a peer's is refused while active (B-033), and makes a request fail when
 * the accepter adds it (B-035).
 * @throws AwsError OperationNotPermitted, CidrConflict
 */
export function onCidrAdded(tx: Transaction, vpc: Vpc, block: Cidr): void {
  const connections = peeringsOf(tx, vpc.id);
  for (const connection of connections) checkBlock(tx, vpc, block, connection);
  for (const connection of connections) {
    const isPending = connection.status === 'pending-acceptance';
    if (isPending && conflicts(tx, vpc, block, connection)) movePeering(tx, connection, 'fail');
  }
}

function checkBlock(tx: Transaction, vpc: Vpc, block: Cidr, connection: PeeringConnection): void {
  const { id, status, requester } = connection;
  const asked = status === 'initiating-request' || status === 'pending-acceptance';
  if (asked && requester.vpcId === vpc.id) {
    const why = `has requested '${id}', which is pending: no CIDR block can be added.`;
    throw awsError('OperationNotPermitted', `The VPC '${vpc.id}' ${why}`);
  }
  const joined = status === 'provisioning' || status === 'active';
  if (joined && conflicts(tx, vpc, block, connection)) {
    const { vpcId } = otherSide(connection, vpc.id);
    const message = `The CIDR '${formatCidr(block)}' overlaps the peer VPC '${vpcId}' of '${id}'.`;
    throw awsError('CidrConflict', message);
  }
}

function conflicts(tx: Transaction, vpc: Vpc, block: Cidr, connection: PeeringConnection): boolean {
  const peer = tx.get('vpc', otherSide(connection, vpc.id).vpcId);
  return peer !== undefined && claimedCidrs(peer).some((claimed) => overlaps(claimed, block));
}

/**
 * To be called when a VPC is about to be deleted. Refused while it is peered, or while another
 * account's request waits for its answer; requests of its own are deleted with it (B-029, B-030).
 * @throws AwsError DependencyViolation
 */
export function onVpcDeleted(tx: Transaction, vpc: Vpc): void {
  const connections = peeringsOf(tx, vpc.id);
  if (connections.some((connection) => holds(connection, vpc))) {
    const message = `The vpc '${vpc.id}' has dependencies and cannot be deleted.`;
    throw awsError('DependencyViolation', message);
  }
  for (const connection of connections) {
    if (connection.status === 'pending-acceptance') endPeering(tx, connection, vpc.account);
  }
}

function holds({ status, requester }: PeeringConnection, vpc: Vpc): boolean {
  if (status === 'provisioning' || status === 'active') return true;
  // The requester of a pending request is the VPC itself or who asks it.
  return status === 'pending-acceptance' && requester.account !== vpc.account;
}
