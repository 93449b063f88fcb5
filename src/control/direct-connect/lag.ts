/** Link aggregation groups (H-054, H-055). */
import { hostedOn } from '../../model/direct-connect/carrier.ts';
import type { DirectConnectConnection } from '../../model/direct-connect/connection.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import { type DirectConnectLag, membersOfLag } from '../../model/direct-connect/lag.ts';
import { membersPerLag } from '../../model/direct-connect/location.ts';
import { ownerKey, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { checkLagRoom, checkLinks, checkPort, checkUnused, orderConnection } from './connection.ts';
import { moveLag, settleNext } from './connection-life.ts';
import { findConnection, findLag, newDirectConnectId } from './find.ts';
import { carrierChanged, rehomeInterfaces } from './interface-life.ts';
import { checkName } from './name.ts';

const KIND = 'direct-connect-lag';
const CONNECTION = 'direct-connect-connection';

export interface CreateLag {
  readonly name: string;
  readonly location: string;
  readonly bandwidth: string;
  readonly providerName?: string;
  /** Of its connections, counting the one that is there already. */
  readonly count: number;
  readonly connectionId?: string;
  readonly tags: Tags;
  readonly connectionTags: Tags;
}

/** A LAG with new connections, and perhaps with one that is there. @throws AwsError */
export function createLag(tx: Transaction, scope: Scope, request: CreateLag): DirectConnectLag {
  const { name, location, bandwidth, providerName, count, connectionId, tags } = request;
  checkName('lagName', name);
  checkPort(scope, request);
  const most = membersPerLag(bandwidth);
  if (count < 1 || count > most) {
    throw directConnectError(
      `numberOfConnections is ${count}; a LAG of ${bandwidth} has 1 to ${most}.`,
    );
  }
  checkQuota(tx, scope);
  const { account, region } = scope;
  const provider = providerName === undefined ? {} : { providerName };
  const id = newDirectConnectId(tx, 'dxlag');
  putTags(tx, scope, KIND, id, tags);
  const place = { id, account, region, name, location, bandwidth, ...provider };
  const lag = tx.put(KIND, { ...place, state: 'requested', minimumLinks: 0 });
  settleNext(tx, KIND, lag);
  if (connectionId !== undefined) associateConnection(tx, scope, connectionId, id);
  const first = connectionId === undefined ? 1 : 2;
  for (let number = first; number <= count; number++) {
    const child = { location, bandwidth, ...provider, tags: request.connectionTags, lagId: id };
    orderConnection(tx, scope, { ...child, name: `Requested Connection ${number} for Lag ${id}` });
  }
  return lag;
}

/** H-056 */
function checkQuota(tx: Transaction, scope: Scope): void {
  const live = tx.by(KIND, 'owner', ownerKey(scope)).filter(({ state }) => state !== 'deleted');
  const most = tx.quota('lagsPerRegion');
  if (live.length < most) return;
  throw directConnectError(`There are ${most} LAGs in ${scope.region} already, the maximum.`);
}

/** What runs over the connection runs over the LAG from now on (H-055). @throws AwsError */
export function associateConnection(
  tx: Transaction,
  scope: Scope,
  connectionId: string,
  lagId: string,
): DirectConnectConnection {
  const connection = findConnection(tx, scope, connectionId);
  const lag = findLag(tx, scope, lagId);
  if (connection.lagId === lagId) return connection;
  if (connection.hosted !== undefined) {
    throw directConnectError(`${connectionId} is a hosted connection, which no LAG takes.`);
  }
  if (connection.state === 'deleting') {
    throw directConnectError(`Connection ${connectionId} is being deleted.`);
  }
  checkLagRoom(tx, lag, connection);
  if (connection.lagId !== undefined) checkLinks(tx, connection.lagId);
  rehomeInterfaces(tx, connectionId, lagId);
  for (const hosted of hostedOn(tx, connectionId)) {
    tx.update(CONNECTION, hosted, { hosted: { ...hosted.hosted!, parentId: lagId } });
  }
  const moved = tx.update(CONNECTION, connection, { lagId });
  carrierChanged(tx, lagId);
  return moved;
}

/** What ran over the LAG stays with it (H-055). @throws AwsError */
export function disassociateConnection(
  tx: Transaction,
  scope: Scope,
  connectionId: string,
  lagId: string,
): DirectConnectConnection {
  const { lagId: held, ...connection } = findConnection(tx, scope, connectionId);
  findLag(tx, scope, lagId);
  if (held !== lagId) {
    throw directConnectError(`Connection ${connectionId} is not associated with Lag ${lagId}`);
  }
  checkLinks(tx, lagId, true);
  const moved = tx.put(CONNECTION, connection);
  carrierChanged(tx, lagId);
  return moved;
}

export interface LagChanges {
  readonly name?: string;
  readonly minimumLinks?: number;
}

/** @throws AwsError */
export function updateLag(
  tx: Transaction,
  scope: Scope,
  id: string,
  changes: LagChanges,
): DirectConnectLag {
  const lag = findLag(tx, scope, id);
  const { name, minimumLinks } = changes;
  if (name !== undefined) checkName('lagName', name);
  const most = membersOfLag(tx, id).length;
  if (minimumLinks !== undefined && (minimumLinks < 0 || minimumLinks > most)) {
    const message = `minimumLinks is ${minimumLinks}; the LAG ${id} has ${most} connections.`;
    throw directConnectError(message);
  }
  const updated = tx.put(KIND, { ...lag, ...changes });
  carrierChanged(tx, id);
  return updated;
}

/** Its connections stay, by themselves. @throws AwsError */
export function deleteLag(tx: Transaction, scope: Scope, id: string): DirectConnectLag {
  const lag = findLag(tx, scope, id);
  checkUnused(tx, 'Lag', id);
  const deleting = moveLag(tx, lag, 'delete');
  for (const { lagId: _, ...connection } of membersOfLag(tx, id)) tx.put(CONNECTION, connection);
  return deleting;
}
