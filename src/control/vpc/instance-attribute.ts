/** Changing the attributes of an instance. */
import { awsError } from '../../model/error.ts';
import type { Instance } from '../../model/vpc/instance.ts';
import { interfacesOf, type NetworkInterface } from '../../model/vpc/network-interface.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { checkAddressLimit } from './interface-addresses.ts';
import { addressCount, addressLimit, checkInterfaceCount } from './interface-attachment.ts';
import { interfaceGroups } from './interface-settings.ts';
import { checkInstanceType, checkUserData } from './run-instances.ts';

/** One attribute a call. */
export type InstanceChange =
  | { readonly attribute: 'groupSet'; readonly groupIds: readonly string[] }
  | { readonly attribute: 'sourceDestCheck'; readonly value: boolean }
  | { readonly attribute: 'disableApiTermination' | 'disableApiStop'; readonly value: boolean }
  | { readonly attribute: 'ebsOptimized'; readonly value: boolean }
  | {
      readonly attribute: 'instanceInitiatedShutdownBehavior';
      readonly value: Instance['shutdownBehavior'];
    }
  /** `value`: base64 for user data. */
  | { readonly attribute: 'instanceType' | 'userData'; readonly value: string };

/**
 * @throws AwsError InvalidInstanceID.NotFound, IncorrectInstanceState, InvalidInstanceID,
 * InvalidParameterValue, and those of `interfaceGroups`
 */
export function modifyInstanceAttribute(
  tx: Transaction,
  scope: Scope,
  id: string,
  change: InstanceChange,
): void {
  const instance = find(tx, scope, 'instance', id);
  if (instance.state === 'shutting-down' || instance.state === 'terminated') {
    const message = `The instance '${id}' is '${instance.state}' and cannot be modified.`;
    throw awsError('IncorrectInstanceState', message);
  }
  if (change.attribute === 'groupSet') {
    const eni = onlyInterface(tx, instance);
    const groupIds = interfaceGroups(tx, scope, eni, change.groupIds);
    tx.update('network-interface', eni, { groupIds });
  } else if (change.attribute === 'sourceDestCheck') {
    const eni = onlyInterface(tx, instance);
    tx.update('network-interface', eni, { sourceDestCheck: change.value });
  } else {
    tx.update('instance', instance, membersOf(tx, instance, change));
  }
}

/** The interface that a setting by instance id means. */
function onlyInterface(tx: Transaction, { id }: Instance): NetworkInterface {
  const [eni, ...more] = interfacesOf(tx, id);
  if (eni !== undefined && more.length === 0) return eni;
  const message = `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the operation instead.`;
  throw awsError('InvalidInstanceID', message);
}

function membersOf(
  tx: Transaction,
  instance: Instance,
  change: Exclude<InstanceChange, { attribute: 'groupSet' | 'sourceDestCheck' }>,
): Partial<Instance> {
  switch (change.attribute) {
    case 'disableApiTermination':
      return { disableApiTermination: change.value };
    case 'disableApiStop':
      return { disableApiStop: change.value };
    case 'instanceInitiatedShutdownBehavior':
      return { shutdownBehavior: change.value };
    case 'ebsOptimized':
      checkStopped(instance);
      return { ebsOptimized: change.value };
    case 'userData':
      checkStopped(instance);
      checkUserData(change.value);
      return { userData: change.value };
    case 'instanceType':
      checkStopped(instance);
      checkInstanceType(change.value);
      checkFits(tx, instance, change.value);
      return { instanceType: change.value };
  }
}

function checkStopped({ id, state }: Instance): void {
  if (state === 'stopped') return;
  throw awsError('IncorrectInstanceState', `The instance '${id}' is not in the 'stopped' state.`);
}

/** A type must have room for the interfaces that the instance has. */
function checkFits(tx: Transaction, { id }: Instance, type: string): void {
  const interfaces = interfacesOf(tx, id);
  checkInterfaceCount(interfaces.length, type);
  for (const eni of interfaces) checkAddressLimit(addressCount(eni), addressLimit(type));
}
