/** The parts of Direct Connect that a command may be about: the caller's, and there (H-076). */
import { type Carrier, carrierKind } from '../../model/direct-connect/carrier.ts';
import {
  type DirectConnectConnection,
  isLiveConnection,
} from '../../model/direct-connect/connection.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import {
  DIRECT_CONNECT_GATEWAY_REGION,
  type DirectConnectGateway,
} from '../../model/direct-connect/gateway.ts';
import { type DirectConnectPrefix, directConnectId } from '../../model/direct-connect/id.ts';
import type { DirectConnectLag } from '../../model/direct-connect/lag.ts';
import {
  isLiveInterface,
  type VirtualInterface,
} from '../../model/direct-connect/virtual-interface.ts';
import type { AwsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { owns, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';

/** @throws AwsError */
export function findConnection(
  reader: ModelReader,
  scope: Scope,
  id: string,
): DirectConnectConnection {
  const connection = reader.get('direct-connect-connection', id);
  if (connection !== undefined && owns(scope, connection) && isLiveConnection(connection)) {
    return connection;
  }
  throw noConnection(id);
}

export function noConnection(id: string): AwsError {
  return directConnectError(`Could not find Connection with ID ${id}`);
}

/** @throws AwsError */
export function findLag(reader: ModelReader, scope: Scope, id: string): DirectConnectLag {
  const lag = reader.get('direct-connect-lag', id);
  if (lag !== undefined && owns(scope, lag) && lag.state !== 'deleted') return lag;
  throw noLag(id);
}

export function noLag(id: string): AwsError {
  return directConnectError(`Could not find Lag with ID ${id}`);
}

/**
 * A connection or LAG that something new may be put on: it will be there in a moment at least.
 * @throws AwsError
 */
export function usableCarrier(reader: ModelReader, scope: Scope, id: string): Carrier {
  const isLag = carrierKind(id) === 'direct-connect-lag';
  const carrier = isLag ? findLag(reader, scope, id) : findConnection(reader, scope, id);
  if (carrier.state !== 'ordering' && carrier.state !== 'deleting') return carrier;
  throw directConnectError(`${id} is ${carrier.state} and cannot take a virtual interface.`);
}

/** One that its owner or whose connection it runs over asks for. @throws AwsError */
export function findInterface(reader: ModelReader, scope: Scope, id: string): VirtualInterface {
  const found = reader.get('direct-connect-virtual-interface', id);
  if (found !== undefined && isLiveInterface(found) && sees(reader, scope, found)) return found;
  throw noInterface(id);
}

/** @throws AwsError */
export function findOwnInterface(reader: ModelReader, scope: Scope, id: string): VirtualInterface {
  const found = findInterface(reader, scope, id);
  if (owns(scope, found)) return found;
  throw noInterface(id);
}

function noInterface(id: string): AwsError {
  return directConnectError(`Virtual Interface ${id} does not exist`);
}

/** H-059: whose connection it runs over sees it, too. */
export function sees(reader: ModelReader, scope: Scope, found: VirtualInterface): boolean {
  if (owns(scope, found)) return true;
  const carrier = reader.get(carrierKind(found.connectionId), found.connectionId);
  return carrier !== undefined && owns(scope, carrier);
}

/** Where an account's Direct Connect gateways are (H-068). */
export function globalScope({ account }: Pick<Scope, 'account'>): Scope {
  return { account, region: DIRECT_CONNECT_GATEWAY_REGION };
}

/** From whatever Region. @throws AwsError */
export function findGateway(reader: ModelReader, scope: Scope, id: string): DirectConnectGateway {
  const gateway = reader.get('direct-connect-gateway', id);
  if (gateway?.account === scope.account) return gateway;
  throw noGateway(id);
}

export function noGateway(id: string): AwsError {
  return directConnectError(`Direct Connect Gateway ${id} does not exist`);
}

/** @throws AwsError */
export function availableGateway(
  reader: ModelReader,
  scope: Scope,
  id: string,
): DirectConnectGateway {
  const gateway = findGateway(reader, scope, id);
  if (gateway.state === 'available') return gateway;
  throw directConnectError(`Direct Connect Gateway ${id} is ${gateway.state}, not available.`);
}

/** An id that nothing has. */
export function newDirectConnectId(tx: Transaction, prefix: DirectConnectPrefix): string {
  for (;;) {
    const id = directConnectId(prefix, tx.random);
    const isTaken =
      prefix === 'dxpeer'
        ? tx.count('direct-connect-virtual-interface', 'peer', id) > 0
        : tx.get(KIND_OF[prefix], id) !== undefined;
    if (!isTaken) return id;
  }
}

const KIND_OF = {
  dxcon: 'direct-connect-connection',
  dxlag: 'direct-connect-lag',
  dxvif: 'direct-connect-virtual-interface',
} as const;
