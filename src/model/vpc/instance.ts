import type { Owned } from '../resource.ts';
import type { HostnameType } from './subnet.ts';

/** Instance state names with AWS's codes. */
export const INSTANCE_STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;
export type InstanceState = keyof typeof INSTANCE_STATE_CODES;

/** A host. Its interfaces are those whose attachment names it. */
export interface Instance extends Owned {
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly state: InstanceState;
  readonly stateReason?: { readonly code: string; readonly message: string };
  readonly stateTransitionReason: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly keyName?: string;
  readonly userData?: string;
  readonly vpcId: string;
  readonly subnetId: string;
  /** Milliseconds since the epoch. */
  readonly launchTime: number;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly ebsOptimized: boolean;
  readonly monitoring: boolean;
  readonly hostnameType: HostnameType;
  readonly enableResourceNameDnsARecord: boolean;
  readonly enableResourceNameDnsAaaaRecord: boolean;
  /** An auto-assigned public address is given anew at each start. */
  readonly autoAssignPublicAddress: boolean;
  readonly clientToken?: string;
}
