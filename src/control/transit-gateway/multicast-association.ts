/** Which subnets of attached VPCs are in a multicast domain (C-116, C-117). */
import { type AwsError, awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import { TRANSIT_GATEWAY_VISIBLE_MILLIS } from '../../model/limits.ts';
import { isTerminal, transition } from '../../model/state-machine.ts';
import type { VpcAttachment } from '../../model/transit-gateway/attachment.ts';
import {
  isEndedAssociation,
  type MulticastAssociation,
  type MulticastAssociationEvent,
  type MulticastDomain,
  multicastAssociationId,
  multicastAssociationMachine,
} from '../../model/transit-gateway/multicast-domain.ts';
import { find, type Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { readyAttachmentOf } from './find.ts';
import { leaveGroups } from './multicast-leave.ts';
import { findAttachment } from './visible-attachment.ts';
import { availableDomain, checkPresent, findUsableDomain } from './visible-multicast.ts';

const KIND = 'transit-gateway-multicast-domain-association';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { associate: 10, disassociate: 10 } as const;

/** Subnets of one attachment, and a domain. */
export interface MulticastJoint {
  readonly domainId: string;
  readonly attachmentId: string;
  readonly subnetIds: readonly string[];
}

/**
 * The subnets, `associating`, or `pendingAcceptance` where the domain's owner is another account
 * and does not accept by itself. Whoever calls owns them.
 * @throws AwsError the Malformed and NotFound errors of domains, attachments and subnets,
 *   IncorrectState, InvalidParameterValue, Resource.AlreadyAssociated (C-116),
 *   TransitGatewayMulticastDomainAssociationLimitExceeded (C-125)
 */
export function associateMulticastDomain(
  tx: Transaction,
  scope: Scope,
  { domainId, attachmentId, subnetIds }: MulticastJoint,
): MulticastAssociation[] {
  const domain = availableDomain(tx, scope, domainId);
  findAttachment(tx, scope, attachmentId);
  const attachment = readyAttachmentOf(tx, domain.transitGatewayId, attachmentId);
  if (attachment.resourceType !== 'vpc') {
    const message = `${attachmentId} is not an attachment of a VPC.`;
    throw awsError('InvalidParameterValue', message);
  }
  const chosen = [...new Set(subnetIds)];
  for (const subnetId of chosen) checkSubnet(tx, scope, attachment, subnetId);
  const present = tx.count(KIND, 'vpc', attachment.vpcId);
  if (present + chosen.length > tx.quota('multicastDomainAssociationsPerVpc')) {
    const message = `The maximum number of multicast domain associations of ${attachment.vpcId} has been reached.`;
    throw awsError('TransitGatewayMulticastDomainAssociationLimitExceeded', message);
  }
  return chosen.map((subnetId) => putAssociation(tx, domain, attachment, subnetId));
}

function checkSubnet(
  tx: Transaction,
  scope: Scope,
  { vpcId }: VpcAttachment,
  subnetId: string,
): void {
  if (find(tx, scope, 'subnet', subnetId).vpcId !== vpcId) throw notFound('subnet', subnetId);
  const other = tx.first(KIND, 'subnet', subnetId);
  if (other === undefined) return;
  const message = `The subnet '${subnetId}' is already associated with ${other.domainId}.`;
  throw awsError('Resource.AlreadyAssociated', message);
}

function putAssociation(
  tx: Transaction,
  domain: MulticastDomain,
  { id: attachmentId, vpcId, account }: VpcAttachment,
  subnetId: string,
): MulticastAssociation {
  const isAccepted = account === domain.account || domain.options.autoAcceptSharedAssociations;
  const id = multicastAssociationId(domain.id, subnetId);
  // One that was rejected before may still be shown.
  tx.unschedule(id);
  const place = { domainId: domain.id, attachmentId, vpcId, subnetId };
  const state = isAccepted ? 'associating' : 'pendingAcceptance';
  const association = tx.put(KIND, { id, ...place, state });
  if (isAccepted) provisionLater(tx, association);
  return association;
}

function provisionLater(tx: Transaction, { id }: MulticastAssociation): void {
  tx.settle('transit-gateway-multicast-association.provision', id, USUAL_SECONDS.associate);
}

/**
 * By the domain's owner; without subnets, all that wait.
 * @throws AwsError the Malformed and NotFound errors of domains and attachments,
 *   InvalidTransitGatewayMulticastDomainAssociation.NotFound, IncorrectState
 */
export function acceptMulticastAssociations(
  tx: Transaction,
  scope: Scope,
  joint: MulticastJoint,
): MulticastAssociation[] {
  return asked(tx, scope, joint).map((association) => {
    const accepted = move(tx, association, 'accept');
    provisionLater(tx, accepted);
    return accepted;
  });
}

/** @throws AwsError as `acceptMulticastAssociations` */
export function rejectMulticastAssociations(
  tx: Transaction,
  scope: Scope,
  joint: MulticastJoint,
): MulticastAssociation[] {
  return asked(tx, scope, joint).map((association) => move(tx, association, 'reject'));
}

function asked(
  tx: Transaction,
  scope: Scope,
  { domainId, attachmentId, subnetIds }: MulticastJoint,
): MulticastAssociation[] {
  checkPresent(find(tx, scope, 'transit-gateway-multicast-domain', domainId));
  checkIdShape('transit-gateway-attachment', attachmentId);
  if (subnetIds.length > 0) return named(tx, { domainId, attachmentId, subnetIds });
  const waiting = tx
    .by(KIND, 'attachment', attachmentId)
    .filter((one) => one.domainId === domainId && one.state === 'pendingAcceptance');
  if (waiting.length === 0) throw noAssociation(attachmentId, domainId);
  return [...waiting];
}

/**
 * Nothing more passes, and its interfaces are in no group any longer. The domain's owner may take
 * out any subnet, others theirs.
 * @throws AwsError as `acceptMulticastAssociations`
 */
export function disassociateMulticastDomain(
  tx: Transaction,
  scope: Scope,
  joint: MulticastJoint,
): MulticastAssociation[] {
  findUsableDomain(tx, scope, joint.domainId);
  findAttachment(tx, scope, joint.attachmentId);
  return named(tx, joint).map((association) => {
    const ending = move(tx, association, 'disassociate');
    leaveGroups(tx, ending);
    const event = 'transit-gateway-multicast-association.finish';
    tx.settle(event, ending.id, USUAL_SECONDS.disassociate);
    return ending;
  });
}

/** The associations of these subnets, each there. */
function named(
  tx: Transaction,
  { domainId, attachmentId, subnetIds }: MulticastJoint,
): MulticastAssociation[] {
  return [...new Set(subnetIds)].map((subnetId) => {
    checkIdShape('subnet', subnetId);
    const association = tx.get(KIND, multicastAssociationId(domainId, subnetId));
    if (association?.attachmentId !== attachmentId) throw noAssociation(subnetId, domainId);
    return association;
  });
}

function noAssociation(what: string, domainId: string): AwsError {
  const message = `${what} has no association with ${domainId}.`;
  return awsError('InvalidTransitGatewayMulticastDomainAssociation.NotFound', message);
}

/**
 * The only writer of an association's state; a rejected one is shown for a while.
 * @throws AwsError IncorrectState
 */
function move(
  tx: Transaction,
  association: MulticastAssociation,
  event: MulticastAssociationEvent,
): MulticastAssociation {
  const { id, subnetId } = association;
  const state = transition(multicastAssociationMachine, association.state, event, subnetId);
  tx.unschedule(id);
  if (isTerminal(multicastAssociationMachine, state)) {
    const forgotten = tx.now + TRANSIT_GATEWAY_VISIBLE_MILLIS;
    tx.schedule('transit-gateway-multicast-association.forget', id, forgotten);
  }
  return tx.update(KIND, association, { state });
}

/** The attachment is on its way out: its subnets' packets pass no longer. */
export function endMulticastAssociations(tx: Transaction, attachmentId: string): void {
  for (const association of tx.by(KIND, 'attachment', attachmentId)) {
    const { state } = association;
    if (state === 'associating') move(tx, association, 'fail');
    else if (state === 'associated') leaveGroups(tx, move(tx, association, 'disassociate'));
    else if (state === 'pendingAcceptance') move(tx, association, 'disassociate');
  }
}

/** Nothing is left of the attachment, or of the subnet. */
export function removeMulticastAssociations(
  tx: Transaction,
  by: 'attachment' | 'subnet',
  id: string,
): void {
  for (const association of tx.by(KIND, by, id)) {
    if (!isEndedAssociation(association)) leaveGroups(tx, association);
    tx.unschedule(association.id);
    tx.delete(KIND, association.id);
  }
}

export const multicastAssociationEvents: Record<string, TimedEvent> = {
  'transit-gateway-multicast-association.provision': (tx, id) => {
    const association = tx.get(KIND, id);
    if (association?.state === 'associating') move(tx, association, 'provision');
  },
  'transit-gateway-multicast-association.finish': (tx, id) => {
    if (tx.get(KIND, id)?.state === 'disassociating') tx.delete(KIND, id);
  },
  'transit-gateway-multicast-association.forget': (tx, id) => {
    tx.delete(KIND, id);
  },
};
