/** Parts that many of RAM's requests have. */
import type { Tag } from '@aws-sdk/client-ram';
import type { ClientToken } from '../../control/idempotency.ts';
import type { Tags } from '../../control/tags.ts';
import { type AwsError, awsError } from '../../model/error.ts';
import { type ShareableType, typeOfName } from '../../model/sharing/shareable.ts';
import { digestOf } from '../digest.ts';
import { limitedPage, type Page, type PageInput } from '../paging.ts';
import { shown } from '../protocol/parameters.ts';

interface TokenInput {
  readonly clientToken?: string | undefined;
}

/** The request's token with a digest of everything else the request says. */
export function clientTokenOf(action: string, input: TokenInput): ClientToken {
  const { clientToken: token, ...rest } = input;
  return { action, token, digest: digestOf(rest) };
}

/** An answer shows the token that its request has. */
export function tokenEcho({ clientToken }: TokenInput): { clientToken?: string } {
  return clientToken === undefined ? {} : { clientToken };
}

export function invalidParameter(message: string): AwsError {
  return awsError('InvalidParameterException', message);
}

const PAGE_MAX = 500;

/** @throws AwsError InvalidParameterException, or the code given; InvalidNextToken */
export function ramPage<R extends { readonly id: string }>(
  records: readonly R[],
  input: PageInput,
  code = 'InvalidParameterException',
): Page<R> {
  return limitedPage(records, input, PAGE_MAX, (message) => awsError(code, message));
}

/** A type of resource by its name; undefined where none is asked for. */
export function parseResourceType(
  name: string | undefined,
  code = 'InvalidParameterException',
): ShareableType | undefined {
  if (name === undefined) return undefined;
  const type = typeOfName(name);
  if (type === undefined) throw awsError(code, `Invalid resource type: ${shown(name)}`);
  return type;
}

/** Services alone have sources, and shares with services are not built. */
export function refuseSources(sources: readonly string[] | undefined): void {
  if (sources === undefined || sources.length === 0) return;
  throw awsError('UnsupportedOperation', 'The parameter sources is not supported.');
}

const KEY_LENGTH_MAX = 128;

/** @throws AwsError InvalidParameterException, TagPolicyViolationException */
export function parseRamTags(tags: readonly Tag[] | undefined): Tags {
  const parsed = new Map<string, string>();
  for (const { key, value } of tags ?? []) {
    if (key === undefined || key === '' || key.length > KEY_LENGTH_MAX) {
      throw invalidParameter(`A tag has a key of 1 to ${KEY_LENGTH_MAX} characters.`);
    }
    if (key.toLowerCase().startsWith('aws:')) {
      const message = `The tag key ${key} is reserved: it begins with aws:.`;
      throw awsError('TagPolicyViolationException', message);
    }
    if (value === undefined || value.length > 256) {
      throw invalidParameter(`The tag ${key} has no value of at most 256 characters.`);
    }
    if (parsed.has(key)) throw invalidParameter(`The tag key ${key} is given more than once.`);
    parsed.set(key, value);
  }
  return Object.fromEntries(parsed);
}
