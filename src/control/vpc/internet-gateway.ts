/** Commands on internet gateways. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { InternetGateway } from '../../model/vpc/internet-gateway.ts';
import { find, ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { removeEdgeTable } from './edge-table.ts';

/** @throws AwsError InternetGatewayLimitExceeded */
export function createInternetGateway(
  tx: Transaction,
  scope: Scope,
  { tags = {} }: { readonly tags?: Tags } = {},
): InternetGateway {
  const count = tx.count('internet-gateway', 'owner', ownerKey(scope));
  if (count >= tx.quota('internetGatewaysPerRegion')) {
    const message = 'The maximum number of internet gateways has been reached.';
    throw awsError('InternetGatewayLimitExceeded', message);
  }
  const { account, region } = scope;
  const id = tx.newId('internet-gateway');
  putTags(tx, scope, 'internet-gateway', id, tags);
  return tx.put('internet-gateway', { id, account, region });
}

/** @throws AwsError DependencyViolation while attached (G-019) */
export function deleteInternetGateway(tx: Transaction, scope: Scope, gatewayId: string): void {
  const gateway = find(tx, scope, 'internet-gateway', gatewayId);
  if (gateway.attachment !== undefined) {
    const message = `The internetGateway '${gatewayId}' has dependencies and cannot be deleted.`;
    throw awsError('DependencyViolation', message);
  }
  tx.delete('internet-gateway', gatewayId);
  dropTags(tx, gatewayId);
}

/** @throws AwsError Resource.AlreadyAssociated, InvalidParameterValue: one of each */
export function attachInternetGateway(
  tx: Transaction,
  scope: Scope,
  gatewayId: string,
  vpcId: string,
): void {
  const gateway = find(tx, scope, 'internet-gateway', gatewayId);
  const vpc = find(tx, scope, 'vpc', vpcId);
  const { attachment } = gateway;
  if (attachment !== undefined) {
    const message = `resource ${gatewayId} is already attached to network ${attachment.vpcId}`;
    throw awsError('Resource.AlreadyAssociated', message);
  }
  if (tx.count('internet-gateway', 'vpc', vpc.id) > 0) {
    const message = `Network ${vpc.id} already has an internet gateway attached`;
    throw awsError('InvalidParameterValue', message);
  }
  // AWS's answer already means attached: there is no state to wait for.
  tx.update('internet-gateway', gateway, { attachment: { vpcId: vpc.id, state: 'available' } });
}

/** @throws AwsError Gateway.NotAttached, DependencyViolation with public addresses (G-019) */
export function detachInternetGateway(
  tx: Transaction,
  scope: Scope,
  gatewayId: string,
  vpcId: string,
): void {
  const gateway = find(tx, scope, 'internet-gateway', gatewayId);
  find(tx, scope, 'vpc', vpcId);
  if (gateway.attachment?.vpcId !== vpcId) throw notAttached(gatewayId, vpcId);
  if (hasPublicAddress(tx, vpcId)) {
    const message = `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
    throw awsError('DependencyViolation', message);
  }
  removeEdgeTable(tx, gatewayId);
  const { id, account, region } = gateway;
  tx.put('internet-gateway', { id, account, region });
}

function notAttached(gatewayId: string, vpcId: string): AwsError {
  const message = `resource ${gatewayId} is not attached to network ${vpcId}`;
  return awsError('Gateway.NotAttached', message);
}

function hasPublicAddress(tx: Transaction, vpcId: string): boolean {
  return tx
    .by('network-interface', 'vpc', vpcId)
    .some(({ addresses }) => addresses.some(({ publicAddress }) => publicAddress !== undefined));
}
