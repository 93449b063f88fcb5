/** What a Direct Connect gateway is joined to, and the prefixes that it announces for it (H9). */
import type { Cidr } from '../../net/cidr.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { illegalMove } from './error.ts';

export type DirectConnectGatewayAssociationState =
  | 'associating'
  | 'associated'
  | 'updating'
  | 'disassociating'
  | 'disassociated';

export type DirectConnectGatewayAssociationEvent =
  | 'associate'
  | 'update'
  | 'disassociate'
  | 'finish';

/** H-071 */
export const gatewayAssociationMachine: StateMachine<
  DirectConnectGatewayAssociationState,
  DirectConnectGatewayAssociationEvent
> = {
  states: ['associating', 'associated', 'updating', 'disassociating', 'disassociated'],
  transitions: {
    // It may end early: a virtual private gateway can be detached at any time (H-046).
    associating: { associate: 'associated', disassociate: 'disassociating' },
    associated: { update: 'updating', disassociate: 'disassociating' },
    updating: { associate: 'associated', disassociate: 'disassociating' },
    disassociating: { finish: 'disassociated' },
    disassociated: {},
  },
  illegal: illegalMove('association'),
};

/** What can be joined to a Direct Connect gateway. */
export interface AssociatedGateway {
  readonly kind: 'vpn-gateway' | 'transit-gateway';
  readonly id: string;
  readonly account: string;
}

/**
 * `account` is that of the Direct Connect gateway; `region` is the associated gateway's. Nobody is
 * shown what is disassociated: its record goes.
 */
export interface DirectConnectGatewayAssociation extends Owned {
  readonly state: DirectConnectGatewayAssociationState;
  readonly directConnectGatewayId: string;
  readonly gateway: AssociatedGateway;
  /** In force now; while `updating`, those that stay. */
  readonly allowedPrefixes: readonly Cidr[];
  /** What will be in force once it is no longer `updating`. */
  readonly nextPrefixes?: readonly Cidr[];
  /** Of a transit gateway. */
  readonly attachmentId?: string;
}

/** H-071: traffic flows. */
export function carriesAssociation({
  state,
}: Pick<DirectConnectGatewayAssociation, 'state'>): boolean {
  return state === 'associated' || state === 'updating';
}

/** The prefixes as its owner has chosen them. */
export function chosenPrefixes(association: DirectConnectGatewayAssociation): readonly Cidr[] {
  return association.nextPrefixes ?? association.allowedPrefixes;
}

export function associationsOf(
  reader: ModelReader,
  directConnectGatewayId: string,
): readonly DirectConnectGatewayAssociation[] {
  return reader.by(
    'direct-connect-gateway-association',
    'directConnectGateway',
    directConnectGatewayId,
  );
}

/** Those of a virtual private or transit gateway. */
export function associationsAt(
  reader: ModelReader,
  gatewayId: string,
): readonly DirectConnectGatewayAssociation[] {
  return reader.by('direct-connect-gateway-association', 'gateway', gatewayId);
}
