/** Signature checks: the request is signed again with the secret we know, and compared. */
import { timingSafeEqual } from 'node:crypto';
import { type AwsError, awsError } from '../../model/error.ts';
import type { CredentialStore, IssuedCredential } from '../credentials.ts';
import type { HttpRequest } from '../http.ts';
import type { ServiceModel } from '../protocol/model.ts';
import { signAgain } from './sign-again.ts';
import type { Signature } from './signature.ts';

/** Refuses a request whose signature does not hold. Throws AwsError. */
export type Verifier = (
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
  signature: Signature | undefined,
  model: ServiceModel,
) => Promise<void>;

export interface VerifierOptions {
  /** Secret access keys by access key id. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly credentials: CredentialStore;
  /** Milliseconds since the epoch, on the clock callers sign by. */
  readonly now: () => number;
}

/** How far a caller's clock may be off. */
export const CLOCK_SKEW_MILLIS_MAX = 5 * 60 * 1000;

/** The longest a presigned URL may be valid: seven days. */
export const PRESIGNED_SECONDS_MAX = 7 * 24 * 60 * 60;

/**
 * Checks signatures as AWS does. Errors in order: no usable signature and an unknown key (EC2:
 * AuthFailure; others: MissingAuthenticationToken, InvalidClientTokenId), RequestExpired,
 * SignatureDoesNotMatch.
 */
export function createVerifier({ secrets, credentials, now }: VerifierOptions): Verifier {
  return async (request, query, signature, model) => {
    if (signature === undefined) throw notSigned(model);
    const issued = credentials.find(signature.accessKeyId);
    const secret = issued?.secretAccessKey ?? secrets.get(signature.accessKeyId);
    if (secret === undefined) throw unknownKey(model);
    if (issued !== undefined) checkSession(request, query, signature, issued, model, now());
    const signedAt = timeOf(request, query, signature);
    if (signedAt === undefined) throw mismatch();
    checkTime(signature, signedAt, now());
    await checkSignature(request, query, signature, secret, new Date(signedAt));
  };
}

/** Session credentials hold only along with their token, and until they expire. */
function checkSession(
  { headers }: HttpRequest,
  query: ReadonlyMap<string, string>,
  { expiresSeconds }: Signature,
  issued: IssuedCredential,
  model: ServiceModel,
  now: number,
): void {
  const token =
    expiresSeconds === undefined
      ? headers['x-amz-security-token']
      : query.get('X-Amz-Security-Token');
  if (token !== issued.sessionToken) throw unknownKey(model);
  if (now < issued.expiration) return;
  if (model.protocol === 'ec2Query') throw awsError('RequestExpired', 'Request has expired.');
  throw awsError('ExpiredToken', 'The security token included in the request is expired', 403);
}

/** When a request was signed (ms since the epoch), where it says so and on the day of its scope. */
function timeOf(
  { headers }: HttpRequest,
  query: ReadonlyMap<string, string>,
  { date, expiresSeconds }: Signature,
): number | undefined {
  const text = expiresSeconds === undefined ? headers['x-amz-date'] : query.get('X-Amz-Date');
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [whole, year, month, day, hour, minute, second] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) || !whole.startsWith(date) ? undefined : time;
}

function checkTime({ expiresSeconds }: Signature, signedAt: number, now: number): void {
  const presigned = expiresSeconds !== undefined;
  if (presigned && !(expiresSeconds >= 1 && expiresSeconds <= PRESIGNED_SECONDS_MAX)) {
    throw mismatch();
  }
  const validMillis = presigned ? expiresSeconds * 1000 : CLOCK_SKEW_MILLIS_MAX;
  if (signedAt - now <= CLOCK_SKEW_MILLIS_MAX && now - signedAt <= validMillis) return;
  throw awsError('RequestExpired', 'Request has expired.');
}

async function checkSignature(
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
  signature: Signature,
  secret: string,
  signingDate: Date,
): Promise<void> {
  checkSignedHeaders(request, signature);
  const expected = await signAgain(request, query, signature, secret, signingDate);
  const given = Buffer.from(signature.signature);
  const matches = given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
  if (!matches) throw mismatch();
}

/** What must be signed: the host, and every header of AWS's own that is there. */
function checkSignedHeaders({ headers }: HttpRequest, { signedHeaders }: Signature): void {
  const signed = new Set(signedHeaders);
  if (!signed.has('host')) throw mismatch();
  // `constructor` is no header, though every object has one; `set-cookie` can be a list.
  const isHeader = (name: string) => Object.hasOwn(headers, name) && isText(headers[name]);
  if (![...signed].every(isHeader)) throw mismatch();
  for (const name of Object.keys(headers)) {
    const needed = name.startsWith('x-amz-') && !UNSIGNED_HEADERS.has(name);
    if (needed && !signed.has(name)) throw mismatch();
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** What clients add after signing. */
const UNSIGNED_HEADERS: ReadonlySet<string> = new Set(['x-amz-user-agent']);

// Wrong credentials, in the words of EC2 and in those of the other services.

function notSigned({ protocol }: ServiceModel): AwsError {
  if (protocol === 'ec2Query') return authFailure();
  const message = 'Request is missing Authentication Token';
  return awsError('MissingAuthenticationToken', message, 403);
}

function unknownKey({ protocol }: ServiceModel): AwsError {
  if (protocol === 'ec2Query') return authFailure();
  const message = 'The security token included in the request is invalid.';
  return awsError('InvalidClientTokenId', message, 403);
}

function authFailure(): AwsError {
  const message = 'AWS was not able to validate the provided access credentials';
  return awsError('AuthFailure', message);
}

function mismatch(): AwsError {
  const message =
    'The request signature we calculated does not match the signature you provided. ' +
    'Check your AWS Secret Access Key and signing method.';
  return awsError('SignatureDoesNotMatch', message, 403);
}
