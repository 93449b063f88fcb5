/** Virtual private gateways: where VPN connections end at a VPC (H6). */
import { type AwsError, awsError } from '../error.ts';
import { type LifecycleState, lifecycleMachine } from '../lifecycle.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';

/** H-042 */
export function invalidVpnGatewayState(id: string): AwsError {
  const message = `The vpnGateway '${id}' is not in a valid state for the operation.`;
  return awsError('InvalidVpnGatewayState', message);
}

export const vpnGatewayMachine = lifecycleMachine(invalidVpnGatewayState);

/** H-041. A VPC and the gateway exchange packets while `attached`. */
export type VpnGatewayAttachmentState = 'attaching' | 'attached' | 'detaching' | 'detached';
export type VpnGatewayAttachmentEvent = 'attach' | 'provision' | 'detach' | 'finish';

export const vpnGatewayAttachmentMachine: StateMachine<
  VpnGatewayAttachmentState,
  VpnGatewayAttachmentEvent
> = {
  states: ['attaching', 'attached', 'detaching', 'detached'],
  transitions: {
    attaching: { provision: 'attached', detach: 'detaching' },
    attached: { detach: 'detaching' },
    detaching: { finish: 'detached' },
    detached: { attach: 'attaching' },
  },
  illegal: (from, _event, subject) =>
    awsError('IncorrectState', `The attachment of ${subject} is ${from}`),
};

export interface VpnGateway extends Owned {
  readonly state: LifecycleState;
  /** H-040: never changes. */
  readonly amazonSideAsn: number;
  /** As the caller wished it; nothing depends on it. */
  readonly zoneId?: string;
  /** The last one, shown even when it is `detached`; its VPC may be gone then. */
  readonly attachment?: {
    readonly vpcId: string;
    readonly state: VpnGatewayAttachmentState;
  };
}

/** The VPC that has the gateway, or is on its way to have it or to lose it. */
export function vpcOfVpnGateway({ attachment }: VpnGateway): string | undefined {
  return attachment?.state === 'detached' ? undefined : attachment?.vpcId;
}

/** The VPC that routes may lead from to the gateway: it has it, or will have it in a moment. */
export function attachedVpc({ attachment }: VpnGateway): string | undefined {
  const isHeld = attachment?.state === 'attached' || attachment?.state === 'attaching';
  return isHeld ? attachment.vpcId : undefined;
}

/** Whether packets pass between the gateway and a VPC. */
export function servesVpc({ attachment }: VpnGateway, vpcId: string): boolean {
  return attachment?.state === 'attached' && attachment.vpcId === vpcId;
}

/** A route table takes over what a gateway has learned (H-043, H-044). */
export interface VgwRoutePropagation {
  /** `ROUTE-TABLE|GATEWAY` */
  readonly id: string;
  readonly routeTableId: string;
  readonly vpnGatewayId: string;
}

export function vgwRoutePropagationId(routeTableId: string, vpnGatewayId: string): string {
  return `${routeTableId}|${vpnGatewayId}`;
}

/** The gateways whose routes a table takes over. */
export function propagatingGateways(reader: ModelReader, routeTableId: string): readonly string[] {
  return reader
    .by('vgw-route-propagation', 'table', routeTableId)
    .map(({ vpnGatewayId }) => vpnGatewayId);
}
