import { describe, expect, it } from 'vitest';
import { awsError } from '../model/error.ts';
import { createDispatcher, protocolOf } from './dispatch.ts';
import { loadModel } from './protocol/model.ts';
import { WireRequest } from './protocol/protocol.ts';
import type { AnyHandler, Call, Caller } from './service.ts';

const caller: Caller = {
  account: '111111111111',
  region: 'us-east-1',
  accessKeyId: '111111111111',
  service: 'ec2',
  arn: 'arn:aws:iam::111111111111:root',
  userId: '111111111111',
};

const calls: Call<object, string>[] = [];
const handlers: Readonly<Record<string, AnyHandler<string>>> = {
  DescribeVpcs: (call) => {
    calls.push(call);
    return { Vpcs: [] };
  },
  DeleteVpc: ({ input }: Call<{ VpcId: string }, string>) => {
    throw awsError('InvalidVpcID.NotFound', `The vpc ID '${input.VpcId}' does not exist`);
  },
};
const model = loadModel('ec2');
const dispatch = createDispatcher({ model, handlers }, protocolOf(model));

async function run(query: string): Promise<string> {
  const http = { method: 'POST', url: '/', headers: {}, body: Buffer.from(query) };
  const request = new WireRequest(http);
  return (await dispatch(request, { caller, cloud: 'cloud', requestId: 'r-1' })).body;
}

describe('the order of errors', () => {
  it.each([
    ['Version=1999-01-01&Bogus=1', 'MissingAction'],
    ['Action=&Version=2016-11-15', 'MissingAction'],
    ['Action=MakeVpc&Version=1999-01-01&Bogus=1', 'InvalidAction'],
    ['Action=toString&Version=2016-11-15', 'InvalidAction'],
    ['Action=__proto__&Version=2016-11-15', 'InvalidAction'],
    ['Action=CreateImage&Version=1999-01-01&Bogus=1', 'NoSuchVersion'],
    ['Action=CreateImage&Version=2016-11-15&Bogus=1', 'UnsupportedOperation'],
    ['Action=DeleteVpc&Version=2016-11-15&Bogus=1', 'UnknownParameter'],
    ['Action=DeleteVpc&Version=2016-11-15&DryRun=x', 'MissingParameter'],
    ['Action=DeleteVpc&Version=2016-11-15&DryRun=x&VpcId=v', 'InvalidParameterValue'],
    ['Action=DeleteVpc&Version=2016-11-15&DryRun=true&VpcId=v', 'InvalidVpcID.NotFound'],
    ['Action=DescribeVpcs&Version=2016-11-15&DryRun=true', 'DryRunOperation'],
  ])('G-014 G-015 G-029 %s is %s', async (query, code) => {
    await expect(run(query)).rejects.toMatchObject({ code });
  });

  it('G-014 names what is wrong', async () => {
    await expect(run('Action=MakeVpc')).rejects.toThrow(
      'The action MakeVpc is not valid for this web service.',
    );
    await expect(run('Action=CreateVpc&Version=2010-01-01')).rejects.toThrow('2010-01-01');
    await expect(run('Action=CreateImage')).rejects.toThrow('CreateImage');
  });
});

describe('a call', () => {
  it('gives the handler who calls, what is asked and where', async () => {
    calls.length = 0;
    await run('Action=DescribeVpcs&VpcId.1=vpc-1');
    expect(calls).toEqual([
      { input: { VpcIds: ['vpc-1'] }, caller, cloud: 'cloud', requestId: 'r-1', dryRun: false },
    ]);
  });

  it('G-028 a dry run of what only reads runs, then says that it would have succeeded', async () => {
    calls.length = 0;
    await expect(run('Action=DescribeVpcs&DryRun=true')).rejects.toMatchObject({
      code: 'DryRunOperation',
      status: 412,
      message: 'Request would have succeeded, but DryRun flag is set.',
    });
    expect(calls).toMatchObject([{ dryRun: true }]);
  });

  it('a signature in the query is no parameter of the operation', async () => {
    const signed = 'X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Date=c&X-Amz-SignedHeaders=host';
    const body = await run(`Action=DescribeVpcs&${signed}&X-Amz-Signature=d&X-Amz-Expires=60`);
    expect(body).toContain('<vpcSet/>');
  });
});
