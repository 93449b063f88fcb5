import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsError } from '../model/error.ts';
import { isRegion } from '../model/region.ts';
import { Random } from '../net/random.ts';
import { createMemoryCredentialStore, roleId } from './credentials.ts';
import { type AnsweredCall, createDoor } from './door.ts';
import type { HttpResponse } from './http.ts';
import { loadModel } from './protocol/model.ts';
import { BODY_BYTES_MAX } from './protocol/parameters.ts';
import type { AnyHandler, Caller } from './service.ts';
import { createSts } from './sts/handlers.ts';

const credentials = createMemoryCredentialStore(new Random(1), () => 0);
const callers: Caller[] = [];
const defects: unknown[] = [];
const answered: AnsweredCall[] = [];
const codes: Readonly<Record<string, number>> = {
  DryRunOperation: 412,
  UnauthorizedOperation: 403,
  AuthFailure: 401,
  RequestLimitExceeded: 503,
  'InvalidVpcID.NotFound': 400,
};
const handlers: Readonly<Record<string, AnyHandler<null>>> = {
  DescribeVpcs: ({ caller }) => {
    callers.push(caller);
    return { Vpcs: [] };
  },
  DeleteVpc: ({ input }) => {
    throw awsError((input as { VpcId: string }).VpcId, 'as asked');
  },
  CreateVpc: () => {
    throw new TypeError('a bug with a secret');
  },
};
const door = createDoor<null>({
  services: [{ model: loadModel('ec2'), handlers }, createSts<null>(credentials)],
  cloud: null,
  credentials,
  isRegion,
  newRequestId: () => 'r-1',
  onDefect: (error) => defects.push(error),
  onAnswered: (call) => answered.push(call),
});

interface Sent {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function send({
  method = 'POST',
  url = '/',
  headers = {},
  body = '',
}: Sent): Promise<HttpResponse> {
  return door({ method, url, headers, body: Buffer.from(body) });
}

function signedBy(accessKeyId: string, region = 'eu-west-1', service = 'ec2') {
  const scope = `${accessKeyId}/20260101/${region}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

async function callerOf(sent: Sent): Promise<Caller> {
  callers.length = 0;
  await send(sent);
  expect(callers).toHaveLength(1);
  return callers[0]!;
}

function codeIn({ body }: HttpResponse): string | undefined {
  return /<Code>(.*?)<\/Code>/.exec(body)?.[1];
}

const DESCRIBE = 'Action=DescribeVpcs&Version=2016-11-15';

describe('service and Region', () => {
  it('G-001 come from the scope of the signature', async () => {
    const caller = await callerOf({ headers: signedBy('AKIAEXAMPLE'), body: DESCRIBE });
    expect(caller).toMatchObject({ region: 'eu-west-1', service: 'ec2' });
  });

  it('come from a presigned URL', async () => {
    const credential = 'AKIAEXAMPLE%2F20260101%2Fap-south-1%2Fec2%2Faws4_request';
    const url = `/?${DESCRIBE}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Signature=0`;
    expect(await callerOf({ method: 'GET', url })).toMatchObject({ region: 'ap-south-1' });
  });

  it('without a signature are us-east-1 and who has the version or the action', async () => {
    const url = `/?${DESCRIBE}`;
    expect(await callerOf({ method: 'GET', url })).toMatchObject({ region: 'us-east-1' });
    const identity = await send({ body: 'Action=GetCallerIdentity' });
    expect(identity.body).toContain('<Account>000000000000</Account>');
    const unbuilt = await send({ body: 'Action=Nonsense&Version=2011-06-15' });
    expect(unbuilt.body).toContain('<ErrorResponse xmlns="https://sts.amazonaws.com/');
  });

  it('[unsure] a Region AWS does not have is refused as a credential scope', async () => {
    const headers = signedBy('AKIAEXAMPLE', 'mars-north-1');
    const response = await send({ headers, body: DESCRIBE });
    expect(response.status).toBe(401);
    expect(codeIn(response)).toBe('AuthFailure');
    expect(response.body).toContain('mars-north-1');
  });

  it('an action of another service is invalid', async () => {
    const headers = signedBy('AKIAEXAMPLE', 'eu-west-1', 'sts');
    const response = await send({ headers, body: 'Action=DescribeVpcs&Version=2011-06-15' });
    expect(codeIn(response)).toBe('InvalidAction');
  });
});

describe('accounts', () => {
  it.each([
    ['111111111111', '111111111111'],
    ['AKIAIOSFODNN7EXAMPLE', '000000000000'],
    ['test', '000000000000'],
    ['1111111111112', '000000000000'],
    ['ASIANOBODYHASTHISKEY', '000000000000'],
  ])('key %s is of account %s', async (key, account) => {
    const caller = await callerOf({ headers: signedBy(key), body: DESCRIBE });
    expect(caller).toMatchObject({ account, accessKeyId: key, userId: account });
    expect(caller.arn).toBe(`arn:aws:iam::${account}:root`);
  });

  it('no key is of account 000000000000', async () => {
    expect(await callerOf({ body: DESCRIBE })).toMatchObject({ account: '000000000000' });
  });

  it('keys of AssumeRole are of the role’s account', async () => {
    const arn = 'arn:aws:iam::222222222222:role/path/network';
    const assumed = await send({
      headers: signedBy('111111111111', 'eu-west-1', 'sts'),
      body: `Action=AssumeRole&Version=2011-06-15&RoleArn=${arn}&RoleSessionName=me`,
    });
    const key = /<AccessKeyId>(ASIA[A-Z2-7]{16})<\/AccessKeyId>/.exec(assumed.body)![1]!;
    expect(await callerOf({ headers: signedBy(key), body: DESCRIBE })).toMatchObject({
      account: '222222222222',
      arn: 'arn:aws:sts::222222222222:assumed-role/network/me',
      userId: `${roleId(arn)}:me`,
    });
  });
});

describe('what is told of a request', () => {
  async function told(sent: Sent): Promise<AnsweredCall[]> {
    answered.length = 0;
    await send(sent);
    return [...answered];
  }

  it('a success: who called what', async () => {
    const caller = { account: '333333333333', region: 'eu-west-1' };
    expect(await told({ headers: signedBy('333333333333'), body: DESCRIBE })).toMatchObject([
      { requestId: 'r-1', service: 'ec2', action: 'DescribeVpcs', caller, status: 200 },
    ]);
    expect(answered[0]).not.toHaveProperty('code');
  });

  it('a refusal: its code', async () => {
    const body = 'Action=DeleteVpc&VpcId=UnauthorizedOperation';
    const refusal = { action: 'DeleteVpc', status: 403, code: 'UnauthorizedOperation' };
    expect(await told({ body })).toMatchObject([refusal]);
  });

  it('a defect: InternalError', async () => {
    const refusal = { action: 'CreateVpc', status: 500, code: 'InternalError' };
    expect(await told({ body: 'Action=CreateVpc' })).toMatchObject([refusal]);
  });

  it('never an action that AWS does not have', async () => {
    const [call] = await told({ body: 'Action=Nonsense' });
    expect(call).toMatchObject({ service: 'ec2', code: 'InvalidAction' });
    expect(call).not.toHaveProperty('action');
  });
});

describe('answers', () => {
  it('G-007 a success', async () => {
    const { status, headers, body } = await send({ body: DESCRIBE });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/xml;charset=UTF-8');
    expect(headers['x-amzn-requestid']).toBe('r-1');
    expect(body).toContain('<requestId>r-1</requestId><vpcSet/>');
  });

  it.each(Object.entries(codes))('G-009 G-010 G-011 %s is status %i', async (code, status) => {
    const response = await send({ body: `Action=DeleteVpc&VpcId=${code}` });
    expect(response.status).toBe(status);
    expect(codeIn(response)).toBe(code);
  });

  it('G-010 a defect is InternalError 500, is told, and does not leak', async () => {
    defects.length = 0;
    const response = await send({ body: 'Action=CreateVpc' });
    expect(response.status).toBe(500);
    expect(codeIn(response)).toBe('InternalError');
    expect(response.body).not.toContain('secret');
    expect(defects).toEqual([new TypeError('a bug with a secret')]);
  });

  it('a service that is not built is refused in XML', async () => {
    const headers = signedBy('AKIAEXAMPLE', 'eu-west-1', 'iam');
    const response = await send({ headers, body: 'Action=ListRoles&Version=2010-05-08' });
    expect(response.status).toBe(400);
    expect(codeIn(response)).toBe('UnsupportedOperation');
    expect(response.body).toMatch(/^<ErrorResponse>.*iam/);
  });

  it.each([
    {
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'content-type': 'application/x-amz-json-1.0',
    },
    { ...signedBy('AKIAEXAMPLE', 'eu-west-1', 'ram'), 'content-type': 'application/json' },
  ])('a service that speaks JSON is refused in JSON: %j', async (headers) => {
    const response = await send({ headers, body: '{"a": 1}' });
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toContain('json');
    expect(JSON.parse(response.body)).toMatchObject({ __type: 'UnsupportedOperation' });
  });

  it.each([
    [{ url: '/?a=%' }, 400, 'MalformedQueryString'],
    [{ body: 'a=1&a=2' }, 400, 'InvalidQueryParameter'],
    [{ url: '/?Action=DeleteVpc', body: 'Action=DescribeVpcs' }, 400, 'InvalidQueryParameter'],
    [{ body: 'x'.repeat(BODY_BYTES_MAX + 1) }, 413, 'RequestEntityTooLarge'],
    [{ method: 'GET', url: '/index.html' }, 400, 'MissingAction'],
    [{ method: 'PUT', url: '/', body: '<xml/>' }, 400, 'MissingAction'],
    [{ headers: { authorization: 'Basic eDp5' }, body: 'Action=No' }, 400, 'InvalidAction'],
  ])('%# an odd request is refused in XML', async (sent: Sent, status, code) => {
    const response = await send(sent);
    expect(response.status).toBe(status);
    expect(codeIn(response)).toBe(code);
    expect(response.headers['content-type']).toContain('text/xml');
  });

  it('G-010 any request is answered in XML or JSON, and none is a defect', async () => {
    const found = defects.length;
    const words = fc.constantFrom(
      'Action',
      'DescribeVpcs',
      'Version',
      '2016-11-15',
      '=',
      '&',
      '%',
      '.',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words).map((list) => list.join('')),
    );
    const authorization = fc.oneof(
      text,
      text.map((rest) => signedBy(rest, rest, rest).authorization),
    );
    const property = fc.asyncProperty(text, authorization, text, async (query, header, body) => {
      const response = await send({ url: `/?${query}`, headers: { authorization: header }, body });
      expect(response.status).toBeLessThan(500);
      expect(response.body).toMatch(/^<(\?xml|ErrorResponse)/);
    });
    await fc.assert(property, { numRuns: 1000 });
    expect(defects).toHaveLength(found);
  });
});
