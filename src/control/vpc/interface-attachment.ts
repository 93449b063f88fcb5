/** Attaching network interfaces to instances and detaching them. */
import { awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import type { Instance } from '../../model/vpc/instance.ts';
import { instanceType } from '../../model/vpc/instance-type.ts';
import {
  attachmentTransition,
  interfacesOf,
  type NetworkInterface,
  type NetworkInterfaceAttachment,
} from '../../model/vpc/network-interface.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkAddressLimit } from './interface-addresses.ts';
import { checkNotManaged } from './interface-settings.ts';
import { removeNetworkInterface } from './network-interface.ts';
import { releasePublicAddress } from './public-address.ts';

export interface AttachNetworkInterface {
  readonly networkInterfaceId: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
}

/**
 * @throws AwsError NotFound of either, InvalidNetworkInterface.InUse, IncorrectState,
 * InvalidParameterCombination, InvalidParameterValue, AttachmentLimitExceeded
 */
export function attachNetworkInterface(
  tx: Transaction,
  scope: Scope,
  { networkInterfaceId, instanceId, deviceIndex }: AttachNetworkInterface,
): NetworkInterfaceAttachment {
  const eni = find(tx, scope, 'network-interface', networkInterfaceId);
  const instance = find(tx, scope, 'instance', instanceId);
  checkAttachable(eni);
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw awsError('IncorrectState', `Instance '${instanceId}' is not 'running' or 'stopped'.`);
  }
  if (tx.get('subnet', eni.subnetId)?.zoneId !== instance.zoneId) throw differentZone();
  const others = interfacesOf(tx, instanceId);
  if (others.some(({ attachment }) => attachment?.deviceIndex === deviceIndex)) {
    const message = `Instance '${instanceId}' already has an interface attached at device index '${deviceIndex}'.`;
    throw awsError('InvalidParameterValue', message);
  }
  checkInterfaceCount(others.length + 1, instance.instanceType);
  checkAddressLimit(addressCount(eni), addressLimit(instance.instanceType));
  const attachment = newAttachment(tx, instance, deviceIndex, false);
  tx.update('network-interface', eni, { status: 'in-use', attachment });
  tx.settle('network-interface.attached', eni.id, 2);
  return attachment;
}

/** An attachment under way; the interface that gets it is the caller's to write. */
export function newAttachment(
  tx: Transaction,
  { id }: Pick<Instance, 'id'>,
  deviceIndex: number,
  deleteOnTermination: boolean,
): NetworkInterfaceAttachment {
  return {
    id: tx.newId('network-interface-attachment'),
    instanceId: id,
    deviceIndex,
    deleteOnTermination,
    status: 'attaching',
    attachTime: tx.now,
  };
}

/** Throws unless the interface is free to be attached. */
export function checkAttachable(eni: NetworkInterface): void {
  checkNotManaged(eni);
  if (eni.attachment === undefined) return;
  throw awsError('InvalidNetworkInterface.InUse', `Interface: [${eni.id}] in use.`);
}

export function differentZone(): Error {
  const message =
    'You may not attach a network interface to an instance if they are not in the same availability zone';
  return awsError('InvalidParameterCombination', message);
}

/** Throws when an instance of the type cannot have so many interfaces. */
export function checkInterfaceCount(count: number, type: string): void {
  const limit = instanceType(type)?.networkInterfacesMax ?? Number.POSITIVE_INFINITY;
  if (count <= limit) return;
  const message = `Interface count ${count} exceeds the limit for ${type}`;
  throw awsError('AttachmentLimitExceeded', message);
}

/** How many addresses of a family an interface of an instance of the type may have. */
export function addressLimit(type: string): number {
  return instanceType(type)?.addressesPerInterface ?? Number.POSITIVE_INFINITY;
}

/** How many of them it has, of the family of which it has more; a delegated block is one. */
export function addressCount(eni: NetworkInterface): number {
  const { addresses, ipv4Prefixes, ipv6Addresses, ipv6Prefixes } = eni;
  return Math.max(
    addresses.length + ipv4Prefixes.length,
    ipv6Addresses.length + ipv6Prefixes.length,
  );
}

/**
 * @param force does not wait for the instance
 * @throws AwsError InvalidAttachmentID.Malformed, InvalidAttachmentID.NotFound,
 * OperationNotPermitted for the primary interface, IncorrectState
 */
export function detachNetworkInterface(
  tx: Transaction,
  scope: Scope,
  attachmentId: string,
  force: boolean,
): void {
  const { eni, attachment } = findAttachment(tx, scope, attachmentId);
  checkNotManaged(eni);
  if (attachment.deviceIndex === 0) {
    const message =
      'The network interface at device index 0 and networkCard index 0 cannot be detached.';
    throw awsError('OperationNotPermitted', message);
  }
  // A forced detachment also ends one that is on its way.
  if (force && attachment.status === 'detaching') {
    finishDetachment(tx, eni);
    return;
  }
  const status = attachmentTransition(attachment, 'detach');
  const next = tx.update('network-interface', eni, { attachment: { ...attachment, status } });
  if (force) finishDetachment(tx, next);
  else tx.settle('network-interface.detached', eni.id, 2);
}

function findAttachment(
  tx: Transaction,
  scope: Scope,
  id: string,
): { eni: NetworkInterface; attachment: NetworkInterfaceAttachment } {
  checkIdShape('network-interface-attachment', id);
  const eni = tx.first('network-interface', 'attachment', id);
  if (eni?.attachment === undefined || !owns(scope, eni)) {
    throw notFound('network-interface-attachment', id);
  }
  return { eni, attachment: eni.attachment };
}

function finishDetachment(tx: Transaction, eni: NetworkInterface): void {
  tx.unschedule(eni.id);
  const { attachment: _gone, ...rest } = releasePublicAddress(tx, eni);
  tx.put('network-interface', { ...rest, status: 'available' });
}

/** An instance is running: the interfaces it was launched with carry packets. */
export function completeAttachments(tx: Transaction, instanceId: string): void {
  for (const eni of interfacesOf(tx, instanceId)) completeAttachment(tx, eni);
}

function completeAttachment(tx: Transaction, eni: NetworkInterface): void {
  if (eni.attachment?.status !== 'attaching') return;
  const status = attachmentTransition(eni.attachment, 'attached');
  tx.update('network-interface', eni, { attachment: { ...eni.attachment, status } });
}

/** An instance is gone: its interfaces are deleted or become free, as each says. */
export function dropAttachments(tx: Transaction, instanceId: string): void {
  for (const eni of interfacesOf(tx, instanceId)) {
    if (eni.attachment?.deleteOnTermination) removeNetworkInterface(tx, eni);
    else finishDetachment(tx, eni);
  }
}

export const attachmentEvents: Record<string, TimedEvent> = {
  'network-interface.attached': (tx, id) => {
    const eni = tx.get('network-interface', id);
    if (eni !== undefined) completeAttachment(tx, eni);
  },
  'network-interface.detached': (tx, id) => {
    const eni = tx.get('network-interface', id);
    if (eni?.attachment?.status === 'detaching') finishDetachment(tx, eni);
  },
};
