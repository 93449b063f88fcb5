/** Hosted connections: parts of one's own connection or LAG, for other accounts (H-053). */
import { carrierKind, hostedOn } from '../../model/direct-connect/carrier.ts';
import type { DirectConnectConnection } from '../../model/direct-connect/connection.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import { HOSTED_SPEEDS } from '../../model/direct-connect/location.ts';
import { owns, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { deleteConnection } from './connection.ts';
import { moveConnection } from './connection-life.ts';
import { findConnection, newDirectConnectId, usableCarrier } from './find.ts';
import { checkVlan } from './interface-life.ts';
import { checkName } from './name.ts';

const KIND = 'direct-connect-connection';

export interface AllocateConnection {
  readonly parentId: string;
  readonly ownerAccount: string;
  readonly bandwidth: string;
  readonly name: string;
  readonly vlan: number;
  readonly tags: Tags;
}

/** One in state `ordering`, until its owner confirms. @throws AwsError */
export function allocateConnection(
  tx: Transaction,
  scope: Scope,
  { parentId, ownerAccount, bandwidth, name, vlan, tags }: AllocateConnection,
): DirectConnectConnection {
  const parent = usableCarrier(tx, scope, parentId);
  checkName('connectionName', name);
  if ('hosted' in parent) {
    throw directConnectError(`${parentId} is a hosted connection, and hosts none itself.`);
  }
  if (!/^\d{12}$/.test(ownerAccount)) {
    throw directConnectError(`ownerAccount '${ownerAccount}' is not an account of 12 digits.`);
  }
  if (!(HOSTED_SPEEDS as readonly string[]).includes(bandwidth)) {
    const message = `The bandwidth ${bandwidth} is not one of ${HOSTED_SPEEDS.join(', ')}.`;
    throw directConnectError(message);
  }
  if (vlan < 1 || vlan > 4094) throw directConnectError(`VLAN ${vlan} is not in 1 to 4094.`);
  checkVlan(tx, parentId, vlan);
  if (hostedOn(tx, parentId).some(({ hosted }) => hosted?.vlan === vlan)) {
    throw directConnectError(`VLAN ${vlan} is already in use on ${parentId}.`);
  }
  const { region } = scope;
  const owner = { account: ownerAccount, region };
  const id = newDirectConnectId(tx, 'dxcon');
  putTags(tx, owner, KIND, id, tags);
  const hosted = { parentId, vlan };
  const { location } = parent;
  return tx.put(KIND, { id, ...owner, state: 'ordering', name, location, bandwidth, hosted });
}

/** @throws AwsError */
export function confirmConnection(
  tx: Transaction,
  scope: Scope,
  id: string,
): DirectConnectConnection {
  return moveConnection(tx, findConnection(tx, scope, id), 'confirm');
}

/** By its owner, or by whose connection it is a part of. @throws AwsError */
export function deleteAnyConnection(
  tx: Transaction,
  scope: Scope,
  id: string,
): DirectConnectConnection {
  const connection = tx.get(KIND, id);
  const parentId = connection?.hosted?.parentId;
  const parent = parentId === undefined ? undefined : tx.get(carrierKind(parentId), parentId);
  const isHost = connection !== undefined && parent !== undefined && owns(scope, parent);
  return deleteConnection(tx, isHost ? connection : scope, id);
}
