/** What the parties of a VPC attachment do with it: accept, reject, modify, delete (C2, C8). */
import { type AwsError, awsError } from '../../model/error.ts';
import { notFound } from '../../model/id.ts';
import { transition } from '../../model/state-machine.ts';
import {
  type AttachmentSubnet,
  attachmentMachine,
  type VpcAttachment,
  type VpcAttachmentOptions,
} from '../../model/transit-gateway/attachment.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { hasRoom, makeInterfaces, removeInterfaces } from './attachment-interfaces.ts';
import {
  beginProvisioning,
  endAttachment,
  moveAttachment,
  USUAL_SECONDS,
} from './attachment-life.ts';
import { findVpcAttachment } from './visible-attachment.ts';
import { attachmentSubnets, checkZones } from './vpc-attachment.ts';

/**
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, OperationNotPermitted by the VPC's owner,
 *   IncorrectState (C-029), NetworkInterfaceLimitExceeded
 */
export function acceptVpcAttachment(tx: Transaction, scope: Scope, id: string): VpcAttachment {
  const attachment = answerable(tx, scope, id);
  return beginProvisioning(tx, moveAttachment(tx, attachment, 'accept'));
}

/** @throws AwsError as `acceptVpcAttachment`, without the last */
export function rejectVpcAttachment(tx: Transaction, scope: Scope, id: string): VpcAttachment {
  return endAttachment(tx, answerable(tx, scope, id), 'reject');
}

/** The attachment, if the caller owns its gateway. */
function answerable(tx: Transaction, scope: Scope, id: string): VpcAttachment {
  const attachment = findVpcAttachment(tx, scope, id);
  if (attachment.transitGatewayOwnerId === scope.account) return attachment;
  throw notPermitted(scope, `answer the request for ${id}`);
}

/**
 * Either party may (C-111).
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, IncorrectState (C-027, C-028)
 */
export function deleteVpcAttachment(tx: Transaction, scope: Scope, id: string): VpcAttachment {
  return endAttachment(tx, findVpcAttachment(tx, scope, id), 'delete');
}

export interface ModifyVpcAttachment {
  readonly addSubnetIds: readonly string[];
  readonly removeSubnetIds: readonly string[];
  readonly options: Partial<VpcAttachmentOptions>;
}

/**
 * Where a new subnet has no address left, nothing is changed and it rolls back (C-027).
 * @throws AwsError InvalidTransitGatewayAttachmentID.*, OperationNotPermitted by the gateway's
 *   owner, IncorrectState, InsufficientSubnetsException (C-024), InvalidSubnetID.*,
 *   DuplicateSubnetsInSameZone, InvalidParameterValue (C-021), NetworkInterfaceLimitExceeded
 */
export function modifyVpcAttachment(
  tx: Transaction,
  scope: Scope,
  id: string,
  { addSubnetIds, removeSubnetIds, options }: ModifyVpcAttachment,
): VpcAttachment {
  const attachment = findVpcAttachment(tx, scope, id);
  if (attachment.account !== scope.account) throw notPermitted(scope, `modify ${id}`);
  transition(attachmentMachine, attachment.state, 'modify', id);
  const { removed, kept } = split(attachment, removeSubnetIds);
  const added = attachmentSubnets(tx, { id: attachment.vpcId }, addSubnetIds);
  checkZones([...kept, ...added]);
  if (!hasRoom(tx, added)) {
    const modifying = moveAttachment(tx, attachment, 'modify');
    tx.settle('transit-gateway-attachment.roll-back', id, USUAL_SECONDS.fail);
    return modifying;
  }
  removeInterfaces(tx, removed);
  const modifying = moveAttachment(tx, attachment, 'modify', {
    subnets: [...kept, ...makeInterfaces(tx, attachment, added)],
    options: { ...attachment.options, ...options },
  });
  tx.settle('transit-gateway-attachment.provision', id, USUAL_SECONDS.modify);
  return modifying;
}

/** C-024: one at least stays, whatever the same call adds. */
function split({ id, subnets }: VpcAttachment, removeSubnetIds: readonly string[]) {
  const isRemoved = ({ subnetId }: AttachmentSubnet) => removeSubnetIds.includes(subnetId);
  const unknown = removeSubnetIds.find((one) => !subnets.some(({ subnetId }) => subnetId === one));
  if (unknown !== undefined) throw notFound('subnet', unknown);
  const kept = subnets.filter((one) => !isRemoved(one));
  if (kept.length > 0) return { kept, removed: subnets.filter(isRemoved) };
  const message = `The last subnet of ${id} cannot be removed.`;
  throw awsError('InsufficientSubnetsException', message);
}

function notPermitted({ account }: Scope, what: string): AwsError {
  return awsError('OperationNotPermitted', `User ${account} cannot ${what}`);
}
