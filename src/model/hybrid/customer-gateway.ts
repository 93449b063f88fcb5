/** Customer gateways: what AWS knows of the device at the other end of a VPN connection (H1). */
import type { Ip } from '../../net/ip.ts';
import { type AwsError, awsError } from '../error.ts';
import { type LifecycleState, lifecycleMachine } from '../lifecycle.ts';
import type { Owned } from '../resource.ts';

/** H-001: also what a call answers that needs an available one. */
export function invalidCustomerGatewayState(id: string): AwsError {
  const message = `The customer gateway '${id}' is not in a valid state for the operation.`;
  return awsError('InvalidCustomerGatewayState', message);
}

export const customerGatewayMachine = lifecycleMachine(invalidCustomerGatewayState);

/** H-002: without any; the rulebook is unsure of it. */
export const DEFAULT_CUSTOMER_ASN = 65_000;

/** Up to this the request's BgpAsn holds a number, above it BgpAsnExtended. */
export const SHORT_ASN_MAX = 2_147_483_647;

export interface CustomerGateway extends Owned {
  readonly state: LifecycleState;
  /** 1 to 4294967295. */
  readonly bgpAsn: number;
  /** Absent with a certificate alone: the peer may come from anywhere (H-003). */
  readonly ipAddress?: Ip;
  /** Then tunnels are authenticated by certificates, not by keys. */
  readonly certificateArn?: string;
  /** Tells gateways apart that are otherwise the same (H-004). */
  readonly deviceName?: string;
}
