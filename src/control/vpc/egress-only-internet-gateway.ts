/** Commands on egress-only internet gateways. */
import { awsError } from '../../model/error.ts';
import type { EgressOnlyInternetGateway } from '../../model/vpc/egress-only-internet-gateway.ts';
import { type ClientToken, forgetTokens, idempotent } from '../idempotency.ts';
import { find, ownerKey, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';

const KIND = 'egress-only-internet-gateway';

export interface CreateEgressOnlyInternetGateway {
  readonly vpcId: string;
  readonly tags: Tags;
  readonly clientToken: ClientToken;
}

/**
 * @throws AwsError InvalidVpcID.NotFound, InvalidParameterValue where the VPC has one,
 * EgressOnlyInternetGatewayLimitExceeded, IdempotentParameterMismatch
 */
export function createEgressOnlyInternetGateway(
  tx: Transaction,
  scope: Scope,
  request: CreateEgressOnlyInternetGateway,
): EgressOnlyInternetGateway {
  const id = idempotent(tx, scope, request.clientToken, () => create(tx, scope, request));
  return tx.get(KIND, id)!;
}

function create(
  tx: Transaction,
  scope: Scope,
  { vpcId, tags }: CreateEgressOnlyInternetGateway,
): string {
  const vpc = find(tx, scope, 'vpc', vpcId);
  if (tx.count(KIND, 'vpc', vpc.id) > 0) {
    const message = `Network ${vpc.id} already has an egress-only internet gateway attached`;
    throw awsError('InvalidParameterValue', message);
  }
  if (tx.count(KIND, 'owner', ownerKey(scope)) >= tx.quota('egressOnlyInternetGatewaysPerRegion')) {
    const message = 'The maximum number of egress-only internet gateways has been reached.';
    throw awsError('EgressOnlyInternetGatewayLimitExceeded', message);
  }
  const { account, region } = scope;
  const id = tx.newId(KIND);
  putTags(tx, scope, KIND, id, tags);
  tx.put(KIND, { id, account, region, vpcId: vpc.id });
  return id;
}

/** Routes to it stay, as black holes. */
export function deleteEgressOnlyInternetGateway(tx: Transaction, scope: Scope, id: string): void {
  find(tx, scope, KIND, id);
  tx.delete(KIND, id);
  dropTags(tx, id);
  forgetTokens(tx, id);
}
