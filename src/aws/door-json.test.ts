/** The door for services that speak JSON: the same room, another language. */
import { RAM } from '@aws-sdk/client-ram';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { doorHandler } from '../../test/support/door-handler.ts';
import { awsError } from '../model/error.ts';
import { isRegion } from '../model/region.ts';
import { Random } from '../net/random.ts';
import { createMemoryCredentialStore } from './credentials.ts';
import { type AnsweredCall, createDoor } from './door.ts';
import type { HttpResponse } from './http.ts';
import { loadModel } from './protocol/model.ts';
import { BODY_BYTES_MAX } from './protocol/parameters.ts';
import type { AnyHandler, Caller } from './service.ts';

let callers: Caller[] = [];
let inputs: object[] = [];
let answered: AnsweredCall[] = [];
let defects: unknown[] = [];
beforeEach(() => {
  callers = [];
  inputs = [];
  answered = [];
  defects = [];
});

const handlers: Readonly<Record<string, AnyHandler<null>>> = {
  ListResources: ({ caller, input }) => {
    callers.push(caller);
    inputs.push(input);
    return { resources: [] };
  },
  DeleteResourceShare: ({ input }) => {
    inputs.push(input);
    return { returnValue: true };
  },
  TagResource: () => {
    throw awsError('TagLimitExceeded', 'too many');
  },
  UntagResource: () => {
    throw new TypeError('a bug with a secret');
  },
};
const door = createDoor<null>({
  services: [
    { model: loadModel('ec2'), handlers: { DescribeVpcs: () => ({ Vpcs: [] }) } },
    { model: loadModel('ram'), handlers },
  ],
  cloud: null,
  credentials: createMemoryCredentialStore(new Random(1), () => 0),
  isRegion,
  newRequestId: () => 'r-1',
  onDefect: (error) => defects.push(error),
  onAnswered: (call) => answered.push(call),
});

function signedBy(service: string, region = 'eu-west-1') {
  const scope = `111111111111/20260101/${region}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function send(url: string, { method = 'POST', headers = signedBy('ram'), body = '' }: Sent = {}) {
  return door({ method, url, headers, body: Buffer.from(body) });
}

function codeOf({ status, headers, body }: HttpResponse): string {
  expect(headers['content-type']).toBe('application/json');
  expect(headers['x-amzn-requestid']).toBe('r-1');
  expect(JSON.parse(body)).toEqual({ message: expect.any(String) });
  return `${status} ${headers['x-amzn-errortype']}`;
}

const LIST = { body: '{"resourceOwner":"SELF"}' };

describe('the service', () => {
  it('is the one of the signature’s scope, whatever the content type', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'x', '']) {
      const headers = { ...signedBy('ram'), 'content-type': type };
      expect((await send('/listresources', { ...LIST, headers })).body).toBe('{"resources":[]}');
    }
    const caller = { service: 'ram', region: 'eu-west-1', account: '111111111111' };
    expect(callers).toEqual(callers.map(() => expect.objectContaining(caller)));
    expect(inputs[0]).toEqual({ resourceOwner: 'SELF' });
  });

  it('without a signature is the one whose path it is', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await send('/listresources', { ...LIST, headers })).status).toBe(200);
    expect(callers).toMatchObject([{ region: 'us-east-1', account: '000000000000' }]);
    const query = '?resourceShareArn=a';
    const deleted = { method: 'DELETE', headers: {} };
    expect((await send(`/deleteresourceshare${query}`, deleted)).status).toBe(200);
    const vpcs = { headers: {}, body: 'Action=DescribeVpcs' };
    expect((await send('/', vpcs)).body).toContain('<vpcSet/>');
  });

  it('signed for another does not answer', async () => {
    const response = await send('/listresources', { ...LIST, headers: signedBy('ec2') });
    expect(response.body).toContain('<Code>MissingAction</Code>');
  });

  it('has Regions', async () => {
    const headers = signedBy('ram', 'mars-north-1');
    expect(codeOf(await send('/listresources', { ...LIST, headers }))).toBe('401 AuthFailure');
  });
});

describe('refusals are in JSON', () => {
  it.each<[string, Sent, string]>([
    ['/nonsense', {}, '400 InvalidAction'],
    ['/', { body: 'Action=ListResources' }, '400 InvalidAction'],
    ['/listresources', { method: 'GET' }, '400 InvalidAction'],
    ['/createpermission', { body: '{' }, '400 UnsupportedOperation'],
    ['/listresources', { body: '{' }, '400 SerializationException'],
    ['/listresources', { body: '[]' }, '400 SerializationException'],
    ['/listresources', {}, '400 MissingRequiredParameterException'],
    ['/listresources', { body: '{"resourceOwner":"ME"}' }, '400 InvalidParameterException'],
    ['/listresources?x=1', LIST, '400 InvalidParameterException'],
    ['/listresources?x=1&x=2', LIST, '400 InvalidQueryParameter'],
    ['/listresources?x=%', LIST, '400 MalformedQueryString'],
    ['/listresources', { body: '['.repeat(100_000) }, '400 SerializationException'],
    ['/tagresource', { body: '{"tags":[]}' }, '400 TagLimitExceededException'],
    ['/untagresource', { body: '{"tagKeys":[]}' }, '500 ServerInternalException'],
  ])('%s %o is %s', async (url, sent, code) => {
    const response = await send(url, sent);
    expect(codeOf(response)).toBe(code);
    expect(response.body).not.toContain('secret');
  });

  it('of a body beyond all bounds', async () => {
    const body = `{"principal":"${'x'.repeat(BODY_BYTES_MAX)}"}`;
    expect(codeOf(await send('/listresources', { body }))).toBe('413 RequestEntityTooLarge');
  });

  it('G-010 of anything at all', async () => {
    const paths = fc.constantFrom('listresources', 'tagresource', 'createpermission', '%', '?');
    const urls = fc.array(fc.oneof(paths, fc.string({ unit: 'binary' })), { maxLength: 3 });
    const bodies = fc.oneof(fc.string({ unit: 'binary' }), fc.json());
    const property = fc.asyncProperty(urls, bodies, async (parts, body) => {
      const response = await send(`/${parts.join('')}`, { body });
      expect(response.status).toBeLessThan(500);
    });
    await fc.assert(property, { numRuns: 1000 });
    expect(defects).toEqual([]);
  });
});

describe('what is told of a request', () => {
  it('who called what, and the code that the client got', async () => {
    await send('/listresources', LIST);
    await send('/tagresource', { body: '{"tags":[]}' });
    await send('/nonsense');
    const [success, refusal, nonsense] = answered;
    expect(success).toMatchObject({ service: 'ram', action: 'ListResources', status: 200 });
    expect(success).not.toHaveProperty('code');
    expect(refusal).toMatchObject({ action: 'TagResource', code: 'TagLimitExceededException' });
    expect(nonsense).toMatchObject({ service: 'ram', code: 'InvalidAction' });
    expect(nonsense).not.toHaveProperty('action');
  });
});

it('AWS’s own client understands answers and errors', async () => {
  const client = new RAM({
    region: 'eu-west-1',
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: doorHandler(door),
  });
  expect(await client.listResources({ resourceOwner: 'SELF' })).toMatchObject({ resources: [] });
  await expect(client.tagResource({ tags: [] })).rejects.toMatchObject({
    name: 'TagLimitExceededException',
    message: 'too many',
    $metadata: { httpStatusCode: 400, requestId: 'r-1' },
  });
  const unbuilt = client.listPermissionVersions({ permissionArn: 'a' });
  await expect(unbuilt).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});
