/** Making transit gateways and deleting them (C1). */
import { awsError } from '../../model/error.ts';
import { notFound } from '../../model/id.ts';
import { TRANSIT_GATEWAY_VISIBLE_MILLIS } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import { concerns, hasEnded } from '../../model/transit-gateway/attachment.ts';
import {
  type TransitGateway,
  type TransitGatewayEvent,
  type TransitGatewayOptions,
  transitGatewayMachine,
} from '../../model/transit-gateway/transit-gateway.ts';
import { find, ownerKey, type Scope } from '../scope.ts';
import { disassociateResource } from '../sharing/association.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkOptions } from './gateway-options.ts';
import { removeDomain } from './multicast-domain.ts';
import { removePolicyTables } from './policy-table.ts';
import { createTable, removeTable } from './route-table.ts';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 120, modify: 30, delete: 60 } as const;

/** What the caller may choose when the gateway is made. */
export type NewGatewayOptions = Omit<
  TransitGatewayOptions,
  'associationDefaultRouteTableId' | 'propagationDefaultRouteTableId' | 'encryptionSupport'
>;

export interface CreateTransitGateway {
  readonly description: string;
  readonly options: NewGatewayOptions;
  readonly tags: Tags;
}

/**
 * A gateway in state `pending`, with a route table if either default wants one (C-007).
 * @throws AwsError InvalidParameterValue (C-004, C-008), TransitGatewayLimitExceeded (C-014)
 */
export function createTransitGateway(
  tx: Transaction,
  scope: Scope,
  { description, options, tags }: CreateTransitGateway,
): TransitGateway {
  checkOptions(options);
  const { account, region } = scope;
  const live = tx
    .by('transit-gateway', 'owner', ownerKey(scope))
    .filter(({ state }) => state !== 'deleted');
  if (live.length >= tx.quota('transitGatewaysPerRegion')) {
    const message = 'The maximum number of transit gateways has been reached.';
    throw awsError('TransitGatewayLimitExceeded', message);
  }
  const gateway: TransitGateway = {
    id: tx.newId('transit-gateway'),
    account,
    region,
    state: 'pending',
    description,
    creationTime: tx.now,
    options: { ...options, encryptionSupport: false },
  };
  tx.put('transit-gateway', gateway);
  putTags(tx, scope, 'transit-gateway', gateway.id, tags);
  tx.settle('transit-gateway.provision', gateway.id, USUAL_SECONDS.create);
  return tx.update('transit-gateway', gateway, {
    options: withDefaultTables(tx, gateway, gateway.options),
  });
}

/** C-007: a default that is on and has no table gets one; both get the same. */
export function withDefaultTables(
  tx: Transaction,
  gateway: TransitGateway,
  options: TransitGatewayOptions,
): TransitGatewayOptions {
  const { associationDefaultRouteTableId, propagationDefaultRouteTableId, ...rest } = options;
  const { defaultRouteTableAssociation, defaultRouteTablePropagation } = rest;
  let known = associationDefaultRouteTableId ?? propagationDefaultRouteTableId;
  const table = () => {
    known ??= createTable(tx, gateway, {}).id;
    return known;
  };
  return {
    ...rest,
    ...(defaultRouteTableAssociation && {
      associationDefaultRouteTableId: associationDefaultRouteTableId ?? table(),
    }),
    ...(defaultRouteTablePropagation && {
      propagationDefaultRouteTableId: propagationDefaultRouteTableId ?? table(),
    }),
  };
}

/**
 * Its tables go with it (C-012).
 * @throws AwsError InvalidTransitGatewayID.Malformed, InvalidTransitGatewayID.NotFound,
 *   IncorrectState (C-011)
 */
export function deleteTransitGateway(tx: Transaction, scope: Scope, id: string): TransitGateway {
  const gateway = find(tx, scope, 'transit-gateway', id);
  if (gateway.state === 'deleted') throw notFound('transit-gateway', id);
  checkUnattached(tx, id);
  const deleting = moveGateway(tx, gateway, 'delete');
  disassociateResource(tx, id);
  tx.settle('transit-gateway.finish', id, USUAL_SECONDS.delete);
  return deleting;
}

/** AWS's names of what is attached; clients look for them in the message. */
const ATTACHMENTS = {
  vpc: 'VPC Attachments',
  vpn: 'VPN Attachments',
  connect: 'Connect Attachments',
  'direct-connect-gateway': 'Direct Connect Gateway Attachments',
  peering: 'Transit Gateway Cross Region Peering Attachments',
} as const;

/** C-011 */
function checkUnattached(tx: Transaction, id: string): void {
  const attached = tx
    .by('transit-gateway-attachment', 'gateway', id)
    .filter((attachment) => !hasEnded(attachment) && concerns(attachment, id));
  // What carries a Connect attachment cannot go before it.
  const first = attached.find((one) => one.resourceType === 'connect') ?? attached[0];
  if (first === undefined) return;
  const { resourceType } = first;
  const same = attached.filter((attachment) => attachment.resourceType === resourceType);
  const ids = same.map((attachment) => attachment.id).join(', ');
  const message = `${id} has non-deleted ${ATTACHMENTS[resourceType]}: ${ids}.`;
  throw awsError('IncorrectState', message);
}

/**
 * The only writer of a gateway's state.
 * @throws AwsError IncorrectState
 */
export function moveGateway(
  tx: Transaction,
  gateway: TransitGateway,
  event: TransitGatewayEvent,
  members: Partial<TransitGateway> = {},
): TransitGateway {
  const state = transition(transitGatewayMachine, gateway.state, event, gateway.id);
  tx.unschedule(gateway.id);
  return tx.put('transit-gateway', { ...gateway, ...members, state });
}

/** Changes what the caller has asked for, and is `modifying` for a while. */
export function beginModification(
  tx: Transaction,
  gateway: TransitGateway,
  members: Partial<TransitGateway>,
): TransitGateway {
  const modifying = moveGateway(tx, gateway, 'modify', members);
  tx.settle('transit-gateway.provision', gateway.id, USUAL_SECONDS.modify);
  return modifying;
}

export const gatewayEvents: Record<string, TimedEvent> = {
  'transit-gateway.provision': (tx, id) => {
    const gateway = tx.get('transit-gateway', id);
    if (gateway?.state !== 'pending' && gateway?.state !== 'modifying') return;
    moveGateway(tx, gateway, 'provision');
  },
  'transit-gateway.finish': (tx, id) => {
    const gateway = tx.get('transit-gateway', id);
    if (gateway?.state !== 'deleting') return;
    for (const table of tx.by('transit-gateway-route-table', 'gateway', id)) removeTable(tx, table);
    const domains = tx.by('transit-gateway-multicast-domain', 'gateway', id);
    for (const domain of domains) removeDomain(tx, domain);
    removePolicyTables(tx, id);
    const { associationDefaultRouteTableId: _, ...rest } = gateway.options;
    const { propagationDefaultRouteTableId: __, ...options } = rest;
    moveGateway(tx, gateway, 'finish', { options });
    tx.schedule('transit-gateway.forget', id, tx.now + TRANSIT_GATEWAY_VISIBLE_MILLIS);
  },
  'transit-gateway.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete('transit-gateway', id);
  },
};
