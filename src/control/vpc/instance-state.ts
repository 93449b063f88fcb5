/** Starting, stopping, rebooting and terminating instances. */
import { type AwsError, awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  type Instance,
  type InstanceEvent,
  type InstanceState,
  instanceTransition,
} from '../../model/vpc/instance.ts';
import { interfacesOf } from '../../model/vpc/network-interface.ts';
import { forgetTokens } from '../idempotency.ts';
import { owns, type Scope } from '../scope.ts';
import { dropTags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { completeAttachments, dropAttachments } from './interface-attachment.ts';
import { assignPublicAddress, releasePublicAddress } from './public-address.ts';

export interface StateChange {
  readonly id: string;
  readonly previous: InstanceState;
  readonly current: InstanceState;
}

/** How long a terminated instance is still shown. */
const TERMINATED_VISIBLE_MILLIS = 3_600_000;
/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { start: 10, stop: 20, terminate: 20 } as const;

/**
 * The instances a call names, each once.
 * @throws AwsError InvalidInstanceID.Malformed, then InvalidInstanceID.NotFound for all unknown
 */
export function findInstances(
  reader: ModelReader,
  scope: Scope,
  ids: readonly string[],
): readonly Instance[] {
  const distinct = [...new Set(ids)];
  for (const id of distinct) checkIdShape('instance', id);
  const unknown: string[] = [];
  const instances = distinct.flatMap((id) => {
    const instance = reader.get('instance', id);
    if (instance !== undefined && owns(scope, instance)) return [instance];
    unknown.push(id);
    return [];
  });
  if (unknown.length === 1) throw notFound('instance', unknown[0]!);
  if (unknown.length > 1) {
    const message = `The instance IDs '${unknown.join(', ')}' do not exist`;
    throw awsError('InvalidInstanceID.NotFound', message);
  }
  return instances;
}

/** @throws AwsError InvalidInstanceID.NotFound, IncorrectInstanceState */
export function startInstances(tx: Transaction, scope: Scope, ids: readonly string[]) {
  return move(findInstances(tx, scope, ids), 'start', (instance) => {
    const next = withoutReason({ ...instance, launchTime: tx.now });
    tx.put('instance', { ...next, stateTransitionReason: '' });
    renewPublicAddress(tx, instance);
    tx.settle('instance.started', instance.id, USUAL_SECONDS.start);
  });
}

/** @throws AwsError InvalidInstanceID.NotFound, OperationNotPermitted, IncorrectInstanceState */
export function stopInstances(tx: Transaction, scope: Scope, ids: readonly string[]) {
  const instances = findInstances(tx, scope, ids);
  for (const { id, disableApiStop } of instances) {
    if (disableApiStop) throw protectedFrom(id, 'stopped', 'disableApiStop');
  }
  return move(instances, 'stop', (instance) => {
    tx.put('instance', { ...instance, ...userInitiated(tx) });
    tx.settle('instance.stopped', instance.id, USUAL_SECONDS.stop);
  });
}

/** Nothing of an instance changes in a reboot, not even its public address. */
export function rebootInstances(tx: Transaction, scope: Scope, ids: readonly string[]): void {
  for (const instance of findInstances(tx, scope, ids)) instanceTransition(instance, 'reboot');
}

/**
 * Stop protection forbids termination too.
 * @throws AwsError InvalidInstanceID.NotFound, OperationNotPermitted
 */
export function terminateInstances(tx: Transaction, scope: Scope, ids: readonly string[]) {
  const instances = findInstances(tx, scope, ids);
  for (const { id, disableApiTermination, disableApiStop } of instances) {
    if (disableApiTermination) throw protectedFrom(id, 'terminated', 'disableApiTermination');
    if (disableApiStop) throw protectedFrom(id, 'terminated', 'disableApiStop');
  }
  return move(instances, 'terminate', (instance) => {
    // Whatever it was about to become, it does not become any more.
    tx.unschedule(instance.id);
    const next = tx.put('instance', { ...instance, ...userInitiated(tx) });
    if (next.state === 'terminated') finishTermination(tx, next);
    else tx.settle('instance.terminated', instance.id, USUAL_SECONDS.terminate);
  });
}

/** Every instance passes through the event or none does; `effect` sees those that moved. */
function move(
  instances: readonly Instance[],
  event: InstanceEvent,
  effect: (instance: Instance) => void,
): StateChange[] {
  const states = instances.map((instance) => instanceTransition(instance, event));
  return instances.map((instance, index) => {
    const current = states[index]!;
    if (current !== instance.state) effect({ ...instance, state: current });
    return { id: instance.id, previous: instance.state, current };
  });
}

function protectedFrom(id: string, verb: string, attribute: string): AwsError {
  const refusal = `The instance '${id}' may not be ${verb}.`;
  const advice = `Modify its '${attribute}' instance attribute and try again.`;
  return awsError('OperationNotPermitted', `${refusal} ${advice}`);
}

function userInitiated(tx: Transaction): Pick<Instance, 'stateReason' | 'stateTransitionReason'> {
  const time = new Date(tx.now).toISOString().slice(0, 19).replace('T', ' ');
  const code = 'Client.UserInitiatedShutdown';
  return {
    stateTransitionReason: `User initiated (${time} GMT)`,
    stateReason: { code, message: `${code}: User initiated shutdown` },
  };
}

function withoutReason({ stateReason: _old, ...instance }: Instance): Instance {
  return instance;
}

/** An instance with several interfaces gets no public address at a start (EC2UG, IP addressing). */
function renewPublicAddress(tx: Transaction, { id, autoAssignPublicAddress }: Instance): void {
  const [only, ...more] = interfacesOf(tx, id);
  if (autoAssignPublicAddress && only !== undefined && more.length === 0) {
    assignPublicAddress(tx, only);
  }
}

function releasePublicAddresses(tx: Transaction, { id }: Instance): void {
  for (const eni of interfacesOf(tx, id)) releasePublicAddress(tx, eni);
}

function finishTermination(tx: Transaction, instance: Instance): void {
  dropAttachments(tx, instance.id);
  tx.schedule('instance.vanished', instance.id, tx.now + TERMINATED_VISIBLE_MILLIS);
}

function vanish(tx: Transaction, { id, reservationId }: Instance): void {
  tx.delete('instance', id);
  dropTags(tx, id);
  if (tx.count('instance', 'reservation', reservationId) > 0) return;
  forgetTokens(tx, reservationId);
}

/** Runs `then` for an instance that the event still applies to, in its new state. */
function settled(
  state: InstanceState,
  event: InstanceEvent,
  then: (tx: Transaction, instance: Instance) => void,
): TimedEvent {
  return (tx, id) => {
    const instance = tx.get('instance', id);
    if (instance?.state !== state) return;
    then(tx, tx.update('instance', instance, { state: instanceTransition(instance, event) }));
  };
}

export const instanceEvents: Record<string, TimedEvent> = {
  'instance.started': settled('pending', 'started', (tx, instance) => {
    tx.put('instance', withoutReason(instance));
    completeAttachments(tx, instance.id);
  }),
  'instance.stopped': settled('stopping', 'stopped', releasePublicAddresses),
  'instance.terminated': settled('shutting-down', 'terminated', finishTermination),
  'instance.vanished': (tx, id) => {
    const instance = tx.get('instance', id);
    if (instance !== undefined) vanish(tx, instance);
  },
};
