import { describe, expect, it } from 'vitest';
import { awsError } from '../../model/error.ts';
import type { HttpRequest } from '../http.ts';
import { createAwsJsonProtocol } from './aws-json.ts';
import { loadModel } from './model.ts';
import { WireRequest } from './protocol.ts';

const protocol = createAwsJsonProtocol(loadModel('directconnect'));

function request(target: string | undefined, body = ''): WireRequest {
  const headers = target === undefined ? {} : { 'x-amz-target': target };
  const http: HttpRequest = { method: 'POST', url: '/', headers, body: Buffer.from(body) };
  return new WireRequest(http);
}

describe('a header', () => {
  it('H-075 names the service and its operation', () => {
    const wire = request('OvertureService.DescribeConnections', '{"connectionId":"dxcon-1"}');
    expect(protocol.nameOf(wire)).toBe('DescribeConnections');
    expect(protocol.operationOf(wire)).toBe('DescribeConnections');
    expect(protocol.inputOf('DescribeConnections', wire)).toEqual({ connectionId: 'dxcon-1' });
  });

  it.each([
    undefined,
    '',
    'DescribeConnections',
    'OvertureService',
    'OvertureService.',
    'OvertureService.CreateVpc',
    'OvertureService.__proto__',
    'OvertureService.DescribeConnections.x',
    'DynamoDB_20120810.DescribeConnections',
  ])('G-014 %s is no operation', (target) => {
    expect(protocol.nameOf(request(target))).toBeUndefined();
    expect(() => protocol.operationOf(request(target))).toThrow(
      expect.objectContaining({ code: 'InvalidAction', status: 400 }),
    );
  });
});

describe('answers', () => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r-1' };

  it('H-075 are JSON with members in lower camel case', () => {
    expect(protocol.answer('DescribeTags', { resourceTags: [] }, 'r-1')).toEqual({
      status: 200,
      headers,
      body: '{"resourceTags":[]}',
    });
  });

  it.each([
    // As it is thrown; as the client is told it; the status that the model has.
    ['DirectConnectClientException', 400, 'DirectConnectClientException', 400],
    ['InvalidVpnGatewayID.NotFound', 400, 'DirectConnectClientException', 400],
    ['ValidationException', 400, 'DirectConnectClientException', 400],
    ['UnsupportedOperation', 400, 'DirectConnectClientException', 400],
    ['constructor', 400, 'DirectConnectClientException', 400],
    ['TagLimitExceeded', 400, 'TooManyTagsException', 400],
    ['DuplicateTagKeysException', 400, 'DuplicateTagKeysException', 400],
    ['InternalError', 500, 'DirectConnectServerException', 500],
    ['SerializationException', 400, 'SerializationException', 400],
    ['InvalidAction', 400, 'InvalidAction', 400],
    ['InvalidSignatureException', 403, 'InvalidSignatureException', 403],
  ])('H-076 %s, %i, is told as %s, %i', (thrown, status, code, told) => {
    const error = protocol.spell(awsError(thrown, 'why "not"', status));
    expect(error).toMatchObject({ code, status: told, message: 'why "not"' });
    expect(protocol.refuse(error, 'r-1')).toEqual({
      status: told,
      headers,
      body: `{"__type":"${code}","message":"why \\"not\\""}`,
    });
  });
});
