/** What callers name to be shared, and with whom. */
import { type AwsError, awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Owned } from '../../model/resource.ts';
import { parseArn } from '../../model/sharing/arn.ts';
import { SHAREABLE_TYPES, type ShareableType } from '../../model/sharing/shareable.ts';
import type { Scope } from '../scope.ts';
import { malformedArn } from './find-share.ts';

/** A resource that the caller may share. */
export interface SharedResource {
  readonly arn: string;
  readonly type: ShareableType;
  readonly id: string;
}

/**
 * @throws AwsError MalformedArnException, also for types that are not shared,
 *   OperationNotPermittedException for what is another account's, InvalidParameterException for
 *   another Region, UnknownResourceException
 */
export function findOwnResource(reader: ModelReader, scope: Scope, text: string): SharedResource {
  const { type, arn } = parseResourceArn(text);
  if (arn.account !== scope.account) {
    const message = `The resource ${text} belongs to another account. Only its owner can share it.`;
    throw awsError('OperationNotPermittedException', message);
  }
  if (arn.region !== scope.region) {
    const message = `The resource ${text} is in another Region than the resource share.`;
    throw awsError('InvalidParameterException', message);
  }
  const record = reader.get(type.kind, arn.id) as (Owned & { state?: string }) | undefined;
  const isGone = record?.state === 'deleting' || record?.state === 'deleted';
  if (record?.account !== arn.account || record.region !== arn.region || isGone) {
    throw awsError('UnknownResourceException', `Resource ${text} could not be found.`);
  }
  return { arn: text, type, id: arn.id };
}

/** An ARN of a type that can be shared, there or not. @throws AwsError MalformedArnException */
export function parseResourceArn(text: string) {
  const arn = parseArn(text);
  if (arn === undefined) throw malformedArn('resource ARN', text);
  const type = SHAREABLE_TYPES.find(
    ({ kind, service }) => kind === arn.type && service === arn.service,
  );
  if (type === undefined) {
    throw awsError('MalformedArnException', 'You cannot share the selected resource type.');
  }
  return { arn, type };
}

/** The principals that AWS has and this cloud does not: what is said of each. */
const OTHER_PRINCIPALS: readonly (readonly [RegExp, (name: string) => AwsError])[] = [
  // Accounts are not in one organization.
  [
    /^arn:aws:organizations::\d{12}:organization\/(o-[a-z0-9]+)$/,
    (name) => awsError('UnknownResourceException', `Organization ${name} could not be found.`),
  ],
  [
    /^arn:aws:organizations::\d{12}:ou\/o-[a-z0-9]+\/(ou-[a-z0-9-]+)$/,
    (name) => {
      const message = `OrganizationalUnit ${name} in unknown organization could not be found.`;
      return awsError('UnknownResourceException', message);
    },
  ],
  [
    /^arn:aws:iam::\d{12}:((?:role|user)\/[\w+=,.@/-]+)$/,
    (name) => unsupported(`IAM roles and users (${name})`),
  ],
  [/^([a-z0-9.-]+\.amazonaws\.com)$/, (name) => unsupported(`services (${name})`)],
];

function unsupported(what: string): AwsError {
  const message = `Sharing with ${what} is not supported by openvpc; share with their account.`;
  return awsError('UnsupportedOperation', message);
}

/**
 * Throws unless a principal is the id of an account other than the owner's.
 * @throws AwsError InvalidParameterException, UnknownResourceException for organizations and their
 *   units, UnsupportedOperation for other principals that AWS has
 */
export function checkPrincipal(owner: Scope, principal: string): void {
  for (const [pattern, refusal] of OTHER_PRINCIPALS) {
    const name = pattern.exec(principal)?.[1];
    if (name !== undefined) throw refusal(name);
  }
  if (!/^\d{12}$/.test(principal)) {
    const message = `Principal ID ${principal} is malformed. Verify the ID and try again.`;
    throw awsError('InvalidParameterException', message);
  }
  if (principal !== owner.account) return;
  const message = `The principal ${principal} owns the resource share.`;
  throw awsError('InvalidParameterException', message);
}
