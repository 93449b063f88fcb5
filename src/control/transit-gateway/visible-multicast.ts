/** Multicast domains that a caller may use: its own, and those that are shared with it. */
import { notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import type { MulticastDomain } from '../../model/transit-gateway/multicast-domain.ts';
import { incorrectState } from '../../model/transit-gateway/transit-gateway.ts';
import type { Scope } from '../scope.ts';
import { findVisible } from '../sharing/find-visible.ts';

const KIND = 'transit-gateway-multicast-domain';

/**
 * One that is deleted is only shown.
 * @throws AwsError InvalidTransitGatewayMulticastDomainId.Malformed,
 *   InvalidTransitGatewayMulticastDomainId.NotFound
 */
export function findUsableDomain(reader: ModelReader, scope: Scope, id: string): MulticastDomain {
  return checkPresent(findVisible(reader, scope, KIND, id));
}

/** @throws AwsError InvalidTransitGatewayMulticastDomainId.NotFound */
export function checkPresent(domain: MulticastDomain): MulticastDomain {
  if (domain.state === 'deleted') throw notFound(KIND, domain.id);
  return domain;
}

/**
 * One that something may be made in.
 * @throws AwsError as `findUsableDomain`, IncorrectState
 */
export function availableDomain(reader: ModelReader, scope: Scope, id: string): MulticastDomain {
  const domain = findUsableDomain(reader, scope, id);
  if (domain.state !== 'available') throw incorrectState(id);
  return domain;
}
