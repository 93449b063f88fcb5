/** Multicast domains: made on a gateway that supports them, deleted when they are empty (C-114). */

import { awsError } from '../../model/error.ts';
import type { LifecycleEvent } from '../../model/lifecycle.ts';
import { TRANSIT_GATEWAY_VISIBLE_MILLIS } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import {
  isEndedAssociation,
  type MulticastDomain,
  type MulticastDomainOptions,
  multicastDomainMachine,
} from '../../model/transit-gateway/multicast-domain.ts';
import { find, type Scope } from '../scope.ts';
import { disassociateResource } from '../sharing/association.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { availableGateway } from './find.ts';
import { checkPresent } from './visible-multicast.ts';

const KIND = 'transit-gateway-multicast-domain';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 10, delete: 10 } as const;

export interface CreateMulticastDomain {
  readonly transitGatewayId: string;
  readonly options: MulticastDomainOptions;
  readonly tags: Tags;
}

/**
 * A domain in state `pending`.
 * @throws AwsError InvalidParameterCombination (C-115), InvalidTransitGatewayID.Malformed,
 *   InvalidTransitGatewayID.NotFound, IncorrectState (C-006),
 *   TransitGatewayMulticastDomainLimitExceeded (C-125)
 */
export function createMulticastDomain(
  tx: Transaction,
  scope: Scope,
  { transitGatewayId, options, tags }: CreateMulticastDomain,
): MulticastDomain {
  if (options.igmpv2Support && options.staticSourcesSupport) {
    const message = 'Igmpv2Support and StaticSourcesSupport cannot both be enabled.';
    throw awsError('InvalidParameterCombination', message);
  }
  const gateway = availableGateway(tx, scope, transitGatewayId);
  if (!gateway.options.multicastSupport) {
    throw awsError('IncorrectState', `${transitGatewayId} does not support multicast.`);
  }
  const live = tx.by(KIND, 'gateway', transitGatewayId).filter(({ state }) => state !== 'deleted');
  if (live.length >= tx.quota('multicastDomainsPerTransitGateway')) {
    const message = `The maximum number of multicast domains of ${transitGatewayId} has been reached.`;
    throw awsError('TransitGatewayMulticastDomainLimitExceeded', message);
  }
  const { account, region } = scope;
  const domain = tx.put(KIND, {
    id: tx.newId(KIND),
    account,
    region,
    transitGatewayId,
    state: 'pending',
    creationTime: tx.now,
    options,
  });
  putTags(tx, scope, KIND, domain.id, tags);
  tx.settle('transit-gateway-multicast-domain.provision', domain.id, USUAL_SECONDS.create);
  return domain;
}

/**
 * @throws AwsError InvalidTransitGatewayMulticastDomainId.Malformed,
 *   InvalidTransitGatewayMulticastDomainId.NotFound, IncorrectState also while subnets are in it
 */
export function deleteMulticastDomain(tx: Transaction, scope: Scope, id: string): MulticastDomain {
  const domain = checkPresent(find(tx, scope, KIND, id));
  const live = tx
    .by('transit-gateway-multicast-domain-association', 'domain', id)
    .filter((one) => !isEndedAssociation(one));
  if (live.length > 0) {
    const subnets = live.map(({ subnetId }) => subnetId).join(', ');
    throw awsError('IncorrectState', `${id} has associated subnets: ${subnets}.`);
  }
  const deleting = moveDomain(tx, domain, 'delete');
  disassociateResource(tx, id);
  tx.settle('transit-gateway-multicast-domain.finish', id, USUAL_SECONDS.delete);
  return deleting;
}

/**
 * The only writer of a domain's state. Whatever was due for its old state no longer is.
 * @throws AwsError IncorrectState
 */
function moveDomain(
  tx: Transaction,
  domain: MulticastDomain,
  event: LifecycleEvent,
): MulticastDomain {
  const state = transition(multicastDomainMachine, domain.state, event, domain.id);
  tx.unschedule(domain.id);
  return tx.update(KIND, domain, { state });
}

/** Takes a domain away with all that is in it: its gateway goes (C-012). */
export function removeDomain(tx: Transaction, { id }: MulticastDomain): void {
  for (const entry of tx.by('transit-gateway-multicast-group-entry', 'domain', id)) {
    tx.delete('transit-gateway-multicast-group-entry', entry.id);
  }
  for (const host of tx.by('transit-gateway-igmp-host', 'domain', id)) {
    tx.unschedule(host.id);
    tx.delete('transit-gateway-igmp-host', host.id);
  }
  for (const association of tx.by('transit-gateway-multicast-domain-association', 'domain', id)) {
    tx.unschedule(association.id);
    tx.delete('transit-gateway-multicast-domain-association', association.id);
  }
  tx.unschedule(id);
  disassociateResource(tx, id);
  dropTags(tx, id);
  tx.delete(KIND, id);
}

export const multicastDomainEvents: Record<string, TimedEvent> = {
  'transit-gateway-multicast-domain.provision': (tx, id) => {
    const domain = tx.get(KIND, id);
    if (domain?.state === 'pending') moveDomain(tx, domain, 'provision');
  },
  'transit-gateway-multicast-domain.finish': (tx, id) => {
    const domain = tx.get(KIND, id);
    if (domain?.state !== 'deleting') return;
    moveDomain(tx, domain, 'finish');
    const forgotten = tx.now + TRANSIT_GATEWAY_VISIBLE_MILLIS;
    tx.schedule('transit-gateway-multicast-domain.forget', id, forgotten);
  },
  'transit-gateway-multicast-domain.forget': (tx, id) => {
    const domain = tx.get(KIND, id);
    if (domain !== undefined) removeDomain(tx, domain);
  },
};
