/** Asking the owner of a Direct Connect gateway for an association (H-073). */
import {
  type AssociationProposal,
  type AssociationProposalEvent,
  associationProposalMachine,
} from '../../model/direct-connect/association-proposal.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import {
  associationsOf,
  chosenPrefixes,
  type DirectConnectGatewayAssociation,
} from '../../model/direct-connect/gateway-association.ts';
import type { AwsError } from '../../model/error.ts';
import { ASSOCIATION_PROPOSAL_MILLIS } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import { transition } from '../../model/state-machine.ts';
import type { Cidr } from '../../net/cidr.ts';
import { uuid } from '../../net/uuid.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import {
  associate,
  changedPrefixes,
  findAssociable,
  type PrefixChanges,
  updatePrefixes,
} from './association.ts';
import { checkPrefixes } from './association-checks.ts';
import { availableGateway, noGateway } from './find.ts';

const KIND = 'direct-connect-gateway-association-proposal';

export interface CreateProposal {
  readonly directConnectGatewayId: string;
  readonly directConnectGatewayOwner: string;
  readonly gatewayId: string;
  readonly changes: PrefixChanges;
}

/** Of a gateway of the caller's. @throws AwsError */
export function createProposal(
  tx: Transaction,
  scope: Scope,
  { directConnectGatewayId, directConnectGatewayOwner, gatewayId, changes }: CreateProposal,
): AssociationProposal {
  const { kind, id, account, region } = findAssociable(tx, scope.account, gatewayId);
  const owner = tx.get('direct-connect-gateway', directConnectGatewayId);
  if (owner === undefined || owner.account !== directConnectGatewayOwner) {
    throw noGateway(directConnectGatewayId);
  }
  const open = tx.by(KIND, 'gateway', id).find((one) => isOpen(one, directConnectGatewayId));
  if (open !== undefined) {
    throw directConnectError(`The proposal ${open.id} for ${id} waits for its answer.`);
  }
  const present = joined(tx, directConnectGatewayId, id);
  const existingPrefixes = present === undefined ? [] : chosenPrefixes(present);
  const requestedPrefixes = changedPrefixes(existingPrefixes, changes);
  checkPrefixes(tx, directConnectGatewayId, { kind, id, account }, requestedPrefixes);
  const proposal = tx.put(KIND, {
    id: uuid(tx.random),
    account,
    region,
    state: 'requested',
    directConnectGatewayId,
    directConnectGatewayOwner,
    gateway: { kind, id },
    existingPrefixes,
    requestedPrefixes,
  });
  tx.schedule(`${KIND}.expire`, proposal.id, tx.now + ASSOCIATION_PROPOSAL_MILLIS.requested);
  return proposal;
}

function isOpen(proposal: AssociationProposal, directConnectGatewayId: string): boolean {
  return (
    proposal.state === 'requested' && proposal.directConnectGatewayId === directConnectGatewayId
  );
}

function joined(
  reader: ModelReader,
  directConnectGatewayId: string,
  gatewayId: string,
): DirectConnectGatewayAssociation | undefined {
  return associationsOf(reader, directConnectGatewayId).find(
    ({ gateway }) => gateway.id === gatewayId,
  );
}

export interface AcceptProposal {
  readonly directConnectGatewayId: string;
  readonly proposalId: string;
  readonly gatewayOwner: string;
  /** In place of those that were asked for. */
  readonly prefixes?: readonly Cidr[];
}

/** A new association, or other prefixes of the one there is. @throws AwsError */
export function acceptProposal(
  tx: Transaction,
  scope: Scope,
  { directConnectGatewayId, proposalId, gatewayOwner, prefixes }: AcceptProposal,
): DirectConnectGatewayAssociation {
  const owner = availableGateway(tx, scope, directConnectGatewayId);
  const proposal = tx.get(KIND, proposalId);
  if (proposal?.directConnectGatewayId !== owner.id || proposal.account !== gatewayOwner) {
    throw noProposal(proposalId);
  }
  move(tx, proposal, 'accept');
  const gateway = findAssociable(tx, gatewayOwner, proposal.gateway.id);
  const chosen = prefixes ?? proposal.requestedPrefixes;
  const present = joined(tx, owner.id, gateway.id);
  return present === undefined
    ? associate(tx, owner, gateway, chosen)
    : updatePrefixes(tx, present, chosen);
}

/** By either party. @throws AwsError */
export function deleteProposal(tx: Transaction, scope: Scope, id: string): AssociationProposal {
  const proposal = tx.get(KIND, id);
  if (proposal === undefined || !seesProposal(scope, proposal)) throw noProposal(id);
  return move(tx, proposal, 'delete');
}

export function seesProposal({ account }: Scope, proposal: AssociationProposal): boolean {
  return proposal.account === account || proposal.directConnectGatewayOwner === account;
}

function noProposal(id: string): AwsError {
  return directConnectError(`The proposal ${id} does not exist`);
}

/** The only writer of a proposal's state. */
function move(
  tx: Transaction,
  proposal: AssociationProposal,
  event: AssociationProposalEvent,
): AssociationProposal {
  const { id } = proposal;
  const state = transition(associationProposalMachine, proposal.state, event, id);
  tx.unschedule(id);
  tx.schedule(`${KIND}.forget`, id, tx.now + ASSOCIATION_PROPOSAL_MILLIS.answered);
  return tx.update(KIND, proposal, { state });
}

export const proposalEvents: Record<string, TimedEvent> = {
  [`${KIND}.expire`]: (tx, id) => {
    const proposal = tx.get(KIND, id);
    if (proposal?.state === 'requested') move(tx, proposal, 'expire');
  },
  [`${KIND}.forget`]: (tx, id) => tx.delete(KIND, id),
};
