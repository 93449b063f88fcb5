/** What a gateway's owner asks of the owner of a Direct Connect gateway (H-073). */
import type { Cidr } from '../../net/cidr.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { illegalMove } from './error.ts';
import type { AssociatedGateway } from './gateway-association.ts';

export type AssociationProposalState = 'requested' | 'accepted' | 'deleted';
export type AssociationProposalEvent = 'accept' | 'delete' | 'expire';

export const associationProposalMachine: StateMachine<
  AssociationProposalState,
  AssociationProposalEvent
> = {
  states: ['requested', 'accepted', 'deleted'],
  transitions: {
    requested: { accept: 'accepted', delete: 'deleted', expire: 'deleted' },
    accepted: {},
    deleted: {},
  },
  illegal: illegalMove('proposal'),
};

/** `account` and `region` are those of the gateway. */
export interface AssociationProposal extends Owned {
  readonly state: AssociationProposalState;
  readonly directConnectGatewayId: string;
  readonly directConnectGatewayOwner: string;
  readonly gateway: Omit<AssociatedGateway, 'account'>;
  /** In force before, and asked for. */
  readonly existingPrefixes: readonly Cidr[];
  readonly requestedPrefixes: readonly Cidr[];
}
