/** The accepter's answer to a request. */
import { awsError } from '../../model/error.ts';
import { checkIdShape } from '../../model/id.ts';
import { type PeeringConnection, sideOf } from '../../model/peering/peering-connection.ts';
import { peeringsOf } from '../../model/peering/peering-lookup.ts';
import { peeringMachine } from '../../model/peering/peering-states.ts';
import { transition } from '../../model/state-machine.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { findPeering } from './find-peering.ts';
import { movePeering } from './move-peering.ts';

/** AWS's usual time until an accepted connection carries traffic, in seconds. */
const PROVISION_SECONDS = 3;

/**
 * Provisioning, then active (B-003). No route comes with it (B-038).
 * @throws AwsError the errors of findPeering, OperationNotPermitted, InvalidStateTransition,
 *   ActiveVpcPeeringConnectionPerVpcLimitExceeded
 */
export function acceptPeering(tx: Transaction, scope: Scope, id: string): PeeringConnection {
  const connection = answerable(tx, scope, id, 'accept');
  checkActive(tx, connection.requester.vpcId);
  checkActive(tx, connection.accepter.vpcId);
  const accepted = movePeering(tx, connection, 'accept');
  tx.settle('peering.provision', id, PROVISION_SECONDS);
  return accepted;
}

/** @throws AwsError the errors of findPeering, OperationNotPermitted, InvalidStateTransition */
export function rejectPeering(tx: Transaction, scope: Scope, id: string): PeeringConnection {
  return movePeering(tx, answerable(tx, scope, id, 'reject'), 'reject');
}

/** The connection, if the caller may answer it, from this Region, now (B-015, B-017, B-018). */
function answerable(
  tx: Transaction,
  scope: Scope,
  id: string,
  answer: 'accept' | 'reject',
): PeeringConnection {
  const connection = findPeering(tx, standing(tx, scope, id), id, tx.now);
  const { accepter, status } = connection;
  if (accepter.account !== scope.account) {
    throw awsError('OperationNotPermitted', `User ${scope.account} cannot ${answer} peering ${id}`);
  }
  if (accepter.region !== scope.region) {
    const how = answer === 'accept' ? 'accepted' : 'accepted or rejected';
    const message =
      `Incorrect region (${scope.region}) specified for this request. ` +
      `VPC peering connection ${id} must be ${how} in region ${accepter.region}`;
    throw awsError('OperationNotPermitted', message);
  }
  // In one account and Region the maker sees a request that is yet to be delivered.
  transition(peeringMachine, status, answer, id);
  return connection;
}

/**
 * Whose eyes to look with: a party that calls in the other party's Region is told so (B-017)
 * instead of NotFound. A third account or Region sees nothing (G-025).
 */
function standing(tx: Transaction, scope: Scope, id: string): Scope {
  checkIdShape('vpc-peering-connection', id);
  const connection = tx.get('vpc-peering-connection', id);
  if (connection === undefined || sideOf(connection, scope) !== undefined) return scope;
  const sides = [connection.requester, connection.accepter];
  if (!sides.some(({ region }) => region === scope.region)) return scope;
  return sides.find(({ account }) => account === scope.account) ?? scope;
}

/** B-027 */
function checkActive(tx: Transaction, vpcId: string): void {
  const active = peeringsOf(tx, vpcId).filter(
    ({ status }) => status === 'active' || status === 'provisioning',
  );
  const quota = tx.quota('activePeeringsPerVpc');
  if (active.length < quota) return;
  const message = `The VPC '${vpcId}' has ${quota} active VPC peering connections, the maximum.`;
  throw awsError('ActiveVpcPeeringConnectionPerVpcLimitExceeded', message);
}

export const answerEvents: Record<string, TimedEvent> = {
  'peering.provision': (tx, id) => {
    const connection = tx.get('vpc-peering-connection', id);
    if (connection?.status === 'provisioning') movePeering(tx, connection, 'provision');
  },
};
