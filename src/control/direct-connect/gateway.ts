/** Making Direct Connect gateways and deleting them (H-068). */
import { directConnectError } from '../../model/direct-connect/error.ts';
import {
  type DirectConnectGateway,
  directConnectGatewayMachine,
} from '../../model/direct-connect/gateway.ts';
import { associationsOf } from '../../model/direct-connect/gateway-association.ts';
import { interfacesOf } from '../../model/direct-connect/virtual-interface.ts';
import type { LifecycleEvent } from '../../model/lifecycle.ts';
import { transition } from '../../model/state-machine.ts';
import { uuid } from '../../net/uuid.ts';
import { ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkAmazonSideAsn } from '../transit-gateway/gateway-options.ts';
import { findGateway, globalScope } from './find.ts';
import { checkName } from './name.ts';

const KIND = 'direct-connect-gateway';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 10, delete: 10 } as const;

export interface CreateGateway {
  readonly name: string;
  readonly amazonSideAsn: number;
  readonly tags: Tags;
}

/** A gateway in state `pending`. @throws AwsError */
export function createGateway(
  tx: Transaction,
  scope: Scope,
  { name, amazonSideAsn, tags }: CreateGateway,
): DirectConnectGateway {
  checkName('directConnectGatewayName', name);
  checkAmazonSideAsn(amazonSideAsn);
  const owner = globalScope(scope);
  const most = tx.quota('directConnectGateways');
  if (tx.count(KIND, 'owner', ownerKey(owner)) >= most) {
    throw directConnectError(`There are ${most} Direct Connect gateways already, the maximum.`);
  }
  const id = uuid(tx.random);
  putTags(tx, owner, KIND, id, tags);
  tx.settle(`${KIND}.provision`, id, USUAL_SECONDS.create);
  return tx.put(KIND, { id, ...owner, state: 'pending', name, amazonSideAsn });
}

/** @throws AwsError */
export function renameGateway(
  tx: Transaction,
  scope: Scope,
  id: string,
  name: string,
): DirectConnectGateway {
  const gateway = findGateway(tx, scope, id);
  checkName('newDirectConnectGatewayName', name);
  return tx.update(KIND, gateway, { name });
}

/** @throws AwsError while anything is at it */
export function deleteGateway(tx: Transaction, scope: Scope, id: string): DirectConnectGateway {
  const gateway = findGateway(tx, scope, id);
  const user = associationsOf(tx, id)[0]?.gateway.id ?? interfacesOf(tx, id)[0]?.id;
  if (user !== undefined) {
    throw directConnectError(`Direct Connect Gateway ${id} cannot be deleted: ${user} is at it.`);
  }
  const deleting = move(tx, gateway, 'delete');
  tx.settle(`${KIND}.finish`, id, USUAL_SECONDS.delete);
  return deleting;
}

/** The only writer of a Direct Connect gateway's state. */
function move(
  tx: Transaction,
  gateway: DirectConnectGateway,
  event: LifecycleEvent,
): DirectConnectGateway {
  const state = transition(directConnectGatewayMachine, gateway.state, event, gateway.id);
  tx.unschedule(gateway.id);
  return tx.update(KIND, gateway, { state });
}

export const gatewayEvents: Record<string, TimedEvent> = {
  [`${KIND}.provision`]: (tx, id) => {
    const gateway = tx.get(KIND, id);
    if (gateway?.state === 'pending') move(tx, gateway, 'provision');
  },
  // Deleted ones are not described: nothing is left to keep.
  [`${KIND}.finish`]: (tx, id) => {
    const gateway = tx.get(KIND, id);
    if (gateway?.state !== 'deleting') return;
    move(tx, gateway, 'finish');
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
