/** Which gateways an account may use, and see: its own, and those that are shared with it. */
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import type { TransitGateway } from '../../model/transit-gateway/transit-gateway.ts';
import { owned, owns, type Scope } from '../scope.ts';

/** C-110: whether the caller may describe a gateway and attach to it. */
export function mayUse(_reader: ModelReader, scope: Scope, gateway: TransitGateway): boolean {
  return owns(scope, gateway);
}

/** Every gateway that the caller may use, in order of creation. */
export function usableGateways(reader: ModelReader, scope: Scope): readonly TransitGateway[] {
  return owned(reader, scope, 'transit-gateway');
}

/**
 * A gateway that the caller may use, in whatever state.
 * @throws AwsError InvalidTransitGatewayID.Malformed, InvalidTransitGatewayID.NotFound (C-013)
 */
export function findUsable(reader: ModelReader, scope: Scope, id: string): TransitGateway {
  checkIdShape('transit-gateway', id);
  const gateway = reader.get('transit-gateway', id);
  if (gateway === undefined || !mayUse(reader, scope, gateway)) {
    throw notFound('transit-gateway', id);
  }
  return gateway;
}
