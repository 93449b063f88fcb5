/** How an association comes to carry packets, and how it ends (H-071, C-104). */
import {
  associationsAt,
  chosenPrefixes,
  type DirectConnectGatewayAssociation,
  type DirectConnectGatewayAssociationEvent,
  gatewayAssociationMachine,
} from '../../model/direct-connect/gateway-association.ts';
import { transition } from '../../model/state-machine.ts';
import { type Cidr, cidrEquals } from '../../net/cidr.ts';
import { propagateDirectConnect } from '../hybrid/propagate-link.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { endAttachment } from '../transit-gateway/attachment-life.ts';

const KIND = 'direct-connect-gateway-association';

/** AWS's usual times, in seconds; a transit gateway's attachment takes less. */
const USUAL_SECONDS = { associate: 120, update: 120, disassociate: 120 } as const;

/** To be called with one that has just been written, `associating`. */
export function beginAssociation(tx: Transaction, id: string): void {
  tx.settle(`${KIND}.associate`, id, USUAL_SECONDS.associate);
}

/**
 * The only writer of an association's state.
 * @throws AwsError
 */
function moveAssociation(
  tx: Transaction,
  association: DirectConnectGatewayAssociation,
  event: DirectConnectGatewayAssociationEvent,
  members: Partial<DirectConnectGatewayAssociation> = {},
): DirectConnectGatewayAssociation {
  const { id, directConnectGatewayId } = association;
  const state = transition(gatewayAssociationMachine, association.state, event, id);
  tx.unschedule(id);
  const moved = tx.put(KIND, { ...association, ...members, state });
  propagateDirectConnect(tx, directConnectGatewayId);
  return moved;
}

/** Other prefixes; those that stay are in force all the while (H-071). @throws AwsError */
export function changePrefixes(
  tx: Transaction,
  association: DirectConnectGatewayAssociation,
  nextPrefixes: readonly Cidr[],
): DirectConnectGatewayAssociation {
  const allowedPrefixes = association.allowedPrefixes.filter((prefix) =>
    nextPrefixes.some((next) => cidrEquals(next, prefix)),
  );
  const members = { allowedPrefixes, nextPrefixes };
  const updating = moveAssociation(tx, association, 'update', members);
  tx.settle(`${KIND}.associate`, association.id, USUAL_SECONDS.update);
  return updating;
}

/** With a transit gateway's attachment. @throws AwsError */
export function endAssociation(
  tx: Transaction,
  association: DirectConnectGatewayAssociation,
): DirectConnectGatewayAssociation {
  const ending = moveAssociation(tx, association, 'disassociate');
  const attachment = tx.get('transit-gateway-attachment', association.attachmentId ?? '');
  if (attachment?.state === 'pending') endAttachment(tx, attachment, 'fail');
  else if (attachment !== undefined) endAttachment(tx, attachment, 'delete');
  tx.settle(`${KIND}.finish`, association.id, USUAL_SECONDS.disassociate);
  return ending;
}

/** H-046: a virtual private gateway that loses its VPC leaves its Direct Connect gateway, too. */
export function endAssociationsAt(tx: Transaction, vpnGatewayId: string): void {
  for (const association of associationsAt(tx, vpnGatewayId)) {
    if (association.state !== 'disassociating') endAssociation(tx, association);
  }
}

export const associationEvents: Record<string, TimedEvent> = {
  [`${KIND}.associate`]: (tx, id) => {
    const association = tx.get(KIND, id);
    if (association?.state !== 'associating' && association?.state !== 'updating') return;
    const { nextPrefixes: _, ...rest } = association;
    const allowedPrefixes = chosenPrefixes(association);
    moveAssociation(tx, { ...rest, allowedPrefixes }, 'associate');
  },
  [`${KIND}.finish`]: (tx, id) => {
    const association = tx.get(KIND, id);
    if (association?.state !== 'disassociating') return;
    moveAssociation(tx, association, 'finish');
    tx.delete(KIND, id);
    propagateDirectConnect(tx, association.directConnectGatewayId);
  },
};
