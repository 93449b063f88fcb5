/** Transit gateways and their options (C-001 to C-010). */
import type { Cidr } from '../../net/cidr.ts';
import { type AwsError, awsError } from '../error.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';

export type TransitGatewayState = 'pending' | 'available' | 'modifying' | 'deleting' | 'deleted';
export type TransitGatewayEvent = 'provision' | 'modify' | 'delete' | 'finish';

/** C-001 */
export const transitGatewayMachine: StateMachine<TransitGatewayState, TransitGatewayEvent> = {
  states: ['pending', 'available', 'modifying', 'deleting', 'deleted'],
  transitions: {
    pending: { provision: 'available' },
    available: { modify: 'modifying', delete: 'deleting' },
    modifying: { provision: 'available' },
    deleting: { finish: 'deleted' },
    deleted: {},
  },
  illegal: invalidState,
};

/** C-002, C-011: what the whole family answers to a call that its state forbids. */
export function incorrectState(subject: string): AwsError {
  return awsError('IncorrectState', `${subject} is in invalid state`);
}

/** The same, of a move that a state machine does not have. */
export function invalidState(_from: string, _event: string, subject: string): AwsError {
  return incorrectState(subject);
}

/** As the gateway's owner chose them; for new attachments only, where C-010 does not except. */
export interface TransitGatewayOptions {
  readonly amazonSideAsn: number;
  /** C-008: where Connect peers take the gateway's addresses from. */
  readonly cidrBlocks: readonly Cidr[];
  readonly autoAcceptSharedAttachments: boolean;
  readonly defaultRouteTableAssociation: boolean;
  readonly defaultRouteTablePropagation: boolean;
  /** C-007: of the tables that new attachments get; absent while there is none. */
  readonly associationDefaultRouteTableId?: string;
  readonly propagationDefaultRouteTableId?: string;
  readonly vpnEcmpSupport: boolean;
  readonly dnsSupport: boolean;
  readonly securityGroupReferencingSupport: boolean;
  /** C-006: chosen at creation. */
  readonly multicastSupport: boolean;
  /** C-016 */
  readonly encryptionSupport: boolean;
}

/** C-003 */
export const DEFAULT_TRANSIT_GATEWAY_OPTIONS: TransitGatewayOptions = {
  amazonSideAsn: 64512,
  cidrBlocks: [],
  autoAcceptSharedAttachments: false,
  defaultRouteTableAssociation: true,
  defaultRouteTablePropagation: true,
  vpnEcmpSupport: true,
  dnsSupport: true,
  securityGroupReferencingSupport: false,
  multicastSupport: false,
  encryptionSupport: false,
};

/** C-004 */
export const PRIVATE_ASN_RANGES = [
  { from: 64_512, to: 65_534 },
  { from: 4_200_000_000, to: 4_294_967_294 },
] as const;

export interface TransitGateway extends Owned {
  readonly state: TransitGatewayState;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly creationTime: number;
  readonly options: TransitGatewayOptions;
}
