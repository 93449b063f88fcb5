/** How an attachment comes to carry packets, and how it ends (C-025 to C-028). */
import { awsError } from '../../model/error.ts';
import { TRANSIT_GATEWAY_VISIBLE_MILLIS } from '../../model/limits.ts';
import type { Owned } from '../../model/resource.ts';
import { isTerminal, transition } from '../../model/state-machine.ts';
import {
  attachmentMachine,
  hasEnded,
  sidesOf,
  type TransitGatewayAttachment,
  type TransitGatewayAttachmentEvent,
  type VpcAttachment,
} from '../../model/transit-gateway/attachment.ts';
import { traitsOf } from '../../model/transit-gateway/attachment-traits.ts';
import { isLivePeer } from '../../model/transit-gateway/connect-peer.ts';
import { dropTags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import {
  endAssociations,
  provisionAssociations,
  putAssociation,
  removeAssociations,
} from './association.ts';
import { hasRoom, makeInterfaces, removeInterfaces } from './attachment-interfaces.ts';
import { endMulticastAssociations, removeMulticastAssociations } from './multicast-association.ts';
import { removePolicyAssociations } from './policy-table.ts';
import { propagate } from './propagate.ts';
import {
  endPropagations,
  provisionPropagations,
  putPropagation,
  removePropagations,
} from './propagation.ts';

const KIND = 'transit-gateway-attachment';

/** AWS's usual times, in seconds. */
export const USUAL_SECONDS = {
  provision: 60,
  modify: 30,
  end: 60,
  /** Of what AWS's insides find out. */
  fail: 30,
} as const;

/**
 * The only writer of an attachment's state. Whatever was due for its old state no longer is; what
 * it propagates follows; an ended one is shown for a while (C-028).
 * @throws AwsError IncorrectState
 */
export function moveAttachment<A extends TransitGatewayAttachment>(
  tx: Transaction,
  attachment: A,
  event: TransitGatewayAttachmentEvent,
  members: Partial<A> = {},
): A {
  const { id } = attachment;
  const state = transition(attachmentMachine, attachment.state, event, id);
  tx.unschedule(id);
  const ended = isTerminal(attachmentMachine, state);
  const moved = { ...attachment, ...members, state, ...(ended && { endedAt: tx.now }) };
  tx.put(KIND, moved);
  propagate(tx, moved);
  if (ended) {
    const forgotten = tx.now + TRANSIT_GATEWAY_VISIBLE_MILLIS;
    tx.schedule('transit-gateway-attachment.forget', id, forgotten);
  }
  return moved;
}

/**
 * To be called with an attachment that has just become `pending`: its interfaces are made and the
 * default tables are asked for. Where a subnet has no address left it will fail (C-025).
 */
export function beginProvisioning<A extends TransitGatewayAttachment>(
  tx: Transaction,
  attachment: A,
): A {
  const { id } = attachment;
  if (attachment.resourceType === 'vpc' && !hasRoom(tx, attachment.subnets)) {
    tx.settle('transit-gateway-attachment.fail', id, USUAL_SECONDS.fail);
    return attachment;
  }
  joinDefaultTables(tx, attachment);
  tx.settle('transit-gateway-attachment.provision', id, USUAL_SECONDS.provision);
  if (attachment.resourceType !== 'vpc') return attachment;
  const subnets = makeInterfaces(tx, attachment, attachment.subnets);
  const equipped: VpcAttachment = { ...attachment, subnets };
  tx.put(KIND, equipped);
  return equipped as A;
}

/** C-055: as each gateway says now. A peering has nothing to propagate (C-061). */
function joinDefaultTables(tx: Transaction, attachment: TransitGatewayAttachment): void {
  for (const { transitGatewayId } of sidesOf(attachment)) {
    const options = tx.get('transit-gateway', transitGatewayId)?.options;
    const association = options?.associationDefaultRouteTableId;
    if (options?.defaultRouteTableAssociation && association !== undefined) {
      putAssociation(tx, transitGatewayId, association, attachment);
    }
    const propagation = options?.propagationDefaultRouteTableId;
    if (!traitsOf(attachment).propagates || propagation === undefined) continue;
    if (options?.defaultRouteTablePropagation) {
      putPropagation(tx, transitGatewayId, propagation, attachment);
    }
  }
}

/**
 * Packets stop at once; routes to it stay, as black holes (C-043).
 * @throws AwsError IncorrectState, also for a deletion while something rides on it
 */
export function endAttachment<A extends TransitGatewayAttachment>(
  tx: Transaction,
  attachment: A,
  event: 'reject' | 'delete' | 'fail',
): A {
  const { id } = attachment;
  if (event === 'delete') checkUnused(tx, id);
  const ending = moveAttachment(tx, attachment, event);
  endAssociations(tx, id);
  endMulticastAssociations(tx, id);
  endPropagations(tx, id);
  tx.settle('transit-gateway-attachment.finish', id, USUAL_SECONDS.end);
  return ending;
}

/** What rides on an attachment goes first: Connect attachments on a transport, peers on those. */
function checkUnused(tx: Transaction, id: string): void {
  const connects = tx.by(KIND, 'transport', id).filter((one) => !hasEnded(one));
  checkNone(id, 'Connect attachments', connects);
  const peers = tx.by('transit-gateway-connect-peer', 'attachment', id).filter(isLivePeer);
  checkNone(id, 'Connect peers', peers);
}

function checkNone(id: string, what: string, riders: readonly Pick<Owned, 'id'>[]): void {
  if (riders.length === 0) return;
  const ids = riders.map((rider) => rider.id).join(', ');
  throw awsError('IncorrectState', `${id} has non-deleted ${what}: ${ids}.`);
}

function finish(tx: Transaction, attachment: TransitGatewayAttachment): void {
  removeAssociations(tx, attachment.id);
  removeMulticastAssociations(tx, 'attachment', attachment.id);
  removePropagations(tx, attachment.id);
  removePolicyAssociations(tx, attachment.id);
  const subnets = attachment.resourceType === 'vpc' && removeInterfaces(tx, attachment.subnets);
  moveAttachment(tx, attachment, 'finish', subnets ? { subnets } : {});
}

type States = readonly TransitGatewayAttachment['state'][];
const PROVISIONED: States = ['pending', 'modifying', 'rollingBack'];
const ENDING: States = ['failing', 'rejecting', 'deleting'];

export const attachmentEvents: Record<string, TimedEvent> = {
  'transit-gateway-attachment.provision': (tx, id) => {
    const attachment = tx.get(KIND, id);
    if (attachment === undefined || !PROVISIONED.includes(attachment.state)) return;
    if (attachment.state === 'pending') {
      provisionAssociations(tx, id);
      provisionPropagations(tx, id);
    }
    moveAttachment(tx, attachment, 'provision');
  },
  /** What was asked for cannot be done; nothing of it has been (C-027). */
  'transit-gateway-attachment.roll-back': (tx, id) => {
    const attachment = tx.get(KIND, id);
    if (attachment?.state !== 'modifying') return;
    moveAttachment(tx, attachment, 'rollBack');
    tx.settle('transit-gateway-attachment.provision', id, USUAL_SECONDS.fail);
  },
  'transit-gateway-attachment.fail': (tx, id) => {
    const attachment = tx.get(KIND, id);
    if (attachment?.state === 'pending') endAttachment(tx, attachment, 'fail');
  },
  'transit-gateway-attachment.finish': (tx, id) => {
    const attachment = tx.get(KIND, id);
    if (attachment !== undefined && ENDING.includes(attachment.state)) finish(tx, attachment);
  },
  'transit-gateway-attachment.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
