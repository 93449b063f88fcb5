/** Making private and transit virtual interfaces, for oneself and for others (H-058, H-059). */
import { type Carrier, hostedOn } from '../../model/direct-connect/carrier.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import { DIRECT_CONNECT_GATEWAY_ASN } from '../../model/direct-connect/gateway.ts';
import {
  interfacesOf,
  interfacesOn,
  type VirtualInterface,
} from '../../model/direct-connect/virtual-interface.ts';
import { availableVpnGateway } from '../hybrid/find.ts';
import { owns, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { cancelTest } from './failover-test.ts';
import {
  availableGateway,
  findInterface,
  findOwnInterface,
  newDirectConnectId,
  usableCarrier,
} from './find.ts';
import { checkUse } from './gateway-use.ts';
import { checkVlan, moveInterface, putInterface } from './interface-life.ts';
import { checkName } from './name.ts';
import { newPeer, type PeerRequest } from './peer.ts';

const KIND = 'direct-connect-virtual-interface';

export interface GatewayRequest {
  readonly virtualGatewayId?: string;
  readonly directConnectGatewayId?: string;
}

export interface InterfaceRequest {
  readonly type: VirtualInterface['type'];
  readonly connectionId: string;
  readonly name: string;
  readonly vlan: number;
  readonly mtu: number;
  readonly peer: PeerRequest;
  readonly tags: Tags;
}

/** One in state `pending`. @throws AwsError */
export function createInterface(
  tx: Transaction,
  scope: Scope,
  request: InterfaceRequest & GatewayRequest,
): VirtualInterface {
  const made = newInterface(tx, scope, scope.account, request);
  const end = requestedEnd(tx, scope, request.type, request);
  return put(tx, scope, { ...made, state: 'pending', ...end }, request.tags);
}

/** One in state `confirming`, of another account (H-059). @throws AwsError */
export function allocateInterface(
  tx: Transaction,
  scope: Scope,
  ownerAccount: string,
  request: InterfaceRequest,
): VirtualInterface {
  if (!/^\d{12}$/.test(ownerAccount)) {
    throw directConnectError(`ownerAccount '${ownerAccount}' is not an account of 12 digits.`);
  }
  const made = newInterface(tx, scope, ownerAccount, request);
  const amazonSideAsn = DIRECT_CONNECT_GATEWAY_ASN;
  const owner = { account: ownerAccount, region: scope.region };
  return put(tx, owner, { ...made, state: 'confirming', amazonSideAsn }, request.tags);
}

function put(tx: Transaction, owner: Scope, made: VirtualInterface, tags: Tags): VirtualInterface {
  putTags(tx, owner, KIND, made.id, tags);
  return putInterface(tx, made);
}

function newInterface(
  tx: Transaction,
  scope: Scope,
  account: string,
  { type, connectionId, name, vlan, mtu, peer }: InterfaceRequest,
): Omit<VirtualInterface, 'state' | 'amazonSideAsn' | 'gateway'> {
  const carrier = usableCarrier(tx, scope, connectionId);
  checkName('virtualInterfaceName', name);
  checkMtu(type, mtu);
  checkVlanOn(tx, carrier, vlan);
  checkCarrierRoom(tx, carrier, type);
  const id = newDirectConnectId(tx, 'dxvif');
  const { region } = scope;
  const bgpPeers = [newPeer(tx, peer)];
  return { id, account, region, type, name, connectionId, vlan, mtu, bgpPeers };
}

/** H-065 */
const MTUS = { private: [1500, 8500, 9001], transit: [1500, 8500] } as const;

function checkMtu(type: VirtualInterface['type'], mtu: number): void {
  const allowed: readonly number[] = MTUS[type];
  if (allowed.includes(mtu)) return;
  const message = `The MTU of a ${type} virtual interface is ${allowed.join(' or ')}, not ${mtu}.`;
  throw directConnectError(message);
}

/** H-058: a hosted connection is one VLAN, and the only one of its virtual interfaces. */
function checkVlanOn(tx: Transaction, carrier: Carrier, vlan: number): void {
  if (vlan < 1 || vlan > 4094) throw directConnectError(`VLAN ${vlan} is not in 1 to 4094.`);
  const hosted = 'hosted' in carrier ? carrier.hosted : undefined;
  if (hosted !== undefined && hosted.vlan !== vlan) {
    throw directConnectError(`The hosted connection ${carrier.id} has VLAN ${hosted.vlan} alone.`);
  }
  checkVlan(tx, carrier.id, vlan);
  const taken = hostedOn(tx, carrier.id).find((one) => one.hosted?.vlan === vlan);
  if (taken === undefined) return;
  throw directConnectError(`VLAN ${vlan} is already in use on ${carrier.id} by ${taken.id}.`);
}

/** H-056 */
function checkCarrierRoom(tx: Transaction, carrier: Carrier, type: VirtualInterface['type']): void {
  const present = interfacesOn(tx, carrier.id);
  const isHosted = 'hosted' in carrier && carrier.hosted !== undefined;
  const same = isHosted ? present : present.filter((one) => one.type === type);
  const each =
    type === 'private' ? 'privateInterfacesPerConnection' : 'transitInterfacesPerConnection';
  const most = tx.quota(isHosted ? 'interfacesPerHostedConnection' : each);
  if (same.length < most) return;
  const what = isHosted ? 'virtual interfaces' : `${type} virtual interfaces`;
  throw directConnectError(`${carrier.id} has ${most} ${what}, the maximum.`);
}

type End = Required<Pick<VirtualInterface, 'gateway' | 'amazonSideAsn'>>;

/** The gateway that a request names, and its ASN (H-058). @throws AwsError */
function requestedEnd(
  tx: Transaction,
  scope: Scope,
  type: VirtualInterface['type'],
  { virtualGatewayId, directConnectGatewayId }: GatewayRequest,
): End {
  if ((virtualGatewayId === undefined) === (directConnectGatewayId === undefined)) {
    const choice = 'a virtualGatewayId or a directConnectGatewayId';
    const needed = type === 'private' ? choice : 'a directConnectGatewayId';
    throw directConnectError(`A ${type} virtual interface needs ${needed}, and one alone.`);
  }
  if (virtualGatewayId !== undefined) {
    if (type === 'transit') {
      const message = 'A transit virtual interface needs a directConnectGatewayId';
      throw directConnectError(`${message}, not ${virtualGatewayId}.`);
    }
    const { id, amazonSideAsn } = availableVpnGateway(tx, scope, virtualGatewayId);
    return { gateway: { kind: 'vpn-gateway', id }, amazonSideAsn };
  }
  const { id, amazonSideAsn } = availableGateway(tx, scope, directConnectGatewayId!);
  checkUse(tx, id, type);
  const most = tx.quota('interfacesPerDirectConnectGateway');
  if (interfacesOf(tx, id).length >= most) {
    throw directConnectError(`${id} has ${most} virtual interfaces, the maximum.`);
  }
  return { gateway: { kind: 'direct-connect-gateway', id }, amazonSideAsn };
}

/** H-059. @throws AwsError */
export function confirmInterface(
  tx: Transaction,
  scope: Scope,
  { id, type, ...gateway }: GatewayRequest & Pick<VirtualInterface, 'id' | 'type'>,
): VirtualInterface {
  const found = findOwnInterface(tx, scope, id);
  if (found.type !== type) {
    throw directConnectError(`Virtual Interface ${id} is ${found.type}, not ${type}.`);
  }
  return moveInterface(tx, found, 'confirm', requestedEnd(tx, scope, type, gateway));
}

export interface InterfaceChanges {
  readonly name?: string;
  readonly mtu?: number;
}

/** @throws AwsError */
export function updateInterface(
  tx: Transaction,
  scope: Scope,
  id: string,
  changes: InterfaceChanges,
): VirtualInterface {
  const found = findOwnInterface(tx, scope, id);
  if (changes.name !== undefined) checkName('virtualInterfaceName', changes.name);
  if (changes.mtu !== undefined) checkMtu(found.type, changes.mtu);
  if (found.state === 'deleting') throw directConnectError(`Virtual Interface ${id} is deleting.`);
  return putInterface(tx, { ...found, ...changes });
}

/** Moves one to another of the caller's connections or LAGs. @throws AwsError */
export function associateInterface(
  tx: Transaction,
  scope: Scope,
  id: string,
  connectionId: string,
): VirtualInterface {
  const found = findOwnInterface(tx, scope, id);
  const carrier = usableCarrier(tx, scope, connectionId);
  if (found.connectionId === connectionId) return found;
  if (found.state === 'deleting') throw directConnectError(`Virtual Interface ${id} is deleting.`);
  checkVlanOn(tx, carrier, found.vlan);
  checkCarrierRoom(tx, carrier, found.type);
  return putInterface(tx, { ...found, connectionId });
}

/** By its owner, or by whose connection it runs over. @throws AwsError */
export function deleteInterface(tx: Transaction, scope: Scope, id: string): VirtualInterface {
  const found = findInterface(tx, scope, id);
  cancelTest(tx, id);
  const isRefusal = found.state === 'confirming' && owns(scope, found);
  return moveInterface(tx, found, isRefusal ? 'reject' : 'delete');
}
