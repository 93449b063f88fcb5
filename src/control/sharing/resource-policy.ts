/** What shares permit, told as the policy of a resource. */
import { AwsError, awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Scope } from '../scope.ts';
import { findOwnResource } from './entity.ts';
import { associationsOf } from './list-shares.ts';

/** A policy in IAM's own spelling. */
export interface ResourcePolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Effect: 'Allow';
    readonly Principal: { readonly AWS: readonly string[] };
    readonly Action: readonly string[];
    readonly Resource: string;
  }[];
}

/**
 * The policy of one of the caller's resources, a statement a share; of one principal where it is
 * given. Undefined where nobody may use the resource.
 * @throws AwsError MalformedArnException, ResourceArnNotFoundException for what is not the caller's
 */
export function resourcePolicy(
  reader: ModelReader,
  scope: Scope,
  arn: string,
  principal?: string,
): ResourcePolicy | undefined {
  const { id, type } = findOwnShared(reader, scope, arn);
  const statements = reader
    .by('resource-share-association', 'resource', id)
    .filter(({ status }) => status === 'ASSOCIATED')
    .map(({ shareId }) => principalsOf(reader, shareId, principal))
    .filter((principals) => principals.length > 0)
    .map((principals) => ({
      Effect: 'Allow' as const,
      Principal: { AWS: principals },
      Action: type.actions,
      Resource: arn,
    }));
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements };
}

function findOwnShared(reader: ModelReader, scope: Scope, arn: string) {
  try {
    return findOwnResource(reader, scope, arn);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'MalformedArnException') throw error;
    throw awsError('ResourceArnNotFoundException', `Resource ${arn} could not be found.`);
  }
}

function principalsOf(
  reader: ModelReader,
  shareId: string,
  principal: string | undefined,
): string[] {
  return associationsOf(reader, reader.get('resource-share', shareId)!)
    .filter(({ type, status }) => type === 'PRINCIPAL' && status === 'ASSOCIATED')
    .map(({ entity }) => entity)
    .filter((entity) => principal === undefined || entity === principal);
}
