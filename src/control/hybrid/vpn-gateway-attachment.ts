/** Which VPC has a virtual private gateway (H-041, H-042, H-046). */
import { type AwsError, awsError } from '../../model/error.ts';
import {
  attachedVpc,
  type VpnGateway,
  type VpnGatewayAttachmentEvent,
  vpcOfVpnGateway,
  vpnGatewayAttachmentMachine,
} from '../../model/hybrid/vpn-gateway.ts';
import { transition } from '../../model/state-machine.ts';
import { endAssociationsAt } from '../direct-connect/association-life.ts';
import { find, type Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { removeEdgeTable } from '../vpc/edge-table.ts';
import { availableVpnGateway, findLive } from './find.ts';
import { propagateVgw } from './propagate-vgw.ts';

const KIND = 'vpn-gateway';

/** AWS's usual times, in seconds. */
const USUAL_SECONDS = { attach: 15, detach: 30 } as const;

/**
 * Asked for what already is, it answers the attachment there is.
 * @throws AwsError InvalidVpnGatewayID.*, InvalidVpnGatewayState, InvalidVpcID.*,
 *   VpnGatewayAttachmentLimitExceeded, InvalidVpcState (H-042), IncorrectState while it is being
 *   detached from the same VPC
 */
export function attachVpnGateway(
  tx: Transaction,
  scope: Scope,
  id: string,
  vpcId: string,
): VpnGateway {
  const gateway = availableVpnGateway(tx, scope, id);
  find(tx, scope, 'vpc', vpcId);
  const holder = vpcOfVpnGateway(gateway);
  if (holder !== undefined && holder !== vpcId) {
    const message = `The vpnGateway '${id}' is attached to ${holder} already.`;
    throw awsError('VpnGatewayAttachmentLimitExceeded', message);
  }
  if (attachedVpc(gateway) === vpcId) return gateway;
  const other = tx.by(KIND, 'vpc', vpcId).find((one) => one.id !== id);
  if (other !== undefined) {
    const message = `VPC ${vpcId} is currently attached to the Virtual Private Gateway ${other.id}.`;
    throw awsError('InvalidVpcState', message);
  }
  const attaching = move(tx, gateway, vpcId, 'attach');
  tx.settle('vpn-gateway.attached', id, USUAL_SECONDS.attach);
  return attaching;
}

/**
 * What it has propagated, the setting itself, its own table and its place at a Direct Connect
 * gateway go at once; routes that were made to it stay, as black holes (H-046).
 * @throws AwsError InvalidVpnGatewayID.*, InvalidVpcID.*, InvalidVpnGatewayAttachment.NotFound
 *   (H-042), IncorrectState while it is being detached
 */
export function detachVpnGateway(tx: Transaction, scope: Scope, id: string, vpcId: string): void {
  const gateway = findLive(tx, scope, KIND, id);
  find(tx, scope, 'vpc', vpcId);
  if (vpcOfVpnGateway(gateway) !== vpcId) throw notAttached(id, vpcId);
  move(tx, gateway, vpcId, 'detach');
  for (const propagation of tx.by('vgw-route-propagation', 'gateway', id)) {
    tx.delete('vgw-route-propagation', propagation.id);
  }
  propagateVgw(tx, id);
  removeEdgeTable(tx, id);
  endAssociationsAt(tx, id);
  tx.settle('vpn-gateway.detached', id, USUAL_SECONDS.detach);
}

function notAttached(id: string, vpcId: string): AwsError {
  const message = `The attachment with vpn gateway ID '${id}' and vpc ID '${vpcId}' does not exist`;
  return awsError('InvalidVpnGatewayAttachment.NotFound', message);
}

/** The only writer of an attachment's state. */
function move(
  tx: Transaction,
  gateway: VpnGateway,
  vpcId: string,
  event: VpnGatewayAttachmentEvent,
): VpnGateway {
  const from = gateway.attachment?.state ?? 'detached';
  const state = transition(vpnGatewayAttachmentMachine, from, event, gateway.id);
  tx.unschedule(gateway.id);
  const moved = tx.update(KIND, gateway, { attachment: { vpcId, state } });
  propagateVgw(tx, gateway.id);
  return moved;
}

export const vpnGatewayAttachmentEvents: Record<string, TimedEvent> = {
  'vpn-gateway.attached': (tx, id) => {
    const gateway = tx.get(KIND, id);
    const { vpcId, state } = gateway?.attachment ?? {};
    if (gateway && vpcId && state === 'attaching') move(tx, gateway, vpcId, 'provision');
  },
  'vpn-gateway.detached': (tx, id) => {
    const gateway = tx.get(KIND, id);
    const { vpcId, state } = gateway?.attachment ?? {};
    if (gateway && vpcId && state === 'detaching') move(tx, gateway, vpcId, 'finish');
  },
};
