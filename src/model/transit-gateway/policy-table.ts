/** Policy tables of a transit gateway (C-127): what peerings may be associated with instead. */
import { type LifecycleState, lifecycleMachine } from '../lifecycle.ts';
import type { Owned } from '../resource.ts';
import type { TransitGatewayAssociationState } from './route-table.ts';
import { incorrectState } from './transit-gateway.ts';

export const transitGatewayPolicyTableMachine = lifecycleMachine(incorrectState);

export interface TransitGatewayPolicyTable extends Owned {
  readonly transitGatewayId: string;
  readonly state: LifecycleState;
  /** Milliseconds since the epoch. */
  readonly creationTime: number;
}

/** Its rules would choose the table for what comes in by the attachment. */
export interface TransitGatewayPolicyTableAssociation {
  /** `policy|GATEWAY|ATTACHMENT`: of a peering each side has its own. */
  readonly id: string;
  readonly transitGatewayId: string;
  readonly policyTableId: string;
  readonly attachmentId: string;
  /** The life of a route table's. */
  readonly state: TransitGatewayAssociationState;
}

export function transitGatewayPolicyTableAssociationId(
  transitGatewayId: string,
  attachmentId: string,
): string {
  return `policy|${transitGatewayId}|${attachmentId}`;
}
