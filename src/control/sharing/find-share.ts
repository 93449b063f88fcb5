/** Resource shares by their ARNs, as far as a caller may see them (G-025). */
import { type AwsError, awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { isRamArn } from '../../model/sharing/arn.ts';
import { associationId, type ResourceShare } from '../../model/sharing/resource-share.ts';
import { owns, type Scope } from '../scope.ts';
import { isMember } from './shared-with.ts';

/**
 * A share that the caller may change.
 * @throws AwsError MalformedArnException, UnknownResourceException, OperationNotPermittedException
 *   for one that is shared with the caller
 */
export function findOwnShare(reader: ModelReader, scope: Scope, arn: string): ResourceShare {
  const share = findShare(reader, scope, arn);
  if (owns(scope, share)) return share;
  const message = `Only the owner of the resource share ${arn} may do that.`;
  throw awsError('OperationNotPermittedException', message);
}

/**
 * A share of the caller's, or one that the caller is or shall be a principal of.
 * @throws AwsError MalformedArnException, UnknownResourceException
 */
export function findShare(reader: ModelReader, scope: Scope, arn: string): ResourceShare {
  checkShareArn(arn);
  const share = reader.get('resource-share', arn);
  if (share === undefined || share.region !== scope.region) throw unknownShare(arn);
  const id = associationId(arn, 'PRINCIPAL', scope.account);
  const isKnown = owns(scope, share) || reader.get('resource-share-association', id) !== undefined;
  if (!isKnown) throw unknownShare(arn);
  return share;
}

/** A share of another account's that the caller has joined. @throws AwsError as `findShare` */
export function findJoinedShare(reader: ModelReader, scope: Scope, arn: string): ResourceShare {
  const share = findShare(reader, scope, arn);
  if (!isMember(reader, arn, scope.account)) throw unknownShare(arn);
  return share;
}

export function checkShareArn(arn: string): void {
  if (!isRamArn('resource-share', arn)) throw malformedArn('resource share ARN', arn);
}

export function malformedArn(what: string, arn: string): AwsError {
  const message = `The specified ${what} ${arn} is not valid. Verify the ARN and try again.`;
  return awsError('MalformedArnException', message);
}

function unknownShare(arn: string): AwsError {
  return awsError('UnknownResourceException', `ResourceShare ${arn} could not be found.`);
}
