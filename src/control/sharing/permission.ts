/** Managed permissions of shares: AWS's own, one for each type of resource. */
import { awsError } from '../../model/error.ts';
import {
  permissionArn,
  type ShareableType,
  typeOfPermission,
} from '../../model/sharing/shareable.ts';
import { malformedArn } from './find-share.ts';

// Customers' own have their Region and account, and cannot be made here.
const PERMISSION_ARN = /^arn:aws:ram:([a-z0-9-]*:\d{12}|:aws):permission\/[\w.-]{1,128}$/;

/**
 * The type of resource that a permission is for.
 * @throws AwsError MalformedArnException, UnknownResourceException
 */
export function findPermission(arn: string): ShareableType {
  if (!PERMISSION_ARN.test(arn)) throw malformedArn('permission ARN', arn);
  const type = typeOfPermission(arn);
  if (type !== undefined) return type;
  throw awsError('UnknownResourceException', `Permission ${arn} could not be found.`);
}

/** @throws AwsError as `findPermission`, InvalidParameterException for two of one type */
export function checkPermissions(arns: readonly string[]): void {
  const types = arns.map((arn) => findPermission(arn).name);
  if (new Set(types).size === types.length) return;
  const message = 'A resource share can have one permission for each resource type.';
  throw awsError('InvalidParameterException', message);
}

/** The permissions of a share, with the default one of each type that has none yet. */
export function withDefaults(
  arns: readonly string[],
  types: readonly ShareableType[],
): readonly string[] {
  const known = new Set(arns.map((arn) => typeOfPermission(arn)?.name));
  const missing = types.filter(({ name }) => !known.has(name)).map(permissionArn);
  return [...arns, ...new Set(missing)];
}
