/** Associating elastic addresses with private ones, and taking them off again. */
import { type AwsError, awsError } from '../../model/error.ts';
import { checkIdShape, notFound } from '../../model/id.ts';
import { type ElasticAddress, mappingOf } from '../../model/vpc/elastic-address.ts';
import {
  type NetworkInterface,
  type PrivateAddress,
  primaryAddress,
} from '../../model/vpc/network-interface.ts';
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { type AddressName, findAddress } from './elastic-address.ts';
import { checkNotManaged } from './interface-settings.ts';
import { mapElasticAddress, unmapElasticAddress } from './public-address.ts';
import { onlyInterface } from './route-target.ts';

export interface AssociateAddress {
  readonly address: AddressName;
  readonly target:
    | { readonly instanceId: string }
    | { readonly networkInterfaceId: string; readonly instanceId?: undefined };
  /** Absent = the primary one. */
  readonly privateAddress?: Ipv4;
  /** Whether what either side is associated with may be given up. */
  readonly allowReassociation: boolean;
}

/**
 * @returns the association's id
 * @throws AwsError those of `findAddress`, NotFound of the target, InvalidInstanceID,
 * OperationNotPermitted, Gateway.NotAttached, InvalidParameterValue, Resource.AlreadyAssociated
 */
export function associateAddress(
  tx: Transaction,
  scope: Scope,
  { address: name, target, privateAddress, allowReassociation }: AssociateAddress,
): string {
  const address = findAddress(tx, scope, name);
  const id = target.instanceId ?? target.networkInterfaceId;
  const eni =
    target.instanceId === undefined
      ? find(tx, scope, 'network-interface', id)
      : find(tx, scope, 'network-interface', onlyInterface(tx, scope, id));
  checkNotManaged(eni);
  checkAttachedGateway(tx, eni.vpcId);
  const own = addressOf(eni, privateAddress);
  const current = mappingOf(tx, address);
  if (current?.eni.id === eni.id && current.own.address === own.address) {
    return current.own.elastic.associationId;
  }
  if (current !== undefined && (!allowReassociation || current.eni.requesterManaged)) {
    throw alreadyAssociated(address.id, current.own.elastic.associationId);
  }
  if (own.elastic !== undefined && !allowReassociation) {
    throw alreadyAssociated(id, own.elastic.associationId);
  }
  if (current !== undefined) unmapElasticAddress(tx, current.eni, current.own.address);
  const associationId = tx.newId('elastic-ip-association');
  // The interface may be the one that has just given the address up.
  const latest = find(tx, scope, 'network-interface', eni.id);
  mapElasticAddress(tx, latest, own.address, address, associationId);
  return associationId;
}

/** @throws AwsError Gateway.NotAttached: without a gateway nothing would translate */
export function checkAttachedGateway(tx: Transaction, vpcId: string): void {
  if (tx.count('internet-gateway', 'vpc', vpcId) > 0) return;
  const message = `Network ${vpcId} is not attached to any internet gateway`;
  throw awsError('Gateway.NotAttached', message);
}

function addressOf(eni: NetworkInterface, wanted: Ipv4 | undefined): PrivateAddress {
  const own =
    wanted === undefined
      ? primaryAddress(eni)
      : eni.addresses.find(({ address }) => address === wanted);
  if (own !== undefined) return own;
  const subject = wanted === undefined ? 'A private IPv4 address' : formatIpv4(wanted);
  throw awsError('InvalidParameterValue', `${subject} is not assigned to interface ${eni.id}.`);
}

function alreadyAssociated(id: string, associationId: string): AwsError {
  const message = `resource ${id} is already associated with associate-id ${associationId}`;
  return awsError('Resource.AlreadyAssociated', message);
}

/**
 * @throws AwsError InvalidAssociationID.Malformed, InvalidAssociationID.NotFound, AuthFailure
 * for an association that a service made
 */
export function disassociateAddress(tx: Transaction, scope: Scope, associationId: string): void {
  checkIdShape('elastic-ip-association', associationId);
  const eni = tx.first('network-interface', 'elasticAssociation', associationId);
  if (eni === undefined || !owns(scope, eni)) {
    throw notFound('elastic-ip-association', associationId);
  }
  const own = eni.addresses.find(({ elastic }) => elastic?.associationId === associationId)!;
  unmap(tx, eni, own);
}

/** As of old, by the address; one that is not associated is left as it is. */
export function disassociatePublicIp(tx: Transaction, scope: Scope, publicIp: Ipv4): void {
  const mapping = mappingOf(tx, findAddress(tx, scope, { publicIp }));
  if (mapping !== undefined) unmap(tx, mapping.eni, mapping.own);
}

function unmap(tx: Transaction, eni: NetworkInterface, own: PrivateAddress): void {
  if (eni.requesterManaged) {
    const message = 'You do not have permission to access the specified resource.';
    throw awsError('AuthFailure', message);
  }
  unmapElasticAddress(tx, eni, own.address);
}

/** Throws unless the address is free. */
export function checkUnassociated(tx: Transaction, address: ElasticAddress): void {
  const mapping = mappingOf(tx, address);
  if (mapping !== undefined) throw alreadyAssociated(address.id, mapping.own.elastic.associationId);
}
