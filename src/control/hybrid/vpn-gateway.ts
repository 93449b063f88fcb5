/** Making virtual private gateways and deleting them (H-040, H-042). */
import { associationsAt } from '../../model/direct-connect/gateway-association.ts';
import { interfacesOf } from '../../model/direct-connect/virtual-interface.ts';
import { awsError } from '../../model/error.ts';
import { connectionsOf } from '../../model/hybrid/vpn-connection.ts';
import {
  type VpnGateway,
  vpcOfVpnGateway,
  vpnGatewayMachine,
} from '../../model/hybrid/vpn-gateway.ts';
import type { LifecycleEvent } from '../../model/lifecycle.ts';
import { HYBRID_VISIBLE_MILLIS } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import { ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkAmazonSideAsn } from '../transit-gateway/gateway-options.ts';
import { chooseZone } from '../vpc/zone.ts';
import { findLive } from './find.ts';

const KIND = 'vpn-gateway';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { create: 10, delete: 10 } as const;

export interface CreateVpnGateway {
  readonly amazonSideAsn: number;
  readonly zoneName?: string;
  readonly tags: Tags;
}

/**
 * A gateway in state `pending`, attached to nothing.
 * @throws AwsError InvalidParameterValue, VpnGatewayLimitExceeded (H-040)
 */
export function createVpnGateway(
  tx: Transaction,
  scope: Scope,
  { amazonSideAsn, zoneName, tags }: CreateVpnGateway,
): VpnGateway {
  checkAmazonSideAsn(amazonSideAsn);
  const zone = zoneName === undefined ? undefined : chooseZone(tx, scope, { zoneName });
  const live = tx.by(KIND, 'owner', ownerKey(scope)).filter(({ state }) => state !== 'deleted');
  if (live.length >= tx.quota('vpnGatewaysPerRegion')) {
    const message = 'The maximum number of virtual private gateways has been reached.';
    throw awsError('VpnGatewayLimitExceeded', message);
  }
  const { account, region } = scope;
  const id = tx.newId(KIND);
  putTags(tx, scope, KIND, id, tags);
  tx.settle('vpn-gateway.provision', id, USUAL_SECONDS.create);
  const place = zone === undefined ? {} : { zoneId: zone.id };
  return tx.put(KIND, { id, account, region, state: 'pending', amazonSideAsn, ...place });
}

/**
 * @throws AwsError InvalidVpnGatewayID.*, InvalidVpnGatewayState, IncorrectState while a VPC or a
 *   Direct Connect gateway has it, or a connection or virtual interface ends there (H-042)
 */
export function deleteVpnGateway(tx: Transaction, scope: Scope, id: string): void {
  const gateway = findLive(tx, scope, KIND, id);
  const vpcId = vpcOfVpnGateway(gateway);
  const users = [...connectionsOf(tx, id), ...interfacesOf(tx, id), ...associationsAt(tx, id)];
  const user = vpcId ?? users[0]?.id;
  if (user !== undefined) {
    const message = `The vpnGateway '${id}' is in use by ${user}.`;
    throw awsError('IncorrectState', message);
  }
  move(tx, gateway, 'delete');
  tx.settle('vpn-gateway.finish', id, USUAL_SECONDS.delete);
}

/** The only writer of a virtual private gateway's own state. */
function move(tx: Transaction, gateway: VpnGateway, event: LifecycleEvent): void {
  const state = transition(vpnGatewayMachine, gateway.state, event, gateway.id);
  tx.unschedule(gateway.id);
  tx.update(KIND, gateway, { state });
}

export const vpnGatewayEvents: Record<string, TimedEvent> = {
  'vpn-gateway.provision': (tx, id) => {
    const gateway = tx.get(KIND, id);
    if (gateway?.state === 'pending') move(tx, gateway, 'provision');
  },
  'vpn-gateway.finish': (tx, id) => {
    const gateway = tx.get(KIND, id);
    if (gateway?.state !== 'deleting') return;
    move(tx, gateway, 'finish');
    tx.schedule('vpn-gateway.forget', id, tx.now + HYBRID_VISIBLE_MILLIS);
  },
  'vpn-gateway.forget': (tx, id) => {
    dropTags(tx, id);
    tx.delete(KIND, id);
  },
};
