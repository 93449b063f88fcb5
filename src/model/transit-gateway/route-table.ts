/** Route tables of a transit gateway, and what attachments have to do with them (C4). */
import { awsError } from '../error.ts';
import { type LifecycleState, lifecycleMachine } from '../lifecycle.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import type { TransitGatewayAttachment } from './attachment.ts';
import { incorrectState, invalidState } from './transit-gateway.ts';

/** C-056 */
export const transitGatewayRouteTableMachine = lifecycleMachine(incorrectState);

export interface TransitGatewayRouteTable extends Owned {
  readonly transitGatewayId: string;
  readonly state: LifecycleState;
  /** Milliseconds since the epoch. */
  readonly creationTime: number;
}

export type TransitGatewayAssociationState =
  | 'associating'
  | 'associated'
  | 'disassociating'
  | 'disassociated';

export const transitGatewayAssociationMachine: StateMachine<
  TransitGatewayAssociationState,
  'provision' | 'disassociate' | 'finish'
> = {
  states: ['associating', 'associated', 'disassociating', 'disassociated'],
  transitions: {
    associating: { provision: 'associated' },
    associated: { disassociate: 'disassociating' },
    disassociating: { finish: 'disassociated' },
    disassociated: {},
  },
  illegal: invalidState,
};

/** The one table that routes what comes in by an attachment (C-051, C-052). */
export interface TransitGatewayAssociation {
  /** `GATEWAY|ATTACHMENT`: of a peering each side has its own. */
  readonly id: string;
  readonly transitGatewayId: string;
  readonly attachmentId: string;
  readonly routeTableId: string;
  /** Routes while `associated`; a disassociated one is deleted. */
  readonly state: TransitGatewayAssociationState;
}

export function transitGatewayAssociationId(
  transitGatewayId: string,
  attachmentId: string,
): string {
  return `${transitGatewayId}|${attachmentId}`;
}

export type TransitGatewayPropagationState = 'enabling' | 'enabled' | 'disabling' | 'disabled';

export const transitGatewayPropagationMachine: StateMachine<
  TransitGatewayPropagationState,
  'provision' | 'disable' | 'finish'
> = {
  states: ['enabling', 'enabled', 'disabling', 'disabled'],
  transitions: {
    enabling: { provision: 'enabled' },
    enabled: { disable: 'disabling' },
    disabling: { finish: 'disabled' },
    disabled: {},
  },
  illegal: (_from, _event, subject) =>
    awsError('IncorrectState', `The propagation of ${subject} is in invalid state`),
};

/** An attachment fills a table with its routes (C-052, C-054, C-061). */
export interface TransitGatewayPropagation {
  /** `ROUTE-TABLE|ATTACHMENT` */
  readonly id: string;
  readonly transitGatewayId: string;
  readonly routeTableId: string;
  readonly attachmentId: string;
  /** Its routes are there while `enabled`; a disabled one is deleted. */
  readonly state: TransitGatewayPropagationState;
}

export function transitGatewayPropagationId(routeTableId: string, attachmentId: string): string {
  return `${routeTableId}|${attachmentId}`;
}

/** The table that routes what enters a gateway by an attachment; undefined: none does (C-053). */
export function associatedTable(
  reader: ModelReader,
  transitGatewayId: string,
  { id }: Pick<TransitGatewayAttachment, 'id'>,
): string | undefined {
  const association = reader.get(
    'transit-gateway-route-table-association',
    transitGatewayAssociationId(transitGatewayId, id),
  );
  return association?.state === 'associated' ? association.routeTableId : undefined;
}
