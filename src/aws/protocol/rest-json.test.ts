import { describe, expect, it } from 'vitest';
import { awsError } from '../../model/error.ts';
import type { HttpRequest } from '../http.ts';
import { loadModel } from './model.ts';
import { WireRequest } from './protocol.ts';
import { createRestJsonProtocol } from './rest-json.ts';

const protocol = createRestJsonProtocol(loadModel('ram'));

function request(method: string, url: string, body = ''): WireRequest {
  const http: HttpRequest = { method, url, headers: {}, body: Buffer.from(body) };
  return new WireRequest(http);
}

describe('a method and a path', () => {
  it.each([
    ['POST', '/createresourceshare', 'CreateResourceShare'],
    ['POST', '/createresourceshare?X-Amz-Date=1', 'CreateResourceShare'],
    ['DELETE', '/deleteresourceshare?resourceShareArn=a', 'DeleteResourceShare'],
  ])('%s %s is an operation', (method, url, operation) => {
    expect(protocol.nameOf(request(method, url))).toBe(operation);
    expect(protocol.operationOf(request(method, url))).toBe(operation);
  });

  it.each([
    ['GET', '/createresourceshare'],
    ['POST', '/deleteresourceshare'],
    ['POST', '/CreateResourceShare'],
    ['POST', '/createresourceshare/'],
    ['POST', '/'],
    ['POST', '/__proto__'],
    ['constructor', ''],
    ['POST', `/${'x'.repeat(5000)}`],
  ])('G-014 %s %s is none', (method, url) => {
    expect(protocol.nameOf(request(method, url))).toBeUndefined();
    expect(() => protocol.operationOf(request(method, url))).toThrow(
      expect.objectContaining({ code: 'InvalidAction', status: 400 }),
    );
  });
});

describe('answers', () => {
  it('are JSON that names its request', () => {
    expect(protocol.answer('DeleteResourceShare', { returnValue: true }, 'r-1')).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': 'r-1' },
      body: '{"returnValue":true}',
    });
  });

  it.each([
    // As a command throws it; as the client is told it; the status that the model has.
    ['UnknownResourceException', 'UnknownResourceException', 400],
    ['TagLimitExceeded', 'TagLimitExceededException', 400],
    ['IdempotentParameterMismatch', 'IdempotentParameterMismatchException', 400],
    ['InternalError', 'ServerInternalException', 500],
    ['ThrottlingException', 'ThrottlingException', 429],
    ['UnsupportedOperation', 'UnsupportedOperation', 400],
    ['SerializationException', 'SerializationException', 400],
    ['constructor', 'constructor', 400],
  ])('%s is told as %s, status %i', (thrown, code, status) => {
    const error = protocol.spell(awsError(thrown, 'why "not"'));
    expect(error).toMatchObject({ code, status, message: 'why "not"' });
    expect(protocol.refuse(error, 'r-1')).toEqual({
      status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': 'r-1',
        'x-amzn-errortype': code,
      },
      body: '{"message":"why \\"not\\""}',
    });
  });
});
