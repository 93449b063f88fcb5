/** The peering connections a caller may see: those of both its sides, while they are visible. */
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import type { PeeringConnection } from '../../model/peering/peering-connection.ts';
import { isVisibleIn } from '../../model/peering/peering-visibility.ts';
import { ownerKey, type Scope } from '../scope.ts';

/**
 * The connection a caller names.
 * @param now milliseconds since the epoch on the cloud's clock
 * @throws AwsError InvalidVpcPeeringConnectionId.Malformed, InvalidVpcPeeringConnectionID.NotFound
 */
export function findPeering(
  reader: ModelReader,
  scope: Scope,
  id: string,
  now: number,
): PeeringConnection {
  checkIdShape('vpc-peering-connection', id);
  const connection = reader.get('vpc-peering-connection', id);
  if (connection === undefined || !isVisibleIn(connection, scope, now)) {
    throw notFound('vpc-peering-connection', id); // B-014, B-020
  }
  return connection;
}

/** Every connection a caller sees, in order of creation. */
export function visiblePeerings(
  reader: ModelReader,
  scope: Scope,
  now: number,
): readonly PeeringConnection[] {
  return reader
    .by('vpc-peering-connection', 'owner', ownerKey(scope))
    .filter((connection) => isVisibleIn(connection, scope, now));
}
