import { createHash } from 'node:crypto';
import { EC2 } from '@aws-sdk/client-ec2';
import { RAM } from '@aws-sdk/client-ram';
import { STS } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { doorHandler } from '../../../test/support/door-handler.ts';
import { Random } from '../../net/random.ts';
import { createMemoryCredentialStore } from '../credentials.ts';
import { createDoor } from '../door.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { loadModel } from '../protocol/model.ts';
import { createSts } from '../sts/handlers.ts';
import { createVerifier } from './verify.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const START = Date.UTC(2026, 5, 1, 12);

let now = START;
const credentials = createMemoryCredentialStore(new Random(5), () => now);
const door = createDoor<null>({
  services: [
    { model: loadModel('ec2'), handlers: { DescribeVpcs: () => ({ Vpcs: [] }) } },
    createSts<null>(credentials),
    {
      model: loadModel('ram'),
      handlers: {
        ListResources: () => ({ resources: [] }),
        DeleteResourceShare: () => ({ returnValue: true }),
      },
    },
  ],
  cloud: null,
  credentials,
  isRegion: () => true,
  newRequestId: () => 'r-1',
  verify: createVerifier({ secrets: new Map([[KEY, SECRET]]), credentials, now: () => now }),
  onDefect: (error) => {
    throw error;
  },
});

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const GOOD: Keys = { accessKeyId: KEY, secretAccessKey: SECRET };

function signer(keys: Keys = GOOD, service = 'ec2'): SignatureV4 {
  return new SignatureV4({ credentials: keys, region: 'us-east-1', service, sha256: Sha256 });
}

/** SHA-256 and its HMAC, made of the hash alone so that it shares nothing with what it tests. */
class Sha256 {
  readonly #outer: Uint8Array | undefined;
  readonly #parts: Uint8Array[] = [];

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) return;
    const raw = Buffer.from(secret as Uint8Array);
    const key = Buffer.alloc(64);
    (raw.length > 64 ? sha256([raw]) : raw).copy(key);
    this.#parts.push(key.map((byte) => byte ^ 0x36));
    this.#outer = key.map((byte) => byte ^ 0x5c);
  }

  update(chunk: Uint8Array): void {
    this.#parts.push(Uint8Array.from(chunk));
  }

  async digest(): Promise<Uint8Array> {
    const inner = sha256(this.#parts);
    return this.#outer === undefined ? inner : sha256([this.#outer, inner]);
  }

  reset(): void {}
}

function sha256(parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

const BODY = 'Action=DescribeVpcs&Version=2016-11-15';

async function signed(
  keys: Keys,
  { at = now, headers = {} }: { at?: number; headers?: Record<string, string> } = {},
): Promise<HttpRequest> {
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/',
    headers: {
      host: '127.0.0.1:4566',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: BODY,
  };
  const result = await signer(keys).sign(request, { signingDate: new Date(at) });
  return { method: 'POST', url: '/', headers: result.headers, body: Buffer.from(BODY) };
}

async function presigned(keys: Keys, { at = now, expiresIn = 60 } = {}): Promise<HttpRequest> {
  const request = {
    method: 'GET',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/',
    query: { Action: 'DescribeVpcs', Version: '2016-11-15', 'Filter.1.Name': 'tag:a b/ä' },
    headers: { host: '127.0.0.1:4566' },
  };
  const result = await signer(keys).presign(request, { signingDate: new Date(at), expiresIn });
  const query = new URLSearchParams(result.query as Record<string, string>);
  return { method: 'GET', url: `/?${query}`, headers: result.headers, body: new Uint8Array() };
}

async function codeOf(request: HttpRequest): Promise<string> {
  const response: HttpResponse = await door(request);
  const code = /<Code>(.*?)<\/Code>/.exec(response.body)?.[1];
  return `${response.status} ${code ?? 'OK'}`;
}

function altered(request: HttpRequest, headers: Record<string, string | undefined>): HttpRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

describe('a signed request', () => {
  it('G-001 holds, from the SDK and from the signer alone', async () => {
    now = Date.now();
    const settings = {
      region: 'us-east-1',
      credentials: GOOD,
      maxAttempts: 1,
      requestHandler: doorHandler(door),
    };
    expect((await new EC2(settings).describeVpcs({})).Vpcs).toEqual([]);
    const identity = await new STS(settings).getCallerIdentity({});
    expect(identity.Account).toBe('000000000000');
    now = START;
    expect(await codeOf(await signed(GOOD))).toBe('200 OK');
  });

  it('G-011 with a wrong secret does not', async () => {
    const request = await signed({ ...GOOD, secretAccessKey: 'wrong' });
    expect(await codeOf(request)).toBe('403 SignatureDoesNotMatch');
  });

  it('G-011 of a key nobody configured is AuthFailure', async () => {
    const request = await signed({ ...GOOD, accessKeyId: 'AKIAOTHER' });
    expect(await codeOf(request)).toBe('401 AuthFailure');
  });

  it('G-011 without a signature is AuthFailure', async () => {
    const request = await signed(GOOD);
    expect(await codeOf(altered(request, { authorization: undefined }))).toBe('401 AuthFailure');
    expect(await codeOf(altered(request, { authorization: 'AWS4-HMAC-SHA256 x' }))).toBe(
      '401 AuthFailure',
    );
  });

  it.each([
    ['another body', { body: Buffer.from(`${BODY}&MaxResults=5`) }],
    ['another path', { url: '/x' }],
    ['another method', { method: 'PUT' }],
    ['a parameter in the URL', { url: '/?MaxResults=5' }],
  ])('does not hold for %s', async (_, change) => {
    const request = { ...(await signed(GOOD)), ...change };
    expect(await codeOf(request)).toBe('403 SignatureDoesNotMatch');
  });

  it.each([
    ['another host', { host: 'elsewhere' }],
    ['a header of AWS that is not signed', { 'x-amz-meta': '1' }],
    ['another time', { 'x-amz-date': '20260601T115959Z' }],
    ['another declared body', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }],
    ['no time', { 'x-amz-date': undefined }],
  ])('does not hold for %s', async (_, change) => {
    const request = altered(await signed(GOOD), change);
    expect(await codeOf(request)).toBe('403 SignatureDoesNotMatch');
  });

  it('holds for a body declared unsigned', async () => {
    const request = await signed(GOOD, { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    expect(await codeOf({ ...request, body: Buffer.from(`${BODY}&MaxResults=5`) })).toBe('200 OK');
  });

  it.each([
    [-300, '200 OK'],
    [300, '200 OK'],
    [-301, '400 RequestExpired'],
    [301, '400 RequestExpired'],
  ])('signed %i s away from now is %s', async (seconds, code) => {
    expect(await codeOf(await signed(GOOD, { at: now + seconds * 1000 }))).toBe(code);
  });
});

describe('a presigned request', () => {
  it('holds as long as it says', async () => {
    const request = await presigned(GOOD, { expiresIn: 600 });
    expect(await codeOf(request)).toBe('200 OK');
    now = START + 600_000;
    expect(await codeOf(request)).toBe('200 OK');
    now = START + 600_001;
    expect(await codeOf(request)).toBe('400 RequestExpired');
    now = START;
  });

  it('does not hold with another parameter, a longer life or another secret', async () => {
    const request = await presigned(GOOD);
    const longer = request.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600');
    expect(longer).not.toBe(request.url);
    for (const url of [`${request.url}&MaxResults=5`, longer]) {
      expect(await codeOf({ ...request, url })).toBe('403 SignatureDoesNotMatch');
    }
    const wrong = await presigned({ ...GOOD, secretAccessKey: 'wrong' });
    expect(await codeOf(wrong)).toBe('403 SignatureDoesNotMatch');
  });

  it('holds at most seven days', async () => {
    const request = await presigned(GOOD, { expiresIn: 604_800 });
    expect(await codeOf(request)).toBe('200 OK');
    const url = request.url.replace('X-Amz-Expires=604800', 'X-Amz-Expires=604801');
    expect(await codeOf({ ...request, url })).toBe('403 SignatureDoesNotMatch');
  });
});

describe('keys that STS issued', () => {
  const grant = { account: '222222222222', arn: 'a', userId: 'u', durationSeconds: 900 };

  it('hold with their token, until they expire', async () => {
    const keys = await credentials.issue(grant);
    expect(await codeOf(await signed(keys))).toBe('200 OK');
    expect(await codeOf(await presigned(keys))).toBe('200 OK');
    now = START + 900_000;
    expect(await codeOf(await signed(keys))).toBe('400 RequestExpired');
    now = START;
  });

  it('do not hold without their token', async () => {
    const { accessKeyId, secretAccessKey } = await credentials.issue(grant);
    const request = await signed({ accessKeyId, secretAccessKey });
    expect(await codeOf(request)).toBe('401 AuthFailure');
  });
});

describe('in the words of sts', () => {
  it('an unknown key is InvalidClientTokenId, no signature MissingAuthenticationToken', async () => {
    now = Date.now();
    const settings = { region: 'us-east-1', maxAttempts: 1, requestHandler: doorHandler(door) };
    const client = new STS({ ...settings, credentials: { ...GOOD, accessKeyId: 'AKIAOTHER' } });
    await expect(client.getCallerIdentity({})).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
    now = START;
    const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15');
    const request = { method: 'POST', url: '/', headers: {}, body };
    expect(await codeOf(request)).toBe('403 MissingAuthenticationToken');
  });
});

describe('in the words of a service that speaks JSON', () => {
  const ram = (keys: Keys) =>
    new RAM({
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: keys,
      requestHandler: doorHandler(door),
    });
  const refused = (name: string) => ({ name, $metadata: { httpStatusCode: 403 } });

  it('a signature over a path, a body or a query holds', async () => {
    now = Date.now();
    const client = ram(GOOD);
    expect((await client.listResources({ resourceOwner: 'SELF' })).resources).toEqual([]);
    const resourceShareArn = 'arn:aws:ram:us-east-1:1:resource-share/a b+c';
    expect((await client.deleteResourceShare({ resourceShareArn })).returnValue).toBe(true);
    now = START;
  });

  it('a wrong secret, an unknown key and another time do not', async () => {
    now = Date.now();
    const list = (keys: Keys) => ram(keys).listResources({ resourceOwner: 'SELF' });
    await expect(list({ ...GOOD, secretAccessKey: 'wrong' })).rejects.toMatchObject(
      refused('InvalidSignatureException'),
    );
    await expect(list({ ...GOOD, accessKeyId: 'AKIAOTHER' })).rejects.toMatchObject(
      refused('UnrecognizedClientException'),
    );
    now += 301_000;
    await expect(list(GOOD)).rejects.toMatchObject(refused('InvalidSignatureException'));
    const grant = { account: '222222222222', arn: 'a', userId: 'u', durationSeconds: 900 };
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials.issue(grant);
    now += 900_000;
    const expired = { accessKeyId, secretAccessKey, sessionToken };
    await expect(list(expired)).rejects.toMatchObject(refused('ExpiredTokenException'));
    now = START;
  });

  it('no signature is MissingAuthenticationTokenException', async () => {
    const body = Buffer.from('{"resourceOwner":"SELF"}');
    const headers = { 'content-type': 'application/json' };
    const response = await door({ method: 'POST', url: '/listresources', headers, body });
    expect(response.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
    expect(response.status).toBe(403);
  });
});
