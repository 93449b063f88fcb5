/** Dedicated connections, and what holds for hosted ones as well (H-053, H-055, H-056). */
import { hostedOn } from '../../model/direct-connect/carrier.ts';
import {
  type DirectConnectConnection,
  isLiveConnection,
} from '../../model/direct-connect/connection.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import { type DirectConnectLag, membersOfLag } from '../../model/direct-connect/lag.ts';
import { locationsOf, membersPerLag, PORT_SPEEDS } from '../../model/direct-connect/location.ts';
import { interfacesOn } from '../../model/direct-connect/virtual-interface.ts';
import type { ModelReader } from '../../model/model.ts';
import { ownerKey, type Scope } from '../scope.ts';
import type { Tags } from '../tags.ts';
import { putTags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { moveConnection, settleNext } from './connection-life.ts';
import { findConnection, findLag, newDirectConnectId } from './find.ts';
import { checkName } from './name.ts';

const KIND = 'direct-connect-connection';

export interface CreateConnection {
  readonly name: string;
  readonly location: string;
  readonly bandwidth: string;
  readonly providerName?: string;
  readonly lagId?: string;
  readonly tags: Tags;
}

/** @throws AwsError */
export function createConnection(
  tx: Transaction,
  scope: Scope,
  request: CreateConnection,
): DirectConnectConnection {
  checkPort(scope, request);
  if (request.lagId !== undefined) {
    checkLagRoom(tx, findLag(tx, scope, request.lagId), request);
  }
  return orderConnection(tx, scope, request);
}

/** @throws AwsError for a place or a speed that there is not */
export function checkPort(
  { region }: Scope,
  { location, bandwidth }: { readonly location: string; readonly bandwidth: string },
): void {
  if (!locationsOf(region).some(({ code }) => code === location)) {
    throw directConnectError(`The location ${location} is not one of ${region}.`);
  }
  if (!(PORT_SPEEDS as readonly string[]).includes(bandwidth)) {
    const message = `The bandwidth ${bandwidth} is not one of ${PORT_SPEEDS.join(', ')}.`;
    throw directConnectError(message);
  }
}

/** A connection in state `requested`. @throws AwsError also beyond the quota (H-056) */
export function orderConnection(
  tx: Transaction,
  scope: Scope,
  { name, location, bandwidth, providerName, lagId, tags }: CreateConnection,
): DirectConnectConnection {
  checkName('connectionName', name);
  const { account, region } = scope;
  const dedicated = tx
    .by(KIND, 'owner', ownerKey(scope))
    .filter((one) => isLiveConnection(one) && one.hosted === undefined);
  const most = tx.quota('dedicatedConnectionsPerRegion');
  if (dedicated.length >= most) {
    throw directConnectError(`There are ${most} connections in ${region} already, the maximum.`);
  }
  const id = newDirectConnectId(tx, 'dxcon');
  putTags(tx, scope, KIND, id, tags);
  const connection = tx.put(KIND, {
    id,
    account,
    region,
    state: 'requested',
    name,
    location,
    bandwidth,
    ...(providerName !== undefined && { providerName }),
    ...(lagId !== undefined && { lagId }),
  });
  settleNext(tx, KIND, connection);
  return connection;
}

/** H-054. @throws AwsError */
export function checkLagRoom(
  reader: ModelReader,
  lag: DirectConnectLag,
  { location, bandwidth }: Pick<DirectConnectConnection, 'location' | 'bandwidth'>,
): void {
  const { id, state } = lag;
  if (state === 'deleting') throw directConnectError(`The LAG ${id} is being deleted.`);
  if (lag.location !== location || lag.bandwidth !== bandwidth) {
    const what = `connections of ${lag.bandwidth} at ${lag.location}`;
    throw directConnectError(`The LAG ${id} takes ${what}, not of ${bandwidth} at ${location}.`);
  }
  const most = membersPerLag(bandwidth);
  if (membersOfLag(reader, id).length < most) return;
  throw directConnectError(`The LAG ${id} has ${most} connections, the maximum.`);
}

/** @throws AwsError */
export function renameConnection(
  tx: Transaction,
  scope: Scope,
  id: string,
  name: string | undefined,
): DirectConnectConnection {
  const connection = findConnection(tx, scope, id);
  if (name === undefined) return connection;
  checkName('connectionName', name);
  return tx.update(KIND, connection, { name });
}

/** @throws AwsError */
export function deleteConnection(
  tx: Transaction,
  scope: Scope,
  id: string,
): DirectConnectConnection {
  const connection = findConnection(tx, scope, id);
  checkUnused(tx, 'Connection', id);
  if (connection.lagId !== undefined) checkLinks(tx, connection.lagId);
  return moveConnection(tx, connection, connection.state === 'ordering' ? 'reject' : 'delete');
}

/** H-055: nothing runs over it. @throws AwsError */
export function checkUnused(reader: ModelReader, noun: string, id: string): void {
  const [user] = [...interfacesOn(reader, id), ...hostedOn(reader, id)];
  if (user === undefined) return;
  throw directConnectError(`${noun} ${id} cannot be deleted while ${user.id} runs over it.`);
}

/** H-055: a LAG may lose a connection. @throws AwsError */
export function checkLinks(reader: ModelReader, lagId: string, exceptLast = false): void {
  const lag = reader.get('direct-connect-lag', lagId);
  const left = membersOfLag(reader, lagId).length - 1;
  if (lag === undefined || left >= lag.minimumLinks || (exceptLast && left === 0)) return;
  const message = `The LAG ${lagId} would have ${left} connections, fewer than its minimumLinks`;
  throw directConnectError(`${message} of ${lag.minimumLinks}.`);
}
