/** Which multicast domains an account may use, and see: its own, and those it has a part in. */
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import { hasEnded } from '../../model/transit-gateway/attachment.ts';
import type { MulticastDomain } from '../../model/transit-gateway/multicast-domain.ts';
import { incorrectState } from '../../model/transit-gateway/transit-gateway.ts';
import { owned, owns, type Scope } from '../scope.ts';

const KIND = 'transit-gateway-multicast-domain';

/** AWS shares domains by RAM; here whoever has a VPC on the gateway may use the gateway's. */
function mayUseDomain(reader: ModelReader, scope: Scope, domain: MulticastDomain): boolean {
  if (owns(scope, domain)) return true;
  return reader
    .by('transit-gateway-attachment', 'gateway', domain.transitGatewayId)
    .some((one) => one.resourceType === 'vpc' && owns(scope, one) && !hasEnded(one));
}

/** Every domain that the caller may use: its own first. */
export function usableDomains(reader: ModelReader, scope: Scope): readonly MulticastDomain[] {
  const gateways = new Set(
    owned(reader, scope, 'transit-gateway-attachment')
      .filter((one) => one.resourceType === 'vpc' && owns(scope, one) && !hasEnded(one))
      .map(({ transitGatewayId }) => transitGatewayId),
  );
  const others = [...gateways]
    .flatMap((id) => reader.by(KIND, 'gateway', id))
    .filter((domain) => !owns(scope, domain));
  return [...owned(reader, scope, KIND), ...others];
}

/**
 * A domain that the caller may use, in whatever state.
 * @throws AwsError InvalidTransitGatewayMulticastDomainId.Malformed,
 *   InvalidTransitGatewayMulticastDomainId.NotFound
 */
export function findUsableDomain(reader: ModelReader, scope: Scope, id: string): MulticastDomain {
  checkIdShape(KIND, id);
  const domain = reader.get(KIND, id);
  if (domain === undefined || !mayUseDomain(reader, scope, domain)) throw notFound(KIND, id);
  return domain;
}

/**
 * One that something may be made in.
 * @throws AwsError as `findUsableDomain`, IncorrectState
 */
export function availableDomain(reader: ModelReader, scope: Scope, id: string): MulticastDomain {
  return checkDomain(findUsableDomain(reader, scope, id));
}

/** @throws AwsError IncorrectState */
export function checkDomain(domain: MulticastDomain): MulticastDomain {
  if (domain.state === 'available') return domain;
  throw incorrectState(domain.id);
}
