/** Signature checks: the request is signed again with the secret we know, and compared. */
import { timingSafeEqual } from 'node:crypto';
import { awsError } from '../../model/error.ts';
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

/** Checks signatures as AWS does. Errors in the order in which `Refusals` has them. */
export function createVerifier({ secrets, credentials, now }: VerifierOptions): Verifier {
  return async (request, query, signature, model) => {
    const refusals = REFUSALS[model.protocol];
    if (signature === undefined) throw awsError(...refusals.notSigned);
    const issued = credentials.find(signature.accessKeyId);
    const secret = issued?.secretAccessKey ?? secrets.get(signature.accessKeyId);
    if (secret === undefined) throw awsError(...refusals.unknownKey);
    if (issued !== undefined) checkSession(request, query, signature, issued, refusals, now());
    const signedAt = timeOf(request, query, signature);
    if (signedAt === undefined) throw awsError(...refusals.mismatch);
    checkTime(signature, signedAt, refusals, now());
    const holds = await isSigned(request, query, signature, secret, new Date(signedAt));
    if (!holds) throw awsError(...refusals.mismatch);
  };
}

/** Session credentials hold only along with their token, and until they expire. */
function checkSession(
  { headers }: HttpRequest,
  query: ReadonlyMap<string, string>,
  { expiresSeconds }: Signature,
  issued: IssuedCredential,
  refusals: Refusals,
  now: number,
): void {
  const token =
    expiresSeconds === undefined
      ? headers['x-amz-security-token']
      : query.get('X-Amz-Security-Token');
  if (token !== issued.sessionToken) throw awsError(...refusals.unknownKey);
  if (now >= issued.expiration) throw awsError(...refusals.expiredToken);
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

function checkTime(
  { expiresSeconds }: Signature,
  signedAt: number,
  refusals: Refusals,
  now: number,
): void {
  const presigned = expiresSeconds !== undefined;
  if (presigned && !(expiresSeconds >= 1 && expiresSeconds <= PRESIGNED_SECONDS_MAX)) {
    throw awsError(...refusals.mismatch);
  }
  const validMillis = presigned ? expiresSeconds * 1000 : CLOCK_SKEW_MILLIS_MAX;
  if (signedAt - now <= CLOCK_SKEW_MILLIS_MAX && now - signedAt <= validMillis) return;
  throw awsError(...refusals.expired);
}

async function isSigned(
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
  signature: Signature,
  secret: string,
  signingDate: Date,
): Promise<boolean> {
  if (!signsEnough(request, signature)) return false;
  const expected = await signAgain(request, query, signature, secret, signingDate);
  const given = Buffer.from(signature.signature);
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}

/** What must be signed: the host, and every header of AWS's own that is there. */
function signsEnough({ headers }: HttpRequest, { signedHeaders }: Signature): boolean {
  const signed = new Set(signedHeaders);
  if (!signed.has('host')) return false;
  // `constructor` is no header, though every object has one; `set-cookie` can be a list.
  const isHeader = (name: string) => Object.hasOwn(headers, name) && isText(headers[name]);
  if (![...signed].every(isHeader)) return false;
  return Object.keys(headers).every((name) => {
    const needed = name.startsWith('x-amz-') && !UNSIGNED_HEADERS.has(name);
    return !needed || signed.has(name);
  });
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** What clients add after signing. */
const UNSIGNED_HEADERS: ReadonlySet<string> = new Set(['x-amz-user-agent']);

type Refusal = readonly [code: string, message: string, status?: number];

/** What is wrong with a request's credentials, in the order in which it is found. */
interface Refusals {
  readonly notSigned: Refusal;
  readonly unknownKey: Refusal;
  readonly expiredToken: Refusal;
  readonly expired: Refusal;
  readonly mismatch: Refusal;
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method.';
const AUTH_FAILURE: Refusal = [
  'AuthFailure',
  'AWS was not able to validate the provided access credentials',
];
const EXPIRED: Refusal = ['RequestExpired', 'Request has expired.'];
const INVALID_TOKEN = 'The security token included in the request is invalid.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';

const JSON_REFUSALS: Refusals = {
  notSigned: ['MissingAuthenticationTokenException', 'Missing Authentication Token', 403],
  unknownKey: ['UnrecognizedClientException', INVALID_TOKEN, 403],
  expiredToken: ['ExpiredTokenException', EXPIRED_TOKEN, 403],
  expired: ['InvalidSignatureException', 'Signature expired.', 403],
  mismatch: ['InvalidSignatureException', MISMATCH, 403],
};

/** In the words of EC2, of the other Query services, and of those that speak JSON. */
const REFUSALS: Readonly<Record<ServiceModel['protocol'], Refusals>> = {
  ec2Query: {
    notSigned: AUTH_FAILURE,
    unknownKey: AUTH_FAILURE,
    expiredToken: EXPIRED,
    expired: EXPIRED,
    mismatch: ['SignatureDoesNotMatch', MISMATCH, 403],
  },
  awsQuery: {
    notSigned: ['MissingAuthenticationToken', 'Request is missing Authentication Token', 403],
    unknownKey: ['InvalidClientTokenId', INVALID_TOKEN, 403],
    expiredToken: ['ExpiredToken', EXPIRED_TOKEN, 403],
    expired: EXPIRED,
    mismatch: ['SignatureDoesNotMatch', MISMATCH, 403],
  },
  restJson1: JSON_REFUSALS,
  'awsJson1.1': JSON_REFUSALS,
};
