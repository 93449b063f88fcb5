/** Joining Direct Connect gateways with virtual private gateways and transit gateways (H9). */
import { directConnectError } from '../../model/direct-connect/error.ts';
import type { DirectConnectGateway } from '../../model/direct-connect/gateway.ts';
import {
  type AssociatedGateway,
  associationsOf,
  chosenPrefixes,
  type DirectConnectGatewayAssociation,
} from '../../model/direct-connect/gateway-association.ts';
import type { AwsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { DirectConnectGatewayAttachment } from '../../model/transit-gateway/attachment.ts';
import { type Cidr, cidrEquals } from '../../net/cidr.ts';
import { uuid } from '../../net/uuid.ts';
import { propagateDirectConnect } from '../hybrid/propagate-link.ts';
import type { Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { beginProvisioning } from '../transit-gateway/attachment-life.ts';
import { checkGatewayRoom } from '../transit-gateway/vpc-attachment.ts';
import { checkAssociation, checkPrefixes } from './association-checks.ts';
import { beginAssociation, changePrefixes, endAssociation } from './association-life.ts';
import { availableGateway } from './find.ts';

const KIND = 'direct-connect-gateway-association';

export interface CreateAssociation {
  readonly directConnectGatewayId: string;
  readonly gatewayId: string;
  readonly prefixes: readonly Cidr[];
}

/** With a gateway of the caller's own, in whatever Region. @throws AwsError */
export function createAssociation(
  tx: Transaction,
  scope: Scope,
  { directConnectGatewayId, gatewayId, prefixes }: CreateAssociation,
): DirectConnectGatewayAssociation {
  const owner = availableGateway(tx, scope, directConnectGatewayId);
  const gateway = findAssociable(tx, scope.account, gatewayId);
  return associate(tx, owner, gateway, prefixes);
}

/** One in state `associating`; of a transit gateway with its attachment. @throws AwsError */
export function associate(
  tx: Transaction,
  owner: DirectConnectGateway,
  { region, ...gateway }: Associable,
  prefixes: readonly Cidr[],
): DirectConnectGatewayAssociation {
  const allowedPrefixes = distinct(prefixes);
  checkAssociation(tx, owner, gateway, allowedPrefixes);
  const id = uuid(tx.random);
  const attachment = gateway.kind === 'transit-gateway' && join(tx, owner, { ...gateway, region });
  const association = tx.put(KIND, {
    id,
    account: owner.account,
    region,
    state: 'associating',
    directConnectGatewayId: owner.id,
    gateway,
    allowedPrefixes,
    ...(attachment && { attachmentId: attachment.id }),
  });
  if (attachment) beginProvisioning(tx, attachment);
  beginAssociation(tx, id);
  propagateDirectConnect(tx, owner.id);
  return association;
}

/** C-104: what is attached to the transit gateway is the Direct Connect gateway. */
function join(
  tx: Transaction,
  { id: directConnectGatewayId, account }: DirectConnectGateway,
  gateway: Associable,
): DirectConnectGatewayAttachment {
  checkGatewayRoom(tx, gateway);
  const attachment: DirectConnectGatewayAttachment = {
    id: tx.newId('transit-gateway-attachment'),
    account,
    region: gateway.region,
    resourceType: 'direct-connect-gateway',
    state: 'pending',
    transitGatewayId: gateway.id,
    transitGatewayOwnerId: gateway.account,
    creationTime: tx.now,
    directConnectGatewayId,
  };
  tx.put('transit-gateway-attachment', attachment);
  return attachment;
}

export type Associable = AssociatedGateway & { readonly region: string };

/** A gateway of an account's that is there. @throws AwsError */
export function findAssociable(reader: ModelReader, account: string, id: string): Associable {
  const kind = id.startsWith('tgw-') ? 'transit-gateway' : 'vpn-gateway';
  const gateway = reader.get(kind, id);
  if (gateway === undefined || gateway.account !== account || gateway.state === 'deleted') {
    throw directConnectError(`The gateway ${id} does not exist in the account ${account}.`);
  }
  if (gateway.state === 'available') return { kind, id, account, region: gateway.region };
  throw directConnectError(`The gateway ${id} is ${gateway.state}, not available.`);
}

export interface PrefixChanges {
  readonly add: readonly Cidr[];
  readonly remove: readonly Cidr[];
}

/** By the owner of the Direct Connect gateway (H-073). @throws AwsError */
export function updateAssociation(
  tx: Transaction,
  scope: Scope,
  id: string,
  changes: PrefixChanges,
): DirectConnectGatewayAssociation {
  const association = findAssociation(tx, scope, id);
  if (association.account !== scope.account) throw noAssociation(id);
  return updatePrefixes(tx, association, changedPrefixes(chosenPrefixes(association), changes));
}

/** @throws AwsError */
export function updatePrefixes(
  tx: Transaction,
  association: DirectConnectGatewayAssociation,
  prefixes: readonly Cidr[],
): DirectConnectGatewayAssociation {
  const chosen = distinct(prefixes);
  checkPrefixes(tx, association.directConnectGatewayId, association.gateway, chosen);
  return changePrefixes(tx, association, chosen);
}

/** What is left of some prefixes, with others. */
export function changedPrefixes(
  before: readonly Cidr[],
  { add, remove }: PrefixChanges,
): readonly Cidr[] {
  const kept = before.filter((prefix) => !remove.some((gone) => cidrEquals(gone, prefix)));
  return distinct([...kept, ...add]);
}

function distinct(prefixes: readonly Cidr[]): readonly Cidr[] {
  return prefixes.filter(
    (prefix, index) => !prefixes.slice(0, index).some((earlier) => cidrEquals(earlier, prefix)),
  );
}

/** By either owner. @throws AwsError */
export function deleteAssociation(
  tx: Transaction,
  scope: Scope,
  id: string,
): DirectConnectGatewayAssociation {
  return endAssociation(tx, findAssociation(tx, scope, id));
}

/** One that the caller has a part in. @throws AwsError */
export function findAssociation(
  reader: ModelReader,
  scope: Scope,
  id: string,
): DirectConnectGatewayAssociation {
  const association = reader.get(KIND, id);
  if (association !== undefined && hasPart(scope, association)) return association;
  throw noAssociation(id);
}

export function hasPart({ account }: Scope, association: DirectConnectGatewayAssociation): boolean {
  return association.account === account || association.gateway.account === account;
}

/** That of two gateways. @throws AwsError */
export function associationBetween(
  reader: ModelReader,
  directConnectGatewayId: string,
  gatewayId: string,
): DirectConnectGatewayAssociation {
  const association = associationsOf(reader, directConnectGatewayId).find(
    (one) => one.gateway.id === gatewayId,
  );
  if (association !== undefined) return association;
  throw noAssociation(`of ${directConnectGatewayId} and ${gatewayId}`);
}

function noAssociation(which: string): AwsError {
  return directConnectError(`The association ${which} does not exist`);
}
