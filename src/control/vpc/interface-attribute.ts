/** Changing the attributes of a network interface. */
import { notFound } from '../../model/id.ts';
import type { ConnectionTracking, NetworkInterface } from '../../model/vpc/network-interface.ts';
import { find, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { checkConnectionTracking, checkNotManaged, interfaceGroups } from './interface-settings.ts';

/** One attribute a call. */
export type InterfaceChange =
  | { readonly attribute: 'description'; readonly value: string }
  | { readonly attribute: 'groupSet'; readonly groupIds: readonly string[] }
  | { readonly attribute: 'sourceDestCheck'; readonly value: boolean }
  | {
      readonly attribute: 'attachment';
      readonly attachmentId: string;
      readonly deleteOnTermination: boolean;
    }
  | { readonly attribute: 'connectionTracking'; readonly settings: ConnectionTracking };

/**
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, OperationNotPermitted,
 * InvalidAttachmentID.NotFound, and those of `interfaceGroups` and `checkConnectionTracking`
 */
export function modifyInterfaceAttribute(
  tx: Transaction,
  scope: Scope,
  id: string,
  change: InterfaceChange,
): void {
  const eni = find(tx, scope, 'network-interface', id);
  checkNotManaged(eni);
  tx.update('network-interface', eni, membersOf(tx, scope, eni, change));
}

function membersOf(
  tx: Transaction,
  scope: Scope,
  eni: NetworkInterface,
  change: InterfaceChange,
): Partial<NetworkInterface> {
  switch (change.attribute) {
    case 'description':
      return { description: change.value };
    case 'sourceDestCheck':
      return { sourceDestCheck: change.value };
    case 'groupSet':
      return { groupIds: interfaceGroups(tx, scope, eni, change.groupIds) };
    case 'connectionTracking':
      checkConnectionTracking(change.settings);
      return { connectionTracking: { ...eni.connectionTracking, ...change.settings } };
    case 'attachment': {
      const { attachment } = eni;
      if (attachment?.id !== change.attachmentId) {
        throw notFound('network-interface-attachment', change.attachmentId);
      }
      const { deleteOnTermination } = change;
      return { attachment: { ...attachment, deleteOnTermination } };
    }
  }
}
