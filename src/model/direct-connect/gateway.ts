/** Direct Connect gateways: where virtual interfaces meet gateways of any Region (H9). */
import { type LifecycleState, lifecycleMachine } from '../lifecycle.ts';
import { DEFAULT_REGION } from '../region.ts';
import type { Owned } from '../resource.ts';
import { directConnectError } from './error.ts';

/**
 * H-068: it is of no Region. Its record, and the tags on it, are kept in this one, and every other
 * finds them there.
 */
export const DIRECT_CONNECT_GATEWAY_REGION = DEFAULT_REGION;

export const DIRECT_CONNECT_GATEWAY_ASN = 64512;

export const directConnectGatewayMachine = lifecycleMachine((id) =>
  directConnectError(`Direct Connect Gateway ${id} is not in a valid state for the operation.`),
);

/** A deleted one is described by nobody: its record goes with it. */
export interface DirectConnectGateway extends Owned {
  readonly state: LifecycleState;
  readonly name: string;
  readonly amazonSideAsn: number;
}
