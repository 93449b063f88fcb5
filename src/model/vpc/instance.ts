/** Instances and the states they pass through. */
import { awsError } from '../error.ts';
import type { Owned } from '../resource.ts';
import { type StateMachine, transition } from '../state-machine.ts';
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

export type InstanceEvent =
  | 'start'
  | 'started'
  | 'stop'
  | 'stopped'
  | 'reboot'
  | 'terminate'
  | 'terminated';

/** What each event is called in AWS's message about a state that does not allow it. */
const VERB: Readonly<Record<InstanceEvent, string>> = {
  start: 'started',
  started: 'started',
  stop: 'stopped',
  stopped: 'stopped',
  reboot: 'rebooted',
  terminate: 'terminated',
  terminated: 'terminated',
};

/** A call that asks for what already is, or is under way, changes nothing and succeeds. */
export const INSTANCE_MACHINE: StateMachine<InstanceState, InstanceEvent> = {
  states: ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'],
  transitions: {
    pending: { started: 'running', start: 'pending', terminate: 'shutting-down' },
    running: { start: 'running', stop: 'stopping', reboot: 'running', terminate: 'shutting-down' },
    stopping: { stopped: 'stopped', stop: 'stopping', terminate: 'shutting-down' },
    stopped: { start: 'pending', stop: 'stopped', terminate: 'terminated' },
    'shutting-down': { terminated: 'terminated', terminate: 'shutting-down' },
    terminated: { terminate: 'terminated' },
  },
  illegal: (from, event, subject) => {
    const message =
      from === 'pending' && event === 'stop'
        ? `Instance '${subject}' cannot be stopped as it has never reached the 'running' state.`
        : `The instance '${subject}' is not in a state from which it can be ${VERB[event]}.`;
    return awsError('IncorrectInstanceState', message);
  },
};

/** The state after `event`, or AWS's IncorrectInstanceState. */
export function instanceTransition(instance: Instance, event: InstanceEvent): InstanceState {
  return transition(INSTANCE_MACHINE, instance.state, event, instance.id);
}

/** Instance metadata service settings: kept to be shown back. */
export interface MetadataOptions {
  readonly httpTokens: 'optional' | 'required';
  readonly httpPutResponseHopLimit: number;
  readonly httpEndpoint: 'disabled' | 'enabled';
  readonly httpProtocolIpv6: 'disabled' | 'enabled';
  readonly instanceMetadataTags: 'disabled' | 'enabled';
}

export const DEFAULT_METADATA_OPTIONS: MetadataOptions = {
  httpTokens: 'optional',
  httpPutResponseHopLimit: 1,
  httpEndpoint: 'enabled',
  httpProtocolIpv6: 'disabled',
  instanceMetadataTags: 'disabled',
};

/** A host. Its interfaces are those whose attachment names it. */
export interface Instance extends Owned {
  readonly reservationId: string;
  /** Position in its launch, from 0. */
  readonly launchIndex: number;
  readonly state: InstanceState;
  readonly stateReason?: { readonly code: string; readonly message: string };
  readonly stateTransitionReason: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly keyName?: string;
  /** Base64. */
  readonly userData?: string;
  /** VPC, subnet and zone of its primary interface; kept, though not shown, once terminated. */
  readonly vpcId: string;
  readonly subnetId: string;
  readonly zoneId: string;
  readonly tenancy: 'default' | 'dedicated';
  /** Milliseconds since the epoch; a start sets it anew. */
  readonly launchTime: number;
  readonly disableApiTermination: boolean;
  readonly disableApiStop: boolean;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly ebsOptimized: boolean;
  readonly monitoring: boolean;
  readonly autoRecovery: 'default' | 'disabled';
  readonly metadataOptions: MetadataOptions;
  readonly instanceProfile?: { readonly arn: string; readonly id: string };
  readonly hostnameType: HostnameType;
  readonly enableResourceNameDnsARecord: boolean;
  readonly enableResourceNameDnsAaaaRecord: boolean;
  /** An auto-assigned public address is given anew at each start. */
  readonly autoAssignPublicAddress: boolean;
  readonly clientToken?: string;
}

/** Whether its interfaces carry packets. */
export function isRunning(instance: Instance | undefined): boolean {
  return instance?.state === 'running';
}
