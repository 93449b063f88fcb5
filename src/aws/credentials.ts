/** Access keys: whose they are, and those that STS gives out. */
import { createHash } from 'node:crypto';
import type { Random } from '../net/random.ts';

/** The account of a key that names none. */
export const DEFAULT_ACCOUNT = '000000000000';

/** Whom temporary credentials are for. */
export interface Grant {
  readonly account: string;
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, or who asked for a session. */
  readonly arn: string;
  /** `AROA…:SESSION`, or the account. */
  readonly userId: string;
  readonly durationSeconds: number;
}

/** Temporary credentials as STS issued them. */
export interface IssuedCredential {
  /** `ASIA` and 16 characters. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiration: number;
}

/** Remembers the credentials STS issued, so that a later call's key is known. */
export interface CredentialStore {
  /** Makes credentials and keeps them; what was returned is known from then on. */
  issue(grant: Grant): IssuedCredential | Promise<IssuedCredential>;
  /** The credentials of a key, expired or not. */
  find(accessKeyId: string): IssuedCredential | undefined;
}

/** New credentials for a grant; `now` is milliseconds since the epoch. */
export function newCredential(grant: Grant, random: Random, now: number): IssuedCredential {
  const { account, arn, userId, durationSeconds } = grant;
  return {
    accessKeyId: `ASIA${text(random, BASE32, 16)}`,
    secretAccessKey: text(random, BASE64, 40),
    sessionToken: `IQoJb3JpZ2luX2Vj${text(random, BASE64, 200)}`,
    account,
    arn,
    userId,
    expiration: Math.floor(now / 1000) * 1000 + durationSeconds * 1000,
  };
}

/** Keeps credentials as long as the process lives; the oldest go when there are too many. */
export function createMemoryCredentialStore(random: Random, now: () => number): CredentialStore {
  const issued = new Map<string, IssuedCredential>();
  return {
    issue(grant) {
      const credential = newCredential(grant, random, now());
      issued.set(credential.accessKeyId, credential);
      if (issued.size > CREDENTIALS_MAX) {
        const [oldest] = issued.keys();
        issued.delete(oldest!);
      }
      return credential;
    },
    find: (accessKeyId) => issued.get(accessKeyId),
  };
}

const CREDENTIALS_MAX = 100_000;

/** An identity as sts:GetCallerIdentity tells it. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/**
 * Whose an access key is: 12 digits are the account itself, an issued key belongs to its grant,
 * any other key to the default account.
 */
export function identityOf(accessKeyId: string, credentials: CredentialStore): Identity {
  const issued = credentials.find(accessKeyId);
  if (issued !== undefined) return issued;
  const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
  return { account, arn: `arn:aws:iam::${account}:root`, userId: account };
}

/** The unique id of a role, always the same for one ARN: `AROA` and 17 characters. */
export function roleId(roleArn: string): string {
  const digest = createHash('sha256').update(roleArn).digest().subarray(0, 17);
  return `AROA${Array.from(digest, (byte) => BASE32[byte % BASE32.length]).join('')}`;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function text(random: Random, alphabet: string, length: number): string {
  let characters = '';
  while (characters.length < length) characters += alphabet[random.below(alphabet.length)];
  return characters;
}
