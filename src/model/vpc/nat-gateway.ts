/** NAT gateways and their addresses. */
import type { Ipv4 } from '../../net/ipv4.ts';
import { notFound } from '../id.ts';
import type { Owned } from '../resource.ts';
import { type StateMachine, transition } from '../state-machine.ts';

/** Carries packets while `available`. */
export type NatGatewayState = 'pending' | 'failed' | 'available' | 'deleting' | 'deleted';
export type NatGatewayEvent = 'available' | 'fail' | 'delete' | 'deleted';

export const NAT_GATEWAY_MACHINE: StateMachine<NatGatewayState, NatGatewayEvent> = {
  states: ['pending', 'failed', 'available', 'deleting', 'deleted'],
  transitions: {
    pending: { available: 'available', fail: 'failed', delete: 'deleting' },
    available: { delete: 'deleting' },
    failed: { delete: 'deleted' },
    deleting: { delete: 'deleting', deleted: 'deleted' },
    deleted: {},
  },
  // Nothing can be done with a deleted one: it is gone, if still shown.
  illegal: (_from, _event, subject) => notFound('natgateway', subject),
};

export function natGatewayTransition(
  { state, id }: Pick<NatGateway, 'state' | 'id'>,
  event: NatGatewayEvent,
): NatGatewayState {
  return transition(NAT_GATEWAY_MACHINE, state, event, id);
}

export type NatGatewayAddressStatus =
  | 'assigning'
  | 'unassigning'
  | 'associating'
  | 'disassociating'
  | 'succeeded';

/** One private address of the gateway's interface, and the elastic one it is mapped to. */
export interface NatGatewayAddress {
  readonly privateAddress: Ipv4;
  readonly primary: boolean;
  /** New flows use it while `succeeded`; one that goes still serves those it has. */
  readonly status: NatGatewayAddressStatus;
  /** Absent in a private gateway. */
  readonly elastic?: {
    readonly allocationId: string;
    readonly associationId: string;
    readonly publicIp: Ipv4;
  };
}

export interface NatGateway extends Owned {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly zoneId: string;
  readonly connectivityType: 'public' | 'private';
  readonly state: NatGatewayState;
  /** Milliseconds since the epoch, both. */
  readonly createTime: number;
  readonly deleteTime?: number;
  readonly failure?: { readonly code: string; readonly message: string };
  /** Absent where the gateway failed. Gone with a deleted one. */
  readonly networkInterfaceId?: string;
  /** The primary one first. Those of a deleted gateway are still shown. */
  readonly addresses: readonly NatGatewayAddress[];
}

/** Whether it has, or will soon have, an interface in its subnet. */
export function isLive({ state }: Pick<NatGateway, 'state'>): boolean {
  return state === 'pending' || state === 'available' || state === 'deleting';
}
