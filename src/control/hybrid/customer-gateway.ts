/** Commands on customer gateways (H1). */
import { awsError } from '../../model/error.ts';
import {
  type CustomerGateway,
  customerGatewayMachine,
} from '../../model/hybrid/customer-gateway.ts';
import { isLiveConnection } from '../../model/hybrid/vpn-connection.ts';
import type { LifecycleEvent } from '../../model/lifecycle.ts';
import { HYBRID_VISIBLE_MILLIS } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import { ipKey } from '../../net/ip.ts';
import { ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { findLive } from './find.ts';

const KIND = 'customer-gateway';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 5, delete: 5 } as const;

export interface CreateCustomerGateway
  extends Pick<CustomerGateway, 'bgpAsn' | 'ipAddress' | 'certificateArn' | 'deviceName'> {
  readonly tags: Tags;
}

/**
 * A gateway in state `pending`, or the one there is that is the same (H-004), with its own tags.
 * @throws AwsError CustomerGatewayLimitExceeded (H-005)
 */
export function createCustomerGateway(
  tx: Transaction,
  scope: Scope,
  { tags, ...device }: CreateCustomerGateway,
): CustomerGateway {
  const live = tx
    .by(KIND, 'owner', ownerKey(scope))
    .filter(({ state }) => state === 'pending' || state === 'available');
  const same = live.find((one) => deviceKey(one) === deviceKey(device));
  if (same !== undefined) return same;
  if (live.length >= tx.quota('customerGatewaysPerRegion')) {
    const message = 'The maximum number of customer gateways has been reached.';
    throw awsError('CustomerGatewayLimitExceeded', message);
  }
  const { account, region } = scope;
  const id = tx.newId(KIND);
  putTags(tx, scope, KIND, id, tags);
  tx.settle('customer-gateway.provision', id, USUAL_SECONDS.create);
  return tx.put(KIND, { id, account, region, state: 'pending', ...device });
}

/** H-004: what makes two gateways the same one. */
function deviceKey(device: Omit<CreateCustomerGateway, 'tags'>): string {
  const { bgpAsn, ipAddress, certificateArn, deviceName } = device;
  const address = ipAddress === undefined ? null : ipKey(ipAddress);
  return JSON.stringify([bgpAsn, address, certificateArn, deviceName]);
}

/**
 * @throws AwsError InvalidCustomerGatewayID.*, InvalidCustomerGatewayState, IncorrectState while a
 *   connection uses it (H-005)
 */
export function deleteCustomerGateway(tx: Transaction, scope: Scope, id: string): void {
  const gateway = findLive(tx, scope, KIND, id);
  if (tx.by('vpn-connection', 'customerGateway', id).some(isLiveConnection)) {
    throw awsError('IncorrectState', 'The customer gateway is in use.');
  }
  move(tx, gateway, 'delete');
  tx.settle('customer-gateway.finish', id, USUAL_SECONDS.delete);
}

/** The only writer of a customer gateway's state. */
function move(tx: Transaction, gateway: CustomerGateway, event: LifecycleEvent): void {
  const state = transition(customerGatewayMachine, gateway.state, event, gateway.id);
  tx.unschedule(gateway.id);
  tx.update(KIND, gateway, { state });
}

export const customerGatewayEvents: Record<string, TimedEvent> = {
  'customer-gateway.provision': (tx, id) => {
    const gateway = tx.get(KIND, id);
    if (gateway?.state === 'pending') move(tx, gateway, 'provision');
  },
  'customer-gateway.finish': (tx, id) => {
    const gateway = tx.get(KIND, id);
    if (gateway?.state !== 'deleting') return;
    move(tx, gateway, 'finish');
    tx.schedule('customer-gateway.forget', id, tx.now + HYBRID_VISIBLE_MILLIS);
  },
  'customer-gateway.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
